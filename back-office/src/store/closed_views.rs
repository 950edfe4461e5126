//! Who opened a closed case, and why. The reason may name somebody, so it is sealed and outside the audit leaf.
//! Invariant: rows are only added.

use super::StoreError;
use domain::ids::{CaseId, OfficerId};
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// Notes an opening with its sealed reason.
///
/// # Errors
/// The store's.
pub fn add(
    connection: &Connection,
    case: CaseId,
    officer: &OfficerId,
    now: Timestamp,
    sealed_reason: &[u8],
) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO closed_view (case_id, officer, at, reason) VALUES ($1, $2, $3, $4)")?
        .execute(params![case.to_string(), officer.as_str(), now.as_millisecond(), sealed_reason])?;
    Ok(())
}

/// Whether this officer gave a reason for this case since then.
///
/// # Errors
/// The store's.
pub fn given_since(
    connection: &Connection,
    case: CaseId,
    officer: &OfficerId,
    since: Timestamp,
) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM closed_view WHERE case_id = $1 AND officer = $2 AND at >= $3")?
        .exists(params![case.to_string(), officer.as_str(), since.as_millisecond()])?)
}
