//! The two keys of a machine: Ed25519 for what it signs, ECDSA P-256 for its connections.
//! Invariant: keys of a try lie in `keys/enrolling/` until the office has said yes, so that trying again is the same try.

use crate::safe::{KeyFile, Safe};
use anyhow::Context as _;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use rcgen::{CertificateParams, KeyPair};
use std::fs;
use std::path::{Path, PathBuf};

/// The keys of one try.
pub(super) struct Keys {
    pub(super) device: SigningKey,
    pub(super) tls: KeyPair,
}

fn place(folder: &Path) -> PathBuf {
    folder.join("keys/enrolling")
}

/// A fresh key for connections.
///
/// # Errors
/// The cryptographic library's.
pub fn new_tls_key() -> anyhow::Result<KeyPair> {
    // P-256: what TPMs hold and what the office asks for.
    KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).context("a key for connections")
}

/// A certificate request (PKCS#10, PEM) that names nothing: the office alone says who a kiosk is.
///
/// # Errors
/// The cryptographic library's.
pub fn certificate_request(key: &KeyPair) -> anyhow::Result<String> {
    let request = CertificateParams::new(Vec::new())?.serialize_request(key).context("a certificate request")?;
    request.pem().context("a certificate request")
}

impl Keys {
    /// Those of a try that did not end, or new ones, durable.
    pub(super) fn of_this_try(folder: &Path, safe: &Safe) -> anyhow::Result<Self> {
        let place = place(folder);
        let (device_file, tls_file) = (safe.file(&place.join("device.key.pem")), safe.file(&place.join("tls.key.pem")));
        if device_file.exists() && tls_file.exists() {
            return Self::read(&device_file, &tls_file).with_context(|| {
                format!("the keys of an earlier try to enrol do not open; remove {} and try again", place.display())
            });
        }
        let keys = Self { device: SigningKey::from_bytes(&ambient::random_bytes::<32>()), tls: new_tls_key()? };
        super::folder::private(&place)?;
        device_file.write(keys.device_pem()?.as_bytes()).context("keys/enrolling")?;
        tls_file.write(keys.tls.serialize_pem().as_bytes()).context("keys/enrolling")?;
        Ok(keys)
    }

    fn read(device: &KeyFile, tls: &KeyFile) -> anyhow::Result<Self> {
        let text = |file: &KeyFile| file.read_text().with_context(|| file.path().display().to_string());
        Ok(Self {
            device: SigningKey::from_pkcs8_pem(&text(device)?).with_context(|| device.path().display().to_string())?,
            tls: KeyPair::from_pem(&text(tls)?).with_context(|| tls.path().display().to_string())?,
        })
    }

    /// The device key, PKCS#8 PEM.
    pub(super) fn device_pem(&self) -> anyhow::Result<String> {
        let pem =
            self.device.to_pkcs8_pem(LineEnding::LF).map_err(|error| anyhow::anyhow!("the device key: {error}"))?;
        Ok(pem.to_string())
    }

    /// They are the machine's keys now.
    pub(super) fn settled(&self, folder: &Path) -> anyhow::Result<()> {
        fs::remove_dir_all(place(folder)).context("keys/enrolling")
    }
}
