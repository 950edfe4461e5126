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

/// A path as a shell takes it back: in quotes when it must be.
pub fn shell(path: &std::path::Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+,:@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// Minutes as the clock on the wall says them: the office's people live by Beijing time (UTC+8, no summer time).
pub fn minute(at: jiff::Timestamp) -> String {
    format!("{} (Beijing time)", jiff::tz::offset(8).to_datetime(at).strftime("%Y-%m-%d %H:%M"))
}

/// The day of it.
pub fn day(at: jiff::Timestamp) -> jiff::civil::Date {
    jiff::tz::offset(8).to_datetime(at).date()
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
    use super::*;

    #[test]
    fn a_path_comes_back_from_a_shell_as_it_was() {
        assert_eq!(shell("bureau/云桥-1".as_ref()), "bureau/云桥-1");
        assert_eq!(shell("my bureau's".as_ref()), r"'my bureau'\''s'");
    }

    #[test]
    fn a_moment_is_said_by_the_clock_on_the_wall() {
        let at = "2026-11-24T05:05:53.558953806Z".parse().unwrap();
        assert_eq!(minute(at), "2026-11-24 13:05 (Beijing time)");
        assert_eq!(day("2026-11-24T16:00:00Z".parse().unwrap()).to_string(), "2026-11-25");
    }

    #[test]
    fn chinese_counts_two_columns() {
        let text = table(&["a", "b"], &[vec!["无犯罪".into(), "x".into()], vec!["1".into(), "y".into()]]);
        assert_eq!(text, "a       b\n无犯罪  x\n1       y\n");
    }
}
