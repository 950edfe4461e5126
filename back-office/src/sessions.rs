//! Officers' sessions. In memory: a restart of the office signs everybody out.
//! Invariants: only the hash of a session's secret is kept; a session ends after idle time, after its longest time, when told,
//! or when its officer opens more than the allowed number (the oldest goes); what the browser does by itself does not keep it
//! alive; what an officer proved, and when, belongs to the one session in which it was proved.
//! Not here: cookies and headers (`officer_api`), the proofs themselves, delays after wrong ones (`tries`).

use crate::bounded::Bounded;
use domain::ids::OfficerId;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use uuid::Uuid;
use wire::digest::Digest;

/// Most sessions, and most ended ones whose end is remembered.
const MOST: usize = 10_000;

/// How an officer proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// A password alone.
    Password,
    /// A password and a code of the second factor.
    PasswordAndCode,
    /// A passkey, with the person verified by the device.
    Passkey,
    /// The bureau's identity provider.
    Provider,
}

/// Why a session ended before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// The same officer signed in elsewhere, and that was one too many.
    Displaced,
    /// The officer ended it from another one.
    ByYou,
    /// An administrator locked the officer.
    Locked,
    /// The password or another credential changed.
    CredentialChanged,
}

/// An open session, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its name in lists.
    pub id: Uuid,
    /// Whose.
    pub officer: OfficerId,
    /// By what it was opened.
    pub way: Way,
    /// From where.
    pub address: Option<IpAddr>,
    /// When it was opened.
    pub begun: Timestamp,
    /// When the officer last did something.
    pub seen: Timestamp,
    /// When the officer last proved who they are; `None` when that proof was used up.
    pub proved: Option<Timestamp>,
}

/// What a secret opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// This session.
    Open(Session),
    /// Nothing any more, and why.
    Ended(Ended),
    /// Nothing.
    Nothing,
}

/// The limits.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Time without a person's act.
    pub idle: SignedDuration,
    /// Time in any case.
    pub absolute: SignedDuration,
    /// Sessions of one officer.
    pub each: usize,
}

/// All sessions.
#[derive(Debug)]
pub struct Sessions {
    limits: Limits,
    open: Mutex<HashMap<Digest, Session>>,
    ended: Bounded<Digest, Ended>,
}

