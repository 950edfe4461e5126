//! Signing in and out, and choosing a password.
//! Invariants: the same words and about the same time whether the id exists; the delay after wrong tries is looked at
//! before the password; a new password ends all other sessions of the officer; every success and every refusal for an
//! officer who exists leaves an audit leaf.

use super::claims::read;
use super::door::{FromOfficer, cookie_name, is_json, secret};
use super::shapes::Me;
use crate::office::Office;
use crate::officers::Officer;
use crate::passwords;
use crate::problem::ApiProblem;
use crate::store::{StoreError, audit};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::sensitive::Sensitive;
use serde::Deserialize;
use std::sync::Arc;
use wire::problem::Retry;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    officer: String,
    password: Sensitive<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    old: Sensitive<String>,
    new: Sensitive<String>,
}

fn refused(wait_seconds: i64) -> ApiProblem {
    ApiProblem::new("sign-in-refused", StatusCode::UNAUTHORIZED, Retry::Later, "The id or the password is not right")
        .member("wait_seconds", wait_seconds)
}

async fn note(office: &Office, officer: &Officer, action: &'static str) -> Result<(), StoreError> {
    let (now, actor) = (ambient::now(), format!("officer:{}", officer.id));
    office
        .store
        .write::<_, StoreError>(move |c| audit::append(c, now, &actor, action, &actor, serde_json::json!({})))
        .await
}

/// Looks at a password after the delay; wrong ones count. What was begun is brought to its end also when whoever asked does
/// not wait for it: a right password never stays counted as a wrong one, and a wrong one is never without its leaf.
async fn prove(office: &Arc<Office>, id: &str, password: Sensitive<String>) -> Result<Officer, ApiProblem> {
    office.sessions.take_try(id, ambient::now()).map_err(refused)?;
    let (office, id) = (Arc::clone(office), id.to_owned());
    let looked = tokio::spawn(async move { look(&office, &id, password).await });
    looked.await.unwrap_or_else(|_| Err(ApiProblem::later("The password cannot be looked at now.")))
}

/// Looks at a password whose try was taken.
async fn look(office: &Office, id: &str, password: Sensitive<String>) -> Result<Officer, ApiProblem> {
    let officer = office.officers.by_id(id);
    let hash = officer.as_ref().and_then(|officer| officer.password.as_ref()).map(|password| password.hash.clone());
    let right = passwords::verify(password.into_inner(), hash).await;
    match officer {
        Some(officer) if right => {
            office.sessions.right(id);
            Ok(officer)
        }
        other => {
            let wait = office.sessions.wrong(id, ambient::now());
            if let Some(officer) = other {
                note(office, &officer, "sign-in-refused").await?;
            }
            Err(refused(wait))
        }
    }
}

/// Opens a session; gives the cookie's header.
fn open_session(office: &Office, officer: &Officer) -> Result<HeaderValue, ApiProblem> {
    let secret = hex::encode(ambient::random_bytes::<32>());
    office.sessions.begin(&secret, &officer.id, ambient::now());
    cookie(office, &secret, "")
}

fn cookie(office: &Office, value: &str, more: &str) -> Result<HeaderValue, ApiProblem> {
    let secure = if office.loaded.config.listen.officers_tls { "; Secure" } else { "" };
    let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{more}", cookie_name(office));
    HeaderValue::from_str(&text).map_err(|_| ApiProblem::later("The session cannot be opened now."))
}

/// `POST /v1/session`.
pub(super) async fn sign_in(
    State(office): State<Arc<Office>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    if !is_json(&headers) {
        return Err(ApiProblem::malformed("send `content-type: application/json`"));
    }
    let SignIn { officer: id, password } = read(&body)?;
    let officer = prove(&office, &id, password).await?;
    note(&office, &officer, "signed-in").await?;
    let cookie = open_session(&office, &officer)?;
    Ok(([(header::SET_COOKIE, cookie)], Json(Me::of(&office, &officer, ambient::now()))).into_response())
}

/// `DELETE /v1/session`.
pub(super) async fn sign_out(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    headers: HeaderMap,
) -> Result<Response, ApiProblem> {
    if let Some(secret) = secret(&office, &headers) {
        office.sessions.end(&secret);
        note(&office, &from.officer, "signed-out").await?;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie(&office, "", "; Max-Age=0")?)]).into_response())
}

/// `POST /v1/session/password`.
pub(super) async fn change_password(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let NewPassword { old, new } = read(&body)?;
    let officer = prove(&office, from.officer.id.as_str(), old.clone()).await?;
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
    office.sessions.end_all(&changed.id);
    note(&office, &changed, "password-changed").await?;
    let cookie = open_session(&office, &changed)?;
    Ok(([(header::SET_COOKIE, cookie)], Json(Me::of(&office, &changed, ambient::now()))).into_response())
}

/// `GET /v1/me`.
pub(super) async fn me(State(office): State<Arc<Office>>, from: FromOfficer) -> Json<Me> {
    Json(Me::of(&office, &from.officer, ambient::now()))
}
