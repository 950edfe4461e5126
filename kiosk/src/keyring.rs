//! The keys this kiosk seals to, and what it knows of the office's clock; both kept on the disk.
//! Invariants: the newest list that was verified is kept, never an older one; a list counts only with the bureau's
//! signature; whether a key is valid is judged by the office's clock, and never earlier than a moment the office has told;
//! without a valid key nothing is sealed; with a catalogue that the list does not name no visit begins.
//! Not here: fetching (`uplink::news`), sealing (`store`).

use domain::ids::StationId;
use ed25519_dalek::VerifyingKey;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use wire::digest::Digest;
use wire::key_list::{KeyList, KeyListError, NoValidKey};
use wire::signature::Signed;

/// A change of the offset that is worth writing down.
const WORTH: SignedDuration = SignedDuration::from_secs(2);
/// The office's last word on the disk is never older than this when it has told another.
const FRESH: SignedDuration = SignedDuration::from_hours(1);

/// Why a list is not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// The list.
    #[error(transparent)]
    List(#[from] KeyListError),
    /// The disk.
    #[error("the key list cannot be kept: {0}")]
    Disk(#[from] io::Error),
}

/// Why no visit begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    /// Nobody to seal to.
    #[error("{0}: an administrator must renew the office's keys (yimenctl keys rotate)")]
    Key(#[from] NoValidKey),
    /// The files by which this kiosk asks are not those of the bureau.
    #[error(
        "the bureau does not stand for this catalogue: put the right files back, or sign them (yimenctl catalogue sign)"
    )]
    Catalogue,
}

/// As it lies on the disk. The list is verified again when it is read.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    list: Option<Signed>,
    offset_ms: i64,
    told_at: Option<Timestamp>,
}

struct Held {
    kept: Kept,
    list: Option<KeyList>,
    /// `told_at` as it lies on the disk.
    on_disk: Option<Timestamp>,
}

/// Keys and the office's clock. Shared by `Arc`.
pub struct Keyring {
    file: PathBuf,
    key: VerifyingKey,
    station: StationId,
    catalogue: Digest,
    held: Mutex<Held>,
}

