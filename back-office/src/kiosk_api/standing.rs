//! Where a submission stands: its receipt again, the state of its case, and the proof that its leaf is in the signed audit
//! log. For the kiosk that sent it; to everybody else it does not exist.

use super::FromKiosk;
use super::submissions::submission;
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::store::audit::{self, Proof};
use crate::store::{StoreError, cases, retention, submissions, supplements};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::case::Status;
use serde::Serialize;
use std::sync::Arc;
use wire::signature::Signed;

#[derive(Serialize)]
struct Standing {
    receipt: Signed,
    state: &'static str,
    /// Null until a checkpoint covers the leaf, a minute at most.
    proof: Option<Proof>,
}

/// Nobody has decided anything; a half-done visit stays so.
const DELIVERED: &str = "delivered";

fn word(status: Status) -> &'static str {
    match status {
        Status::Delivered => DELIVERED,
        Status::Accepted => "accepted",
        Status::Refused => "refused",
        Status::Supplement => "supplement",
        Status::Approved | Status::Rejected => "closed",
    }
}

/// `GET /v1/submissions/{id}`.
pub(super) async fn get(
    State(office): State<Arc<Office>>,
    FromKiosk(kiosk): FromKiosk,
    Path(id): Path<String>,
) -> Result<Response, ApiProblem> {
    let id = submission(&id)?;
    let found = office
        .store
        .read::<_, StoreError>(move |c| {
            let Some(found) = submissions::find(c, id)?.filter(|found| found.kiosk == kiosk.enrolled.id) else {
                return Ok(None);
            };
            let case = match cases::of_submission(c, id)? {
                Some(case) => Some(case),
                None => supplements::case_of(c, id)?.map(|case| cases::find(c, case)).transpose()?.flatten(),
            };
            let (receipt, index) = found.receipt()?;
            let state = match &case {
                Some(case) if retention::standing(c, case.id)? == retention::Standing::Erased => "erased",
                Some(case) => word(case.status),
                None => DELIVERED,
            };
            Ok(Some(Standing { receipt, state, proof: audit::proof(c, index)? }))
        })
        .await?;
    let standing = found.ok_or_else(ApiProblem::not_found)?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(standing)).into_response())
}
