//! `yimenctl kiosk code`: a ticket for another machine in a kiosk's place. The office refuses while the machine of before may
//! hold submissions that have not arrived, unless a reason is given.

use super::words::{Wanted, no_such};
use crate::failure::Failure;
use crate::files;
use crate::output::Output;
use serde_json::json;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    wanted: Wanted,
    /// Id of the kiosk.
    id: String,
    /// Why it is done although the machine may hold submissions, e.g. that it burnt. Kept sealed; the audit log tells that
    /// there was one.
    #[arg(long)]
    although: Option<String>,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let Arguments { wanted, id, although } = arguments;
    files::plain_id(&id)?;
    wanted
        .ask(&format!("/v1/kiosks/{id}/code"), json!({ "although": although }), "", output)
        .map_err(|failure| no_such(&id, failure))
}
