//! What became of a submission, as the kiosk may know it: `GET /v1/submissions/{id}/outcome`.
//! Invariant: whatever falls to the counter looks the same, whyever it fell (product rule 2).

use serde::{Deserialize, Serialize};

/// The outcome for the kiosk that sent it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Outcome {
    /// Still working; ask again.
    Pending,
    /// A certificate was issued; print it.
    Issued {
        /// Its number.
        number: String,
        /// The PDF, base64 (standard alphabet).
        pdf: String,
    },
    /// An officer handles it at the counter, or it only needed to arrive.
    Counter {
        /// The ticket to wait with, e.g. `A012`.
        ticket: String,
    },
}
