//! An officer's own access: what they have, the second factor, and their open sessions.
//! Invariants: whatever changes a credential needs a fresh proof in a session; each change leaves an audit leaf in the same
//! job; a second factor that this bureau requires is not taken away while the officer has no passkey.
//! Not here: passkeys (`passkeys`), the password (`session`).

use super::claims::{conflict, read};
use super::door::FromOfficer;
use super::passkeys::PasskeyRow;
use super::proof::refused;
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::second_factor::{self, qr_rows};
use crate::sessions::{Ended, Session, Way};
use crate::store::{StoreError, audit, factors, passkeys};
use crate::tries::Who;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::sensitive::Sensitive;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::net::IpAddr;
use std::sync::Arc;
use uuid::Uuid;

#[derive(Serialize)]
pub(super) struct Account {
    password_set_at: Option<Timestamp>,
    second_factor: FactorRow,
    passkeys: Vec<PasskeyRow>,
    sessions: Vec<SessionRow>,
    provider: bool,
    now: Timestamp,
}

#[derive(Serialize)]
struct FactorRow {
    on: bool,
    required: bool,
    since: Option<Timestamp>,
    recovery_left: i64,
}

#[derive(Serialize)]
struct SessionRow {
    id: Uuid,
    own: bool,
    by: Way,
    address: Option<IpAddr>,
    begun: Timestamp,
    seen: Timestamp,
}

#[derive(Serialize)]
pub(super) struct FactorBegun {
    /// For typing in.
    secret: Sensitive<String>,
    /// For the camera.
    qr: Sensitive<Vec<String>>,
}

