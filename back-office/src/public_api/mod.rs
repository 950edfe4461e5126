//! The public door: verifying a certificate's code, how a case stands, the wall of called numbers. Nothing personal is
//! kept, and the code of a certificate never stands in an address that a log could hold: the page sends its fragment in a
//! body.

mod page;
mod status;
mod tries;
mod wall;

use crate::office::{Office, china_day, paper_class};
use crate::problem::ApiProblem;
use crate::store::StoreError;
use crate::store::certificates::{self, Standing};
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use documents::verify::{Outcome, PublicKeys, VerifyError, verify as check};
use page::escaped;
use serde::Deserialize;
use std::sync::Arc;
use wire::problem::Retry;

/// The routes.
pub fn router(office: Arc<Office>) -> Router {
    Router::new()
        .route("/v", get(verify_page))
        .route("/s", get(status::form).post(status::look))
        .route("/r/{code}", get(status::form_of))
        .route("/wall", get(wall::show))
        .route("/wall.json", get(wall::json))
        .route("/v1/verify", post(verify))
        .route("/v1/health", get(|| async { Json(serde_json::json!({ "ok": true })) }))
        .fallback(|| async { ApiProblem::not_found() })
        .layer(Extension(Arc::new(tries::Tries::default())))
        .layer(DefaultBodyLimit::max(16 << 10))
        .with_state(office)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The whole address, `#…`, or the bare text after the `#`.
    code: String,
}

fn not_confirmed(reason: &'static str) -> ApiProblem {
    ApiProblem::new("not-confirmed", StatusCode::UNPROCESSABLE_ENTITY, Retry::Never, "The code is not confirmed")
        .detail("Do not trust the paper; ask the office that issued it.")
        .member("reason", reason)
}

/// `POST /v1/verify`: the signed facts for comparison with the paper, or a problem `not-confirmed`.
async fn verify(State(office): State<Arc<Office>>, body: Bytes) -> Result<Response, ApiProblem> {
    let asked: Asked = serde_json::from_slice(&body).map_err(|_| ApiProblem::malformed("not a code to verify"))?;
    let key = &office.keys.certificate;
    let mut keys = PublicKeys::new();
    if !keys.add(&key.public_bytes(), paper_class(office.loaded.bureau.class)) {
        return Err(ApiProblem::later("The public key cannot be used."));
    }
    let facts = check(&asked.code, &keys, &[]).map_err(|error| {
        let reason = match error {
            VerifyError::NoCode => "no-code",
            VerifyError::Malformed(_) => "malformed",
            VerifyError::UnknownKey(_) => "unknown-key",
            VerifyError::Invalid => "invalid",
            VerifyError::Revoked { .. } => "revoked",
        };
        not_confirmed(reason)
    })?;
    let number = facts.number.clone();
    let standing = office.store.read::<_, StoreError>(move |c| certificates::standing(c, &number)).await?;
    let known = match standing {
        Some((_, Standing::Issued)) => true,
        // The signature holds for good, so revoked is what the office says and not what the code says.
        Some((_, Standing::Revoked(at))) => {
            return Err(not_confirmed("revoked").member("revoked_on", china_day(at).to_string()));
        }
        None => false,
    };
    let outcome = match facts.outcome {
        Outcome::Intact => "intact",
        Outcome::IntactDemonstrationOnly => "intact-demonstration-only",
    };
    let today = china_day(ambient::now());
    let shown = serde_json::json!({
        "outcome": outcome, "issued_here": known, "expired": facts.expired_on(today), "layout": facts.layout,
        "number": facts.number, "name": facts.name.expose(), "last_four": facts.last_four.expose(),
        "finding": facts.finding, "issued_on": facts.issued_on, "from": facts.from, "to": facts.to,
        "valid_until": facts.valid_until,
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(shown)).into_response())
}

/// `GET /v`: the page a phone opens from the code. Its one script carries a nonce; nothing else may run.
async fn verify_page(State(office): State<Arc<Office>>) -> Response {
    let html = include_str!("page.html")
        .replace("{{issuer}}", &escaped(&office.loaded.bureau.name))
        .replace("{{phone}}", &escaped(&office.loaded.bureau.phone));
    page::page(StatusCode::OK, &html, false)
}
