//! The folder on the stick: `index.json`, `SHA256SUMS` (as `sha256sum -c` reads it), `manifests/`, `blobs/`, `receipts.json`.
//! Invariant: files are written aside, synced and renamed, the index last: an export that broke off has no index of its own.
//! Blobs lie in 256 folders: one folder of ten thousand long names is more than FAT takes.

use super::CarryError;
use domain::ids::{KioskId, SubmissionId};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use wire::carried::{INDEX, Index, RECEIPTS, Receipts, SUMS, sum_line};
use wire::digest::Digest;

/// Where on the stick.
pub const FOLDER: &str = "yimen-outbox";
/// The folder.
#[derive(Clone, Debug)]
pub(super) struct Stick(PathBuf);

impl Stick {
    pub(super) fn at(folder: &Path) -> Self {
        Self(folder.join(FOLDER))
    }

    pub(super) fn manifest(id: SubmissionId) -> String {
        format!("manifests/{id}.json")
    }

    pub(super) fn blob(digest: &Digest) -> String {
        format!("blobs/{}/{digest}", &digest.as_str()[..2])
    }

    /// The index, when there is a whole export.
    pub(super) fn index(&self) -> Result<Index, CarryError> {
        let bytes = self.read(INDEX).map_err(|error| CarryError::NotWhole(format!("{INDEX}: {error}")))?;
        let sums = self.read(SUMS).map_err(|error| CarryError::NotWhole(format!("{SUMS}: {error}")))?;
        Index::read(&bytes, &sums).map_err(|error| CarryError::NotWhole(error.to_string()))
    }

    /// Who exported last, as far as an index says so.
    pub(super) fn exporter(&self) -> Option<KioskId> {
        let index: Index = serde_json::from_slice(&self.read(INDEX).ok()?).ok()?;
        Some(index.kiosk)
    }

    /// Ends an export: the sums, then the index, which makes it whole.
    pub(super) fn finish(&self, index: &Index, mut sums: String) -> Result<(), CarryError> {
        let bytes = serde_json::to_vec_pretty(index).map_err(io::Error::other)?;
        sums.push_str(&format!("{}\n", sum_line(INDEX, &bytes)));
        self.write(SUMS, sums.as_bytes())?;
        self.write(INDEX, &bytes)?;
        for folder in self.folders()? {
            File::open(folder)?.sync_all()?;
        }
        Ok(())
    }

    fn folders(&self) -> io::Result<Vec<PathBuf>> {
        let mut folders = vec![self.0.clone(), self.0.join("manifests"), self.0.join("blobs")];
        if folders[2].is_dir() {
            for entry in fs::read_dir(&folders[2])? {
                folders.push(entry?.path());
            }
        }
        folders.extend(self.0.parent().map(Path::to_owned));
        Ok(folders.into_iter().filter(|folder| folder.is_dir()).collect())
    }

    pub(super) fn receipts(&self) -> Result<Receipts, CarryError> {
        let bytes = self.read(RECEIPTS).map_err(|error| CarryError::NotWhole(format!("{RECEIPTS}: {error}")))?;
        serde_json::from_slice(&bytes).map_err(|error| CarryError::NotWhole(format!("{RECEIPTS}: {error}")))
    }

    pub(super) fn write_receipts(&self, receipts: &Receipts) -> Result<(), CarryError> {
        self.write(RECEIPTS, &serde_json::to_vec_pretty(receipts).map_err(io::Error::other)?)?;
        File::open(&self.0)?.sync_all()?;
        Ok(())
    }

    pub(super) fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.0.join(name))
    }

    /// Writes aside, syncs, renames. The folders are synced by [`Self::finish`].
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.0.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let aside = path.with_extension("part");
        let mut file = File::create(&aside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&aside, &path)
    }
}
