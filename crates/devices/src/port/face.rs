//! The face match port: does the person in front of the camera look like the reference? Invariant: only a service that was
//! asked and answered may say `Same`; every doubt is an error, and an error never passes.

use domain::sensitive::Sensitive;

use super::status::DeviceStatus;

/// What the probe is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaceReference {
    /// The portrait read from the card's chip, JPEG.
    CardPhoto(Sensitive<Vec<u8>>),
    /// The number, for a service that holds the portraits itself.
    IdNumber(Sensitive<String>),
}

/// The service's answer. The threshold belongs to the service; the score (0–1) is for the record only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MatchOutcome {
    /// The service says: the same person.
    Same {
        /// Likeness, 0–1.
        score: f32,
    },
    /// The service says: not the same person.
    Different {
        /// Likeness, 0–1.
        score: f32,
    },
}

/// Why there is no answer. Each sends the person to an officer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MatchError {
    /// This kiosk has no matcher.
    #[error("no face matcher is configured")]
    NotConfigured,
    /// The matcher did not answer in time, or not in a way that can be trusted.
    #[error("the face matcher gave no usable answer")]
    Unavailable,
    /// The matcher found no face, or more than one, in the probe.
    #[error("no single face in the picture")]
    NoFace,
}

/// A 1:1 face matcher. `compare` returns within the adapter's time limit; it never logs pictures.
pub trait FaceMatcher: Send {
    /// Compares a JPEG probe with the reference.
    fn compare(&self, reference: &FaceReference, probe_jpeg: &Sensitive<Vec<u8>>) -> Result<MatchOutcome, MatchError>;
    /// How the matcher is.
    fn status(&self) -> DeviceStatus;
    /// True for a simulator: the screen shows 模拟设备.
    fn simulated(&self) -> bool;
    /// Name for the staff console.
    fn label(&self) -> String;
}

/// The default: there is no matcher, so nobody passes.
#[derive(Debug, Clone, Copy, Default)]
pub struct NotConfigured;

impl FaceMatcher for NotConfigured {
    fn compare(&self, _: &FaceReference, _: &Sensitive<Vec<u8>>) -> Result<MatchOutcome, MatchError> {
        Err(MatchError::NotConfigured)
    }

    fn status(&self) -> DeviceStatus {
        DeviceStatus::NotConfigured
    }

    fn simulated(&self) -> bool {
        false
    }

    fn label(&self) -> String {
        "no-face-matcher".to_owned()
    }
}
