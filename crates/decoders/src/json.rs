//! JSON of the boundary: what is read is written and read again as the same, and no member is lost on the way.

use domain::ids::RECEIPT_ALPHABET;
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Debug;
use wire::enrolment::{Certificate, Enrol, Enrolled, Health, Holding, Renew};
use wire::inbox::{Inbox, OfficeTime};
use wire::outcome::Outcome;
use wire::own_cases::{OwnCases, OwnCasesRequest};
use wire::payload::Payload;
use wire::problem::Problem;
use wire::registry::{OwnRecord, OwnRecordRequest, RecordCheckRequest, RecordCheckResponse};

/// Reads a `T`; when it is one, writing and reading give the same, twice.
pub(crate) fn again<T: Serialize + DeserializeOwned + PartialEq + Debug>(bytes: &[u8]) -> Option<T> {
    let read: T = serde_json::from_slice(bytes).ok()?;
    let text = serde_json::to_string(&read).expect("what was read can be written");
    let second: T = serde_json::from_str(&text).expect("what was written can be read");
    assert!(read == second, "reading what was written gives something else: {text}");
    let same = serde_json::to_string(&second).expect("it can be written again");
    assert_eq!(text, same, "writing twice gives two texts");
    Some(read)
}

/// Bodies and answers of enrolment, renewal and health.
pub(crate) fn enrolment(bytes: &[u8]) {
    again::<Enrol>(bytes);
    again::<Renew>(bytes);
    again::<Certificate>(bytes);
    again::<Holding>(bytes);
    again::<Health>(bytes);
    let Some(enrolled) = again::<Enrolled>(bytes) else { return };
    // The kiosk keeps it as TOML.
    let text = toml::to_string(&enrolled.bureau).expect("a bureau can be written as TOML");
    let bureau = toml::from_str(&text).expect("a bureau's file can be read");
    assert!(enrolled.bureau == bureau, "the bureau's file says something else: {text}");
}

/// What a kiosk reads of the office, and the office of the registry.
pub(crate) fn answers_of_the_office(bytes: &[u8]) {
    again::<Outcome>(bytes);
    again::<OfficeTime>(bytes);
    again::<Inbox>(bytes);
    again::<OwnRecord>(bytes);
    again::<RecordCheckResponse>(bytes);
    if let Some(cases) = again::<OwnCases>(bytes) {
        cases.cases.iter().for_each(|case| receipt_code(case.code.as_str(), &case.code.grouped()));
    }
    if let Some(problem) = again::<Problem>(bytes) {
        assert!(problem.kind.ends_with(problem.name()));
    }
}

/// What the office reads of a kiosk, and the registry of the office, beside manifests.
pub(crate) fn questions_of_kiosks(bytes: &[u8]) {
    again::<OwnRecordRequest>(bytes);
    again::<RecordCheckRequest>(bytes);
    if let Some(OwnCasesRequest { code: Some(code), .. }) = again::<OwnCasesRequest>(bytes) {
        receipt_code(code.as_str(), &code.grouped());
    }
}

/// The plain content of a submission, which a kiosk wrote and the office believes only as far as this.
pub(crate) fn payload(bytes: &[u8]) {
    let Some(payload) = again::<Payload>(bytes) else { return };
    receipt_code(payload.code.as_str(), &payload.code.grouped());
}

/// A receipt code is eight letters of its alphabet wherever it comes from, and printed it is those.
pub(crate) fn receipt_code(code: &str, grouped: &str) {
    assert!(code.len() == 8 && code.bytes().all(|b| RECEIPT_ALPHABET.contains(&b)), "`{code}` is no receipt code");
    assert_eq!(grouped.replace(' ', ""), code);
}
