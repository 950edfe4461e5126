//! The moment of the newest key list that this office has taken: an older one is signed as well, and would bring back what a
//! newer one ended.
//! Invariants: one row at most; it only grows. Not here: lists themselves (`crate::key_ring`).

use super::StoreError;
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _};
use std::path::Path;

/// Notes a list by its moment, to the millisecond, unless a newer one was taken: then gives that one's.
///
/// # Errors
/// The store's.
pub fn take(connection: &Connection, issued_at: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let issued = issued_at.as_millisecond();
    match newest(connection)?.map(Timestamp::as_millisecond) {
        Some(newest) if newest > issued => return Ok(Some(super::instant(newest))),
        Some(newest) if newest == issued => {}
        Some(_) => drop(connection.prepare_cached("UPDATE key_list SET issued_at = $1")?.execute([issued])?),
        None => drop(connection.prepare_cached("INSERT INTO key_list (issued_at) VALUES ($1)")?.execute([issued])?),
    }
    Ok(None)
}

/// The moment of the newest list that was taken, to the millisecond.
///
/// # Errors
/// The store's.
pub fn newest(connection: &Connection) -> Result<Option<Timestamp>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT issued_at FROM key_list")?;
    Ok(statement.query_row([], |row| row.get(0)).optional()?.map(super::instant))
}

/// As [`newest`], read from a database that no office need have open; `None` also without one, and from one of before.
///
/// # Errors
/// The store's.
pub fn newest_in(database: &Path) -> Result<Option<Timestamp>, StoreError> {
    if !database.exists() {
        return Ok(None);
    }
    let connection = super::open(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    if connection.table_exists(None, "key_list")? { newest(&connection) } else { Ok(None) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_is_remembered_and_an_older_one_changes_nothing() {
        let connection = crate::store::in_memory().unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        for (second, newer) in [(5, None), (5, None), (9, None), (8, Some(9)), (5, Some(9)), (9, None), (10, None)] {
            assert_eq!(take(&connection, at(second)).unwrap(), newer.map(at), "{second}");
        }
        let rows: i64 = connection.query_row("SELECT COUNT(*) FROM key_list", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 1);
    }
}
