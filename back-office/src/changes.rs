//! One number that grows whenever something in the queue may have changed; the officers' event stream tells it.
//! Invariants: it never goes back while the office runs, and begins above what an earlier run told; nothing personal.

use tokio::sync::watch;

/// The number.
#[derive(Debug)]
pub struct Changes(watch::Sender<u64>);

impl Changes {
    /// Begins at the office's start (milliseconds), so that a restart counts as a change.
    pub fn new(started: jiff::Timestamp) -> Self {
        Self(watch::Sender::new(u64::try_from(started.as_millisecond()).unwrap_or(0)))
    }

    /// Something changed.
    pub fn bump(&self) {
        self.0.send_modify(|version| *version += 1);
    }

    /// The number now.
    pub fn now(&self) -> u64 {
        *self.0.borrow()
    }

    /// Hears of changes.
    pub fn listen(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}
