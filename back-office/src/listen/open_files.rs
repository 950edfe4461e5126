//! How many files this process may have open, and what of the bounds on connections fits below.
//! Invariants: the soft limit is raised to what is wanted, as far as the system allows; bounds on connections together stay
//! below it with room for everything else, so that no crowd at a door keeps the office from opening a blob.
//! Not here: the bounds themselves (the configuration).

use crate::office::StartError;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files beside connections: databases, blobs that are written and read, questions to the registry.
const BESIDE: u64 = 1024;
/// With fewer nothing works well.
const LEAST: u64 = 256;

/// What of the wanted connections fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fit {
    wanted: u64,
    room: u64,
}

impl Fit {
    /// Raises the limit for so many connections at once; says so when it cannot be raised far enough.
    ///
    /// # Errors
    /// Almost none may be open.
    pub(crate) fn for_connections(wanted: usize) -> Result<Self, StartError> {
        let wanted = u64::try_from(wanted).unwrap_or(u64::MAX);
        let allowed = raised(wanted.saturating_add(BESIDE));
        let fit = Self::below(allowed, wanted).ok_or(StartError::OpenFiles { allowed, least: LEAST })?;
        if fit.room < wanted {
            tracing::warn!(
                allowed,
                wanted = wanted.saturating_add(BESIDE),
                connections = fit.room,
                "the system allows few open files (LimitNOFILE= of the service, ulimit -n): bounds on connections are lowered"
            );
        }
        Ok(fit)
    }

    fn below(allowed: u64, wanted: u64) -> Option<Self> {
        let room = allowed.saturating_sub(BESIDE.min(allowed / 2));
        (allowed >= LEAST).then_some(Self { wanted, room })
    }

    /// A bound of the configuration, or its part of what there is.
    pub(crate) fn of(self, bound: usize) -> usize {
        if self.wanted <= self.room {
            return bound;
        }
        let part = u128::from(self.room) * bound as u128 / u128::from(self.wanted);
        usize::try_from(part).unwrap_or(bound).max(1)
    }
}

/// How many files may be open, after the limit was raised to `wanted` as far as that goes.
fn raised(wanted: u64) -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let (soft, hard) = (current.unwrap_or(u64::MAX), maximum.unwrap_or(u64::MAX));
    if soft >= wanted {
        return soft;
    }
    let most = wanted.min(hard);
    match setrlimit(Resource::Nofile, Rlimit { current: Some(most), maximum }) {
        Ok(()) => most,
        Err(error) => {
            tracing::warn!(%error, "the limit of open files could not be raised");
            soft
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_together_stay_below_what_may_be_open() {
        let bounds = [8192, 1024, 1024, 1024];
        let wanted: usize = bounds.iter().sum();
        let fitted = |allowed: u64| Fit::below(allowed, wanted as u64).map(|fit| bounds.map(|bound| fit.of(bound)));
        assert_eq!(fitted(wanted as u64 + BESIDE), Some(bounds), "enough: as configured");
        for allowed in [256, 300, 1024, 4096, 12_000] {
            let sum: usize = fitted(allowed).unwrap().iter().sum();
            let room = allowed - BESIDE.min(allowed / 2);
            assert!(sum as u64 <= room && sum as u64 * 10 > room * 9, "{allowed}: {sum} of {room}");
        }
        assert_eq!(fitted(255), None);
    }
}
