//! `yimenctl queue claim`: takes a case, or the first that nobody holds; or renews or releases a claim.

use crate::failure::Failure;
use crate::office_client::{Reach, case_words};
use crate::output::Output;
use serde_json::json;
use uuid::Uuid;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    reach: Reach,
    /// Id of the case; the next of the queue when absent.
    case: Option<Uuid>,
    /// With no id: only of this branch.
    #[arg(long, conflicts_with = "case")]
    branch: Vec<String>,
    /// Keep the claim of this epoch for another lease.
    #[arg(long, value_name = "EPOCH", requires = "case", conflicts_with = "release")]
    renew: Option<i64>,
    /// Put the case back; the epoch is that of the claim.
    #[arg(long, value_name = "EPOCH", requires = "case")]
    release: Option<i64>,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let office = arguments.reach.connect()?;
    let case = match (arguments.case, arguments.renew, arguments.release) {
        (Some(id), Some(epoch), _) => office.post(&format!("/v1/cases/{id}/renew"), &json!({ "claim_epoch": epoch })),
        (Some(id), None, Some(epoch)) => {
            office.post(&format!("/v1/cases/{id}/release"), &json!({ "claim_epoch": epoch }))
        }
        (Some(id), None, None) => office.post(&format!("/v1/cases/{id}/claim"), &json!({})),
        (None, _, _) if arguments.branch.is_empty() => office.post("/v1/queue/claim-next", &json!({})),
        (None, _, _) => office.post("/v1/queue/claim-next", &json!({ "branches": arguments.branch })),
    }?;
    output.show(&case, || case_words(&case));
    Ok(())
}
