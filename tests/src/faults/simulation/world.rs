//! One world: kiosks, office, network, power, clocks; each step one thing happens, chosen by the seed.

use super::disk::{Change, Disk};
use super::judge::{Fault, Judge};
use super::office::{Answer, Office, key, receipt};
use crate::faults::dice::Dice;
use clap::ValueEnum;
use domain::ids::SubmissionId;
use jiff::{SignedDuration, Timestamp};
use outbox::{Budget, Effect, Entry, Input, Moment, Outbox, Pace, Setback, State};
use std::collections::VecDeque;
use std::time::Duration;
use wire::digest::Digest;

/// Steps of calm after which everything must have arrived.
const CALM: u64 = 200_000;
const TEN_YEARS: i64 = 10 * 365 * 86_400;

/// A rule broken on purpose: the judge must see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Plant {
    /// A transition is answered as durable before it is synced.
    NoSync,
    /// The row is durable before its files.
    RowFirst,
    /// Erased when the office answers at all, receipt or not.
    EraseEarly,
    /// The office answers before its commit.
    OfficeNoSync,
}

/// On its way from a kiosk to the office.
#[derive(Clone, Debug)]
enum Request {
    Ask { attempt: u32, entry: Entry },
    Upload { attempt: u32, id: SubmissionId, blob: Digest },
    Put { attempt: u32, entry: Entry },
}

impl Request {
    const fn names(&self) -> (SubmissionId, u32) {
        match self {
            Self::Ask { attempt, entry } | Self::Put { attempt, entry } => (entry.id, *attempt),
            Self::Upload { attempt, id, .. } => (*id, *attempt),
        }
    }
}

/// On its way.
#[derive(Clone, Debug)]
enum Message {
    Up(usize, u32, Request),
    Down(Answer),
}

struct Kiosk {
    outbox: Outbox,
    disk: Disk,
    /// Counts its starts: an answer to an earlier life finds nobody.
    life: u32,
    on: bool,
    started: Duration,
    clock: SignedDuration,
    frozen: Option<Timestamp>,
    sequence: u64,
    /// The last submission that the office will take, and the one its case began with.
    good: Option<(u64, u64)>,
}

pub(super) struct World {
    dice: Dice,
    now: Duration,
    kiosks: Vec<Kiosk>,
    office: Office,
    judge: Judge,
    wires: Vec<Message>,
    next: u64,
    calm: bool,
    plant: Option<Plant>,
    fault: Option<Fault>,
    pub(super) sealed: u64,
    pub(super) power_cuts: u64,
    pub(super) clock_jumps: u64,
    pub(super) refused: u64,
    pub(super) disk_failures: u64,
    pub(super) lost_messages: u64,
}

/// The id of a number.
fn id_of(number: u64) -> SubmissionId {
    SubmissionId(uuid::Uuid::from_u128(u128::from(number) + 1))
}

/// The number of an id.
pub(super) fn number_of(id: SubmissionId) -> u64 {
    u64::try_from(id.0.as_u128() - 1).unwrap_or(u64::MAX)
}

/// The digest of a number's manifest.
pub(super) fn digest_of(number: u64) -> Digest {
    Digest::of(&number.to_le_bytes())
}

fn start() -> Outbox {
    Outbox::new(key().verifying_key(), Pace::default())
}

impl World {
    pub(super) fn new(seed: u64, kiosks: usize, plant: Option<Plant>) -> Self {
        let kiosk = || Kiosk {
            outbox: start(),
            disk: Disk::default(),
            life: 0,
            on: true,
            started: Duration::ZERO,
            clock: SignedDuration::ZERO,
            frozen: None,
            sequence: 0,
            good: None,
        };
        Self {
            dice: Dice::new(seed),
            now: Duration::ZERO,
            kiosks: (0..kiosks).map(|_| kiosk()).collect(),
            office: Office::default(),
            judge: Judge::default(),
            wires: Vec::new(),
            next: 0,
            calm: false,
            plant,
            fault: None,
            sealed: 0,
            power_cuts: 0,
            clock_jumps: 0,
            refused: 0,
            disk_failures: 0,
            lost_messages: 0,
        }
    }

