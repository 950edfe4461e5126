//! Why a command did not do it, with the exit code that says so to scripts.

/// A command's failure.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Refused, or not as asked: exit code 1.
    #[error("{0}")]
    Refused(String),
    /// Wrong arguments that only show later than in parsing: exit code 2.
    #[error("{0}")]
    Usage(String),
    /// The office cannot be reached: exit code 3.
    #[error("the office at {url} cannot be reached: {why}")]
    Unreachable {
        /// Which address was tried.
        url: String,
        /// What the network said.
        why: String,
    },
    /// The office knows nothing of this name: exit code 1.
    #[error("{0}")]
    NotFound(String),
    /// No right: exit code 4.
    #[error("{0}")]
    NotAllowed(String),
    /// Refused, and all is said on stdout already: exit code 1.
    #[error("see above")]
    Told,
    /// A file or anything else went wrong: exit code 1.
    #[error("{0:#}")]
    Other(#[from] anyhow::Error),
}

impl Failure {
    /// See the head of `main.rs`.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Refused(_) | Self::NotFound(_) | Self::Told | Self::Other(_) => 1,
            Self::Usage(_) => 2,
            Self::Unreachable { .. } => 3,
            Self::NotAllowed(_) => 4,
        }
    }
}
