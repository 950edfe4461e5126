//! The enrolled kiosks: what a certificate means today, and whether two machines say that they are the same kiosk.
//! Invariants: what the store says is believed for [`KEPT`] at most, so a suspension counts within that time whoever made it;
//! a certificate that another has replaced, shown by a connection that began after that, is a second machine.
//! Not here: the certificate's chain (checked in the handshake), acting on what was found (`kiosk_api::admission`).

use crate::listen::{PeerAddress, PeerKiosk};
use crate::store::kiosks::{self, KioskRow, Standing, State};
use crate::store::{Store, StoreError};
use domain::ids::KioskId;
use ed25519_dalek::VerifyingKey;
use jiff::Timestamp;
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use wire::bureau::EnrolledKiosk;

/// Stands for the kiosk of what was taken in at the counter; no machine has this id.
pub const COUNTER: &str = "counter";

/// How long a look at the store is believed.
pub const KEPT: Duration = Duration::from_secs(2);

/// Changes of address to and fro within [`FLIPS_WITHIN`] that a machine with two ways to the network may make.
const FLIPS: usize = 3;
/// See [`FLIPS`].
const FLIPS_WITHIN: Duration = Duration::from_secs(600);

/// A kiosk with its key ready for use.
#[derive(Clone, Debug)]
pub struct Kiosk {
    /// Who it is.
    pub enrolled: EnrolledKiosk,
    /// The key that signs its manifests.
    pub key: VerifyingKey,
}

