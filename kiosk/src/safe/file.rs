//! One key's file: plain for its owner only, or `<name>.sealed` under the sealing key. Written whole or not at all.

use super::Safe;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use wire::enrolment::Protection;

/// A key's file. Cheap to clone.
#[derive(Clone, Debug)]
pub struct KeyFile {
    path: PathBuf,
    safe: Safe,
}

/// A plain file.
impl From<PathBuf> for KeyFile {
    fn from(path: PathBuf) -> Self {
        Self { path, safe: Safe::plain() }
    }
}

impl KeyFile {
    pub(super) fn new(path: &Path, safe: Safe) -> Self {
        Self { path: path.to_owned(), safe }
    }

    /// Where the plain file would lie.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What protects it and every other key of the machine.
    pub fn kind(&self) -> Protection {
        self.safe.kind()
    }

    /// What protects a key that is written there.
    pub const fn sealed_by(&self) -> Protection {
        self.safe.sealed_by()
    }

    fn sealed(&self) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(".sealed");
        name.into()
    }

    fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Whether there is a key.
    pub fn exists(&self) -> bool {
        self.path.exists() || self.sealed().exists()
    }

    /// The key as it was written.
    ///
    /// # Errors
    /// Not there; plain and readable by others; sealed by another machine, or while nothing opens the seal.
    pub fn read(&self) -> io::Result<Vec<u8>> {
        let sealed = self.sealed();
        match (&self.safe.key, sealed.exists()) {
            (Some(key), true) => key.open(&self.name(), &fs::read(sealed)?),
            (None, true) if !self.path.exists() => {
                Err(io::Error::other("it is sealed, and keys/seal.cred, which opens it, is not there"))
            }
            _ => {
                let bytes = fs::read(&self.path)?;
                let mode = fs::metadata(&self.path)?.permissions().mode() & 0o777;
                if mode & 0o077 != 0 {
                    let words = format!("others may read it (mode {mode:o}); set it to 600");
                    return Err(io::Error::new(io::ErrorKind::PermissionDenied, words));
                }
                Ok(bytes)
            }
        }
    }

    /// As [`Self::read`], for text.
    ///
    /// # Errors
    /// As [`Self::read`]; not UTF-8.
    pub fn read_text(&self) -> io::Result<String> {
        String::from_utf8(self.read()?).map_err(|_| io::Error::other("it is no text"))
    }

    /// Puts a key there, in the place of the one before; durable when it returns.
    ///
    /// # Errors
    /// The disk's; then the one before is still there.
    pub fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let Some(key) = &self.safe.key else { return write_durably(&self.path, bytes) };
        let sealed = self.sealed();
        write_durably(&sealed, &key.seal(&self.name(), bytes)?)?;
        if key.open(&self.name(), &fs::read(&sealed)?)? != bytes {
            return Err(io::Error::other("what was sealed does not come back"));
        }
        remove(&self.path)
    }

    /// Takes the plain file into the safe; whether there was one.
    pub(super) fn take_in(&self) -> io::Result<bool> {
        if self.safe.key.is_none() || !self.path.exists() {
            return Ok(false);
        }
        if self.sealed().exists() {
            // A crash kept it from going: the sealed one is whole, as it is renamed into place. Which of two keys the office
            // knows cannot be told here.
            if fs::read(&self.path)? != self.read()? {
                return Err(io::Error::other(
                    "a plain and a sealed file hold two different keys, and neither was touched: the one that was written later is \
                     the one the office knows; move the other away, and seal again",
                ));
            }
            remove(&self.path)?;
        } else {
            self.write(&fs::read(&self.path)?)?;
        }
        Ok(true)
    }

    /// Removes the key in both shapes.
    ///
    /// # Errors
    /// The disk's.
    pub fn remove(&self) -> io::Result<()> {
        remove(&self.path)?;
        remove(&self.sealed())
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Ok(()) => sync_folder(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

/// A whole file for its owner only, or none.
pub(super) fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut beside = path.to_owned().into_os_string();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    // One that a crash left may have other rights.
    let _ = fs::remove_file(&beside);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    sync_folder(path)
}
