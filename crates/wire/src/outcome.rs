//! What became of a submission, as the kiosk may know it: `GET /v1/submissions/{id}/outcome`.
//! Invariant: whatever falls to the counter looks the same, whyever it fell (product rule 2).

use jiff::civil::DateTime;
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
        /// Where to go, in the words of the station, e.g. `综合窗口`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        window: Option<String>,
        /// How the counter stands.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hours: Option<CounterHours>,
    },
}

/// How the counter stands at the moment of the answer, by the local clock of the station.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum CounterHours {
    /// Open.
    Open {
        /// Shuts.
        until: DateTime,
    },
    /// Shut; the ticket is good on the day it opens.
    Shut {
        /// Opens.
        opens: DateTime,
    },
}
