//! The plain way on the same library: one SQLite transaction for each submission, durable (`WAL`, `synchronous=FULL`), in
//! process, without network, signature check, cases or log.

use super::figures::Round;
use super::submission::Prepared;
use rusqlite::{Connection, params};
use std::path::Path;
use std::time::{Duration, Instant};

/// Stores `all`, one commit each, until they are through or the time is up.
///
/// # Errors
/// The engine's.
pub fn run(file: &Path, all: &[Prepared], most: Duration) -> rusqlite::Result<Round> {
    let connection = Connection::open(file)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS submission (id TEXT PRIMARY KEY, manifest TEXT NOT NULL, answers BLOB NOT NULL)",
    )?;
    let mut insert = connection.prepare("INSERT INTO submission (id, manifest, answers) VALUES (?1, ?2, ?3)")?;
    let (started, mut times) = (Instant::now(), Vec::new());
    for one in all {
        if started.elapsed() >= most {
            break;
        }
        let begun = Instant::now();
        // Outside of a transaction each statement is one.
        insert.execute(params![one.id.to_string(), one.manifest, one.sealed])?;
        times.push(begun.elapsed());
    }
    Ok(Round::of(times, started.elapsed()))
}

/// The library's version.
pub fn version() -> &'static str {
    rusqlite::version()
}
