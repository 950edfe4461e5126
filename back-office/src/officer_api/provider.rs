//! Signing in through the bureau's identity provider: away with a secret of this browser, and back.
//! Invariants: whoever comes back is an officer who is enrolled with the provider's `sub`, or nobody; both ends leave a leaf;
//! the browser lands on the workbench's page whatever happened, and the address tells no more than a word.
//! Not here: the protocol (`crate::oidc`).

use super::door::named_cookie;
use super::proof::note;
use super::session::open;
use crate::listen::PeerAddress;
use crate::office::Office;
use crate::oidc::{OidcError, Provider};
use crate::problem::ApiProblem;
use crate::sessions::Way;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// The path that the provider sends people back to; it is registered there.
const BACK: &str = "/v1/session/provider/return";

#[derive(Deserialize)]
pub(super) struct Back {
    state: Option<String>,
    code: Option<String>,
}

fn provider(office: &Office) -> Result<(&Provider, String), ApiProblem> {
    let provider = office.provider.as_ref().ok_or_else(ApiProblem::not_found)?;
    let origin = office.origin.get().ok_or_else(ApiProblem::not_found)?;
    Ok((provider, format!("{origin}{BACK}")))
}

fn cookie_name(office: &Office) -> &'static str {
    if office.loaded.config.listen.officers_tls { "__Host-yimen-provider" } else { "yimen-provider" }
}

/// Lax, as the way back begins on the provider's page.
fn cookie(office: &Office, value: &str, seconds: u32) -> Result<HeaderValue, ApiProblem> {
    let secure = if office.loaded.config.listen.officers_tls { "; Secure" } else { "" };
    let name = cookie_name(office);
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"))
        .map_err(|_| ApiProblem::later("The sign-in cannot be begun now."))
}

/// `GET /v1/session/provider`.
pub(super) async fn begin(State(office): State<Arc<Office>>) -> Result<Response, ApiProblem> {
    let (provider, back) = provider(&office)?;
    let secret = hex::encode(ambient::random_bytes::<32>());
    let to = match provider.begin(&back, &secret, ambient::now()).await {
        Ok(to) => to,
        Err(error) => {
            tracing::warn!(%error, "signing in through the provider");
            return Ok((StatusCode::SEE_OTHER, [(header::LOCATION, "/?provider=failed")]).into_response());
        }
    };
    let to = HeaderValue::from_str(to.as_str()).map_err(|_| ApiProblem::later("The provider's address is none."))?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, to), (header::SET_COOKIE, cookie(&office, &secret, 600)?)])
        .into_response())
}

/// `GET /v1/session/provider/return`.
pub(super) async fn come_back(
    State(office): State<Arc<Office>>,
    peer: Option<Extension<PeerAddress>>,
    Query(told): Query<Back>,
    headers: HeaderMap,
) -> Result<Response, ApiProblem> {
    let (provider, back) = provider(&office)?;
    let gone = cookie(&office, "", 0)?;
    let home = |word: &'static str| {
        let headers = [(header::LOCATION, HeaderValue::from_static(word)), (header::SET_COOKIE, gone)];
        (StatusCode::SEE_OTHER, AppendHeaders(headers)).into_response()
    };
    let browser = named_cookie(cookie_name(&office), &headers).unwrap_or_default();
    let subject = match (told.state, told.code) {
        (Some(state), Some(code)) => provider.finish(&back, &browser, &state, &code, ambient::now()).await,
        // The provider refused, or somebody came by a made-up address.
        (_, _) => Err(OidcError::Gone),
    };
    let subject = match subject {
        Ok(subject) => subject,
        Err(error) => {
            tracing::warn!(%error, "signing in through the provider");
            // An address that nobody was sent to is no try of anybody.
            if !matches!(error, OidcError::Gone) {
                note(&office, "nobody", "sign-in-refused", json!({ "by": Way::Provider })).await?;
            }
            return Ok(home("/?provider=failed"));
        }
    };
    let address = super::door::address_of(&office, peer.map(|Extension(peer)| peer), &headers);
    let Some(officer) = office.officers.by_subject(&subject) else {
        note(&office, "nobody", "sign-in-refused", json!({ "by": Way::Provider })).await?;
        return Ok(home("/?provider=unknown"));
    };
    if officer.locked {
        note(&office, officer.id.as_str(), "sign-in-refused", json!({ "why": "locked" })).await?;
        return Ok(home("/?provider=locked"));
    }
    let session = open(&office, &officer, Way::Provider, address).await?;
    let mut response = home("/");
    response.headers_mut().append(header::SET_COOKIE, session);
    Ok(response)
}
