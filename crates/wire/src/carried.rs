//! What a stick tells of the submissions on it: `index.json` beside `SHA256SUMS`, and `receipts.json` on the way back.
//! Invariant: an index counts only when the sums name it: an export that broke off has none.
//! Not here: files and folders (the kiosk's `carry`).

use crate::digest::Digest;
use domain::ids::{KioskId, SubmissionId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the layout.
pub const VERSION: u32 = 1;
/// File name of the index.
pub const INDEX: &str = "index.json";
/// File name of the sums, as `sha256sum -c` reads them.
pub const SUMS: &str = "SHA256SUMS";
/// File name of the receipts.
pub const RECEIPTS: &str = "receipts.json";

/// What is on the stick. No personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// [`VERSION`].
    pub v: u32,
    /// Who exported.
    pub kiosk: KioskId,
    /// What.
    pub items: Vec<Listed>,
}

/// One submission on the stick.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// Which.
    pub id: SubmissionId,
    /// SHA-256 of `manifests/<id>.json` as it lies there.
    pub file: Digest,
    /// Ciphertext, each by the SHA-256 of its bytes.
    pub blobs: Vec<Digest>,
}

/// `receipts.json`: the office's bytes by submission.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipts {
    /// [`VERSION`].
    pub v: u32,
    /// The signed receipts.
    pub receipts: BTreeMap<SubmissionId, String>,
}

/// The export is not whole, in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotWhole(pub String);

/// The line of [`SUMS`] for a file with these bytes.
pub fn sum_line(name: &str, bytes: &[u8]) -> String {
    format!("{}  {name}", Digest::of(bytes))
}

impl Index {
    /// Reads the index that these sums name.
    ///
    /// # Errors
    /// [`NotWhole`]: another index than the sums', of another shape or version.
    pub fn read(bytes: &[u8], sums: &[u8]) -> Result<Self, NotWhole> {
        let line = sum_line(INDEX, bytes);
        if !String::from_utf8_lossy(sums).lines().any(|sum| sum == line) {
            return Err(NotWhole(format!("{INDEX} is not the one of {SUMS}")));
        }
        let index: Self = serde_json::from_slice(bytes).map_err(|error| NotWhole(error.to_string()))?;
        if index.v != VERSION {
            return Err(NotWhole(format!("its version is {}, this program knows {VERSION}", index.v)));
        }
        Ok(index)
    }
}
