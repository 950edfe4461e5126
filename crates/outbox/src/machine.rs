//! The decisions: which item goes when, what an answer means, when content may be erased.
//! Invariants I1 to I6 of the crate hold here. Tests: `invariants` (each by name) and `simulation` (random interleavings).
//! Not here: doing anything.

mod chains;
#[cfg(test)]
mod invariants;
mod line;
#[cfg(test)]
mod model_office;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod ten_thousand;

use crate::budget::Load;
use crate::message::{Alarm, Effect, Entry, Input, Moment, Setback, State};
use crate::pace::Pace;
use chains::Chains;
use domain::ids::SubmissionId;
use ed25519_dalek::VerifyingKey;
use line::Line;
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
    /// SEALED; an earlier item of its chain is not acknowledged yet.
    Behind,
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

    /// Its age is looked at: no valid receipt is known yet, and no operator has it in hand.
    const fn may_grow_old(&self) -> bool {
        matches!(self.state(), State::Sealed | State::Sending)
    }

    const fn state(&self) -> State {
        match self {
            Self::Waiting | Self::Behind | Self::Picking => State::Sealed,
            Self::Asking | Self::Uploading(_) | Self::Putting | Self::Acknowledging => State::Sending,
            Self::Erasing | Self::EraseLater => State::Acked,
            Self::Quarantined => State::Quarantined,
        }
    }
}

impl Item {
    /// Was tried before: such items leave some places on the network to fresh ones (I5).
    const fn again(&self) -> bool {
        self.failures > 0 || self.relays > 0
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
    /// How often a relay has said that it keeps all of it; 0: none does, as far as this process knows.
    relays: u32,
    alarmed: BTreeSet<Alarm>,
}

/// The outbox of one kiosk.
#[derive(Clone, Debug)]
pub struct Outbox {
    /// By order of sealing: oldest first.
    items: BTreeMap<u64, Item>,
    by_id: BTreeMap<SubmissionId, u64>,
    line: Line,
    chains: Chains,
    pace: Pace,
    office: VerifyingKey,
    /// Bytes it may hold; without limit until the disk was asked.
    limit: u64,
    /// Nothing is sent until then: the office does not accept this kiosk.
    paused_until: Option<Duration>,
}

impl Outbox {
    /// An empty outbox that believes receipts signed by this key.
    pub fn new(office: VerifyingKey, pace: Pace) -> Self {
        let (items, by_id) = (BTreeMap::new(), BTreeMap::new());
        Self {
            items,
            by_id,
            line: Line::default(),
            chains: Chains::default(),
            pace,
            office,
            limit: u64::MAX,
            paused_until: None,
        }
    }

