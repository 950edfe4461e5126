//! Passkeys: signing in and proving again with one, and an officer's own list of them.
//! Invariants: a copied key (its counter went backwards) is locked for good, with a leaf, and refused; refusals say the same
//! words whatever was wrong; adding and removing need a fresh proof. Not here: the cryptography (`crate::relying_party`).

use super::claims::{conflict, read};
use super::door::{FromOfficer, address_of};
use super::proof::{locked, note, refused};
use super::session::{open, proved, signed_in};
use super::shapes::Me;
use crate::listen::PeerAddress;
use crate::office::Office;
use crate::officers::Officer;
use crate::problem::ApiProblem;
use crate::relying_party::{Begun, CeremonyError, RelyingParty, handle};
use crate::sessions::Way;
use crate::store::passkeys::{self, Kept};
use crate::store::{StoreError, audit, factors};
use crate::tries::Who;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::{Extension, Json};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::net::IpAddr;
use std::sync::Arc;
use uuid::Uuid;
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};
use wire::problem::Retry;

/// Most keys of one officer.
const MOST: usize = 10;

/// A key in the officer's list.
#[derive(Serialize)]
pub(super) struct PasskeyRow {
    id: String,
    name: String,
    added_at: Timestamp,
    used_at: Option<Timestamp>,
    locked: bool,
}

impl PasskeyRow {
    pub(super) fn of(key: Kept) -> Self {
        let Kept { id, name, added_at, used_at, locked_at, .. } = key;
        Self { id, name, added_at, used_at, locked: locked_at.is_some() }
    }
}

#[derive(Serialize)]
pub(super) struct CeremonyBegun {
    ceremony: Uuid,
    options: Value,
}

