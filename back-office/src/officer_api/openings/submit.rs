//! From an opening to a case: sealed and signed like any submission, in the queue with the officer who took it in.
//! Invariants: submission, case, claim, marks, the end of the opening and all leaves are one transaction; the form is judged
//! once more before; the person counts as confirmed, and a paper as compared with its original, only because the officer
//! said so.

use super::access::{at_version, held, mine, open_draft};
use super::files::{key, put, seal};
use super::view::{Judged, judge};
use crate::custody::keys::Keys;
use crate::custody::split::NewKey;
use crate::kiosks::COUNTER;
use crate::office::{Office, china_day};
use crate::officer_api::claims::{lease, problem, read};
use crate::officer_api::door::FromOfficer;
use crate::officer_api::shapes::{CaseRow, Rows};
use crate::openings::{Draft, erase_unused};
use crate::problem::ApiProblem;
use crate::store::cases::{self, Case, Place};
use crate::store::marks::{self, About, Mark};
use crate::store::openings::{self, Opening, OpeningId, State as Standing};
use crate::store::{StoreError, audit, claims};
use crate::worker::checking;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::answers::{Answer, Answers};
use domain::case::Status;
use domain::ids::{KioskId, SubmissionId};
use domain::service::{Applicant, Field, Service};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use wire::digest::Digest;
use wire::envelope::recipient_id;
use wire::manifest::{Chain, Manifest, Part, Role, SUITE, VERSION};
use wire::payload::{Identified, Payload, Person};
use wire::problem::Retry;
use wire::receipt::Receipt;
use wire::signature::Signed;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Submit {
    version: i64,
}

/// `POST /v1/openings/{id}/submit`.
pub(in crate::officer_api) async fn submit(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
    body: Bytes,
) -> Result<Json<CaseRow>, ApiProblem> {
    let (opening, service) = mine(&office, &from, OpeningId(id)).await?;
    let Submit { version } = read(&body)?;
    at_version(&opening, version)?;
    let draft = open_draft(&office, &opening).await?;
    let now = ambient::now();
    let now = Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now);
    let Judged { answers, missing, .. } = judge(&office, &draft, service, china_day(now));
    if !missing.is_empty() {
        return Err(ApiProblem::new(
            "opening-incomplete",
            StatusCode::UNPROCESSABLE_ENTITY,
            Retry::Never,
            "Something is still missing",
        )
        .detail(missing.join("；"))
        .member("why", missing));
    }
    let payload = payload(&draft, &opening, service, answers, now);
    let taken = Taken::of(&office, &opening, &draft, service, &payload, now).await?;
    let name = payload.applicant.name.clone();
    let (inner, id) = (Arc::clone(&office), opening.id);
    let sealed = taken.answers.clone();
    let made = office
        .store
        .write_keyed::<_, ApiProblem>(move |c, keys| {
            let opening = held(&inner, &from, openings::find(c, id)?)?;
            at_version(&opening, version)?;
            taken.write(c, keys, &inner, &from, opening, now)
        })
        .await;
    if made.is_err() {
        // Pressed twice, given up in the meantime: these sealed answers are nobody's.
        erase_unused(&office, id, sealed).await;
    }
    let case = made?;
    crate::openings::erase_doomed(&office).await;
    office.names.set(case.id, name);
    Ok(Json(Rows::at(&office, now).row(case)))
}

fn payload(draft: &Draft, opening: &Opening, service: &Service, answers: Answers, now: Timestamp) -> Payload {
    let mut open = Vec::new();
    if draft.matter == Applicant::Proxy {
        open.push("confirm-mandate".to_owned());
    }
    if draft.record_missing {
        open.push("own-record-unavailable".to_owned());
    }
    Payload {
        service: service.id.clone(),
        form_version: service.version,
        code: opening.code.clone(),
        day: china_day(now),
        language: draft.language.clone(),
        applicant: Person { name: draft.name.clone(), id_number: draft.number.clone() },
        matter: draft.matter,
        subject: draft.needs_subject(service).then(|| draft.subject.clone()),
        identified: Identified::Counter,
        facts: draft.facts.clone(),
        answers,
        open,
        supplement_of: None,
        unfinished: None,
        pictures: draft.pictures.clone(),
    }
}

/// Keys of the papers whose original the officer has seen: also those that were only shown.
fn seen(draft: &Draft, service: &Service, answers: &Answers) -> BTreeSet<String> {
    let shown = service.fields().into_iter().filter(|field| answers.get(&field.id) == Some(&Answer::AtCounter));
    draft.seen.iter().cloned().chain(shown.filter_map(Field::paper)).collect()
}

/// What one transaction writes.
struct Taken {
    /// The manifest as the office signed it: JSON, and the digest of its body.
    signed: (String, Digest),
    manifest: Manifest,
    case: Case,
    /// The sealed answers' file.
    answers: Digest,
    seen: BTreeSet<String>,
    person_seen: bool,
    visit: Option<SubmissionId>,
}

