//! What goes to stdout: words and aligned tables for people, JSON for machines.
//! Invariant: Chinese characters count two columns, so that tables stay aligned.

use crate::failure::Failure;
use std::io::Write as _;
use unicode_width::UnicodeWidthStr as _;

/// How to print.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    /// JSON instead of words.
    pub json: bool,
}

impl Output {
    /// Prints `value` as JSON, or else the words. A closed pipe is not an error worth words.
    pub fn show(self, value: &serde_json::Value, words: impl FnOnce() -> String) {
        let text = if self.json { value.to_string() } else { words() };
        let _ = writeln!(std::io::stdout(), "{}", text.trim_end());
    }

    /// Prints a failure: words on stderr, with `--json` also an object on stdout.
    pub fn failure(self, failure: &Failure) {
        if matches!(failure, Failure::Told) {
            return;
        }
        if self.json {
            let error =
                serde_json::json!({ "ok": false, "exit_code": failure.exit_code(), "error": failure.to_string() });
            let _ = writeln!(std::io::stdout(), "{error}");
        }
        let _ = writeln!(std::io::stderr(), "yimenctl: {failure}");
    }
}

/// Rows under a heading, columns aligned by width on a terminal.
pub fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    let heading: Vec<String> = heading.iter().map(|&text| text.to_owned()).collect();
    let all: Vec<&Vec<String>> = std::iter::once(&heading).chain(rows).collect();
    let widths: Vec<usize> = (0..heading.len())
        .map(|column| all.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for row in all {
        for (cell, width) in row.iter().zip(&widths) {
            text.push_str(cell);
            text.push_str(&" ".repeat(width - cell.width() + 2));
        }
        text.truncate(text.trim_end_matches(' ').len());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn chinese_counts_two_columns() {
        let text = table(&["a", "b"], &[vec!["无犯罪".into(), "x".into()], vec!["1".into(), "y".into()]]);
        assert_eq!(text, "a       b\n无犯罪  x\n1       y\n");
    }
}
