//! From the stick into another kiosk's store, and from there to the office by the ordinary way.
//! Invariants: an item is taken as it was signed, its bytes checked against its digests; a damaged one is named and left out.

use super::CarryError;
use super::stick::Stick;
use crate::store::{Store, StoreError};
use crate::uplink::{Office, Uplink};
use domain::ids::SubmissionId;
use outbox::{Pace, State};
use std::path::Path;
use std::time::{Duration, Instant};
use wire::carried::Listed;
use wire::digest::Digest;
use wire::envelope::Sealed;
use wire::manifest::Manifest;
use wire::signature::Signed;

/// Pause between two looks at what has arrived.
const LOOK: Duration = Duration::from_millis(50);

/// What was taken from the stick.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adopted {
    /// All that the stick holds and this kiosk holds or has delivered now.
    pub items: Vec<SubmissionId>,
    /// How many of them are new here.
    pub new: usize,
    /// Damaged on the stick, with the reason.
    pub damaged: Vec<(SubmissionId, String)>,
}

/// Takes every whole item of the stick into the store.
///
/// # Errors
/// No whole export, or the store's (a full disk): what was taken before stays taken.
pub fn adopt(store: &Store, folder: &Path) -> Result<Adopted, CarryError> {
    let stick = Stick::at(folder);
    let mut adopted = Adopted::default();
    for listed in stick.index()?.items {
        match read(&stick, &listed) {
            Ok((manifest, blobs)) => match store.adopt(&manifest, &blobs) {
                Ok(new) => {
                    adopted.new += usize::from(new);
                    adopted.items.push(listed.id);
                }
                Err(StoreError::AnotherContent) => {
                    adopted.damaged.push((listed.id, "another submission is here under this id".to_owned()));
                }
                Err(error) => return Err(error.into()),
            },
            Err(reason) => adopted.damaged.push((listed.id, reason)),
        }
    }
    Ok(adopted)
}

fn read(stick: &Stick, listed: &Listed) -> Result<(Signed, Vec<Sealed>), String> {
    let bytes = stick.read(&Stick::manifest(listed.id)).map_err(|error| format!("its manifest: {error}"))?;
    if Digest::of(&bytes) != listed.file {
        return Err("its manifest is damaged".to_owned());
    }
    let signed: Signed = serde_json::from_slice(&bytes).map_err(|_| "its manifest is none".to_owned())?;
    let manifest: Manifest = serde_json::from_str(&signed.body).map_err(|_| "its manifest is none".to_owned())?;
    if manifest.id != listed.id {
        return Err("its manifest names another submission".to_owned());
    }
    let blob = |digest: &Digest| {
        let bytes = stick.read(&Stick::blob(digest)).map_err(|error| format!("a part: {error}"))?;
        if Digest::of(&bytes) != *digest {
            return Err("a part is damaged".to_owned());
        }
        Ok(Sealed { sha256: digest.clone(), bytes })
    };
    let blobs = manifest.parts.iter().map(|part| blob(&part.sha256)).collect::<Result<Vec<_>, String>>()?;
    Ok((signed, blobs))
}

/// What became of those that were brought here, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    /// How many wait still.
    pub waiting: usize,
    /// Refused by the office for ever, with its reason: they are on the stick and on the first kiosk, and nowhere else as cases.
    pub refused: Vec<(SubmissionId, String)>,
}

/// How they stand in this store.
///
/// # Errors
/// The store's.
pub fn brought(store: &Store, items: &[SubmissionId]) -> Result<Brought, CarryError> {
    let mut brought = Brought::default();
    for id in items {
        let found = store.find(*id)?;
        match found.as_ref().map(|found| found.state) {
            Some(State::Tombstone) => {}
            Some(State::Quarantined) => {
                let reason = found.and_then(|found| found.problem).unwrap_or_else(|| "no reason is known".to_owned());
                brought.refused.push((*id, reason));
            }
            Some(State::Collecting | State::Sealed | State::Sending | State::Acked) | None => brought.waiting += 1,
        }
    }
    Ok(brought)
}

/// Sends until all of these have arrived or were refused for ever, or the time is over.
///
/// # Errors
/// The store's.
pub fn deliver(
    store: &std::sync::Arc<Store>,
    office: &Office,
    pace: Pace,
    items: &[SubmissionId],
    patience: Duration,
) -> Result<Brought, CarryError> {
    // Its events are for a screen; here the store is asked.
    let (_uplink, _events) = Uplink::start(store, office, pace)?;
    let deadline = Instant::now() + patience;
    loop {
        let brought = brought(store, items)?;
        if brought.waiting == 0 || Instant::now() >= deadline {
            return Ok(brought);
        }
        std::thread::park_timeout(LOOK);
    }
}
