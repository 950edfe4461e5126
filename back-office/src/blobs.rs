//! Sealed blobs as files by the SHA-256 of their bytes, with resumable uploads.
//! Invariants: a blob that is there is whole, has the digest of its name, and is durable (data and folder synced);
//! only age files are taken; what is being uploaded lies apart and may be lost.
//! Not here: opening them (`worker::opening`).

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::Mutex;
use wire::digest::Digest;

/// Every sealed blob begins so (age v1).
pub const SEALED_START: &[u8] = b"age-encryption.org/v1\n";

/// Why bytes were not taken.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The upload stands elsewhere: ask with HEAD.
    #[error("the upload stands at {at}")]
    Offset {
        /// Bytes that are here.
        at: u64,
    },
    /// Larger than allowed, or than was announced.
    #[error("too large: at most {most} bytes")]
    TooLarge {
        /// Limit.
        most: u64,
    },
    /// The bytes do not have the digest of the address.
    #[error("the bytes do not have this digest")]
    WrongDigest,
    /// Not an age file.
    #[error("only sealed blobs are taken")]
    NotSealed,
    /// The disk.
    #[error("disk: {0}")]
    Disk(#[from] io::Error),
}

/// What is here of a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// All of it, so many bytes.
    Whole(u64),
    /// So many bytes of an upload.
    Part(u64),
}

/// The folder of blobs.
#[derive(Debug, Clone)]
pub struct Blobs {
    whole: PathBuf,
    parts: PathBuf,
    most: u64,
    // One lock for all digests that begin alike: two uploads of one blob never write at once.
    locks: Arc<[Mutex<()>; 64]>,
}

impl Blobs {
    /// Makes the folders when they are missing.
    ///
    /// # Errors
    /// The disk's.
    pub fn open(data: &Path, most: u64) -> io::Result<Self> {
        let (whole, parts) = (data.join("blobs"), data.join("uploads"));
        fs::create_dir_all(&whole)?;
        fs::create_dir_all(&parts)?;
        Ok(Self { whole, parts, most, locks: Arc::new(std::array::from_fn(|_| Mutex::new(()))) })
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        self.whole.join(&digest.as_str()[..2]).join(digest.as_str())
    }

    fn part(&self, digest: &Digest) -> PathBuf {
        self.parts.join(digest.as_str())
    }