    /// Lives through so many steps, then through a calm in which everything must arrive.
    pub(super) fn live(&mut self, steps: u64) -> Option<Fault> {
        for _ in 0..steps {
            self.step();
            if self.fault.is_some() {
                return self.fault.take();
            }
        }
        self.calm = true;
        self.office.storm = false;
        self.office.down = false;
        for kiosk in 0..self.kiosks.len() {
            self.kiosks[kiosk].disk.full = false;
            self.cut_kiosk(kiosk);
            self.power_on(kiosk);
        }
        for _ in 0..CALM {
            if self
                .kiosks
                .iter()
                .all(|kiosk| kiosk.disk.synced.rows.values().all(|row| row.state == State::Quarantined))
            {
                break;
            }
            self.step();
            if self.fault.is_some() {
                return self.fault.take();
            }
        }
        let (kiosks, office) = (&self.kiosks, &self.office);
        self.judge.end(|kiosk| &kiosks[kiosk].disk.synced, |id| office.cases.contains_key(&id), &office.made)
    }

    fn trouble(&mut self, times: u64) -> bool {
        !self.calm && self.dice.one_in(times)
    }

    fn step(&mut self) {
        self.now += Duration::from_millis(self.dice.below(if self.calm { 20_000 } else { 2_000 }));
        let kiosk = self.dice.below(self.kiosks.len() as u64) as usize;
        match self.dice.below(24) {
            0 | 1 if !self.calm => self.person(kiosk),
            2 if self.trouble(6) => self.cut_kiosk(kiosk),
            3 if self.trouble(10) => self.cut_office(),
            4 => {
                self.power_on(kiosk);
                self.office.down &= !self.calm && self.dice.below(3) > 0;
            }
            5 if self.trouble(6) => self.clock(kiosk),
            6 => self.kiosks[kiosk].disk.full = self.trouble(10),
            7 => self.office.storm = self.trouble(5),
            8 => self.run(kiosk, Input::LinkUp),
            9 if self.trouble(4) => self.operator(kiosk),
            10 => self.look(),
            11 | 12 => self.commit(),
            13..=18 => self.arrive(),
            _ => self.run(kiosk, Input::Tick),
        }
    }

    fn look(&mut self) {
        let (kiosks, office) = (&self.kiosks, &self.office);
        let fault = self.judge.look(|kiosk| &kiosks[kiosk].disk.synced, |id| office.cases.contains_key(&id));
        self.fault = self.fault.take().or(fault);
    }

    fn moment(&self, kiosk: usize) -> Moment {
        let kiosk = &self.kiosks[kiosk];
        let true_time = Timestamp::from_second(1_800_000_000).unwrap_or_default()
            + SignedDuration::try_from(self.now).unwrap_or_default();
        let wall = kiosk.frozen.unwrap_or_else(|| true_time.saturating_add(kiosk.clock).unwrap_or(true_time));
        Moment { since_start: self.now.saturating_sub(kiosk.started), wall }
    }

    fn clock(&mut self, kiosk: usize) {
        self.clock_jumps += 1;
        let wall = self.moment(kiosk).wall;
        let jump = [TEN_YEARS, -TEN_YEARS, -3600, 86_400 * 31, 0, 0, 0, 0, 0, 0][self.dice.below(10) as usize];
        let frozen = self.dice.one_in(5).then_some(wall);
        let kiosk = &mut self.kiosks[kiosk];
        (kiosk.clock, kiosk.frozen) = (SignedDuration::from_secs(jump), frozen);
    }

    /// Somebody hands something in, if the kiosk takes new visits.
    fn person(&mut self, kiosk: usize) {
        let now = self.moment(kiosk);
        let machine = &self.kiosks[kiosk];
        if !machine.on || machine.outbox.load(now).refuse_new() {
            self.refused += 1;
            return;
        }
        let (number, parts) = (self.next, self.dice.below(4) as u32);
        self.next += 1;
        // Now and then a supplement of what was handed in last: it must arrive after that.
        let bad = self.dice.one_in(25);
        let earlier = self.kiosks[kiosk].good.filter(|_| !bad && self.dice.one_in(4));
        let first = earlier.map_or(number, |(_, first)| first);
        let machine = &mut self.kiosks[kiosk];
        machine.sequence += 1;
        let entry = Entry {
            id: id_of(number),
            chain: id_of(first),
            sequence: machine.sequence,
            manifest: digest_of(number),
            sealed_at: now.wall,
            bytes: 1000,
            blobs: (0..parts).map(|part| Digest::of(format!("{number} {part}").as_bytes())).collect(),
            state: State::Sealed,
        };
        if machine.disk.full {
            self.disk_failures += 1;
            return; // said to the person; nothing is visible
        }
        for part in 0..parts {
            machine.disk.write(Change::File(number, part, true));
        }
        if self.plant != Some(Plant::RowFirst) {
            if self.trouble(40) {
                return self.cut_kiosk(kiosk);
            }
            self.kiosks[kiosk].disk.sync();
        }
        self.kiosks[kiosk].disk.write(Change::Row(number, Box::new(entry.clone())));
        if self.trouble(40) {
            return self.cut_kiosk(kiosk); // perhaps durable, and nobody was told
        }
        if self.plant == Some(Plant::RowFirst) {
            self.kiosks[kiosk].disk.synced.rows.insert(number, entry.clone());
        } else {
            self.kiosks[kiosk].disk.sync();
        }
        if bad {
            self.judge.bad.insert(number);
        } else {
            self.kiosks[kiosk].good = Some((number, first));
        }
        if let Some((before, _)) = earlier {
            self.judge.before.insert(number, before);
        }
        self.sealed += 1;
        self.judge.told(number, kiosk, parts);
        self.run(kiosk, Input::Sealed(entry));
    }

