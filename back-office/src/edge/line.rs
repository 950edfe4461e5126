//! Who is handed on next: the oldest that is due. In memory; the shelf knows what waits after a restart.
//! Invariant: one bad item delays no other: each has a pause of its own. Not here: handing on (`push`).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use wire::problem::Problem;

/// First pause after the core said "later".
const FIRST: Duration = Duration::from_secs(1);
/// A kiosk that asks makes its item due, but not sooner than so long after the last try.
const EASY: Duration = Duration::from_secs(2);

struct Waiting {
    due: Instant,
    tried: Option<Instant>,
    failures: u32,
    busy: bool,
    /// What the core said last.
    problem: Option<Problem>,
    answered: Arc<Notify>,
}

/// The line, oldest first.
#[derive(Default)]
pub(super) struct Line(Mutex<BTreeMap<i64, Waiting>>);

impl Line {
    fn items(&self) -> MutexGuard<'_, BTreeMap<i64, Waiting>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts an item in, or makes it due again; what tells of its answer, and what the core said last.
    pub(super) fn ask(&self, seq: i64, now: Instant) -> (Arc<Notify>, Option<Problem>) {
        let mut items = self.items();
        let new =
            || Waiting { due: now, tried: None, failures: 0, busy: false, problem: None, answered: Arc::default() };
        let item = items.entry(seq).or_insert_with(new);
        let soon = item.tried.map_or(now, |tried| tried + EASY);
        item.due = item.due.min(soon.max(now));
        (Arc::clone(&item.answered), item.problem.clone())
    }

    /// The oldest that is due; it is busy from now on.
    pub(super) fn next(&self, now: Instant) -> Option<i64> {
        let mut items = self.items();
        let (seq, item) = items.iter_mut().find(|(_, item)| !item.busy && item.due <= now)?;
        item.busy = true;
        item.tried = Some(now);
        Some(*seq)
    }

    /// While the core is away: whichever was tried longest ago, so that one which itself is the trouble does not stand before all.
    pub(super) fn probe(&self, now: Instant) -> Option<i64> {
        let mut items = self.items();
        let idle = items.iter_mut().filter(|(_, item)| !item.busy);
        let (seq, item) = idle.min_by_key(|(_, item)| item.tried)?;
        item.busy = true;
        item.tried = Some(now);
        Some(*seq)
    }

    /// When the next is due.
    pub(super) fn due(&self) -> Option<Instant> {
        self.items().values().filter(|item| !item.busy).map(|item| item.due).min()
    }

    /// It goes back into the line: the core was away, which is no fault of the item.
    pub(super) fn back(&self, seq: i64) {
        if let Some(item) = self.items().get_mut(&seq) {
            item.busy = false;
            item.due = Instant::now();
        }
    }

    /// It goes back into the line with a pause of its own. `problem`: what the core said of it, and after how long it may come again.
    pub(super) fn later(&self, seq: i64, problem: Option<(Problem, Option<Duration>)>, longest: Duration) {
        if let Some(item) = self.items().get_mut(&seq) {
            item.busy = false;
            item.failures = item.failures.saturating_add(1);
            let after = problem.as_ref().and_then(|(_, after)| *after).unwrap_or_default();
            item.due = Instant::now() + pause(item.failures, FIRST, longest).max(after);
            item.problem = problem.map(|(problem, _)| problem).or(item.problem.take());
            item.answered.notify_waiters();
        }
    }

    /// What the core said last of an item.
    pub(super) fn said(&self, seq: i64) -> Option<Problem> {
        self.items().get(&seq)?.problem.clone()
    }

    /// It was answered for good.
    pub(super) fn done(&self, seq: i64) {
        if let Some(item) = self.items().remove(&seq) {
            item.answered.notify_waiters();
        }
    }
}

/// Full jitter below a bound that doubles, never less than a quarter of `first`.
pub(super) fn pause(failures: u32, first: Duration, longest: Duration) -> Duration {
    let bound = first.saturating_mul(2_u32.saturating_pow(failures.min(16))).min(longest);
    let share = f64::from(u32::from_le_bytes(ambient::random_bytes())) / f64::from(u32::MAX);
    bound.mul_f64(share).max(first / 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::problem::Slug;

    #[test]
    fn the_oldest_goes_first_and_a_bad_one_delays_no_other() {
        let (line, now) = (Line::default(), Instant::now());
        for seq in [3, 1, 2] {
            line.ask(seq, now);
        }
        assert_eq!((line.next(now), line.next(now)), (Some(1), Some(2)));
        let hour = Duration::from_secs(3600);
        line.later(1, Some((Slug::DeviceSuspended.problem(), Some(hour))), hour);
        line.done(2);
        assert_eq!((line.next(now), line.next(now + EASY)), (Some(3), None));
        let (_, said) = line.ask(1, now);
        assert_eq!(said.map(|problem| problem.name().to_owned()).as_deref(), Some("device-suspended"));
        assert_eq!((line.next(now), line.next(now + EASY)), (None, Some(1)), "its kiosk asked");
        line.back(1);
        assert_eq!(line.next(Instant::now()), Some(1), "the core was away: no fault of the item");
    }

    #[test]
    fn while_the_core_is_away_each_is_tried_in_turn() {
        let (line, now) = (Line::default(), Instant::now());
        for seq in [1, 2, 3] {
            line.ask(seq, now);
        }
        let mut tried = Vec::new();
        for second in 0..4 {
            let seq = line.probe(now + Duration::from_secs(second)).unwrap();
            tried.push(seq);
            line.back(seq);
        }
        assert_eq!(tried, [1, 2, 3, 1]);
    }
}