impl Keyring {
    /// Opens `recipients.json` in the data folder; `enrolled` is the list that came with the kiosk's folder, `catalogue` the
    /// digest of the files by which this kiosk asks.
    ///
    /// # Errors
    /// The disk's. A file that cannot be read or is not signed by the bureau counts as none.
    pub fn open(
        data: &Path,
        enrolled: Option<Signed>,
        key: VerifyingKey,
        station: StationId,
        catalogue: Digest,
    ) -> Result<Self, io::Error> {
        std::fs::create_dir_all(data)?;
        let file = data.join("recipients.json");
        let mut kept: Kept = match std::fs::read(&file) {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Kept::default(),
            Err(error) => return Err(error),
        };
        let verified = |signed: &Option<Signed>| {
            let signed = signed.as_ref()?;
            KeyList::open(signed, &key, &station)
                .inspect_err(|error| tracing::error!(%error, "a key list on the disk is not the bureau's"))
                .ok()
        };
        let mut list = verified(&kept.list);
        if let Some(first) = verified(&enrolled)
            && list.as_ref().is_none_or(|list| list.issued_at < first.issued_at)
        {
            kept.list = enrolled;
            list = Some(first);
        }
        Ok(Self { file, key, station, catalogue, held: Mutex::new(Held { on_disk: kept.told_at, kept, list }) })
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The office's clock, as far as this kiosk knows it.
    pub fn office_time(&self, wall: Timestamp) -> Timestamp {
        office_time(&self.held().kept, wall)
    }

    /// The office has told its clock. Written down when the offset changed, and once an hour: after a restart without the
    /// office, with a clock that fell back, the last word is what still stands.
    pub fn told_time(&self, office: Timestamp, wall: Timestamp) {
        let mut held = self.held();
        let offset = office.duration_since(wall);
        let change = offset - SignedDuration::from_millis(held.kept.offset_ms);
        held.kept.offset_ms = i64::try_from(offset.as_millis()).unwrap_or(0);
        held.kept.told_at = Some(office);
        let old = held.on_disk.is_none_or(|on_disk| office.duration_since(on_disk).abs() >= FRESH);
        if !old && change.abs() < WORTH {
            return;
        }
        match self.write(&held.kept) {
            Ok(()) => held.on_disk = Some(office),
            Err(error) => {
                tracing::warn!(%error, "the office's clock was not written down; it is asked again after a restart");
            }
        }
    }

    /// Whom to seal to now.
    ///
    /// # Errors
    /// [`NoValidKey`]: take nothing in.
    pub fn recipients(&self, wall: Timestamp) -> Result<Vec<String>, NoValidKey> {
        let held = self.held();
        held.list.as_ref().ok_or(NoValidKey)?.recipients(office_time(&held.kept, wall))
    }

    /// Whether a visit may begin now: there is somebody to seal to, and the bureau stands for the catalogue that asks. What is
    /// under way when a newer list comes is sealed all the same: the office checks it by its own catalogue.
    ///
    /// # Errors
    /// What stands in the way.
    pub fn may_begin(&self, wall: Timestamp) -> Result<(), NotReady> {
        self.recipients(wall)?;
        let held = self.held();
        if held.list.as_ref().is_some_and(|list| list.stands_for(&self.catalogue)) {
            Ok(())
        } else {
            Err(NotReady::Catalogue)
        }
    }

    /// Takes a list from the office; `true` when it is newer than the one held. It is durable before it counts.
    ///
    /// # Errors
    /// Forged, changed, of another station, older, ended, or not durable; then the one held stays.
    pub fn take(&self, signed: Signed, wall: Timestamp) -> Result<bool, KeyringError> {
        let list = KeyList::open(&signed, &self.key, &self.station)?;
        let mut held = self.held();
        list.may_follow(held.list.as_ref(), office_time(&held.kept, wall))?;
        if held.list.as_ref() == Some(&list) {
            return Ok(false);
        }
        let kept = Kept { list: Some(signed), ..held.kept.clone() };
        self.write(&kept)?;
        *held = Held { on_disk: kept.told_at, kept, list: Some(list) };
        Ok(true)
    }

    fn write(&self, kept: &Kept) -> io::Result<()> {
        let aside = self.file.with_extension("part");
        let mut file = File::create(&aside)?;
        file.write_all(&serde_json::to_vec(kept)?)?;
        file.sync_all()?;
        std::fs::rename(&aside, &self.file)?;
        self.file.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    }
}

/// A wall clock that was set back does not make an ended key valid again: the office's last word is the least.
fn office_time(kept: &Kept, wall: Timestamp) -> Timestamp {
    let corrected = wall.checked_add(SignedDuration::from_millis(kept.offset_ms)).unwrap_or(wall);
    kept.told_at.map_or(corrected, |told| corrected.max(told))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::SigningKey;
    use wire::key_list::{KeyRole, ListedKey, VERSION};

    fn at(day: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + day * 86_400).unwrap()
    }

    fn signer() -> SigningKey {
        SigningKey::from_bytes(&[5; 32])
    }

    fn list(issued: i64, recipient: &str, until: i64) -> Signed {
        let key = |recipient: &str, role, until| ListedKey {
            recipient: recipient.to_owned(),
            role,
            not_before: at(0),
            not_after: at(until),
        };
        let keys = vec![key(recipient, KeyRole::Branch, until), key("age1safe", KeyRole::Recovery, 900)];
        let list =
            KeyList { v: VERSION, station: "yunqiao".into(), issued_at: at(issued), keys, catalogues: Vec::new() };
        Signed::sign(&list, &signer()).unwrap()
    }

    fn open_by(folder: &Path, enrolled: Option<Signed>, catalogue: &Digest) -> Keyring {
        Keyring::open(folder, enrolled, signer().verifying_key(), "yunqiao".into(), catalogue.clone()).unwrap()
    }

    fn open(folder: &Path, enrolled: Option<Signed>) -> Keyring {
        open_by(folder, enrolled, &Digest::of(b"any"))
    }

