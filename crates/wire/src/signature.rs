//! Ed25519 signatures over canonical JSON (RFC 8785), with the key's id beside.
//! Not here: the QR on certificates (`documents`), which is COSE.

use crate::digest::Digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// Why something signed is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum SignatureError {
    /// It cannot be written as canonical JSON.
    #[error("not canonical JSON: {0}")]
    NotJson(String),
    /// The key named is not the one we know.
    #[error("signed by an unknown key")]
    UnknownKey,
    /// The signature does not fit the content.
    #[error("the signature does not fit the content")]
    Wrong,
}

/// A content with its signature. `body` is kept as the exact canonical text that was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// Canonical JSON, byte for byte as signed.
    pub body: String,
    /// Id of the signing key, see [`key_id`].
    pub key: String,
    /// Ed25519 signature over `body`, base64url without padding.
    pub signature: String,
}

/// The id of a public key: first 16 hex digits of its SHA-256.
pub fn key_id(key: &VerifyingKey) -> String {
    Digest::of(key.as_bytes()).as_str()[..16].to_owned()
}

/// Canonical JSON (RFC 8785) of a value.
///
/// # Errors
/// When the value cannot be JSON at all (maps with keys that are no strings).
pub fn canonical(value: &impl Serialize) -> Result<String, SignatureError> {
    serde_json_canonicalizer::to_string(value).map_err(|error| SignatureError::NotJson(error.to_string()))
}

impl Signed {
    /// Signs a value.
    ///
    /// # Errors
    /// See [`canonical`].
    pub fn sign(value: &impl Serialize, key: &SigningKey) -> Result<Self, SignatureError> {
        let body = canonical(value)?;
        let signature = B64.encode(key.sign(body.as_bytes()).to_bytes());
        Ok(Self { body, key: key_id(&key.verifying_key()), signature })
    }

    /// Checks the signature, then reads the body.
    ///
    /// # Errors
    /// Unknown key, wrong signature, or a body that is not a `T`.
    pub fn open<T: DeserializeOwned>(&self, key: &VerifyingKey) -> Result<T, SignatureError> {
        if self.key != key_id(key) {
            return Err(SignatureError::UnknownKey);
        }
        let bytes = B64.decode(&self.signature).map_err(|_| SignatureError::Wrong)?;
        let signature = Signature::from_slice(&bytes).map_err(|_| SignatureError::Wrong)?;
        key.verify_strict(self.body.as_bytes(), &signature).map_err(|_| SignatureError::Wrong)?;
        serde_json::from_str(&self.body).map_err(|error| SignatureError::NotJson(error.to_string()))
    }

    /// The digest of the exact bytes that were signed.
    pub fn digest(&self) -> Digest {
        Digest::of(self.body.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_body_or_another_key_is_refused() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let signed = Signed::sign(&serde_json::json!({"b": 1, "a": "门"}), &key).unwrap();
        assert_eq!(signed.body, r#"{"a":"门","b":1}"#);
        assert!(signed.open::<serde_json::Value>(&key.verifying_key()).is_ok());
        let changed = Signed { body: signed.body.replace('1', "2"), ..signed.clone() };
        assert!(matches!(changed.open::<serde_json::Value>(&key.verifying_key()), Err(SignatureError::Wrong)));
        let other = SigningKey::from_bytes(&[8; 32]).verifying_key();
        assert!(matches!(signed.open::<serde_json::Value>(&other), Err(SignatureError::UnknownKey)));
    }
}
