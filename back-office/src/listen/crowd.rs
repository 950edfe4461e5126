//! Who is connected just now, in groups, and who goes when there is no room for the next.
//! Invariants: whoever comes gets a place; then the oldest of its own group goes when the group has its share, else, when all
//! places are taken, the oldest of the largest group, there where around the groups there are most. A place is given back when its
//! holder drops it. So one group that grows, or many beside each other, cost the others nothing, and nobody waits for whoever is
//! slow. Not here: what a group is, and how a connection ends.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// What connections are counted by.
pub(crate) trait Grouped: Clone + Eq + Hash {
    /// What many groups may have in common that are one in truth.
    type Around: std::fmt::Debug + Eq + Hash;

    /// Of this group.
    fn around(&self) -> Self::Around;
}

/// So many places, by groups.
#[derive(Debug)]
pub(crate) struct Crowd<G: Grouped> {
    most: usize,
    present: Mutex<Present<G>>,
}

#[derive(Debug)]
struct Present<G: Grouped> {
    next: u64,
    count: usize,
    /// How many there are around groups.
    around: HashMap<G::Around, usize>,
    /// Of each group, oldest first: how its members are told to go.
    groups: HashMap<G, BTreeMap<u64, Arc<Notify>>>,
}

/// A place; dropped, it is free.
#[derive(Debug)]
pub(crate) struct Place<G: Grouped> {
    crowd: Arc<Crowd<G>>,
    group: G,
    number: u64,
}

impl<G: Grouped> Crowd<G> {
    /// At most so many at once.
    pub(crate) fn of(most: usize) -> Arc<Self> {
        let present = Present { next: 0, count: 0, around: HashMap::new(), groups: HashMap::new() };
        Arc::new(Self { most: most.max(1), present: Mutex::new(present) })
    }

    fn present(&self) -> MutexGuard<'_, Present<G>> {
        self.present.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one of `group`, which may hold `each`. Who has to go for it is told through the [`Notify`] it came with.
    pub(crate) fn enter(self: &Arc<Self>, group: G, each: usize, go: &Arc<Notify>) -> Place<G> {
        let mut present = self.present();
        let own = present.groups.get(&group).map_or(0, BTreeMap::len);
        let goes = if own >= each.max(1) {
            Some(group.clone())
        } else if present.count >= self.most {
            present.largest()
        } else {
            None
        };
        if let Some(goes) = goes {
            present.send_oldest_away(&goes);
        }
        let number = present.next;
        present.next += 1;
        present.count += 1;
        *present.around.entry(group.around()).or_default() += 1;
        present.groups.entry(group.clone()).or_default().insert(number, Arc::clone(go));
        Place { crowd: Arc::clone(self), group, number }
    }
}

impl<G: Grouped> Present<G> {
    /// Of several the one whose oldest is oldest.
    fn largest(&self) -> Option<G> {
        let around = |group: &G| self.around.get(&group.around()).copied();
        let size = |group: &G, own: &BTreeMap<u64, _>| (around(group), own.len(), Reverse(own.keys().next().copied()));
        self.groups.iter().max_by_key(|(group, own)| size(group, own)).map(|(group, _)| group.clone())
    }

    fn send_oldest_away(&mut self, group: &G) {
        let oldest = self.groups.get(group).and_then(|own| own.keys().next().copied());
        if let Some(go) = oldest.and_then(|number| self.remove(group, number)) {
            go.notify_one();
        }
    }

    fn remove(&mut self, group: &G, number: u64) -> Option<Arc<Notify>> {
        let own = self.groups.get_mut(group)?;
        let go = own.remove(&number)?;
        if own.is_empty() {
            self.groups.remove(group);
        }
        self.count -= 1;
        if let Some(around) = self.around.get_mut(&group.around()) {
            *around -= 1;
            if *around == 0 {
                self.around.remove(&group.around());
            }
        }
        Some(go)
    }
}

impl<G: Grouped> Drop for Place<G> {
    fn drop(&mut self) {
        self.crowd.present().remove(&self.group, self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    impl Grouped for &'static str {
        type Around = ();

        fn around(&self) {}
    }

    struct Guest {
        _place: Place<&'static str>,
        go: Arc<Notify>,
    }

    impl Guest {
        fn must_go(&self) -> bool {
            self.go.notified().now_or_never().is_some()
        }
    }

    fn comes(crowd: &Arc<Crowd<&'static str>>, group: &'static str) -> Guest {
        let go = Arc::new(Notify::new());
        Guest { _place: crowd.enter(group, 3, &go), go }
    }

    #[test]
    fn who_comes_in_numbers_displaces_its_own_and_nobody_else() {
        let crowd = Crowd::of(5);
        let quiet = comes(&crowd, "quiet");
        let wild: Vec<Guest> = (0..100).map(|_| comes(&crowd, "wild")).collect();
        let gone = wild.iter().filter(|guest| guest.must_go()).count();
        assert_eq!((gone, quiet.must_go()), (97, false), "its share of three, and no place of another");
        let others: Vec<Guest> = ["a", "b"].map(|group| comes(&crowd, group)).into();
        assert!(wild[97].must_go() && !wild[98].must_go(), "all places are taken: the largest group gives one");
        assert!(!quiet.must_go() && !others.iter().any(Guest::must_go));
    }

    #[test]
    fn among_groups_of_one_the_oldest_goes_and_a_place_given_back_is_free() {
        let crowd = Crowd::of(2);
        let [first, second] = ["a", "b"].map(|group| comes(&crowd, group));
        let third = comes(&crowd, "c");
        assert!(first.must_go() && !second.must_go());
        drop(first);
        drop(second);
        let fourth = comes(&crowd, "d");
        assert!(!third.must_go(), "the place of the second is free; that of the first was given away already");
        drop((third, fourth));
        let present = crowd.present();
        assert_eq!((present.count, present.groups.len(), present.around.len()), (0, 0, 0));
    }
}
