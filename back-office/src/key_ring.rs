//! The office's keys for sealing and opening: the signed list that kiosks fetch, and every branch identity still held.
//! Invariants: a list counts only with the bureau's signature, and when every branch key for which something may still come in is
//! held; what was sealed to an earlier branch key is still opened;
//! new files are seen within [`KEPT`], without a restart, and a bad or older one changes nothing.
//! Not here: making them (`yimenctl keys`), what was newest over a restart (`store::key_lists`), where sealed things lie.

use crate::config::{ConfigError, Loaded};
use crate::office::age_identity;
use domain::sensitive::Sensitive;
use ed25519_dalek::VerifyingKey;
use jiff::Timestamp;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use wire::envelope::{self, EnvelopeError, Sealed};
use wire::key_list::{KEPT_AFTER_END, KeyList, KeyRole};
use wire::signature::Signed;

/// How long a look at the files is believed.
pub const KEPT: Duration = Duration::from_secs(2);

/// What the files said at the last good look.
#[derive(Debug)]
pub struct Held {
    /// The list.
    pub list: KeyList,
    /// As it is sent.
    pub signed: Signed,
    identities: Vec<Sensitive<String>>,
}

/// The key list and the identities, looked up again now and then.
#[derive(Debug)]
pub struct KeyRing {
    list: PathBuf,
    identity: PathBuf,
    former: PathBuf,
    key: VerifyingKey,
    station: domain::ids::StationId,
    held: Mutex<(Instant, Arc<Held>)>,
}

impl KeyRing {
    /// Reads `keys.recipients`, `keys.branch_identity` and the folder `keys.branch_identities`.
    ///
    /// # Errors
    /// Missing, not signed by the bureau's list key, no identity, or not the one of a branch key that the list names.
    pub fn open(loaded: &Loaded) -> Result<Self, ConfigError> {
        let names = &loaded.config.keys;
        let wrong = |message: &str| ConfigError::Malformed {
            path: loaded.folder.join("bureau.toml"),
            message: message.to_owned(),
        };
        let bytes = hex::decode(&loaded.bureau.list_key).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let key = bytes.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
        let key = key.ok_or_else(|| wrong("list_key is no Ed25519 public key in 64 hex digits"))?;
        let paths = [&names.recipients, &names.branch_identity, &names.branch_identities];
        let [list, identity, former] = paths.map(|path| loaded.path(path));
        let station = loaded.bureau.station.clone();
        let held = read(&list, &identity, &former, &key, &station)?;
        let held = Mutex::new((Instant::now(), Arc::new(held)));
        Ok(Self { list, identity, former, key, station, held })
    }

    /// List and identities as they are now.
    pub fn now(&self) -> Arc<Held> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.0.elapsed() >= KEPT {
            match read(&self.list, &self.identity, &self.former, &self.key, &self.station) {
                Ok(fresh) if fresh.list.issued_at < held.1.list.issued_at => {
                    tracing::error!(of = %fresh.list.issued_at, "keys: an older list was put there; the newer one stays in force");
                }
                Ok(fresh) => held.1 = Arc::new(fresh),
                Err(error) => tracing::error!(%error, "keys: what was read before stays in force"),
            }
            held.0 = Instant::now();
        }
        Arc::clone(&held.1)
    }

    /// Seals what the office itself keeps.
    ///
    /// # Errors
    /// The cipher's.
    pub fn seal(&self, plain: &[u8]) -> Result<Sealed, EnvelopeError> {
        envelope::seal(plain, &self.recipients())
    }

    /// Whom the office seals to: the keys valid now; an office whose keys have all ended goes on with its newest, as it alone
    /// opens what it keeps.
    pub fn recipients(&self) -> Vec<String> {
        let (held, now) = (self.now(), ambient::now());
        held.list.recipients(now).unwrap_or_else(|error| {
            tracing::error!(%error, "the office seals to its newest key; make a new one with `yimenctl keys rotate`");
            let newest = |role| {
                let keys = held.list.keys.iter().filter(move |key| key.role == role);
                keys.max_by_key(|key| key.not_after).map(|key| key.recipient.clone())
            };
            newest(KeyRole::Branch).into_iter().chain(newest(KeyRole::Recovery)).collect()
        })
    }

    /// Opens with whichever identity fits.
    ///
    /// # Errors
    /// None fits, or the bytes are damaged.
    pub fn open_sealed(&self, sealed: &[u8]) -> Result<Vec<u8>, EnvelopeError> {
        let held = self.now();
        let identities: Vec<&str> = held.identities.iter().map(|identity| identity.expose().as_str()).collect();
        envelope::open_with_any(sealed, &identities)
    }

    /// Whether a manifest comes too late for its keys.
    pub fn too_late(&self, recipients: &[String], now: Timestamp) -> bool {
        self.now().list.too_late(recipients, now)
    }
}

fn read(
    list: &std::path::Path,
    identity: &std::path::Path,
    former: &std::path::Path,
    key: &VerifyingKey,
    station: &domain::ids::StationId,
) -> Result<Held, ConfigError> {
    let unreadable = |path: &std::path::Path| {
        let path = path.to_path_buf();
        move |source| ConfigError::Unreadable { path, source }
    };
    let malformed = |message: String| ConfigError::Malformed { path: list.to_path_buf(), message };
    let bytes = std::fs::read(list).map_err(unreadable(list))?;
    let signed: Signed = serde_json::from_slice(&bytes).map_err(|error| malformed(error.to_string()))?;
    let opened = KeyList::open(&signed, key, station).map_err(|error| malformed(error.to_string()))?;
    let mut identities = vec![age_identity(identity)?];
    if former.exists() {
        for entry in std::fs::read_dir(former).map_err(unreadable(former))? {
            let path = entry.map_err(unreadable(former))?.path();
            if path.extension().is_some_and(|kind| kind == "age") {
                identities.push(age_identity(&path)?);
            }
        }
    }
    if let Some(lacking) = lacking(&opened, &identities, ambient::now()) {
        return Err(malformed(format!(
            "it names the branch key {lacking}, which is neither {} nor in {}: what kiosks seal to it could not be opened. Put that \
             file back (docs/disaster.md)",
            identity.display(),
            former.display()
        )));
    }
    Ok(Held { list: opened, signed, identities })
}

/// The id of a branch key for which something may still come in, and whose identity is not among these.
fn lacking(list: &KeyList, identities: &[Sensitive<String>], now: Timestamp) -> Option<String> {
    let own: Vec<String> =
        identities.iter().filter_map(|identity| envelope::recipient_of(identity.expose()).ok()).collect();
    let wanted = list.keys.iter().filter(|key| key.role == KeyRole::Branch && key.not_after + KEPT_AFTER_END >= now);
    wanted.map(|key| &key.recipient).find(|recipient| !own.contains(recipient)).map(|key| envelope::recipient_id(key))
}
