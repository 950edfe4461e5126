//! The decisions: which item goes when, what an answer means, when content may be erased.
//! Invariants I1 to I6 of the crate hold here. Tests: `invariants` (each by name) and `simulation` (random interleavings).
//! Not here: doing anything.

#[cfg(test)]
mod invariants;
#[cfg(test)]
mod model_office;
#[cfg(test)]
mod simulation;

use crate::message::{Alarm, Effect, Entry, Input, Moment, Setback, State};
use crate::pace::Pace;
use domain::ids::SubmissionId;
use ed25519_dalek::VerifyingKey;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use wire::digest::Digest;
use wire::receipt::Receipt;
use wire::signature::Signed;

/// What is being done with an item.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Phase {
    /// SEALED; nothing under way.
    Waiting,
    /// SENDING is being made durable.
    Picking,
    /// The office is being asked which blobs it lacks.
    Asking,
    /// Blobs still to upload; the first is on its way.
    Uploading(Vec<Digest>),
    /// The manifest is on its way.
    Putting,
    /// ACKED is being made durable.
    Acknowledging,
    /// ACKED is durable; the content is being erased.
    Erasing,
    /// ACKED is durable; erasing failed and will be repeated.
    EraseLater,
    /// Waits for an operator.
    Quarantined,
}

impl Phase {
    /// Holds one of the places on the network; what only waits for the own disk does not.
    const fn in_flight(&self) -> bool {
        matches!(self, Self::Picking | Self::Asking | Self::Uploading(_) | Self::Putting)
    }

    const fn state(&self) -> State {
        match self {
            Self::Waiting | Self::Picking => State::Sealed,
            Self::Asking | Self::Uploading(_) | Self::Putting | Self::Acknowledging => State::Sending,
            Self::Erasing | Self::EraseLater => State::Acked,
            Self::Quarantined => State::Quarantined,
        }
    }
}

#[derive(Clone, Debug)]
struct Item {
    entry: Entry,
    phase: Phase,
    attempt: u32,
    failures: u32,
    due: Duration,
    failing_since: Option<Duration>,
    by_network: bool,
    alarmed: BTreeSet<Alarm>,
}

/// How full the outbox is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Items whose content is still here.
    pub items: usize,
    /// Their bytes of ciphertext.
    pub bytes: u64,
    /// At four fifths of a limit: tell an administrator.
    pub nearly_full: bool,
    /// At a limit, or an item is too old: refuse new visits, drop nothing.
    pub refuse_new: bool,
}

/// The outbox of one kiosk.
#[derive(Clone, Debug)]
pub struct Outbox {
    /// By order of sealing: oldest first.
    items: BTreeMap<u64, Item>,
    by_id: BTreeMap<SubmissionId, u64>,
    pace: Pace,
    office: VerifyingKey,
}

impl Outbox {
    /// An empty outbox that believes receipts signed by this key.
    pub const fn new(office: VerifyingKey, pace: Pace) -> Self {
        Self { items: BTreeMap::new(), by_id: BTreeMap::new(), pace, office }
    }

    /// Takes what happened and says what to do. `entropy`: fresh random bytes, used for jitter only.
    pub fn handle(&mut self, input: Input, now: Moment, entropy: [u8; 4]) -> Vec<Effect> {
        let at = now.since_start;
        match input {
            Input::Restarted(entries) => {
                self.items.clear();
                self.by_id.clear();
                entries.into_iter().flat_map(|entry| self.take(entry, at)).collect()
            }
            Input::Sealed(entry) => self.take(entry, at),
            Input::Tick => self.tick(now),
            Input::LinkUp => {
                self.link_up(at, entropy);
                Vec::new()
            }
            Input::Persisted { id, state } => self.persisted(id, state),
            Input::NotPersisted { id, state } => self.not_persisted(id, state, at, entropy),
            Input::BlobsMissing { id, attempt, missing } => self.missing(id, attempt, &missing),
            Input::Uploaded { id, attempt, blob } => self.uploaded(id, attempt, &blob),
            Input::Receipt { id, bytes } => self.receipt(id, bytes, at, entropy),
            Input::Transient { id, attempt, why } => self.transient(id, attempt, why, at, entropy),
            Input::Permanent { id, attempt, problem } => self.permanent(id, attempt, problem),
            Input::OperatorResend { id } => self.resend(id, at),
        }
    }

