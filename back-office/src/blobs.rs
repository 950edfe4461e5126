//! Sealed blobs as files by the SHA-256 of their bytes, with resumable uploads. In an office a finished blob is divided: only
//! the payload lies here, under the digest of the whole; its header lies in custody. An edge keeps blobs whole.
//! Invariants: a blob that is there is whole, has (at an office: had) the digest of its name, and is durable, header first (data
//! and folder synced); only age files are taken; what is being uploaded lies apart, at an office with custody, and may be lost.
//! Not here: joining and opening them (`sealed_parts`, `worker::opening`).

use crate::custody::Custody;
use crate::custody::split::{SEALED_START, split};
use crate::store::{Store, StoreError};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use wire::digest::Digest;
use wire::upload::Upload;

/// Why bytes were not taken.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The upload stands elsewhere: ask with HEAD.
    #[error("the upload stands at {at}")]
    Offset {
        /// Bytes that are here.
        at: u64,
    },
    /// Nobody opened this upload, or it is gone.
    #[error("no upload was opened here")]
    Gone,
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
    /// The store, which keeps the headers.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where the headers of divided blobs go, and are found again.
#[derive(Debug, Clone)]
struct Divided {
    custody: Custody,
    store: Store,
}

/// The folder of blobs.
#[derive(Debug, Clone)]
pub struct Blobs {
    whole: PathBuf,
    parts: PathBuf,
    /// `None`: blobs stay whole.
    divided: Option<Divided>,
    most: u64,
    // One lock for all digests that begin alike: two requests never write to one upload at once.
    locks: Arc<[Mutex<()>; 64]>,
}

impl Blobs {
    /// Blobs that stay whole, for whoever only hands them on. Makes the folders when they are missing, and throws away uploads
    /// that nobody has gone on with for a week.
    ///
    /// # Errors
    /// The disk's.
    pub fn open(data: &Path, most: u64) -> io::Result<Self> {
        Self::of(data, data.join("uploads"), None, most)
    }

    /// As [`Blobs::open`], for blobs that are divided when they are finished.
    ///
    /// # Errors
    /// The disk's.
    pub fn divided(data: &Path, custody: Custody, store: Store, most: u64) -> io::Result<Self> {
        Self::of(data, custody.uploads(), Some(Divided { custody, store }), most)
    }

    fn of(data: &Path, parts: PathBuf, divided: Option<Divided>, most: u64) -> io::Result<Self> {
        let whole = data.join("blobs");
        fs::create_dir_all(&whole)?;
        fs::create_dir_all(&parts)?;
        sweep(&parts)?;
        Ok(Self { whole, parts, divided, most, locks: Arc::new(std::array::from_fn(|_| Mutex::new(()))) })
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        self.whole.join(&digest.as_str()[..2]).join(digest.as_str())
    }

    fn part(&self, upload: &Upload) -> PathBuf {
        self.parts.join(upload.to_string())
    }

    fn lock(&self, digest: &Digest) -> MutexGuard<'_, ()> {
        let index = u8::from_str_radix(&digest.as_str()[..2], 16).unwrap_or(0);
        self.locks[usize::from(index) % self.locks.len()].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Largest blob that is taken.
    pub const fn most(&self) -> u64 {
        self.most
    }

    /// Opens an upload; one that is open, or finished, stays as it is.
    ///
    /// # Errors
    /// Larger than allowed, too short for anything sealed, or the disk's.
    pub fn create(&self, upload: &Upload) -> Result<(), BlobError> {
        if upload.length > self.most {
            return Err(BlobError::TooLarge { most: self.most });
        }
        if upload.length < SEALED_START.len() as u64 {
            return Err(BlobError::NotSealed);
        }
        let _guard = self.lock(&upload.digest);
        if self.size(&upload.digest)?.is_none() {
            OpenOptions::new().create(true).append(true).open(self.part(upload))?;
            return Ok(());
        }
        Ok(remove(&self.part(upload))?)
    }

    /// How many bytes of an upload are here. All of them means that the blob is whole and durable.
    ///
    /// # Errors
    /// [`BlobError::Gone`] when nobody opened it, bytes that are not the promised blob, or the disk's.
    pub fn offset(&self, upload: &Upload) -> Result<u64, BlobError> {
        let _guard = self.lock(&upload.digest);
        self.standing(upload)
    }

