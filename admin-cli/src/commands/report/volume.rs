//! `yimenctl report volume`: counts beside the year before.
//! With `--json` one object: `{"rows":[{"item","count","base","delta","percent"}],"total":{…},"rounding"}`; `percent` is a
//! number with two decimals, or null without a base.

use super::counts::{self, Counted};
use crate::failure::Failure;
use crate::output::{Output, table};
use domain::volume::{ROUNDING_EN, ROUNDING_ZH, Volume};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// A CSV file with a column for the item (`事项` or `item`), the count (`办件量` or `count`), and the year before
    /// (`上年同期` or `base`) or the difference to it (`同比增减` or `delta`).
    #[arg(long)]
    counts: PathBuf,
    /// Print the table as CSV, for a spreadsheet.
    #[arg(long)]
    csv: bool,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let counted = counts::read(&arguments.counts)?;
    let total = total(&counted).ok_or_else(|| Failure::Refused("the counts are too large to add up".to_owned()))?;
    let rows: Vec<Value> = counted.iter().map(|line| row(&line.item, line.volume)).collect();
    let all = json!({ "rows": rows, "total": row("合计", total), "rounding": ROUNDING_EN });
    if arguments.csv && !output.json {
        let text = sheet(&counted, total).map_err(|error| Failure::Other(error.into()))?;
        output.show(&all, || text);
        return Ok(());
    }
    output.show(&all, || {
        let mut rows: Vec<Vec<String>> = counted.iter().map(|line| cells(&line.item, line.volume)).collect();
        rows.push(cells("合计", total));
        format!("{}\n{ROUNDING_ZH}", table(&HEADING, &rows))
    });
    Ok(())
}

const HEADING: [&str; 5] = ["事项", "本期", "上年同期", "增减", "增减百分比"];

fn total(counted: &[Counted]) -> Option<Volume> {
    counted.iter().try_fold(Volume { count: 0, base: 0 }, |all, line| {
        Some(Volume { count: all.count.checked_add(line.volume.count)?, base: all.base.checked_add(line.volume.base)? })
    })
}

fn row(item: &str, volume: Volume) -> Value {
    let delta = i64::try_from(volume.delta()).ok();
    json!({ "item": item, "count": volume.count, "base": volume.base, "delta": delta, "percent": volume.percent() })
}

fn cells(item: &str, volume: Volume) -> Vec<String> {
    let percent = volume.percent().map_or_else(|| "—".to_owned(), |percent| format!("{percent} %"));
    vec![item.to_owned(), volume.count.to_string(), volume.base.to_string(), format!("{:+}", volume.delta()), percent]
}

fn sheet(counted: &[Counted], total: Volume) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADING)?;
    for line in counted {
        writer.write_record(cells(&line.item, line.volume))?;
    }
    writer.write_record(cells("合计", total))?;
    writer.write_record([ROUNDING_ZH, "", "", "", ""])?;
    // A spreadsheet reads UTF-8 only behind a byte order mark.
    Ok(format!("\u{feff}{}", String::from_utf8(writer.into_inner()?)?))
}