    /// Where an item is, as far as the outbox knows. Unknown ids are still being collected, or long erased: the store knows.
    pub fn state(&self, id: SubmissionId) -> Option<State> {
        self.by_id.get(&id).and_then(|sequence| self.items.get(sequence)).map(|item| item.phase.state())
    }

    /// When the next tick can do something; `None` when only an answer or a new item can.
    pub fn next_due(&self) -> Option<Duration> {
        self.items
            .values()
            .filter(|item| matches!(item.phase, Phase::Waiting | Phase::EraseLater))
            .map(|item| item.due)
            .min()
    }

    /// How full it is.
    pub fn load(&self, now: Moment) -> Load {
        let items = self.items.len();
        let bytes: u64 = self.items.values().map(|item| item.entry.bytes).sum();
        let old = self.items.values().any(|item| self.too_old(item, now));
        Load {
            items,
            bytes,
            nearly_full: items * 5 >= self.pace.most_items * 4 || bytes / 4 >= self.pace.most_bytes / 5,
            refuse_new: old || items >= self.pace.most_items || bytes >= self.pace.most_bytes,
        }
    }

    fn too_old(&self, item: &Item, now: Moment) -> bool {
        let age = now.wall.duration_since(item.entry.sealed_at);
        matches!(item.phase.state(), State::Sealed | State::Sending)
            && Duration::try_from(age).is_ok_and(|age| age > self.pace.too_old)
    }

    fn item(&mut self, id: SubmissionId) -> Option<&mut Item> {
        let sequence = self.by_id.get(&id)?;
        self.items.get_mut(sequence)
    }

    /// An item that is at this try; a late answer to an earlier one finds nothing.
    fn at_try(&mut self, id: SubmissionId, attempt: u32) -> Option<&mut Item> {
        self.item(id).filter(|item| item.attempt == attempt && item.phase.in_flight())
    }

    fn take(&mut self, entry: Entry, at: Duration) -> Vec<Effect> {
        let (id, sequence) = (entry.id, entry.sequence);
        if self.by_id.contains_key(&id) {
            return Vec::new();
        }
        let phase = match entry.state {
            State::Sealed | State::Sending => Phase::Waiting,
            State::Acked => Phase::Erasing,
            State::Quarantined => Phase::Quarantined,
            State::Collecting | State::Tombstone => return Vec::new(),
        };
        let erase = phase == Phase::Erasing;
        self.by_id.insert(id, sequence);
        self.items.insert(
            sequence,
            Item {
                entry,
                phase,
                attempt: 0,
                failures: 0,
                due: at,
                failing_since: None,
                by_network: false,
                alarmed: BTreeSet::new(),
            },
        );
        if erase { vec![Effect::Erase { id }] } else { Vec::new() }
    }

    fn tick(&mut self, now: Moment) -> Vec<Effect> {
        let at = now.since_start;
        let mut effects = Vec::new();
        let mut alarms: Vec<(u64, Alarm)> = Vec::new();
        for (sequence, item) in &self.items {
            if self.too_old(item, now) {
                alarms.push((*sequence, Alarm::TooOld));
            }
            let long = item.failing_since.is_some_and(|since| at.saturating_sub(since) >= self.pace.failing_for);
            if item.failures >= self.pace.many || long {
                alarms.push((*sequence, Alarm::KeepsFailing));
            }
        }
        for (sequence, alarm) in alarms {
            if let Some(item) = self.items.get_mut(&sequence) {
                effects.extend(raise(item, alarm));
            }
        }
        for item in self.items.values_mut().filter(|item| item.phase == Phase::EraseLater && item.due <= at) {
            item.phase = Phase::Erasing;
            effects.push(Effect::Erase { id: item.entry.id });
        }
        effects.extend(self.pick(at));
        effects
    }

