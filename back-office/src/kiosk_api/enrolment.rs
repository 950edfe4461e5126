//! Enrolling a machine by a one-time code, the one call for whoever shows no certificate.
//! Invariants: whatever is wrong with a code (unknown kiosk, wrong, used by another key, too late, tried too often) is told alike;
//! the same machine asking again with the same key gets the same certificate, as its answer may have been lost.
//! Not here: giving out codes (`officer_api::kiosks`).

use super::Whole;
use crate::authority::Request;
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::store::StoreError;
use crate::store::kiosks::{self, By, NewMachine, TRIES};
use axum::Json;
use axum::extract::State;
use ed25519_dalek::VerifyingKey;
use jiff::Timestamp;
use rusqlite::Connection;
use std::sync::Arc;
use wire::digest::Digest;
use wire::enrolment::{Certificate, Code, Enrol, Enrolled};
use wire::manifest::VERSION;
use wire::problem::Slug;
use wire::signature::Signed;

fn refused() -> ApiProblem {
    ApiProblem::of(Slug::EnrolmentRefused)
        .detail("Codes are good once and for a day. Ask an administrator for a new one: yimenctl kiosk code.")
}

/// What the sender wrote, when the device key inside it has signed it.
fn read(body: &[u8]) -> Result<Enrol, ApiProblem> {
    let signed: Signed = serde_json::from_slice(body).map_err(|_| ApiProblem::malformed("not a signed enrolment"))?;
    let claimed: Enrol =
        serde_json::from_str(&signed.body).map_err(|error| ApiProblem::malformed(error.to_string()))?;
    let key: Option<[u8; 32]> = hex::decode(&claimed.device_key).ok().and_then(|bytes| bytes.try_into().ok());
    let key = key.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
    let key = key.ok_or_else(|| ApiProblem::malformed("device_key is no Ed25519 public key of 64 hex digits"))?;
    let enrol: Enrol = signed.open(&key).map_err(|_| ApiProblem::malformed("not signed by its device key"))?;
    if enrol.v != VERSION {
        return Err(ApiProblem::malformed("this version of the protocol is not known here"));
    }
    Ok(enrol)
}

/// What came of a try.
enum Tried {
    Refused,
    /// The certificate, and the kiosk's number and station.
    Enrolled(Box<kiosks::KioskRow>, Certificate),
}

/// One try, in the writer's job: counting wrong ones must not be raced.
fn attempt(
    connection: &Connection,
    enrol: &Enrol,
    code: Option<&Code>,
    machine: &NewMachine,
    now: Timestamp,
) -> Result<Tried, StoreError> {
    let Some(row) = kiosks::find(connection, &enrol.kiosk)? else { return Ok(Tried::Refused) };
    let Some(given) = &row.code else { return Ok(Tried::Refused) };
    if given.wrong >= TRIES || given.until < now {
        return Ok(Tried::Refused);
    }
    if code.map(|code| Digest::of(code.as_str().as_bytes())).as_ref() != Some(&given.hash) {
        kiosks::wrong_code(connection, By { actor: "office", now }, &enrol.kiosk)?;
        return Ok(Tried::Refused);
    }
    match (&given.used_by, &row.chain, row.life) {
        (None, _, _) => {
            let by = By { actor: &format!("kiosk:{}", enrol.kiosk), now };
            kiosks::enrol(connection, by, &enrol.kiosk, machine)?;
            Ok(Tried::Enrolled(Box::new(row), machine.issued.certificate.clone()))
        }
        (Some(key), Some(chain), Some((_, not_after)))
            if *key == machine.key && row.device_key.as_ref() == Some(&machine.device_key) =>
        {
            let certificate = Certificate { chain: chain.clone(), not_after };
            Ok(Tried::Enrolled(Box::new(row), certificate))
        }
        (Some(_), _, _) => Ok(Tried::Refused),
    }
}

/// `POST /v1/enrol`.
pub(super) async fn enrol(State(office): State<Arc<Office>>, Whole(body): Whole) -> Result<Json<Enrolled>, ApiProblem> {
    let enrol = read(&body)?;
    let request = Request::read(&enrol.request).map_err(|error| ApiProblem::malformed(error.to_string()))?;
    let (now, code) = (ambient::now(), enrol.code.parse::<Code>().ok());
    let issued = office.authority.issue(&request, &enrol.kiosk, now).map_err(|error| {
        tracing::error!(%error, "a certificate was not signed");
        ApiProblem::later("The certificate cannot be signed now.")
    })?;
    let machine =
        NewMachine { device_key: enrol.device_key.clone(), protection: enrol.protection, key: request.key(), issued };
    let kiosk = enrol.kiosk.clone();
    let tried = office.store.write::<_, StoreError>(move |c| attempt(c, &enrol, code.as_ref(), &machine, now)).await?;
    office.kiosks.forget(&kiosk);
    match tried {
        Tried::Refused => {
            tracing::warn!(%kiosk, "enrolment refused");
            Err(refused())
        }
        Tried::Enrolled(row, certificate) => Ok(Json(Enrolled {
            number: row.number,
            station: row.station,
            bureau: office.loaded.bureau.clone(),
            keys: office.list_in_force().await?.signed.clone(),
            authority: office.authority.root_pem().to_owned(),
            certificate,
            intake: office.loaded.config.enrolment.intake_url.clone(),
        })),
    }
}
