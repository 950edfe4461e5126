//! The office's tree and notes against the verifier of `yimenctl`, which is taken in here as source because it shares no
//! code with the office: roots, inclusion and consistency of every size up to 130, and that nothing changed passes.

#[path = "../../crates/audit-check/src/merkle.rs"]
mod merkle;
#[path = "../../crates/audit-check/src/note.rs"]
mod note;

use back_office::checkpoints::Notary;
use back_office::store::audit::{self, tree};
use back_office::store::in_memory;
use ed25519_dalek::SigningKey;
use jiff::Timestamp;

const MOST: u64 = 130;

#[test]
fn proofs_of_every_size_verify_and_none_that_was_changed() {
    let log = in_memory().unwrap();
    let at = Timestamp::from_second(1_795_000_000).unwrap();
    let mut growing = merkle::Growing::default();
    let mut roots = vec![growing.root()];
    let mut leaves = Vec::new();
    for index in 0..MOST {
        audit::append(&log, at, "office", "tested", "test:1", serde_json::json!({ "number": index })).unwrap();
        let text = audit::leaf(&log, index).unwrap().unwrap();
        leaves.push(merkle::leaf(text.as_bytes()));
        growing.add(leaves[leaves.len() - 1]);
        roots.push(growing.root());
    }
    let usize = |number: u64| usize::try_from(number).unwrap();
    for size in 1..=MOST {
        let root = roots[usize(size)];
        assert_eq!(tree::root(&log, size).unwrap(), root, "{size}");
        for index in 0..size {
            let (leaf, path) = (leaves[usize(index)], tree::inclusion(&log, index, size).unwrap());
            assert_eq!(merkle::included(leaf, index, size, &path), Some(root), "{index} of {size}");
            let elsewhere = (index + 1) % size;
            assert!(size == 1 || merkle::included(leaf, elsewhere, size, &path) != Some(root), "{index} of {size}");
            let mut longer = path.clone();
            longer.push(leaf);
            assert_ne!(merkle::included(leaf, index, size, &longer), Some(root), "{index} of {size}");
            if let Some(step) = usize(index).checked_rem(path.len()) {
                let mut changed = path.clone();
                changed[step][0] ^= 1;
                assert_ne!(merkle::included(leaf, index, size, &changed), Some(root), "{index} of {size}");
                assert_ne!(merkle::included(leaf, index, size, &path[1..]), Some(root), "{index} of {size}");
            }
        }
        for old in 1..=size {
            let path = tree::consistency(&log, old, size).unwrap();
            let before = roots[usize(old)];
            assert!(merkle::grew(old, before, size, root, &path), "{old} to {size}");
            if old < size {
                assert!(!merkle::grew(old, root, size, root, &path), "{old} to {size}");
                assert!(!merkle::grew(old, before, size, before, &path), "{old} to {size}");
                assert!(!merkle::grew(old, before, size, root, &path[1..]), "{old} to {size}");
            }
        }
    }
}

#[test]
fn a_note_says_what_the_tree_stands_at_and_no_other_key_or_log_says_it() {
    let key = SigningKey::from_bytes(&[5; 32]);
    let public = key.verifying_key();
    let text = Notary::new(key, "yunqiao").note(7, &[3; 32]);
    let read = |text: &str, name: &str| note::verify(text, name, &public);
    let told = read(&text, "yimen/yunqiao/audit").unwrap();
    assert_eq!((told.size, told.root), (7, [3; 32]));
    for changed in [text.replace("\n7\n", "\n8\n"), text.replace("yunqiao", "nantang"), text.replace("\n7\n", "\n07\n")]
    {
        assert!(read(&changed, "yimen/yunqiao/audit").is_err(), "{changed}");
    }
    assert!(read(&text, "yimen/nantang/audit").is_err());
    let other = SigningKey::from_bytes(&[6; 32]).verifying_key();
    assert!(note::verify(&text, "yimen/yunqiao/audit", &other).is_err());
    // A second signature, of a witness whom we do not know, changes nothing.
    let witnessed = format!("{text}\u{2014} witness.example AAAAAAAA\n");
    assert_eq!(read(&witnessed, "yimen/yunqiao/audit").unwrap(), told);
}
