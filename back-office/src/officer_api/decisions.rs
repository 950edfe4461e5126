//! Deciding: evidence is opened first, then judged and written in one job. What a decision does: `store::deciding`.
//! Invariants: only the holder under the current epoch and version decides; what is still open is judged by the marks
//! inside the same job; the second person may decide only what waits for one.

use super::claims::{conflict, problem, read};
use super::door::{FromOfficer, not_your_right};
use super::evidence::{self, Evidence};
use super::shapes::{CaseRow, Rows};
use crate::office::{Office, china_time};
use crate::problem::ApiProblem;
use crate::rights::Action;
use crate::store::cases::{self, Case};
use crate::store::deciding::{self, Asked, DecideError};
use crate::store::{StoreError, marks};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::case::{Decision, Refusal};
use domain::ids::CaseId;
use serde::Deserialize;
use std::sync::Arc;
use wire::problem::Retry;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decide {
    /// The epoch that the claim gave.
    claim_epoch: i64,
    /// The version the officer saw.
    version: i64,
    /// What is decided.
    decision: Decision,
    /// For colleagues.
    #[serde(default)]
    note: Option<String>,
}

/// Whoever may only be the second person decides only what waits for one.
pub(super) fn may_decide(from: &FromOfficer, case: &Case) -> Result<(), ApiProblem> {
    let second = case.second.is_some() && from.can(Action::Review, case);
    if from.can(Action::Decide, case) || second { Ok(()) } else { Err(not_your_right()) }
}

fn refused(why: &[Refusal]) -> ApiProblem {
    let words: Vec<String> = why.iter().map(ToString::to_string).collect();
    ApiProblem::new(
        "decision-refused",
        StatusCode::UNPROCESSABLE_ENTITY,
        Retry::Never,
        "This decision cannot be made now",
    )
    .detail(words.join("；"))
    .member("why", words)
}

fn told(office: &Office, error: DecideError) -> ApiProblem {
    match error {
        DecideError::Claim(error) => problem(office, error),
        DecideError::VersionConflict(version) => {
            conflict("version-conflict", "The case has changed since you looked").member("version", version)
        }
        DecideError::Refused(why) => refused(&why),
    }
}

/// `POST /v1/cases/{id}/decide`.
pub(super) async fn decide(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
    body: Bytes,
) -> Result<Json<CaseRow>, ApiProblem> {
    let Decide { claim_epoch, version, decision, note } = read(&body)?;
    let note = note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty());
    let asked = Asked { claim_epoch, version, decision, note };
    let (id, now) = (CaseId(id), ambient::now());
    let case = from.may(office.store.read::<_, StoreError>(move |c| cases::find(c, id)).await?)?;
    let opened = evidence::open(&office, &case).await?;
    let inner = Arc::clone(&office);
    let case = office
        .store
        .write::<_, ApiProblem>(move |c| {
            let case = from.may(cases::find(c, id)?)?;
            may_decide(&from, &case)?;
            let marks = marks::of(c, id)?;
            let rules = Evidence::of(&inner, &case, &opened, &marks).rules();
            deciding::decide(c, from.act(now), case, asked, china_time(now), &rules).map_err(|e| told(&inner, e))
        })
        .await?;
    Ok(Json(Rows::at(&office, now).row(case)))
}
