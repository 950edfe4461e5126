//! What is known of the person before the officer, and of whom they act for: from their numbers, and from the registry.
//! Invariants: as at the kiosk: a record that does not come costs only the prefill; a principal's record is never fetched
//! for a proxy; a ward's only by the guardian's number.

use super::Draft;
use crate::office::Office;
use domain::facts::Facts;
use domain::sensitive::Sensitive;
use domain::service::{Applicant, Service};
use jiff::civil::Date;
use wire::payload::Identified;
use wire::registry::OwnRecordRequest;

/// Works the facts out anew, after a number or the matter has changed.
pub async fn look_up(office: &Office, draft: &mut Draft, service: &Service, today: Date) {
    draft.facts = Facts::new();
    draft.record_missing = false;
    let Some(number) = Draft::resident_number(draft.number.expose(), today) else { return };
    let mut own = Facts::new();
    own.set_number(&number, today);
    match record(office, &number, None).await {
        Some(found) => own.merge(found),
        None => draft.record_missing = true,
    }
    if let Some(name) = own.text("person.name", today) {
        draft.name = Sensitive::new(name);
    }
    if draft.matter == Applicant::Own {
        draft.facts = own;
        return;
    }
    draft.facts = own.of_applicant();
    let subject = draft.needs_subject(service).then(|| Draft::resident_number(draft.subject.expose(), today)).flatten();
    let Some(subject) = subject else { return };
    draft.facts.set_number(&subject, today);
    if draft.matter == Applicant::Guardian {
        match record(office, &number, Some(&subject)).await {
            Some(found) => draft.facts.merge(found),
            None => draft.record_missing = true,
        }
    }
}

async fn record(office: &Office, number: &str, ward: Option<&str>) -> Option<Facts> {
    let question = OwnRecordRequest {
        id_number: Sensitive::new(number.to_owned()),
        identified: Identified::Counter,
        ward: ward.map(|ward| Sensitive::new(ward.to_owned())),
    };
    office.registry.own_record(&question).await.ok().map(|record| record.facts)
}
