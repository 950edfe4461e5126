//! Which items wait, which are due and how much there is, kept beside the items so that ten thousand of them stay quick:
//! nothing here walks over all of them.
//! Invariant: an item is entered after every change of it and left before; `Outbox::change` is the only place that does so.
//! Not here: decisions.

use super::{Item, Phase};
use crate::message::Alarm;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::time::Duration;

/// Orders and sums over the items of one outbox. Numbers are orders of sealing.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// Wait and never failed: due at once.
    fresh: BTreeSet<u64>,
    /// Wait after a failure; their time has come.
    ready: BTreeSet<u64>,
    /// Wait after a failure, by the time when they are due.
    later: BTreeSet<(Duration, u64)>,
    /// Acknowledged, erasing failed, by the time when it is repeated.
    erase: BTreeSet<(Duration, u64)>,
    /// Wait after a failure of the network, because the office did not accept this kiosk, or for what lies at a relay.
    cut: BTreeSet<u64>,
    /// Not acknowledged yet, by the wall clock of their sealing.
    ages: BTreeSet<(Timestamp, u64)>,
    /// Those of `ages` whose age was not told yet.
    untold: BTreeSet<(Timestamp, u64)>,
    /// Ciphertext of all items.
    pub(super) bytes: u64,
    /// On the network.
    pub(super) busy: usize,
    /// Of those, how many had failed before.
    pub(super) busy_failed: usize,
}

impl Line {
    pub(super) fn enter(&mut self, sequence: u64, item: &Item) {
        match item.phase {
            Phase::Waiting if !item.again() => drop(self.fresh.insert(sequence)),
            Phase::Waiting => drop(self.later.insert((item.due, sequence))),
            Phase::EraseLater => drop(self.erase.insert((item.due, sequence))),
            Phase::Behind
            | Phase::Picking
            | Phase::Asking
            | Phase::Uploading(_)
            | Phase::Putting
            | Phase::Acknowledging
            | Phase::Erasing
            | Phase::Quarantined => {}
        }
        if item.phase == Phase::Waiting && item.by_network {
            self.cut.insert(sequence);
        }
        if item.phase.may_grow_old() {
            let age = (item.entry.sealed_at, sequence);
            self.ages.insert(age);
            if !item.alarmed.contains(&Alarm::TooOld) {
                self.untold.insert(age);
            }
        }
        self.bytes = self.bytes.saturating_add(item.entry.bytes);
        let busy = item.phase.in_flight();
        self.busy += usize::from(busy);
        self.busy_failed += usize::from(busy && item.again());
    }

    pub(super) fn leave(&mut self, sequence: u64, item: &Item) {
        self.fresh.remove(&sequence);
        self.ready.remove(&sequence);
        self.later.remove(&(item.due, sequence));
        self.erase.remove(&(item.due, sequence));
        self.cut.remove(&sequence);
        self.ages.remove(&(item.entry.sealed_at, sequence));
        self.untold.remove(&(item.entry.sealed_at, sequence));
        self.bytes = self.bytes.saturating_sub(item.entry.bytes);
        let busy = item.phase.in_flight();
        self.busy -= usize::from(busy);
        self.busy_failed -= usize::from(busy && item.again());
    }

    /// Takes over what has become due.
    pub(super) fn advance(&mut self, at: Duration) {
        while let Some(&(due, sequence)) = self.later.first().filter(|(due, _)| *due <= at) {
            self.later.remove(&(due, sequence));
            self.ready.insert(sequence);
        }
    }

    /// The oldest fresh item.
    pub(super) fn fresh(&self) -> Option<u64> {
        self.fresh.first().copied()
    }

    /// The oldest of those that failed and are due by the last [`Self::advance`].
    pub(super) fn ready(&self) -> Option<u64> {
        self.ready.first().copied()
    }

    /// One whose erasing is to be repeated now.
    pub(super) fn to_erase(&self, at: Duration) -> Option<u64> {
        self.erase.first().filter(|(due, _)| *due <= at).map(|(_, sequence)| *sequence)
    }

    /// Those whose last try failed by the network.
    pub(super) fn cut(&self) -> Vec<u64> {
        self.cut.iter().copied().collect()
    }

    /// When the next tick can do something: without a free place on the network only erasing.
    pub(super) fn next_due(&self, free: bool) -> Option<Duration> {
        let at_once = (!self.fresh.is_empty() || !self.ready.is_empty()).then_some(Duration::ZERO);
        let later = self.later.first().map(|(due, _)| *due);
        let send = at_once.into_iter().chain(later).min().filter(|_| free);
        send.into_iter().chain(self.erase.first().map(|(due, _)| *due)).min()
    }

    /// When the oldest was sealed that is not acknowledged yet.
    pub(super) fn oldest(&self) -> Option<Timestamp> {
        self.ages.first().map(|(sealed_at, _)| *sealed_at)
    }

    /// The oldest whose age was not told yet.
    pub(super) fn oldest_untold(&self) -> Option<(Timestamp, u64)> {
        self.untold.first().copied()
    }
}
