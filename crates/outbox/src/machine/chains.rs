//! The submissions of one case keep their order: which item of a chain is first among those not acknowledged yet.
//! Invariant: an item is entered when it is taken up and leaves when its receipt is durable; only the first may be sent.
//! Not here: when the first goes (`machine`, `line`).

use domain::ids::SubmissionId;
use std::collections::{BTreeMap, BTreeSet};

/// Items not acknowledged yet, by chain, in order of sealing.
#[derive(Clone, Debug, Default)]
pub(super) struct Chains(BTreeMap<SubmissionId, BTreeSet<u64>>);

impl Chains {
    pub(super) fn enter(&mut self, chain: SubmissionId, sequence: u64) {
        self.0.entry(chain).or_default().insert(sequence);
    }

    /// Gives the item that is first now.
    pub(super) fn leave(&mut self, chain: SubmissionId, sequence: u64) -> Option<u64> {
        let left = self.0.get_mut(&chain)?;
        left.remove(&sequence);
        let first = left.first().copied();
        if first.is_none() {
            self.0.remove(&chain);
        }
        first
    }

    /// The first item of a chain.
    pub(super) fn first(&self, chain: SubmissionId) -> Option<u64> {
        self.0.get(&chain)?.first().copied()
    }
}
