//! The signed list of keys that kiosks seal to: which recipients, in which role, valid from when to when; and by which
//! catalogues services may be asked for.
//! Invariants: a list counts only with the signature of the bureau's list key and for its own station; one that is older
//! than the list held, or in which every branch key has ended, is refused; without a valid branch key there is nobody to
//! seal to.
//! Not here: keeping the list (kiosk, office), making it (`yimenctl keys`).

use crate::digest::Digest;
use crate::envelope::recipient_id;
use crate::signature::{SignatureError, Signed};
use domain::ids::StationId;
use ed25519_dalek::VerifyingKey;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the list.
pub const VERSION: u32 = 1;

/// How long after its end a branch key is still opened: twice the longest time that a kiosk stays offline, and more.
pub const KEPT_AFTER_END: SignedDuration = SignedDuration::from_hours(24 * 180);

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyRole {
    /// The office opens with it.
    Branch,
    /// Lies in a safe, for a disaster.
    Recovery,
}

/// One recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedKey {
    /// age recipient, `age1…`.
    pub recipient: String,
    /// What it is for.
    pub role: KeyRole,
    /// First moment.
    pub not_before: Timestamp,
    /// Last moment.
    pub not_after: Timestamp,
}

impl ListedKey {
    /// Whether one may seal to it at this moment.
    pub fn valid(&self, now: Timestamp) -> bool {
        (self.not_before..=self.not_after).contains(&now)
    }
}

/// The body of the list; it travels as [`Signed`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyList {
    /// [`VERSION`].
    pub v: u32,
    /// Whose.
    pub station: StationId,
    /// When it was made; a later list takes the place of an earlier one.
    pub issued_at: Timestamp,
    /// All keys, those that have ended too.
    pub keys: Vec<ListedKey>,
    /// Digests of the catalogues that the bureau stands for ([`catalogue_digest`]); none = whatever lies there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub catalogues: Vec<Digest>,
}

/// The digest of a catalogue: SHA-256 over the canonical JSON (RFC 8785) of its files, path to content.
///
/// # Errors
/// The JSON cannot be made.
pub fn catalogue_digest(files: &BTreeMap<String, String>) -> Result<Digest, SignatureError> {
    Ok(Digest::of(crate::signature::canonical(files)?.as_bytes()))
}

/// Why a list is not taken.
#[derive(Debug, thiserror::Error)]
pub enum KeyListError {
    /// Not signed by the bureau's list key, changed, or no list.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// Another version.
    #[error("version {0} of the key list is not known here")]
    Version(u32),
    /// Another station's.
    #[error("the key list is of another station")]
    Station,
    /// Older than the one held, or another one of the same moment.
    #[error("the key list is not newer than the one held")]
    Older,
    /// Every branch key in it has ended.
    #[error("every branch key of the list has ended")]
    Ended,
}

/// There is no branch key to seal to at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no branch key is valid now")]
pub struct NoValidKey;

impl KeyList {
    /// Checks signature, version and station.
    ///
    /// # Errors
    /// [`KeyListError`], but never `Older` or `Ended`.
    pub fn open(signed: &Signed, key: &VerifyingKey, station: &StationId) -> Result<Self, KeyListError> {
        let list: Self = signed.open(key)?;
        if list.v != VERSION {
            return Err(KeyListError::Version(list.v));
        }
        if list.station != *station {
            return Err(KeyListError::Station);
        }
        Ok(list)
    }

    /// Whether this list may take the place of the one held.
    ///
    /// # Errors
    /// `Older` or `Ended`.
    pub fn may_follow(&self, held: Option<&Self>, now: Timestamp) -> Result<(), KeyListError> {
        if held.is_some_and(|held| self.issued_at <= held.issued_at && self != held) {
            return Err(KeyListError::Older);
        }
        let branch = |key: &&ListedKey| key.role == KeyRole::Branch;
        if self.keys.iter().filter(branch).all(|key| key.not_after < now) {
            return Err(KeyListError::Ended);
        }
        Ok(())
    }

    /// Whether the bureau stands for this catalogue.
    pub fn stands_for(&self, catalogue: &Digest) -> bool {
        self.catalogues.is_empty() || self.catalogues.contains(catalogue)
    }

    /// The recipients to seal to now: branch keys, newest first, then recovery keys.
    ///
    /// # Errors
    /// [`NoValidKey`]: nothing may be taken in, as nobody could read it.
    pub fn recipients(&self, now: Timestamp) -> Result<Vec<String>, NoValidKey> {
        let of = |role: KeyRole| {
            let mut keys: Vec<&ListedKey> = self.keys.iter().filter(|key| key.role == role && key.valid(now)).collect();
            keys.sort_by_key(|key| std::cmp::Reverse(key.not_before));
            keys.into_iter().map(|key| key.recipient.clone())
        };
        let branch: Vec<String> = of(KeyRole::Branch).collect();
        if branch.is_empty() {
            return Err(NoValidKey);
        }
        Ok(branch.into_iter().chain(of(KeyRole::Recovery)).collect())
    }

