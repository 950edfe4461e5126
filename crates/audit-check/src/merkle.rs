//! Verifying a Merkle tree from its definition: RFC 6962 section 2.1 for the hashes, RFC 9162 sections 2.1.3.2 and 2.1.4.2
//! for the two proofs. Invariant: knows nothing of how the office keeps its tree.

use sha2::{Digest as _, Sha256};

/// SHA-256.
pub type Hash = [u8; 32];

/// The hash of a leaf.
pub fn leaf(text: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0x00]);
    hasher.update(text);
    hasher.finalize().into()
}

fn node(left: &Hash, right: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0x01]);
    hasher.update(left);
    hasher.update(right);
    hasher.finalize().into()
}

/// Takes leaves one by one and knows the root over all of them.
#[derive(Default)]
pub struct Growing {
    leaves: u64,
    /// One root for each bit of `leaves` that is set, from the highest.
    roots: Vec<Hash>,
}

impl Growing {
    /// The next leaf's hash.
    pub fn add(&mut self, hash: Hash) {
        let mut joined = hash;
        // Each trailing one of the count is a subtree as large as what is at hand.
        for _ in 0..self.leaves.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                joined = node(&left, &joined);
            }
        }
        self.roots.push(joined);
        self.leaves += 1;
    }

    /// The root; SHA-256 of nothing for no leaf.
    pub fn root(&self) -> Hash {
        let mut roots = self.roots.iter().copied().rev();
        let Some(mut whole) = roots.next() else { return Sha256::digest([]).into() };
        for left in roots {
            whole = node(&left, &whole);
        }
        whole
    }
}

/// The root that a leaf's path leads to; `None` when the path is of no tree of this size.
pub fn included(leaf: Hash, index: u64, size: u64, path: &[Hash]) -> Option<Hash> {
    if index >= size {
        return None;
    }
    let (mut fnode, mut snode, mut root) = (index, size - 1, leaf);
    for sibling in path {
        if snode == 0 {
            return None;
        }
        if fnode & 1 == 1 || fnode == snode {
            root = node(sibling, &root);
            while fnode & 1 == 0 && fnode != 0 {
                fnode >>= 1;
                snode >>= 1;
            }
        } else {
            root = node(&root, sibling);
        }
        fnode >>= 1;
        snode >>= 1;
    }
    (snode == 0).then_some(root)
}

/// Whether the tree of `size` leaves and `root` begins with the tree of `old` leaves and `old_root`.
pub fn grew(old: u64, old_root: Hash, size: u64, root: Hash, path: &[Hash]) -> bool {
    if old == size {
        return path.is_empty() && old_root == root;
    }
    if old == 0 || old > size || path.is_empty() {
        return false;
    }
    let mut steps = path.iter().copied();
    let first = if old.is_power_of_two() { Some(old_root) } else { steps.next() };
    let Some(first) = first else { return false };
    let (mut fnode, mut snode) = (old - 1, size - 1);
    while fnode & 1 == 1 {
        fnode >>= 1;
        snode >>= 1;
    }
    let (mut from, mut to) = (first, first);
    for step in steps {
        if snode == 0 {
            return false;
        }
        if fnode & 1 == 1 || fnode == snode {
            from = node(&step, &from);
            to = node(&step, &to);
            while fnode & 1 == 0 && fnode != 0 {
                fnode >>= 1;
                snode >>= 1;
            }
        } else {
            to = node(&to, &step);
        }
        fnode >>= 1;
        snode >>= 1;
    }
    snode == 0 && from == old_root && to == root
}
