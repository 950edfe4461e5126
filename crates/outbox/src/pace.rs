//! How often to try and how many at once. Full jitter, so that thousands of kiosks do not come back together.
//! Not here: the choice of the item (`machine`).

use crate::budget::Budget;
use std::time::Duration;

/// The figures of one outbox.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Shortest wait after a failure.
    pub first: Duration,
    /// Longest wait while failures are few.
    pub longest: Duration,
    /// Wait after many failures.
    pub patient: Duration,
    /// Failures after which `patient` holds and an alarm is raised.
    pub many: u32,
    /// Time of failing after which the alarm is raised.
    pub failing_for: Duration,
    /// Items on their way at once.
    pub in_flight: usize,
    /// How many of those may be items that have failed before: the rest is kept free for fresh ones (I5).
    pub in_flight_failed: usize,
    /// Age by the wall clock that raises the alarm and stops new work.
    pub too_old: Duration,
    /// How much of the disk it may fill.
    pub budget: Budget,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(1),
            longest: Duration::from_secs(300),
            patient: Duration::from_secs(3600),
            many: 20,
            failing_for: Duration::from_secs(24 * 3600),
            in_flight: 4,
            in_flight_failed: 3,
            too_old: Duration::from_secs(30 * 24 * 3600),
            budget: Budget::default(),
        }
    }
}

impl Pace {
    /// Wait before the next try: between `first` and twice the last bound, by full jitter; never less than the office asked for.
    pub fn wait(&self, failures: u32, after: Option<Duration>, entropy: [u8; 4]) -> Duration {
        let bound = if failures >= self.many {
            self.patient
        } else {
            self.first.saturating_mul(2_u32.saturating_pow(failures.min(20))).min(self.longest)
        };
        let share = f64::from(u32::from_le_bytes(entropy)) / f64::from(u32::MAX);
        let own = self.first + bound.saturating_sub(self.first).mul_f64(share);
        match after {
            // Up to a tenth more than asked, so that those who were told the same time do not meet again.
            Some(after) => own.max(after + after.mul_f64(share / 10.0)),
            None => own,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_stay_in_bounds_and_honour_retry_after() {
        let pace = Pace::default();
        let (low, high) = ([0; 4], [255; 4]);
        assert_eq!(pace.wait(1, None, low), Duration::from_secs(1));
        assert_eq!(pace.wait(1, None, high), Duration::from_secs(2));
        assert_eq!(pace.wait(5, None, high), Duration::from_secs(32));
        assert_eq!(pace.wait(12, None, high), Duration::from_secs(300));
        assert_eq!(pace.wait(20, None, high), Duration::from_secs(3600));
        assert_eq!(pace.wait(u32::MAX, None, low), Duration::from_secs(1));
        for entropy in [low, high] {
            assert!(pace.wait(1, Some(Duration::from_secs(90)), entropy) >= Duration::from_secs(90));
            assert!(pace.wait(1, Some(Duration::from_secs(90)), entropy) <= Duration::from_secs(99));
        }
    }
}
