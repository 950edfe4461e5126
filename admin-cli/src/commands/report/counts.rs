//! A table of counts as CSV: a column for the item, one for the count, and one for the year before (or the difference to it).
//! Invariant: every wrong line is named with its number, all at once; nothing is guessed.

use crate::failure::Failure;
use domain::volume::Volume;
use std::path::Path;

/// One line of a report.
pub struct Counted {
    /// What was counted.
    pub item: String,
    /// The figures.
    pub volume: Volume,
}

/// The column headings understood, Chinese first as stations write them.
const ITEM: [&str; 3] = ["事项", "item", "service"];
const COUNT: [&str; 3] = ["办件量", "本期", "count"];
const BASE: [&str; 3] = ["上年同期", "base", "before"];
const DELTA: [&str; 3] = ["同比增减", "增减", "delta"];

/// Reads the file.
///
/// # Errors
/// [`Failure::Usage`] with every wrong line.
pub fn read(path: &Path) -> Result<Vec<Counted>, Failure> {
    let usage = |text: String| Failure::Usage(format!("{}: {text}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| usage(error.to_string()))?;
    // A spreadsheet puts a byte order mark before the first heading.
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headings = reader.headers().map_err(|error| usage(error.to_string()))?.clone();
    let column = |names: &[&str]| headings.iter().position(|heading| names.contains(&heading));
    let missing = |names: &[&str]| usage(format!("no column is headed {}", names.join(" or ")));
    let item = column(&ITEM).ok_or_else(|| missing(&ITEM))?;
    let count = column(&COUNT).ok_or_else(|| missing(&COUNT))?;
    let before = match (column(&BASE), column(&DELTA)) {
        (Some(base), _) => Before::Base(base),
        (None, Some(delta)) => Before::Delta(delta),
        (None, None) => return Err(missing(&[BASE, DELTA].concat())),
    };
    let (mut counted, mut wrong) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record.map_err(|error| usage(error.to_string()))?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |at: usize| record.get(at).unwrap_or_default();
        match volume(cell(count), before, cell) {
            Ok(volume) if !cell(item).is_empty() => counted.push(Counted { item: cell(item).to_owned(), volume }),
            Ok(_) => wrong.push(format!("line {line}: no item is named")),
            Err(why) => wrong.push(format!("line {line}: {why}")),
        }
    }
    if wrong.is_empty() { Ok(counted) } else { Err(usage(format!("\n  {}", wrong.join("\n  ")))) }
}

#[derive(Clone, Copy)]
enum Before {
    Base(usize),
    Delta(usize),
}

fn volume<'a>(count: &str, before: Before, cell: impl Fn(usize) -> &'a str) -> Result<Volume, String> {
    let plain = |text: &str| text.replace([',', '，', ' '], "");
    let whole = |text: &str| plain(text).parse::<u64>().map_err(|_| format!("`{text}` is no whole number"));
    let count = whole(count)?;
    match before {
        Before::Base(at) => Ok(Volume { count, base: whole(cell(at))? }),
        Before::Delta(at) => {
            let text = cell(at);
            let delta: i64 = plain(text).parse().map_err(|_| format!("`{text}` is no whole number"))?;
            Volume::from_delta(count, delta).ok_or_else(|| {
                format!("{count} with a difference of {delta} would mean fewer than none the year before")
            })
        }
    }
}
