//! Random interleavings from a seed: a disk that may refuse, a network that loses, delays and doubles, an office that is
//! busy or lies, crashes at any point. Asserted: nothing lost, nothing twice, nothing false. A failure names its seed.

use super::model_office::{ModelOffice, Put, entry, office_key, receipt};
use super::*;
use crate::message::{Verdict, judge};
use std::collections::VecDeque;
use wire::problem::{Problem, Retry};

/// xorshift64*: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
    fn below(&mut self, bound: u64) -> u64 {
        (self.roll() >> 11) % bound
    }
    fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}

/// The kiosk's disk: what survives a crash.
#[derive(Default)]
struct Disk {
    items: BTreeMap<SubmissionId, Entry>,
    receipts: BTreeMap<SubmissionId, Vec<u8>>,
    tombstones: BTreeSet<SubmissionId>,
}

struct World {
    dice: Dice,
    seed: u64,
    now: Duration,
    outbox: Outbox,
    disk: Disk,
    office: ModelOffice,
    /// Inputs on their way back to the outbox, with the time at which they arrive. Lost in a crash.
    coming: Vec<(Duration, Input)>,
    told: BTreeSet<SubmissionId>,
    /// The first of its chain, of each that is not first itself.
    chains: BTreeMap<SubmissionId, SubmissionId>,
    next: u64,
    calm: bool,
    crashes: u32,
}

