//! A model of the office for tests: keeps blobs and cases, answers the same id and digest with the same receipt.
//! Deliberately written from the protocol, not from the machine it tests.

use crate::message::Entry;
use domain::ids::SubmissionId;
use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use wire::digest::Digest;
use wire::receipt::Receipt;
use wire::signature::Signed;

/// The key that signs receipts in tests.
pub(super) fn office_key() -> SigningKey {
    SigningKey::from_bytes(&[3; 32])
}

/// A sealed item with `blobs` blobs; everything about it follows from its number.
pub(super) fn entry(number: u64, blobs: usize) -> Entry {
    Entry {
        id: SubmissionId(uuid::Uuid::from_u128(u128::from(number) + 1)),
        sequence: number,
        chain: SubmissionId(uuid::Uuid::from_u128(u128::from(number) + 1)),
        manifest: Digest::of(format!("manifest {number}").as_bytes()),
        sealed_at: Timestamp::from_second(1_800_000_000).unwrap(),
        bytes: 1000,
        blobs: (0..blobs).map(|n| Digest::of(format!("blob {number} {n}").as_bytes())).collect(),
        state: crate::State::Sealed,
    }
}

/// A receipt as the office would sign it.
pub(super) fn receipt(id: SubmissionId, manifest: &Digest, key: &SigningKey) -> Vec<u8> {
    let received_at = Timestamp::from_second(1_800_000_100).unwrap();
    let receipt = Receipt { id, manifest: manifest.clone(), received_at, log_index: 7 };
    serde_json::to_vec(&Signed::sign(&receipt, key).unwrap()).unwrap()
}

/// What the office keeps.
#[derive(Default)]
pub(super) struct ModelOffice {
    pub(super) blobs: BTreeSet<Digest>,
    pub(super) cases: BTreeMap<SubmissionId, (Digest, Vec<u8>)>,
    /// How often a case was made for an id: more than one is a doubled effect.
    pub(super) effects: BTreeMap<SubmissionId, u32>,
}

/// The office's answer to a manifest.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Put {
    Receipt(Vec<u8>),
    BlobsMissing,
    Conflict,
}

impl ModelOffice {
    pub(super) fn missing(&self, blobs: &[Digest]) -> Vec<Digest> {
        blobs.iter().filter(|blob| !self.blobs.contains(blob)).cloned().collect()
    }

    pub(super) fn put(&mut self, entry: &Entry) -> Put {
        if let Some((digest, receipt)) = self.cases.get(&entry.id) {
            return if *digest == entry.manifest { Put::Receipt(receipt.clone()) } else { Put::Conflict };
        }
        if !self.missing(&entry.blobs).is_empty() {
            return Put::BlobsMissing;
        }
        let bytes = receipt(entry.id, &entry.manifest, &office_key());
        self.cases.insert(entry.id, (entry.manifest.clone(), bytes.clone()));
        *self.effects.entry(entry.id).or_default() += 1;
        Put::Receipt(bytes)
    }
}
