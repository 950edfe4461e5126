//! Ids of rows that stand for the visit's own choices, both ways: what a presenter writes, the loop reads back.
//! Invariant: reading what was written gives the same choice. Ids of services, fields and options are their own text.

use domain::ids::{FieldId, SubmissionId};
use domain::service::Applicant;
use visit::{Action, Consent, NumberOf, Screen, Target, View, Way};

const WAYS: [(Way, &str); 3] =
    [(Way::NumberAndFace, "number-and-face"), (Way::CardAndFace, "card-and-face"), (Way::Officer, "officer")];
const MATTERS: [(Applicant, &str); 3] =
    [(Applicant::Own, "own"), (Applicant::Guardian, "guardian"), (Applicant::Proxy, "proxy")];
const CONSENTS: [(Consent, &str); 2] = [(Consent::Notice, "notice"), (Consent::SensitiveData, "sensitive")];

fn written<T: Copy + PartialEq>(list: &[(T, &'static str)], value: T) -> &'static str {
    list.iter().find(|(known, _)| *known == value).map_or("", |(_, id)| id)
}

fn read<T: Copy>(list: &[(T, &'static str)], id: &str) -> Option<T> {
    list.iter().find(|(_, known)| *known == id).map(|(value, _)| *value)
}

/// The id of a way's row.
pub fn way_id(way: Way) -> &'static str {
    written(&WAYS, way)
}

/// The way of a row of `Ways`.
pub fn way(id: &str) -> Option<Way> {
    read(&WAYS, id)
}

/// The id of a matter's row.
pub fn matter_id(matter: Applicant) -> &'static str {
    written(&MATTERS, matter)
}

/// The matter of a row of `Ways`.
pub fn matter(id: &str) -> Option<Applicant> {
    read(&MATTERS, id)
}

/// The id of a consent's row.
pub fn consent_id(consent: Consent) -> &'static str {
    written(&CONSENTS, consent)
}

/// The consent of a row of `Notice`.
pub fn consent(id: &str) -> Option<Consent> {
    read(&CONSENTS, id)
}

/// The id of a row that is a button: `action:<key>`.
pub fn action_id(action: &Action) -> String {
    format!("action:{}", action.key)
}

/// The button of a row `action:<key>`, among those the view offers now.
pub fn action(view: &View, id: &str) -> Option<Action> {
    let key = id.strip_prefix("action:")?;
    view.frame.primary.iter().chain(&view.frame.secondary).find(|action| action.key == key).cloned()
}

/// The id of the one field where a number is typed.
pub const NUMBER: &str = "number";

/// The id of the one field where a code is typed.
pub const CODE: &str = "code";

/// The row of the home screen's elder mode that leads to one's cases.
pub const FIND_CASE: &str = "find-case";

/// The id of a case's row.
pub fn case_id(submission: SubmissionId) -> String {
    submission.to_string()
}

/// The case of a row.
pub fn case(id: &str) -> Option<SubmissionId> {
    id.parse().ok().map(SubmissionId)
}

/// The row of the farewell that leaves the question unanswered.
pub const SKIP_RATING: &str = "rate:skip";

/// The id of a rating's row, one to five.
pub fn rating_id(stars: u8) -> String {
    format!("rate:{stars}")
}

/// The rating of a row.
pub fn rating(id: &str) -> Option<u8> {
    id.strip_prefix("rate:")?.parse().ok()
}

/// Where typing goes when the field with this id is focused.
pub fn target(view: &View, id: &str) -> Target {
    match &view.screen {
        Screen::Number(page) if page.of == NumberOf::Applicant => Target::OwnNumber,
        Screen::Number(_) => Target::SubjectNumber,
        Screen::FindCode(_) => Target::Code,
        Screen::Attract
        | Screen::Home(_)
        | Screen::Category { .. }
        | Screen::Cases(_)
        | Screen::Case(_)
        | Screen::Service(_)
        | Screen::Notice { .. }
        | Screen::Ways { .. }
        | Screen::CardWait { .. }
        | Screen::Face(_)
        | Screen::FoundDraft { .. }
        | Screen::Matter { .. }
        | Screen::Refused { .. }
        | Screen::Question(_)
        | Screen::Photo(_)
        | Screen::Papers(_)
        | Screen::Signature(_)
        | Screen::Check(_)
        | Screen::Busy(_)
        | Screen::Receipt(_)
        | Screen::Problem(_)
        | Screen::Ended { .. } => Target::Field(FieldId::from(id)),
    }
}
