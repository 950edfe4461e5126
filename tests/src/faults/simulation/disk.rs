//! A disk that keeps what was synced. Invariants: a row comes or goes as a whole; a file may be torn; what was not synced
//! survives a power cut, each piece by chance, or not.

use crate::faults::dice::Dice;
use outbox::{Entry, State};
use std::collections::BTreeMap;

/// One change.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// A part's file; `false` = torn.
    File(u64, u32, bool),
    Unlink(u64, u32),
    Row(u64, Box<Entry>),
    State(u64, State, Option<Vec<u8>>),
    /// The row goes, the tombstone with its receipt comes.
    Tombstone(u64),
}

/// What lies there.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    /// Submission and part; `false` = torn.
    pub(super) files: BTreeMap<(u64, u32), bool>,
    pub(super) rows: BTreeMap<u64, Entry>,
    pub(super) receipts: BTreeMap<u64, Vec<u8>>,
    pub(super) tombstones: BTreeMap<u64, Vec<u8>>,
}

impl Held {
    fn apply(&mut self, change: Change) {
        match change {
            Change::File(id, part, whole) => drop(self.files.insert((id, part), whole)),
            Change::Unlink(id, part) => drop(self.files.remove(&(id, part))),
            Change::Row(id, entry) => drop(self.rows.insert(id, *entry)),
            Change::State(id, state, receipt) => {
                if let Some(row) = self.rows.get_mut(&id) {
                    row.state = state;
                }
                if let Some(receipt) = receipt {
                    self.receipts.insert(id, receipt);
                }
            }
            Change::Tombstone(id) => {
                self.rows.remove(&id);
                let receipt = self.receipts.remove(&id).unwrap_or_default();
                self.tombstones.insert(id, receipt);
            }
        }
    }

    /// Every part of this submission is here and whole.
    pub(super) fn whole(&self, id: u64, parts: u32) -> bool {
        (0..parts).all(|part| self.files.get(&(id, part)) == Some(&true))
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Disk {
    /// What a power cut leaves.
    pub(super) synced: Held,
    waiting: Vec<Change>,
    pub(super) full: bool,
}

impl Disk {
    pub(super) fn write(&mut self, change: Change) {
        self.waiting.push(change);
    }

    pub(super) fn sync(&mut self) {
        for change in self.waiting.drain(..) {
            self.synced.apply(change);
        }
    }

    /// The power goes.
    pub(super) fn cut(&mut self, dice: &mut Dice) {
        for change in std::mem::take(&mut self.waiting) {
            if let Change::File(id, part, _) = change
                && dice.one_in(3)
            {
                self.synced.apply(Change::File(id, part, false));
            } else if dice.one_in(2) {
                self.synced.apply(change);
            }
        }
    }

    /// What a start sweeps: files of no row.
    pub(super) fn sweep(&mut self) {
        let rows = &self.synced.rows;
        self.synced.files.retain(|(id, _), _| rows.contains_key(id));
    }
}
