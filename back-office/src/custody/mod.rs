//! Custody of the keys: the header of every sealed thing, which is its wrapped key, lies here and nowhere else; what lies in
//! the database and among the blobs opens for nobody without it. So the end of a case's retention is the end of its headers,
//! also for every old copy of database and blobs (`crate::retention`).
//! Invariants: its folder is none of the data folder, so that a copy of the data holds no key; headers are durable before the
//! rows that need them (`keys`); database and custody name each other, so that a wrong or lost one is found at start.
//! Not here: what seals (`crate::key_ring`), when keys end.

pub mod keys;
pub mod split;
pub mod takeover;

use crate::store::{StoreError, stay_in_place};
use keys::Keys;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};
use split::{Owner, joined, named};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use wire::digest::Digest;

/// One header a row; `owner` is empty while a blob belongs to nobody. `filed`: its payload lies among the blobs. Owners that the
/// database does not know, with when that was first seen.
const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS submission_key (
        owner TEXT NOT NULL,
        part TEXT NOT NULL,
        header BLOB NOT NULL,
        filed INTEGER NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (owner, part)
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS submission_key_filed ON submission_key (part) WHERE filed = 1;
    CREATE TABLE IF NOT EXISTS pair (id TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS unknown_owner (owner TEXT PRIMARY KEY, since INTEGER NOT NULL) WITHOUT ROWID;
";

/// Longest wait for another connection.
const BUSY: Duration = Duration::from_secs(10);

/// The reading side. Cheap to clone.
#[derive(Clone)]
pub struct Custody {
    folder: Arc<PathBuf>,
    reader: Arc<Mutex<Connection>>,
    /// Headers were deleted that the log may still hold.
    unsettled: Arc<AtomicBool>,
}

impl std::fmt::Debug for Custody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Custody({})", self.folder.display())
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY)?;
    stay_in_place(&connection)?;
    // Told to every connection: whichever deletes, or moves the log into the file, overwrites.
    connection.pragma_update(None, "secure_delete", "ON")?;
    Ok(connection)
}

/// Opens or makes the custody in this folder: what reads it, and what writes to it.
///
/// # Errors
/// The disk's or the engine's.
pub fn open(folder: &Path) -> Result<(Custody, Keys), StoreError> {
    let failed = |error: std::io::Error| StoreError::Custody(format!("{}: {error}", folder.display()));
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
    let path = folder.join("keys.db");
    let writer = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
    writer.pragma_update(None, "journal_mode", "WAL")?;
    writer.pragma_update(None, "synchronous", "FULL")?;
    writer.execute_batch(SCHEMA)?;
    let reader = connect(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    // What a crash kept from being settled is settled by the first sweep.
    let unsettled = Arc::new(AtomicBool::new(true));
    let custody = Custody {
        folder: Arc::new(folder.to_path_buf()),
        reader: Arc::new(Mutex::new(reader)),
        unsettled: Arc::clone(&unsettled),
    };
    Ok((custody, Keys::new(writer, unsettled)))
}

impl Custody {
    fn reading(&self) -> MutexGuard<'_, Connection> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where uploads lie until they are divided: whole age files, so not in the data folder.
    pub fn uploads(&self) -> PathBuf {
        self.folder.join("uploads")
    }

    /// The header of a part of this owner.
    ///
    /// # Errors
    /// The store's.
    pub fn header(&self, owner: &Owner, part: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self
            .reading()
            .prepare_cached("SELECT header FROM submission_key WHERE owner = $1 AND part = $2")?
            .query_row(params![owner.as_str(), part.as_str()], |row| row.get(0))
            .optional()?)
    }

    /// The header of a blob, whoever's it is.
    ///
    /// # Errors
    /// The store's.
    pub fn of_blob(&self, part: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self
            .reading()
            .prepare_cached("SELECT header FROM submission_key WHERE part = $1 AND filed = 1 LIMIT 1")?
            .query_row(params![part.as_str()], |row| row.get(0))
            .optional()?)
    }

    /// How many headers these owners have.
    ///
    /// # Errors
    /// The store's.
    pub fn count(&self, owners: &[Owner]) -> Result<usize, StoreError> {
        let keys = self.reading();
        let mut count = keys.prepare_cached("SELECT COUNT(*) FROM submission_key WHERE owner = $1")?;
        owners.iter().try_fold(0, |sum, owner| {
            Ok(sum + count.query_row(params![owner.as_str()], |row| row.get::<_, u32>(0))? as usize)
        })
    }

    /// Owners of headers, in order, from after one on.
    ///
    /// # Errors
    /// The store's.
    pub fn owners(&self, after: &Owner, most: u32) -> Result<Vec<Owner>, StoreError> {
        let keys = self.reading();
        let mut statement =
            keys.prepare_cached("SELECT DISTINCT owner FROM submission_key WHERE owner > $1 ORDER BY owner LIMIT $2")?;
        let rows =
            statement.query_map(params![after.as_str(), most], |row| Ok(Owner::stored(row.get::<_, String>(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether this owner has headers of sealed columns.
    ///
    /// # Errors
    /// The store's.
    pub fn has_columns(&self, owner: &Owner) -> Result<bool, StoreError> {
        Ok(self
            .reading()
            .prepare_cached("SELECT 1 FROM submission_key WHERE owner = $1 AND filed = 0")?
            .exists(params![owner.as_str()])?)
    }

    /// The whole age file of a column, when its header is still here.
    ///
    /// # Errors
    /// The store's.
    pub fn whole(&self, column: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let Some((owner, part, payload)) = named(column) else { return Ok(None) };
        Ok(self.header(&owner, &part)?.and_then(|header| joined(&header, payload, &part)))
    }

    /// Moves everything from the log into the file and empties the log: what was deleted is then in neither.
    ///
    /// # Errors
    /// The engine's; also when another connection reads an older state just now. Then it is worth trying again.
    pub fn settle(&self) -> Result<(), StoreError> {
        // Whatever is deleted from here on asks anew.
        self.unsettled.store(false, Ordering::Release);
        self.empty_log().inspect_err(|_| self.unsettled.store(true, Ordering::Release))
    }

    /// Whether something was deleted since the log was emptied.
    pub fn is_unsettled(&self) -> bool {
        self.unsettled.load(Ordering::Acquire)
    }

    fn empty_log(&self) -> Result<(), StoreError> {
        let connection = connect(&self.folder.join("keys.db"), OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy == 0 { Ok(()) } else { Err(StoreError::Custody("the log of custody is in use".into())) }
    }
}
