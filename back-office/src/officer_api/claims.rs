//! Claiming, renewing, releasing, handing over. What a claim is: `store::claims`.
//! Invariant: rights, change and audit leaf are looked at and made in one job; a refusal names the holder.

use super::door::{FromOfficer, not_your_right};
use super::shapes::{CaseRow, Rows};
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::rights::Action;
use crate::store::StoreError;
use crate::store::cases::{self, Case};
use crate::store::claims::{self, ClaimError};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::ids::{BranchId, CaseId, OfficerId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Assign {
    officer: OfficerId,
}

#[derive(Serialize)]
struct Colleague {
    id: OfficerId,
    name: String,
    badge: String,
}

#[derive(Serialize)]
pub(super) struct Colleagues {
    officers: Vec<Colleague>,
}

pub(super) fn conflict(name: &str, title: &str) -> ApiProblem {
    ApiProblem::new(name, StatusCode::CONFLICT, Retry::Never, title)
}

pub(super) fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, ApiProblem> {
    serde_json::from_slice(body).map_err(|error| ApiProblem::malformed(error.to_string()))
}

/// A claim's refusal as a problem; whoever holds the case is named.
pub(super) fn problem(office: &Office, error: ClaimError) -> ApiProblem {
    match error {
        ClaimError::Held(holder) => {
            let name = office.officers.name_of(&holder);
            conflict("claimed", "A colleague holds this case")
                .detail(format!("{name} 正在办这件，您的内容没有改动。"))
                .member("holder", holder.as_str())
                .member("holder_name", name)
        }
        ClaimError::LeaseLost => {
            conflict("lease-lost", "You no longer hold this case").detail("Claim it again, then look anew.")
        }
        ClaimError::Ended => conflict("case-ended", "This case has ended"),
        ClaimError::Store(error) => error.into(),
    }
}

/// How long a claim lasts.
pub(super) fn lease(office: &Office) -> SignedDuration {
    SignedDuration::from_secs(office.loaded.config.limits.lease_seconds)
}

/// How long somebody comes first.
pub(super) fn sticky(office: &Office) -> SignedDuration {
    SignedDuration::from_mins(office.loaded.config.workbench.sticky_minutes)
}

/// Runs one act on a case in a write job; gives the row.
async fn act(
    office: Arc<Office>,
    from: FromOfficer,
    id: uuid::Uuid,
    job: impl FnOnce(&rusqlite::Connection, &FromOfficer, Case, Timestamp) -> Result<Case, ClaimError> + Send + 'static,
) -> Result<Json<CaseRow>, ApiProblem> {
    let now = ambient::now();
    let inner = Arc::clone(&office);
    let case = office
        .store
        .write::<_, ApiProblem>(move |c| {
            let case = from.may(cases::find(c, CaseId(id))?)?;
            job(c, &from, case, now).map_err(|error| problem(&inner, error))
        })
        .await?;
    Ok(Json(Rows::at(&office, now).row(case)))
}

/// `POST /v1/queue/claim-next`.
pub(super) async fn claim_next(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    body: Bytes,
) -> Result<Json<CaseRow>, ApiProblem> {
    let wanted: ClaimNext = if body.is_empty() { ClaimNext::default() } else { read(&body)? };
    let only = |action| {
        let claim = from.rights.scopes(Action::Claim);
        claim.only(|branch, station| {
            from.rights.may(action, branch, station)
                && wanted.branches.as_ref().is_none_or(|branches| branches.contains(branch))
        })
    };
    let (scopes, reviewing) = (only(Action::Decide), only(Action::Review));
    let (now, lease) = (ambient::now(), lease(&office));
    let case = office
        .store
        .write::<_, ApiProblem>(move |c| {
            claims::next(c, from.act(now), &scopes, &reviewing, lease)?.ok_or_else(|| {
                ApiProblem::new("queue-empty", StatusCode::NOT_FOUND, Retry::Later, "Nothing waits that nobody holds")
            })
        })
        .await?;
    Ok(Json(Rows::at(&office, now).row(case)))
}

/// `POST /v1/cases/{id}/claim`; also a parked case, when the person stands at the counter.
pub(super) async fn claim(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
) -> Result<Json<CaseRow>, ApiProblem> {
    let lease = lease(&office);
    act(office, from, id, move |c, from, case, now| claims::claim(c, from.act(now), case, lease)).await
}

/// `POST /v1/cases/{id}/renew`.
pub(super) async fn renew(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
    body: Bytes,
) -> Result<Json<CaseRow>, ApiProblem> {
    let (Held { claim_epoch }, lease) = (read(&body)?, lease(&office));
    act(office, from, id, move |c, from, case, now| claims::renew(c, from.act(now), case, claim_epoch, lease)).await
}

/// `POST /v1/cases/{id}/release`.
pub(super) async fn release(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
    body: Bytes,
) -> Result<Json<CaseRow>, ApiProblem> {
    let Held { claim_epoch } = read(&body)?;
    act(office, from, id, move |c, from, case, now| claims::release(c, from.act(now), case, claim_epoch)).await
}

/// Who may hold this case: may claim it, and is not the first of two people.
fn may_hold(officer: &crate::officers::Officer, case: &Case) -> bool {
    let first = case.second.as_ref().is_some_and(|second| second.officer == officer.id);
    !first && officer.rights().may(Action::Claim, &case.branch, &case.station)
}

/// `POST /v1/cases/{id}/assign`.
pub(super) async fn assign(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
    body: Bytes,
) -> Result<Json<CaseRow>, ApiProblem> {
    let Assign { officer: to } = read(&body)?;
    let target = office.officers.by_id(to.as_str());
    let (now, lease, sticky) = (ambient::now(), lease(&office), sticky(&office));
    let inner = Arc::clone(&office);
    let case = office
        .store
        .write::<_, ApiProblem>(move |c| {
            let case = from.may(cases::find(c, CaseId(id))?)?;
            if !target.is_some_and(|target| may_hold(&target, &case)) {
                return Err(ApiProblem::new(
                    "not-their-right",
                    StatusCode::UNPROCESSABLE_ENTITY,
                    Retry::Never,
                    "This colleague may not hold the case",
                ));
            }
            let above = from.can(Action::Assign, &case);
            let own = case.holder_at(now) == Some(&from.officer.id);
            if !above && !own && case.holder_at(now).is_none() {
                return Err(not_your_right());
            }
            claims::assign(c, from.act(now), case, &to, above, lease, sticky).map_err(|error| problem(&inner, error))
        })
        .await?;
    Ok(Json(Rows::at(&office, now).row(case)))
}

/// `GET /v1/cases/{id}/colleagues`.
pub(super) async fn colleagues(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
) -> Result<Json<Colleagues>, ApiProblem> {
    let case = from.may(office.store.read::<_, StoreError>(move |c| cases::find(c, CaseId(id))).await?)?;
    let others = office.officers.all().into_iter().filter(|officer| officer.id != from.officer.id);
    let officers = others
        .filter(|officer| may_hold(officer, &case))
        .map(|officer| Colleague {
            name: officer.shown_name().to_owned(),
            badge: officer.badge.clone(),
            id: officer.id,
        })
        .collect();
    Ok(Json(Colleagues { officers }))
}