    /// Takes what happened and says what to do. `entropy`: fresh random bytes, used for jitter only.
    pub fn handle(&mut self, input: Input, now: Moment, entropy: [u8; 4]) -> Vec<Effect> {
        let at = now.since_start;
        match input {
            Input::Restarted(entries) => {
                self.items.clear();
                self.by_id.clear();
                self.line = Line::default();
                self.chains = Chains::default();
                self.paused_until = None;
                entries.into_iter().flat_map(|entry| self.take(entry, at)).collect()
            }
            Input::Sealed(entry) => self.take(entry, at),
            Input::Tick => self.tick(now),
            Input::Limit(bytes) => {
                self.limit = bytes;
                Vec::new()
            }
            Input::LinkUp => {
                self.link_up(at, entropy);
                Vec::new()
            }
            Input::Suspended => {
                self.paused_until = Some(at + self.pace.longest);
                Vec::new()
            }
            Input::Admitted => {
                if self.paused_until.take().is_some() {
                    self.link_up(at, entropy);
                }
                Vec::new()
            }
            Input::Persisted { id, state } => self.persisted(id, state, at),
            Input::NotPersisted { id, state } => self.not_persisted(id, state, at, entropy),
            Input::BlobsMissing { id, attempt, missing } => self.missing(id, attempt, &missing),
            Input::Uploaded { id, attempt, blob } => self.uploaded(id, attempt, &blob),
            Input::Receipt { id, bytes } => self.receipt(id, bytes, at, entropy),
            Input::Relayed { id, attempt, after } => self.relayed(id, attempt, after, at, entropy),
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
        let due = self.line.next_due(self.line.busy < self.pace.in_flight);
        due.map(|due| self.paused_until.map_or(due, |until| due.max(until)))
    }

    /// How full it is.
    pub fn load(&self, now: Moment) -> Load {
        let old = self.line.oldest().is_some_and(|sealed_at| self.too_old(sealed_at, now));
        Load::of(self.items.len(), self.line.bytes, self.limit, old)
    }

    /// When the oldest item was sealed that is not acknowledged yet, by the kiosk's clock.
    pub fn oldest(&self) -> Option<jiff::Timestamp> {
        self.line.oldest()
    }

    fn too_old(&self, sealed_at: jiff::Timestamp, now: Moment) -> bool {
        Duration::try_from(now.wall.duration_since(sealed_at)).is_ok_and(|age| age > self.pace.too_old)
    }

    /// Changes an item and keeps the line true to it. `None`: there is no such item.
    fn change<R>(&mut self, sequence: u64, change: impl FnOnce(&mut Item) -> R) -> Option<R> {
        let item = self.items.get_mut(&sequence)?;
        self.line.leave(sequence, item);
        let changed = change(item);
        self.line.enter(sequence, item);
        Some(changed)
    }

    /// As [`Self::change`], by id; nothing to do where there is no such item.
    fn of(&mut self, id: SubmissionId, change: impl FnOnce(&mut Item) -> Vec<Effect>) -> Vec<Effect> {
        let sequence = self.by_id.get(&id).copied();
        sequence.and_then(|sequence| self.change(sequence, change)).unwrap_or_default()
    }

    /// As [`Self::of`], for an item that is at this try; a late answer to an earlier one changes nothing.
    fn at_try(&mut self, id: SubmissionId, attempt: u32, change: impl FnOnce(&mut Item) -> Vec<Effect>) -> Vec<Effect> {
        self.of(id, |item| if item.attempt == attempt && item.phase.in_flight() { change(item) } else { Vec::new() })
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
        let chain = entry.chain;
        let before = self.chains.first(chain);
        if !erase {
            self.chains.enter(chain, sequence);
        }
        let item = Item {
            entry,
            phase,
            attempt: 0,
            failures: 0,
            due: at,
            failing_since: None,
            by_network: false,
            relays: 0,
            alarmed: BTreeSet::new(),
        };
        self.by_id.insert(id, sequence);
        self.line.enter(sequence, &item);
        self.items.insert(sequence, item);
        self.keep_order(chain, sequence, at);
        if let Some(before) = before {
            self.keep_order(chain, before, at);
        }
        if erase { vec![Effect::Erase { id }] } else { Vec::new() }
    }

    /// After a change of a chain: its first item waits for its turn, the one given only if it is the first.
    fn keep_order(&mut self, chain: SubmissionId, changed: u64, at: Duration) {
        let first = self.chains.first(chain);
        if first != Some(changed) {
            self.change(changed, |item| {
                if item.phase == Phase::Waiting {
                    item.phase = Phase::Behind;
                }
            });
        }
        if let Some(first) = first {
            self.change(first, |item| {
                if item.phase == Phase::Behind {
                    item.phase = Phase::Waiting;
                    item.due = at;
                }
            });
        }
    }

    fn tick(&mut self, now: Moment) -> Vec<Effect> {
        let at = now.since_start;
        let mut effects = Vec::new();
        while let Some((sealed_at, sequence)) = self.line.oldest_untold()
            && self.too_old(sealed_at, now)
        {
            effects.extend(self.change(sequence, |item| raise(item, Alarm::TooOld)).flatten());
        }
        while let Some(sequence) = self.line.to_erase(at) {
            effects.extend(self.change(sequence, |item| {
                item.phase = Phase::Erasing;
                Effect::Erase { id: item.entry.id }
            }));
        }
        effects.extend(self.pick(at));
        effects
    }

    /// Fresh items first, then those that failed, oldest first in each; some places are kept free for fresh ones (I5).
    fn pick(&mut self, at: Duration) -> Vec<Effect> {
        self.line.advance(at);
        let mut effects = Vec::new();
        if self.paused_until.is_some_and(|until| at < until) {
            return effects;
        }
        while self.line.busy < self.pace.in_flight {
            let failed = || self.line.ready().filter(|_| self.line.busy_failed < self.pace.in_flight_failed);
            let Some(sequence) = self.line.fresh().or_else(failed) else { break };
            effects.extend(self.change(sequence, |item| {
                item.phase = Phase::Picking;
                item.attempt += 1;
                persist(item.entry.id, State::Sending)
            }));
        }
        effects
    }

    fn link_up(&mut self, at: Duration, entropy: [u8; 4]) {
        let first = self.pace.first;
        let mut seed = u32::from_le_bytes(entropy);
        for sequence in self.line.cut() {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let soon = at + first.mul_f64(f64::from(seed) / f64::from(u32::MAX));
            self.change(sequence, |item| item.due = item.due.min(soon));
        }
    }

    fn persisted(&mut self, id: SubmissionId, state: State, at: Duration) -> Vec<Effect> {
        let mut gone = false;
        let mut acknowledged = None;
        let effects = self.of(id, |item| match (state, &item.phase) {
            (State::Sending, Phase::Picking) => {
                if item.relays > 0 || item.entry.blobs.is_empty() {
                    return vec![next_upload(item, Vec::new())];
                }
                item.phase = Phase::Asking;
                vec![Effect::AskMissing { id, attempt: item.attempt, blobs: item.entry.blobs.clone() }]
            }
            (State::Acked, Phase::Acknowledging) => {
                item.phase = Phase::Erasing;
                acknowledged = Some((item.entry.chain, item.entry.sequence));
                vec![Effect::Erase { id }]
            }
            (State::Tombstone, Phase::Erasing) => {
                gone = true;
                Vec::new()
            }
            _ => Vec::new(),
        });
        if let Some((chain, sequence)) = acknowledged
            && let Some(next) = self.chains.leave(chain, sequence)
        {
            self.keep_order(chain, next, at);
        }
        if gone
            && let Some(sequence) = self.by_id.remove(&id)
            && let Some(item) = self.items.remove(&sequence)
        {
            self.line.leave(sequence, &item);
        }
        effects
    }

    fn not_persisted(&mut self, id: SubmissionId, state: State, at: Duration, entropy: [u8; 4]) -> Vec<Effect> {
        let pace = self.pace;
        self.of(id, |item| {
            let mut effects = Vec::new();
            match (state, &item.phase) {
                (State::Sending, Phase::Picking) | (State::Acked, Phase::Acknowledging) => {
                    // The receipt is not lost: the office gives the same one again.
                    effects.extend(postpone(item, &pace, Setback::Later { after: None }, at, entropy));
                }
                (State::Tombstone, Phase::Erasing) => {
                    item.failures = item.failures.saturating_add(1);
                    item.phase = Phase::EraseLater;
                    item.due = at + pace.wait(item.failures, None, entropy);
                }
                _ => return effects,
            }
            effects.extend(raise(item, Alarm::DiskFailed));
            effects
        })
    }

    fn missing(&mut self, id: SubmissionId, attempt: u32, missing: &[Digest]) -> Vec<Effect> {
        self.at_try(id, attempt, |item| {
            if item.phase != Phase::Asking {
                return Vec::new();
            }
            // Only what is ours: the office cannot make a kiosk send anything else.
            let ours = item.entry.blobs.iter().filter(|blob| missing.contains(blob)).cloned().collect();
            vec![next_upload(item, ours)]
        })
    }

    fn uploaded(&mut self, id: SubmissionId, attempt: u32, blob: &Digest) -> Vec<Effect> {
        self.at_try(id, attempt, |item| {
            let Phase::Uploading(left) = &item.phase else { return Vec::new() };
            if left.first() != Some(blob) {
                return Vec::new();
            }
            let left = left[1..].to_vec();
            vec![next_upload(item, left)]
        })
    }

    fn receipt(&mut self, id: SubmissionId, bytes: Vec<u8>, at: Duration, entropy: [u8; 4]) -> Vec<Effect> {
        let (office, pace) = (self.office, self.pace);
        self.of(id, |item| {
            // A true receipt counts whenever it comes, also after its try was given up.
            if matches!(item.phase, Phase::Acknowledging | Phase::Erasing | Phase::EraseLater) {
                return Vec::new();
            }
            if is_receipt_of(&bytes, &item.entry, &office) {
                item.phase = Phase::Acknowledging;
                return vec![Effect::Persist { id, state: State::Acked, receipt: Some(bytes), problem: None }];
            }
            let mut effects = Vec::new();
            if item.phase.in_flight() {
                effects.extend(postpone(item, &pace, Setback::Later { after: None }, at, entropy));
            }
            effects.extend(raise(item, Alarm::FalseReceipt));
            effects
        })
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
        if why == Setback::Suspended {
            self.paused_until = Some(at + pace.longest);
        }
        self.at_try(id, attempt, |item| {
            // Whatever is asked for again is sent as a whole.
            if why == Setback::Again {
                item.relays = 0;
            }
            let tired = postpone(item, &pace, why, at, entropy);
            let mut effects = vec![persist(id, State::Sealed)];
            effects.extend(tired);
            if why == Setback::Suspended {
                effects.extend(raise(item, Alarm::Suspended));
            }
            effects
        })
    }

    /// It lies at a relay: no failure, and no success. It stays SEALED and is asked for again after a while, at once when the
    /// office can be reached again.
    fn relayed(
        &mut self,
        id: SubmissionId,
        attempt: u32,
        after: Option<Duration>,
        at: Duration,
        entropy: [u8; 4],
    ) -> Vec<Effect> {
        let pace = self.pace;
        self.at_try(id, attempt, |item| {
            item.relays = item.relays.saturating_add(1);
            item.failures = 0;
            item.by_network = true;
            item.phase = Phase::Waiting;
            // Asked ever less often, so that thousands of them are no load; never as seldom as what keeps failing.
            item.due = at + pace.wait(item.relays.min(pace.many.saturating_sub(1)), after, entropy);
            let since = *item.failing_since.get_or_insert(at);
            let mut effects = vec![persist(id, State::Sealed)];
            if at.saturating_sub(since) >= pace.failing_for {
                effects.extend(raise(item, Alarm::KeepsFailing));
            }
            effects
        })
    }

    fn permanent(&mut self, id: SubmissionId, attempt: u32, problem: String) -> Vec<Effect> {
        self.at_try(id, attempt, |item| {
            item.phase = Phase::Quarantined;
            let mut effects =
                vec![Effect::Persist { id, state: State::Quarantined, receipt: None, problem: Some(problem) }];
            effects.extend(raise(item, Alarm::Quarantined));
            effects
        })
    }

    fn resend(&mut self, id: SubmissionId, at: Duration) -> Vec<Effect> {
        let place = self.by_id.get(&id).and_then(|sequence| self.items.get(sequence)).map(|item| &item.entry);
        let place = place.map(|entry| (entry.chain, entry.sequence));
        let effects = self.of(id, |item| {
            if item.phase != Phase::Quarantined {
                return Vec::new();
            }
            item.phase = Phase::Waiting;
            item.failures = 0;
            item.failing_since = None;
            item.relays = 0;
            item.due = at;
            item.alarmed.clear();
            vec![persist(id, State::Sealed)]
        });
        if let Some((chain, sequence)) = place {
            self.keep_order(chain, sequence, at);
        }
        effects
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
            Effect::PutManifest { id, attempt, alone: item.relays > 0 }
        }
    }
}

/// Puts an item back into the line; gives the alarm of one that has failed too often or for too long.
fn postpone(item: &mut Item, pace: &Pace, why: Setback, at: Duration, entropy: [u8; 4]) -> Option<Effect> {
    let again_at_once = why == Setback::Again && item.failures == 0;
    item.failures = item.failures.saturating_add(1);
    let since = *item.failing_since.get_or_insert(at);
    item.by_network = matches!(why, Setback::Network | Setback::Suspended);
    item.phase = Phase::Waiting;
    let after = match why {
        Setback::Later { after } => after,
        Setback::Network | Setback::Again | Setback::Suspended => None,
    };
    // "Again" is believed once; an office that says it for ever gets the same pace as any trouble.
    item.due = if again_at_once { at } else { at + pace.wait(item.failures, after, entropy) };
    let tired = item.failures >= pace.many || at.saturating_sub(since) >= pace.failing_for;
    tired.then(|| raise(item, Alarm::KeepsFailing)).flatten()
}

fn is_receipt_of(bytes: &[u8], entry: &Entry, office: &VerifyingKey) -> bool {
    let Ok(signed) = serde_json::from_slice::<Signed>(bytes) else { return false };
    let Ok(receipt) = signed.open::<Receipt>(office) else { return false };
    receipt.id == entry.id && receipt.manifest == entry.manifest
}
