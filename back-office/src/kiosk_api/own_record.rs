//! A person's own data for prefilling, passed on to the registry for persons who were identified.
//! Invariants: for a person whom nobody has confirmed yet the registry is not even asked; that an officer did, a kiosk
//! cannot say.

use super::{FromKiosk, Whole};
use crate::office::Office;
use crate::problem::ApiProblem;
use axum::Json;
use axum::extract::State;
use std::sync::Arc;
use wire::payload::Identified;
use wire::problem::Slug;
use wire::registry::{OwnRecord, OwnRecordRequest};

/// `POST /v1/own-record`.
pub(super) async fn own_record(
    State(office): State<Arc<Office>>,
    FromKiosk(kiosk): FromKiosk,
    Whole(body): Whole,
) -> Result<Json<OwnRecord>, ApiProblem> {
    // The parser's words could quote what was sent: they stay out of the answer.
    let question: OwnRecordRequest =
        serde_json::from_slice(&body).map_err(|_| ApiProblem::malformed("not a question for an own record"))?;
    if question.identified.needs_officer() || question.identified == Identified::Counter {
        return Err(ApiProblem::of(Slug::NotIdentified));
    }
    tracing::info!(kiosk = %kiosk.enrolled.id, "own record asked");
    office
        .registry
        .own_record(&question)
        .await
        .map(Json)
        .map_err(|_| ApiProblem::of(Slug::RegistryUnavailable).after(5))
}
