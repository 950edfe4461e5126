//! Making files of a bureau: never over an existing one, secrets for their owner only.

use crate::failure::Failure;
use anyhow::Context as _;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

/// Makes a folder with everything above it.
pub fn make_folder(path: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(path).with_context(|| format!("cannot make {}", path.display()))?;
    Ok(())
}

/// Lets only the owner into a folder.
pub fn only_owner(path: &Path) -> Result<(), Failure> {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))
        .with_context(|| format!("cannot set the rights of {}", path.display()))?;
    Ok(())
}

/// Writes a file that must not exist yet.
pub fn write_new(path: &Path, text: &str, secret: bool) -> Result<(), Failure> {
    let mode = if secret { 0o600 } else { 0o644 };
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(path)
        .with_context(|| format!("cannot make {} (it must not exist yet)", path.display()))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).with_context(|| path.display().to_string())?;
    Ok(())
}

/// Reads a text file.
pub fn read(path: &Path) -> Result<String, Failure> {
    Ok(std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?)
}

/// An id that is also a file name: small letters, digits, hyphens, at most 64.
pub fn plain_id(id: &str) -> Result<(), Failure> {
    let plain = !id.is_empty()
        && id.len() <= 64
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if plain {
        Ok(())
    } else {
        Err(Failure::Usage(format!("`{id}` is no id: write small letters, digits and hyphens, at most 64")))
    }
}

/// A fresh Ed25519 key: PKCS#8 PEM and public key (hex).
pub fn new_signing_key() -> Result<(String, String), Failure> {
    let key = SigningKey::from_bytes(&ambient::random_bytes::<32>());
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(anyhow::Error::new).context("a signing key")?;
    Ok((pem.to_string(), hex::encode(key.verifying_key().to_bytes())))
}

/// Puts a text in the place of a file, all at once: whoever reads sees the old or the new one.
pub fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    replace_with_mode(path, text, 0o644)
}

/// The same, readable for its owner only from the first byte on.
pub fn replace_secret(path: &Path, text: &str) -> Result<(), Failure> {
    replace_with_mode(path, text, 0o600)
}

fn replace_with_mode(path: &Path, text: &str, mode: u32) -> Result<(), Failure> {
    let aside = path.with_extension("part");
    let opened = OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&aside);
    let written = opened.and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.with_context(|| aside.display().to_string())?;
    rename(&aside, path)
}

/// Renames a file durably.
pub fn rename(from: &Path, to: &Path) -> Result<(), Failure> {
    std::fs::rename(from, to).with_context(|| to.display().to_string())?;
    let synced = to.parent().map_or(Ok(()), |folder| std::fs::File::open(folder)?.sync_all());
    synced.with_context(|| to.display().to_string())?;
    Ok(())
}

/// An Ed25519 public key from 64 hex digits.
pub fn public_key(text: &str) -> anyhow::Result<ed25519_dalek::VerifyingKey> {
    let bytes: [u8; 32] =
        hex::decode(text)?.try_into().map_err(|_| anyhow::anyhow!("a public key has 64 hex digits"))?;
    Ok(ed25519_dalek::VerifyingKey::from_bytes(&bytes)?)
}
