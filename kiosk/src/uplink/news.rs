//! Asks the office now and then for its clock and for news, and fetches the key list when it is newer.
//! Invariants: asks for the list at the start and every hour, whatever the inbox says; nothing here delays a submission.
//! Not here: what a list must be (`keyring`).

use super::office::Office;
use crate::keyring::Keyring;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use wire::inbox::KEYS;

/// Between two looks into the inbox while the office answers.
const LOOK: Duration = Duration::from_secs(60);
/// Between two tries while it does not.
const TRY: Duration = Duration::from_secs(10);
/// The list is fetched at least so often.
const FETCH: Duration = Duration::from_secs(3600);

/// The running thread. Dropping it ends it.
pub struct News {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl News {
    /// Begins asking.
    ///
    /// # Errors
    /// A thread that cannot be started.
    pub fn start(office: &Office, keyring: &Arc<Keyring>) -> std::io::Result<Self> {
        let (stop, stopped) = channel();
        let mut reader = Reader { office: office.clone(), keyring: Arc::clone(keyring), cursor: 0, fetched: None };
        let thread = std::thread::Builder::new().name("news".to_owned()).spawn(move || {
            loop {
                let wait = if reader.look() { LOOK } else { TRY };
                if stopped.recv_timeout(wait) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for News {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Reader {
    office: Office,
    keyring: Arc<Keyring>,
    cursor: u64,
    fetched: Option<Instant>,
}

impl Reader {
    /// One look; whether the office answered all of it.
    fn look(&mut self) -> bool {
        let before = ambient::now();
        let Ok(time) = self.office.time() else { return false };
        let after = ambient::now();
        // The office's word is as old as half the way there and back.
        let half = after.duration_since(before) / 2;
        self.keyring.told_time(time.now, before.checked_add(half).unwrap_or(after));
        let Ok(inbox) = self.office.inbox(self.cursor) else { return false };
        let due = self.fetched.is_none_or(|at| at.elapsed() >= FETCH);
        if !due && !inbox.entries.iter().any(|entry| entry.kind == KEYS) {
            self.cursor = inbox.cursor;
            return true;
        }
        let Ok(list) = self.office.keys() else { return false };
        match self.keyring.take(list, ambient::now()) {
            Ok(true) => tracing::info!("a newer key list is kept"),
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "the office's key list is not taken; the one held stays"),
        }
        self.fetched = Some(Instant::now());
        self.cursor = inbox.cursor;
        true
    }
}
