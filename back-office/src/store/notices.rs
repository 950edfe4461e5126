//! What a resident should be told by message, once each: rows for whoever sends.
//! Invariant: the same notice (case, kind, name, day) exists once; nothing personal is in it. Not here: sending.

use super::StoreError;
use domain::ids::CaseId;
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, params};

/// Notes a notice; `false` when it was there already.
///
/// # Errors
/// The store's.
pub fn add(
    connection: &Connection,
    case: CaseId,
    kind: &str,
    name: &str,
    on_day: Date,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let added = connection
        .prepare_cached(
            "INSERT INTO notice (case_id, kind, name, on_day, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        )?
        .execute(params![case.to_string(), kind, name, on_day.to_string(), now.as_millisecond()])?;
    Ok(added == 1)
}
