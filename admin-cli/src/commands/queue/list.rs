//! `yimenctl queue list`: cases in the order of work.

use crate::failure::Failure;
use crate::office_client::{Reach, text};
use crate::output::{Output, table};
use serde_json::Value;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    reach: Reach,
    /// Only this branch.
    #[arg(long)]
    branch: Option<String>,
    /// Only this status: delivered, accepted, refused, supplement, approved, rejected.
    #[arg(long)]
    status: Option<String>,
    /// Only the case with this receipt code.
    #[arg(long)]
    code: Option<String>,
    /// Also cases that have ended.
    #[arg(long)]
    closed: bool,
    /// Most rows.
    #[arg(long, default_value_t = 100)]
    most: u32,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let mut query = vec![("most", arguments.most.to_string()), ("closed", arguments.closed.to_string())];
    let wanted = [("branch", arguments.branch), ("status", arguments.status), ("code", arguments.code)];
    query.extend(wanted.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))));
    let answer = arguments.reach.connect()?.get("/v1/queue", &query)?;
    output.show(&answer, || {
        let columns = ["ticket", "priority", "due_on", "word", "title", "branch", "code", "last_four", "holder", "id"];
        let rows: Vec<Vec<String>> = answer["cases"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|case: &Value| columns.iter().map(|&name| text(case, name)).collect())
            .collect();
        if rows.is_empty() { "No case waits.".to_owned() } else { table(&columns, &rows) }
    });
    Ok(())
}