    /// As [`Self::offset`], under the lock. An upload whose last bytes came, and which a crash or the disk kept from its end, is
    /// ended now: nobody sends it anything more.
    fn standing(&self, upload: &Upload) -> Result<u64, BlobError> {
        if let Some(size) = self.size(&upload.digest)? {
            // A crash may have come between the blob and the removal of its upload, which is a whole file.
            remove(&self.part(upload))?;
            return if size == upload.length { Ok(size) } else { Err(BlobError::Gone) };
        }
        let part = self.part(upload);
        let at = size_of(&part)?.ok_or(BlobError::Gone)?;
        if at == upload.length {
            self.end(upload)?;
        }
        Ok(at)
    }

    /// Bytes of a whole blob, header and payload; `None` when either is not here.
    ///
    /// # Errors
    /// The disk's or the store's.
    pub fn size(&self, digest: &Digest) -> Result<Option<u64>, BlobError> {
        let Some(payload) = size_of(&self.path(digest))? else { return Ok(None) };
        let Some(divided) = &self.divided else { return Ok(Some(payload)) };
        Ok(divided.custody.of_blob(digest)?.map(|header| header.len() as u64 + payload))
    }

    /// A blob that was kept whole, checked against its name.
    ///
    /// # Errors
    /// Missing, unreadable, or damaged on disk; a divided one is not here as a whole.
    pub fn read(&self, digest: &Digest) -> io::Result<Vec<u8>> {
        let bytes = fs::read(self.path(digest))?;
        if Digest::of(&bytes) == *digest {
            Ok(bytes)
        } else {
            Err(io::Error::new(io::ErrorKind::InvalidData, "blob damaged on disk"))
        }
    }

    /// The payload of a divided blob.
    ///
    /// # Errors
    /// Missing or unreadable.
    pub fn payload(&self, digest: &Digest) -> io::Result<Vec<u8>> {
        fs::read(self.path(digest))
    }

    /// Whole blobs that were written longer ago than `age`.
    ///
    /// # Errors
    /// The disk's.
    pub fn older_than(&self, age: Duration) -> io::Result<Vec<Digest>> {
        let mut old = Vec::new();
        for folder in fs::read_dir(&self.whole)? {
            for entry in fs::read_dir(folder?.path())? {
                let entry = entry?;
                let written = entry.metadata()?.modified()?.elapsed();
                let name = entry.file_name().to_str().and_then(|name| Digest::try_from(name.to_owned()).ok());
                old.extend(name.filter(|_| written.is_ok_and(|written| written > age)));
            }
        }
        Ok(old)
    }

    /// Keeps the payload of a blob of this office's own making, whose header is durable already; durable when it returns.
    ///
    /// # Errors
    /// The disk's.
    pub fn keep(&self, sealed: &wire::envelope::Sealed) -> io::Result<()> {
        let _guard = self.lock(&sealed.sha256);
        self.put(&sealed.sha256, split(&sealed.bytes).1)
    }

    /// Throws away uploads that nobody has gone on with for a week.
    ///
    /// # Errors
    /// The disk's.
    pub fn sweep_uploads(&self) -> io::Result<()> {
        sweep(&self.parts)
    }

    fn put(&self, digest: &Digest, payload: &[u8]) -> io::Result<()> {
        let to = self.path(digest);
        let folder = to.parent().ok_or_else(|| io::Error::other("a blob lies in a folder"))?;
        make_folder(folder)?;
        write_durably(&to, payload)
    }

    /// Erases a blob, and what was uploaded of it; one that is not here is erased already.
    ///
    /// # Errors
    /// The disk's.
    pub fn erase(&self, digest: &Digest) -> io::Result<()> {
        let _guard = self.lock(digest);
        self.unlink(digest)
    }

    /// Erases a blob that has no owner any more; `false` when it has one. Nobody takes the same blob in meanwhile.
    ///
    /// # Errors
    /// The disk's or the store's.
    pub fn erase_if_unowned(&self, digest: &Digest) -> Result<bool, BlobError> {
        self.erase_unless(digest, || match &self.divided {
            Some(divided) => Ok(divided.custody.of_blob(digest)?.is_some()),
            None => Ok(false),
        })
    }

