//! The folder on the stick: `index.json`, `SHA256SUMS` (as `sha256sum -c` reads it), `manifests/`, `blobs/`, `receipts.json`.
//! Invariant: files are written aside, synced and renamed, the index last: an export that broke off has no index of its own.
//! Blobs lie in 256 folders: one folder of ten thousand long names is more than FAT takes.

use super::CarryError;
use domain::ids::{KioskId, SubmissionId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use wire::digest::Digest;

/// Where on the stick.
pub const FOLDER: &str = "yimen-outbox";
/// Version of the layout.
pub(super) const VERSION: u32 = 1;
const INDEX: &str = "index.json";
const SUMS: &str = "SHA256SUMS";
const RECEIPTS: &str = "receipts.json";

/// What is on the stick. No personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Index {
    /// [`VERSION`].
    pub(super) v: u32,
    /// Who exported.
    pub(super) kiosk: KioskId,
    /// What.
    pub(super) items: Vec<Listed>,
}

/// One submission on the stick.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Listed {
    pub(super) id: SubmissionId,
    /// SHA-256 of `manifests/<id>.json` as it lies there.
    pub(super) file: Digest,
    /// Ciphertext, each by the SHA-256 of its bytes.
    pub(super) blobs: Vec<Digest>,
}

/// `receipts.json`: the office's bytes by submission.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Receipts {
    pub(super) v: u32,
    pub(super) receipts: BTreeMap<SubmissionId, String>,
}

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
        let line = format!("{}  {INDEX}", Digest::of(&bytes));
        if !String::from_utf8_lossy(&sums).lines().any(|sum| sum == line) {
            return Err(CarryError::NotWhole(format!("{INDEX} is not the one of {SUMS}")));
        }
        let index: Index = serde_json::from_slice(&bytes).map_err(|error| CarryError::NotWhole(error.to_string()))?;
        if index.v != VERSION {
            return Err(CarryError::NotWhole(format!("its version is {}, this program knows {VERSION}", index.v)));
        }
        Ok(index)
    }

    /// Who exported last, as far as an index says so.
    pub(super) fn exporter(&self) -> Option<KioskId> {
        let index: Index = serde_json::from_slice(&self.read(INDEX).ok()?).ok()?;
        Some(index.kiosk)
    }

    /// Ends an export: the sums, then the index, which makes it whole.
    pub(super) fn finish(&self, index: &Index, mut sums: String) -> Result<(), CarryError> {
        let bytes = serde_json::to_vec_pretty(index).map_err(io::Error::other)?;
        sums.push_str(&format!("{}  {INDEX}\n", Digest::of(&bytes)));
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
