//! How much comes in at this moment, so that the office's machine stands back while many kiosks deliver at once.
//! Invariants: decides nothing but who goes first; standing back ends by itself after a set time, so that nothing starves.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// From so many submissions at once on it is a burst.
const MANY: usize = 8;
/// Pause between two looks.
const LOOK: Duration = Duration::from_millis(5);

/// Counts the submissions that are being taken in.
#[derive(Debug, Default)]
pub struct Burst(AtomicUsize);

/// One submission that is being taken in; dropped when it was answered.
#[derive(Debug)]
pub struct ComingIn<'a>(&'a Burst);

impl Burst {
    /// One begins.
    pub fn begin(&self) -> ComingIn<'_> {
        self.0.fetch_add(1, Ordering::Relaxed);
        ComingIn(self)
    }

    /// Returns when there is no burst, or after `most`.
    pub async fn stand_back(&self, most: Duration) {
        let begun = Instant::now();
        while self.0.load(Ordering::Relaxed) >= MANY && begun.elapsed() < most {
            tokio::time::sleep(LOOK).await;
        }
    }
}

impl Drop for ComingIn<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_stands_back_while_many_come_in_and_never_for_good() {
        let burst = Burst::default();
        let mut coming: Vec<_> = (0..MANY).map(|_| burst.begin()).collect();
        let begun = Instant::now();
        burst.stand_back(Duration::from_millis(40)).await;
        assert!(begun.elapsed() >= Duration::from_millis(40));
        coming.pop();
        // Longer than any test may last: it returns because it is quiet.
        burst.stand_back(Duration::from_secs(3600)).await;
    }
}
