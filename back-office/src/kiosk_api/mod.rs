//! The kiosks' door: blobs, submissions, outcomes, a person's own record and cases.
//! Invariant: every handler knows its kiosk by the client certificate and the store of kiosks, nothing else. An edge is known by
//! its certificate, and for what it hands on counts the kiosk whose key has signed it.
//! The list of routes below is the index.

mod admission;
pub(crate) mod blobs;
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
pub(crate) mod submissions;
pub(crate) mod tus;

use crate::office::Office;
use crate::problem::ApiProblem;
use admission::{FromEdge, FromKiosk, enrolled_only};
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::routing::{get, post, put};
use axum::{Router, middleware};
use std::sync::Arc;
use wire::problem::Slug;

/// The routes.
pub fn router(office: Arc<Office>) -> Router {
    let uploads = tus::routes(&office.blobs).layer(enrolled_only(&office));
    let missing = Router::new().route("/v1/blobs/missing", post(blobs::missing)).layer(enrolled_only(&office));
    let intake = Router::new()
        .route("/v1/submissions/{id}", put(submissions::put))
        .layer(middleware::from_fn_with_state(Arc::clone(&office.pressure), pressure::admit));
    Router::new()
        .route("/v1/health", get(renewal::health).post(renewal::health))
        .route("/v1/certs/renew", post(renewal::renew))
        .merge(missing.with_state(office.blobs.clone()))
        .merge(tus::guarded(uploads, &office.pressure))
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
        .layer(middleware::from_fn_with_state(Arc::clone(&office.shares), share::keep))
        .with_state(office)
}

/// The routes for edges: handing on what kiosks sealed, and the list of keys; nothing of a person, nothing that opens anything.
pub fn for_edges(office: Arc<Office>) -> Router {
    let of_this_bureau = || middleware::from_extractor_with_state::<FromEdge, _>(Arc::clone(&office));
    let uploads = tus::routes(&office.blobs).layer(of_this_bureau());
    let missing = Router::new().route("/v1/blobs/missing", post(blobs::missing)).layer(of_this_bureau());
    let intake = Router::new()
        .route("/v1/submissions/{id}", put(submissions::put_by_edge))
        .layer(middleware::from_fn_with_state(Arc::clone(&office.pressure), pressure::admit));
    Router::new()
        .merge(missing.with_state(office.blobs.clone()))
        .merge(tus::guarded(uploads, &office.pressure))
        .merge(intake)
        .method_not_allowed_fallback(|| async { ApiProblem::of(Slug::Method) })
        .fallback(|| async { ApiProblem::not_found() })
        .layer(DefaultBodyLimit::max(JSON))
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
pub(crate) const JSON: usize = 1 << 20;

/// A whole JSON body.
pub(crate) struct Whole(pub(crate) Bytes);

impl<S: Send + Sync> FromRequest<S> for Whole {
    type Rejection = ApiProblem;

    async fn from_request(request: Request, _: &S) -> Result<Self, ApiProblem> {
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
