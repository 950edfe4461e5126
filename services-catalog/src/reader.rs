//! Reading TOML tables key by key, collecting every finding with its line instead of stopping at the first.
//! Invariant: a key that nobody asked for is a finding (with the nearest known key), so that a typing error never
//! silently switches something off.

use crate::finding::{Finding, nearest, one_of};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// One file being read, and what was found in it so far.
pub(crate) struct File<'a> {
    path: &'a str,
    text: &'a str,
    findings: RefCell<Vec<Finding>>,
}

impl<'a> File<'a> {
    pub(crate) fn new(path: &'a str, text: &'a str) -> Self {
        Self { path, text, findings: RefCell::new(Vec::new()) }
    }

    /// Parses the whole file; syntax errors are findings, what could be read is still given.
    pub(crate) fn parse(&self) -> Spanned<DeTable<'a>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            self.find(span, error.message().to_owned(), "mend the TOML here: key = value, text in \"quotes\"");
        }
        table
    }

    pub(crate) fn find(&self, span: Range<usize>, what: impl Into<String>, hint: impl Into<String>) {
        let start = span.start.min(self.text.len());
        let line = self.text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count() + 1;
        let finding = Finding { file: self.path.to_owned(), line, what: what.into(), hint: hint.into() };
        self.findings.borrow_mut().push(finding);
    }

    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.findings.into_inner()
    }
}

/// One table of a file. Ask for its keys, then `finish`.
pub(crate) struct Table<'f, 'a> {
    file: &'f File<'a>,
    name: String,
    span: Range<usize>,
    table: &'f DeTable<'a>,
    asked: RefCell<BTreeSet<String>>,
}

impl<'f, 'a> Table<'f, 'a> {
    pub(crate) fn new(file: &'f File<'a>, name: impl Into<String>, span: Range<usize>, table: &'f DeTable<'a>) -> Self {
        Self { file, name: name.into(), span, table, asked: RefCell::new(BTreeSet::new()) }
    }

    /// Where this table begins.
    pub(crate) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    pub(crate) fn file(&self) -> &'f File<'a> {
        self.file
    }

    /// The value of a key as it stands, with its place.
    pub(crate) fn value(&self, key: &str) -> Option<&'f Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().insert(key.to_owned());
        self.table.get(key)
    }

    fn missing(&self, key: &str, example: &str) {
        self.file.find(self.span(), format!("{} has no `{key}`", self.name), format!("add a line: {key} = {example}"));
    }

    fn wrong(&self, key: &str, found: &Spanned<DeValue<'_>>, wanted: &str) {
        let what = format!("`{key}` is {}, not {wanted}", found.get_ref().type_str());
        self.file.find(found.span(), what, format!("write {wanted}"));
    }

    /// A text that may be left out.
    pub(crate) fn optional_text(&self, key: &str) -> Option<(String, Range<usize>)> {
        let found = self.value(key)?;
        match found.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => Some((text.to_owned(), found.span())),
            Some(_) => {
                self.file.find(found.span(), format!("`{key}` is empty"), "write something, or leave the line out");
                None
            }
            None => {
                self.wrong(key, found, "a text in quotes");
                None
            }
        }
    }

    /// A text that must be there.
    pub(crate) fn text(&self, key: &str) -> Option<(String, Range<usize>)> {
        if self.value(key).is_none() {
            self.missing(key, "\"…\"");
            return None;
        }
        self.optional_text(key)
    }

    /// A text that is one of a list of words.
    pub(crate) fn word<T: Copy>(&self, key: &str, known: &[(&str, T)]) -> Option<T> {
        let (word, span) = self.text(key)?;
        self.known_word(key, &word, span, known)
    }

    /// A word of a list, or `default` when left out.
    pub(crate) fn word_or<T: Copy>(&self, key: &str, known: &[(&str, T)], default: T) -> T {
        match self.optional_text(key) {
            Some((word, span)) => self.known_word(key, &word, span, known).unwrap_or(default),
            None => default,
        }
    }

    fn known_word<T: Copy>(&self, key: &str, word: &str, span: Range<usize>, known: &[(&str, T)]) -> Option<T> {
        let found = known.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            self.file.find(span, format!("`{key}` cannot be `{word}`"), one_of(word, &names));
        }
        found
    }

    /// A whole number, when there.
    pub(crate) fn optional_number<T: TryFrom<i64>>(&self, key: &str) -> Option<T> {
        let found = self.value(key)?;
        let number = found
            .get_ref()
            .as_integer()
            .and_then(|integer| i64::from_str_radix(integer.as_str(), integer.radix()).ok())
            .and_then(|number| T::try_from(number).ok());
        if number.is_none() {
            self.wrong(key, found, "a whole number in range");
        }
        number
    }

    /// A whole number that must be there.
    pub(crate) fn number<T: TryFrom<i64>>(&self, key: &str) -> Option<T> {
        if self.value(key).is_none() {
            self.missing(key, "1");
            return None;
        }
        self.optional_number(key)
    }

    /// Yes or no; left out = `default`.
    pub(crate) fn flag_or(&self, key: &str, default: bool) -> bool {
        let Some(found) = self.value(key) else { return default };
        found.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong(key, found, "true or false");
            default
        })
    }

    /// A list of texts with their places; left out = empty.
    pub(crate) fn texts(&self, key: &str) -> Vec<(String, Range<usize>)> {
        let Some(found) = self.value(key) else { return Vec::new() };
        let Some(array) = found.get_ref().as_array() else {
            self.wrong(key, found, "a list of texts: [\"…\", \"…\"]");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for item in array.iter() {
            match item.get_ref().as_str() {
                Some(text) => texts.push((text.to_owned(), item.span())),
                None => self.wrong(key, item, "a text in quotes"),
            }
        }
        texts
    }

    /// A table inside this one.
    pub(crate) fn table(&self, key: &str) -> Option<Table<'f, 'a>> {
        let found = self.value(key)?;
        match found.get_ref().as_table() {
            Some(table) => Some(Table::new(self.file, format!("[{key}]"), found.span(), table)),
            None => {
                self.wrong(key, found, "a table");
                None
            }
        }
    }

    /// The tables of `[[key]]`; left out = none.
    pub(crate) fn tables(&self, key: &str) -> Vec<Table<'f, 'a>> {
        let Some(found) = self.value(key) else { return Vec::new() };
        let Some(array) = found.get_ref().as_array() else {
            self.wrong(key, found, &format!("a list of tables: [[{key}]]"));
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in array.iter() {
            match item.get_ref().as_table() {
                Some(table) => tables.push(Table::new(self.file, format!("[[{key}]]"), item.span(), table)),
                None => self.wrong(key, item, "a table"),
            }
        }
        tables
    }

    /// All keys with their values, for tables whose keys are free (answers, facts, texts).
    pub(crate) fn entries(&self) -> Vec<(String, &'f Spanned<DeValue<'a>>, Range<usize>)> {
        self.table
            .iter()
            .map(|(key, value)| {
                self.asked.borrow_mut().insert(key.get_ref().to_string());
                (key.get_ref().to_string(), value, key.span())
            })
            .collect()
    }

    /// Reports keys that nobody asked for.
    pub(crate) fn finish(self) {
        let asked = self.asked.borrow();
        for key in self.table.keys() {
            let name = key.get_ref().as_ref();
            if !asked.contains(name) {
                let hint = match nearest(name, asked.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => {
                        format!("take it away; known here: {}", asked.iter().cloned().collect::<Vec<_>>().join(", "))
                    }
                };
                self.file.find(key.span(), format!("{} does not know `{name}`", self.name), hint);
            }
        }
    }
}