/// What a connection's certificate means.
#[derive(Clone, Debug)]
pub enum Meeting {
    /// An enrolled kiosk.
    Welcome(Kiosk),
    /// The same, by the certificate of its last renewal for the first time.
    WelcomeAnew(Kiosk),
    /// The same, by a certificate out of date.
    OutOfDate(Kiosk),
    /// Sent away.
    Suspended,
    /// Nobody, or a machine that is this kiosk no longer.
    Stranger,
    /// A second machine says that it is this kiosk; why this is known, for the audit log.
    Double(&'static str),
}

/// What the store said, and when.
type Rows = HashMap<KioskId, (Instant, Option<Arc<KioskRow>>)>;
type Addresses = VecDeque<(IpAddr, Instant)>;

/// Looks kiosks up by id.
#[derive(Debug, Default)]
pub struct Kiosks {
    seen: Mutex<Rows>,
    addresses: Mutex<HashMap<KioskId, Addresses>>,
    numbers: Mutex<HashMap<KioskId, u32>>,
}

/// Whether a kiosk may have this id.
pub fn may_be_called(id: &KioskId) -> bool {
    let text = id.as_str();
    !text.is_empty()
        && text != COUNTER
        && text.len() <= 64
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

impl KioskRow {
    /// Ready for use; `None` before a machine was enrolled.
    pub fn kiosk(&self) -> Option<Kiosk> {
        let bytes: [u8; 32] = hex::decode(self.device_key.as_ref()?).ok()?.try_into().ok()?;
        let key = VerifyingKey::from_bytes(&bytes).ok()?;
        let key_text = self.device_key.clone()?;
        let (id, number, station) = (self.id.clone(), self.number, self.station.clone());
        Some(Kiosk { enrolled: EnrolledKiosk { id, number, station, key: key_text }, key })
    }
}

impl Kiosks {
    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the store says, or said a moment ago.
    ///
    /// # Errors
    /// The store's.
    pub async fn find(&self, store: &Store, id: &KioskId) -> Result<Option<Arc<KioskRow>>, StoreError> {
        if !may_be_called(id) {
            return Ok(None);
        }
        if let Some((at, row)) = self.rows().get(id)
            && at.elapsed() < KEPT
        {
            return Ok(row.clone());
        }
        let asked = id.clone();
        let row = store.read::<_, StoreError>(move |c| kiosks::find(c, &asked)).await?.map(Arc::new);
        self.remember(row.iter().map(AsRef::as_ref));
        self.rows().insert(id.clone(), (Instant::now(), row.clone()));
        Ok(row)
    }

    fn remember<'a>(&self, rows: impl Iterator<Item = &'a KioskRow>) {
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        numbers.extend(rows.map(|row| (row.id.clone(), row.number)));
    }

    /// Reads all numbers, once at the start of the office.
    ///
    /// # Errors
    /// The store's.
    pub async fn read_numbers(&self, store: &Store) -> Result<(), StoreError> {
        let rows = store.read::<_, StoreError>(kiosks::all).await?;
        self.remember(rows.iter());
        Ok(())
    }

    /// The number of a kiosk that was here since the start or before: it never changes.
    pub fn number(&self, id: &KioskId) -> Option<u32> {
        self.numbers.lock().unwrap_or_else(PoisonError::into_inner).get(id).copied()
    }

    /// The store says something new about this kiosk.
    pub fn forget_row(&self, id: &KioskId) {
        self.rows().remove(id);
    }

    /// The same, and where it came from counts no more.
    pub fn forget(&self, id: &KioskId) {
        self.forget_row(id);
        self.addresses.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }

    /// What this connection is.
    ///
    /// # Errors
    /// The store's.
    pub async fn meet(
        &self,
        store: &Store,
        peer: &PeerKiosk,
        address: Option<PeerAddress>,
        now: Timestamp,
    ) -> Result<Meeting, StoreError> {
        let (id, serial) = (&peer.named.kiosk, &peer.named.serial);
        let Some(row) = self.find(store, id).await? else { return Ok(Meeting::Stranger) };
        let Some(kiosk) = row.kiosk() else { return Ok(Meeting::Stranger) };
        let current = row.serial.as_ref() == Some(serial);
        let standing = if current {
            Some(Standing::Current)
        } else {
            let (id, serial) = (id.clone(), serial.clone());
            store.read::<_, StoreError>(move |c| kiosks::standing(c, &id, &serial)).await?
        };
        // Who is no longer this kiosk is told so, whatever the kiosk of today is doing.
        if matches!(standing, None | Some(Standing::Retired)) {
            return Ok(Meeting::Stranger);
        }
        if row.state == State::Suspended {
            return Ok(Meeting::Suspended);
        }
        // An earlier connection may be busy with an answer while the next one begins with the new certificate.
        let earlier = row.since.is_some_and(|since| peer.since <= since);
        if standing == Some(Standing::Replaced) && !earlier {
            return Ok(Meeting::Double("a certificate that was replaced"));
        }
        if let Some(address) = address
            && self.to_and_fro(id, address.0)
        {
            return Ok(Meeting::Double("two addresses by turns"));
        }
        Ok(if peer.named.not_after < now {
            Meeting::OutOfDate(kiosk)
        } else if standing == Some(Standing::Next) {
            Meeting::WelcomeAnew(kiosk)
        } else {
            Meeting::Welcome(kiosk)
        })
    }

    /// Whether this kiosk has come from two addresses by turns, more often than one machine would.
    fn to_and_fro(&self, id: &KioskId, address: IpAddr) -> bool {
        let mut all = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = all.entry(id.clone()).or_default();
        if seen.back().is_some_and(|(last, _)| *last == address) {
            return false;
        }
        while seen.front().is_some_and(|(_, at)| at.elapsed() > FLIPS_WITHIN) {
            seen.pop_front();
        }
        let back_again = seen.iter().any(|(known, _)| *known == address);
        seen.push_back((address, Instant::now()));
        back_again && seen.len() > FLIPS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_that_moves_is_one_and_two_that_take_turns_are_found() {
        let kiosks = Kiosks::default();
        let (id, at) = (KioskId::new("yunqiao-1"), |n: u8| IpAddr::from([10, 0, 0, n]));
        // Moving on and once back: cable, wireless, cable.
        for address in [1, 1, 2, 2, 1] {
            assert!(!kiosks.to_and_fro(&id, at(address)), "{address}");
        }
        assert!(kiosks.to_and_fro(&id, at(2)), "for the third time to and fro");
        let other = KioskId::new("yunqiao-2");
        for address in 1..20 {
            assert!(!kiosks.to_and_fro(&other, at(address)), "always another address is a lease that changes");
        }
    }

    #[test]
    fn the_counter_and_odd_names_are_no_kiosks() {
        for name in ["", COUNTER, "../keys", "a b", &"x".repeat(65)] {
            assert!(!may_be_called(&KioskId::new(name)), "{name}");
        }
        assert!(may_be_called(&KioskId::new("yunqiao-1")));
    }
}