    /// Holds off other uploads of the same blob.
    pub async fn lock(&self, digest: &Digest) -> tokio::sync::MutexGuard<'_, ()> {
        let index = u8::from_str_radix(&digest.as_str()[..2], 16).unwrap_or(0);
        self.locks[usize::from(index) % self.locks.len()].lock().await
    }

    /// What is here.
    ///
    /// # Errors
    /// The disk's.
    pub fn held(&self, digest: &Digest) -> io::Result<Held> {
        if let Some(size) = size_of(&self.path(digest))? {
            return Ok(Held::Whole(size));
        }
        Ok(Held::Part(size_of(&self.part(digest))?.unwrap_or(0)))
    }

    /// Bytes of a whole blob; `None` when it is not here.
    ///
    /// # Errors
    /// The disk's.
    pub fn size(&self, digest: &Digest) -> io::Result<Option<u64>> {
        size_of(&self.path(digest))
    }

    /// A whole blob's bytes, checked against its name.
    ///
    /// # Errors
    /// Missing, unreadable, or damaged on disk.
    pub fn read(&self, digest: &Digest) -> io::Result<Vec<u8>> {
        let bytes = fs::read(self.path(digest))?;
        if Digest::of(&bytes) == *digest {
            Ok(bytes)
        } else {
            Err(io::Error::new(io::ErrorKind::InvalidData, "blob damaged on disk"))
        }
    }

    /// Keeps sealed bytes of this office's own making; durable when it returns.
    ///
    /// # Errors
    /// The disk's.
    pub fn keep(&self, sealed: &wire::envelope::Sealed) -> io::Result<()> {
        let to = self.path(&sealed.sha256);
        let temporary = self.parts.join(format!("{}.own", sealed.sha256));
        let mut file = File::create(&temporary)?;
        file.write_all(&sealed.bytes)?;
        file.sync_data()?;
        move_durably(&temporary, &to)
    }

    /// Erases a blob; one that is not here is erased already.
    ///
    /// # Errors
    /// The disk's.
    pub fn erase(&self, digest: &Digest) -> io::Result<()> {
        match fs::remove_file(self.path(digest)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        }
        match self.path(digest).parent() {
            Some(folder) => File::open(folder)?.sync_all(),
            None => Ok(()),
        }
    }

    /// Throws away what an earlier upload left. Call it under [`Blobs::lock`].
    ///
    /// # Errors
    /// The disk's.
    pub fn forget_part(&self, digest: &Digest) -> io::Result<()> {
        match fs::remove_file(self.part(digest)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Appends to an upload of `length` bytes in all; gives where it stands. At the end the blob is checked and durable.
    /// Call it under [`Blobs::lock`].
    ///
    /// # Errors
    /// [`BlobError`]; a wrong digest throws the upload away.
    pub fn append(&self, digest: &Digest, offset: u64, length: u64, bytes: &[u8]) -> Result<u64, BlobError> {
        if length > self.most {
            return Err(BlobError::TooLarge { most: self.most });
        }
        let at = match self.held(digest)? {
            Held::Whole(size) => return Ok(size),
            Held::Part(at) => at,
        };
        if at > length {
            // What lies here cannot be the start of this blob: another length was announced before.
            self.forget_part(digest)?;
            return Err(BlobError::Offset { at: 0 });
        }
        if offset != at {
            return Err(BlobError::Offset { at });
        }
        let end = at + bytes.len() as u64;
        if end > length {
            return Err(BlobError::TooLarge { most: length });
        }
        let part = self.part(digest);
        let mut file = OpenOptions::new().create(true).append(true).open(&part)?;
        file.write_all(bytes)?;
        if end < length {
            return Ok(end);
        }
        let checked = self.finish(digest, &file, &part);
        if matches!(checked, Err(BlobError::WrongDigest | BlobError::NotSealed)) {
            fs::remove_file(&part)?;
        }
        checked.map(|()| end)
    }

    fn finish(&self, digest: &Digest, file: &File, part: &Path) -> Result<(), BlobError> {
        let mut bytes = Vec::new();
        File::open(part)?.read_to_end(&mut bytes)?;
        if !bytes.starts_with(SEALED_START) {
            return Err(BlobError::NotSealed);
        }
        if Digest::of(&bytes) != *digest {
            return Err(BlobError::WrongDigest);
        }
        file.sync_data()?;
        move_durably(part, &self.path(digest))?;
        Ok(())
    }
}

fn size_of(path: &Path) -> io::Result<Option<u64>> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(metadata.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Moves a synced file to its place and syncs the folders, so that the name survives a power cut.
fn move_durably(from: &Path, to: &Path) -> io::Result<()> {
    let folder = to.parent().ok_or_else(|| io::Error::other("a blob lies in a folder"))?;
    if !folder.exists() {
        fs::create_dir_all(folder)?;
        if let Some(above) = folder.parent() {
            File::open(above)?.sync_all()?;
        }
    }
    fs::rename(from, to)?;
    File::open(folder)?.sync_all()
}

/// Writes a small file durably: temp, sync, rename, sync of the folder.
///
/// # Errors
/// The disk's.
pub fn write_durably(to: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = to.with_extension("tmp");
    let mut file = File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_data()?;
    move_durably(&temporary, to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(text: &str) -> Vec<u8> {
        [SEALED_START, text.as_bytes()].concat()
    }

    #[test]
    fn an_upload_resumes_where_it_stands_and_ends_whole() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path(), 1000).unwrap();
        let bytes = sealed("0123456789");
        let (digest, length) = (Digest::of(&bytes), bytes.len() as u64);
        assert_eq!(blobs.append(&digest, 0, length, &bytes[..5]).unwrap(), 5);
        assert!(matches!(blobs.append(&digest, 0, length, &bytes), Err(BlobError::Offset { at: 5 })));
        assert_eq!(blobs.held(&digest).unwrap(), Held::Part(5));
        assert_eq!(blobs.append(&digest, 5, length, &bytes[5..]).unwrap(), length);
        assert_eq!(blobs.held(&digest).unwrap(), Held::Whole(length));
        assert_eq!(blobs.read(&digest).unwrap(), bytes);
    }

    #[test]
    fn what_the_office_keeps_is_whole_and_what_it_erases_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path(), 100).unwrap();
        let bytes = sealed("a page");
        let page = wire::envelope::Sealed { sha256: Digest::of(&bytes), bytes };
        blobs.keep(&page).unwrap();
        assert_eq!(blobs.read(&page.sha256).unwrap(), page.bytes);
        blobs.erase(&page.sha256).unwrap();
        assert_eq!(blobs.size(&page.sha256).unwrap(), None);
        blobs.erase(&page.sha256).unwrap();
    }

    #[test]
    fn wrong_digest_plain_content_and_size_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path(), 100).unwrap();
        let (bytes, other) = (sealed("a"), Digest::of(b"other"));
        let length = bytes.len() as u64;
        assert!(matches!(blobs.append(&other, 0, length, &bytes), Err(BlobError::WrongDigest)));
        assert_eq!(blobs.held(&other).unwrap(), Held::Part(0));
        let plain = b"{\"name\":\"x\"}";
        let refused = blobs.append(&Digest::of(plain), 0, plain.len() as u64, plain);
        assert!(matches!(refused, Err(BlobError::NotSealed)));
        assert!(matches!(blobs.append(&other, 0, 101, &[]), Err(BlobError::TooLarge { most: 100 })));
    }
}
