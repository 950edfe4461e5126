//! The kiosk's own store: sealed submissions that wait, tombstones of those delivered, drafts of unfinished ones.
//! Invariants: `seal` returns only when blobs, folder and row are durable (I1); no row and no file holds personal data in
//! plaintext; after sealing no key on this machine opens the content (I4); one thread writes.
//! Not here: sending (`uplink`), when to save or seal (the visit).

mod carried;
mod cipher;
mod drafts;
mod error;
mod items;
mod machine_key;
mod persons;
mod prints;
mod schema;
mod sealing;
mod spool;
#[cfg(test)]
mod ten_thousand;
#[cfg(test)]
mod tests;
mod writer;

pub use drafts::{Draft, LIFE_SECONDS};
pub use error::StoreError;
pub use items::{Found, Waiting};
pub use machine_key::MachineKey;
pub use sealing::{Attachment, SealedItem, Sealing};
pub use spool::Spool;

use crate::safe::Safe;
use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::sync::Mutex;
use writer::Writer;

/// The store of one kiosk. Shared between threads by `Arc`.
pub struct Store {
    writer: Writer,
    spool: Spool,
    machine_key: MachineKey,
    /// Told of every newly sealed item.
    sealed: Mutex<Option<Listener>>,
    /// Holds the folder's lock as long as the store is open; a killed process holds none.
    _lock: File,
}

type Listener = Box<dyn Fn(outbox::Entry) + Send>;

impl Store {
    /// Opens or makes the store in a folder: `kiosk.sqlite3`, `spool/`, `machine.key`. Sweeps what a crash left in the spool.
    /// At most one process uses a folder: a second one is refused.
    ///
    /// # Errors
    /// [`StoreError::InUse`]; the disk's, the database's, or a machine key that others may read.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        Self::open_with(folder, &Safe::plain())
    }

    /// As [`Self::open`], with its keys `machine.key` and `store.key` in this safe.
    ///
    /// # Errors
    /// As [`Self::open`]; [`StoreError::Key`] for a database that does not open with its key.
    pub fn open_with(folder: &Path, safe: &Safe) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder)?;
        Self::open_under(lock(folder)?, folder, safe)
    }

    /// As [`Self::open_with`], for whoever has taken the folder's lock already: it is held until this store and all clones of
    /// the lock are gone.
    ///
    /// # Errors
    /// As [`Self::open_with`].
    pub(crate) fn open_under(lock: File, folder: &Path, safe: &Safe) -> Result<Self, StoreError> {
        let machine_key = MachineKey::open_or_make(&safe.file(&folder.join("machine.key")), ambient::random_bytes())?;
        let database = cipher::open(&folder.join("kiosk.sqlite3"), &safe.file(&folder.join("store.key")))?;
        let writer = Writer::start(schema::prepare(database)?)?;
        let spool = Spool::open(&folder.join("spool"))?;
        let store = Self { writer, spool, machine_key, sealed: Mutex::new(None), _lock: lock };
        let mut known = BTreeSet::new();
        for item in store.waiting()? {
            known.extend(items::blobs(&item.manifest)?);
        }
        let swept = store.spool.sweep(&known)?;
        if swept > 0 {
            tracing::info!(swept, "files without an item were deleted");
        }
        Ok(store)
    }

    /// Where the ciphertext files lie.
    pub const fn spool(&self) -> &Spool {
        &self.spool
    }

    /// From now on newly sealed items are told to this listener (the uplink's).
    pub(crate) fn on_sealed(&self, listener: impl Fn(outbox::Entry) + Send + 'static) {
        *self.listener() = Some(Box::new(listener));
    }

    fn listener(&self) -> std::sync::MutexGuard<'_, Option<Listener>> {
        self.sealed.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Takes the lock of a data folder; it is held as long as what is given lives.
///
/// # Errors
/// [`StoreError::InUse`], or the disk's.
pub(crate) fn lock(folder: &Path) -> Result<File, StoreError> {
    let file = File::options().create(true).append(true).open(folder.join("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(StoreError::InUse),
        Err(std::fs::TryLockError::Error(error)) => Err(error.into()),
    }
}
