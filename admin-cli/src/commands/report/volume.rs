//! `yimenctl report volume`: counts beside the year before, from a table (`--counts`) or from the office.
//! With `--json` one object: `{"rows":[{"item","count","base","delta","percent"}],"total":{…},"rounding"}`; `percent` is a
//! number with two decimals, or null without a base; from the office also the days of both periods.

use super::counts::{self, Counted};
use crate::failure::Failure;
use crate::office_client::{Reach, text};
use crate::output::{Output, table};
use domain::volume::{ROUNDING_EN, ROUNDING_ZH, Volume};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// A CSV file with a column for the item (`事项` or `item`), the count (`办件量` or `count`), and the year before
    /// (`上年同期` or `base`) or the difference to it (`同比增减` or `delta`).
    /// Without it the office is asked.
    #[arg(long, conflicts_with_all = ["from", "until"])]
    counts: Option<PathBuf>,
    /// First day, e.g. 2026-01-01; the first of January when absent.
    #[arg(long)]
    from: Option<jiff::civil::Date>,
    /// Last day; today when absent.
    #[arg(long)]
    until: Option<jiff::civil::Date>,
    #[command(flatten)]
    reach: Reach,
    /// Print the table as CSV, for a spreadsheet.
    #[arg(long)]
    csv: bool,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let (counted, period) = match &arguments.counts {
        Some(path) => (counts::read(path)?, None),
        None => asked(&arguments)?,
    };
    let total = total(&counted).ok_or_else(|| Failure::Refused("the counts are too large to add up".to_owned()))?;
    let rows: Vec<Value> = counted.iter().map(|line| row(&line.item, line.volume)).collect();
    let mut all = json!({ "rows": rows, "total": row("合计", total), "rounding": ROUNDING_EN });
    for (name, day) in period.iter().flatten() {
        all[*name] = json!(day);
    }
    if arguments.csv && !output.json {
        let text = sheet(&counted, total).map_err(Failure::Other)?;
        output.show(&all, || text);
        return Ok(());
    }
    output.show(&all, || {
        let mut rows: Vec<Vec<String>> = counted.iter().map(|line| cells(&line.item, line.volume)).collect();
        rows.push(cells("合计", total));
        let days = period.as_ref().map_or_else(String::new, |[from, until, base_from, base_until]| {
            format!("本期 {} 至 {}，上年同期 {} 至 {}\n", from.1, until.1, base_from.1, base_until.1)
        });
        format!("{days}{}\n{ROUNDING_ZH}", table(&HEADING, &rows))
    });
    Ok(())
}

/// The four days of two periods, by their names in the answer.
type Days = [(&'static str, String); 4];

/// The counts as the office has them; the figures are worked out here by the same rule.
fn asked(arguments: &Arguments) -> Result<(Vec<Counted>, Option<Days>), Failure> {
    let days = [("from", arguments.from), ("until", arguments.until)];
    let query: Vec<(&str, String)> =
        days.into_iter().filter_map(|(name, day)| Some((name, day?.to_string()))).collect();
    let answer = arguments.reach.connect()?.get("/v1/report/volume", &query)?;
    let damaged = || Failure::Refused("the office's answer is not a table of volumes".to_owned());
    let rows = answer["rows"].as_array().ok_or_else(damaged)?;
    let counted = rows.iter().map(|row| {
        let volume = Volume { count: row["count"].as_u64()?, base: row["base"].as_u64()? };
        Some(Counted { item: row["item"].as_str()?.to_owned(), volume })
    });
    let counted: Vec<Counted> = counted.collect::<Option<_>>().ok_or_else(damaged)?;
    let period = ["from", "until", "base_from", "base_until"].map(|name| (name, text(&answer, name)));
    Ok((counted, Some(period)))
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
