//! `yimenctl report ratings`: what people said of the service they got, in sums.

use crate::failure::Failure;
use crate::office_client::{Reach, text};
use crate::output::{Output, table};
use serde_json::Value;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// First day, e.g. 2026-01-01; the first of January when absent.
    #[arg(long)]
    from: Option<jiff::civil::Date>,
    /// Last day; today when absent.
    #[arg(long)]
    until: Option<jiff::civil::Date>,
    #[command(flatten)]
    reach: Reach,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let days = [("from", arguments.from), ("until", arguments.until)];
    let query: Vec<(&str, String)> =
        days.into_iter().filter_map(|(name, day)| Some((name, day?.to_string()))).collect();
    let answer = arguments.reach.connect()?.get("/v1/report/ratings", &query)?;
    output.show(&answer, || {
        let rows: Vec<Vec<String>> = answer["rows"]
            .as_array()
            .into_iter()
            .flatten()
            .chain(answer["total"].as_object().map(|_| &answer["total"]))
            .map(cells)
            .collect();
        if rows.is_empty() { "Nobody has said anything.".to_owned() } else { table(&HEADING, &rows) }
    });
    Ok(())
}

const HEADING: [&str; 8] = ["事项", "人数", "平均", "很不好", "不好", "一般", "好", "很好"];

fn cells(row: &Value) -> Vec<String> {
    let stars = row["stars"].as_array().into_iter().flatten().map(Value::to_string);
    [text(row, "item"), text(row, "count"), text(row, "average")].into_iter().chain(stars).collect()
}