impl World {
    fn new(seed: u64) -> Self {
        let outbox = Outbox::new(office_key().verifying_key(), Pace::default());
        Self {
            dice: Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1),
            seed,
            now: Duration::ZERO,
            outbox,
            disk: Disk::default(),
            office: ModelOffice::default(),
            coming: Vec::new(),
            told: BTreeSet::new(),
            chains: BTreeMap::new(),
            next: 0,
            calm: false,
            crashes: 0,
        }
    }

    fn trouble(&mut self, times: u64) -> bool {
        !self.calm && self.dice.one_in(times)
    }

    fn step(&mut self) {
        self.now += Duration::from_millis(self.dice.below(2000));
        match self.dice.below(10) {
            0 if !self.calm => self.seal(),
            1 if self.trouble(8) => self.crash(),
            2 if self.trouble(5) => self.run(Input::LinkUp),
            3..=6 => self.arrive(),
            _ => self.run(Input::Tick),
        }
    }

    fn seal(&mut self) {
        let blobs = self.dice.below(4) as usize;
        let mut item = entry(self.next, blobs);
        if self.dice.one_in(3)
            && let Some(id) = self.told.iter().next_back()
        {
            // A supplement of what was handed in last.
            item.chain = self.chains.get(id).copied().unwrap_or(*id);
            self.chains.insert(item.id, item.chain);
        }
        self.next += 1;
        if self.trouble(10) {
            return; // crash or full disk before the commit: nobody was told
        }
        self.disk.items.insert(item.id, item.clone());
        if self.trouble(10) {
            return self.crash(); // durable, but nobody was told
        }
        self.told.insert(item.id);
        self.run(Input::Sealed(item));
    }

    fn crash(&mut self) {
        self.crashes += 1;
        self.coming.clear();
        self.outbox = Outbox::new(office_key().verifying_key(), Pace::default());
        let entries = self.disk.items.values().cloned().collect();
        self.run(Input::Restarted(entries));
    }

    fn arrive(&mut self) {
        let due: Vec<usize> = (0..self.coming.len()).filter(|n| self.coming[*n].0 <= self.now).collect();
        if due.is_empty() {
            return;
        }
        let which = due[self.dice.below(due.len() as u64) as usize];
        let (_, input) = if self.trouble(20) { self.coming[which].clone() } else { self.coming.swap_remove(which) };
        self.run(input);
    }

    fn run(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let entropy = (self.dice.roll() as u32).to_le_bytes();
            let wall = jiff::Timestamp::from_second(1_800_000_000 + self.dice.below(90) as i64 * 86_400).unwrap();
            let moment = Moment { since_start: self.now, wall };
            let effects = self.outbox.handle(input, moment, entropy);
            self.limits();
            for effect in effects {
                if self.trouble(60) {
                    return self.crash();
                }
                inputs.extend(self.carry_out(effect));
            }
        }
    }

    fn limits(&self) {
        let busy = self.outbox.items.values().filter(|item| item.phase.in_flight()).count();
        assert!(busy <= 4, "seed {}: {busy} in flight", self.seed);
    }

    fn carry_out(&mut self, effect: Effect) -> Option<Input> {
        match effect {
            Effect::Persist { id, state, .. } if self.trouble(40) => Some(Input::NotPersisted { id, state }),
            Effect::Persist { id, state, receipt, .. } => {
                let item = self.disk.items.get_mut(&id).unwrap_or_else(|| panic!("seed {}: gone", self.seed));
                item.state = state;
                if let Some(receipt) = receipt {
                    self.disk.receipts.insert(id, receipt);
                }
                Some(Input::Persisted { id, state })
            }
            Effect::Erase { id } if self.trouble(20) => Some(Input::NotPersisted { id, state: State::Tombstone }),
            Effect::Erase { id } => {
                let receipt = self.disk.receipts.get(&id);
                assert!(receipt.is_some(), "seed {}: erased without a durable receipt", self.seed);
                assert!(self.office.cases.contains_key(&id), "seed {}: erased, office has nothing", self.seed);
                self.disk.items.remove(&id);
                self.disk.tombstones.insert(id);
                Some(Input::Persisted { id, state: State::Tombstone })
            }
            Effect::AskMissing { id, attempt, blobs } => {
                let missing = self.office.missing(&blobs);
                self.answer(id, attempt, Input::BlobsMissing { id, attempt, missing })
            }
            Effect::UploadBlob { id, attempt, blob } => {
                if !self.trouble(6) {
                    self.office.blobs.insert(blob.clone());
                }
                self.answer(id, attempt, Input::Uploaded { id, attempt, blob })
            }
            Effect::PutManifest { id, attempt, alone } => self.put(id, attempt, alone),
            Effect::Alarm { .. } => None,
        }
    }

    fn put(&mut self, id: SubmissionId, attempt: u32, alone: bool) -> Option<Input> {
        let item = self.disk.items[&id].clone();
        if alone {
            // Whoever relays has all of it, has passed it on, or has lost it.
            match self.dice.below(3) {
                0 => return self.answer(id, attempt, Input::Relayed { id, attempt, after: None }),
                1 => return self.answer(id, attempt, Input::Transient { id, attempt, why: Setback::Again }),
                _ => {}
            }
        }
        let earlier = |other: &&Entry| other.chain == item.chain && other.sequence < item.sequence;
        for other in self.disk.items.values().filter(earlier) {
            assert_eq!(other.state, State::Acked, "seed {}: {id} was sent before {}", self.seed, other.id);
        }
        if self.trouble(10) {
            // The request is lost, or a box in between lies.
            let bytes =
                if self.dice.one_in(2) { b"<html>".to_vec() } else { receipt(id, &Digest::of(b"x"), &office_key()) };
            return self.answer(id, attempt, Input::Receipt { id, bytes });
        }
        if self.trouble(5) {
            return self.answer(id, attempt, Input::Relayed { id, attempt, after: None });
        }
        let input = match self.office.put(&item) {
            Put::Receipt(bytes) => Input::Receipt { id, bytes },
            Put::BlobsMissing => {
                let problem = Problem::new("blobs-missing", 409, Retry::Same, "missing");
                match judge(409, Some(&problem), None) {
                    Verdict::Transient(why) => Input::Transient { id, attempt, why },
                    Verdict::Permanent(problem) => Input::Permanent { id, attempt, problem },
                }
            }
            Put::Conflict => panic!("seed {}: another digest under the same id", self.seed),
        };
        self.answer(id, attempt, input)
    }

    /// The answer comes later, or instead of it a failure; sometimes both, in any order.
    fn answer(&mut self, id: SubmissionId, attempt: u32, input: Input) -> Option<Input> {
        let (now, soon) = (self.now, Duration::from_millis(self.dice.below(5000)));
        let late = Duration::from_millis(self.dice.below(60_000));
        let lost = Input::Transient { id, attempt, why: Setback::Network };
        if self.trouble(4) {
            self.coming.push((now + soon, lost));
            if self.dice.one_in(2) {
                self.coming.push((now + late, input));
            }
        } else {
            self.coming.push((now + soon, input));
        }
        None
    }

    fn drained(&self) -> bool {
        self.disk.items.is_empty()
    }
}

fn live(seed: u64, steps: u32) -> u32 {
    let mut world = World::new(seed);
    for _ in 0..steps {
        world.step();
    }
    world.calm = true;
    world.crash();
    for _ in 0..200_000 {
        if world.drained() {
            break;
        }
        world.step();
    }
    assert!(world.drained(), "seed {seed}: {} items never arrived", world.disk.items.len());
    for id in &world.told {
        assert!(world.office.cases.contains_key(id), "seed {seed}: a person was told of {id}, which is lost");
        assert!(world.disk.tombstones.contains(id), "seed {seed}: {id} has no tombstone");
    }
    assert!(world.office.effects.values().all(|times| *times == 1), "seed {seed}: a case was made twice");
    assert!(world.office.cases.len() >= world.told.len());
    world.crashes
}

#[test]
fn nothing_lost_nothing_twice_nothing_false() {
    let crashes: u32 = (1..=12).map(|seed| live(seed, 800)).sum();
    assert!(crashes > 100, "the simulation hardly crashed: {crashes}");
}
