//! The plain content of a submission's `answers` part. Encrypted before it leaves the kiosk's memory.

use domain::answers::{Answers, AttachmentId};
use domain::facts::Facts;
use domain::ids::{FieldId, ReceiptCode, ServiceId, StepId, SubmissionId};
use domain::sensitive::Sensitive;
use domain::service::Applicant;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
    /// Set when the visit was broken off to go on at the counter: then nothing is asked for yet. `answers` holds what was
    /// answered so far, and `code` is that of the slip by which an officer takes it up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfinished: Option<Unfinished>,
    /// Pictures of the person that no answer names: attachments like the answers', by what they are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pictures: BTreeMap<PictureRole, AttachmentId>,
}

/// What a picture beside the answers is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PictureRole {
    /// The portrait read from the chip of the card by which the person was identified.
    CardPortrait,
    /// The face taken for the comparison. Only where it was not found the same, an officer must confirm the person, and
    /// no answer is the applicant's own portrait; a comparison that found the same person leaves no picture.
    LiveFace,
}

/// Where a half-done visit stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unfinished {
    /// The step of the page last open; absent when no page of the form was open yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepId>,
    /// What stood in fields that was not an answer yet (not continued from, or wrong), as typed. Options of a choice are
    /// joined by commas; an address is not kept here.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub entered: BTreeMap<FieldId, Sensitive<String>>,
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
    /// An officer at the counter, who had the person and their document before them and filled the form with them.
    Counter,
}

impl Identified {
    /// An officer must still confirm the person.
    pub fn needs_officer(self) -> bool {
        matches!(self, Self::CardOfficer | Self::NumberOfficer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload() -> Payload {
        Payload {
            service: "id-replace-lost".into(),
            form_version: 1,
            code: ReceiptCode::from_random([1; 8]),
            day: jiff::civil::date(2026, 11, 22),
            language: "zh-CN".into(),
            applicant: Person { name: Sensitive::new("林晓岚".into()), id_number: Sensitive::new(String::new()) },
            matter: Applicant::Own,
            subject: None,
            identified: Identified::CardAndFace,
            facts: Facts::new(),
            answers: Answers::default(),
            open: Vec::new(),
            supplement_of: None,
            unfinished: None,
            pictures: BTreeMap::new(),
        }
    }

    #[test]
    fn a_whole_submission_says_nothing_of_half_done_ones_and_both_read_back() {
        let whole = serde_json::to_string(&payload()).unwrap();
        assert!(
            !whole.contains("unfinished") && !whole.contains("pictures"),
            "older offices refuse words they do not know"
        );
        assert_eq!(serde_json::from_str::<Payload>(&whole).unwrap(), payload());
        let entered = BTreeMap::from([(FieldId::from("phone"), Sensitive::new("138".to_owned()))]);
        let half = Payload { unfinished: Some(Unfinished { step: Some("contact".into()), entered }), ..payload() };
        let text = serde_json::to_string(&half).unwrap();
        assert!(text.contains(r#""unfinished":{"step":"contact","entered":{"phone":"138"}}"#), "{text}");
        assert_eq!(serde_json::from_str::<Payload>(&text).unwrap(), half);
    }

    #[test]
    fn pictures_go_by_their_role() {
        let pictures = BTreeMap::from([(PictureRole::CardPortrait, AttachmentId("ab".to_owned()))]);
        let shown = Payload { pictures, ..payload() };
        let text = serde_json::to_string(&shown).unwrap();
        assert!(text.contains(r#""pictures":{"card-portrait":"ab"}"#), "{text}");
        assert_eq!(serde_json::from_str::<Payload>(&text).unwrap(), shown);
    }
}
