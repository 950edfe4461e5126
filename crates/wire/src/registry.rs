//! The registry's questions and answers: a separate process behind a port of the office (product rule 2).
//! The kiosk asks only for a person's own record, through the office, after that person was identified.

use domain::facts::Facts;
use domain::sensitive::Sensitive;
use serde::{Deserialize, Serialize};

/// `POST /v1/own-record` (kiosk to office, office to registry): a person's own data for prefill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnRecordRequest {
    /// The identified person.
    pub id_number: Sensitive<String>,
    /// How identified; the office refuses a person whom nobody has confirmed yet.
    pub identified: crate::payload::Identified,
    /// A child whose guardian asks; answered only when the registry knows the guardianship.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ward: Option<Sensitive<String>>,
}

/// The person's own data; empty facts when the registry knows none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnRecord {
    /// Named as in `domain::facts`.
    pub facts: Facts,
}

/// `POST /v1/record-check` (office to registry).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordCheckRequest {
    /// Which check, e.g. `criminal-record`.
    pub check: String,
    /// About whom.
    pub id_number: Sensitive<String>,
}

/// All that a record check may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordCheck {
    /// The paper may be issued.
    MayIssue,
    /// A person must look.
    Refer,
    /// No answer now.
    Unavailable,
}

/// Answer of the registry to a record check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordCheckResponse {
    /// The answer.
    pub answer: RecordCheck,
}
