//! What is known of the person before the officer, and of whom they act for: from their numbers, and from the registry.
//! Invariants: as at the kiosk: a record that does not come costs only the prefill; a principal's record is never fetched
//! for a proxy; a ward's only by the guardian's number. Each question leaves a leaf before it is asked: with a keyed digest
//! of the number, so that it can be shown who asked about a given person, and nobody can read the number from it.

use super::Draft;
use crate::office::Office;
use crate::store::openings::OpeningId;
use crate::store::{StoreError, audit};
use domain::facts::Facts;
use domain::sensitive::Sensitive;
use domain::service::{Applicant, Service};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::civil::Date;
use sha2::Sha256;
use wire::payload::Identified;
use wire::registry::OwnRecordRequest;

/// Who asks, and for which opening.
pub struct Asking {
    /// As leaves name the officer.
    pub actor: String,
    /// The opening.
    pub opening: OpeningId,
}

impl Draft {
    /// Whether the registry may be asked now. Whom a kiosk sends, it is asked about only after the officer has looked at
    /// them: a slip on the counter alone shows nothing of anybody.
    pub fn may_ask(&self) -> bool {
        self.to_ask && (self.visit.is_none() || self.person_seen)
    }

    /// Facts that the numbers tell by themselves.
    pub fn facts_of_numbers(&self, service: &Service, today: Date) -> Facts {
        let mut facts = Facts::new();
        let Some(number) = Self::resident_number(self.number.expose(), today) else { return facts };
        facts.set_number(&number, today);
        if self.matter == Applicant::Own {
            return facts;
        }
        let mut facts = facts.of_applicant();
        if let Some(subject) = self.subject_number(service, today) {
            facts.set_number(&subject, today);
        }
        facts
    }

    fn subject_number(&self, service: &Service, today: Date) -> Option<String> {
        self.needs_subject(service).then(|| Self::resident_number(self.subject.expose(), today)).flatten()
    }
}

/// Asks the registry; what it does not know stays as it is known.
///
/// # Errors
/// The store's: without its leaf nothing is asked.
pub async fn look_up(
    office: &Office,
    asking: &Asking,
    draft: &mut Draft,
    service: &Service,
    today: Date,
) -> Result<(), StoreError> {
    draft.record_missing = false;
    let Some(number) = Draft::resident_number(draft.number.expose(), today) else { return Ok(()) };
    draft.to_ask = false;
    let mut own = Facts::new();
    own.set_number(&number, today);
    match record(office, asking, &number, None).await? {
        Some(found) => own.merge(found),
        None => draft.record_missing = true,
    }
    if let Some(name) = own.text("person.name", today) {
        draft.set_name(name);
    }
    if draft.matter == Applicant::Own {
        draft.facts.merge(own);
        return Ok(());
    }
    draft.facts.merge(own.of_applicant());
    let Some(subject) = draft.subject_number(service, today) else { return Ok(()) };
    draft.facts.set_number(&subject, today);
    if draft.matter == Applicant::Guardian {
        match record(office, asking, &number, Some(&subject)).await? {
            Some(found) => draft.facts.merge(found),
            None => draft.record_missing = true,
        }
    }
    Ok(())
}

async fn record(
    office: &Office,
    asking: &Asking,
    number: &str,
    ward: Option<&str>,
) -> Result<Option<Facts>, StoreError> {
    let (actor, object) = (asking.actor.clone(), format!("opening:{}", asking.opening));
    let details = serde_json::json!({ "number": keyed(office, number), "ward": ward.map(|ward| keyed(office, ward)) });
    let now = ambient::now();
    office
        .store
        .write::<_, StoreError>(move |c| audit::append(c, now, &actor, "own-record-asked", &object, details))
        .await?;
    let question = OwnRecordRequest {
        id_number: Sensitive::new(number.to_owned()),
        identified: Identified::Counter,
        ward: ward.map(|ward| Sensitive::new(ward.to_owned())),
    };
    Ok(office.registry.own_record(&question).await.ok().map(|record| record.facts))
}

/// HMAC-SHA256 of a number under a key that comes from the office's receipt key: numbers are few enough to be tried one by
/// one, so a plain digest would tell them.
fn keyed(office: &Office, number: &str) -> String {
    let key = digest(office.keys.receipt.as_bytes(), b"yimen own-record-asked v1");
    hex::encode(digest(&key, number.as_bytes()))
}

fn digest(key: &[u8], text: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length is taken");
    mac.update(text);
    mac.finalize().into_bytes().into()
}
