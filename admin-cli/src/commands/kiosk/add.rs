//! `yimenctl kiosk add`: a kiosk that no machine is yet, and the ticket by which one becomes it.

use super::words::Wanted;
use crate::failure::Failure;
use crate::files;
use crate::output::Output;
use serde_json::json;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    wanted: Wanted,
    /// Id of the kiosk, e.g. `yunqiao-1`.
    id: String,
    /// Its number as shown.
    #[arg(long)]
    number: u32,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let Arguments { wanted, id, number } = arguments;
    files::plain_id(&id)?;
    wanted.ask("/v1/kiosks", json!({ "id": id, "number": number }), &format!("Kiosk {id} is added.\n"), output)
}
