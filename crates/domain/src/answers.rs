//! Answers to the fields of one submission.
//! Invariant: an answer that is here has passed its field's check (`form::check`); drafts of text live in `visit`.
//! Pictures are only named here, by the SHA-256 of their plain bytes; the bytes travel beside.

use crate::facts::Value;
use crate::ids::FieldId;
use crate::sensitive::Sensitive;
use crate::service::Applicant;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A picture or other file that belongs to a submission, named by the SHA-256 (hex) of its plain bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AttachmentId(pub String);

/// An address: division code (GB/T 2260, 6 digits) with its names from the province down, and the rest as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Six digits.
    pub division: String,
    /// Names of province, city, county, e.g. `["浙江省", "温州市", "瓯海区"]`.
    pub names: Vec<String>,
    /// Street, village, road, number.
    pub detail: String,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "kebab-case")]
pub enum Answer {
    /// Text, person name, number or phone, normalised.
    Text(Sensitive<String>),
    /// A day.
    Date(Sensitive<Date>),
    /// One or more options of a choice, in the order of the form.
    Choice(Vec<String>),
    /// An address.
    Address(Sensitive<Address>),
    /// The chosen photo.
    Photo(AttachmentId),
    /// Pages of a material.
    Document(Vec<AttachmentId>),
    /// The material follows later (容缺受理), allowed only where the service says so.
    Later,
    /// The signature, as a picture of its strokes.
    Signature(AttachmentId),
    /// The person cannot sign; an officer witnesses at the counter.
    CannotSign,
    /// Done before an officer at the counter, with nothing scanned: the original was seen, the paper signed by hand, the
    /// portrait taken with their device. Only an officer can give this answer.
    AtCounter,
    /// The declaration was read and agreed to.
    Declared,
}

impl Answer {
    /// What conditions may look at: texts, options, days, flags. Pictures give `true` for "is there".
    pub fn values(&self) -> Vec<Value> {
        match self {
            Self::Text(text) => vec![Value::Text(text.expose().clone())],
            Self::Date(date) => vec![Value::Date(*date.expose())],
            Self::Choice(options) => options.iter().cloned().map(Value::Text).collect(),
            Self::Address(address) => vec![Value::Text(address.expose().division.clone())],
            Self::Photo(_) | Self::Document(_) | Self::Signature(_) | Self::AtCounter | Self::Declared => {
                vec![Value::Flag(true)]
            }
            Self::Later | Self::CannotSign => vec![Value::Flag(false)],
        }
    }

    /// The attachments this answer names.
    pub fn attachments(&self) -> Vec<AttachmentId> {
        match self {
            Self::Photo(id) | Self::Signature(id) => vec![id.clone()],
            Self::Document(pages) => pages.clone(),
            Self::Text(_)
            | Self::Date(_)
            | Self::Choice(_)
            | Self::Address(_)
            | Self::Later
            | Self::CannotSign
            | Self::AtCounter
            | Self::Declared => Vec::new(),
        }
    }
}

/// Answers by field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(BTreeMap<FieldId, Answer>);

impl Answers {
    /// The answer to a field, when given.
    pub fn get(&self, field: &FieldId) -> Option<&Answer> {
        self.0.get(field)
    }

    /// Sets or replaces an answer.
    pub fn set(&mut self, field: FieldId, answer: Answer) {
        self.0.insert(field, answer);
    }

    /// Takes an answer away, e.g. when its field is no longer asked.
    pub fn remove(&mut self, field: &FieldId) {
        self.0.remove(field);
    }

    /// All answers by field id.
    pub fn iter(&self) -> impl Iterator<Item = (&FieldId, &Answer)> {
        self.0.iter()
    }

    /// The photo of the one who applies: only in their own matter; else a photo is the child's, or whoever it is done for.
    pub fn applicants_photo(&self, matter: Applicant) -> Option<&AttachmentId> {
        self.0.values().filter(|_| matter == Applicant::Own).find_map(|answer| match answer {
            Answer::Photo(id) => Some(id),
            Answer::Text(_)
            | Answer::Date(_)
            | Answer::Choice(_)
            | Answer::Address(_)
            | Answer::Document(_)
            | Answer::Later
            | Answer::Signature(_)
            | Answer::CannotSign
            | Answer::AtCounter
            | Answer::Declared => None,
        })
    }

    /// Keeps only the answers of fields for which `asked` says yes.
    pub fn retain(&mut self, mut asked: impl FnMut(&FieldId) -> bool) {
        self.0.retain(|field, _| asked(field));
    }
}
