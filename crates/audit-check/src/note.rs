//! Reading a signed checkpoint: C2SP `tlog-checkpoint` inside a C2SP `signed-note`, Ed25519 signatures only.
//! Invariant: signatures of keys that are not asked for are passed over, as the form demands; one of ours must hold.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest as _, Sha256};

/// What an office stated with its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Leaves.
    pub size: u64,
    /// Root over them.
    pub root: [u8; 32],
}

/// Verifies a note by this key under this name and reads the checkpoint in it. The error is in words.
pub fn verify(note: &str, name: &str, key: &VerifyingKey) -> Result<Checkpoint, &'static str> {
    let text = signed_text(note, name, key)?;
    let mut lines = text.split('\n');
    if lines.next() != Some(name) {
        return Err("it is of another log");
    }
    let digits = lines.next().unwrap_or_default();
    let size: u64 = digits.parse().map_err(|_| "its size is no number")?;
    if size.to_string() != digits {
        return Err("its size is not written as the form demands");
    }
    let root = STANDARD.decode(lines.next().unwrap_or_default()).map_err(|_| "its root is not Base64")?;
    let root = root.try_into().map_err(|_| "its root is no SHA-256")?;
    Ok(Checkpoint { size, root })
}

/// The text of a note, when this key signed it.
fn signed_text<'a>(note: &'a str, name: &str, key: &VerifyingKey) -> Result<&'a str, &'static str> {
    let split = note.rfind("\n\n").ok_or("it is no signed note")?;
    let (text, signatures) = (&note[..=split], &note[split + 2..]);
    let id = key_hash(name, key);
    for line in signatures.lines() {
        let Some((signer, encoded)) = line.strip_prefix("\u{2014} ").and_then(|rest| rest.split_once(' ')) else {
            return Err("a line below its text is no signature");
        };
        let bytes = STANDARD.decode(encoded).map_err(|_| "a signature is not Base64")?;
        if signer != name || !bytes.starts_with(&id) {
            continue;
        }
        let signature = Signature::from_slice(&bytes[4..]).map_err(|_| "its signature is of the wrong length")?;
        return match key.verify_strict(text.as_bytes(), &signature) {
            Ok(()) => Ok(text),
            Err(_) => Err("its signature does not hold: it was changed"),
        };
    }
    Err("it is not signed by this office's audit key")
}

/// SHA-256(name || line feed || 0x01 || public key), first four bytes.
pub(crate) fn key_hash(name: &str, key: &VerifyingKey) -> [u8; 4] {
    let mut hasher = Sha256::new();
    hasher.update(name.as_bytes());
    hasher.update(b"\n\x01");
    hasher.update(key.as_bytes());
    let digest = hasher.finalize();
    [digest[0], digest[1], digest[2], digest[3]]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example in the documentation of Go's package `sumdb/note`, which the form comes from.
    #[test]
    fn a_note_of_another_program_is_read() {
        let key = STANDARD.decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").unwrap();
        let key = VerifyingKey::from_bytes(&key[1..].try_into().unwrap()).unwrap();
        let text =
            "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
        let signed = "\n\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
        assert_eq!(hex::encode(key_hash("PeterNeumann", &key)), "c74f20a3");
        let note = format!("{text}{signed}");
        assert_eq!(signed_text(&note, "PeterNeumann", &key), Ok(text));
        assert!(signed_text(&note.replace("cryptography", "steganography"), "PeterNeumann", &key).is_err());
    }
}
