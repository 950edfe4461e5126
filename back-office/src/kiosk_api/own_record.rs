//! A person's own data for prefilling, passed on to the registry for persons who were identified.
//! Invariants: for a person whom nobody has confirmed yet the registry is not even asked; that an officer did, a kiosk
//! cannot say.

use super::FromKiosk;
use crate::office::Office;
use crate::problem::ApiProblem;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use wire::payload::Identified;
use wire::problem::Retry;
use wire::registry::{OwnRecord, OwnRecordRequest};

/// `POST /v1/own-record`.
pub(super) async fn own_record(
    State(office): State<Arc<Office>>,
    FromKiosk(kiosk): FromKiosk,
    body: Bytes,
) -> Result<Json<OwnRecord>, ApiProblem> {
    // The parser's words could quote what was sent: they stay out of the answer.
    let question: OwnRecordRequest =
        serde_json::from_slice(&body).map_err(|_| ApiProblem::malformed("not a question for an own record"))?;
    if question.identified.needs_officer() || question.identified == Identified::Counter {
        return Err(ApiProblem::new(
            "not-identified",
            StatusCode::FORBIDDEN,
            Retry::Never,
            "Nobody has confirmed this person yet",
        ));
    }
    tracing::info!(kiosk = %kiosk.enrolled.id, "own record asked");
    office.registry.own_record(&question).await.map(Json).map_err(|_| {
        ApiProblem::new(
            "registry-unavailable",
            StatusCode::SERVICE_UNAVAILABLE,
            Retry::Later,
            "The registry gives no answer now",
        )
        .after(5)
    })
}
