//! Signed checkpoints of the log: what the tree stood at, as a note that others can keep.
//! Invariants: rows are only added; one for a size.
//! Not here: signing (`crate::checkpoints`).

use super::super::{StoreError, instant};
use super::tree::{Hash, signed};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

/// A checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Leaves that it speaks of.
    pub size: u64,
    /// Root over them.
    pub root: Hash,
    /// When it was signed, by the office's clock.
    pub at: Timestamp,
    /// The signed note.
    pub note: String,
}

const COLUMNS: &str = "SELECT size, root, at, note FROM checkpoint";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Checkpoint> {
    let size = row.get::<_, i64>(0)?.try_into().map_err(|error| super::super::column_error(Box::new(error)))?;
    Ok(Checkpoint { size, root: row.get(1)?, at: instant(row.get(2)?), note: row.get(3)? })
}

/// Keeps a checkpoint.
///
/// # Errors
/// The store's, also when one of this size is there.
pub fn insert(connection: &Connection, checkpoint: &Checkpoint) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO checkpoint (size, root, at, note) VALUES ($1, $2, $3, $4)")?
        .execute(params![signed(checkpoint.size)?, checkpoint.root, checkpoint.at.as_millisecond(), checkpoint.note])?;
    Ok(())
}

/// The one with the most leaves.
///
/// # Errors
/// The store's.
pub fn newest(connection: &Connection) -> Result<Option<Checkpoint>, StoreError> {
    Ok(connection
        .prepare_cached(&format!("{COLUMNS} ORDER BY size DESC LIMIT 1"))?
        .query_row([], from_row)
        .optional()?)
}

/// Checkpoints of more than so many leaves, the smallest first.
///
/// # Errors
/// The store's.
pub fn after(connection: &Connection, size: u64, most: u32) -> Result<Vec<Checkpoint>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{COLUMNS} WHERE size > $1 ORDER BY size LIMIT $2"))?;
    let rows = statement.query_map(params![signed(size)?, most], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Checkpoints of fewer leaves, the largest first.
///
/// # Errors
/// The store's.
pub fn before(connection: &Connection, size: u64, most: u32) -> Result<Vec<Checkpoint>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("{COLUMNS} WHERE size < $1 ORDER BY size DESC LIMIT $2"))?;
    let rows = statement.query_map(params![signed(size)?, most], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}