    /// Erases a blob unless it is needed; `false` when it is. Nobody takes the same blob in, or finds it with [`Blobs::stands`],
    /// between the question and the end.
    ///
    /// # Errors
    /// The question's, or the disk's.
    pub fn erase_unless(
        &self,
        digest: &Digest,
        needed: impl FnOnce() -> Result<bool, StoreError>,
    ) -> Result<bool, BlobError> {
        let _guard = self.lock(digest);
        if needed()? {
            return Ok(false);
        }
        self.unlink(digest)?;
        Ok(true)
    }

    /// Whether a whole blob is here, and is not being erased: whoever has made it needed before asking keeps it.
    ///
    /// # Errors
    /// The disk's or the store's.
    pub fn stands(&self, digest: &Digest) -> Result<bool, BlobError> {
        let _guard = self.lock(digest);
        Ok(self.size(digest)?.is_some())
    }

    fn unlink(&self, digest: &Digest) -> io::Result<()> {
        if self.divided.is_some() {
            for entry in fs::read_dir(&self.parts)? {
                let entry = entry?;
                if entry.file_name().to_str().is_some_and(|name| name.starts_with(digest.as_str())) {
                    remove(&entry.path())?;
                }
            }
        }
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

    /// Appends to an upload; gives where it stands. At the end the blob is checked and durable.
    ///
    /// # Errors
    /// [`BlobError`]; bytes that are not the promised blob are thrown away, all of them.
    pub fn append(&self, upload: &Upload, offset: u64, bytes: &[u8]) -> Result<u64, BlobError> {
        let _guard = self.lock(&upload.digest);
        let at = self.standing(upload)?;
        if offset != at {
            return Err(BlobError::Offset { at });
        }
        let end = at + bytes.len() as u64;
        if end > upload.length {
            return Err(BlobError::TooLarge { most: upload.length });
        }
        if at == upload.length {
            return Ok(at);
        }
        let mut file = OpenOptions::new().append(true).open(self.part(upload))?;
        file.write_all(bytes)?;
        if end < upload.length {
            return Ok(end);
        }
        self.end(upload)?;
        Ok(end)
    }

    /// All bytes are here: the blob is checked and moved to its place; what is not the promised blob is thrown away.
    fn end(&self, upload: &Upload) -> Result<(), BlobError> {
        let part = self.part(upload);
        let checked = self.finish(&upload.digest, &part);
        if matches!(checked, Err(BlobError::WrongDigest | BlobError::NotSealed)) {
            fs::remove_file(&part)?;
        }
        checked
    }

    fn finish(&self, digest: &Digest, part: &Path) -> Result<(), BlobError> {
        let mut bytes = Vec::new();
        File::open(part)?.read_to_end(&mut bytes)?;
        if !bytes.starts_with(SEALED_START) {
            return Err(BlobError::NotSealed);
        }
        if Digest::of(&bytes) != *digest {
            return Err(BlobError::WrongDigest);
        }
        let Some(divided) = &self.divided else {
            OpenOptions::new().append(true).open(part)?.sync_data()?;
            let to = self.path(digest);
            make_folder(to.parent().ok_or_else(|| io::Error::other("a blob lies in a folder"))?)?;
            return Ok(move_durably(part, &to)?);
        };
        let (header, payload) = split(&bytes);
        let (header, named) = (header.to_vec(), digest.clone());
        divided.store.write_keyed_blocking::<_, StoreError>(move |_, keys| keys.put_loose(&named, &header))?;
        self.put(digest, payload)?;
        remove(part)?;
        Ok(())
    }
}

/// How long an upload waits for its next piece.
const KEPT: Duration = Duration::from_secs(7 * 24 * 3600);

/// Throws away uploads that were touched last longer ago than [`KEPT`]. With a clock that jumped, an upload begins anew.
fn sweep(parts: &Path) -> io::Result<()> {
    for entry in fs::read_dir(parts)? {
        let entry = entry?;
        // One that was ended in the meantime is gone.
        let Ok(metadata) = entry.metadata() else { continue };
        if metadata.modified()?.elapsed().is_ok_and(|age| age > KEPT) {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

/// Removes a file; one that is not here is removed already.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn size_of(path: &Path) -> io::Result<Option<u64>> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(metadata.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Makes a folder whose name survives a power cut.
fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.exists() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    match folder.parent() {
        Some(above) => File::open(above)?.sync_all(),
        None => Ok(()),
    }
}

/// Moves a synced file to its place and syncs the folder, so that the name survives a power cut.
fn move_durably(from: &Path, to: &Path) -> io::Result<()> {
    let folder = to.parent().ok_or_else(|| io::Error::other("a file lies in a folder"))?;
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

    /// With a database and a custody of its own.
    fn blobs(folder: &Path, most: u64) -> Blobs {
        let (custody, keys) = crate::custody::open(&folder.join("custody")).unwrap();
        let store = Store::open(&folder.join("office.db"), keys, |_, _| Ok(()), 1, 16).unwrap();
        Blobs::divided(&folder.join("data"), custody, store, most).unwrap()
    }

    fn whole(blobs: &Blobs, digest: &Digest) -> Vec<u8> {
        let header = blobs.divided.as_ref().unwrap().custody.of_blob(digest).unwrap().unwrap();
        crate::custody::split::joined(&header, &blobs.payload(digest).unwrap(), digest).unwrap()
    }

    fn sealed(text: &str) -> Vec<u8> {
        [SEALED_START, text.as_bytes()].concat()
    }

    fn upload(bytes: &[u8]) -> Upload {
        Upload { digest: Digest::of(bytes), length: bytes.len() as u64 }
    }

    #[test]
    fn an_upload_resumes_where_it_stands_and_ends_whole() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = blobs(folder.path(), 1000);
        let bytes = sealed("0123456789");
        let upload = upload(&bytes);
        assert!(matches!(blobs.append(&upload, 0, &bytes), Err(BlobError::Gone)));
        blobs.create(&upload).unwrap();
        assert_eq!(blobs.append(&upload, 0, &bytes[..5]).unwrap(), 5);
        assert!(matches!(blobs.append(&upload, 0, &bytes), Err(BlobError::Offset { at: 5 })));
        drop(blobs);
        let blobs = self::blobs(folder.path(), 1000);
        blobs.create(&upload).unwrap();
        assert_eq!(blobs.offset(&upload).unwrap(), 5, "opened again, it stays as it is");
        assert_eq!(blobs.append(&upload, 5, &bytes[5..]).unwrap(), upload.length);
        assert_eq!(blobs.offset(&upload).unwrap(), upload.length);
        assert_eq!(whole(&blobs, &upload.digest), bytes);
        assert!(!blobs.part(&upload).exists(), "no whole file stays behind");
    }

    #[test]
    fn an_upload_that_a_crash_kept_from_its_end_is_ended_when_it_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = blobs(folder.path(), 1000);
        let bytes = sealed("all of it");
        let upload = upload(&bytes);
        // All bytes were written, and then the power went.
        fs::write(blobs.part(&upload), &bytes).unwrap();
        assert_eq!(blobs.size(&upload.digest).unwrap(), None);
        assert_eq!(blobs.offset(&upload).unwrap(), upload.length);
        assert_eq!(whole(&blobs, &upload.digest), bytes, "who is told that all is there finds it there");
        let torn = Upload { digest: Digest::of(b"x"), length: bytes.len() as u64 };
        fs::write(blobs.part(&torn), &bytes).unwrap();
        assert!(matches!(blobs.offset(&torn), Err(BlobError::WrongDigest)));
        assert!(matches!(blobs.offset(&torn), Err(BlobError::Gone)), "thrown away: it begins anew");
    }

    #[test]
    fn no_whole_file_stays_beside_a_blob_that_is_whole_or_erased() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = blobs(folder.path(), 1000);
        let bytes = sealed("a page");
        let upload = upload(&bytes);
        let acts: [fn(&Blobs, &Upload); 3] = [
            |blobs, upload| assert_eq!(blobs.offset(upload).unwrap(), upload.length),
            |blobs, upload| blobs.create(upload).unwrap(),
            |blobs, upload| blobs.erase(&upload.digest).unwrap(),
        ];
        for act in acts {
            blobs.create(&upload).unwrap();
            blobs.append(&upload, blobs.offset(&upload).unwrap(), &bytes).ok();
            // All of it was done, and then the power went before the upload was removed.
            fs::write(blobs.part(&upload), &bytes).unwrap();
            act(&blobs, &upload);
            assert!(!blobs.part(&upload).exists());
        }
    }