    fn operator(&mut self, kiosk: usize) {
        let rows = &self.kiosks[kiosk].disk.synced.rows;
        if let Some(row) = rows.values().find(|row| row.state == State::Quarantined) {
            let id = row.id;
            self.run(kiosk, Input::OperatorResend { id });
        }
    }

    fn cut_kiosk(&mut self, kiosk: usize) {
        if !self.kiosks[kiosk].on {
            return;
        }
        self.power_cuts += 1;
        let machine = &mut self.kiosks[kiosk];
        machine.disk.cut(&mut self.dice);
        machine.on = false;
        self.look();
    }

    fn power_on(&mut self, kiosk: usize) {
        let machine = &mut self.kiosks[kiosk];
        if machine.on {
            return;
        }
        machine.disk.sweep();
        machine.on = true;
        machine.life += 1;
        machine.started = self.now;
        machine.outbox = start();
        let entries = machine.disk.synced.rows.values().cloned().collect();
        self.run(kiosk, Input::Restarted(entries));
        let limit = Budget::default().limit(1 << 30, 0);
        self.run(kiosk, Input::Limit(limit));
    }

    fn cut_office(&mut self) {
        self.power_cuts += 1;
        self.office.cut(&mut self.dice);
        self.office.down = true;
        self.look();
    }

    fn commit(&mut self) {
        let answers = self.office.commit();
        self.wires.extend(answers.into_iter().map(Message::Down));
    }

    /// One of all that is on its way arrives, in any order; some twice, some never.
    fn arrive(&mut self) {
        if self.wires.is_empty() {
            return;
        }
        let which = self.dice.below(self.wires.len() as u64) as usize;
        let again = self.trouble(12);
        let message = if again { self.wires[which].clone() } else { self.wires.swap_remove(which) };
        if self.trouble(8) {
            self.lost_messages += 1;
            return self.lose(message);
        }
        match message {
            Message::Down(Answer { kiosk, life, input, .. }) => {
                if self.kiosks[kiosk].on && self.kiosks[kiosk].life == life {
                    self.run(kiosk, input);
                }
            }
            Message::Up(kiosk, life, request) => {
                let (id, attempt) = request.names();
                if let Some(input) = self.request(kiosk, life, request) {
                    self.wires.push(Message::Down(Answer { kiosk, life, attempt, id, input }));
                }
            }
        }
    }

    /// Whoever waits for it hears that the line broke.
    fn lose(&mut self, message: Message) {
        let (kiosk, life, id, attempt) = match message {
            Message::Up(kiosk, life, request) => {
                let (id, attempt) = request.names();
                (kiosk, life, id, attempt)
            }
            Message::Down(Answer { kiosk, life, attempt, id, .. }) => (kiosk, life, id, attempt),
        };
        let input = Input::Transient { id, attempt, why: Setback::Network };
        self.wires.push(Message::Down(Answer { kiosk, life, attempt, id, input }));
    }

