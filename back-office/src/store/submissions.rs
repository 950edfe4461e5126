//! Submissions as they arrived: signed manifest and the receipt that was given for it.
//! Invariants: a row never changes; same id and digest = same receipt, byte for byte.

use super::StoreError;
use domain::ids::{KioskId, SubmissionId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use wire::manifest::Manifest;
use wire::receipt::Receipt;
use wire::signature::Signed;

/// A stored submission.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Its id.
    pub id: SubmissionId,
    /// Who sent it.
    pub kiosk: KioskId,
    /// Digest of the manifest's signed body.
    pub digest: String,
    /// The signed manifest as JSON.
    pub manifest: String,
    /// The receipt's exact bytes as they went out.
    pub receipt: String,
    /// When it became durable.
    pub received_at: Timestamp,
}

impl Submission {
    /// The manifest that was signed.
    ///
    /// # Errors
    /// The stored text is damaged.
    pub fn manifest(&self) -> Result<Manifest, StoreError> {
        let signed: Signed =
            serde_json::from_str(&self.manifest).map_err(|_| StoreError::Damaged("signed manifest"))?;
        serde_json::from_str(&signed.body).map_err(|_| StoreError::Damaged("manifest"))
    }
}

impl Submission {
    /// The receipt as it went out, and the index of its leaf in the audit log.
    ///
    /// # Errors
    /// The stored text is damaged.
    pub fn receipt(&self) -> Result<(Signed, u64), StoreError> {
        let damaged = |_| StoreError::Damaged("receipt");
        let signed: Signed = serde_json::from_str(&self.receipt).map_err(damaged)?;
        let receipt: Receipt = serde_json::from_str(&signed.body).map_err(damaged)?;
        Ok((signed, receipt.log_index))
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Submission> {
    let id: String = row.get(0)?;
    Ok(Submission {
        id: SubmissionId(super::parse_uuid(&id)?),
        kiosk: KioskId::new(row.get::<_, String>(1)?),
        digest: row.get(2)?,
        manifest: row.get(3)?,
        receipt: row.get(4)?,
        received_at: super::instant(row.get(5)?),
    })
}

/// A submission by id.
///
/// # Errors
/// The store's.
pub fn find(connection: &Connection, id: SubmissionId) -> Result<Option<Submission>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT id, kiosk, digest, manifest, receipt, received_at FROM submission WHERE id = $1")?
        .query_row(params![id.to_string()], from_row)
        .optional()?)
}

/// Stores a new submission. The caller has looked in the same transaction that there is none.
///
/// # Errors
/// The store's.
pub fn insert(connection: &Connection, submission: &Submission, manifest: &Manifest) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO submission
                 (id, kiosk, service, form_version, digest, manifest, receipt, received_at, chain_first, chain_seq)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )?
        .execute(params![
            submission.id.to_string(),
            submission.kiosk.as_str(),
            manifest.service.as_str(),
            manifest.form_version,
            submission.digest,
            submission.manifest,
            submission.receipt,
            submission.received_at.as_millisecond(),
            (manifest.chain.seq > 0).then(|| manifest.chain.first.to_string()),
            manifest.chain.seq,
        ])?;
    Ok(())
}

/// The next place in the chain that this submission began; 0 while it is not here.
///
/// # Errors
/// The store's.
pub fn next_in_chain(connection: &Connection, first: SubmissionId) -> Result<u32, StoreError> {
    let name = first.to_string();
    if !connection.prepare_cached("SELECT 1 FROM submission WHERE id = $1")?.exists(params![name])? {
        return Ok(0);
    }
    let last: u32 = connection
        .prepare_cached("SELECT COALESCE(MAX(chain_seq), 0) FROM submission WHERE chain_first = $1 AND chain_seq > 0")?
        .query_row(params![name], |row| row.get(0))?;
    Ok(last.saturating_add(1))
}
