//! A face matcher that looks at nothing and answers as it is steered. For the demo class of bureau only.

use domain::sensitive::Sensitive;

use super::control::{FaceMode, SimControl, Subject};
use crate::port::face::{FaceMatcher, FaceReference, MatchError, MatchOutcome};
use crate::port::status::DeviceStatus;

/// The simulated matcher.
#[derive(Debug)]
pub struct SimMatcher {
    control: SimControl,
}

impl SimMatcher {
    /// A matcher steered by `control`. When nobody stands before the simulated camera it finds no face.
    pub const fn new(control: SimControl) -> Self {
        Self { control }
    }
}

impl FaceMatcher for SimMatcher {
    fn compare(&self, _: &FaceReference, probe_jpeg: &Sensitive<Vec<u8>>) -> Result<MatchOutcome, MatchError> {
        let (mode, subject) = {
            let state = self.control.state();
            (state.face, state.subject)
        };
        match mode {
            FaceMode::Unavailable => Err(MatchError::Unavailable),
            FaceMode::NoFace => Err(MatchError::NoFace),
            FaceMode::Pass | FaceMode::Fail if probe_jpeg.expose().is_empty() || subject != Subject::Portrait => {
                Err(MatchError::NoFace)
            }
            FaceMode::Pass => Ok(MatchOutcome::Same { score: 0.93 }),
            FaceMode::Fail => Ok(MatchOutcome::Different { score: 0.21 }),
        }
    }

    fn status(&self) -> DeviceStatus {
        match self.control.state().face {
            FaceMode::Unavailable => DeviceStatus::Offline,
            FaceMode::Pass | FaceMode::Fail | FaceMode::NoFace => DeviceStatus::Ready,
        }
    }

    fn simulated(&self) -> bool {
        true
    }

    fn label(&self) -> String {
        "sim-face-matcher".to_owned()
    }
}
