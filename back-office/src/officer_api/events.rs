//! The event stream of the workbench: one number that grows when the queue may have changed.
//! Invariants: changes within 250 ms are told once; nothing personal; the stream ends when the session does, and
//! listening does not keep a session alive.

use super::door::{FromOfficer, secret};
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::sessions::Found;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Changes closer together than this are told once.
const COALESCE: Duration = Duration::from_millis(250);
/// A comment at least so often, so that proxies keep the line.
const PING: Duration = Duration::from_secs(15);

struct Listening {
    office: Arc<Office>,
    /// The session's secret; `None` for a token, which lasts.
    secret: Option<String>,
    changes: watch::Receiver<u64>,
    first: bool,
}

impl Listening {
    fn still_signed_in(&self) -> bool {
        self.secret
            .as_ref()
            .is_none_or(|secret| matches!(self.office.sessions.find(secret, ambient::now(), false), Found::Open(_)))
    }

    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        let text = if self.first {
            self.first = false;
            event(*self.changes.borrow_and_update())
        } else {
            match tokio::time::timeout(PING, self.changes.changed()).await {
                Ok(Ok(())) => {
                    tokio::time::sleep(COALESCE).await;
                    event(*self.changes.borrow_and_update())
                }
                Ok(Err(_)) => return None,
                Err(_) => ": here\n\n".to_owned(),
            }
        };
        self.still_signed_in().then(|| (Ok(Bytes::from(text)), self))
    }
}

fn event(version: u64) -> String {
    format!("event: queue\ndata: {{\"version\":{version}}}\n\n")
}

/// `GET /v1/events`.
pub(super) async fn stream(
    State(office): State<Arc<Office>>,
    _: FromOfficer,
    headers: HeaderMap,
) -> Result<Response, ApiProblem> {
    let secret = if headers.contains_key(header::AUTHORIZATION) { None } else { secret(&office, &headers) };
    let changes = office.changes.listen();
    let listening = Listening { office, secret, changes, first: true };
    let body = Body::from_stream(unfold(listening, Listening::next));
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, body).into_response())
}
