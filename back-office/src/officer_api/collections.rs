//! Issuing after approval, the copy aid for the ministry's system, and the desk where people collect.
//! Invariants: only an approved case is issued, once; identity is checked before anything is handed over; a reprint has a
//! reason, which is sealed; what is opened leaves an audit leaf before it is shown.
//! Not here: making papers (`worker::issuing`), rows (`store::collections`).

use super::cases::closed_needs_reason;
use super::claims::{conflict, read};
use super::door::FromOfficer;
use super::evidence::{self, Evidence};
use super::form;
use crate::custody::split::Kept;
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::retention::still_kept;
use crate::rights::Action;
use crate::store::cases::{self, Case};
use crate::store::collections::{self, Collection, Issued, Kind, Leaving, State};
use crate::store::{StoreError, audit, certificates, marks, notices, sealed_reasons};
use crate::worker::issuing;
use crate::worker::opening::Opened;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State as Shared};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::case::Status;
use domain::ids::{CaseId, ReceiptCode};
use domain::sensitive::Sensitive;
use domain::service::{Output, Service};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use wire::problem::Retry;

/// A row of the desk as shown.
#[derive(Serialize)]
pub(super) struct CollectionRow {
    id: CaseId,
    case_id: CaseId,
    code: Option<String>,
    title: String,
    kind: Kind,
    state: State,
    number: Option<Sensitive<String>>,
    tracking: Option<Sensitive<String>>,
    ready_at: Timestamp,
    done_at: Option<Timestamp>,
    last_four: Option<String>,
    prints: u32,
}

/// An approved case that waits to be issued.
#[derive(Serialize)]
struct ToIssue {
    case_id: CaseId,
    claim_epoch: i64,
    code: Option<String>,
    title: String,
    kind: Option<Kind>,
    last_four: Option<String>,
    approved_at: Timestamp,
}

/// `GET /v1/collections`.
#[derive(Serialize)]
pub(super) struct Desk {
    rows: Vec<CollectionRow>,
    to_issue: Vec<ToIssue>,
}

fn unprocessable(name: &str, title: &str) -> ApiProblem {
    ApiProblem::new(name, StatusCode::UNPROCESSABLE_ENTITY, Retry::Never, title)
}

fn seal(office: &Office, case: CaseId, words: &str) -> Result<Kept, ApiProblem> {
    office.keep(case, words.as_bytes()).ok_or_else(|| ApiProblem::later("This cannot be sealed now."))
}

/// Sealed words, when this office can open them.
pub(crate) fn unsealed(office: &Office, sealed: &[u8]) -> Option<Sensitive<String>> {
    let plain = office.open_kept(sealed)?;
    String::from_utf8(plain).ok().map(Sensitive::new)
}

fn row(office: &Office, found: Collection) -> CollectionRow {
    let own = found.certificate.map(Sensitive::new);
    CollectionRow {
        id: found.case,
        case_id: found.case,
        number: own.or_else(|| unsealed(office, found.sealed_number.as_deref()?)),
        tracking: found.sealed_tracking.and_then(|sealed| unsealed(office, &sealed)),
        code: found.code,
        title: found.title,
        kind: found.kind,
        state: found.state,
        ready_at: found.ready_at,
        done_at: found.done_at,
        last_four: found.last_four,
        prints: found.prints,
    }
}

