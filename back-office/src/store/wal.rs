//! Brings what was committed from the write-ahead log into the database, beside the writer, so that answers do not wait for it.
//! Invariant: nothing here decides what is durable: that is the commit's `fsync` of the log (SQLite, "Write-Ahead Logging",
//! section 2.3); without this thread the writer itself does the same, later and in one piece.
//! Not here: the writer.

use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Pages of the log at which the writer itself does what is left, so that the log begins anew: 64 MiB.
pub(super) const WRITER_AT_PAGES: u32 = 16_384;
/// Bytes of the log below which there is no hurry.
const QUIET: u64 = 4 << 20;
/// Between two looks.
const LOOK: Duration = Duration::from_millis(200);

/// The log beside the database.
fn log(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// Looks until `ended` says that the store is gone.
pub(super) fn run(connection: &Connection, database: &Path, ended: impl Fn() -> bool) {
    let log = log(database);
    while !ended() {
        if std::fs::metadata(&log).is_ok_and(|file| file.len() >= QUIET)
            && let Err(error) = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
        {
            tracing::warn!(%error, "the write-ahead log was not brought in; the writer does it later");
        }
        std::thread::sleep(LOOK);
    }
}
