//! The kiosks' door: blobs, submissions, outcomes, a person's own record and cases.
//! Invariant: every handler knows its kiosk by the client certificate and the store of kiosks, nothing else.
//! The list of routes below is the index.

mod admission;
mod blobs;
mod enrolment;
mod news;
pub mod openapi;
mod own_cases;
mod own_record;
pub mod pressure;
mod ratings;
mod renewal;
pub mod share;
mod standing;
mod submissions;
mod tus;

use crate::office::Office;
use crate::problem::ApiProblem;
use admission::FromKiosk;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::routing::{get, head, post, put};
use axum::{Router, middleware};
use std::sync::Arc;
use wire::problem::Slug;

/// The routes.
pub fn router(office: Arc<Office>) -> Router {
    let uploads = Router::new()
        .route("/v1/blobs", post(tus::create).options(tus::options))
        .route("/v1/blobs/{upload}", head(tus::head).patch(tus::patch).post(tus::overridden).options(tus::options))
        .method_not_allowed_fallback(|| async { ApiProblem::of(Slug::Method) })
        .layer(middleware::from_fn_with_state(Arc::clone(&office), pressure::admit))
        .layer(middleware::from_fn(tus::version));
    let intake = Router::new()
        .route("/v1/submissions/{id}", put(submissions::put))
        .layer(middleware::from_fn_with_state(Arc::clone(&office), pressure::admit));
    Router::new()
        .route("/v1/health", get(renewal::health).post(renewal::health))
        .route("/v1/certs/renew", post(renewal::renew))
        .route("/v1/blobs/missing", post(blobs::missing))
        .merge(uploads)
        .merge(intake)
        .route("/v1/submissions/{id}", get(standing::get))
        .route("/v1/submissions/{id}/outcome", get(submissions::outcome))
        .route("/v1/time", get(news::time))
        .route("/v1/keys", get(news::keys))
        .route("/v1/inbox", get(news::inbox))
        .route("/v1/ratings", post(ratings::post))
        .route("/v1/own-record", post(own_record::own_record))
        .route("/v1/own-cases", post(own_cases::own_cases))
        .method_not_allowed_fallback(|| async { ApiProblem::of(Slug::Method) })
        .fallback(|| async { ApiProblem::not_found() })
        .layer(DefaultBodyLimit::max(JSON))
        .layer(middleware::from_fn_with_state(Arc::clone(&office), share::keep))
        .with_state(office)
}

/// The routes for machines that show no certificate: enrolment alone.
pub fn strangers(office: Arc<Office>) -> Router {
    Router::new()
        .route("/v1/enrol", post(enrolment::enrol))
        .method_not_allowed_fallback(|| async { ApiProblem::of(Slug::Method) })
        .fallback(|| async { ApiProblem::not_found() })
        .layer(DefaultBodyLimit::max(64 << 10))
        .with_state(office)
}

/// Most bytes of a JSON body: a manifest of the most parts with answers that ride along.
const JSON: usize = 1 << 20;

/// A whole JSON body.
struct Whole(Bytes);

impl FromRequest<Arc<Office>> for Whole {
    type Rejection = ApiProblem;

    async fn from_request(request: Request, _: &Arc<Office>) -> Result<Self, ApiProblem> {
        let json = request.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
            kind.to_str().is_ok_and(|text| text.split(';').next().is_some_and(|kind| kind.trim() == "application/json"))
        });
        if !json {
            return Err(ApiProblem::of(Slug::Media).detail("send application/json"));
        }
        match Bytes::from_request(request, &()).await {
            Ok(bytes) => Ok(Self(bytes)),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(ApiProblem::of(Slug::TooLarge).member("most", JSON))
            }
            Err(_) => Err(ApiProblem::malformed("the body was cut off")),
        }
    }
}
