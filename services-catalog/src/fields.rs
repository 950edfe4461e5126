//! `[[step.field]]` into a `Field`. A kind that is not known is a finding: nothing falls back to free text.

use crate::finding::one_of;
use crate::reader::Table;
use crate::service_file::read_condition;
use domain::ids::{FieldId, MaterialId};
use domain::rules::RuleId;
use domain::service::{Field, FieldKind, TextInput};

const KINDS: [&str; 12] = [
    "text",
    "person-name",
    "number",
    "phone",
    "date",
    "choice",
    "address",
    "photo",
    "document",
    "signature",
    "declaration",
    "group",
];

/// Reads one field; groups may hold fields once (`outer`).
pub(crate) fn read(table: Table<'_, '_>, outer: bool) -> Option<Field> {
    let id = table.text("id");
    let kind = table.text("kind").and_then(|(word, span)| {
        let kind = read_kind(&table, &word, outer);
        if !KINDS.contains(&word.as_str()) {
            table.file().find(span, format!("`{word}` is no kind of field"), one_of(&word, &KINDS));
        }
        kind
    });
    let required = table.flag_or("required", true);
    let when = read_condition(&table, "when");
    let prefill = table.optional_text("prefill").map(|(text, _)| text);
    let locked = table.flag_or("locked", false);
    if locked && prefill.is_none() {
        table.file().find(
            table.span(),
            "a locked field needs `prefill`",
            "add prefill = \"person.name\", or unlock it",
        );
    }
    if kind.is_some() {
        table.finish();
    }
    Some(Field { id: FieldId::new(id?.0), kind: kind?, required, when, prefill, locked })
}

fn read_kind(table: &Table<'_, '_>, word: &str, outer: bool) -> Option<FieldKind> {
    Some(match word {
        "text" => FieldKind::Text {
            min: table.optional_number("min").unwrap_or(1),
            max: table.number("max")?,
            input: table.word_or("input", &TEXT_INPUTS, TextInput::Reason),
        },
        "person-name" => FieldKind::PersonName,
        "number" => FieldKind::Number { rule: read_rule(table)? },
        "phone" => FieldKind::Phone { landline: table.flag_or("landline", false) },
        "date" => FieldKind::Date {
            earliest_days: table.optional_number("earliest-days"),
            latest_days: table.optional_number("latest-days"),
        },
        "choice" => {
            let options: Vec<String> = table.texts("options").into_iter().map(|(text, _)| text).collect();
            if options.len() < 2 {
                table.file().find(table.span(), "a choice of fewer than two", "list at least two `options`");
            }
            FieldKind::Choice { options, multiple: table.flag_or("multiple", false) }
        }
        "address" => FieldKind::Address,
        "photo" => FieldKind::Photo { profile: table.text("profile")?.0 },
        "document" => FieldKind::Document {
            material: MaterialId::new(table.text("material")?.0),
            max_pages: table.optional_number("max-pages").unwrap_or(4),
        },
        "signature" => FieldKind::Signature,
        "declaration" => FieldKind::Declaration,
        "group" => read_group(table, outer)?,
        _ => return None,
    })
}

const TEXT_INPUTS: [(&str, TextInput); 4] = [
    ("reason", TextInput::Reason),
    ("place", TextInput::Place),
    ("latin", TextInput::Latin),
    ("digits", TextInput::Digits),
];

fn read_rule(table: &Table<'_, '_>) -> Option<RuleId> {
    let (name, span) = table.text("rule")?;
    let rule = name.parse().ok();
    if rule.is_none() {
        let known: Vec<&str> = RuleId::ALL.iter().map(|rule| rule.as_str()).collect();
        table.file().find(span, format!("no rule is called `{name}`"), one_of(&name, &known));
    }
    rule
}

fn read_group(table: &Table<'_, '_>, outer: bool) -> Option<FieldKind> {
    let inner = table.tables("field");
    if !outer {
        table.file().find(table.span(), "a group inside a group", "open it: one group is one page");
        return None;
    }
    let fields: Vec<Field> = inner.into_iter().filter_map(|field| read(field, false)).collect();
    for field in &fields {
        let picture = matches!(field.kind, FieldKind::Photo { .. } | FieldKind::Document { .. } | FieldKind::Signature);
        if picture {
            let what = format!("`{}` needs a page of its own", field.id);
            table.file().find(table.span(), what, "move it out of the group");
        }
    }
    if fields.is_empty() {
        table.file().find(table.span(), "an empty group", "add [[step.field.field]]");
    }
    Some(FieldKind::Group { fields })
}
