//! Officers' sessions and the delay after wrong passwords. In memory: a restart of the office signs everybody out.
//! Invariants: only the hash of a session's secret is kept; a session ends after idle time, after its longest time, or
//! when told; what the browser does by itself does not keep it alive; the delay grows with every wrong try, for ids that
//! exist and for ids that do not, and the memory it takes is bounded.
//! Not here: cookies and headers (`officer_api`), passwords.

use domain::ids::OfficerId;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use wire::digest::Digest;

/// Longest delay after wrong tries.
const LONGEST_WAIT: i64 = 15 * 60;
/// After so long without a try an id starts anew.
const FORGET: SignedDuration = SignedDuration::from_hours(1);
/// Most ids whose wrong tries are remembered, and most sessions.
const MOST: usize = 10_000;

#[derive(Clone, Debug)]
struct Session {
    officer: OfficerId,
    begun: Timestamp,
    seen: Timestamp,
}

#[derive(Clone, Copy, Debug)]
struct Tries {
    wrong: u32,
    last: Timestamp,
}

#[derive(Debug, Default)]
struct Inner {
    open: HashMap<Digest, Session>,
    tries: HashMap<String, Tries>,
}

/// All sessions.
#[derive(Debug)]
pub struct Sessions {
    idle: SignedDuration,
    absolute: SignedDuration,
    inner: Mutex<Inner>,
}

impl Sessions {
    /// No sessions yet; `idle` and `absolute` are the two limits.
    pub fn new(idle: SignedDuration, absolute: SignedDuration) -> Self {
        Self { idle, absolute, inner: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn alive(&self, session: &Session, now: Timestamp) -> bool {
        now.duration_since(session.seen) < self.idle && now.duration_since(session.begun) < self.absolute
    }

    /// Takes a try: it counts as a wrong one until `right` says otherwise, so that many at once are not more than one.
    ///
    /// # Errors
    /// The seconds to wait first; nothing is counted.
    pub fn take_try(&self, id: &str, now: Timestamp) -> Result<(), i64> {
        let mut inner = self.lock();
        if inner.tries.len() >= MOST {
            inner.tries.retain(|_, tries| now.duration_since(tries.last) < FORGET);
        }
        if inner.tries.len() >= MOST {
            // Somebody tries many made-up ids: those that tried least are forgotten first.
            let least = inner.tries.values().map(|tries| tries.wrong).min().unwrap_or(0);
            inner.tries.retain(|_, tries| tries.wrong > least);
        }
        let tries = inner.tries.entry(key(id)).or_insert(Tries { wrong: 0, last: now });
        match left(*tries, now) {
            0 => {
                let before = if now.duration_since(tries.last) >= FORGET { 0 } else { tries.wrong };
                *tries = Tries { wrong: before.saturating_add(1), last: now };
                Ok(())
            }
            wait => Err(wait),
        }
    }

    /// The try that was taken was wrong; gives the seconds to wait, from this answer on.
    pub fn wrong(&self, id: &str, now: Timestamp) -> i64 {
        self.lock().tries.get_mut(&key(id)).map_or(0, |tries| {
            tries.last = now;
            delay(tries.wrong)
        })
    }

    /// The password was right: earlier wrong tries are forgotten.
    pub fn right(&self, id: &str) {
        self.lock().tries.remove(&key(id));
    }

    /// Opens a session under the hash of its secret.
    pub fn begin(&self, secret: &str, officer: &OfficerId, now: Timestamp) {
        let mut inner = self.lock();
        if inner.open.len() >= MOST {
            let (idle, absolute) = (self.idle, self.absolute);
            inner.open.retain(|_, s| now.duration_since(s.seen) < idle && now.duration_since(s.begun) < absolute);
        }
        inner.open.insert(Digest::of(secret.as_bytes()), Session { officer: officer.clone(), begun: now, seen: now });
    }

    /// Whose session this is. `touch` = a person did something, which keeps it alive.
    pub fn officer(&self, secret: &str, now: Timestamp, touch: bool) -> Option<OfficerId> {
        let mut inner = self.lock();
        let key = Digest::of(secret.as_bytes());
        let session = inner.open.get_mut(&key)?;
        if !self.alive(session, now) {
            inner.open.remove(&key);
            return None;
        }
        if touch {
            session.seen = now;
        }
        Some(session.officer.clone())
    }

    /// Ends one session.
    pub fn end(&self, secret: &str) {
        self.lock().open.remove(&Digest::of(secret.as_bytes()));
    }

    /// Ends all sessions of an officer.
    pub fn end_all(&self, officer: &OfficerId) {
        self.lock().open.retain(|_, session| session.officer != *officer);
    }
}

/// An id as it is remembered: a made-up one may be of any length.
fn key(id: &str) -> String {
    id.chars().take(64).collect()
}

/// Seconds until the next try may be taken, rounded up.
fn left(tries: Tries, now: Timestamp) -> i64 {
    let left = (tries.last + SignedDuration::from_secs(delay(tries.wrong))).duration_since(now);
    if left.is_positive() { left.as_secs() + i64::from(left.subsec_nanos() > 0) } else { 0 }
}

/// Seconds after so many wrong tries: 1, 2, 4, … up to a quarter of an hour.
fn delay(wrong: u32) -> i64 {
    match wrong {
        0 => 0,
        n => LONGEST_WAIT.min(1_i64 << (n - 1).min(20)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn idle_and_longest_time_end_a_session_and_the_browsers_own_calls_do_not_keep_it() {
        let sessions = Sessions::new(SignedDuration::from_mins(15), SignedDuration::from_hours(8));
        let officer = OfficerId::from("o-1");
        sessions.begin("secret", &officer, at(0));
        assert_eq!(sessions.officer("other", at(1), true), None);
        for minute in (0..8 * 60).step_by(10) {
            assert_eq!(sessions.officer("secret", at(minute * 60), true), Some(officer.clone()), "{minute}");
        }
        assert_eq!(sessions.officer("secret", at(8 * 3600), true), None, "the longest time");
        sessions.begin("two", &officer, at(0));
        assert_eq!(sessions.officer("two", at(14 * 60), false), Some(officer.clone()));
        assert_eq!(sessions.officer("two", at(15 * 60), true), None, "idle, whatever the browser asked meanwhile");
        sessions.begin("three", &officer, at(0));
        sessions.end_all(&officer);
        assert_eq!(sessions.officer("three", at(1), true), None);
    }

    #[test]
    fn the_delay_grows_and_is_the_same_for_ids_that_do_not_exist() {
        let sessions = Sessions::new(SignedDuration::from_mins(15), SignedDuration::from_hours(8));
        let mut now = 0;
        for wait in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
            assert_eq!(sessions.take_try("nobody", at(now)), Ok(()));
            assert_eq!(sessions.take_try("nobody", at(now)), Err(wait), "a second one at the same moment");
            assert_eq!(sessions.wrong("nobody", at(now + 2)), wait, "the answer took two seconds");
            assert_eq!(sessions.take_try("nobody", at(now + 2)), Err(wait), "it runs from the answer on");
            now += 2 + wait;
        }
        assert_eq!(sessions.take_try("o-1", at(0)), Ok(()), "of nobody else");
        assert_eq!(sessions.take_try("nobody", at(now + 3600)), Ok(()));
        assert_eq!(sessions.take_try("nobody", at(now + 3600)), Err(1), "forgotten after an hour");
        sessions.right("nobody");
        assert_eq!(sessions.take_try("nobody", at(now + 3600)), Ok(()));
    }
}
