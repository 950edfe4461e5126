//! The database: one writer thread that groups jobs into one durable transaction, and a few readers.
//! Invariants: SQLite in WAL mode with `synchronous=FULL`; an answer goes out only after the commit that holds its
//! work; each job is a savepoint, so that one that fails leaves no trace and spoils no other; every change of a case
//! and its audit leaf are in the same job; the engine writes nowhere but into the database and its log.
//! One module per stored thing; SQL with `$1` so that PostgreSQL may join.
//! SQLite takes `$1`, `$2` as names and numbers them as they appear: every statement here names them in that order.
//! Not here: files (`blobs`), decisions (`domain::case`).

pub mod audit;
pub mod cases;
pub mod certificates;
pub mod claims;
pub mod closed_views;
pub mod collections;
pub mod deciding;
pub mod decisions;
pub mod factors;
pub mod key_lists;
pub mod kiosk_keys;
pub mod kiosks;
pub mod marks;
mod migrations;
pub mod notices;
pub mod officer_locks;
pub mod openings;
pub mod outcomes;
pub mod passkeys;
pub mod ratings;
pub mod reports;
pub mod retention;
pub mod retention_clock;
pub(crate) mod savepoint;
pub mod sealed_reasons;
pub mod sequences;
pub mod submission_parts;
pub mod submissions;
pub mod supplements;
pub mod tickets;
mod wal;
pub mod work;
mod writer;

pub use savepoint::in_savepoint;

use crate::custody::keys::Keys;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// Why the store did not do something. Nothing was changed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The engine said no.
    #[error("database: {0}")]
    Database(String),
    /// The disk has no room.
    #[error("the disk is full")]
    DiskFull,
    /// The engine undid a whole group because of one of its jobs.
    #[error("the database undid what was under way")]
    Undone,
    /// Too many jobs wait already.
    #[error("too many jobs wait for the writer")]
    Full,
    /// The writer or reader thread has ended.
    #[error("the store has stopped")]
    Stopped,
    /// A stored value is not what it should be.
    #[error("stored value damaged: {0}")]
    Damaged(&'static str),
    /// The custody of the keys is not what it should be.
    #[error("custody of the keys: {0}")]
    Custody(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::DiskFull,
            Some(_) | None => Self::Database(error.to_string()),
        }
    }
}

/// Pages that the writer keeps in memory: 64 MiB, as SQLite takes it (negative: KiB).
const WRITER_CACHE_KIB: i64 = -65_536;

type ReadJob = Box<dyn FnOnce(&Connection) + Send>;

/// The store. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    writer: SyncSender<writer::Job>,
    readers: SyncSender<ReadJob>,
    path: Arc<PathBuf>,
    /// Words were erased that the log may still hold.
    unsettled: Arc<AtomicBool>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({})", self.path.display())
    }
}

fn open(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    stay_in_place(&connection)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Keeps what the engine notes for itself in memory: what a savepoint would undo, and what is being sorted, are pages and rows
/// of people's cases, and would otherwise be written to a folder for temporary files that no end of retention reaches
/// (SQLite, "Temporary Files Used By SQLite", sections 2.4 to 2.6 and 3). It was also half of what an intake cost.
///
/// # Errors
/// The engine's.
pub(crate) fn stay_in_place(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "temp_store", "MEMORY")
}

impl Store {
    /// Opens or makes the database, lets `prepare` look at it beside the custody of its keys, and starts the threads.
    ///
    /// # Errors
    /// The file cannot be opened, or was made by a newer program; what `prepare` says.
    pub fn open(
        path: &Path,
        keys: Keys,
        prepare: impl FnOnce(&mut Connection, &mut Keys) -> Result<(), StoreError>,
        readers: usize,
        queue: usize,
    ) -> Result<Self, StoreError> {
        Self::start(path, keys, readers, queue, |writer, keys| {
            // What a case's end takes out of a column is overwritten, not only unlinked; in the file as soon as the log is
            // emptied (`Store::settle`).
            writer.pragma_update(None, "secure_delete", "ON")?;
            migrations::run(writer)?;
            prepare(writer, keys)
        })
    }

    /// A store without custody and with another schema than the office's: `schema` makes it, or brings it up to date.
    ///
    /// # Errors
    /// The file cannot be opened, or what `schema` says.
    pub fn open_as(
        path: &Path,
        readers: usize,
        queue: usize,
        schema: fn(&mut Connection) -> Result<(), StoreError>,
    ) -> Result<Self, StoreError> {
        Self::start(path, Keys::none()?, readers, queue, |writer, _| schema(writer))
    }

