//! Claiming, renewing, releasing. A claim is a lease with a fencing token (`claim_epoch`).
//! Invariants: one case has one holder; a lease that ran out may be taken by anybody, and from then on every act with
//! the old epoch is answered with `lease-lost`.

use super::FromOfficer;
use super::shapes::CaseRow;
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::store::audit;
use crate::store::cases::{self, Case, Place};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::ids::{BranchId, CaseId};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use serde::Deserialize;
use std::sync::Arc;
use wire::problem::Retry;

/// The body of what only a holder may do.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Held {
    /// The epoch that the claim gave.
    pub(super) claim_epoch: i64,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct ClaimNext {
    /// Only of these branches; all of the officer's when absent.
    branches: Option<Vec<BranchId>>,
}

fn conflict(name: &str, title: &str) -> ApiProblem {
    ApiProblem::new(name, StatusCode::CONFLICT, Retry::Never, title)
}

pub(super) fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, ApiProblem> {
    serde_json::from_slice(body).map_err(|error| ApiProblem::malformed(error.to_string()))
}

/// The case, when this officer holds it under this epoch and the lease still runs.
pub(super) fn held(
    connection: &Connection,
    officer: &FromOfficer,
    id: CaseId,
    epoch: i64,
    now: Timestamp,
) -> Result<Case, ApiProblem> {
    let case = officer.may_see(cases::find(connection, id)?)?;
    if case.claim_epoch != epoch || case.holder_at(now) != Some(&officer.0.id) {
        return Err(conflict("lease-lost", "You no longer hold this case").detail("Claim it again, then look anew."));
    }
    Ok(case)
}

fn take(
    connection: &Connection,
    officer: &FromOfficer,
    mut case: Case,
    now: Timestamp,
    seconds: i64,
) -> Result<Case, ApiProblem> {
    case.claim_epoch += 1;
    case.holder = Some(officer.0.id.clone());
    case.lease_until = Some(now + SignedDuration::from_secs(seconds));
    cases::update(connection, &mut case)?;
    let details = serde_json::json!({ "epoch": case.claim_epoch, "until": case.lease_until });
    audit::append(connection, now, &officer.actor(), "case-claimed", &format!("case:{}", case.id), details)?;
    Ok(case)
}

/// `POST /v1/queue/claim-next`.
pub(super) async fn claim_next(
    State(office): State<Arc<Office>>,
    officer: FromOfficer,
    body: Bytes,
) -> Result<Json<CaseRow>, ApiProblem> {
    let wanted: ClaimNext = if body.is_empty() { ClaimNext::default() } else { read(&body)? };
    let mut branches = officer.0.branches.clone();
    if let Some(only) = wanted.branches {
        branches.retain(|branch| only.contains(branch));
    }
    let (now, seconds) = (ambient::now(), office.loaded.config.limits.lease_seconds);
    let case = office
        .store
        .write::<_, ApiProblem>(move |c| match cases::next_unclaimed(c, &branches, now)? {
            Some(case) => take(c, &officer, case, now, seconds),
            None => Err(ApiProblem::new("queue-empty", StatusCode::NOT_FOUND, Retry::Later, "No case waits for you")),
        })
        .await?;
    Ok(Json(CaseRow::at(case, now)))
}

/// `POST /v1/cases/{id}/claim`; also a parked case, when the person stands at the counter.
pub(super) async fn claim(
    State(office): State<Arc<Office>>,
    officer: FromOfficer,
    Path(id): Path<uuid::Uuid>,
) -> Result<Json<CaseRow>, ApiProblem> {
    let (now, seconds) = (ambient::now(), office.loaded.config.limits.lease_seconds);
    let case = office
        .store
        .write::<_, ApiProblem>(move |c| {
            let case = officer.may_see(cases::find(c, CaseId(id))?)?;
            if case.place == Place::Closed {
                return Err(conflict("case-ended", "This case has ended"));
            }
            match case.holder_at(now) {
                Some(holder) => Err(conflict("claimed", "Somebody holds this case").member("holder", holder.as_str())),
                None => take(c, &officer, case, now, seconds),
            }
        })
        .await?;
    Ok(Json(CaseRow::at(case, now)))
}

/// `POST /v1/cases/{id}/renew`.
pub(super) async fn renew(
    State(office): State<Arc<Office>>,
    officer: FromOfficer,
    Path(id): Path<uuid::Uuid>,
    body: Bytes,
) -> Result<Json<CaseRow>, ApiProblem> {
    let Held { claim_epoch } = read(&body)?;
    let (now, seconds) = (ambient::now(), office.loaded.config.limits.lease_seconds);
    let case = office
        .store
        .write::<_, ApiProblem>(move |c| {
            let mut case = held(c, &officer, CaseId(id), claim_epoch, now)?;
            case.lease_until = Some(now + SignedDuration::from_secs(seconds));
            cases::update(c, &mut case)?;
            let details = serde_json::json!({ "epoch": claim_epoch, "until": case.lease_until });
            audit::append(c, now, &officer.actor(), "claim-renewed", &format!("case:{id}"), details)?;
            Ok(case)
        })
        .await?;
    Ok(Json(CaseRow::at(case, now)))
}

/// `POST /v1/cases/{id}/release`.
pub(super) async fn release(
    State(office): State<Arc<Office>>,
    officer: FromOfficer,
    Path(id): Path<uuid::Uuid>,
    body: Bytes,
) -> Result<Json<CaseRow>, ApiProblem> {
    let Held { claim_epoch } = read(&body)?;
    let now = ambient::now();
    let case = office
        .store
        .write::<_, ApiProblem>(move |c| {
            let mut case = held(c, &officer, CaseId(id), claim_epoch, now)?;
            end_claim(&mut case);
            cases::update(c, &mut case)?;
            let details = serde_json::json!({ "epoch": claim_epoch });
            audit::append(c, now, &officer.actor(), "case-released", &format!("case:{id}"), details)?;
            Ok(case)
        })
        .await?;
    Ok(Json(CaseRow::at(case, now)))
}

/// Nobody holds the case any more; an act under the ended claim finds another epoch.
pub(super) fn end_claim(case: &mut Case) {
    case.claim_epoch += 1;
    case.holder = None;
    case.lease_until = None;
}
