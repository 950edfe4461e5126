//! The machine's key: 32 bytes in a file marked "software key", for its owner only.
//! Deliberately not here yet: TPM and systemd-creds. The mark in the file lets a fleet's administrator see which kind it is.
//! Invariant: everything derived from it is bound to a purpose; the key itself is used nowhere.

use super::error::StoreError;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

const MARK: &str = "# software key: readable by whoever can read this file; not protected by hardware";

/// The key of this machine.
pub struct MachineKey([u8; 32]);

impl std::fmt::Debug for MachineKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MachineKey(software)")
    }
}

impl MachineKey {
    /// Reads the key, or makes it from `fresh` random bytes when there is none.
    ///
    /// # Errors
    /// A file of another form, or one that others may read.
    pub fn open_or_make(path: &Path, fresh: [u8; 32]) -> Result<Self, StoreError> {
        if !path.exists() {
            let aside = path.with_extension("part");
            let _ = fs::remove_file(&aside);
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
            writeln!(file, "{MARK}\n{}", hex::encode(fresh))?;
            file.sync_all()?;
            fs::rename(&aside, path)?;
            if let Some(folder) = path.parent() {
                File::open(folder)?.sync_all()?;
            }
        }
        let mode = fs::metadata(path)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(StoreError::MachineKey(format!("others may read it (mode {mode:o}); set it to 600")));
        }
        let text = fs::read_to_string(path)?;
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
