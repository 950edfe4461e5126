//! Why the local store did not do it. After every error nothing half done is visible.

use std::io;

/// An error of the local store. Clone, because one failed commit answers every job of its group.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No room on the disk: nothing was kept of this call, everything earlier is still there.
    #[error("the disk is full")]
    DiskFull,
    /// Something waits for the office longer than the longest offline time: nothing new is taken.
    #[error("submissions wait too long for the office")]
    Waiting,
    /// The disk or the file system failed.
    #[error("the disk failed: {0}")]
    Io(String),
    /// SQL or a stored value is not what it should be.
    #[error("the database is damaged or of another version: {0}")]
    Database(String),
    /// Encrypting or signing failed.
    #[error("sealing failed: {0}")]
    Sealing(String),
    /// The answers name a picture or page that was not given: sealing would lose it.
    #[error("the answers name an attachment that was not given")]
    MissingAttachment,
    /// Nothing is stored under this id.
    #[error("nothing is stored under this id")]
    Unknown,
    /// Another submission is stored under this id: never overwritten.
    #[error("another submission is stored under this id")]
    AnotherContent,
    /// Another process has this store open.
    #[error("another program uses this store: stop the kiosk first")]
    InUse,
    /// The machine's key is missing or of the wrong form.
    #[error("the machine's key cannot be used: {0}")]
    MachineKey(String),
    /// The database does not open with its key. Nothing was changed, and what it holds is still there.
    #[error("the database cannot be opened: {0}. Nothing was changed")]
    Key(String),
    /// The writer thread has ended.
    #[error("the store is closed")]
    Closed,
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        if matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
            Self::DiskFull
        } else {
            Self::Io(error.to_string())
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{CannotOpen, DiskFull, ReadOnly, SystemIoFailure};
        let code = error.sqlite_error_code();
        if code == Some(DiskFull) {
            Self::DiskFull
        } else if matches!(code, Some(SystemIoFailure | CannotOpen | ReadOnly)) {
            Self::Io(error.to_string())
        } else {
            Self::Database(error.to_string())
        }
    }
}
