//! The public door: verifying a certificate's code. Nothing personal is kept, and the code never stands in an address
//! that a log could hold: the page sends its fragment in a body.

use crate::office::{Office, china_day, paper_class};
use crate::problem::ApiProblem;
use crate::store::{StoreError, certificates};
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use documents::verify::{Outcome, PublicKeys, VerifyError, verify as check};
use serde::Deserialize;
use std::sync::Arc;
use wire::problem::Retry;

/// The routes.
pub fn router(office: Arc<Office>) -> Router {
    Router::new()
        .route("/v", get(page))
        .route("/v1/verify", post(verify))
        .route("/v1/health", get(|| async { Json(serde_json::json!({ "ok": true })) }))
        .fallback(|| async { ApiProblem::not_found() })
        .layer(DefaultBodyLimit::max(16 << 10))
        .with_state(office)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The whole address, `#…`, or the bare text after the `#`.
    code: String,
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
        ApiProblem::new("not-confirmed", StatusCode::UNPROCESSABLE_ENTITY, Retry::Never, "The code is not confirmed")
            .detail("Do not trust the paper; ask the office that issued it.")
            .member("reason", reason)
    })?;
    let number = facts.number.clone();
    let known = office.store.read::<_, StoreError>(move |c| certificates::is_issued(c, &number)).await?;
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
async fn page(State(office): State<Arc<Office>>) -> Response {
    let nonce = base64::engine::general_purpose::STANDARD_NO_PAD.encode(ambient::random_bytes::<16>());
    let html = include_str!("page.html")
        .replace("{{nonce}}", &nonce)
        .replace("{{issuer}}", &escaped(&office.loaded.bureau.name))
        .replace("{{phone}}", &escaped(&office.loaded.bureau.phone));
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    );
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, html).into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
