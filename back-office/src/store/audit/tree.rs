//! The Merkle tree of RFC 6962 section 2.1 (the same in RFC 9162 section 2.1): leaf SHA-256(0x00 || leaf), node
//! SHA-256(0x01 || left || right).
//! Invariants: a node is stored when the subtree under it is complete, and never changes afterwards; root, inclusion and
//! consistency of any size read O(log size) nodes. Level 0 holds the leaves' hashes.

use super::super::StoreError;
use rusqlite::{Connection, OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

/// SHA-256.
pub type Hash = [u8; 32];

/// The hash of a leaf.
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(leaf).finalize().into()
}

/// The hash of a node over its two halves.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root of a tree without leaves.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// Leaves in the tree.
///
/// # Errors
/// The store's.
pub fn size(connection: &Connection) -> Result<u64, StoreError> {
    let last: Option<i64> = connection
        .prepare_cached("SELECT position FROM audit_node WHERE level = 0 ORDER BY position DESC LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    u64::try_from(last.map_or(0, |last| last + 1)).map_err(|_| StoreError::Damaged("audit size"))
}

/// A complete node.
///
/// # Errors
/// The store's.
pub fn node(connection: &Connection, level: u32, position: u64) -> Result<Option<Hash>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT hash FROM audit_node WHERE level = $1 AND position = $2")?
        .query_row(params![level, signed(position)?], |row| row.get(0))
        .optional()?)
}

pub(super) fn signed(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Damaged("audit position"))
}

fn there(connection: &Connection, level: u32, position: u64) -> Result<Hash, StoreError> {
    node(connection, level, position)?.ok_or(StoreError::Damaged("audit tree"))
}

/// Puts a leaf at the end, with every node that it completes: two hashes on average.
pub(super) fn append(connection: &Connection, index: u64, leaf: Hash) -> Result<(), StoreError> {
    let mut insert = connection.prepare_cached("INSERT INTO audit_node (level, position, hash) VALUES ($1, $2, $3)")?;
    let (mut level, mut position, mut hash) = (0, index, leaf);
    insert.execute(params![level, signed(position)?, hash])?;
    while position % 2 == 1 {
        hash = node_hash(&there(connection, level, position - 1)?, &hash);
        (level, position) = (level + 1, position / 2);
        insert.execute(params![level, signed(position)?, hash])?;
    }
    Ok(())
}

/// The root over the first `size` leaves.
///
/// # Errors
/// The store's; [`StoreError::Damaged`] when there are fewer leaves.
pub fn root(connection: &Connection, size: u64) -> Result<Hash, StoreError> {
    if size == 0 { Ok(empty_root()) } else { range(connection, 0, size) }
}

/// The root over the leaves `from..until`, where `from` is a multiple of the largest complete subtree inside.
fn range(connection: &Connection, from: u64, until: u64) -> Result<Hash, StoreError> {
    let mut peaks = Vec::new();
    let mut at = from;
    for level in (0..u64::BITS).rev() {
        if (until - from) >> level & 1 == 1 {
            peaks.push(there(connection, level, at >> level)?);
            at += 1 << level;
        }
    }
    let last = peaks.pop().ok_or(StoreError::Damaged("audit range"))?;
    Ok(peaks.iter().rev().fold(last, |right, left| node_hash(left, &right)))
}

/// The largest power of two below `size`, for at least two leaves.
fn split(size: u64) -> u64 {
    1 << (u64::BITS - 1 - (size - 1).leading_zeros())
}