    fn start(
        path: &Path,
        mut keys: Keys,
        readers: usize,
        queue: usize,
        prepare: impl FnOnce(&mut Connection, &mut Keys) -> Result<(), StoreError>,
    ) -> Result<Self, StoreError> {
        let mut writer = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        writer.pragma_update(None, "journal_mode", "WAL")?;
        writer.pragma_update(None, "synchronous", "FULL")?;
        writer.pragma_update(None, "wal_autocheckpoint", wal::WRITER_AT_PAGES)?;
        writer.pragma_update(None, "cache_size", WRITER_CACHE_KIB)?;
        prepare(&mut writer, &mut keys)?;
        let (to_writer, jobs) = sync_channel::<writer::Job>(queue);
        let spawn = |name: &str, run: Box<dyn FnOnce() + Send>| {
            std::thread::Builder::new()
                .name(name.to_owned())
                .spawn(run)
                .map_err(|error| StoreError::Database(error.to_string()))
        };
        spawn("store-writer", Box::new(move || writer::run(writer, keys, &jobs)))?;
        let (to_readers, jobs) = sync_channel::<ReadJob>(queue);
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..readers {
            let connection = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
            let jobs = Arc::clone(&jobs);
            spawn("store-reader", Box::new(move || read_loop(&connection, &jobs)))?;
        }
        let path = Arc::new(path.to_path_buf());
        let (own, beside) = (Arc::downgrade(&path), open(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?);
        let database = path.to_path_buf();
        spawn("store-log", Box::new(move || wal::run(&beside, &database, || own.strong_count() == 0)))?;
        // What a crash kept from being settled is settled by the first sweep.
        let unsettled = Arc::new(AtomicBool::new(true));
        Ok(Self { writer: to_writer, readers: to_readers, path, unsettled })
    }

    /// Runs `job` inside the next commit and gives its answer after that commit is durable.
    ///
    /// # Errors
    /// The job's own error (its changes are undone), or that of the store.
    pub async fn write<T, E>(&self, job: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.write_keyed(move |connection, _| job(connection)).await
    }

    /// As [`Store::write`], for jobs that bring sealed things or end them: their headers go into custody, or out of it.
    ///
    /// # Errors
    /// The job's own error (its changes are undone), or that of the store.
    pub async fn write_keyed<T, E>(
        &self,
        job: impl FnOnce(&Connection, &mut Keys) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (run, answered) = writer::job(job);
        hand_in(&self.writer, run)?;
        answered.await.unwrap_or_else(|_| Err(StoreError::Stopped.into()))
    }

    /// As [`Store::write_keyed`], for threads that may block. Never call it on the event loop.
    ///
    /// # Errors
    /// The job's own error (its changes are undone), or that of the store.
    pub fn write_keyed_blocking<T, E>(
        &self,
        job: impl FnOnce(&Connection, &mut Keys) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (run, answered) = writer::job(job);
        self.writer.send(run).map_err(|_| StoreError::Stopped)?;
        answered.blocking_recv().unwrap_or_else(|_| Err(StoreError::Stopped.into()))
    }

    /// Moves everything from the log into the file and empties the log: what was erased is then in neither. It may wait for
    /// readers: never call it on the event loop.
    ///
    /// # Errors
    /// The engine's; also when a reader reads an older state for long. Then it is worth trying again.
    pub fn settle(&self) -> Result<(), StoreError> {
        // Before the look: what is erased from now on is owed again.
        self.unsettled.store(false, Ordering::Release);
        self.empty_log().inspect_err(|_| self.owe_settling())
    }

    fn empty_log(&self) -> Result<(), StoreError> {
        let connection = open(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if busy == 0 { Ok(()) } else { Err(StoreError::Database("the log is in use".into())) }
    }

    /// Something was erased, in a commit that is durable: [`Store::settle`] is wanted.
    pub fn owe_settling(&self) {
        self.unsettled.store(true, Ordering::Release);
    }

    /// Whether [`Store::settle`] is wanted still.
    pub fn is_unsettled(&self) -> bool {
        self.unsettled.load(Ordering::Acquire)
    }

    /// Runs `job` on a reading connection.
    ///
    /// # Errors
    /// The job's own error, or that of the store.
    pub async fn read<T, E>(&self, job: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (run, answered) = reading(job);
        hand_in(&self.readers, run)?;
        answered.await.unwrap_or_else(|_| Err(StoreError::Stopped.into()))
    }

    /// As [`Store::read`], for threads that may block. Never call it on the event loop.
    ///
    /// # Errors
    /// The job's own error, or that of the store.
    pub fn read_blocking<T, E>(&self, job: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (run, answered) = reading(job);
        self.readers.send(run).map_err(|_| StoreError::Stopped)?;
        answered.blocking_recv().unwrap_or_else(|_| Err(StoreError::Stopped.into()))
    }
}

/// Puts a job into a queue without waiting for room.
fn hand_in<J>(queue: &SyncSender<J>, job: J) -> Result<(), StoreError> {
    queue.try_send(job).map_err(|refused| match refused {
        TrySendError::Full(_) => StoreError::Full,
        TrySendError::Disconnected(_) => StoreError::Stopped,
    })
}

/// A job for a reader, and where its answer arrives.
fn reading<R: Send + 'static>(job: impl FnOnce(&Connection) -> R + Send + 'static) -> (ReadJob, oneshot::Receiver<R>) {
    let (answer, answered) = oneshot::channel();
    let run: ReadJob = Box::new(move |connection| {
        let _ = answer.send(job(connection));
    });
    (run, answered)
}

/// A database in memory with the whole schema, for checks that walk many histories without a disk.
///
/// # Errors
/// The engine's.
pub fn in_memory() -> Result<Connection, StoreError> {
    let mut connection = Connection::open_in_memory()?;
    connection.set_prepared_statement_cache_capacity(64);
    migrations::run(&mut connection)?;
    Ok(connection)
}

fn read_loop(connection: &Connection, jobs: &Mutex<Receiver<ReadJob>>) {
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match job {
            Ok(job) => job(connection),
            Err(_) => return,
        }
    }
}

/// A time from a column of milliseconds.
fn instant(millis: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(millis).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

fn parse_uuid(text: &str) -> rusqlite::Result<uuid::Uuid> {
    text.parse().map_err(|error| column_error(Box::new(error)))
}

fn column_error(error: Box<dyn std::error::Error + Send + Sync>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error)
}