impl Sessions {
    /// No sessions yet.
    pub fn new(limits: Limits) -> Self {
        Self { limits, open: Mutex::default(), ended: Bounded::new(MOST) }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Digest, Session>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn alive(&self, session: &Session, now: Timestamp) -> bool {
        now.duration_since(session.seen) < self.limits.idle && now.duration_since(session.begun) < self.limits.absolute
    }

    /// Opens a session under the hash of its secret; gives how many older ones of the officer had to go for it.
    pub fn begin(&self, secret: &str, officer: &OfficerId, way: Way, address: Option<IpAddr>, now: Timestamp) -> usize {
        let mut open = self.lock();
        open.retain(|_, session| self.alive(session, now));
        let mut gone = 0;
        loop {
            let own = open.iter().filter(|(_, session)| session.officer == *officer);
            let (count, oldest) = (own.clone().count(), own.min_by_key(|(_, session)| (session.begun, session.id)));
            let Some(oldest) = oldest.filter(|_| count >= self.limits.each).map(|(key, _)| key.clone()) else { break };
            open.remove(&oldest);
            self.ended.set(oldest, Ended::Displaced);
            gone += 1;
        }
        let session = Session {
            id: ambient::new_uuid(),
            officer: officer.clone(),
            way,
            address,
            begun: now,
            seen: now,
            proved: Some(now),
        };
        open.insert(Digest::of(secret.as_bytes()), session);
        gone
    }

    /// What this secret opens. `touch` = a person did something, which keeps it alive.
    pub fn find(&self, secret: &str, now: Timestamp, touch: bool) -> Found {
        let key = Digest::of(secret.as_bytes());
        let mut open = self.lock();
        let Some(session) = open.get_mut(&key) else {
            return self.ended.get(&key).map_or(Found::Nothing, Found::Ended);
        };
        if !self.alive(session, now) {
            open.remove(&key);
            return Found::Nothing;
        }
        if touch {
            session.seen = now;
        }
        Found::Open(session.clone())
    }

    /// The officer proved again who they are, in this session.
    pub fn prove(&self, id: Uuid, way: Way, now: Timestamp) {
        if let Some(session) = self.lock().values_mut().find(|session| session.id == id) {
            session.proved = Some(now);
            session.way = way;
        }
    }

    /// Whether the last proof in this session is younger than `limit`. A limit of nothing asks for a proof of its own for
    /// each act: that of signing in does not count, and a proof is used up by being asked for.
    pub fn proven(&self, id: Uuid, limit: SignedDuration, now: Timestamp) -> bool {
        let mut open = self.lock();
        let Some(session) = open.values_mut().find(|session| session.id == id) else { return false };
        if limit.is_zero() {
            return session.proved.take().is_some_and(|proved| proved != session.begun);
        }
        session.proved.is_some_and(|proved| now.duration_since(proved) < limit)
    }

    /// An officer's open sessions, newest first.
    pub fn of(&self, officer: &OfficerId, now: Timestamp) -> Vec<Session> {
        let open = self.lock();
        let own = open.values().filter(|session| session.officer == *officer && self.alive(session, now));
        let mut found: Vec<Session> = own.cloned().collect();
        found.sort_by_key(|session| std::cmp::Reverse((session.begun, session.id)));
        found
    }

    /// Ends one session, as its own holder asks.
    pub fn end(&self, secret: &str) {
        self.lock().remove(&Digest::of(secret.as_bytes()));
    }

    /// Ends sessions of an officer that `which` picks; gives how many.
    pub fn end_where(&self, officer: &OfficerId, why: Ended, which: impl Fn(&Session) -> bool) -> usize {
        let mut gone = 0;
        self.lock().retain(|key, session| {
            let ends = session.officer == *officer && which(session);
            if ends {
                self.ended.set(key.clone(), why);
                gone += 1;
            }
            !ends
        });
        gone
    }

    /// Everybody who has a session open.
    pub fn officers(&self) -> std::collections::BTreeSet<OfficerId> {
        self.lock().values().map(|session| session.officer.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn sessions() -> Sessions {
        let limits = Limits { idle: SignedDuration::from_mins(15), absolute: SignedDuration::from_hours(8), each: 2 };
        Sessions::new(limits)
    }

    fn whose(found: Found) -> Option<OfficerId> {
        match found {
            Found::Open(session) => Some(session.officer),
            Found::Ended(_) | Found::Nothing => None,
        }
    }

    #[test]
    fn idle_and_longest_time_end_a_session_and_the_browsers_own_calls_do_not_keep_it() {
        let sessions = sessions();
        let officer = OfficerId::from("o-1");
        let begin = |secret: &str| sessions.begin(secret, &officer, Way::Password, None, at(0));
        begin("secret");
        assert_eq!(sessions.find("other", at(1), true), Found::Nothing);
        for minute in (0..8 * 60).step_by(10) {
            assert_eq!(whose(sessions.find("secret", at(minute * 60), true)), Some(officer.clone()), "{minute}");
        }
        assert_eq!(sessions.find("secret", at(8 * 3600), true), Found::Nothing, "the longest time");
        begin("two");
        assert_eq!(whose(sessions.find("two", at(14 * 60), false)), Some(officer.clone()));
        assert_eq!(
            sessions.find("two", at(15 * 60), true),
            Found::Nothing,
            "idle, whatever the browser asked meanwhile"
        );
        begin("three");
        assert_eq!(sessions.end_where(&officer, Ended::Locked, |_| true), 1);
        assert_eq!(sessions.find("three", at(1), true), Found::Ended(Ended::Locked));
    }

    #[test]
    fn the_oldest_session_goes_and_is_told_why() {
        let sessions = sessions();
        let (officer, other) = (OfficerId::from("o-1"), OfficerId::from("o-2"));
        for (number, secret) in ["a", "b"].into_iter().enumerate() {
            let now = at(i64::try_from(number).unwrap());
            assert_eq!(sessions.begin(secret, &officer, Way::Passkey, None, now), 0);
            assert_eq!(sessions.begin(&format!("x{secret}"), &other, Way::Password, None, now), 0);
        }
        assert_eq!(sessions.begin("c", &officer, Way::Password, None, at(2)), 1);
        assert_eq!(sessions.find("a", at(3), true), Found::Ended(Ended::Displaced));
        assert_eq!(whose(sessions.find("xa", at(3), true)), Some(other), "of nobody else");
        let ways: Vec<Way> = sessions.of(&officer, at(3)).into_iter().map(|session| session.way).collect();
        assert_eq!(ways, [Way::Password, Way::Passkey], "newest first");
    }

    #[test]
    fn a_proof_grows_old_and_with_no_limit_serves_once() {
        let sessions = sessions();
        let officer = OfficerId::from("o-1");
        sessions.begin("a", &officer, Way::Password, None, at(0));
        let id = sessions.of(&officer, at(0))[0].id;
        let half_an_hour = SignedDuration::from_mins(30);
        assert!(sessions.proven(id, half_an_hour, at(1799)));
        assert!(!sessions.proven(id, half_an_hour, at(1800)));
        sessions.prove(id, Way::PasswordAndCode, at(1800));
        assert!(sessions.proven(id, half_an_hour, at(1801)) && sessions.proven(id, half_an_hour, at(1802)));
        sessions.begin("b", &officer, Way::Password, None, at(1900));
        let id = sessions.of(&officer, at(1900))[0].id;
        assert!(!sessions.proven(id, SignedDuration::ZERO, at(1900)), "signing in is no proof of its own");
        sessions.prove(id, Way::Password, at(1901));
        assert!(sessions.proven(id, SignedDuration::ZERO, at(1902)));
        assert!(!sessions.proven(id, SignedDuration::ZERO, at(1903)), "used up");
    }
}