    /// Fresh items first, then those that failed, oldest first in each; some places are kept free for fresh ones (I5).
    fn pick(&mut self, at: Duration) -> Vec<Effect> {
        let mut busy = self.items.values().filter(|item| item.phase.in_flight()).count();
        let mut busy_failed = self.items.values().filter(|item| item.phase.in_flight() && item.failures > 0).count();
        let mut order: Vec<(bool, u64)> = self
            .items
            .iter()
            .filter(|(_, item)| item.phase == Phase::Waiting && item.due <= at)
            .map(|(sequence, item)| (item.failures > 0, *sequence))
            .collect();
        order.sort_unstable();
        let mut effects = Vec::new();
        for (failed, sequence) in order {
            if busy >= self.pace.in_flight || (failed && busy_failed >= self.pace.in_flight_failed) {
                break;
            }
            if let Some(item) = self.items.get_mut(&sequence) {
                busy += 1;
                busy_failed += usize::from(failed);
                item.phase = Phase::Picking;
                item.attempt += 1;
                effects.push(persist(item.entry.id, State::Sending));
            }
        }
        effects
    }

    fn link_up(&mut self, at: Duration, entropy: [u8; 4]) {
        let first = self.pace.first;
        let mut seed = u32::from_le_bytes(entropy);
        for item in self.items.values_mut().filter(|item| item.by_network && item.phase == Phase::Waiting) {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            item.due = item.due.min(at + first.mul_f64(f64::from(seed) / f64::from(u32::MAX)));
        }
    }

