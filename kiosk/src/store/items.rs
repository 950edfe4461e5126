//! Items that wait and tombstones: reading them, and the outbox's transitions.
//! Invariant: an item's row goes only in the transaction that leaves its tombstone, after its files are unlinked.
//! SQLite takes `$1`, `$2` as names and numbers them as they appear: every statement here names them in that order.

use super::Store;
use super::error::StoreError;
use domain::ids::SubmissionId;
use jiff::Timestamp;
use outbox::{Entry, State};
use rusqlite::{OptionalExtension as _, Row, params};
use wire::digest::Digest;
use wire::manifest::Manifest;
use wire::signature::Signed;

/// What is known of an id: the answer to "do we already have it?" after a crash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it is.
    pub state: State,
    /// Digest of its manifest.
    pub digest: Digest,
    /// When sealed, by the kiosk's clock.
    pub sealed_at: Timestamp,
    /// The office's signed receipt, once it is here (已送达).
    pub receipt: Option<String>,
    /// Why the office takes it never, of one that it refused.
    pub problem: Option<String>,
}

/// An item with its manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// As the outbox sees it.
    pub entry: Entry,
    /// As it is sent.
    pub manifest: Signed,
}

impl Waiting {
    /// All its ciphertext files, those that ride inside its manifest's request too.
    ///
    /// # Errors
    /// A stored manifest that cannot be read.
    pub fn files(&self) -> Result<Vec<Digest>, StoreError> {
        blobs(&self.manifest)
    }
}

impl Store {
    /// Looks an id up among items and tombstones.
    ///
    /// # Errors
    /// The store's.
    pub fn find(&self, id: SubmissionId) -> Result<Option<Found>, StoreError> {
        let name = id.to_string();
        self.writer.call(move |db| {
            let row = db
                .prepare_cached(
                    "SELECT state, digest, sealed_at, receipt, problem FROM items WHERE id = $1
                     UNION ALL SELECT 'TOMBSTONE', digest, sealed_at, receipt, NULL FROM tombstones WHERE id = $1",
                )?
                .query_row(params![name], |row| {
                    let text = |column| row.get::<_, String>(column);
                    Ok((text(0)?, text(1)?, text(2)?, row.get(3)?, row.get(4)?))
                })
                .optional()?;
            row.map(|(state, digest, sealed_at, receipt, problem)| {
                Ok(Found {
                    state: State::from_name(&state).ok_or_else(|| damaged("state"))?,
                    digest: Digest::try_from(digest).map_err(|_| damaged("digest"))?,
                    sealed_at: sealed_at.parse().map_err(|_| damaged("sealed_at"))?,
                    receipt,
                    problem,
                })
            })
            .transpose()
        })
    }

    /// All items whose content is here, oldest first.
    ///
    /// # Errors
    /// The store's.
    pub fn waiting(&self) -> Result<Vec<Waiting>, StoreError> {
        self.writer.call(|db| {
            let mut query = db.prepare_cached("SELECT sequence, state, manifest FROM items ORDER BY sequence")?;
            let rows = query.query_map([], raw)?.collect::<Result<Vec<_>, _>>()?;
            rows.into_iter().map(read).collect()
        })
    }

    /// The signed manifest of an item.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] or the store's.
    pub fn manifest(&self, id: SubmissionId) -> Result<Signed, StoreError> {
        let name = id.to_string();
        let text: Option<String> = self.writer.call(move |db| {
            Ok(db
                .prepare_cached("SELECT manifest FROM items WHERE id = $1")?
                .query_row(params![name], |row| row.get(0))
                .optional()?)
        })?;
        serde_json::from_str(&text.ok_or(StoreError::Unknown)?).map_err(|_| damaged("manifest"))
    }

    /// Makes a transition of the outbox durable. `receipt` with ACKED, `problem` with QUARANTINED.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] or the store's; then the state is as before.
    pub fn persist(
        &self,
        id: SubmissionId,
        state: State,
        receipt: Option<String>,
        problem: Option<String>,
    ) -> Result<(), StoreError> {
        let name = id.to_string();
        self.writer.call(move |db| {
            let changed = db
                .prepare_cached("UPDATE items SET state = $1, receipt = $2, problem = $3 WHERE id = $4")?
                .execute(params![state.name(), receipt, problem, name])?;
            if changed == 1 { Ok(()) } else { Err(StoreError::Unknown) }
        })
    }

    /// What the office refused for ever is sent again, at an operator's wish; gives how many. No outbox may be at work on this store.
    ///
    /// # Errors
    /// The store's.
    pub fn resend(&self) -> Result<usize, StoreError> {
        self.writer.call(|db| {
            let again = "UPDATE items SET state = $1, problem = NULL WHERE state = $2";
            Ok(db.prepare_cached(again)?.execute(params![State::Sealed.name(), State::Quarantined.name()])?)
        })
    }

    /// Unlinks the content and leaves the tombstone. Only an acknowledged item can be erased.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] when there is no acknowledged item under this id, or the store's; may be repeated.
    pub fn erase(&self, id: SubmissionId, now: Timestamp) -> Result<(), StoreError> {
        self.spool.erase(&blobs(&self.acknowledged(id)?)?)?;
        let (name, now) = (id.to_string(), now.to_string());
        self.writer.call(move |db| {
            let left = db
                .prepare_cached(
                    "INSERT INTO tombstones (id, digest, sealed_at, receipt, erased_at)
                     SELECT id, digest, sealed_at, receipt, $1 FROM items WHERE id = $2 AND state = 'ACKED'",
                )?
                .execute(params![now, name])?;
            if left != 1 {
                return Err(StoreError::Unknown);
            }
            db.prepare_cached("DELETE FROM items WHERE id = $1")?.execute(params![name])?;
            Ok(())
        })
    }

    fn acknowledged(&self, id: SubmissionId) -> Result<Signed, StoreError> {
        match self.find(id)? {
            Some(found) if found.state == State::Acked => self.manifest(id),
            Some(_) | None => Err(StoreError::Unknown),
        }
    }
}

/// All ciphertext files of an item, those that ride inside its `PUT` too.
pub(super) fn blobs(manifest: &Signed) -> Result<Vec<Digest>, StoreError> {
    let body: Manifest = serde_json::from_str(&manifest.body).map_err(|_| damaged("manifest"))?;
    Ok(body.parts.into_iter().map(|part| part.sha256).collect())
}

type Raw = (i64, String, String);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn read((sequence, state, text): Raw) -> Result<Waiting, StoreError> {
    let manifest: Signed = serde_json::from_str(&text).map_err(|_| damaged("manifest"))?;
    let body: Manifest = serde_json::from_str(&manifest.body).map_err(|_| damaged("manifest"))?;
    let entry = Entry {
        id: body.id,
        sequence: u64::try_from(sequence).map_err(|_| damaged("sequence"))?,
        chain: body.chain.first,
        manifest: manifest.digest(),
        sealed_at: body.sealed_at,
        bytes: body.parts.iter().map(|part| part.size).sum(),
        blobs: body.uploads(),
        state: State::from_name(&state).ok_or_else(|| damaged("state"))?,
    };
    Ok(Waiting { entry, manifest })
}

fn damaged(column: &str) -> StoreError {
    StoreError::Database(format!("a stored {column} cannot be read"))
}
