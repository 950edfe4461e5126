//! The delay after wrong tries to prove who one is: by id, and by the address they come from.
//! Invariants: it grows with every wrong try, for ids that exist and for ids that do not; a try counts as a wrong one
//! until it was right, so that many at once are not more than one; an address has some tries free, as many officers may sit
//! behind one, and its delay stays short, so that nobody at the desk beside is kept out for long; memory is bounded.
//! Not here: what is proved (`officer_api::proof`).

use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Longest delay of an id.
const LONGEST_WAIT: i64 = 15 * 60;
/// Wrong tries of an address before it waits.
const FREE_OF_ADDRESS: u32 = 20;
/// Longest delay of an address.
const LONGEST_OF_ADDRESS: i64 = 60;
/// After so long without a try an id or address starts anew.
const FORGET: SignedDuration = SignedDuration::from_hours(1);
/// Most ids, and most addresses, that are remembered.
const MOST: usize = 10_000;

/// Who tries: neither part is sure to exist.
#[derive(Clone, Copy, Debug)]
pub struct Who<'a> {
    /// The id that was typed.
    pub id: &'a str,
    /// Where it comes from, when that is known.
    pub address: Option<IpAddr>,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    wrong: u32,
    last: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Id(String),
    Address(IpAddr),
}

impl Key {
    /// Both keys of somebody; a made-up id may be of any length.
    fn of(who: Who<'_>) -> impl Iterator<Item = Self> {
        let id = Self::Id(who.id.chars().take(64).collect());
        std::iter::once(id).chain(who.address.map(Self::Address))
    }

    /// Seconds after so many wrong tries: 1, 2, 4, … up to the longest.
    fn delay(&self, wrong: u32) -> i64 {
        let (counted, longest) = match self {
            Self::Id(_) => (wrong, LONGEST_WAIT),
            Self::Address(_) => (wrong.saturating_sub(FREE_OF_ADDRESS), LONGEST_OF_ADDRESS),
        };
        match counted {
            0 => 0,
            n => longest.min(1_i64 << (n - 1).min(20)),
        }
    }

    /// Seconds until the next try may be taken, rounded up.
    fn left(&self, count: Count, now: Timestamp) -> i64 {
        let left = (count.last + SignedDuration::from_secs(self.delay(count.wrong))).duration_since(now);
        if left.is_positive() { left.as_secs() + i64::from(left.subsec_nanos() > 0) } else { 0 }
    }
}

/// All wrong tries.
#[derive(Debug, Default)]
pub struct Tries(Mutex<HashMap<Key, Count>>);

impl Tries {
    /// Takes a try.
    ///
    /// # Errors
    /// The seconds to wait first; nothing is counted.
    pub fn take(&self, who: Who<'_>, now: Timestamp) -> Result<(), i64> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.retain(|_, count| now.duration_since(count.last) < FORGET);
        }
        if all.len() >= MOST {
            // Somebody tries many made-up ids: those that tried least are forgotten first.
            let least = all.values().map(|count| count.wrong).min().unwrap_or(0);
            all.retain(|_, count| count.wrong > least);
        }
        let wait = Key::of(who).filter_map(|key| all.get(&key).map(|count| key.left(*count, now))).max().unwrap_or(0);
        if wait > 0 {
            return Err(wait);
        }
        for key in Key::of(who) {
            let count = all.entry(key).or_insert(Count { wrong: 0, last: now });
            let before = if now.duration_since(count.last) >= FORGET { 0 } else { count.wrong };
            *count = Count { wrong: before.saturating_add(1), last: now };
        }
        Ok(())
    }

    /// The try that was taken was wrong; gives the seconds to wait, from this answer on.
    pub fn wrong(&self, who: Who<'_>, now: Timestamp) -> i64 {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = Key::of(who).filter_map(|key| {
            let count = all.get_mut(&key)?;
            count.last = now;
            Some(key.delay(count.wrong))
        });
        waits.max().unwrap_or(0)
    }

    /// The try was right: the id's earlier ones are forgotten; of the address only this one, or whoever has an account
    /// could wipe the count of the ids they try beside it.
    pub fn right(&self, who: Who<'_>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for key in Key::of(who) {
            if let (Key::Address(_), Some(count)) = (&key, all.get_mut(&key)) {
                count.wrong = count.wrong.saturating_sub(1);
            } else {
                all.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn id(id: &str) -> Who<'_> {
        Who { id, address: None }
    }

    #[test]
    fn the_delay_grows_and_is_the_same_for_ids_that_do_not_exist() {
        let tries = Tries::default();
        let mut now = 0;
        for wait in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
            assert_eq!(tries.take(id("nobody"), at(now)), Ok(()));
            assert_eq!(tries.take(id("nobody"), at(now)), Err(wait), "a second one at the same moment");
            assert_eq!(tries.wrong(id("nobody"), at(now + 2)), wait, "the answer took two seconds");
            assert_eq!(tries.take(id("nobody"), at(now + 2)), Err(wait), "it runs from the answer on");
            now += 2 + wait;
        }
        assert_eq!(tries.take(id("o-1"), at(0)), Ok(()), "of nobody else");
        assert_eq!(tries.take(id("nobody"), at(now + 3600)), Ok(()));
        assert_eq!(tries.take(id("nobody"), at(now + 3600)), Err(1), "forgotten after an hour");
        tries.right(id("nobody"));
        assert_eq!(tries.take(id("nobody"), at(now + 3600)), Ok(()));
    }

    #[test]
    fn one_address_that_tries_many_ids_waits_too_but_not_for_long() {
        let tries = Tries::default();
        let address = Some("10.0.0.9".parse().unwrap());
        for number in 0..20 {
            let name = format!("o-{number}");
            assert_eq!(tries.take(Who { id: &name, address }, at(0)), Ok(()), "{number}");
        }
        assert_eq!(tries.take(Who { id: "o-20", address }, at(0)), Ok(()));
        assert_eq!(tries.wrong(Who { id: "o-20", address }, at(0)), 1);
        assert_eq!(tries.take(Who { id: "o-21", address }, at(0)), Err(1), "whatever the id");
        let elsewhere = Some("10.0.0.10".parse().unwrap());
        assert_eq!(tries.take(Who { id: "o-21", address: elsewhere }, at(0)), Ok(()), "not from elsewhere");
        let mut now = 0;
        for number in 0..12 {
            now += 61;
            assert_eq!(tries.take(Who { id: &format!("p-{number}"), address }, at(now)), Ok(()), "never over a minute");
        }
        tries.right(Who { id: "p-11", address });
        assert!(tries.take(Who { id: "q", address }, at(now)).is_err(), "a right one does not wipe the rest");
    }
}
