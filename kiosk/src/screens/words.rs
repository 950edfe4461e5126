//! Words: the catalogue's texts and the chrome strings of every built-in language, asked in the language of one scene.
//! Invariants: a language nobody knows is answered in Chinese; a missing chrome key shows itself (tests look for that), a
//! missing text of a service is empty. Not here: which words stand where (the presenters).

use domain::form::FieldError;
use domain::ids::{BranchId, CategoryId, ServiceId};
use domain::service::Fee;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use services_catalog::Catalogue;
use std::collections::BTreeMap;
use std::sync::Arc;
use ui::Lang;
use ui::lang::{CODES, LoadError};

/// Everything that words come from; made once.
#[derive(Clone, Debug)]
pub struct Words {
    catalogue: Arc<Catalogue>,
    langs: Vec<Lang>,
    link_base: Option<String>,
    offset: Offset,
}

impl Words {
    /// Takes the catalogue and loads every built-in language.
    ///
    /// # Errors
    /// A built-in language file is broken.
    pub fn load(catalogue: Arc<Catalogue>) -> Result<Self, LoadError> {
        let langs = CODES.iter().map(|code| Lang::load(code)).collect::<Result<_, _>>()?;
        Ok(Self { catalogue, langs, link_base: None, offset: Offset::constant(8) })
    }

    /// Receipts then carry `<base>/r/<code>` as a QR code; without a base the code itself.
    #[must_use]
    pub fn with_link_base(mut self, base: &str) -> Self {
        self.link_base = Some(base.trim_end_matches('/').to_owned());
        self
    }

    /// Times are told at this offset; +08:00 when nothing is said.
    #[must_use]
    pub fn at_offset(mut self, offset: Offset) -> Self {
        self.offset = offset;
        self
    }

    /// The time of day and day of a moment.
    pub fn local(&self, at: Timestamp) -> DateTime {
        self.offset.to_datetime(at)
    }

    /// What a receipt's QR code says.
    pub fn link(&self, code: &str) -> String {
        self.link_base.as_ref().map_or_else(|| code.to_owned(), |base| format!("{base}/r/{code}"))
    }

    /// The services.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The words in one language.
    pub fn speak(&self, language: &str) -> Speech<'_> {
        let place = CODES.iter().position(|code| *code == language).unwrap_or(0);
        Speech { words: self, lang: &self.langs[place] }
    }
}

/// The words in one language.
#[derive(Clone, Copy, Debug)]
pub struct Speech<'a> {
    words: &'a Words,
    lang: &'a Lang,
}

impl<'a> Speech<'a> {
    /// The chrome strings.
    pub fn lang(&self) -> &'a Lang {
        self.lang
    }

    /// What the words come from.
    pub fn words(&self) -> &'a Words {
        self.words
    }

    /// A chrome string; an unknown key shows itself.
    pub fn text(&self, key: &str) -> String {
        self.lang.text(key).to_owned()
    }

    /// A chrome string, when there is one.
    pub fn find(&self, key: &str) -> Option<String> {
        let found = self.lang.text(key);
        (found != key).then(|| found.to_owned())
    }

    /// A chrome string with values.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.lang.fill(key, values)
    }

    /// A text of a service, empty when it has none.
    pub fn service(&self, service: &ServiceId, key: &str) -> String {
        self.words.catalogue.text(self.lang.code(), service, key).unwrap_or_default().to_owned()
    }

    /// A service's name.
    pub fn name(&self, service: &ServiceId) -> String {
        self.service(service, "name")
    }

    /// A category's name and line.
    pub fn category(&self, id: &CategoryId) -> (String, String, String) {
        let found = self.words.catalogue.categories().iter().find(|category| category.id == *id);
        found.map_or_else(
            || (String::new(), String::new(), String::new()),
            |category| (category.icon.clone(), self.pick(&category.name), self.pick(&category.line)),
        )
    }

    /// A branch's name.
    pub fn branch(&self, id: &BranchId) -> String {
        let found = self.words.catalogue.branches().iter().find(|branch| branch.id == *id);
        found.map(|branch| self.pick(&branch.name)).unwrap_or_default()
    }

    fn pick(&self, names: &BTreeMap<String, String>) -> String {
        names.get(self.lang.code()).or_else(|| names.get(CODES[0])).cloned().unwrap_or_default()
    }

    /// `11 月 22 日`.
    pub fn day(&self, date: Date) -> String {
        self.fill("date.day", &[("month", &date.month().to_string()), ("day", &date.day().to_string())])
    }

    /// `11 月 22 日 星期日`.
    pub fn weekday(&self, date: Date) -> String {
        let weekday = self.text(&format!("weekday.{}", date.weekday().to_monday_one_offset()));
        let (month, day) = (date.month().to_string(), date.day().to_string());
        self.fill("date.day-weekday", &[("month", &month), ("day", &day), ("weekday", &weekday)])
    }

    /// `2026 年 11 月 20 日`.
    pub fn full_date(&self, date: Date) -> String {
        let (year, month, day) = (date.year().to_string(), date.month().to_string(), date.day().to_string());
        self.fill("date.full", &[("year", &year), ("month", &month), ("day", &day)])
    }

    /// `11 月 22 日 14:31`.
    pub fn moment(&self, at: DateTime) -> String {
        format!("{} {}", self.day(at.date()), clock(at))
    }

    /// One price, or the least and the most: the keys of the two sentences.
    pub fn fee(&self, one: &str, range: &str, fee: &Fee) -> String {
        match fee.most {
            None => self.fill(one, &[("yuan", &fee.yuan.to_string())]),
            Some(most) => self.fill(range, &[("least", &fee.yuan.to_string()), ("most", &most.to_string())]),
        }
    }

    /// The words of a field's error: by what kind of answer it is (`choice`, `photo`, …), else plain.
    pub fn field_error(&self, error: &FieldError, kind: &str) -> String {
        let code = error.code();
        let key = format!("error.{code}-{kind}");
        let (min, max, date) = match error {
            FieldError::TooShort { min } => (min.to_string(), String::new(), String::new()),
            FieldError::TooLong { max } => (String::new(), max.to_string(), String::new()),
            FieldError::TooEarly { earliest } => (String::new(), String::new(), self.full_date(*earliest)),
            FieldError::TooLate { latest } => (String::new(), String::new(), self.full_date(*latest)),
            FieldError::Rule { rule, code } => return self.rule_error(rule.as_str(), code.as_str()),
            FieldError::Empty
            | FieldError::NotADay
            | FieldError::NoSuchOption
            | FieldError::WrongKind
            | FieldError::NotDeferrable => (String::new(), String::new(), String::new()),
        };
        let key = if self.find(&key).is_some() { key } else { format!("error.{code}") };
        self.fill(&key, &[("min", &min), ("max", &max), ("date", &date)])
    }

    /// The words of a rule's code: the rule's own, else those every rule shares.
    pub fn rule_error(&self, rule: &str, code: &str) -> String {
        self.find(&format!("error.{rule}.{code}")).unwrap_or_else(|| self.text(&format!("error.rule.{code}")))
    }
}

/// `14:31`.
pub(crate) fn clock(at: DateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}
