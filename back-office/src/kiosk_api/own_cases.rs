//! A person's own cases, for a person who was identified at a kiosk: where each stands, what is missing, how it ended.
//! Invariants: a code finds and does not open (product rule 6): each case in the answer was compared with the number inside
//! its sealed submission; for a person whom nobody has confirmed nothing is looked up; every look leaves an audit leaf; of
//! what was handed in only masks go out. Not here: what officers see.

use super::{FromKiosk, Whole};
use crate::office::{Office, china_day};
use crate::problem::ApiProblem;
use crate::store::cases::{self, Case};
use crate::store::decisions::{self, Decided};
use crate::store::{StoreError, audit, submissions, supplements};
use crate::worker::opening::Opened;
use crate::worker::supplementing;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::answers::Answer;
use domain::case::{Decision, Item, Status};
use domain::ids::{FieldId, ReceiptCode};
use domain::mask;
use domain::sensitive::Sensitive;
use domain::service::{FieldKind, Service};
use domain::supplement::{Target, target};
use jiff::Timestamp;
use std::sync::Arc;
use wire::own_cases::{Ended, Missing, MissingItem, OwnCase, OwnCases, OwnCasesRequest};
use wire::payload::{Identified, Payload};
use wire::problem::Slug;

/// Most cases with the same last four characters that are opened for one look.
const MOST: u32 = 200;

