//! Why something out of the ordinary was done (a reprint, a revocation, a proxy who collects). The words may name
//! somebody, so they are sealed and outside the audit leaf. Invariant: rows are only added.

use super::StoreError;
use super::claims::Act;
use rusqlite::{Connection, params};

/// Notes the sealed reason of an act on an object (`case:<id>`, `certificate:<number>`).
///
/// # Errors
/// The store's.
pub fn add(connection: &Connection, act: Act<'_>, object: &str, what: &str, sealed: &[u8]) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO sealed_reason (object, act, officer, at, reason) VALUES ($1, $2, $3, $4, $5)")?
        .execute(params![object, what, act.officer.as_str(), act.now.as_millisecond(), sealed])?;
    Ok(())
}
