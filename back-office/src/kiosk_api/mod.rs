//! The kiosks' door: blobs, submissions, outcomes, a person's own record and cases.
//! Invariant: every handler knows its kiosk by the client certificate and the file of enrolled kiosks, nothing else.
//! The list of routes below is the index.

mod blobs;
mod own_cases;
mod own_record;
mod ratings;
mod standing;
mod submissions;

use crate::kiosks::Kiosk;
use crate::listen::PeerKiosk;
use crate::office::Office;
use crate::problem::ApiProblem;
use axum::extract::{DefaultBodyLimit, FromRequestParts};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use std::sync::Arc;
use wire::problem::Retry;

/// The routes.
pub fn router(office: Arc<Office>) -> Router {
    let most = usize::try_from(office.loaded.config.limits.blob_bytes).unwrap_or(usize::MAX);
    Router::new()
        .route("/v1/health", get(health))
        .route("/v1/blobs/missing", post(blobs::missing))
        .route("/v1/blobs/{digest}", put(blobs::put).patch(blobs::patch).head(blobs::head))
        .route("/v1/submissions/{id}", put(submissions::put).get(standing::get))
        .route("/v1/submissions/{id}/outcome", get(submissions::outcome))
        .route("/v1/ratings", post(ratings::post))
        .route("/v1/own-record", post(own_record::own_record))
        .route("/v1/own-cases", post(own_cases::own_cases))
        .fallback(|| async { ApiProblem::not_found() })
        .layer(DefaultBodyLimit::max(most))
        .with_state(office)
}

async fn health(FromKiosk(kiosk): FromKiosk) -> Json<serde_json::Value> {
    Json(serde_json::json!({ "ok": true, "kiosk": kiosk.enrolled.id }))
}

/// The enrolled kiosk that sends this request.
struct FromKiosk(Kiosk);

impl FromRequestParts<Arc<Office>> for FromKiosk {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, office: &Arc<Office>) -> Result<Self, ApiProblem> {
        let peer = parts.extensions.get::<PeerKiosk>();
        peer.and_then(|peer| office.kiosks.find(&peer.0)).map(Self).ok_or_else(|| {
            ApiProblem::new(
                "not-enrolled",
                StatusCode::FORBIDDEN,
                Retry::Later,
                "This kiosk is not enrolled, or was suspended",
            )
            .detail("Keep everything; an administrator enrols the kiosk again.")
        })
    }
}
