//! The plain content of a submission's `answers` part. Encrypted before it leaves the kiosk's memory.

use domain::answers::Answers;
use domain::facts::Facts;
use domain::ids::{ReceiptCode, ServiceId, SubmissionId};
use domain::sensitive::Sensitive;
use domain::service::Applicant;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What the person submitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payload {
    /// Which service.
    pub service: ServiceId,
    /// Version of its form.
    pub form_version: u32,
    /// The code on the receipt.
    pub code: ReceiptCode,
    /// The day at the kiosk: the day the form was checked against.
    pub day: Date,
    /// Language of the visit, e.g. `zh-CN`.
    pub language: String,
    /// Who stood at the kiosk.
    pub applicant: Person,
    /// Whose matter: the applicant's own, a child's, somebody's who gave a mandate.
    pub matter: Applicant,
    /// Number of the ward or principal; absent for the applicant's own matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Sensitive<String>>,
    /// How sure the kiosk was of the applicant.
    pub identified: Identified,
    /// Facts known when the form was filled (prefill and eligibility).
    pub facts: Facts,
    /// The answers, all checked.
    pub answers: Answers,
    /// What an officer must still do or know, as stable codes: `confirm-person`, `later:<material>`,
    /// `rule:<id>`, `cannot-sign`, `confirm-mandate`, `own-record-unavailable`.
    pub open: Vec<String>,
    /// Set in a supplement (补正): the submission its case began with. `answers` then holds only what was missing, and
    /// `code` is that of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplement_of: Option<SubmissionId>,
}

/// A person as identified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Full name; empty only when the number was typed and no registry has answered.
    pub name: Sensitive<String>,
    /// 18 characters.
    pub id_number: Sensitive<String>,
}

/// How the person was identified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Identified {
    /// Card read and face compared.
    CardAndFace,
    /// Number typed and face compared.
    NumberAndFace,
    /// Card read, an officer must confirm the person.
    CardOfficer,
    /// Number typed, an officer must confirm the person.
    NumberOfficer,
}

impl Identified {
    /// An officer must still confirm the person.
    pub fn needs_officer(self) -> bool {
        matches!(self, Self::CardOfficer | Self::NumberOfficer)
    }
}
