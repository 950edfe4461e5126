//! `yimenctl queue decide`: decides a case that you hold. Without `--epoch` and `--version` those of the case as it
//! stands now are taken, which is right when you have just looked at it.

use crate::failure::Failure;
use crate::office_client::{Reach, case_words};
use crate::output::Output;
use clap::Subcommand;
use serde_json::{Value, json};
use uuid::Uuid;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    reach: Reach,
    /// Id of the case.
    case: Uuid,
    /// Epoch of your claim.
    #[arg(long)]
    epoch: Option<i64>,
    /// Version you looked at.
    #[arg(long)]
    version: Option<i64>,
    #[command(subcommand)]
    decision: Decision,
}

#[derive(Subcommand)]
enum Decision {
    /// 受理: accept; the statutory clock starts.
    Accept,
    /// 不予受理: refuse to accept.
    Refuse {
        /// Why, in words the person understands.
        reason: String,
    },
    /// 补正: return for supplement.
    Return {
        /// What to bring, all at once.
        what: String,
        /// Last day, e.g. 2026-12-04.
        #[arg(long)]
        by: jiff::civil::Date,
    },
    /// 办结: approve.
    Approve,
    /// 办结: reject.
    Reject {
        /// Why, in words the person understands.
        reason: String,
    },
    /// To another branch.
    Transfer {
        /// That branch.
        branch: String,
    },
}

impl Decision {
    fn body(&self) -> domain::case::Decision {
        use domain::case::Decision as D;
        match self {
            Self::Accept => D::Accept,
            Self::Refuse { reason } => D::RefuseToAccept { reason: reason.clone() },
            Self::Return { what, by } => D::ReturnForSupplement { what: what.clone(), by: *by },
            Self::Approve => D::Approve,
            Self::Reject { reason } => D::Reject { reason: reason.clone() },
            Self::Transfer { branch } => D::Transfer { branch: branch.clone() },
        }
    }
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let office = arguments.reach.connect()?;
    let path = format!("/v1/cases/{}", arguments.case);
    let (epoch, version) = match (arguments.epoch, arguments.version) {
        (Some(epoch), Some(version)) => (epoch, version),
        (epoch, version) => {
            let now = office.get(&path, &[])?;
            let number = |name: &str| now["case"][name].as_i64().unwrap_or_default();
            (epoch.unwrap_or_else(|| number("claim_epoch")), version.unwrap_or_else(|| number("version")))
        }
    };
    let body = json!({ "claim_epoch": epoch, "version": version, "decision": arguments.decision.body() });
    let case: Value = office.post(&format!("{path}/decide"), &body)?;
    output.show(&case, || case_words(&case));
    Ok(())
}
