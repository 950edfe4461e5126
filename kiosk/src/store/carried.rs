//! Items that travel on a stick: marked here when they were exported, taken in where they are imported.
//! Invariants: a mark changes nothing about keeping or sending; what is taken in is durable before it is told, as by `seal`.

use super::Store;
use super::error::StoreError;
use domain::ids::SubmissionId;
use jiff::Timestamp;
use outbox::{Entry, State};
use rusqlite::params;
use wire::envelope::Sealed;
use wire::manifest::Manifest;
use wire::signature::Signed;

impl Store {
    /// Notes that these lie on a stick. They are kept and sent as before.
    ///
    /// # Errors
    /// The store's; then none is marked.
    pub fn mark_exported(&self, ids: &[SubmissionId], now: Timestamp) -> Result<(), StoreError> {
        let (names, now) = (ids.iter().map(ToString::to_string).collect::<Vec<_>>(), now.to_string());
        self.writer.call(move |db| {
            let mut mark = db.prepare_cached("UPDATE items SET exported_at = $1 WHERE id = $2")?;
            for name in names {
                mark.execute(params![now, name])?;
            }
            Ok(())
        })
    }

    /// How many waiting items lie on a stick.
    ///
    /// # Errors
    /// The store's.
    pub fn exported(&self) -> Result<usize, StoreError> {
        self.writer.call(|db| {
            let count: i64 =
                db.query_row("SELECT count(*) FROM items WHERE exported_at IS NOT NULL", [], |row| row.get(0))?;
            Ok(usize::try_from(count).unwrap_or_default())
        })
    }

    /// Takes in an item that another kiosk sealed: `true` when it is new here.
    ///
    /// # Errors
    /// [`StoreError::AnotherContent`] when other content is here under its id; `DiskFull` and the like, then nothing is visible.
    pub fn adopt(&self, signed: &Signed, blobs: &[Sealed]) -> Result<bool, StoreError> {
        let manifest: Manifest = serde_json::from_str(&signed.body)
            .map_err(|_| StoreError::Database("a manifest that is none".to_owned()))?;
        let (id, digest) = (manifest.id, signed.digest());
        if let Some(found) = self.find(id)? {
            return if found.digest == digest { Ok(false) } else { Err(StoreError::AnotherContent) };
        }
        self.spool.keep(blobs)?;
        let (name, text) = (id.to_string(), digest.to_string());
        let (sealed_at, row) = (manifest.sealed_at.to_string(), serde_json::to_string(signed));
        let row = row.map_err(|error| StoreError::Sealing(error.to_string()))?;
        let inserted: Result<i64, StoreError> = self.writer.call(move |db| {
            Ok(db.query_row(
                "INSERT INTO items (id, state, digest, manifest, sealed_at) VALUES ($1, 'SEALED', $2, $3, $4)
                 RETURNING sequence",
                params![name, text, row, sealed_at],
                |row| row.get(0),
            )?)
        });
        let sequence = inserted.inspect_err(|_| self.spool.forget(blobs.iter().map(|blob| &blob.sha256)))?;
        if let Some(listener) = &*self.listener() {
            listener(Entry {
                id,
                sequence: u64::try_from(sequence).unwrap_or_default(),
                chain: manifest.chain.first,
                manifest: digest,
                sealed_at: manifest.sealed_at,
                bytes: blobs.iter().map(|blob| blob.bytes.len() as u64).sum(),
                blobs: manifest.uploads(),
                state: State::Sealed,
            });
        }
        Ok(true)
    }
}
