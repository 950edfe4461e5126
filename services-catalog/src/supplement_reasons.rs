//! `tables/supplement-reasons.toml`: why something must be supplemented, as an officer picks it and as the resident reads it.
//! Invariants: every code is there once; a catalogue without the table has no ready-made reasons, which stops nobody.

use crate::reader::{File, Table};
use std::collections::BTreeSet;

/// What a reason is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// A material.
    Paper,
    /// A portrait.
    Photo,
    /// A signature.
    Signature,
    /// A line of the form.
    Field,
    /// Anything.
    Any,
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupplementReason {
    /// Three digits, for the officer only.
    pub code: String,
    /// What it is about.
    pub about: About,
    /// On the officer's list.
    pub label: String,
    /// Initials of the label, small letters.
    pub pinyin: String,
    /// What the resident reads; `{title}` stands for the paper's name.
    pub words: String,
}

const ABOUT: [(&str, About); 5] = [
    ("paper", About::Paper),
    ("photo", About::Photo),
    ("signature", About::Signature),
    ("field", About::Field),
    ("any", About::Any),
];

/// Reads `[[reason]]`.
pub(crate) fn read(file: &File<'_>) -> Vec<SupplementReason> {
    let parsed = file.parse();
    let top = Table::new(file, "the file", 0..0, parsed.get_ref());
    let (mut list, mut codes) = (Vec::new(), BTreeSet::new());
    for table in top.tables("reason") {
        if let Some(reason) = reason(&table) {
            if !codes.insert(reason.code.clone()) {
                let hint = "every reason has a code of its own";
                file.find(table.span(), format!("code `{}` is there twice", reason.code), hint);
            }
            list.push(reason);
        }
        table.finish();
    }
    top.finish();
    list
}

fn reason(table: &Table<'_, '_>) -> Option<SupplementReason> {
    let code = table.text("code");
    let about = table.word("for", &ABOUT);
    let label = table.text("label");
    let pinyin = table.text("pinyin");
    let words = table.text("words");
    if let Some((text, span)) = &code
        && (text.len() != 3 || !text.bytes().all(|b| b.is_ascii_digit()))
    {
        table.file().find(span.clone(), format!("`{text}` is no code"), "three digits, e.g. \"201\"");
    }
    Some(SupplementReason { code: code?.0, about: about?, label: label?.0, pinyin: pinyin?.0, words: words?.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_double_code_and_a_wrong_word_are_found_with_their_line() {
        let one =
            "[[reason]]\ncode = \"201\"\nfor = \"paper\"\nlabel = \"没有交\"\npinyin = \"myj\"\nwords = \"请带来。\"\n";
        let file = File::new("t", one);
        assert_eq!(read(&file).len(), 1);
        assert_eq!(file.into_findings().len(), 0);
        for planted in [format!("{one}{one}"), one.replace("paper", "papers"), one.replace("201", "2x1")] {
            let file = File::new("t", &planted);
            read(&file);
            assert_eq!(file.into_findings().len(), 1, "{planted}");
        }
    }
}
