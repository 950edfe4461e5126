//! The manifest of one submission: what belongs to it, by digest of the ciphertext. All that an edge server learns.
//! Signed by the kiosk's key as [`crate::signature::Signed`]; its digest is the idempotency key of intake.

use crate::digest::Digest;
use domain::ids::{KioskId, ServiceId, StationId, SubmissionId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Version of the protocol.
pub const VERSION: u32 = 1;

/// One submission's table of contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Protocol version, [`VERSION`].
    pub v: u32,
    /// Minted at the first page of the service.
    pub id: SubmissionId,
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
