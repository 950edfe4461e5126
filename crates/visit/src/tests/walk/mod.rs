//! Random inputs, one hundred thousand of them, from seeds: the invariants hold whatever people and devices do.

mod checks;
mod doings;

use super::samples::services;
use super::{Rig, ask_of};
use crate::{Ask, Draft, Effect, Event, FacePhase, Input, PrintProgress, Screen};
use domain::ids::{FieldId, ReceiptCode, SubmissionId};
use domain::service::FieldKind;
use jiff::SignedDuration;
use std::collections::{BTreeMap, BTreeSet};

/// Planted into everything that is typed.
const MARKER: &str = "梧桐标记";

/// xorshift64*: the same walk for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap() % sides
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len())].clone()
    }
}

struct Walk {
    rig: Rig,
    dice: Dice,
    fields: Vec<(FieldId, FieldKind)>,
    asked: Vec<Ask>,
    sealed: Vec<ReceiptCode>,
    printed: BTreeSet<Ask>,
    draft: Option<Box<Draft>>,
    /// Handed over at some time; a late retry may still make a whole one of it.
    half_done: BTreeSet<SubmissionId>,
    seen: BTreeMap<&'static str, usize>,
}

impl Walk {
    fn new(seed: u64) -> Self {
        let mut fields = Vec::new();
        for service in services() {
            for page in service.steps.iter().flat_map(|step| &step.fields) {
                fields.push((page.id.clone(), page.kind.clone()));
            }
            fields.extend(service.fields().into_iter().map(|field| (field.id.clone(), field.kind.clone())));
        }
        let mut rig = Rig::new();
        rig.all.clear();
        Self {
            rig,
            dice: Dice(seed),
            fields,
            asked: Vec::new(),
            sealed: Vec::new(),
            printed: BTreeSet::new(),
            draft: None,
            half_done: BTreeSet::new(),
            seen: BTreeMap::new(),
        }
    }

    fn step(&mut self) {
        let view = self.rig.view();
        let input = match self.dice.roll(20) {
            0 => Input::Press(self.any_press()),
            1 if !self.asked.is_empty() => {
                let recent = self.asked.len().saturating_sub(4);
                let ask = self.dice.pick(&self.asked[recent..]);
                Input::Answer { ask, event: self.any_event() }
            }
            2 => {
                let seconds = self.dice.pick(&[0, 1, 5, 30, 61, -5]);
                self.rig.now += SignedDuration::from_secs(seconds);
                Input::Tick
            }
            3 if self.dice.roll(10) == 0 => {
                self.rig.now += SignedDuration::from_secs(90);
                Input::Tick
            }
            4..8 => match self.pending() {
                Some((ask, event)) => Input::Answer { ask, event },
                None => Input::Press(self.sensible(&view)),
            },
            _ => match (&view.screen, self.pending()) {
                (screen, Some((ask, event))) if waits(screen) => Input::Answer { ask, event },
                _ => Input::Press(self.sensible(&view)),
            },
        };
        self.note(&input);
        self.rig.give(input);
        for effect in &self.rig.last {
            match effect {
                Effect::SaveDraft(draft) => self.draft = Some(draft.clone()),
                Effect::DestroyDraft { .. } => self.draft = None,
                _ => {}
            }
        }
        let new: Vec<Ask> = self.rig.last.iter().filter_map(ask_of).collect();
        self.asked.extend(new);
        self.check();
    }

    fn pending(&mut self) -> Option<(Ask, Event)> {
        let effect = self.rig.all.iter().rev().find(|effect| ask_of(effect).is_some()).cloned()?;
        Some((ask_of(&effect)?, self.reply(&effect)?))
    }

    fn note(&mut self, input: &Input) {
        if let Input::Answer { ask, event } = input {
            match event {
                Event::Sealed(code) => self.sealed.push(code.clone()),
                Event::Print(PrintProgress::Done) => {
                    self.printed.insert(*ask);
                }
                _ => {}
            }
        }
    }
}

/// Nothing sensible can be pressed before an answer comes.
fn waits(screen: &Screen) -> bool {
    match screen {
        Screen::Busy(_) | Screen::CardWait { .. } => true,
        Screen::Face(page) => matches!(page.phase, FacePhase::Starting | FacePhase::Comparing),
        _ => false,
    }
}

#[test]
fn a_hundred_thousand_random_inputs_break_nothing() {
    let mut seen: BTreeMap<&'static str, usize> = BTreeMap::new();
    for seed in 1..=20 {
        let mut walk = Walk::new(seed * 0x9E37_79B9);
        for _ in 0..5_000 {
            walk.step();
        }
        for (screen, times) in walk.seen {
            *seen.entry(screen).or_default() += times;
        }
    }
    assert_eq!(seen.len(), 24, "every screen was reached: {seen:?}");
    assert!(seen.get("receipt").is_some_and(|times| *times > 100), "{seen:?}");
}
