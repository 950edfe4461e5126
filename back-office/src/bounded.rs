//! A small memory with a limit: the oldest goes when a new one comes. For what may be known while the office runs, but
//! must not be in a column (an applicant's name in a list), or is costly to find out again.
//! Invariants: never more than its limit; nothing of it is on the disk.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// The memory.
pub struct Bounded<K, V> {
    most: usize,
    inner: Mutex<(HashMap<K, V>, VecDeque<K>)>,
}

impl<K, V> std::fmt::Debug for Bounded<K, V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bounded({})", self.most)
    }
}

impl<K: Clone + Eq + Hash, V: Clone> Bounded<K, V> {
    /// An empty one for at most so many.
    pub fn new(most: usize) -> Self {
        Self { most, inner: Mutex::new((HashMap::new(), VecDeque::new())) }
    }

    /// What is known under this key.
    pub fn get(&self, key: &K) -> Option<V> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).0.get(key).cloned()
    }

    /// Forgets.
    pub fn remove(&self, key: &K) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, order) = &mut *inner;
        if known.remove(key).is_some() {
            order.retain(|other| other != key);
        }
    }

    /// Remembers.
    pub fn set(&self, key: K, value: V) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, order) = &mut *inner;
        if known.insert(key.clone(), value).is_none() {
            order.push_back(key);
        }
        while known.len() > self.most {
            let Some(oldest) = order.pop_front() else { break };
            known.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_first_and_setting_again_takes_no_room() {
        let memory = Bounded::new(2);
        for (key, value) in [(1, 'a'), (1, 'b'), (2, 'c'), (3, 'd')] {
            memory.set(key, value);
        }
        assert_eq!([1, 2, 3].map(|key| memory.get(&key)), [None, Some('c'), Some('d')]);
        memory.remove(&3);
        memory.set(1, 'e');
        memory.set(3, 'f');
        assert_eq!([1, 2, 3].map(|key| memory.get(&key)), [Some('e'), None, Some('f')], "its place is free");
    }
}
