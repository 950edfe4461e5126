//! `texts.<lang>.toml`: flat keys of one service to words. Keys by convention, see `domain::service`.

use crate::reader::{File, Table};
use domain::service::{FieldKind, Output, Service};
use std::collections::{BTreeMap, BTreeSet};

/// Languages every service must have.
pub const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

/// One service in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts(BTreeMap<String, String>);

impl Texts {
    /// The words of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Reads the file: quoted flat keys, or tables that are joined by dots.
    pub(crate) fn read(file: &File<'_>) -> Self {
        let parsed = file.parse();
        let mut texts = BTreeMap::new();
        flatten(&Table::new(file, "texts", 0..0, parsed.get_ref()), "", &mut texts);
        Self(texts)
    }

    /// Compares with what the service needs: missing and superfluous keys.
    pub(crate) fn check(&self, file: &File<'_>, service: &Service) {
        let (needed, allowed) = keys(service);
        for key in needed.iter().filter(|key| !self.0.contains_key(*key)) {
            file.find(0..0, format!("`{key}` is missing"), format!("add \"{key}\" = \"…\""));
        }
        for key in self.0.keys().filter(|key| !needed.contains(*key) && !allowed.contains(*key)) {
            let near = crate::finding::nearest(key, needed.iter().chain(&allowed).map(String::as_str));
            let hint = near.map_or("take it away".to_owned(), |near| format!("did you mean `{near}`?"));
            file.find(self.place(file, key), format!("nothing uses `{key}`"), hint);
        }
    }

    fn place(&self, file: &File<'_>, key: &str) -> std::ops::Range<usize> {
        let last = key.rsplit('.').next().unwrap_or(key);
        let at = file.text().find(&format!("\"{key}\"")).or_else(|| file.text().find(last)).unwrap_or(0);
        at..at
    }
}

fn flatten(table: &Table<'_, '_>, prefix: &str, texts: &mut BTreeMap<String, String>) {
    for (key, value, span) in table.entries() {
        let name = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
        if let Some(text) = value.get_ref().as_str() {
            if text.trim().is_empty() {
                table.file().find(span, format!("`{name}` is empty"), "write the words");
            }
            texts.insert(name, text.trim().to_owned());
        } else if let Some(inner) = value.get_ref().as_table() {
            flatten(&Table::new(table.file(), name.clone(), value.span(), inner), &name, texts);
        } else {
            table.file().find(span, format!("`{name}` is no text"), "write a text in quotes");
        }
    }
}

/// Keys that must be there, and keys that may be.
fn keys(service: &Service) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut needed: BTreeSet<String> =
        ["name", "summary", "keywords", "who", "output", "credential", "notice", "consent", "submit", "next"]
            .map(str::to_owned)
            .into();
    let mut allowed: BTreeSet<String> = BTreeSet::new();
    if matches!(service.output, Output::Collection { .. }) {
        needed.insert("collect".to_owned());
    }
    for step in &service.steps {
        needed.insert(format!("step.{}", step.id));
        for field in &step.fields {
            field_keys(field, &mut needed, &mut allowed);
        }
    }
    for material in &service.materials {
        needed.insert(format!("material.{}", material.id));
        allowed.insert(format!("material.{}.note", material.id));
    }
    for rule in &service.eligibility {
        if rule.then != domain::service::EligibilityEffect::Yes {
            needed.insert(format!("rule.{}", rule.id));
            needed.insert(format!("rule.{}.where", rule.id));
        }
    }
    (needed, allowed)
}

fn field_keys(field: &domain::service::Field, needed: &mut BTreeSet<String>, allowed: &mut BTreeSet<String>) {
    let id = &field.id;
    needed.insert(format!("field.{id}"));
    allowed.extend(["hint", "help", "paper"].map(|part| format!("field.{id}.{part}")));
    match &field.kind {
        FieldKind::Choice { options, .. } => {
            needed.extend(options.iter().map(|option| format!("field.{id}.{option}")));
            allowed.extend(options.iter().map(|option| format!("field.{id}.{option}.line")));
        }
        FieldKind::Declaration => {
            needed.insert(format!("field.{id}.statement"));
        }
        // What the resident reads tells what to do; papers and letters need a name.
        FieldKind::Photo { .. } | FieldKind::Signature => {
            needed.insert(format!("field.{id}.paper"));
        }
        FieldKind::Group { fields } => fields.iter().for_each(|field| field_keys(field, needed, allowed)),
        FieldKind::Text { .. }
        | FieldKind::PersonName
        | FieldKind::Number { .. }
        | FieldKind::Phone { .. }
        | FieldKind::Date { .. }
        | FieldKind::Address
        | FieldKind::Document { .. } => {}
    }
}