    /// Whether something sealed to these recipients (by [`recipient_id`]) comes too late: it names branch keys of this list,
    /// and the last of them ended longer ago than [`KEPT_AFTER_END`]. Recipients that no list knows are a matter of content.
    pub fn too_late(&self, recipients: &[String], now: Timestamp) -> bool {
        let named = |key: &&ListedKey| {
            key.role == KeyRole::Branch && recipients.iter().any(|id| *id == recipient_id(&key.recipient))
        };
        let last = self.keys.iter().filter(named).map(|key| key.not_after).max();
        last.is_some_and(|last| now.duration_since(last) > KEPT_AFTER_END)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::SigningKey;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + day * 86_400).unwrap()
    }

    fn key(recipient: &str, role: KeyRole, from: i64, until: i64) -> ListedKey {
        ListedKey { recipient: recipient.to_owned(), role, not_before: at(from), not_after: at(until) }
    }

    fn list(issued: i64, keys: Vec<ListedKey>) -> KeyList {
        KeyList { v: VERSION, station: StationId::new("yunqiao"), issued_at: at(issued), keys, catalogues: Vec::new() }
    }

    #[test]
    fn only_the_list_keys_word_for_this_station_counts() {
        let signer = SigningKey::from_bytes(&[5; 32]);
        let good = list(0, vec![key("age1a", KeyRole::Branch, 0, 10)]);
        let open =
            |signed: &Signed, station: &str| KeyList::open(signed, &signer.verifying_key(), &StationId::new(station));
        let signed = Signed::sign(&good, &signer).unwrap();
        assert_eq!(open(&signed, "yunqiao").unwrap(), good);
        assert!(matches!(open(&signed, "other"), Err(KeyListError::Station)));
        let tampered = Signed { body: signed.body.replace("age1a", "age1b"), ..signed };
        assert!(matches!(open(&tampered, "yunqiao"), Err(KeyListError::Signature(_))));
        let forged = Signed::sign(&good, &SigningKey::from_bytes(&[6; 32])).unwrap();
        assert!(matches!(open(&forged, "yunqiao"), Err(KeyListError::Signature(_))));
        let newer = Signed::sign(&KeyList { v: 2, ..good }, &signer).unwrap();
        assert!(matches!(open(&newer, "yunqiao"), Err(KeyListError::Version(2))));
    }

    #[test]
    fn an_older_list_and_one_that_has_ended_are_refused() {
        let held = list(5, vec![key("age1a", KeyRole::Branch, 0, 100)]);
        assert!(held.may_follow(None, at(6)).is_ok() && held.may_follow(Some(&held), at(6)).is_ok());
        let older = list(4, held.keys.clone());
        assert!(matches!(older.may_follow(Some(&held), at(6)), Err(KeyListError::Older)));
        let twin = list(5, vec![key("age1b", KeyRole::Branch, 0, 100)]);
        assert!(matches!(twin.may_follow(Some(&held), at(6)), Err(KeyListError::Older)));
        let ended = list(7, vec![key("age1a", KeyRole::Branch, 0, 8), key("age1r", KeyRole::Recovery, 0, 99)]);
        assert!(matches!(ended.may_follow(Some(&held), at(9)), Err(KeyListError::Ended)));
        assert!(ended.may_follow(Some(&held), at(8)).is_ok());
    }

    #[test]
    fn a_catalogue_is_known_by_all_of_its_files() {
        let files = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
        };
        let digest = |pairs: &[(&str, &str)]| catalogue_digest(&files(pairs)).unwrap();
        let good = digest(&[("a.toml", "x = 1"), ("b/c.toml", "")]);
        for other in [
            &[("a.toml", "x = 2"), ("b/c.toml", "")][..],
            &[("a.toml", "x = 1")],
            &[("a.toml", "x = 1"), ("b/d.toml", "")],
            &[("a.toml", ""), ("b/c.toml", "x = 1")],
        ] {
            assert_ne!(digest(other), good, "{other:?}");
        }
        let mut list = list(0, Vec::new());
        assert!(list.stands_for(&good), "a list of before names none");
        list.catalogues = vec![digest(&[("a.toml", "")])];
        assert!(!list.stands_for(&good));
        list.catalogues.push(good.clone());
        assert!(list.stands_for(&good));
    }

    #[test]
    fn one_seals_to_what_is_valid_and_late_is_told_by_the_last_key() {
        let keys = vec![
            key("age1old", KeyRole::Branch, 0, 10),
            key("age1new", KeyRole::Branch, 8, 300),
            key("age1safe", KeyRole::Recovery, 0, 900),
        ];
        let list = list(0, keys);
        assert_eq!(list.recipients(at(5)).unwrap(), ["age1old", "age1safe"]);
        assert_eq!(list.recipients(at(9)).unwrap(), ["age1new", "age1old", "age1safe"]);
        assert_eq!(list.recipients(at(301)), Err(NoValidKey));
        let ids = |names: &[&str]| names.iter().map(|name| recipient_id(name)).collect::<Vec<_>>();
        assert!(!list.too_late(&ids(&["age1old", "age1safe"]), at(190)));
        assert!(list.too_late(&ids(&["age1old", "age1safe"]), at(191)));
        assert!(!list.too_late(&ids(&["age1old", "age1new"]), at(191)));
        assert!(!list.too_late(&ids(&["age1stranger"]), at(9000)));
    }
}
