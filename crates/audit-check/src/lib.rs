//! Verifying an office's log without the office: signed notes, Merkle trees, a whole log, the proof of one submission.
//! Invariant: written from the standards; shares no code, type or constant with what it verifies, and reads only what it is
//! given. Not here: files, words for the command line (`yimenctl audit`).

pub mod log;
pub mod merkle;
pub mod note;
pub mod proof;
pub mod whose;

use ed25519_dalek::VerifyingKey;

/// Public keys of a bureau: whose signatures count.
#[derive(Clone, Debug)]
pub struct Keys {
    /// Name under which checkpoints are signed.
    pub origin: String,
    /// Signs checkpoints.
    pub audit: VerifyingKey,
    /// Signs receipts.
    pub receipt: VerifyingKey,
}