/// `POST /v1/own-cases`.
pub(super) async fn own_cases(
    State(office): State<Arc<Office>>,
    FromKiosk(kiosk): FromKiosk,
    Whole(body): Whole,
) -> Result<Response, ApiProblem> {
    // The parser's words could quote what was sent: they stay out of the answer.
    let question: OwnCasesRequest =
        serde_json::from_slice(&body).map_err(|_| ApiProblem::malformed("not a question for own cases"))?;
    if question.identified.needs_officer() || question.identified == Identified::Counter {
        return Err(ApiProblem::of(Slug::NotIdentified));
    }
    let code = question.code.as_ref().map(|code| code.as_str().to_owned());
    let (by, last_four) = (if code.is_some() { "code" } else { "person" }, last_four(question.id_number.expose()));
    let maybe =
        office.store.read::<_, StoreError>(move |c| cases::maybe_own(c, code.as_deref(), &last_four, MOST)).await?;
    let (mut own, mut seen) = (Vec::new(), Vec::new());
    for case in maybe {
        let opened = supplementing::newest(&office, &case).await.map_err(|e| ApiProblem::later(e.to_string()))?;
        let Opened::Readable { payload, .. } = opened else { continue };
        if payload.applicant.id_number == question.id_number {
            seen.push((case.id, case.submission));
            own.push((case, payload));
        }
    }
    let (actor, now) = (format!("kiosk:{}", kiosk.enrolled.id), ambient::now());
    let ids = seen.clone();
    // Written before anything is told: nobody's cases are looked up without a trace.
    let told = office
        .store
        .write::<_, StoreError>(move |c| {
            let details = serde_json::json!({ "by": by, "found": ids.len() });
            audit::append(c, now, &actor, "own-cases-asked", &actor, details)?;
            let mut told = Vec::new();
            for (id, first) in ids {
                audit::append(
                    c,
                    now,
                    &actor,
                    "looked-by-person",
                    &format!("case:{id}"),
                    serde_json::json!({ "by": by }),
                )?;
                let next = submissions::next_in_chain(c, first)?;
                told.push((decisions::of_case(c, id)?, supplements::of_case(c, id)?, next));
            }
            Ok(told)
        })
        .await?;
    let cases = own.into_iter().zip(told).filter_map(|((case, payload), (decisions, supplements, next_seq))| {
        let last = supplements.last().map(|(_, at)| *at);
        Some(OwnCase { next_seq, ..own_case(&office, &case, &payload, &decisions, last)? })
    });
    let answer = OwnCases { cases: cases.collect() };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

fn last_four(number: &str) -> String {
    let characters: Vec<char> = number.chars().collect();
    characters[characters.len().saturating_sub(4)..].iter().collect()
}

fn own_case(
    office: &Office,
    case: &Case,
    payload: &Payload,
    decisions: &[Decided],
    supplemented: Option<Timestamp>,
) -> Option<OwnCase> {
    let decided = decisions.last().map(|decided| decided.at);
    Some(OwnCase {
        submission: case.submission,
        code: ReceiptCode::parse(case.code.as_deref()?)?,
        service: case.service.clone(),
        title: case.title.clone(),
        status: case.status,
        received_on: china_day(case.received_at),
        due_on: case.due_on.filter(|_| !case.status.ended()),
        ticket: case.ticket.clone().filter(|_| !case.status.ended()),
        supplemented: supplemented.is_some_and(|at| decided.is_none_or(|decided| decided < at)),
        missing: (case.status == Status::Supplement).then(|| missing(office, case, payload, decisions)),
        next_seq: 1,
        ended: case.status.ended().then(|| ended(case, decisions)),
    })
}

/// What the last return asked for.
fn missing(office: &Office, case: &Case, payload: &Payload, decisions: &[Decided]) -> Missing {
    let asked = decisions.iter().rev().filter(|decided| decided.status == Status::Supplement).find_map(items);
    let items = asked.unwrap_or_default();
    let service = office.services.service(&case.service);
    let item = |item: Item| MissingItem {
        title: title(office, case, &item.key),
        before: service.and_then(|service| before(service, payload, &item.key)).map(Sensitive::new),
        words: Sensitive::new(item.words),
        key: item.key,
    };
    Missing { by: case.supplement_by, items: items.into_iter().map(item).collect() }
}

/// The items of a return; one without a key from decisions of before items had keys.
fn items(decided: &Decided) -> Option<Vec<Item>> {
    if let Ok(Decision::ReturnForSupplement { items, .. }) = serde_json::from_value(decided.decision.clone()) {
        return Some(items);
    }
    let words = decided.decision.get("what")?.as_str()?.to_owned();
    Some(vec![Item { key: String::new(), code: None, words }])
}

fn title(office: &Office, case: &Case, key: &str) -> String {
    let id = key.split_once(':').map_or(key, |(_, id)| id);
    let text = |kind: &str| office.services.text(&case.service, &format!("{kind}.{id}"));
    let found = if key.starts_with("field:") { text("field") } else { text("material").or_else(|| text("field")) };
    found.unwrap_or_else(|| "要补的材料".to_owned())
}

/// What was handed in before, masked.
fn before(service: &Service, payload: &Payload, key: &str) -> Option<String> {
    let Target::Page { fields, .. } = target(service, key) else { return None };
    let [field] = fields.as_slice() else { return None };
    masked(service, field, payload.answers.get(field)?)
}

fn masked(service: &Service, field: &FieldId, answer: &Answer) -> Option<String> {
    match answer {
        Answer::Text(text) => {
            let text = text.expose();
            match &service.field(field)?.kind {
                FieldKind::Phone { .. } => Some(mask::phone(text)),
                FieldKind::Number { .. } => Some(mask::id_number(text)),
                FieldKind::PersonName => Some(mask::name(text)),
                FieldKind::Text { .. }
                | FieldKind::Date { .. }
                | FieldKind::Choice { .. }
                | FieldKind::Address
                | FieldKind::Photo { .. }
                | FieldKind::Document { .. }
                | FieldKind::Signature
                | FieldKind::Declaration
                | FieldKind::Group { .. } => None,
            }
        }
        Answer::Document(pages) => Some(format!("{} 页", pages.len())),
        Answer::Photo(_) => Some("1 张".to_owned()),
        Answer::Date(_)
        | Answer::Choice(_)
        | Answer::Address(_)
        | Answer::Later
        | Answer::Signature(_)
        | Answer::CannotSign
        | Answer::AtCounter
        | Answer::Declared => None,
    }
}

/// How it ended: by the decision that ended it, or on the spot.
fn ended(case: &Case, decisions: &[Decided]) -> Ended {
    let last = decisions.iter().rev().find(|decided| decided.status == case.status);
    let (reason, remedy) = match last.map(|decided| serde_json::from_value(decided.decision.clone())) {
        Some(Ok(Decision::RefuseToAccept { reason, remedy } | Decision::Reject { reason, remedy, .. })) => {
            (reason, remedy)
        }
        Some(_) | None => (String::new(), String::new()),
    };
    let on = china_day(last.map_or(case.received_at, |decided| decided.at));
    Ended { on, reason: Sensitive::new(reason), remedy: Sensitive::new(remedy) }
}