    fn persisted(&mut self, id: SubmissionId, state: State) -> Vec<Effect> {
        let Some(item) = self.item(id) else { return Vec::new() };
        match (state, &item.phase) {
            (State::Sending, Phase::Picking) => {
                if item.entry.blobs.is_empty() {
                    return vec![next_upload(item, Vec::new())];
                }
                item.phase = Phase::Asking;
                vec![Effect::AskMissing { id, attempt: item.attempt, blobs: item.entry.blobs.clone() }]
            }
            (State::Acked, Phase::Acknowledging) => {
                item.phase = Phase::Erasing;
                vec![Effect::Erase { id }]
            }
            (State::Tombstone, Phase::Erasing) => {
                if let Some(sequence) = self.by_id.remove(&id) {
                    self.items.remove(&sequence);
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn not_persisted(&mut self, id: SubmissionId, state: State, at: Duration, entropy: [u8; 4]) -> Vec<Effect> {
        let pace = self.pace;
        let Some(item) = self.item(id) else { return Vec::new() };
        match (state, &item.phase) {
            (State::Sending, Phase::Picking) | (State::Acked, Phase::Acknowledging) => {
                // The receipt is not lost: the office gives the same one again.
                postpone(item, &pace, Setback::Later { after: None }, at, entropy);
            }
            (State::Tombstone, Phase::Erasing) => {
                item.failures = item.failures.saturating_add(1);
                item.phase = Phase::EraseLater;
                item.due = at + pace.wait(item.failures, None, entropy);
            }
            _ => return Vec::new(),
        }
        raise(item, Alarm::DiskFailed).into_iter().collect()
    }

    fn missing(&mut self, id: SubmissionId, attempt: u32, missing: &[Digest]) -> Vec<Effect> {
        let Some(item) = self.at_try(id, attempt).filter(|item| item.phase == Phase::Asking) else {
            return Vec::new();
        };
        // Only what is ours: the office cannot make a kiosk send anything else.
        let ours = item.entry.blobs.iter().filter(|blob| missing.contains(blob)).cloned().collect();
        vec![next_upload(item, ours)]
    }

    fn uploaded(&mut self, id: SubmissionId, attempt: u32, blob: &Digest) -> Vec<Effect> {
        let Some(item) = self.at_try(id, attempt) else { return Vec::new() };
        let Phase::Uploading(left) = &item.phase else { return Vec::new() };
        if left.first() != Some(blob) {
            return Vec::new();
        }
        let left = left[1..].to_vec();
        vec![next_upload(item, left)]
    }

    fn receipt(&mut self, id: SubmissionId, bytes: Vec<u8>, at: Duration, entropy: [u8; 4]) -> Vec<Effect> {
        let (office, pace) = (self.office, self.pace);
        let Some(item) = self.item(id) else { return Vec::new() };
        // A true receipt counts whenever it comes, also after its try was given up.
        if matches!(item.phase, Phase::Acknowledging | Phase::Erasing | Phase::EraseLater) {
            return Vec::new();
        }
        if !is_receipt_of(&bytes, &item.entry, &office) {
            if item.phase.in_flight() {
                postpone(item, &pace, Setback::Later { after: None }, at, entropy);
            }
            return raise(item, Alarm::FalseReceipt).into_iter().collect();
        }
        item.phase = Phase::Acknowledging;
        vec![Effect::Persist { id, state: State::Acked, receipt: Some(bytes), problem: None }]
    }

    fn transient(
        &mut self,
        id: SubmissionId,
        attempt: u32,
        why: Setback,
        at: Duration,
        entropy: [u8; 4],
    ) -> Vec<Effect> {
        let pace = self.pace;
        let Some(item) = self.at_try(id, attempt) else {
            return Vec::new();
        };
        postpone(item, &pace, why, at, entropy);
        let mut effects = vec![persist(id, State::Sealed)];
        if why == Setback::Suspended {
            effects.extend(raise(item, Alarm::Suspended));
        }
        effects
    }

    fn permanent(&mut self, id: SubmissionId, attempt: u32, problem: String) -> Vec<Effect> {
        let Some(item) = self.at_try(id, attempt) else {
            return Vec::new();
        };
        item.phase = Phase::Quarantined;
        let mut effects =
            vec![Effect::Persist { id, state: State::Quarantined, receipt: None, problem: Some(problem) }];
        effects.extend(raise(item, Alarm::Quarantined));
        effects
    }

    fn resend(&mut self, id: SubmissionId, at: Duration) -> Vec<Effect> {
        let Some(item) = self.item(id).filter(|item| item.phase == Phase::Quarantined) else { return Vec::new() };
        item.phase = Phase::Waiting;
        item.failures = 0;
        item.failing_since = None;
        item.due = at;
        item.alarmed.clear();
        vec![persist(id, State::Sealed)]
    }
}

fn persist(id: SubmissionId, state: State) -> Effect {
    Effect::Persist { id, state, receipt: None, problem: None }
}

fn raise(item: &mut Item, alarm: Alarm) -> Option<Effect> {
    item.alarmed.insert(alarm).then_some(Effect::Alarm { id: item.entry.id, alarm })
}

fn next_upload(item: &mut Item, left: Vec<Digest>) -> Effect {
    let (id, attempt) = (item.entry.id, item.attempt);
    match left.first().cloned() {
        Some(blob) => {
            item.phase = Phase::Uploading(left);
            Effect::UploadBlob { id, attempt, blob }
        }
        None => {
            item.phase = Phase::Putting;
            Effect::PutManifest { id, attempt }
        }
    }
}

fn postpone(item: &mut Item, pace: &Pace, why: Setback, at: Duration, entropy: [u8; 4]) {
    let again_at_once = why == Setback::Again && item.failures == 0;
    item.failures = item.failures.saturating_add(1);
    item.failing_since.get_or_insert(at);
    item.by_network = why == Setback::Network;
    item.phase = Phase::Waiting;
    let after = match why {
        Setback::Later { after } => after,
        Setback::Network | Setback::Again | Setback::Suspended => None,
    };
    // "Again" is believed once; an office that says it for ever gets the same pace as any trouble.
    item.due = if again_at_once { at } else { at + pace.wait(item.failures, after, entropy) };
}

fn is_receipt_of(bytes: &[u8], entry: &Entry, office: &VerifyingKey) -> bool {
    let Ok(signed) = serde_json::from_slice::<Signed>(bytes) else { return false };
    let Ok(receipt) = signed.open::<Receipt>(office) else { return false };
    receipt.id == entry.id && receipt.manifest == entry.manifest
}
