//! Signing in and out, proving again, and choosing a password.
//! Invariants: an officer with a second factor signs in with it; a new password ends all other sessions of the officer;
//! opening and ending a session leave an audit leaf. Not here: looking at passwords and codes (`proof`).

use super::claims::read;
use super::door::{FromOfficer, address_of, cookie_name, is_json, secret};
use super::proof::{self, Given, note};
use super::shapes::Me;
use crate::listen::PeerAddress;
use crate::office::Office;
use crate::officers::Officer;
use crate::passwords;
use crate::problem::ApiProblem;
use crate::sessions::{Ended, Way};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::sensitive::Sensitive;
use serde::Deserialize;
use serde_json::json;
use std::net::IpAddr;
use std::sync::Arc;
use wire::problem::Retry;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    officer: String,
    password: Sensitive<String>,
    #[serde(default)]
    code: Option<Sensitive<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    old: Sensitive<String>,
    new: Sensitive<String>,
    #[serde(default)]
    code: Option<Sensitive<String>>,
}

/// Opens a session for an officer who proved who they are; gives the cookie's header.
pub(super) async fn open(
    office: &Office,
    officer: &Officer,
    way: Way,
    address: Option<IpAddr>,
) -> Result<HeaderValue, ApiProblem> {
    let secret = hex::encode(ambient::random_bytes::<32>());
    let displaced = office.sessions.begin(&secret, &officer.id, way, address, ambient::now());
    note(office, officer.id.as_str(), "signed-in", json!({ "by": way, "displaced": displaced })).await?;
    cookie(office, &secret, "")
}

fn cookie(office: &Office, value: &str, more: &str) -> Result<HeaderValue, ApiProblem> {
    let secure = if office.loaded.config.listen.officers_tls { "; Secure" } else { "" };
    let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{more}", cookie_name(office));
    HeaderValue::from_str(&text).map_err(|_| ApiProblem::later("The session cannot be opened now."))
}

/// The session's cookie with who is signed in.
pub(super) fn signed_in(office: &Office, officer: &Officer, way: Way, cookie: HeaderValue) -> Response {
    ([(header::SET_COOKIE, cookie)], Json(Me::of(office, officer, Some(way), ambient::now()))).into_response()
}

/// `POST /v1/session`.
pub(super) async fn sign_in(
    State(office): State<Arc<Office>>,
    peer: Option<Extension<PeerAddress>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    if !is_json(&headers) {
        return Err(ApiProblem::malformed("send `content-type: application/json`"));
    }
    let SignIn { officer: id, password, code } = read(&body)?;
    let address = address_of(&office, peer.map(|Extension(peer)| peer), &headers);
    let (officer, way) = proof::by_password(&office, &id, address, Given { password, code }).await?;
    let cookie = open(&office, &officer, way, address).await?;
    Ok(signed_in(&office, &officer, way, cookie))
}

/// `DELETE /v1/session`.
pub(super) async fn sign_out(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    headers: HeaderMap,
) -> Result<Response, ApiProblem> {
    if let Some(secret) = secret(&office, &headers) {
        office.sessions.end(&secret);
        note(&office, from.officer.id.as_str(), "signed-out", json!({})).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie(&office, "", "; Max-Age=0")?)]).into_response())
}

/// `POST /v1/session/proof`: by password and code, in an open session.
pub(super) async fn prove(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    body: Bytes,
) -> Result<Json<Me>, ApiProblem> {
    let given: Given = read(&body)?;
    let (officer, way) = proof::by_password(&office, from.officer.id.as_str(), from.address, given).await?;
    proved(&office, &from, way).await?;
    Ok(Json(Me::of(&office, &officer, Some(way), ambient::now())))
}

/// The officer of a session proved again who they are.
pub(super) async fn proved(office: &Office, from: &FromOfficer, way: Way) -> Result<(), ApiProblem> {
    if let Some(session) = &from.session {
        office.sessions.prove(session.id, way, ambient::now());
    }
    note(office, from.officer.id.as_str(), "proved-again", json!({ "by": way })).await?;
    Ok(())
}

/// `POST /v1/session/password`.
pub(super) async fn change_password(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let NewPassword { old, new, code } = read(&body)?;
    let given = Given { password: old.clone(), code };
    let (officer, way) = proof::by_password(&office, from.officer.id.as_str(), from.address, given).await?;
    if let Some(why) = passwords::weakness(officer.id.as_str(), old.expose(), new.expose()) {
        return Err(ApiProblem::new(
            "weak-password",
            StatusCode::UNPROCESSABLE_ENTITY,
            Retry::Never,
            "Choose another password",
        )
        .detail(why));
    }
    let failed = || ApiProblem::later("The password cannot be changed now.");
    let hash = passwords::hash(new.into_inner()).await.ok_or_else(failed)?;
    let changed = office.officers.set_password(&officer.id, hash, ambient::now()).map_err(|error| {
        tracing::error!(officer = %officer.id, %error, "password not changed");
        failed()
    })?;
    office.sessions.end_where(&changed.id, Ended::CredentialChanged, |_| true);
    note(&office, changed.id.as_str(), "password-changed", json!({})).await?;
    let cookie = open(&office, &changed, way, from.address).await?;
    Ok(signed_in(&office, &changed, way, cookie))
}

/// `GET /v1/me`.
pub(super) async fn me(State(office): State<Arc<Office>>, from: FromOfficer) -> Json<Me> {
    let way = from.session.as_ref().map(|session| session.way);
    Json(Me::of(&office, &from.officer, way, ambient::now()))
}