    #[test]
    fn the_newest_list_stays_through_a_restart_and_no_other_takes_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let ring = open(folder.path(), Some(list(1, "age1a", 50)));
        assert_eq!(ring.recipients(at(2)).unwrap(), ["age1a", "age1safe"]);
        assert!(ring.take(list(5, "age1b", 50), at(5)).unwrap());
        assert!(!ring.take(list(5, "age1b", 50), at(5)).unwrap(), "the same again");
        let replayed = ring.take(list(1, "age1a", 50), at(6));
        assert!(matches!(replayed, Err(KeyringError::List(KeyListError::Older))));
        let mut tampered = list(6, "age1c", 50);
        tampered.body = tampered.body.replace("age1c", "age1d");
        assert!(matches!(ring.take(tampered, at(6)), Err(KeyringError::List(KeyListError::Signature(_)))));
        let ended = ring.take(list(7, "age1e", 6), at(7));
        assert!(matches!(ended, Err(KeyringError::List(KeyListError::Ended))));
        let ring = open(folder.path(), Some(list(1, "age1a", 50)));
        assert_eq!(ring.recipients(at(6)).unwrap(), ["age1b", "age1safe"]);
        // Somebody with the disk in hand writes another list: it counts as none, the enrolled one is left.
        let file = folder.path().join("recipients.json");
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, text.replace("age1b", "age1x")).unwrap();
        assert_eq!(open(folder.path(), Some(list(1, "age1a", 50))).recipients(at(6)).unwrap(), ["age1a", "age1safe"]);
    }

    #[test]
    fn a_catalogue_that_the_list_does_not_name_begins_nothing_and_what_is_under_way_is_sealed() {
        let folder = tempfile::tempdir().unwrap();
        let [good, other] = ["the bureau's", "changed"].map(|text| Digest::of(text.as_bytes()));
        let naming = |issued: i64, catalogues: Vec<Digest>| {
            let list: KeyList = list(issued, "age1a", 50).open(&signer().verifying_key()).unwrap();
            Signed::sign(&KeyList { catalogues, ..list }, &signer()).unwrap()
        };
        let ring = |catalogue: &Digest| open_by(folder.path(), Some(list(1, "age1a", 50)), catalogue);
        assert_eq!(ring(&other).may_begin(at(2)), Ok(()), "a list of before names none");
        assert!(ring(&good).take(naming(3, vec![good.clone()]), at(3)).unwrap());
        assert_eq!(ring(&good).may_begin(at(4)), Ok(()));
        let changed = ring(&other);
        assert_eq!(changed.may_begin(at(4)), Err(NotReady::Catalogue));
        assert_eq!(changed.recipients(at(4)).unwrap(), ["age1a", "age1safe"]);
        assert!(changed.take(naming(5, vec![good, other]), at(5)).unwrap());
        assert_eq!(changed.may_begin(at(6)), Ok(()), "signed in the meantime, without a restart");
        assert_eq!(changed.may_begin(at(60)), Err(NotReady::Key(NoValidKey)));
    }

    #[test]
    fn validity_goes_by_the_offices_clock() {
        let folder = tempfile::tempdir().unwrap();
        let ring = open(folder.path(), Some(list(1, "age1a", 50)));
        for years in [-10, 10] {
            let wrong = at(10) + SignedDuration::from_hours(24 * 365 * years);
            ring.told_time(at(10), wrong);
            assert_eq!(ring.recipients(wrong).unwrap(), ["age1a", "age1safe"], "{years} years");
            assert_eq!(ring.recipients(wrong + SignedDuration::from_hours(24 * 41)), Err(NoValidKey));
            let again = open(folder.path(), Some(list(1, "age1a", 50)));
            assert_eq!(again.office_time(wrong), at(10), "the offset outlives a restart");
        }
    }

    #[test]
    fn a_clock_that_fell_back_makes_no_ended_key_valid_not_after_a_restart_either() {
        let folder = tempfile::tempdir().unwrap();
        let ring = open(folder.path(), Some(list(1, "age1a", 50)));
        // The clocks agree all along: the offset gives no reason to write.
        for day in [10, 60] {
            ring.told_time(at(day), at(day));
        }
        assert_eq!(ring.recipients(at(5)), Err(NoValidKey));
        let again = open(folder.path(), Some(list(1, "age1a", 50)));
        assert_eq!(again.recipients(at(5)), Err(NoValidKey));
        assert_eq!(again.office_time(at(5)), at(60));
    }
}
