//! Signs what the audit log stands at, when it grew and when the office stops, and lays each checkpoint in every place of
//! the configuration, one of which may be another machine's.
//! Invariants: a checkpoint is signed only over a tree that still holds the one before; it is durable in the database
//! before it lies anywhere else; a place that could not be written is made up for later, without gaps.
//! Form: C2SP `tlog-checkpoint` in a C2SP `signed-note` with an Ed25519 signature.
//! Not here: checking (`yimenctl audit verify`, which shares no code with this).

use crate::blobs::write_durably;
use crate::office::Office;
use crate::store::StoreError;
use crate::store::audit::checkpoints::{self, Checkpoint};
use crate::store::audit::tree::{self, Hash};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as B64;
use ed25519_dalek::{Signer as _, SigningKey};
use jiff::Timestamp;
use rusqlite::Connection;
use sha2::{Digest as _, Sha256};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Signature type of Ed25519 in a signed note.
const ED25519: u8 = 1;
/// Checkpoints looked at in one go when a place is made up for.
const PAGE: u32 = 100;

/// Signs checkpoints of one log.
pub struct Notary {
    key: SigningKey,
    /// Name of log and key.
    origin: String,
}

impl Notary {
    /// For the log of this station.
    pub fn new(key: SigningKey, station: &str) -> Self {
        Self { key, origin: format!("yimen/{station}/audit") }
    }

    /// The note about a tree of this size and root.
    pub fn note(&self, size: u64, root: &Hash) -> String {
        let text = format!("{}\n{size}\n{}\n", self.origin, B64.encode(root));
        let mut signature = self.key_hash().to_vec();
        signature.extend(self.key.sign(text.as_bytes()).to_bytes());
        format!("{text}\n\u{2014} {} {}\n", self.origin, B64.encode(signature))
    }

    /// First four bytes of SHA-256 over name, line feed, type and public key.
    fn key_hash(&self) -> [u8; 4] {
        let name = self.origin.as_bytes();
        let hash = Sha256::new().chain_update(name).chain_update([b'\n', ED25519]);
        let hash = hash.chain_update(self.key.verifying_key().as_bytes()).finalize();
        [hash[0], hash[1], hash[2], hash[3]]
    }
}

/// Signs the tree when it grew since the newest checkpoint; gives the newest then, `None` for an empty log.
///
/// # Errors
/// The store's; [`StoreError::Damaged`] when the tree does not hold the newest checkpoint any more.
pub fn sign(connection: &Connection, notary: &Notary, now: Timestamp) -> Result<Option<Checkpoint>, StoreError> {
    let (size, newest) = (tree::size(connection)?, checkpoints::newest(connection)?);
    if let Some(newest) = newest {
        if newest.size > size || tree::root(connection, newest.size)? != newest.root {
            return Err(StoreError::Damaged("the audit log does not hold its newest checkpoint any more"));
        }
        if newest.size == size {
            return Ok(Some(newest));
        }
    }
    if size == 0 {
        return Ok(None);
    }
    let root = tree::root(connection, size)?;
    let checkpoint = Checkpoint { size, root, at: now, note: notary.note(size, &root) };
    checkpoints::insert(connection, &checkpoint)?;
    Ok(Some(checkpoint))
}

/// Signs now, if the log grew, and lays it down everywhere.
///
/// # Errors
/// The store's.
pub async fn now(office: &Arc<Office>) -> Result<Option<Checkpoint>, StoreError> {
    let inner = Arc::clone(office);
    let newest = office.store.write::<_, StoreError>(move |c| sign(c, &inner.keys.audit, ambient::now())).await?;
    if let Some(newest) = &newest {
        for place in &office.loaded.config.audit.checkpoints {
            let place = office.loaded.path(place);
            if let Err(error) = lay_down(office, &place, newest).await {
                tracing::error!(place = %place.display(), %error, "a checkpoint is not in this place yet");
            }
        }
    }
    Ok(newest)
}

