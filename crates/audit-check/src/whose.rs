//! Whose signatures a log's checkpoints carry, when none is the bureau's own: what to ask whoever verifies.
//! Not here: whether a signature holds (`note`).

use crate::note::key_hash;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::VerifyingKey;

/// Whether each of these notes is signed, all by one key, and that key is another than this one under this name: then whoever
/// verifies has most likely the public file of another office at hand. Looks at the keys' names only; says nothing about a note.
pub fn all_by_one_stranger<'a>(notes: impl Iterator<Item = &'a str>, name: &str, key: &VerifyingKey) -> bool {
    let mut signers = std::collections::BTreeSet::new();
    for note in notes {
        let Some((_, below)) = note.rsplit_once("\n\n") else { return false };
        for line in below.lines() {
            let Some((signer, encoded)) = line.strip_prefix("\u{2014} ").and_then(|rest| rest.split_once(' ')) else {
                return false;
            };
            let Some(id) = STANDARD.decode(encoded).ok().and_then(|bytes| bytes.first_chunk::<4>().copied()) else {
                return false;
            };
            signers.insert((signer.to_owned(), id));
        }
    }
    signers.len() == 1 && !signers.contains(&(name.to_owned(), key_hash(name, key)))
}