impl From<Begun> for CeremonyBegun {
    fn from(Begun { ceremony, options }: Begun) -> Self {
        Self { ceremony, options }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Proof {
    ceremony: Uuid,
    credential: PublicKeyCredential,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewKey {
    ceremony: Uuid,
    name: String,
    credential: RegisterPublicKeyCredential,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Name {
    name: String,
}

fn party(office: &Office) -> Result<&RelyingParty, ApiProblem> {
    office.relying_party.get().and_then(Option::as_ref).ok_or_else(ApiProblem::not_found)
}

fn told(error: &CeremonyError) -> ApiProblem {
    match error {
        CeremonyError::Full => ApiProblem::later("Too many people are at it at this moment."),
        CeremonyError::Gone | CeremonyError::Cloned | CeremonyError::Refused(_) => {
            tracing::debug!(%error, "passkey");
            refused(0)
        }
    }
}

fn copied() -> ApiProblem {
    ApiProblem::new("passkey-locked", StatusCode::FORBIDDEN, Retry::Never, "This passkey was copied and is locked")
}

fn clean_name(name: &str) -> Result<String, ApiProblem> {
    let name: String = name.trim().chars().filter(|letter| !letter.is_control()).collect();
    let right = (1..=40).contains(&name.chars().count());
    if right { Ok(name) } else { Err(ApiProblem::malformed("a name of 1 to 40 characters")) }
}

/// `POST /v1/session/passkey/begin`: a challenge for whoever has a key.
pub(super) async fn begin_proof(State(office): State<Arc<Office>>) -> Result<Json<CeremonyBegun>, ApiProblem> {
    let begun = party(&office)?.begin_proof(ambient::now()).map_err(|error| told(&error))?;
    Ok(Json(begun.into()))
}

/// Whose key answered; the key's new state is kept.
async fn whose(office: &Arc<Office>, address: Option<IpAddr>, proof: &Proof) -> Result<Officer, ApiProblem> {
    let (party, now) = (party(office)?, ambient::now());
    let state = party.take_proof(proof.ceremony, now).map_err(|error| told(&error))?;
    let id = URL_SAFE_NO_PAD.encode(proof.credential.get_credential_id());
    let who = Who { id: &id, address };
    office.tries.take(who, now).map_err(refused)?;
    let sought = id.clone();
    let kept = office.store.read::<_, StoreError>(move |c| passkeys::find(c, &sought)).await?;
    let owner = kept.as_ref().and_then(|kept| office.officers.by_id(kept.officer.as_str()));
    let (Some(kept), Some(officer)) = (kept, owner) else {
        let wait = office.tries.wrong(who, now);
        note(office, "nobody", "sign-in-refused", json!({ "by": Way::Passkey })).await?;
        return Err(refused(wait));
    };
    let mut key = kept.passkey()?;
    let handle = handle(&office.loaded.bureau.station, &officer.id);
    let result = match party.finish_proof(state, &proof.credential, &key, handle) {
        Ok(result) if kept.locked_at.is_none() => result,
        Err(CeremonyError::Cloned) if kept.locked_at.is_none() => {
            // Nobody guessed anything here: no delay for what is locked for good.
            office.tries.right(who);
            let (actor, id) = (format!("officer:{}", officer.id), id.clone());
            office
                .store
                .write::<_, StoreError>(move |c| {
                    passkeys::lock(c, &id, now)?;
                    audit::append(c, now, &actor, "passkey-copied", &actor, json!({ "passkey": id }))
                })
                .await?;
            return Err(copied());
        }
        Ok(_) | Err(CeremonyError::Cloned) => {
            office.tries.right(who);
            note(office, officer.id.as_str(), "sign-in-refused", json!({ "why": "passkey-locked" })).await?;
            return Err(copied());
        }
        Err(CeremonyError::Gone | CeremonyError::Full | CeremonyError::Refused(_)) => {
            let wait = office.tries.wrong(who, now);
            note(office, officer.id.as_str(), "sign-in-refused", json!({ "by": Way::Passkey })).await?;
            return Err(refused(wait));
        }
    };
    key.update_credential(&result);
    let after = serde_json::to_string(&key).map_err(|_| StoreError::Damaged("passkey"))?;
    let (written, before) = (id.clone(), kept.text);
    if !office.store.write::<_, StoreError>(move |c| passkeys::used(c, &written, &before, &after, now)).await? {
        return Err(refused(0));
    }
    office.tries.right(who);
    if officer.locked {
        note(office, officer.id.as_str(), "sign-in-refused", json!({ "why": "locked" })).await?;
        return Err(locked());
    }
    Ok(officer)
}

/// `POST /v1/session/passkey`.
pub(super) async fn sign_in(
    State(office): State<Arc<Office>>,
    peer: Option<Extension<PeerAddress>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    if !super::door::is_json(&headers) {
        return Err(ApiProblem::malformed("send `content-type: application/json`"));
    }
    let proof: Proof = read(&body)?;
    let address = address_of(&office, peer.map(|Extension(peer)| peer), &headers);
    let officer = whose(&office, address, &proof).await?;
    let cookie = open(&office, &officer, Way::Passkey, address).await?;
    Ok(signed_in(&office, &officer, Way::Passkey, cookie))
}

/// `POST /v1/session/proof/passkey`: the same officer again.
pub(super) async fn prove(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    body: Bytes,
) -> Result<Json<Me>, ApiProblem> {
    let proof: Proof = read(&body)?;
    let officer = whose(&office, from.address, &proof).await?;
    if officer.id != from.officer.id {
        return Err(refused(0));
    }
    proved(&office, &from, Way::Passkey).await?;
    Ok(Json(Me::of(&office, &officer, Some(Way::Passkey), ambient::now())))
}

/// `POST /v1/account/passkeys/begin`.
pub(super) async fn begin_adding(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
) -> Result<Json<CeremonyBegun>, ApiProblem> {
    let party = party(&office)?;
    let session = from.session.as_ref().ok_or_else(ApiProblem::not_found)?.id;
    let id = from.officer.id.clone();
    let known = office.store.read::<_, StoreError>(move |c| passkeys::of(c, &id)).await?;
    if known.len() >= MOST {
        return Err(conflict("too-many-passkeys", "Remove one first"));
    }
    let known = known.iter().filter_map(|key| Some(key.passkey().ok()?.cred_id().clone())).collect();
    let handle = handle(&office.loaded.bureau.station, &from.officer.id);
    let (officer, name) = (from.officer.id.as_str(), from.officer.shown_name());
    let begun = party.begin_registration(session, handle, officer, name, known, ambient::now());
    Ok(Json(begun.map_err(|error| told(&error))?.into()))
}

/// `POST /v1/account/passkeys`. The challenge stands for the proof with which it was asked for, in the same session.
pub(super) async fn add(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    body: Bytes,
) -> Result<Json<PasskeyRow>, ApiProblem> {
    let NewKey { ceremony, name, credential } = read(&body)?;
    let (name, now) = (clean_name(&name)?, ambient::now());
    let session = from.session.as_ref().ok_or_else(ApiProblem::not_found)?.id;
    let made = party(&office)?.finish_registration(session, ceremony, &credential, now);
    let passkey = made.map_err(|error| told(&error))?;
    let id = URL_SAFE_NO_PAD.encode(passkey.cred_id());
    let text = serde_json::to_string(&passkey).map_err(|_| StoreError::Damaged("passkey"))?;
    let row = PasskeyRow { id: id.clone(), name: name.clone(), added_at: now, used_at: None, locked: false };
    let (officer, actor) = (from.officer.id.clone(), from.actor());
    office
        .store
        .write::<_, ApiProblem>(move |c| {
            if !passkeys::add(c, &id, &officer, &name, &text, now)? {
                return Err(conflict("passkey-there", "This passkey is known already"));
            }
            Ok(audit::append(c, now, &actor, "passkey-added", &actor, json!({ "passkey": id }))?)
        })
        .await?;
    office.sessions.prove(session, Way::Passkey, now);
    Ok(Json(row))
}

/// `POST /v1/account/passkeys/{passkey}/name`.
pub(super) async fn rename(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(passkey): Path<String>,
    body: Bytes,
) -> Result<StatusCode, ApiProblem> {
    let Name { name } = read(&body)?;
    let (name, officer) = (clean_name(&name)?, from.officer.id.clone());
    let done = office.store.write::<_, StoreError>(move |c| passkeys::rename(c, &passkey, &officer, &name)).await?;
    if done { Ok(StatusCode::NO_CONTENT) } else { Err(ApiProblem::not_found()) }
}

/// `DELETE /v1/account/passkeys/{passkey}`.
pub(super) async fn remove(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(passkey): Path<String>,
) -> Result<StatusCode, ApiProblem> {
    let (officer, actor, now) = (from.officer.id.clone(), from.actor(), ambient::now());
    let required = office.loaded.second_factor_required();
    office
        .store
        .write::<_, ApiProblem>(move |c| {
            let others = passkeys::of(c, &officer)?.iter().any(|key| key.id != passkey && key.locked_at.is_none());
            let factor = factors::of(c, officer.as_str())?.is_some_and(|factor| factor.confirmed_at.is_some());
            if required && !others && !factor {
                return Err(conflict("second-factor-required", "This bureau asks for a second factor or a passkey"));
            }
            if !passkeys::remove(c, &passkey, &officer)? {
                return Err(ApiProblem::not_found());
            }
            Ok(audit::append(c, now, &actor, "passkey-removed", &actor, json!({ "passkey": passkey }))?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
