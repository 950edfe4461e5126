//! `yimenctl queue decide`: decides a case that you hold. Without `--epoch` and `--version` those of the case as it
//! stands now are taken, which is right when you have just looked at it.

use crate::failure::Failure;
use crate::office_client::{Reach, case_words};
use crate::output::Output;
use clap::Subcommand;
use domain::case::Item;
use serde_json::{Value, json};
use uuid::Uuid;

/// Arguments. `--version` is the case's here, so the program's own flag of that name gives way.
#[derive(clap::Args)]
#[command(disable_version_flag = true)]
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
    /// A word for colleagues; the resident never reads it.
    #[arg(long)]
    note: Option<String>,
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
        /// What the person can do about it.
        #[arg(long)]
        remedy: String,
    },
    /// 补正: return for supplement.
    Return {
        /// What to bring, as `key=words`, e.g. `household-book=请带首页和本人页。`; give it several times.
        #[arg(long = "item", required = true, value_parser = item)]
        items: Vec<Item>,
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
        /// Law and article.
        #[arg(long)]
        ground: String,
        /// What the person can do about it: reconsideration or court.
        #[arg(long)]
        remedy: String,
    },
    /// To another branch.
    Transfer {
        /// That branch.
        branch: String,
        /// Why, for the colleagues there.
        #[arg(long)]
        reason: String,
    },
}

fn item(text: &str) -> Result<Item, String> {
    let (key, words) = text.split_once('=').ok_or("write it as key=words")?;
    Ok(Item { key: key.trim().to_owned(), code: None, words: words.trim().to_owned() })
}

impl Decision {
    fn body(&self) -> domain::case::Decision {
        use domain::case::Decision as D;
        match self {
            Self::Accept => D::Accept,
            Self::Refuse { reason, remedy } => D::RefuseToAccept { reason: reason.clone(), remedy: remedy.clone() },
            Self::Return { items, by } => D::ReturnForSupplement { items: items.clone(), by: *by },
            Self::Approve => D::Approve,
            Self::Reject { reason, ground, remedy } => {
                D::Reject { ground: ground.clone(), reason: reason.clone(), remedy: remedy.clone() }
            }
            Self::Transfer { branch, reason } => D::Transfer { branch: branch.clone(), reason: reason.clone() },
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
    let body = json!({ "claim_epoch": epoch, "version": version, "decision": arguments.decision.body(), "note": arguments.note });
    let case: Value = office.post(&format!("{path}/decide"), &body)?;
    output.show(&case, || case_words(&case));
    Ok(())
}
