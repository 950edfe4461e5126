//! What `PUT /v1/submissions/{id}` carries: a signed manifest, alone or with its small sealed answers beside it.
//! Invariant: only a part of the role `answers` of at most [`MOST_INLINE`] bytes rides inline; attachments are uploaded.
//! Not here: checking the bytes against the manifest (the office's intake).

use crate::digest::Digest;
use crate::manifest::{Manifest, Part, Role};
use crate::signature::Signed;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// Most bytes of ciphertext of a part that rides inline.
pub const MOST_INLINE: u64 = 64 * 1024;

impl Part {
    /// Whether the kiosk sends this part inside the `PUT` rather than as a blob.
    pub fn rides_inline(&self) -> bool {
        self.role == Role::Answers && self.size <= MOST_INLINE
    }
}

impl Manifest {
    /// Addresses of the parts that are uploaded as blobs before the `PUT`.
    pub fn uploads(&self) -> Vec<Digest> {
        self.parts.iter().filter(|part| !part.rides_inline()).map(|part| part.sha256.clone()).collect()
    }
}

/// Bytes of a sealed part, base64 (RFC 4648, with padding) in JSON.
#[derive(Clone, PartialEq, Eq)]
pub struct Inline(pub Vec<u8>);

impl std::fmt::Debug for Inline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Inline({} bytes)", self.0.len())
    }
}

impl Serialize for Inline {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Inline {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Self).map_err(serde::de::Error::custom)
    }
}

/// A signed manifest with the sealed parts that ride along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Either")]
pub struct Submitted {
    /// The manifest.
    pub signed: Signed,
    /// Sealed parts by the SHA-256 of their bytes.
    pub inline: BTreeMap<Digest, Inline>,
}

/// Both shapes in one, so that reading needs no second look at the text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Either {
    signed: Option<Signed>,
    #[serde(default)]
    inline: BTreeMap<Digest, Inline>,
    body: Option<String>,
    key: Option<String>,
    signature: Option<String>,
}

impl TryFrom<Either> for Submitted {
    type Error = &'static str;

    fn try_from(read: Either) -> Result<Self, &'static str> {
        match read {
            Either { signed: Some(signed), inline, body: None, key: None, signature: None } => {
                Ok(Self { signed, inline })
            }
            Either { signed: None, inline, body: Some(body), key: Some(key), signature: Some(signature) }
                if inline.is_empty() =>
            {
                Ok(Self { signed: Signed { body, key, signature }, inline })
            }
            Either { .. } => Err("neither a signed manifest nor one with inline parts"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_shapes_are_read_and_no_mixture() {
        let bare = r#"{"body":"{}","key":"k","signature":"s"}"#;
        let digest = Digest::of(b"abc");
        let with = format!(r#"{{"signed":{bare},"inline":{{"{digest}":"YWJj"}}}}"#);
        let read = |text: &str| serde_json::from_str::<Submitted>(text);
        assert!(read(bare).unwrap().inline.is_empty());
        let both = read(&with).unwrap();
        assert_eq!((&both.signed, both.inline[&digest].0.as_slice()), (&read(bare).unwrap().signed, &b"abc"[..]));
        assert_eq!(serde_json::to_string(&both).unwrap(), with);
        for wrong in [
            format!(r#"{{"signed":{bare},"body":"{{}}"}}"#),
            r#"{"body":"{}","key":"k","signature":"s","inline":{"00":""}}"#.to_owned(),
            format!(r#"{{"body":"{{}}","key":"k","signature":"s","inline":{{"{digest}":"YWJj"}}}}"#),
            format!(r#"{{"signed":{bare},"inline":{{"{digest}":"YWJ"}}}}"#),
            format!(r#"{{"signed":{bare},"more":1}}"#),
            "{}".to_owned(),
        ] {
            assert!(read(&wrong).is_err(), "{wrong}");
        }
    }
}
