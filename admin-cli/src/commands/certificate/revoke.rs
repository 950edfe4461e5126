//! `yimenctl certificate revoke`: for good, with a reason, which the office keeps sealed.

use crate::failure::Failure;
use crate::office_client::{Reach, text};
use crate::output::Output;
use serde_json::json;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    reach: Reach,
    /// The certificate's number, as printed, e.g. 2026-000123.
    number: String,
    /// Why; for colleagues who check later.
    #[arg(long)]
    reason: String,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let number = arguments.number.trim();
    // It becomes part of an address.
    if number.is_empty() || !number.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return Err(Failure::Usage(format!(
            "`{number}` is no certificate number; write it as printed, e.g. 2026-000123"
        )));
    }
    let path = format!("/v1/certificates/{number}/revoke");
    let answer = arguments.reach.connect()?.post(&path, &json!({ "reason": arguments.reason }))?;
    output.show(&answer, || {
        format!(
            "Revoked {} at {}. Its code verifies as revoked from now on.",
            text(&answer, "number"),
            text(&answer, "revoked_at")
        )
    });
    Ok(())
}
