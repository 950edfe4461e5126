//! Opening the database and its tables. No personal data in any column: the manifest names ciphertext, the draft's owner is a keyed hash.

use super::error::StoreError;
use rusqlite::Connection;
use std::path::Path;

const VERSION: i64 = 2;

/// From the tables of version 1: a supplement keeps the code of its case, which its own id does not tell.
const SECOND: &str = "ALTER TABLE lately ADD COLUMN code BLOB;";

const TABLES: &str = "
CREATE TABLE items (
    sequence  INTEGER PRIMARY KEY AUTOINCREMENT,
    id        TEXT NOT NULL UNIQUE,
    state     TEXT NOT NULL CHECK (state IN ('SEALED', 'SENDING', 'ACKED', 'QUARANTINED')),
    digest    TEXT NOT NULL,
    manifest  TEXT NOT NULL,
    sealed_at TEXT NOT NULL,
    receipt   TEXT,
    problem   TEXT,
    CHECK ((state = 'ACKED') = (receipt IS NOT NULL))
);
CREATE TABLE tombstones (
    id        TEXT PRIMARY KEY,
    digest    TEXT NOT NULL,
    sealed_at TEXT NOT NULL,
    receipt   TEXT NOT NULL,
    erased_at TEXT NOT NULL
);
CREATE TABLE drafts (
    id          TEXT PRIMARY KEY,
    owner       BLOB NOT NULL,
    touched_at  INTEGER NOT NULL,
    wrapped_key BLOB NOT NULL,
    content     BLOB NOT NULL
);
CREATE INDEX drafts_owner ON drafts (owner);
CREATE TABLE lately (
    id        TEXT PRIMARY KEY,
    owner     BLOB NOT NULL,
    service   TEXT NOT NULL,
    sealed_at INTEGER NOT NULL,
    code      BLOB
);
";

/// Opens or makes the database.
pub(super) fn open(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::Database(format!("journal mode is {mode}, not wal")));
    }
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;",
    )?;
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    match version {
        0 => connection.execute_batch(&format!("BEGIN; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;"))?,
        1 => connection.execute_batch(&format!("BEGIN; {SECOND} PRAGMA user_version = {VERSION}; COMMIT;"))?,
        VERSION => {}
        other => return Err(StoreError::Database(format!("tables of version {other}, this program knows {VERSION}"))),
    }
    Ok(connection)
}
