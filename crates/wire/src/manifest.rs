//! The manifest of one submission: what belongs to it, by digest of the ciphertext. All that an edge server learns.
//! Signed by the kiosk's key as [`crate::signature::Signed`]; its digest is the idempotency key of intake.

use crate::digest::Digest;
use domain::ids::{KioskId, ServiceId, StationId, SubmissionId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Version of the protocol.
pub const VERSION: u32 = 1;

/// Suite of ciphers: age v1 files to X25519 recipients (ChaCha20-Poly1305), addresses by SHA-256, signatures by Ed25519.
/// SM2/SM3/SM4 would be another suite under the same protocol.
pub const SUITE: &str = "age-x25519-v1";

/// The submissions of one case, in the order in which the office takes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chain {
    /// The submission that the case began with; its own id for a first one.
    pub first: SubmissionId,
    /// 0 for the first; for a supplement what `own-cases` told as the next one.
    pub seq: u32,
}

impl Chain {
    /// The chain that a submission begins.
    pub const fn first(id: SubmissionId) -> Self {
        Self { first: id, seq: 0 }
    }

    /// Whether a submission of this id may say so: only the first is first.
    pub fn fits(self, id: SubmissionId) -> bool {
        (self.seq == 0) == (self.first == id)
    }
}

/// One submission's table of contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Protocol version, [`VERSION`].
    pub v: u32,
    /// Which ciphers sealed the parts: [`SUITE`] today; another one is refused, never guessed.
    pub suite: String,
    /// Minted at the first page of the service.
    pub id: SubmissionId,
    /// Its place among the submissions of one case.
    pub chain: Chain,
    /// Which service.
    pub service: ServiceId,
    /// Version of its form.
    pub form_version: u32,
    /// Where.
    pub station: StationId,
    /// Which machine; must be the one whose key signs.
    pub kiosk: KioskId,
    /// The kiosk's clock when sealed: a claim, never trusted for order.
    pub sealed_at: Timestamp,
    /// Ids of the recipients' public keys (see `envelope::recipient_id`).
    pub recipients: Vec<String>,
    /// The parts; exactly one has the role `answers`.
    pub parts: Vec<Part>,
}

/// One encrypted blob.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// What it is.
    pub role: Role,
    /// SHA-256 of the ciphertext: its address.
    pub sha256: Digest,
    /// Bytes of ciphertext.
    pub size: u64,
    /// Type of the plain content, e.g. `image/jpeg`.
    pub media_type: String,
}

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The payload (`payload::Payload`, JSON).
    Answers,
    /// A picture or other file named inside the payload by the SHA-256 of its plain bytes.
    Attachment,
}
