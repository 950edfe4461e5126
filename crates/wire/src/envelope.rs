//! Sealing to the office: age v1 files (X25519, ChaCha20-Poly1305) to the branch's key and an offline recovery key.
//! Invariants: after sealing nothing on the kiosk can open it (no identity is there); the stock `age` tool can, in a disaster.
//! Not here: where keys are kept.

use crate::digest::Digest;
use age::x25519::{Identity, Recipient};
use std::io::{Read as _, Write as _};
use std::str::FromStr as _;

/// Why sealing or opening failed.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// A recipient's text is no age X25519 recipient (`age1…`).
    #[error("not an age recipient: {0}")]
    BadRecipient(String),
    /// Sealing to nobody would lose the content.
    #[error("no recipient given")]
    NoRecipient,
    /// Encrypting failed.
    #[error("sealing failed: {0}")]
    Seal(String),
    /// Not for this key, damaged, or not an age file.
    #[error("opening failed: {0}")]
    Open(String),
}

/// A sealed blob with its address.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// SHA-256 of `bytes`.
    pub sha256: Digest,
    /// The age file.
    pub bytes: Vec<u8>,
}

/// A short stable name of a recipient's public key: first 16 hex digits of the SHA-256 of its text.
pub fn recipient_id(recipient: &str) -> String {
    Digest::of(recipient.as_bytes()).as_str()[..16].to_owned()
}

/// The recipient that an identity (`AGE-SECRET-KEY-1…` text) opens for.
///
/// # Errors
/// It is no identity.
pub fn recipient_of(identity: &str) -> Result<String, EnvelopeError> {
    let identity = Identity::from_str(identity).map_err(|error| EnvelopeError::Open(error.to_string()))?;
    Ok(identity.to_public().to_string())
}

/// Encrypts to all recipients (`age1…` texts).
///
/// # Errors
/// A recipient that is none, none at all, or a failure of the cipher.
pub fn seal(plain: &[u8], recipients: &[String]) -> Result<Sealed, EnvelopeError> {
    let keys = recipients
        .iter()
        .map(|text| Recipient::from_str(text).map_err(|_| EnvelopeError::BadRecipient(text.clone())))
        .collect::<Result<Vec<_>, _>>()?;
    if keys.is_empty() {
        return Err(EnvelopeError::NoRecipient);
    }
    let fail = |error: &dyn std::fmt::Display| EnvelopeError::Seal(error.to_string());
    let encryptor = age::Encryptor::with_recipients(keys.iter().map(|key| key as &dyn age::Recipient))
        .map_err(|error| fail(&error))?;
    let mut bytes = Vec::with_capacity(plain.len() + 512);
    let mut writer = encryptor.wrap_output(&mut bytes).map_err(|error| fail(&error))?;
    writer.write_all(plain).map_err(|error| fail(&error))?;
    writer.finish().map_err(|error| fail(&error))?;
    Ok(Sealed { sha256: Digest::of(&bytes), bytes })
}

/// Decrypts with an identity (`AGE-SECRET-KEY-1…` text).
///
/// # Errors
/// The identity is none, or the file is not for it, or damaged.
pub fn open(bytes: &[u8], identity: &str) -> Result<Vec<u8>, EnvelopeError> {
    let fail = |error: &dyn std::fmt::Display| EnvelopeError::Open(error.to_string());
    let identity = Identity::from_str(identity).map_err(|error| fail(&error))?;
    let decryptor = age::Decryptor::new(bytes).map_err(|error| fail(&error))?;
    let mut reader =
        decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)).map_err(|error| fail(&error))?;
    let mut plain = Vec::new();
    reader.read_to_end(&mut plain).map_err(|error| fail(&error))?;
    Ok(plain)
}

/// Decrypts with whichever of these identities fits: the present one and those of before.
///
/// # Errors
/// None is an identity or fits, or the file is damaged.
pub fn open_with_any(bytes: &[u8], identities: &[&str]) -> Result<Vec<u8>, EnvelopeError> {
    let mut last = EnvelopeError::Open("no identity is held".to_owned());
    for identity in identities {
        match open(bytes, identity) {
            Ok(plain) => return Ok(plain),
            Err(error) => last = error,
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use age::secrecy::ExposeSecret as _;

    #[test]
    fn both_recipients_open_and_others_do_not() {
        let keys: Vec<Identity> = (0..3).map(|_| Identity::generate()).collect();
        let recipients: Vec<String> = keys[..2].iter().map(|key| key.to_public().to_string()).collect();
        let sealed = seal("户口簿".as_bytes(), &recipients).unwrap();
        assert!(!sealed.bytes.windows(9).any(|window| window == "户口簿".as_bytes()));
        for key in &keys[..2] {
            assert_eq!(open(&sealed.bytes, key.to_string().expose_secret()).unwrap(), "户口簿".as_bytes());
        }
        assert!(open(&sealed.bytes, keys[2].to_string().expose_secret()).is_err());
        let mut damaged = sealed.bytes.clone();
        *damaged.last_mut().unwrap() ^= 1;
        assert!(open(&damaged, keys[0].to_string().expose_secret()).is_err());
        assert!(matches!(seal(b"x", &[]), Err(EnvelopeError::NoRecipient)));
    }
}