/// Signs every so often, and once more when told to stop.
pub async fn run(office: Arc<Office>, mut stop: watch::Receiver<bool>) {
    let pause = Duration::from_secs(office.loaded.config.audit.every_seconds);
    loop {
        let stopped = tokio::select! {
            () = tokio::time::sleep(pause) => false,
            _ = stop.changed() => true,
        };
        if let Err(error) = now(&office).await {
            tracing::error!(%error, "no checkpoint was signed");
        }
        if stopped {
            return;
        }
    }
}

/// The file of a checkpoint in a place: a folder for each day.
fn file(place: &Path, checkpoint: &Checkpoint) -> PathBuf {
    let day = crate::office::china_day(checkpoint.at);
    place.join(day.to_string()).join(format!("{:020}.checkpoint", checkpoint.size))
}

/// Why a place lacks a checkpoint.
#[derive(Debug, thiserror::Error)]
enum LayError {
    /// The office's own database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The place's disk.
    #[error("cannot write {0}: {1}")]
    Disk(PathBuf, io::Error),
}

/// Writes the newest checkpoint and, before it, whatever the place does not have.
async fn lay_down(office: &Office, place: &Path, newest: &Checkpoint) -> Result<(), LayError> {
    let mut missing = Vec::new();
    let mut look = vec![newest.clone()];
    'back: while !look.is_empty() {
        for checkpoint in look {
            if file(place, &checkpoint).exists() {
                break 'back;
            }
            missing.push(checkpoint);
        }
        let oldest = missing.last().map_or(0, |checkpoint| checkpoint.size);
        look = office.store.read::<_, StoreError>(move |c| checkpoints::before(c, oldest, PAGE)).await?;
    }
    let (inner, place) = (place.to_path_buf(), place.to_path_buf());
    let written = tokio::task::spawn_blocking(move || -> Result<(), LayError> {
        for checkpoint in missing.iter().rev() {
            let file = file(&inner, checkpoint);
            write_with_folder(&inner, &file, checkpoint).map_err(|error| LayError::Disk(file, error))?;
        }
        Ok(())
    });
    written.await.unwrap_or_else(|error| Err(LayError::Disk(place, io::Error::other(error))))
}

fn write_with_folder(place: &Path, file: &Path, checkpoint: &Checkpoint) -> io::Result<()> {
    // A new day's folder has to survive a power cut, too.
    if let Some(folder) = file.parent().filter(|folder| !folder.exists()) {
        std::fs::create_dir_all(folder)?;
        std::fs::File::open(place)?.sync_all()?;
    }
    write_durably(file, checkpoint.note.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{audit, in_memory};

    fn grow(connection: &Connection) {
        let at = Timestamp::from_second(1_795_000_000).unwrap();
        audit::append(connection, at, "office", "tested", "test:1", serde_json::json!({})).unwrap();
    }

    #[test]
    fn it_signs_when_the_log_grew_and_never_a_log_that_forgot() {
        let connection = in_memory().unwrap();
        let notary = Notary::new(SigningKey::from_bytes(&[5; 32]), "yunqiao");
        let now = Timestamp::from_second(1_795_000_000).unwrap();
        assert_eq!(sign(&connection, &notary, now).unwrap(), None);
        grow(&connection);
        let first = sign(&connection, &notary, now).unwrap().unwrap();
        assert!(first.note.starts_with("yimen/yunqiao/audit\n1\n"), "{}", first.note);
        assert_eq!(sign(&connection, &notary, now).unwrap().unwrap(), first, "nothing new, nothing signed");
        grow(&connection);
        grow(&connection);
        assert_eq!(sign(&connection, &notary, now).unwrap().unwrap().size, 3);
        assert!(audit::check(&connection).unwrap().ok);
        connection.execute_batch("DELETE FROM audit WHERE seq = 3; DELETE FROM audit_node WHERE position = 2").unwrap();
        assert!(sign(&connection, &notary, now).is_err(), "a shorter log is not signed");
        assert_eq!(audit::check(&connection).unwrap().broken_at, Some(3));
        grow(&connection);
        let other = "UPDATE audit_node SET hash = zeroblob(32) WHERE level = 1";
        connection.execute_batch(other).unwrap();
        assert!(sign(&connection, &notary, now).is_err(), "another beginning is not signed");
    }
}
