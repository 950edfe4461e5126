//! The machine's key: 32 bytes in a key file, which says "software key" when nothing seals it (`crate::safe`).
//! Invariant: everything derived from it is bound to a purpose; the key itself is used nowhere.

use super::error::StoreError;
use crate::safe::KeyFile;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use wire::enrolment::Protection;

/// First line of the file: what it is worth.
const fn mark(kind: Protection) -> &'static str {
    match kind {
        Protection::Software => "# software key: readable by whoever can read this file; not protected by hardware",
        Protection::Host | Protection::Tpm2 => "# sealed to the machine",
    }
}

/// The key of this machine.
pub struct MachineKey([u8; 32]);

impl std::fmt::Debug for MachineKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MachineKey")
    }
}

impl MachineKey {
    /// Reads the key, or makes it from `fresh` random bytes when there is none.
    ///
    /// # Errors
    /// A file of another form, or one that others may read.
    pub fn open_or_make(file: &KeyFile, fresh: [u8; 32]) -> Result<Self, StoreError> {
        if !file.exists() {
            file.write(format!("{}\n{}\n", mark(file.sealed_by()), hex::encode(fresh)).as_bytes())?;
        }
        let text = file.read_text().map_err(|error| StoreError::MachineKey(error.to_string()))?;
        let line = text.lines().find(|line| !line.starts_with('#')).unwrap_or_default();
        let mut key = [0; 32];
        hex::decode_to_slice(line.trim(), &mut key)
            .map_err(|_| StoreError::MachineKey("no line with 64 hex digits".to_owned()))?;
        Ok(Self(key))
    }

    /// A name for a person that only this machine can compute.
    pub(super) fn owner(&self, id_number: &str) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.derive(&[], b"yimen draft owner v1"))
            .expect("a key of any length is taken");
        mac.update(id_number.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// The key that wraps a draft's key: from the machine's key and the person's number.
    pub(super) fn wrapping(&self, id_number: &str, draft: &[u8]) -> [u8; 32] {
        let info = [b"yimen draft wrapping v1\0", id_number.as_bytes()].concat();
        self.derive(draft, &info)
    }

    /// Covers the code of a receipt, or uncovers it: only this machine with the person's number at hand reads it. Used once
    /// for each submission, as its code never changes.
    pub(super) fn cover(&self, id_number: &str, submission: &str, code: &[u8]) -> Vec<u8> {
        let info = [b"yimen lately code v1\0", id_number.as_bytes()].concat();
        let pad = self.derive(submission.as_bytes(), &info);
        code.iter().zip(pad).map(|(byte, pad)| byte ^ pad).collect()
    }

    fn derive(&self, salt: &[u8], info: &[u8]) -> [u8; 32] {
        let mut out = [0; 32];
        Hkdf::<Sha256>::new(Some(salt), &self.0).expand(info, &mut out).expect("32 bytes are a possible length");
        out
    }
}
