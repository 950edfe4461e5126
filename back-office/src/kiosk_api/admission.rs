//! Who may come in through the kiosks' door: every call names its kiosk by the certificate of its connection, nothing else.
//! Invariants: a kiosk that was sent away, and a second machine that says it is an enrolled one, get no further and are told to
//! keep everything; a second machine suspends the kiosk, as nobody can know which of the two is the true one.
//! Not here: what a certificate means (`crate::kiosks`).

use crate::kiosks::{Kiosk, Meeting};
use crate::listen::{PeerAddress, PeerEdge, PeerKiosk};
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::store::{StoreError, kiosks};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::middleware::{FromExtractorLayer, from_extractor_with_state};
use domain::ids::KioskId;
use jiff::Timestamp;
use serde_json::json;
use std::sync::Arc;
use wire::problem::Slug;

/// The enrolled kiosk that sends this request.
pub(super) struct FromKiosk(pub(super) Kiosk);

/// The same, also when its certificate is out of date: for renewing it.
pub(super) struct FromKioskOfAnyDate {
    pub(super) kiosk: Kiosk,
    pub(super) out_of_date: bool,
}

/// An edge of this bureau that hands on what kiosks sealed.
pub(super) struct FromEdge(pub(super) String);

impl FromRequestParts<Arc<Office>> for FromEdge {
    type Rejection = ApiProblem;

    /// The configuration names each edge with its certificate: taking the line out, or making another, is revocation.
    async fn from_request_parts(parts: &mut Parts, office: &Arc<Office>) -> Result<Self, ApiProblem> {
        let peer = parts.extensions.get::<PeerEdge>().ok_or_else(not_enrolled)?;
        let known = office.loaded.config.edges.get(&peer.name);
        if known.is_some_and(|edge| edge.certificate == peer.certificate) {
            return Ok(Self(peer.name.clone()));
        }
        tracing::warn!(edge = peer.name, "no edge of this office");
        Err(ApiProblem::of(Slug::NotEnrolled).detail("office.toml does not name this edge with this certificate."))
    }
}

/// Lets enrolled kiosks through, for routes that do not look at who asks.
pub(super) fn enrolled_only(office: &Arc<Office>) -> FromExtractorLayer<FromKiosk, Arc<Office>> {
    from_extractor_with_state(Arc::clone(office))
}

fn not_enrolled() -> ApiProblem {
    ApiProblem::of(Slug::NotEnrolled).detail("Keep everything; an administrator enrols the kiosk again.")
}

pub(super) fn suspended() -> ApiProblem {
    ApiProblem::of(Slug::DeviceSuspended)
        .detail("Keep everything and send nothing; an administrator resumes the kiosk.")
}

fn out_of_date() -> ApiProblem {
    ApiProblem::of(Slug::CertExpired).detail("Renew it, then send the same again.")
}

/// A second machine says that it is this kiosk: both stay out until somebody has looked.
///
/// # Errors
/// The store's.
pub(super) async fn double(
    office: &Office,
    kiosk: &KioskId,
    how: &'static str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tracing::error!(%kiosk, how, "a second machine says that it is this kiosk; suspended");
    let id = kiosk.clone();
    office
        .store
        .write::<_, StoreError>(move |c| {
            let by = kiosks::By { actor: "office", now };
            kiosks::suspend(c, by, &id, "two machines say that they are this kiosk", json!({ "found": how }))
        })
        .await?;
    office.kiosks.forget(kiosk);
    Ok(())
}

async fn admit(parts: &Parts, office: &Arc<Office>) -> Result<FromKioskOfAnyDate, ApiProblem> {
    let peer = parts.extensions.get::<PeerKiosk>().ok_or_else(not_enrolled)?;
    let (address, now) = (parts.extensions.get::<PeerAddress>().copied(), ambient::now());
    let id = &peer.named.kiosk;
    match office.kiosks.meet(&office.store, peer, address, now).await? {
        Meeting::Welcome(kiosk) => Ok(FromKioskOfAnyDate { kiosk, out_of_date: false }),
        Meeting::OutOfDate(kiosk) => Ok(FromKioskOfAnyDate { kiosk, out_of_date: true }),
        Meeting::WelcomeAnew(kiosk) => {
            let (id, serial) = (id.clone(), peer.named.serial.clone());
            office
                .store
                .write::<_, StoreError>(move |c| {
                    // Another request of the same connection may have been first.
                    if kiosks::standing(c, &id, &serial)? == Some(kiosks::Standing::Next) {
                        kiosks::switched(c, kiosks::By { actor: &format!("kiosk:{id}"), now }, &id, &serial)?;
                    }
                    Ok(())
                })
                .await?;
            office.kiosks.forget(&peer.named.kiosk);
            Ok(FromKioskOfAnyDate { kiosk, out_of_date: false })
        }
        Meeting::Suspended => Err(suspended()),
        Meeting::Stranger => Err(not_enrolled()),
        Meeting::Double(how) => {
            double(office, id, how, now).await?;
            Err(suspended())
        }
    }
}

impl FromRequestParts<Arc<Office>> for FromKioskOfAnyDate {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, office: &Arc<Office>) -> Result<Self, ApiProblem> {
        admit(parts, office).await
    }
}

impl FromRequestParts<Arc<Office>> for FromKiosk {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, office: &Arc<Office>) -> Result<Self, ApiProblem> {
        let admitted = admit(parts, office).await?;
        if admitted.out_of_date { Err(out_of_date()) } else { Ok(Self(admitted.kiosk)) }
    }
}