    #[test]
    fn a_blob_that_somebody_owns_is_not_erased() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = blobs(folder.path(), 1000);
        let bytes = sealed("a page");
        let upload = upload(&bytes);
        blobs.create(&upload).unwrap();
        blobs.append(&upload, 0, &bytes).unwrap();
        assert!(!blobs.erase_if_unowned(&upload.digest).unwrap());
        assert_eq!(whole(&blobs, &upload.digest), bytes);
        let forget = |_: &_, keys: &mut crate::custody::keys::Keys| keys.forget_loose(jiff::Timestamp::MAX);
        blobs.divided.as_ref().unwrap().store.write_keyed_blocking::<_, StoreError>(forget).unwrap();
        assert!(blobs.erase_if_unowned(&upload.digest).unwrap());
        assert!(!blobs.path(&upload.digest).exists());
    }

    #[test]
    fn nobody_finds_a_blob_while_it_is_decided_whether_it_goes() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path(), 100).unwrap();
        let bytes = sealed("a page");
        let upload = upload(&bytes);
        blobs.create(&upload).unwrap();
        blobs.append(&upload, 0, &bytes).unwrap();
        assert!(!blobs.erase_unless(&upload.digest, || Ok(true)).unwrap() && blobs.stands(&upload.digest).unwrap());
        let (answer, answered) = std::sync::mpsc::channel();
        let (other, digest) = (blobs.clone(), upload.digest.clone());
        let not_needed = || {
            std::thread::spawn(move || answer.send(other.stands(&digest).unwrap()));
            assert!(answered.recv_timeout(Duration::from_millis(100)).is_err(), "it waits for the end");
            Ok(false)
        };
        assert!(blobs.erase_unless(&upload.digest, not_needed).unwrap());
        assert!(!answered.recv().unwrap());
    }

    #[test]
    fn what_the_office_keeps_is_whole_and_what_it_erases_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = blobs(folder.path(), 100);
        let bytes = sealed("a page");
        let page = wire::envelope::Sealed { sha256: Digest::of(&bytes), bytes };
        blobs.keep(&page).unwrap();
        assert_eq!(blobs.size(&page.sha256).unwrap(), None, "without its header it is not here");
        let (part, header) = (page.sha256.clone(), split(&page.bytes).0.to_vec());
        blobs
            .divided
            .as_ref()
            .unwrap()
            .store
            .write_keyed_blocking::<_, StoreError>(move |_, keys| keys.put_loose(&part, &header))
            .unwrap();
        assert_eq!(blobs.size(&page.sha256).unwrap(), Some(page.bytes.len() as u64));
        assert_eq!(whole(&blobs, &page.sha256), page.bytes);
        blobs.erase(&page.sha256).unwrap();
        assert_eq!(blobs.size(&page.sha256).unwrap(), None);
        blobs.erase(&page.sha256).unwrap();
    }

    #[test]
    fn whoever_only_hands_on_keeps_blobs_whole() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path(), 100).unwrap();
        let bytes = sealed("in one");
        let upload = upload(&bytes);
        blobs.create(&upload).unwrap();
        assert_eq!(blobs.append(&upload, 0, &bytes).unwrap(), upload.length);
        assert_eq!(blobs.size(&upload.digest).unwrap(), Some(upload.length));
        assert_eq!(blobs.read(&upload.digest).unwrap(), bytes);
        fs::write(blobs.path(&upload.digest), &bytes[1..]).unwrap();
        assert!(blobs.read(&upload.digest).is_err(), "damaged on the disk");
    }

    #[test]
    fn wrong_digest_plain_content_and_size_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = blobs(folder.path(), 100);
        let bytes = sealed("a");
        let other = Upload { digest: Digest::of(b"other"), length: bytes.len() as u64 };
        blobs.create(&other).unwrap();
        assert!(matches!(blobs.append(&other, 0, &bytes), Err(BlobError::WrongDigest)));
        assert!(matches!(blobs.offset(&other), Err(BlobError::Gone)), "thrown away");
        let plain = b"{\"name\":\"somebody's name\"}";
        let refused = upload(plain);
        blobs.create(&refused).unwrap();
        assert!(matches!(blobs.append(&refused, 0, plain), Err(BlobError::NotSealed)));
        blobs.create(&other).unwrap();
        let long = [bytes.as_slice(), b"more"].concat();
        assert!(matches!(blobs.append(&other, 0, &long), Err(BlobError::TooLarge { .. })));
        assert!(matches!(blobs.create(&Upload { length: 101, ..other }), Err(BlobError::TooLarge { most: 100 })));
    }
}
