//! The reference: what people were told, and what must therefore lie where. Knows numbers and sets, nothing of the machine.
//! Invariant: at every moment each submission a person was told of is durable in the office, or whole and durable on its kiosk.

use super::disk::Held;
use std::collections::{BTreeMap, BTreeSet};

/// What must never be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Lost(u64),
    Twice(u64),
    /// A success without the office's having it.
    False(u64),
    /// Before an earlier one of its case.
    Order(u64),
    /// Calm does not bring it there.
    Stuck(u64),
}

impl Fault {
    pub(super) const fn kind(&self) -> usize {
        match self {
            Self::Lost(_) => 0,
            Self::Twice(_) => 1,
            Self::False(_) => 2,
            Self::Order(_) => 3,
            Self::Stuck(_) => 4,
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Lost(id) => write!(f, "a person was told of submission {id}, and it is nowhere"),
            Self::Twice(id) => write!(f, "submission {id} had two effects"),
            Self::False(id) => write!(f, "submission {id} counts as delivered, and the office has nothing"),
            Self::Order(id) => write!(f, "submission {id} arrived before an earlier one of its case"),
            Self::Stuck(id) => write!(f, "submission {id} does not arrive although all is calm"),
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Judge {
    /// Told, not yet seen in the office: kiosk and number of parts.
    open: BTreeMap<u64, (usize, u32)>,
    told: BTreeSet<u64>,
    /// Such as the office refuses for ever: they stay where they are.
    pub(super) bad: BTreeSet<u64>,
    /// Which one must arrive before, for supplements.
    pub(super) before: BTreeMap<u64, u64>,
}

impl Judge {
    /// A person reads 已收件.
    pub(super) fn told(&mut self, id: u64, kiosk: usize, parts: u32) {
        self.told.insert(id);
        self.open.insert(id, (kiosk, parts));
    }

    /// Looks at all disks as a power cut of everything would leave them now.
    pub(super) fn look<'a>(
        &mut self,
        disks: impl Fn(usize) -> &'a Held,
        in_office: impl Fn(u64) -> bool,
    ) -> Option<Fault> {
        if let Some((id, _)) = self.before.iter().find(|(id, before)| in_office(**id) && !in_office(**before)) {
            return Some(Fault::Order(*id));
        }
        self.before.retain(|id, _| !in_office(*id));
        // What the office holds durably it never loses.
        self.open.retain(|id, _| !in_office(*id));
        for (id, (kiosk, parts)) in &self.open {
            let held = disks(*kiosk);
            if !held.rows.contains_key(id) || !held.whole(*id, *parts) {
                return Some(Fault::Lost(*id));
            }
        }
        None
    }

    /// After the calm: all arrived, but what is refused for ever, which is whole where it was sealed.
    pub(super) fn end<'a>(
        &mut self,
        disks: impl Fn(usize) -> &'a Held,
        in_office: impl Fn(u64) -> bool,
        made: &BTreeMap<u64, u32>,
    ) -> Option<Fault> {
        if let Some(fault) = self.look(disks, in_office) {
            return Some(fault);
        }
        if let Some((id, _)) = made.iter().find(|(_, times)| **times != 1) {
            return Some(Fault::Twice(*id));
        }
        self.open.keys().find(|id| !self.bad.contains(id)).map(|id| Fault::Stuck(*id))
    }
}
