//! Which officers the office knows to be locked, so that each change is written down once. The lock itself is a file of the
//! administrator's (`crate::officers`).

use super::StoreError;
use domain::ids::OfficerId;
use jiff::Timestamp;
use rusqlite::{Connection, params};
use std::collections::BTreeSet;

/// All of them.
///
/// # Errors
/// The store's.
pub fn all(connection: &Connection) -> Result<BTreeSet<OfficerId>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT officer FROM officer_lock")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0).map(OfficerId::new))?;
    Ok(rows.collect::<Result<BTreeSet<_>, _>>()?)
}

/// Remembers that an officer is locked, or is no more.
///
/// # Errors
/// The store's.
pub fn set(connection: &Connection, officer: &OfficerId, locked: bool, now: Timestamp) -> Result<(), StoreError> {
    if locked {
        let sql = "INSERT INTO officer_lock (officer, since) VALUES ($1, $2) ON CONFLICT (officer) DO NOTHING";
        connection.prepare_cached(sql)?.execute(params![officer.as_str(), now.as_millisecond()])?;
    } else {
        connection.prepare_cached("DELETE FROM officer_lock WHERE officer = $1")?.execute(params![officer.as_str()])?;
    }
    Ok(())
}