impl Taken {
    /// Seals and signs; the sealed answers are on the disk when this returns, named to the opening.
    async fn of(
        office: &Arc<Office>,
        opening: &Opening,
        draft: &Draft,
        service: &Service,
        payload: &Payload,
        now: Timestamp,
    ) -> Result<Self, ApiProblem> {
        let named = payload.answers.iter().flat_map(|(_, answer)| answer.attachments());
        let named = named.chain(payload.pictures.values().cloned());
        let pages: Vec<Part> = named.filter_map(|id| draft.attachments.get(&id).cloned()).collect();
        let sealed = keep_answers(office, opening, payload).await?;
        let answers = sealed.sha256.clone();
        let parts: Vec<Part> = std::iter::once(sealed).chain(pages).collect();
        let id = SubmissionId(ambient::new_uuid());
        let manifest = Manifest {
            v: VERSION,
            suite: SUITE.to_owned(),
            id,
            chain: Chain::first(id),
            service: service.id.clone(),
            form_version: service.version,
            station: opening.station.clone(),
            kiosk: KioskId::new(COUNTER),
            sealed_at: now,
            recipients: office.ring.recipients().iter().map(|text| recipient_id(text)).collect(),
            parts,
        };
        let signed = Signed::sign(&manifest, &office.keys.receipt).map_err(|_| StoreError::Damaged("manifest"))?;
        let digest = signed.digest();
        let signed = (serde_json::to_string(&signed).map_err(|_| StoreError::Damaged("manifest"))?, digest);
        let attachments = draft.attachments.keys().cloned().collect();
        let mut case = crate::intake::new_case(office, &manifest, Some(service), title(office, service), now);
        case.place = Place::Queue;
        case.status = Status::Delivered;
        case.code = Some(payload.code.as_str().to_owned());
        case.last_four = crate::worker::last_four(payload);
        case.open = payload.open.clone();
        case.open.extend(checking::check(service, payload, attachments, china_day(now)));
        let (seen, person_seen) = (seen(draft, service, &payload.answers), draft.person_seen);
        Ok(Self { signed, manifest, case, answers, seen, person_seen, visit: opening.submission })
    }

    fn write(
        self,
        c: &rusqlite::Connection,
        keys: &mut Keys,
        office: &Office,
        from: &FromOfficer,
        mut opening: Opening,
        now: Timestamp,
    ) -> Result<Case, ApiProblem> {
        let (act, id) = (from.act(now), self.case.id);
        let note = |action: &str, details: serde_json::Value| {
            audit::append(c, now, &act.actor(), action, &format!("case:{id}"), details)
        };
        let from_visit = self.visit.is_some();
        let ((signed, digest), submission) = (self.signed, self.manifest.id);
        let details = serde_json::json!({ "opening": opening.id, "submission": submission, "manifest": digest,
            "service": self.manifest.service, "visit": self.visit, "from_visit": from_visit });
        let object = format!("case:{id}");
        let log_index = audit::append_indexed(c, now, &act.actor(), "opened-at-counter", &object, details)?;
        // The office keeps a receipt as for a kiosk.
        let receipt = Receipt { id: submission, manifest: digest, received_at: now, log_index };
        crate::intake::keep(c, office, &self.manifest, signed, &receipt)?;
        let owner = submission.into();
        for part in &self.manifest.parts {
            if !keys.adopt(&owner, &part.sha256)? {
                return Err(StoreError::Damaged("key of a page").into());
            }
        }
        keys.forget_columns_after(opening.id.into());
        cases::insert(c, &self.case)?;
        let case = claims::claim(c, act, self.case, lease(office)).map_err(|error| problem(office, error))?;
        let mark = |value: &str| Mark { value: value.to_owned(), officer: from.officer.id.clone(), at: now };
        if self.person_seen {
            marks::set(c, &case, About::Person, "person", &mark("same"))?;
            note("person-found", serde_json::json!({ "name": "person", "finding": "same" }))?;
        }
        for key in &self.seen {
            marks::set(c, &case, About::Paper, key, &mark("checked"))?;
            note("paper-checked", serde_json::json!({ "name": key, "finding": "checked" }))?;
        }
        opening.state = Standing::Submitted;
        opening.case = Some(id);
        opening.sealed = None;
        opening.touched_at = now;
        openings::update(c, &mut opening)?;
        openings::doom_parts(c, opening.id, &self.manifest.parts.iter().map(|part| part.sha256.clone()).collect())?;
        let object = format!("opening:{}", opening.id);
        audit::append(c, now, &act.actor(), "opening-submitted", &object, serde_json::json!({ "case": id }))?;
        Ok(case)
    }
}

fn title(office: &Office, service: &Service) -> String {
    office.services.text(&service.id, "name").unwrap_or_else(|| service.id.to_string())
}

/// The sealed answers, on the disk.
async fn keep_answers(office: &Arc<Office>, opening: &Opening, payload: &Payload) -> Result<Part, ApiProblem> {
    let failed = || ApiProblem::later("The case was not kept; nothing was changed. Send the same again.");
    let plain = serde_json::to_vec(payload).map_err(|_| failed())?;
    let (part, sealed) = seal(office, plain, Role::Answers, "application/json").await.ok_or_else(failed)?;
    let (id, key): (OpeningId, NewKey) = (opening.id, key(opening.id, &sealed));
    office
        .store
        .write_keyed::<_, StoreError>(move |c, keys| {
            keys.put(&key)?;
            openings::add_part(c, id, &key.part)
        })
        .await?;
    put(office, id, part, sealed).await.ok_or_else(failed)
}
