//! The office's signed receipt: only this lets a kiosk erase a submission.

use crate::digest::Digest;
use domain::ids::SubmissionId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the office states when a submission is durable there (已送达). Not acceptance in law.
/// The same submission always gives the same receipt, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Which submission.
    pub id: SubmissionId,
    /// Digest of the manifest's signed body.
    pub manifest: Digest,
    /// When it became durable in the office, first time.
    pub received_at: Timestamp,
    /// Index, from 0, of the leaf in the office's audit log that tells of it (RFC 9162 section 2.1).
    pub log_index: u64,
}