fn kind_of(service: Option<&Service>) -> Option<Kind> {
    service.map(|service| match service.output {
        Output::Certificate { .. } => Kind::Certificate,
        Output::Collection { .. } => Kind::Credential,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    q: Option<String>,
}

/// Whether a row is meant: receipt code with or without its gap, last four, number, or part of the service's name.
fn meant(row: &CollectionRow, q: &str) -> bool {
    let code = ReceiptCode::parse(q).map(|code| code.as_str().to_owned());
    let is = |own: &Option<String>, text: &str| own.as_deref() == Some(text);
    let number = row.number.as_ref().is_some_and(|number| number.expose() == q);
    number
        || is(&row.last_four, &q.to_uppercase())
        || row.title.contains(q)
        || code.is_some_and(|code| is(&row.code, &code))
}

/// `GET /v1/collections`.
pub(super) async fn list(
    Shared(office): Shared<Arc<Office>>,
    from: FromOfficer,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Desk>, ApiProblem> {
    let (collect, issue) = (from.rights.scopes(Action::Collect), from.rights.scopes(Action::Issue));
    let (found, waiting) = office
        .store
        .read::<_, StoreError>(move |c| {
            let mut waiting = Vec::new();
            for (id, at) in collections::to_issue(c, &issue)? {
                waiting.extend(cases::find(c, id)?.map(|case| (case, at)));
            }
            Ok((collections::within(c, &collect)?, waiting))
        })
        .await?;
    let to_issue = waiting.into_iter().map(|(case, approved_at)| ToIssue {
        kind: kind_of(office.services.service(&case.service)),
        case_id: case.id,
        claim_epoch: case.claim_epoch,
        code: case.code,
        title: case.title,
        last_four: case.last_four,
        approved_at,
    });
    let to_issue = to_issue.collect();
    let inner = Arc::clone(&office);
    let rows = tokio::task::spawn_blocking(move || found.into_iter().map(|found| row(&inner, found)).collect())
        .await
        .map_err(|_| ApiProblem::later("The desk cannot be read now."))?;
    let mut desk = Desk { rows, to_issue };
    if let Some(q) = wanted.q.map(|q| q.trim().to_owned()).filter(|q| !q.is_empty()) {
        desk.rows.retain(|row| meant(row, &q));
        let code = ReceiptCode::parse(&q).map(|code| code.as_str().to_owned());
        desk.to_issue.retain(|row| {
            row.title.contains(&q)
                || row.last_four.as_deref() == Some(&q.to_uppercase())
                || (code.is_some() && row.code == code)
        });
    }
    Ok(Json(desk))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Issue {
    /// The epoch that the approval left.
    claim_epoch: i64,
    /// The number that the ministry's system gave.
    #[serde(default)]
    ministry_number: Option<String>,
}

/// The case, when it can be issued now; or its row, when it was already.
fn issuable(c: &rusqlite::Connection, from: &FromOfficer, id: CaseId, epoch: i64) -> Result<(Case, bool), ApiProblem> {
    let case = from.may(cases::find(c, id)?)?;
    if collections::find(c, id)?.is_some() {
        return Ok((case, true));
    }
    if case.status != Status::Approved {
        return Err(conflict("not-approved", "Only an approved case is issued"));
    }
    if case.claim_epoch != epoch {
        return Err(conflict("lease-lost", "The case has changed since you looked"));
    }
    Ok((case, false))
}

async fn shown(office: &Arc<Office>, id: CaseId) -> Result<Json<CollectionRow>, ApiProblem> {
    let found = office.store.read::<_, StoreError>(move |c| collections::find(c, id)).await?;
    Ok(Json(row(office, found.ok_or_else(not_issued)?)))
}

fn not_issued() -> ApiProblem {
    conflict("not-issued", "This case was not issued yet")
}

/// `POST /v1/cases/{id}/issue`: once; asked again it answers what was issued.
pub(super) async fn issue(
    Shared(office): Shared<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
    body: Bytes,
) -> Result<Json<CollectionRow>, ApiProblem> {
    let Issue { claim_epoch, ministry_number } = read(&body)?;
    let (id, looker) = (CaseId(id), from.clone());
    let (case, known) = office.store.read::<_, ApiProblem>(move |c| issuable(c, &looker, id, claim_epoch)).await?;
    if known {
        return shown(&office, id).await;
    }
    let service = office.services.service(&case.service);
    let service =
        service.ok_or_else(|| unprocessable("unknown-service", "The catalogue does not know this service"))?;
    let (issued, key) = match kind_of(Some(service)) {
        Some(Kind::Certificate) => (Issued::Certificate(certificate(&office, &case, service).await?), None),
        Some(Kind::Credential) | None => {
            let kept = seal(&office, id, &number(ministry_number)?)?;
            (Issued::Credential(kept.column), Some(kept.key))
        }
    };
    let (now, today) = (ambient::now(), crate::office::china_day(ambient::now()));
    office
        .store
        .write_keyed::<_, ApiProblem>(move |c, keys| {
            let (case, known) = issuable(c, &from, id, claim_epoch)?;
            if known {
                return Ok(());
            }
            if let Some(key) = &key {
                keys.put(key)?;
            }
            if let Issued::Certificate(number) = &issued {
                certificates::issued(c, number)?;
            }
            collections::add(c, from.act(now), case.id, issued)?;
            notices::add(c, case.id, notices::READY, "", today, now)?;
            Ok(())
        })
        .await?;
    office.notices.notify_one();
    shown(&office, id).await
}

/// A number as an officer copies it from the ministry's screen.
fn number(given: Option<String>) -> Result<String, ApiProblem> {
    let number = given.unwrap_or_default().trim().to_owned();
    let plain = !number.is_empty() && number.chars().count() <= 40 && !number.chars().any(char::is_control);
    if plain { Ok(number) } else { Err(unprocessable("number-needed", "Enter the number of the ministry's system")) }
}

async fn certificate(office: &Arc<Office>, case: &Case, service: &Service) -> Result<String, ApiProblem> {
    let cannot = || {
        ApiProblem::new("paper-not-made", StatusCode::SERVICE_UNAVAILABLE, Retry::Later, "The paper cannot be made now")
            .detail("The registry gives no answer, or knows this person under another name. Nothing was issued.")
    };
    let Opened::Readable { payload, .. } = evidence::open(office, case).await? else {
        return Err(unprocessable("unreadable", "What the person submitted cannot be opened"));
    };
    let made = issuing::approved(office, service, &payload, case.submission).await;
    made.map_err(|error| ApiProblem::later(error.to_string()))?.map(|reserved| reserved.number).ok_or_else(cannot)
}

#[derive(Serialize)]
struct CopyField {
    label: String,
    value: Sensitive<String>,
}

/// `GET /v1/cases/{id}/copy-aid`.
#[derive(Serialize)]
pub(super) struct CopyAid {
    fields: Vec<CopyField>,
}

/// The fields in the order of the ministry's form.
fn copy_fields(evidence: &Evidence<'_>) -> Vec<CopyField> {
    let Some(payload) = evidence.payload else { return Vec::new() };
    let field =
        |label: &str, value: &str| CopyField { label: label.to_owned(), value: Sensitive::new(value.to_owned()) };
    let asked: Vec<form::FieldRow> = form::steps(evidence).into_iter().flat_map(|step| step.fields).collect();
    let named = |name: &str| match name {
        "applicant.name" => Some(field("申请人姓名", payload.applicant.name.expose())),
        "applicant.id-number" => Some(field("申请人身份证号", payload.applicant.id_number.expose())),
        "subject.id-number" => payload.subject.as_ref().map(|number| field("被代办人身份证号", number.expose())),
        "receipt.code" => Some(field("回执编号", payload.code.as_str())),
        id => asked
            .iter()
            .find(|row| row.id == id && !row.value.expose().is_empty())
            .map(|row| CopyField { label: row.label.clone(), value: row.value.clone() }),
    };
    let order = evidence.service.map(|service| service.copy_order.clone()).unwrap_or_default();
    if !order.is_empty() {
        return order.iter().filter_map(|name| named(name)).collect();
    }
    // Pictures, signatures and consents are nothing to type.
    let typed = asked.iter().filter(|row| evidence.service.is_some_and(|service| is_typed(service, &row.id)));
    let mut names = vec!["applicant.name", "applicant.id-number", "subject.id-number"];
    names.extend(typed.map(|row| row.id.as_str()));
    names.into_iter().filter_map(named).collect()
}

fn is_typed(service: &Service, id: &str) -> bool {
    use domain::service::FieldKind;
    service.field(&domain::ids::FieldId::new(id)).is_some_and(|field| match field.kind {
        FieldKind::Text { .. }
        | FieldKind::PersonName
        | FieldKind::Number { .. }
        | FieldKind::Phone { .. }
        | FieldKind::Date { .. }
        | FieldKind::Choice { .. }
        | FieldKind::Address => true,
        FieldKind::Photo { .. }
        | FieldKind::Document { .. }
        | FieldKind::Signature
        | FieldKind::Declaration
        | FieldKind::Group { .. } => false,
    })
}

/// `GET /v1/cases/{id}/copy-aid`: while an approved case waits to be issued no reason is asked, afterwards one is.
pub(super) async fn copy_aid(
    Shared(office): Shared<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
) -> Result<Json<CopyAid>, ApiProblem> {
    let (id, now) = (CaseId(id), ambient::now());
    let (case, marks) = office
        .store
        .write::<_, ApiProblem>(move |c| {
            let case = from.may(cases::find(c, id)?)?;
            let waits = case.status == Status::Approved && collections::find(c, id)?.is_none();
            if !waits {
                closed_needs_reason(c, &from, &case, now)?;
            }
            audit::append(c, now, &from.actor(), "copy-aid-opened", &format!("case:{id}"), serde_json::json!({}))?;
            Ok((case, marks::of(c, id)?))
        })
        .await?;
    let opened = evidence::open(&office, &case).await?;
    Ok(Json(CopyAid { fields: copy_fields(&Evidence::of(&office, &case, &opened, &marks)) }))
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum By {
    Own,
    Proxy,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Collected {
    identity_checked: bool,
    by: By,
    #[serde(default)]
    proxy_note: Option<String>,
}

fn gone() -> ApiProblem {
    conflict("not-ready", "This has left the desk already")
}

fn spoken(words: Option<String>) -> Option<String> {
    words.map(|words| words.trim().to_owned()).filter(|words| !words.is_empty())
}

/// `POST /v1/collections/{id}/collected`.
pub(super) async fn collected(
    Shared(office): Shared<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
    body: Bytes,
) -> Result<Json<CollectionRow>, ApiProblem> {
    let Collected { identity_checked, by, proxy_note } = read(&body)?;
    if !identity_checked {
        return Err(unprocessable("identity-not-checked", "Check who collects before handing anything over"));
    }
    let note = spoken(proxy_note);
    if by == By::Proxy && note.is_none() {
        return Err(unprocessable("proxy-note-needed", "Say who collects with which mandate"));
    }
    let (id, now) = (CaseId(id), ambient::now());
    let kept = note.map(|note| seal(&office, id, &note)).transpose()?;
    office
        .store
        .write_keyed::<_, ApiProblem>(move |c, keys| {
            from.may(cases::find(c, id)?)?;
            collections::find(c, id)?.ok_or_else(not_issued)?;
            let leaving = Leaving::Collected { by_proxy: by == By::Proxy };
            if !collections::leave(c, from.act(now), id, leaving)? {
                return Err(gone());
            }
            if let Some(kept) = kept {
                keys.put(&kept.key)?;
                sealed_reasons::add(c, from.act(now), &format!("case:{id}"), "collected-by-proxy", &kept.column)?;
            }
            Ok(())
        })
        .await?;
    shown(&office, id).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PostedBody {
    tracking: String,
}

/// `POST /v1/collections/{id}/posted`.
pub(super) async fn posted(
    Shared(office): Shared<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
    body: Bytes,
) -> Result<Json<CollectionRow>, ApiProblem> {
    let PostedBody { tracking } = read(&body)?;
    let (id, now) = (CaseId(id), ambient::now());
    let kept = seal(&office, id, &number(Some(tracking))?)?;
    office
        .store
        .write_keyed::<_, ApiProblem>(move |c, keys| {
            from.may(cases::find(c, id)?)?;
            collections::find(c, id)?.ok_or_else(not_issued)?;
            keys.put(&kept.key)?;
            if collections::leave(c, from.act(now), id, Leaving::Posted(kept.column))? { Ok(()) } else { Err(gone()) }
        })
        .await?;
    shown(&office, id).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reprint {
    reason: String,
}

/// `POST /v1/collections/{id}/reprint`.
pub(super) async fn reprint(
    Shared(office): Shared<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
    body: Bytes,
) -> Result<Json<CollectionRow>, ApiProblem> {
    let Reprint { reason } = read(&body)?;
    let reason = spoken(Some(reason)).ok_or_else(|| unprocessable("reason-empty", "Say why it is printed again"))?;
    let (id, now) = (CaseId(id), ambient::now());
    let kept = seal(&office, id, &reason)?;
    office
        .store
        .write_keyed::<_, ApiProblem>(move |c, keys| {
            from.may(cases::find(c, id)?)?;
            collections::find(c, id)?.ok_or_else(not_issued)?;
            still_kept(c, id)?;
            collections::reprint(c, from.act(now), id)?
                .ok_or_else(|| conflict("no-paper", "A credential is not printed here"))?;
            keys.put(&kept.key)?;
            sealed_reasons::add(c, from.act(now), &format!("case:{id}"), "reprint", &kept.column)?;
            Ok(())
        })
        .await?;
    shown(&office, id).await
}

/// `GET /v1/collections/{id}/paper`: the certificate as PDF, for the printer.
pub(super) async fn paper(
    Shared(office): Shared<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, ApiProblem> {
    let (id, now) = (CaseId(id), ambient::now());
    let number = office
        .store
        .write::<_, ApiProblem>(move |c| {
            from.may(cases::find(c, id)?)?;
            let found = collections::find(c, id)?.ok_or_else(not_issued)?;
            still_kept(c, id)?;
            let number = found.certificate.ok_or_else(|| conflict("no-paper", "A credential is not printed here"))?;
            audit::append(c, now, &from.actor(), "paper-opened", &format!("case:{id}"), serde_json::json!({}))?;
            Ok(number)
        })
        .await?;
    let pdf = issuing::paper(&office, &number).await?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], pdf).into_response())
}