/// Siblings of a leaf from below to the root (`PATH` of RFC 6962 section 2.1.1).
///
/// # Errors
/// The store's; [`StoreError::Damaged`] when the leaf is not below `size`.
pub fn inclusion(connection: &Connection, index: u64, size: u64) -> Result<Vec<Hash>, StoreError> {
    if index >= size {
        return Err(StoreError::Damaged("audit index"));
    }
    let (mut from, mut until, mut path) = (0, size, Vec::new());
    while until - from > 1 {
        let middle = from + split(until - from);
        if index < middle {
            path.push(range(connection, middle, until)?);
            until = middle;
        } else {
            path.push(range(connection, from, middle)?);
            from = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// That the first `old` leaves are the beginning of the first `size` (`PROOF` of RFC 6962 section 2.1.2).
///
/// # Errors
/// The store's; [`StoreError::Damaged`] unless `0 < old <= size`.
pub fn consistency(connection: &Connection, old: u64, size: u64) -> Result<Vec<Hash>, StoreError> {
    if old == 0 || old > size {
        return Err(StoreError::Damaged("audit size"));
    }
    let (mut from, mut until, mut path) = (0, size, Vec::new());
    // The right edge of the old tree inside this range ends with it: then the range's own root stands in the proof,
    // unless it is the old tree as a whole, whose root the asker has.
    while old != until {
        let middle = from + split(until - from);
        if old <= middle {
            path.push(range(connection, middle, until)?);
            until = middle;
        } else {
            path.push(range(connection, from, middle)?);
            from = middle;
        }
    }
    if from > 0 {
        path.push(range(connection, from, until)?);
    }
    path.reverse();
    Ok(path)
}

/// The complete subtrees at the right edge, for walking the leaves in order without the stored nodes.
#[derive(Clone, Debug, Default)]
pub(super) struct Peaks {
    size: u64,
    /// Level and hash, the largest first.
    peaks: Vec<(u32, Hash)>,
}

impl Peaks {
    /// Leaves so far.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Takes the next leaf; gives level, position and hash of each node that is complete now.
    pub(super) fn push(&mut self, leaf: Hash) -> Vec<(u32, u64, Hash)> {
        let (mut level, mut hash) = (0, leaf);
        let mut complete = vec![(level, self.size, hash)];
        while let Some((_, left)) = self.peaks.pop_if(|(peak, _)| *peak == level) {
            hash = node_hash(&left, &hash);
            level += 1;
            complete.push((level, self.size >> level, hash));
        }
        self.peaks.push((level, hash));
        self.size += 1;
        complete
    }

    /// The root over the leaves so far.
    pub(super) fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev().map(|(_, hash)| *hash);
        match peaks.next() {
            None => empty_root(),
            Some(last) => peaks.fold(last, |right, left| node_hash(&left, &right)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Roots over the leaves `""`, `"0"`, `"01"`, `"012"`, … computed apart, by definition and recursion:
    /// ```python
    /// from hashlib import sha256 as s
    /// def mth(d):
    ///     if len(d) < 2: return s(b"\0" + d[0]).digest() if d else s(b"").digest()
    ///     k = 1
    ///     while k * 2 < len(d): k *= 2
    ///     return s(b"\1" + mth(d[:k]) + mth(d[k:])).digest()
    /// leaves = [b"0123456789"[:n] for n in range(9)]
    /// for n in range(10): print(n, mth(leaves[:n]).hex())
    /// ```
    const ROOTS: [&str; 10] = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "0a84104a79c540dd4b4d160f09b0bcbc9e250d7eff11df106724ebeb9b944466",
        "05ad9d4fb1badb04f6509446dcc95dd555266d02ff6fd1fca1430379970c0aa1",
        "6af03d7cb8387548388258377b958eb9714cc4441ff8179f6b72243c90a44860",
        "f3e6e3c81b012bd72c300a648e1f68537885d851cd10a6d78b42c6cc2a820f66",
        "be65c7adb63567df3a84cbef110f9c376760fc563264e2a4d2aa450873e3cfb0",
        "2a3ea9f0b0aa3fefbbabb5a215191b7cd201225c543ec8d758f4e517e4a7588f",
        "6ad5d90ca4d6fce0f0f9c581b94b3854344387f232fc2eefb722717c66cbb7fe",
        "bc4576fcabc7a2c46dd3a71c4698d10464576c8c2dfb2d097ccecec8d387f564",
    ];

    fn grown(leaves: usize) -> Connection {
        let connection = super::super::super::in_memory().unwrap();
        for (index, leaf) in (0..).zip((0..leaves).map(|length| &b"0123456789"[..length])) {
            append(&connection, index, leaf_hash(leaf)).unwrap();
        }
        connection
    }

    #[test]
    fn roots_of_every_size_are_those_of_the_standard() {
        let connection = grown(9);
        let mut walked = Peaks::default();
        for (size, expected) in (0..).zip(ROOTS) {
            assert_eq!(hex::encode(root(&connection, size).unwrap()), expected, "{size}");
            assert_eq!(hex::encode(walked.root()), expected, "{size}");
            if let Some(leaf) = node(&connection, 0, size).unwrap() {
                walked.push(leaf);
            }
        }
        assert_eq!((size(&connection).unwrap(), walked.size()), (9, 9));
    }

    #[test]
    fn a_leaf_that_is_not_there_has_no_proof() {
        let connection = grown(3);
        assert!(inclusion(&connection, 3, 3).is_err() && inclusion(&connection, 2, 4).is_err());
        assert!(consistency(&connection, 0, 3).is_err() && consistency(&connection, 4, 3).is_err());
        assert!(root(&connection, 4).is_err());
    }

    #[test]
    fn a_proof_of_any_size_reads_few_nodes() {
        let connection = grown(0);
        for index in 0..1000 {
            append(&connection, index, leaf_hash(&index.to_be_bytes())).unwrap();
        }
        for (index, size) in [(0, 1000), (511, 1000), (998, 999), (999, 1000)] {
            assert!(inclusion(&connection, index, size).unwrap().len() <= 10);
        }
        assert!(consistency(&connection, 333, 1000).unwrap().len() <= 11);
    }
}
