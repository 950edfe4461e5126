//! The database's settings and tables, in steps counted by `user_version`: one that has shipped is only followed. No personal data in any column: the manifest names ciphertext, the draft's owner is a keyed hash.

use super::error::StoreError;
use rusqlite::Connection;

const STEPS: [&str; 5] = [
    // 1: items, tombstones, drafts, persons.
    "
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
    sealed_at INTEGER NOT NULL
);
",
    // 2: the print journal.
    "
CREATE TABLE prints (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    document TEXT NOT NULL UNIQUE,
    attempt  INTEGER NOT NULL,
    ended    INTEGER NOT NULL
);
",
    // 3: a supplement keeps the code of its case, which its own id does not tell.
    "ALTER TABLE lately ADD COLUMN code BLOB;",
    // 4: a half-done one goes on at the counter, and is not said to be handed in.
    "ALTER TABLE lately ADD COLUMN unfinished INTEGER NOT NULL DEFAULT 0;",
    // 5: what lies on a stick as well.
    "ALTER TABLE items ADD COLUMN exported_at TEXT;",
];

/// Sets the database up and makes its tables, or those that it lacks.
pub(super) fn prepare(connection: Connection) -> Result<Connection, StoreError> {
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::Database(format!("journal mode is {mode}, not wal")));
    }
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;",
    )?;
    let done: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let done = usize::try_from(done).unwrap_or(usize::MAX);
    if done > STEPS.len() {
        let known = STEPS.len();
        return Err(StoreError::Database(format!("tables of version {done}, this program knows {known}")));
    }
    for (number, step) in (1..).zip(STEPS).skip(done) {
        connection.execute_batch(&format!("BEGIN; {step} PRAGMA user_version = {number}; COMMIT;"))?;
    }
    Ok(connection)
}
