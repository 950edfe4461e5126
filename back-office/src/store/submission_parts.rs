//! Sealed answers that came inside the manifest's request, beside their submission: payloads only, their headers lie in custody.
//! Invariants: written in the transaction that takes the submission in; only ciphertext, only the role `answers`.
//! Not here: parts that are files (`blobs`), which of the two holds a part (`sealed_parts`).

use super::StoreError;
use domain::ids::SubmissionId;
use rusqlite::{Connection, OptionalExtension as _, params};
use wire::digest::Digest;

/// Keeps the payload of a part of a submission that is being taken in.
///
/// # Errors
/// The store's.
pub fn insert(connection: &Connection, id: SubmissionId, part: &Digest, payload: &[u8]) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO submission_part (submission, sha256, bytes) VALUES ($1, $2, $3)")?
        .execute(params![id.to_string(), part.as_str(), payload])?;
    Ok(())
}

/// The payload of a part that is kept here.
///
/// # Errors
/// The store's.
pub fn find(connection: &Connection, id: SubmissionId, part: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT bytes FROM submission_part WHERE submission = $1 AND sha256 = $2")?
        .query_row(params![id.to_string(), part.as_str()], |row| row.get(0))
        .optional()?)
}

/// Erases the doomed parts of a half-done visit that are kept here.
///
/// # Errors
/// The store's.
pub fn erase_doomed(connection: &Connection) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "DELETE FROM submission_part WHERE (submission, sha256) IN (
                 SELECT opening.submission, opening_part.sha256 FROM opening_part
                 JOIN opening ON opening.id = opening_part.opening
                 WHERE opening_part.doomed = 1 AND opening.submission IS NOT NULL)",
        )?
        .execute([])?;
    Ok(())
}
