//! Verifying a whole log: every leaf in its place and as it was hashed, every checkpoint over exactly these leaves.
//! Invariants: all faults are told, each with its place and a word that stays the same; leaves are read one by one, so that
//! a log of any length fits.

use crate::Keys;
use crate::merkle::{self, Growing};
use crate::note;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A leaf as it was downloaded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Place, from 1.
    pub seq: u64,
    /// Its text, byte for byte.
    pub leaf: String,
    /// The hash that the office keeps of it; none for a row that the office does not know.
    pub hash: Option<String>,
}

/// One thing that does not hold.
#[derive(Debug, Serialize)]
pub struct Finding {
    /// `missing`, `moved`, `text-changed`, `stray`, `unreadable`, `tail-missing`, `root`, `signature`, `conflict`.
    pub kind: &'static str,
    /// Leaf or size of a checkpoint; 0 where there is none.
    pub at: u64,
    /// In words.
    pub words: String,
}

/// What verifying gave.
#[derive(Debug, Default, Serialize)]
pub struct Verdict {
    /// Leaves read.
    pub leaves: u64,
    /// Checkpoints that hold.
    pub checkpoints: u64,
    /// Leaves under the newest checkpoint that holds.
    pub signed: u64,
    /// Root over all leaves, hex.
    pub root: String,
    /// What does not hold.
    pub findings: Vec<Finding>,
}

impl Verdict {
    fn tell(&mut self, kind: &'static str, at: u64, words: String) {
        self.findings.push(Finding { kind, at, words });
    }
}

/// Verified checkpoints by size: root, and the file it is from.
pub type Signed = BTreeMap<u64, (merkle::Hash, String)>;

/// Verifies notes, each with a name for people.
pub fn notes(all: &[(String, String)], keys: &Keys, verdict: &mut Verdict) -> Signed {
    let mut signed = Signed::new();
    for (name, text) in all {
        match note::verify(text, &keys.origin, &keys.audit) {
            Err(why) => verdict.tell("signature", 0, format!("checkpoint {name}: {why}")),
            Ok(note) => match signed.get(&note.size) {
                Some((root, other)) if *root != note.root => {
                    let words = format!("{name} and {other} are signed over {} leaves with different roots", note.size);
                    verdict.tell("conflict", note.size, words);
                }
                Some(_) => {}
                None => {
                    signed.insert(note.size, (note.root, name.clone()));
                }
            },
        }
    }
    signed
}

/// Walks the leaves in their order against the checkpoints.
pub fn walk<E>(lines: impl Iterator<Item = Result<Line, E>>, signed: &Signed, verdict: &mut Verdict) -> Result<(), E> {
    let mut tree = Growing::default();
    let mut next = 1;
    // Where the tree last agreed with a signature, and whether it still does.
    let (mut agreed, mut diverged) = (0, false);
    for line in lines {
        let line = line?;
        if line.seq != next {
            let words = match line.seq.checked_sub(next) {
                Some(1) => format!("leaf {next} is missing"),
                Some(_) => format!("leaves {next} to {} are missing", line.seq - 1),
                None => format!("leaf {} comes after leaf {}", line.seq, next - 1),
            };
            verdict.tell("missing", next, words);
        }
        next = line.seq.saturating_add(1);
        look(&line, verdict);
        tree.add(merkle::leaf(line.leaf.as_bytes()));
        verdict.leaves += 1;
        // By the leaf's own place: where one is missing, what follows has not moved.
        if let Some((root, name)) = signed.get(&line.seq) {
            if *root == tree.root() {
                agreed = line.seq;
                verdict.checkpoints += 1;
            } else if !diverged {
                diverged = true;
                let words = format!(
                    "checkpoint {name} was signed over {} leaves with another root: something between leaf {} and leaf {} \
                     was changed",
                    line.seq,
                    agreed + 1,
                    line.seq
                );
                verdict.tell("root", line.seq, words);
            }
        }
    }
    if let Some((size, (_, name))) = signed.last_key_value().filter(|(size, _)| **size >= next) {
        let words = format!("checkpoint {name} was signed over {size} leaves, but they end with leaf {}", next - 1);
        verdict.tell("tail-missing", next, words);
    }
    verdict.signed = agreed;
    verdict.root = hex::encode(tree.root());
    Ok(())
}

/// One leaf by itself.
fn look(line: &Line, verdict: &mut Verdict) {
    let seq = line.seq;
    let told = serde_json::from_str::<serde_json::Value>(&line.leaf).ok().and_then(|leaf| leaf["seq"].as_u64());
    match told {
        None => verdict.tell("unreadable", seq, format!("leaf {seq} is no leaf of an audit log")),
        Some(told) if told != seq => {
            verdict.tell("moved", seq, format!("leaf {seq} says that it is leaf {told}"));
        }
        Some(_) => {}
    }
    let hash = hex::encode(merkle::leaf(line.leaf.as_bytes()));
    match &line.hash {
        None => verdict.tell("stray", seq, format!("leaf {seq} was put there past the log: the tree does not know it")),
        Some(kept) if *kept != hash => {
            verdict.tell(
                "text-changed",
                seq,
                format!("the text of leaf {seq} is not what was hashed when it was written"),
            );
        }
        Some(_) => {}
    }
}
