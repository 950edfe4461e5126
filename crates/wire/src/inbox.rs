//! What an office tells its kiosks when they ask: the time, and whether there is something to fetch.
//! Invariant: ids and cursors only; nothing of a person.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// `GET /v1/time`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficeTime {
    /// The office's clock.
    pub now: Timestamp,
}

/// `GET /v1/inbox?after=<cursor>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// To be sent as `after` the next time.
    pub cursor: u64,
    /// What is newer than `after`, oldest first.
    pub entries: Vec<Entry>,
}

/// One thing to fetch. A kind that a kiosk does not know is passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// [`KEYS`] today.
    pub kind: String,
}

/// Kind of an entry: the key list is newer; fetch `GET /v1/keys`.
pub const KEYS: &str = "keys";