#[derive(Serialize)]
pub(super) struct RecoveryCodes {
    codes: Vec<Sensitive<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FirstCode {
    code: Sensitive<String>,
}

fn session_row(session: Session, own: Option<Uuid>) -> SessionRow {
    SessionRow {
        own: own == Some(session.id),
        id: session.id,
        by: session.way,
        address: session.address,
        begun: session.begun,
        seen: session.seen,
    }
}

/// `GET /v1/account`.
pub(super) async fn show(State(office): State<Arc<Office>>, from: FromOfficer) -> Result<Json<Account>, ApiProblem> {
    let (id, now) = (from.officer.id.clone(), ambient::now());
    let (factor, keys) =
        office.store.read::<_, StoreError>(move |c| Ok((factors::of(c, id.as_str())?, passkeys::of(c, &id)?))).await?;
    let confirmed = factor.as_ref().filter(|factor| factor.confirmed_at.is_some());
    let own = from.session.as_ref().map(|session| session.id);
    let sessions = office.sessions.of(&from.officer.id, now).into_iter().map(|one| session_row(one, own)).collect();
    Ok(Json(Account {
        password_set_at: from.officer.password.as_ref().map(|password| password.set_at),
        second_factor: FactorRow {
            on: confirmed.is_some(),
            required: office.loaded.second_factor_required(),
            since: confirmed.and_then(|factor| factor.confirmed_at),
            recovery_left: confirmed.map_or(0, |factor| factor.recovery_left),
        },
        passkeys: keys.into_iter().map(PasskeyRow::of).collect(),
        sessions,
        provider: from.officer.oidc_sub.is_some(),
        now,
    }))
}

/// `POST /v1/account/second-factor`: begins, or begins anew.
pub(super) async fn begin(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
) -> Result<Json<FactorBegun>, ApiProblem> {
    let failed = || ApiProblem::later("The second factor cannot be made now.");
    let secret = ambient::random_bytes::<{ second_factor::SECRET_BYTES }>();
    let sealed = office.seal(&secret).ok_or_else(failed)?;
    let id = from.officer.id.clone();
    if !office.store.write::<_, StoreError>(move |c| factors::begin(c, &id, &sealed)).await? {
        return Err(conflict("second-factor-there", "There is a second factor already; remove it first"));
    }
    let uri = second_factor::uri(&office.loaded.bureau.station_name, from.officer.id.as_str(), &secret);
    let qr = qr_rows(uri.expose()).ok_or_else(failed)?;
    Ok(Json(FactorBegun { secret: Sensitive::new(second_factor::base32(&secret)), qr: Sensitive::new(qr) }))
}

/// `POST /v1/account/second-factor/confirm`: the first code.
pub(super) async fn confirm(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    body: Bytes,
) -> Result<Json<RecoveryCodes>, ApiProblem> {
    let FirstCode { code } = read(&body)?;
    let (id, now) = (from.officer.id.clone(), ambient::now());
    let who = Who { id: id.as_str(), address: from.address };
    office.tries.take(who, now).map_err(refused)?;
    let sought = id.clone();
    let factor = office.store.read::<_, StoreError>(move |c| factors::of(c, sought.as_str())).await?;
    let begun = factor.filter(|factor| factor.confirmed_at.is_none());
    let step = begun
        .and_then(|factor| office.unseal(&factor.sealed))
        .and_then(|secret| second_factor::step_of(&secret, code.expose(), now))
        .ok_or_else(|| refused(office.tries.wrong(who, now)))?;
    office.tries.right(who);
    let codes = second_factor::recovery_codes();
    let hashes: Vec<_> = codes.iter().map(|code| second_factor::recovery_hash(id.as_str(), code.expose())).collect();
    let (officer, actor) = (id.clone(), from.actor());
    let done = office
        .store
        .write::<_, StoreError>(move |c| {
            let done = factors::confirm(c, &officer, step, &hashes, now)?;
            if done {
                audit::append(c, now, &actor, "second-factor-set", &actor, json!({}))?;
            }
            Ok(done)
        })
        .await?;
    if !done {
        return Err(conflict("second-factor-there", "There is a second factor already; remove it first"));
    }
    if let Some(session) = &from.session {
        office.sessions.prove(session.id, Way::PasswordAndCode, now);
        office.sessions.end_where(&id, Ended::CredentialChanged, |other| other.id != session.id);
    }
    Ok(Json(RecoveryCodes { codes }))
}

/// `POST /v1/account/recovery-codes`: new ones, the old ones end.
pub(super) async fn renew_recovery(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
) -> Result<Json<RecoveryCodes>, ApiProblem> {
    let codes = second_factor::recovery_codes();
    let (id, now, actor) = (from.officer.id.clone(), ambient::now(), from.actor());
    let hashes: Vec<_> = codes.iter().map(|code| second_factor::recovery_hash(id.as_str(), code.expose())).collect();
    office
        .store
        .write::<_, ApiProblem>(move |c| {
            if factors::of(c, id.as_str())?.is_none_or(|factor| factor.confirmed_at.is_none()) {
                return Err(ApiProblem::not_found());
            }
            factors::renew_recovery(c, &id, &hashes)?;
            Ok(audit::append(c, now, &actor, "recovery-codes-renewed", &actor, json!({}))?)
        })
        .await?;
    Ok(Json(RecoveryCodes { codes }))
}

/// `DELETE /v1/account/second-factor`.
pub(super) async fn remove(State(office): State<Arc<Office>>, from: FromOfficer) -> Result<StatusCode, ApiProblem> {
    let (id, now, actor) = (from.officer.id.clone(), ambient::now(), from.actor());
    let required = office.loaded.second_factor_required();
    office
        .store
        .write::<_, ApiProblem>(move |c| {
            if required && passkeys::of(c, &id)?.iter().all(|key| key.locked_at.is_some()) {
                return Err(conflict("second-factor-required", "This bureau asks for a second factor or a passkey"));
            }
            if factors::remove(c, &id)? {
                audit::append(c, now, &actor, "second-factor-removed", &actor, json!({}))?;
            }
            Ok(())
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /v1/account/sessions/{session}`: ends one of the officer's other sessions.
pub(super) async fn end_session(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(session): Path<Uuid>,
) -> Result<StatusCode, ApiProblem> {
    let id = &from.officer.id;
    if office.sessions.end_where(id, Ended::ByYou, |one| one.id == session) == 0 {
        return Err(ApiProblem::not_found());
    }
    super::proof::note(&office, id.as_str(), "session-ended", json!({})).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How one may sign in here; tells nothing about anybody.
#[derive(Serialize)]
pub(super) struct Ways {
    passkey_origin: Option<String>,
    provider: Option<String>,
    demo: bool,
}

/// `GET /v1/session/ways`.
pub(super) async fn ways(State(office): State<Arc<Office>>) -> Json<Ways> {
    let party = office.relying_party.get().and_then(Option::as_ref);
    Json(Ways {
        passkey_origin: party.map(crate::relying_party::RelyingParty::origin),
        provider: office.provider.as_ref().map(|provider| provider.name.clone()),
        demo: !office.loaded.production(),
    })
}
