//! Sums for those who answer for a station: how many cases came in, who decided how many.
//! Invariants: only cases of the reader's scopes; sums, never persons. Not here: what a year before means
//! (`officer_api::reports`), percent (`domain::volume`).

use super::StoreError;
use super::cases::Scopes;
use domain::ids::{BranchId, OfficerId};
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// Cases received between two moments, by service: id, name, how many.
///
/// # Errors
/// The store's.
pub fn received(
    connection: &Connection,
    scopes: &Scopes,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<(String, String, u64)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT service, MAX(title), COUNT(*) FROM office_case
         WHERE received_at >= $1 AND received_at < $2
           AND branch || '|' || station IN (SELECT value FROM json_each($3))
         GROUP BY service ORDER BY service",
    )?;
    let rows = statement.query_map(params![from.as_millisecond(), until.as_millisecond(), scopes.text()?], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get::<_, u32>(2)?.into()))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Cases decided since a moment, by branch and officer; a case counts once for an officer.
///
/// # Errors
/// The store's.
pub fn decided_since(
    connection: &Connection,
    scopes: &Scopes,
    since: Timestamp,
) -> Result<Vec<(BranchId, OfficerId, u64)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT c.branch, d.officer, COUNT(DISTINCT d.case_id) FROM decision d JOIN office_case c ON c.id = d.case_id
         WHERE d.at >= $1 AND c.branch || '|' || c.station IN (SELECT value FROM json_each($2))
         GROUP BY c.branch, d.officer ORDER BY c.branch, d.officer",
    )?;
    let rows = statement.query_map(params![since.as_millisecond(), scopes.text()?], |row| {
        Ok((
            BranchId::new(row.get::<_, String>(0)?),
            OfficerId::new(row.get::<_, String>(1)?),
            row.get::<_, u32>(2)?.into(),
        ))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
