//! Telling the office how a person found it. Invariant: it is told or dropped, and nothing on the screen says that it arrived.
//! The visit is over by then: nothing of the person is here, only the submission's id.

use super::Hands;
use crate::uplink::UplinkError;
use domain::ids::SubmissionId;
use std::time::{Duration, Instant};

/// Between two tries.
const PAUSE: Duration = Duration::from_secs(2);
/// How long it is tried: what was handed in a moment ago may not have arrived before what is said of it.
const AT_MOST: Duration = Duration::from_secs(60);

impl Hands {
    pub(super) fn rate(&self, submission: SubmissionId, stars: u8) {
        let office = self.office.clone();
        self.spawn("rating", move || {
            let started = Instant::now();
            loop {
                match office.rate(submission, stars) {
                    Ok(()) => return,
                    Err(UplinkError::Refused(problem)) if problem.status == 404 && started.elapsed() < AT_MOST => {
                        tracing::debug!(%submission, "a rating waits for its submission");
                    }
                    // Without a connection too: nobody waits for it, and the submission itself is safe.
                    Err(error) => {
                        tracing::info!(%error, "a rating is dropped");
                        return;
                    }
                }
                std::thread::sleep(PAUSE);
            }
        });
    }
}