    fn request(&mut self, kiosk: usize, life: u32, request: Request) -> Option<Input> {
        let (id, attempt) = request.names();
        if self.office.down {
            return Some(Input::Transient { id, attempt, why: Setback::Network });
        }
        if self.office.storm {
            self.refused += 1;
            let after = self.dice.one_in(3).then(|| Duration::from_secs(self.dice.below(90)));
            return Some(Input::Transient { id, attempt, why: Setback::Later { after } });
        }
        if self.trouble(60) {
            // A box in between answers in the office's place.
            let bytes = if self.dice.one_in(2) { b"<html>".to_vec() } else { receipt(id, &Digest::of(b"other")) };
            return Some(Input::Receipt { id, bytes });
        }
        match request {
            Request::Ask { entry, .. } => {
                Some(Input::BlobsMissing { id, attempt, missing: self.office.missing(&entry.blobs) })
            }
            Request::Upload { blob, .. } => {
                self.office.upload(blob.clone());
                Some(Input::Uploaded { id, attempt, blob })
            }
            Request::Put { entry, .. } => {
                let bad = self.judge.bad.contains(&number_of(id));
                let answered = self.office.put(&entry, bad, (kiosk, life), attempt);
                if answered.is_none() && self.plant == Some(Plant::OfficeNoSync) {
                    return Some(Input::Receipt { id, bytes: receipt(id, &entry.manifest) });
                }
                answered
            }
        }
    }

    fn run(&mut self, kiosk: usize, input: Input) {
        if !self.kiosks[kiosk].on {
            return;
        }
        let life = self.kiosks[kiosk].life;
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let (now, entropy) = (self.moment(kiosk), (self.dice.below(1 << 32) as u32).to_le_bytes());
            for effect in self.kiosks[kiosk].outbox.handle(input, now, entropy) {
                if self.trouble(150) {
                    return self.cut_kiosk(kiosk);
                }
                inputs.extend(self.carry_out(kiosk, effect));
                if !self.kiosks[kiosk].on || self.kiosks[kiosk].life != life {
                    return;
                }
            }
        }
    }

    fn carry_out(&mut self, kiosk: usize, effect: Effect) -> Option<Input> {
        let life = self.kiosks[kiosk].life;
        let entry = |world: &Self, id| world.kiosks[kiosk].disk.synced.rows.get(&number_of(id)).cloned();
        match effect {
            Effect::Persist { id, state, receipt, .. } => self.persist(kiosk, id, state, receipt),
            Effect::Erase { id } => self.erase(kiosk, id),
            Effect::AskMissing { id, attempt, .. } => {
                let entry = entry(self, id)?;
                self.wires.push(Message::Up(kiosk, life, Request::Ask { attempt, entry }));
                None
            }
            Effect::UploadBlob { id, attempt, blob } => {
                self.wires.push(Message::Up(kiosk, life, Request::Upload { attempt, id, blob }));
                None
            }
            Effect::PutManifest { id, attempt, .. } => {
                let entry = entry(self, id)?;
                self.wires.push(Message::Up(kiosk, life, Request::Put { attempt, entry }));
                None
            }
            Effect::Alarm { .. } => None,
        }
    }

    fn persist(&mut self, kiosk: usize, id: SubmissionId, state: State, receipt: Option<Vec<u8>>) -> Option<Input> {
        if self.kiosks[kiosk].disk.full || self.trouble(60) {
            self.disk_failures += 1;
            return Some(Input::NotPersisted { id, state });
        }
        self.kiosks[kiosk].disk.write(Change::State(number_of(id), state, receipt));
        if self.plant == Some(Plant::NoSync) {
            return Some(Input::Persisted { id, state });
        }
        if self.trouble(80) {
            self.cut_kiosk(kiosk);
            return None;
        }
        self.kiosks[kiosk].disk.sync();
        if self.plant == Some(Plant::EraseEarly) && state == State::Sending && self.dice.one_in(20) {
            return self.erase(kiosk, id);
        }
        Some(Input::Persisted { id, state })
    }

    fn erase(&mut self, kiosk: usize, id: SubmissionId) -> Option<Input> {
        let number = number_of(id);
        // Success is claimed here: the receipt must be durable, and the office must have it.
        let held = &self.kiosks[kiosk].disk.synced;
        if !self.office.cases.contains_key(&number) || !held.receipts.contains_key(&number) {
            self.fault = self.fault.take().or(Some(Fault::False(number)));
        }
        if self.trouble(30) {
            self.disk_failures += 1;
            return Some(Input::NotPersisted { id, state: State::Tombstone });
        }
        for part in 0..4 {
            self.kiosks[kiosk].disk.write(Change::Unlink(number, part));
        }
        self.kiosks[kiosk].disk.sync();
        if self.trouble(60) {
            self.cut_kiosk(kiosk);
            return None;
        }
        self.kiosks[kiosk].disk.write(Change::Tombstone(number));
        if self.trouble(60) {
            self.cut_kiosk(kiosk);
            return None;
        }
        self.kiosks[kiosk].disk.sync();
        Some(Input::Persisted { id, state: State::Tombstone })
    }
}
