//! Fresh certificates, and the health call by which a kiosk learns that it needs one.
//! Invariants: only whoever holds the certificate of before gets the next; the office's clock alone says when (two thirds of the
//! life), so that a kiosk with a wrong clock renews in time; a certificate out of date renews once when an administrator says so.

use super::Whole;
use super::admission::{FromKiosk, FromKioskOfAnyDate};
use crate::authority::Request;
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::store::StoreError;
use crate::store::kiosks::{self, By};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use wire::enrolment::{Certificate, Health, Holding, Renew};
use wire::problem::Slug;

/// A kiosk that holds the same says so again in the store after so long.
const TOLD_AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// Two thirds of the life are over.
fn due((issued_at, not_after): (Timestamp, Timestamp), now: Timestamp) -> bool {
    now >= issued_at + not_after.duration_since(issued_at) / 3 * 2
}

/// `GET /v1/health` and `POST /v1/health` with what the kiosk holds.
pub(super) async fn health(
    State(office): State<Arc<Office>>,
    FromKiosk(kiosk): FromKiosk,
    body: Bytes,
) -> Result<Json<Health>, ApiProblem> {
    let (id, now) = (kiosk.enrolled.id, ambient::now());
    let row = office.kiosks.find(&office.store, &id).await?.ok_or_else(ApiProblem::not_found)?;
    if !body.is_empty() {
        let holding: Holding =
            serde_json::from_slice(&body).map_err(|error| ApiProblem::malformed(error.to_string()))?;
        let moved = holding.keys.is_some_and(|keys| row.protection != Some(keys));
        let filled = holding.outbox.map(|fill| fill.percent()) != row.outbox.map(|fill| fill.percent());
        let due = |(before, at): (u32, Timestamp)| before != holding.waiting || now.duration_since(at) > TOLD_AGAIN;
        let news = moved || filled || row.waiting.is_none_or(due);
        if news {
            let kiosk = id.clone();
            office.store.write::<_, StoreError>(move |c| kiosks::holds(c, &kiosk, &holding, now)).await?;
            office.kiosks.forget_row(&id);
        }
    }
    Ok(Json(Health { renew: row.life.is_some_and(|life| due(life, now)), kiosk: id }))
}

/// `POST /v1/certs/renew`.
pub(super) async fn renew(
    State(office): State<Arc<Office>>,
    from: FromKioskOfAnyDate,
    Whole(body): Whole,
) -> Result<Json<Certificate>, ApiProblem> {
    let Renew { request } = serde_json::from_slice(&body).map_err(|error| ApiProblem::malformed(error.to_string()))?;
    let request = Request::read(&request).map_err(|error| ApiProblem::malformed(error.to_string()))?;
    let (id, now) = (from.kiosk.enrolled.id, ambient::now());
    let issued = office.authority.issue(&request, &id, now).map_err(|error| {
        tracing::error!(%error, "a certificate was not signed");
        ApiProblem::later("The certificate cannot be signed now.")
    })?;
    let (kiosk, signed) = (id.clone(), issued.clone());
    let renewed = office
        .store
        .write::<_, StoreError>(move |c| {
            let row = kiosks::find(c, &kiosk)?;
            if from.out_of_date && !row.is_some_and(|row| row.accepted_late) {
                return Ok(false);
            }
            kiosks::renewed(c, By { actor: &format!("kiosk:{kiosk}"), now }, &kiosk, &signed)?;
            Ok(true)
        })
        .await?;
    office.kiosks.forget_row(&id);
    if !renewed {
        return Err(ApiProblem::of(Slug::RenewalNeedsAcceptance)
            .detail("Keep everything. On the office's side: yimenctl kiosk accept."));
    }
    Ok(Json(issued.certificate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_of_seven_days_is_renewed_after_four_days_and_sixteen_hours() {
        let at = |hours: i64| Timestamp::from_second(1_800_000_000 + hours * 3600).unwrap();
        let life = (at(0), at(7 * 24));
        // Two thirds of 168 hours are 112.
        assert!(!due(life, at(111)) && due(life, at(112)) && due(life, at(1000)));
    }
}
