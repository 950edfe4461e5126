//! What kiosks ask by themselves: the office's clock, the key list, and whether there is news.
//! Invariant: nothing of a person; the list goes out as it was signed.

use super::FromKiosk;
use crate::office::Office;
use crate::problem::ApiProblem;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use wire::inbox::{Entry, Inbox, KEYS, OfficeTime};

fn fresh(body: impl IntoResponse) -> Response {
    let mut response = body.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// `GET /v1/time`.
pub(super) async fn time(_: FromKiosk) -> Response {
    fresh(Json(OfficeTime { now: ambient::now() }))
}

/// `GET /v1/keys`.
pub(super) async fn keys(State(office): State<Arc<Office>>, _: FromKiosk) -> Result<Response, ApiProblem> {
    Ok(fresh(Json(office.list_in_force().await?.signed.clone())))
}

/// `GET /v1/inbox?after=<cursor>`: the cursor is the moment of the newest list, so that nothing has to be kept.
pub(super) async fn inbox(
    State(office): State<Arc<Office>>,
    _: FromKiosk,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiProblem> {
    let after = match query.as_deref() {
        None | Some("") => 0,
        Some(text) => text
            .strip_prefix("after=")
            .filter(|number| !number.starts_with('+'))
            .and_then(|number| number.parse().ok())
            .ok_or_else(|| ApiProblem::malformed("ask with ?after=<cursor>, a number"))?,
    };
    let issued = office.ring.now().list.issued_at.as_millisecond();
    let newest = u64::try_from(issued).unwrap_or(0);
    let entries = if newest > after { vec![Entry { kind: KEYS.to_owned() }] } else { Vec::new() };
    Ok(fresh(Json(Inbox { cursor: newest.max(after), entries })))
}
