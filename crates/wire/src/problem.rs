//! Problems per RFC 9457, with a member `retry` that tells a machine what to do.

use serde::{Deserialize, Serialize};

/// `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A stable name, e.g. `urn:yimen:problem:id-conflict`.
    #[serde(rename = "type")]
    pub kind: String,
    /// In words, for people who read logs.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What to do, without personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What the sender should do.
    pub retry: Retry,
}

/// What the sender should do with the same request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Retry {
    /// Send the same again at once (after uploading what is missing).
    Same,
    /// Send the same again later.
    Later,
    /// Never: a person must look.
    Never,
}

/// Media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Prefix of all our problem types.
pub const PREFIX: &str = "urn:yimen:problem:";

impl Problem {
    /// A problem by the last part of its type.
    pub fn new(name: &str, status: u16, retry: Retry, title: &str) -> Self {
        Self { kind: format!("{PREFIX}{name}"), title: title.to_owned(), status, detail: None, retry }
    }

    /// Adds what to do.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The last part of the type.
    pub fn name(&self) -> &str {
        self.kind.strip_prefix(PREFIX).unwrap_or(&self.kind)
    }
}
