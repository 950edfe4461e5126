//! Ciphertext files by the SHA-256 of their bytes.
//! Invariants: a file under its final name is whole and durable (written aside, fsync, rename, fsync of the folder);
//! what a crash left half written is swept at start. Nothing here is ever plaintext.

use super::error::StoreError;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use wire::digest::Digest;
use wire::envelope::Sealed;

/// Writes bytes to a file.
type Write = fn(&mut File, &[u8]) -> io::Result<()>;

const UNFINISHED: &str = ".part";

/// The folder of ciphertext files.
#[derive(Clone, Debug)]
pub struct Spool {
    folder: PathBuf,
}

impl Spool {
    /// Opens or makes the folder.
    ///
    /// # Errors
    /// The file system's.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(folder)?;
        if let Some(above) = folder.parent() {
            File::open(above)?.sync_all()?;
        }
        Ok(Self { folder: folder.to_owned() })
    }

    /// Where a blob lies.
    pub fn path(&self, blob: &Digest) -> PathBuf {
        self.folder.join(blob.as_str())
    }

    /// Bytes that may still be written on this disk.
    ///
    /// # Errors
    /// The file system's.
    pub fn free(&self) -> Result<u64, StoreError> {
        let disk = rustix::fs::statvfs(&self.folder).map_err(io::Error::from)?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// A file to try out room with; swept at the next start if a crash leaves it.
    pub(super) fn trial(&self) -> PathBuf {
        self.folder.join(format!("room{UNFINISHED}"))
    }

    /// Makes all blobs durable, or none visible.
    ///
    /// # Errors
    /// `DiskFull` or `Io`; then the blobs of this call are gone.
    pub fn keep(&self, blobs: &[Sealed]) -> Result<(), StoreError> {
        self.keep_by(blobs, |file, bytes| file.write_all(bytes))
    }

    /// As [`Self::keep`], with the writing given, so that a test can let the disk run full in the middle.
    pub(super) fn keep_by(&self, blobs: &[Sealed], write: Write) -> Result<(), StoreError> {
        let kept = blobs.iter().try_for_each(|blob| self.keep_one(blob, write)).and_then(|()| self.sync());
        if kept.is_err() {
            self.forget(blobs.iter().map(|blob| &blob.sha256));
        }
        kept.map_err(StoreError::from)
    }

    fn keep_one(&self, blob: &Sealed, write: Write) -> io::Result<()> {
        let aside = self.folder.join(format!("{}{UNFINISHED}", blob.sha256));
        let written = File::create(&aside).and_then(|mut file| {
            write(&mut file, &blob.bytes)?;
            file.sync_all()
        });
        match written.and_then(|()| fs::rename(&aside, self.path(&blob.sha256))) {
            Ok(()) => Ok(()),
            Err(error) => {
                let _ = fs::remove_file(&aside);
                Err(error)
            }
        }
    }

    /// Unlinks blobs after a failure, as far as that goes; the sweep at the next start does the rest.
    pub fn forget<'a>(&self, blobs: impl Iterator<Item = &'a Digest>) {
        for blob in blobs {
            let _ = fs::remove_file(self.path(blob));
        }
    }

    /// Unlinks blobs; one that is gone already counts as unlinked.
    ///
    /// # Errors
    /// The file system's.
    pub fn erase(&self, blobs: &[Digest]) -> Result<(), StoreError> {
        for blob in blobs {
            match fs::remove_file(self.path(blob)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
                Ok(()) | Err(_) => {}
            }
        }
        self.sync().map_err(StoreError::from)
    }

    /// Deletes what no item refers to: left by a crash between writing and committing.
    ///
    /// # Errors
    /// The file system's.
    pub fn sweep(&self, known: &BTreeSet<Digest>) -> Result<usize, StoreError> {
        let mut swept = 0;
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let wanted = Digest::try_from(name).is_ok_and(|digest| known.contains(&digest));
            if !wanted {
                fs::remove_file(entry.path())?;
                swept += 1;
            }
        }
        self.sync()?;
        Ok(swept)
    }

    fn sync(&self) -> io::Result<()> {
        File::open(&self.folder)?.sync_all()
    }
}
