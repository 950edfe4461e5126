//! Checking a payload once more against its service: the same rules as at the kiosk, on the server's side of the truth.
//! Invariants: what is found becomes a code for the officer (`form:<field>:<code>`, `rule:<id>`, `later:…`, `form-version`,
//! `attachment-missing:<field>`, `day`); nothing is refused here.

use domain::answers::{Answer, AttachmentId};
use domain::condition::Context;
use domain::eligibility::{Eligibility, assess};
use domain::form::{self, Input};
use domain::sensitive::Sensitive;
use domain::service::{FieldKind, Service};
use jiff::civil::Date;
use wire::payload::{Identified, Payload};

/// Days by which a kiosk's day may lie before the office's: the longest time a kiosk works without a network.
const OFFLINE_DAYS: i64 = 30;

/// Everything an officer should know about this payload, as stable codes.
pub fn check(service: &Service, payload: &Payload, attachments: Vec<AttachmentId>, received: Date) -> Vec<String> {
    let mut found = Vec::new();
    if payload.form_version != service.version {
        found.push("form-version".to_owned());
    }
    if !(-1..=OFFLINE_DAYS).contains(&domain::facts::days_between(payload.day, received)) {
        found.push("day".to_owned());
    }
    if !service.applicants.contains(&payload.matter) {
        found.push("matter".to_owned());
    }
    let context = Context { facts: &payload.facts, answers: &payload.answers, today: payload.day };
    let asked = form::asked_fields(service, context);
    for field in &asked {
        let Some(answer) = payload.answers.get(&field.id) else { continue };
        match form::check(service, field, &input(answer), payload.day) {
            Ok(Some(normal)) if normal == *answer => {}
            Ok(_) => found.push(format!("form:{}:not-normal", field.id)),
            Err(error) => found.push(format!("form:{}:{}", field.id, error.code())),
        }
        match answer {
            Answer::CannotSign => add_once(&mut found, payload, "cannot-sign".to_owned()),
            Answer::Later => {
                if let FieldKind::Document { material, .. } = &field.kind {
                    add_once(&mut found, payload, format!("later:{material}"));
                }
            }
            Answer::Text(_)
            | Answer::Date(_)
            | Answer::Choice(_)
            | Answer::Address(_)
            | Answer::Photo(_)
            | Answer::Document(_)
            | Answer::Signature(_)
            | Answer::Declared => {}
            // Only an officer gives this answer: from a kiosk it is a fault.
            Answer::AtCounter if payload.identified == Identified::Counter => {}
            Answer::AtCounter => found.push(format!("form:{}:wrong-kind", field.id)),
        }
        if answer.attachments().iter().any(|id| !attachments.contains(id)) {
            found.push(format!("attachment-missing:{}", field.id));
        }
    }
    found.extend(form::missing(service, context).into_iter().map(|field| format!("form:{field}:empty")));
    let unasked = payload.answers.iter().filter(|(id, _)| !asked.iter().any(|field| field.id == **id));
    found.extend(unasked.map(|(id, _)| format!("form:{id}:not-asked")));
    match assess(service, context) {
        Eligibility::Yes => {}
        Eligibility::No { rule } | Eligibility::Officer { rule } | Eligibility::NotYetKnown { rule } => {
            add_once(&mut found, payload, format!("rule:{rule}"));
        }
    }
    found
}

/// Adds a code that the kiosk has not named itself.
fn add_once(found: &mut Vec<String>, payload: &Payload, code: String) {
    if !payload.open.contains(&code) {
        found.push(code);
    }
}

/// An answer as if the person had just entered it.
pub(crate) fn input(answer: &Answer) -> Input {
    match answer {
        Answer::Text(text) => Input::Text(text.clone()),
        Answer::Date(day) => Input::Text(Sensitive::new(day.expose().to_string())),
        Answer::Choice(options) => Input::Options(options.clone()),
        Answer::Address(address) => Input::Address(address.clone()),
        Answer::Photo(_)
        | Answer::Document(_)
        | Answer::Later
        | Answer::Signature(_)
        | Answer::CannotSign
        | Answer::AtCounter
        | Answer::Declared => Input::Made(answer.clone()),
    }
}
