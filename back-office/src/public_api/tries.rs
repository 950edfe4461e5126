//! How often a status may be asked for in vain: by receipt code and by address.
//! Invariants: a try counts before it is looked at, so that many at once are not more; a right one is given back; what is
//! remembered is bounded and in memory only. Not here: the same time for every answer (`status`).

use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// After so long a try is forgotten.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Tries for one code in a window.
const FOR_A_CODE: u32 = 5;
/// Tries from one address in a window: people in one hall share one.
const FROM_AN_ADDRESS: u32 = 30;
/// Most codes and addresses remembered; when there are more, nobody new may try.
const REMEMBERED: usize = 50_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum By {
    Code(String),
    Address(IpAddr),
}

/// The memory: since when, how many.
#[derive(Debug, Default)]
pub(super) struct Tries(Mutex<HashMap<By, (Timestamp, u32)>>);

impl Tries {
    /// Takes a try for this code from this address; `false` when there is none left.
    pub(super) fn take(&self, code: &str, address: IpAddr, now: Timestamp) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() + 2 > REMEMBERED {
            known.retain(|_, (since, _)| now.duration_since(*since) < WINDOW);
        }
        let both = [(By::Code(code.to_owned()), FOR_A_CODE), (By::Address(address), FROM_AN_ADDRESS)];
        let used = |by: &By| match known.get(by) {
            Some((since, used)) if now.duration_since(*since) < WINDOW => *used,
            Some(_) | None => 0,
        };
        if known.len() + 2 > REMEMBERED || both.iter().any(|(by, most)| used(by) >= *most) {
            return false;
        }
        for (by, _) in both {
            let entry = known.entry(by).or_insert((now, 0));
            if now.duration_since(entry.0) >= WINDOW {
                *entry = (now, 0);
            }
            entry.1 += 1;
        }
        true
    }

    /// A right answer costs nothing.
    pub(super) fn give_back(&self, code: &str, address: IpAddr) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for by in [By::Code(code.to_owned()), By::Address(address)] {
            if let Some((_, used)) = known.get_mut(&by) {
                *used = used.saturating_sub(1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([127, 0, 0, last])
    }

    #[test]
    fn a_code_has_five_tries_from_wherever_they_come_and_time_gives_them_back() {
        let (tries, now) = (Tries::default(), Timestamp::UNIX_EPOCH);
        for last in 1..=5 {
            assert!(tries.take("ACDEFG79", address(last), now));
        }
        assert!(!tries.take("ACDEFG79", address(9), now));
        assert!(tries.take("ACDEFG77", address(9), now), "another code is not shut");
        tries.give_back("ACDEFG79", address(1));
        assert!(tries.take("ACDEFG79", address(9), now));
        assert!(!tries.take("ACDEFG79", address(9), now + SignedDuration::from_mins(14)));
        assert!(tries.take("ACDEFG79", address(9), now + WINDOW));
    }

    #[test]
    fn an_address_has_thirty_over_all_codes() {
        let (tries, now) = (Tries::default(), Timestamp::UNIX_EPOCH);
        for number in 0..FROM_AN_ADDRESS {
            assert!(tries.take(&number.to_string(), address(1), now));
        }
        assert!(!tries.take("other", address(1), now));
        assert!(tries.take("other", address(2), now));
    }
}
