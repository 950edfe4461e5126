//! The kiosks' door: blobs, submissions, outcomes, a person's own record and cases.
//! Invariant: every handler knows its kiosk by the client certificate and the store of kiosks, nothing else.
//! The list of routes below is the index.

mod admission;
mod blobs;
mod enrolment;
mod own_cases;
mod own_record;
mod ratings;
mod renewal;
mod submissions;

use crate::office::Office;
use crate::problem::ApiProblem;
use admission::FromKiosk;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post, put};
use std::sync::Arc;

/// The routes.
pub fn router(office: Arc<Office>) -> Router {
    let most = usize::try_from(office.loaded.config.limits.blob_bytes).unwrap_or(usize::MAX);
    Router::new()
        .route("/v1/health", get(renewal::health).post(renewal::health))
        .route("/v1/certs/renew", post(renewal::renew))
        .route("/v1/blobs/missing", post(blobs::missing))
        .route("/v1/blobs/{digest}", put(blobs::put).patch(blobs::patch).head(blobs::head))
        .route("/v1/submissions/{id}", put(submissions::put))
        .route("/v1/submissions/{id}/outcome", get(submissions::outcome))
        .route("/v1/ratings", post(ratings::post))
        .route("/v1/own-record", post(own_record::own_record))
        .route("/v1/own-cases", post(own_cases::own_cases))
        .fallback(|| async { ApiProblem::not_found() })
        .layer(DefaultBodyLimit::max(most))
        .with_state(office)
}

/// The routes for machines that show no certificate: enrolment alone.
pub fn strangers(office: Arc<Office>) -> Router {
    Router::new()
        .route("/v1/enrol", post(enrolment::enrol))
        .fallback(|| async { ApiProblem::not_found() })
        .layer(DefaultBodyLimit::max(64 << 10))
        .with_state(office)
}
