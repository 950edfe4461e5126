//! An office from the protocol's description: blobs, one commit for many submissions, an answer only after the commit, the
//! same receipt for the same submission. Shares no code with the real one.

use super::world::{digest_of, number_of};
use crate::faults::dice::Dice;
use domain::ids::SubmissionId;
use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use outbox::{Input, Setback};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use wire::digest::Digest;
use wire::receipt::Receipt;
use wire::signature::Signed;

/// An answer: to which kiosk, in which of its lives, to which try.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) kiosk: usize,
    pub(super) life: u32,
    pub(super) attempt: u32,
    pub(super) id: SubmissionId,
    pub(super) input: Input,
}

#[derive(Debug, Default)]
pub(super) struct Office {
    pub(super) blobs: BTreeSet<Digest>,
    unsynced: Vec<Digest>,
    /// Digest and receipt of each case.
    pub(super) cases: BTreeMap<u64, (Digest, Vec<u8>)>,
    /// How often a case was made: twice is a doubled effect.
    pub(super) made: BTreeMap<u64, u32>,
    group: Vec<(u64, Digest, Vec<u8>, Answer)>,
    /// Refuses for now.
    pub(super) storm: bool,
    pub(super) down: bool,
}

pub(super) fn key() -> SigningKey {
    SigningKey::from_bytes(&[3; 32])
}

/// A receipt as the office signs it.
pub(super) fn receipt(id: SubmissionId, manifest: &Digest) -> Vec<u8> {
    let body = Receipt { id, manifest: manifest.clone(), received_at: Timestamp::UNIX_EPOCH, log_index: 0 };
    Signed::sign(&body, &key()).ok().and_then(|signed| serde_json::to_vec(&signed).ok()).unwrap_or_default()
}

impl Office {
    pub(super) fn missing(&self, blobs: &[Digest]) -> Vec<Digest> {
        blobs.iter().filter(|blob| !self.blobs.contains(blob) && !self.unsynced.contains(blob)).cloned().collect()
    }

    pub(super) fn upload(&mut self, blob: Digest) {
        self.unsynced.push(blob);
    }

    /// Gives the answer at once, or keeps it until the commit.
    pub(super) fn put(&mut self, entry: &outbox::Entry, bad: bool, to: (usize, u32), attempt: u32) -> Option<Input> {
        let (id, number) = (entry.id, number_of(entry.id));
        if bad {
            return Some(Input::Permanent { id, attempt, problem: "bad-signature".to_owned() });
        }
        if let Some((digest, receipt)) = self.cases.get(&number) {
            return if *digest == entry.manifest {
                Some(Input::Receipt { id, bytes: receipt.clone() })
            } else {
                Some(Input::Permanent { id, attempt, problem: "id-conflict".to_owned() })
            };
        }
        if !self.missing(&entry.blobs).is_empty() {
            return Some(Input::Transient { id, attempt, why: Setback::Again });
        }
        let bytes = receipt(id, &digest_of(number));
        let input = Input::Receipt { id, bytes: bytes.clone() };
        let told = Answer { kiosk: to.0, life: to.1, attempt, id, input };
        self.group.push((number, entry.manifest.clone(), bytes, told));
        None
    }

    /// Makes the group durable, then lets its answers go. Within one group the same submission is one.
    pub(super) fn commit(&mut self) -> Vec<Answer> {
        self.blobs.extend(self.unsynced.drain(..));
        let mut answers = Vec::new();
        for (number, digest, bytes, answer) in std::mem::take(&mut self.group) {
            self.keep(number, digest, bytes);
            answers.push(answer);
        }
        answers
    }

    fn keep(&mut self, number: u64, digest: Digest, bytes: Vec<u8>) {
        if let Entry::Vacant(case) = self.cases.entry(number) {
            case.insert((digest, bytes));
            *self.made.entry(number).or_default() += 1;
        }
    }

    /// The power goes: the group was committed before, without a word, or it was not.
    pub(super) fn cut(&mut self, dice: &mut Dice) {
        if dice.one_in(2) {
            self.commit();
        }
        let (unsynced, blobs) = (std::mem::take(&mut self.unsynced), &mut self.blobs);
        blobs.extend(unsynced.into_iter().filter(|_| dice.one_in(2)));
        self.group.clear();
    }
}
