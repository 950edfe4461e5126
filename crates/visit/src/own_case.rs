//! A person's own case as the office tells it to a kiosk, in the domain's words.
//! Not here: the wire's shape of it, from which the kiosk makes this.

use domain::case::Status;
use domain::ids::{ReceiptCode, ServiceId, SubmissionId};
use domain::sensitive::Sensitive;
use jiff::civil::Date;

/// One case of the person at the kiosk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnCase {
    /// The submission it began with.
    pub submission: SubmissionId,
    /// On the receipt.
    pub code: ReceiptCode,
    /// Which service.
    pub service: ServiceId,
    /// The service's name as the office says it.
    pub title: String,
    /// Where it stands.
    pub status: Status,
    /// When the office received it.
    pub received_on: Date,
    /// By when it is to be done.
    pub due_on: Option<Date>,
    /// The waiting ticket.
    pub ticket: Option<String>,
    /// A supplement came and nobody has decided since.
    pub supplemented: bool,
    /// What is missing, while it waits for a supplement.
    pub missing: Option<Missing>,
    /// Place of the next supplement among the case's submissions.
    pub next_seq: u32,
    /// How it ended.
    pub ended: Option<EndedCase>,
}

/// What an officer asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Last day.
    pub by: Option<Date>,
    /// All of it.
    pub items: Vec<MissingItem>,
}

/// One thing that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingItem {
    /// Field or material, see `domain::supplement`.
    pub key: String,
    /// Its name as the office says it.
    pub title: String,
    /// The officer's words.
    pub words: Sensitive<String>,
    /// What was handed in before, masked.
    pub before: Option<Sensitive<String>>,
}

/// How a case ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedCase {
    /// On which day.
    pub on: Date,
    /// Why; empty where there is nothing to explain.
    pub reason: Sensitive<String>,
    /// What can be done about it; empty where there is nothing to do.
    pub remedy: Sensitive<String>,
}
