//! A person's own cases, asked at any kiosk after the person was identified there (product rule 6).
//! Invariants: a code finds and does not open: every case in an answer is of the person whose number was confirmed; what was
//! handed in comes back masked, never in full.
//! Not here: what officers see of a case (the officers' door).

use crate::payload::Identified;
use domain::case::Status;
use domain::ids::{ReceiptCode, ServiceId, SubmissionId};
use domain::sensitive::Sensitive;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// `POST /v1/own-cases` (kiosk to office).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnCasesRequest {
    /// The identified person.
    pub id_number: Sensitive<String>,
    /// How identified; the office refuses a person whom nobody has confirmed yet.
    pub identified: Identified,
    /// Only the case with this code; absent = all of the person's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<ReceiptCode>,
}

/// The person's own cases, newest first; none when there is none, or when the code is somebody else's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnCases {
    /// The cases.
    pub cases: Vec<OwnCase>,
}

/// One case, as its person may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnCase {
    /// The submission it began with; a supplement names it.
    pub submission: SubmissionId,
    /// On the receipt.
    pub code: ReceiptCode,
    /// Which service.
    pub service: ServiceId,
    /// The service's Chinese name, for a kiosk that does not know the service.
    pub title: String,
    /// Where it stands.
    pub status: Status,
    /// When the office received it.
    pub received_on: Date,
    /// By when it is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// The waiting ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// A supplement came and nobody has decided since.
    #[serde(default)]
    pub supplemented: bool,
    /// What is missing, while it waits for a supplement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Missing>,
    /// Place of the next supplement among the case's submissions (`manifest::Chain::seq`).
    pub next_seq: u32,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
}

/// What an officer asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    /// Last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Date>,
    /// All of it, at once.
    pub items: Vec<MissingItem>,
}

/// One thing that is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MissingItem {
    /// Field or material (`domain::supplement`); empty when the officer named none.
    pub key: String,
    /// Its Chinese name, for a kiosk that does not know the key.
    pub title: String,
    /// The officer's words.
    pub words: Sensitive<String>,
    /// What was handed in before, masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Sensitive<String>>,
}

/// How a case ended, for its person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// On which day.
    pub on: Date,
    /// Why, in the officer's words; empty where there is nothing to explain.
    pub reason: Sensitive<String>,
    /// What the person can do about it; empty where there is nothing to do.
    pub remedy: Sensitive<String>,
}
