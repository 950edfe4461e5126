//! Random inputs, one hundred thousand of them, from seeds: the invariants hold whatever people and devices do.

use super::samples::{number, record, services};
use super::{Rig, actions, ask_of, card, text};
use crate::{
    Ask, Consent, Draft, EditOp, Effect, Event, FacePhase, Hint, Identified, Input, Outcome, Paper, Preference, Press,
    PrintProgress, PrintTrouble, Screen, Shot, StoreFault, Target, Theme, View, Way,
};
use domain::answers::AttachmentId;
use domain::ids::{FieldId, ReceiptCode, SubmissionId};
use domain::service::{Applicant, FieldKind};
use jiff::SignedDuration;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

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
            seen: BTreeMap::new(),
        }
    }

    fn words(&mut self) -> String {
        match self.dice.roll(8) {
            0 => String::new(),
            1 => number(1990),
            2 => number(2019),
            3 => "13800002046".to_owned(),
            4 => "2020-02-30".to_owned(),
            5 => "20200229".to_owned(),
            6 => format!("{MARKER}{}", "长".repeat(self.dice.roll(500))),
            _ => MARKER.to_owned(),
        }
    }

    fn op(&mut self) -> EditOp {
        match self.dice.roll(6) {
            0 => EditOp::Backspace,
            1 => EditOp::Clear,
            2 => EditOp::UnpickDivision,
            3 => {
                let code = self.dice.pick(&["330000", "330300", "330304", "", "é"]).to_owned();
                EditOp::PickDivision { code, name: MARKER.to_owned(), last: self.dice.roll(2) == 0 }
            }
            4 => EditOp::Insert(text(&self.words())),
            _ => EditOp::Set(text(&self.words())),
        }
    }

    /// What a person who wants to get on would do on this screen.
    fn sensible(&mut self, view: &View) -> Press {
        let actions = actions(view);
        match &view.screen {
            Screen::Home(_) => Press::Service(self.dice.pick(&["certificate", "lost", "passport"]).into()),
            Screen::Notice { consents, .. } => match consents.iter().find(|line| !line.ticked) {
                Some(line) => Press::Consent(line.consent),
                None => Press::Continue,
            },
            Screen::Ways { ways } => Press::Way(self.dice.pick(ways).way),
            Screen::Number(page) => match page.of {
                _ if !page.number.expose().is_empty() && self.dice.roll(2) == 0 => Press::Continue,
                crate::NumberOf::Applicant => self.set(Target::OwnNumber, 1990),
                _ => {
                    let year = self.dice.pick(&[2019, 1930, 2021, 1980]);
                    self.set(Target::SubjectNumber, year)
                }
            },
            Screen::Matter { choices } => Press::Matter(self.dice.pick(choices)),
            Screen::Question(page) if self.dice.roll(3) > 0 => {
                let field = self.dice.pick(&page.fields);
                match field.kind {
                    FieldKind::Choice { options, .. } => {
                        Press::Option { field: field.field, option: self.dice.pick(&options) }
                    }
                    FieldKind::Declaration => Press::Declare(field.field),
                    FieldKind::Address if self.dice.roll(2) == 0 => {
                        let op =
                            EditOp::PickDivision { code: "330304".to_owned(), name: MARKER.to_owned(), last: true };
                        Press::Edit { target: Target::Field(field.field), op }
                    }
                    FieldKind::Phone { .. } => self.put(field.field, "13800002046"),
                    FieldKind::Date { .. } => self.put(field.field, "20200229"),
                    FieldKind::Number { .. } => self.put(field.field, &number(1988)),
                    _ => self.put(field.field, MARKER),
                }
            }
            Screen::Photo(page) if page.chosen.is_none() => match page.shots.len() {
                2 => Press::ChooseShot(1),
                _ => Press::TakeShot,
            },
            Screen::Papers(page) if page.pages.is_empty() => {
                if page.deferrable && self.dice.roll(3) == 0 {
                    Press::Later
                } else {
                    Press::TakeShot
                }
            }
            Screen::Signature(page) if page.signed.is_none() => Press::Signed(AttachmentId(MARKER.to_owned())),
            _ if !actions.is_empty() => {
                if self.dice.roll(4) > 0 {
                    actions[0].press.clone()
                } else {
                    self.dice.pick(&actions).press
                }
            }
            _ => Press::Back,
        }
    }

    fn set(&mut self, target: Target, year: i16) -> Press {
        Press::Edit { target, op: EditOp::Set(text(&number(year))) }
    }

    fn put(&mut self, field: FieldId, words: &str) -> Press {
        Press::Edit { target: Target::Field(field), op: EditOp::Set(text(words)) }
    }

    fn any_press(&mut self) -> Press {
        let (field, kind) = self.dice.pick(&self.fields);
        let index = self.dice.roll(4);
        let option = match kind {
            FieldKind::Choice { options, .. } => self.dice.pick(&options),
            _ => "nonsense".to_owned(),
        };
        let on = self.dice.roll(2) == 0;
        let target = match self.dice.roll(4) {
            0 => Target::Search,
            1 => Target::OwnNumber,
            2 => Target::SubjectNumber,
            _ => Target::Field(field.clone()),
        };
        let op = self.op();
        let change = match self.dice.roll(5) {
            0 => Preference::Language("en".to_owned()),
            1 => Preference::TextSize(200),
            2 => Preference::Theme(Theme::HighContrast),
            3 => Preference::LowReach(on),
            _ => Preference::Elder(on),
        };
        let way = self.dice.pick(&[Way::NumberAndFace, Way::CardAndFace, Way::Officer]);
        let matter = self.dice.pick(&[Applicant::Own, Applicant::Guardian, Applicant::Proxy]);
        let id = AttachmentId(MARKER.to_owned());
        let presses = [
            Press::Touch,
            Press::Category("id-card".into()),
            Press::Service("lost".into()),
            Press::Service("nothing".into()),
            Press::Back,
            Press::Home,
            Press::End,
            Press::Start,
            Press::Continue,
            Press::Decline,
            Press::Consent(Consent::Notice),
            Press::Way(way),
            Press::AgreeFace,
            Press::AskOfficer,
            Press::OtherWay,
            Press::TryAgain,
            Press::ResumeDraft,
            Press::StartAfresh,
            Press::Matter(matter),
            Press::Edit { target: target.clone(), op: op.clone() },
            Press::Edit { target, op },
            Press::Option { field: field.clone(), option },
            Press::Declare(field.clone()),
            Press::TakeShot,
            Press::ChooseShot(index),
            Press::Retake,
            Press::RemovePage(index),
            Press::Later,
            Press::Signed(id),
            Press::ClearSignature,
            Press::CannotSign,
            Press::Change(field),
            Press::Submit,
            Press::PrintReceipt,
            Press::PrintCertificate,
            Press::AnotherErrand,
            Press::Help,
            Press::CallStaff,
            Press::CloseDialog,
            Press::Leave,
            Press::StillHere,
            Press::Prefer(change),
        ];
        self.dice.pick(&presses)
    }

    /// What the world would say to this effect; mostly good.
    fn reply(&mut self, effect: &Effect) -> Option<Event> {
        let good = self.dice.roll(5) > 0;
        let trouble = self.dice.pick(&[PrintTrouble::PaperOut, PrintTrouble::Jam, PrintTrouble::Offline]);
        Some(match effect {
            Effect::MintSubmission { ask, .. } if good => {
                Event::SubmissionMinted(SubmissionId(Uuid::from_u128(u128::from(ask.0))))
            }
            Effect::MintSubmission { .. } => Event::StoreFailed(StoreFault::DiskFull),
            Effect::LookForDraft { id_number, .. } => {
                let draft = self.draft.clone().filter(|draft| draft.id_number == *id_number);
                match draft {
                    Some(draft) if good => Event::DraftFound(draft),
                    Some(_) => Event::AlreadySubmitted { service: "lost".into(), code: code(Ask(0)) },
                    None => Event::NoDraft,
                }
            }
            Effect::Seal { ask, .. } if good => Event::Sealed(code(*ask)),
            Effect::Seal { .. } => Event::StoreFailed(StoreFault::Other),
            Effect::FetchOwnRecord { .. } if good => Event::OwnRecord(record()),
            Effect::FetchOwnRecord { .. } => Event::OwnRecordUnavailable,
            Effect::FetchOutcome { .. } if good => Event::Outcome(Outcome::Issued { number: "N1".to_owned() }),
            Effect::FetchOutcome { .. } => Event::OfficeUnreachable,
            Effect::StartCardReading { .. } if good => card(&number(1990), "2036-01-01"),
            Effect::StartCardReading { .. } => {
                self.dice.pick(&[Event::CardUnreadable, Event::ReaderDown, card(&number(1990), "2020-01-01")])
            }
            Effect::StartCamera { .. } => Event::CameraReady,
            Effect::TakeShot { .. } if good => Event::ShotTaken(Shot {
                id: AttachmentId(format!("{MARKER}{}", self.asked.len())),
                hints: vec![Hint::Dark],
            }),
            Effect::TakeShot { .. } => Event::CameraStalled,
            Effect::CompareFace { .. } if good => Event::FaceSame,
            Effect::CompareFace { .. } => {
                self.dice.pick(&[Event::FaceDifferent, Event::NoFace, Event::FaceUnavailable])
            }
            Effect::PrintReceipt { .. } | Effect::PrintCertificate { .. } if good => Event::Print(PrintProgress::Done),
            Effect::PrintReceipt { .. } => Event::Print(PrintProgress::Failed(trouble)),
            Effect::PrintCertificate { .. } => Event::Print(PrintProgress::Waiting(trouble)),
            _ => return None,
        })
    }

    fn any_event(&mut self) -> Event {
        self.dice.pick(&[
            Event::SubmissionMinted(SubmissionId(Uuid::from_u128(7))),
            Event::StoreFailed(StoreFault::Other),
            card(&number(1970), "2036-01-01"),
            Event::CardUnreadable,
            Event::CardRemoved,
            Event::ReaderDown,
            Event::CameraReady,
            Event::CameraHints(vec![Hint::Dark]),
            Event::CameraHints(Vec::new()),
            Event::CameraStalled,
            Event::ShotTaken(Shot { id: AttachmentId(MARKER.to_owned()), hints: Vec::new() }),
            Event::FaceDifferent,
            Event::NoFace,
            Event::NoDraft,
            Event::OwnRecord(record()),
            Event::OwnRecordUnavailable,
            Event::OfficeUnreachable,
            Event::Print(PrintProgress::Printing),
        ])
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

    fn check(&mut self) {
        let view = self.rig.view();
        self.check_wipe(&view);
        self.check_receipt(&view);
        let deadline = self.rig.visit.deadline();
        assert!(deadline.is_none_or(|at| at > self.rig.now), "the deadline is past: {deadline:?}");
        let idle_free = matches!(view.screen, Screen::Attract);
        assert_eq!(deadline.is_none(), idle_free, "only the attract screen waits for ever");
        let offers = |press: &Press| actions(&view).iter().any(|action| action.press == *press);
        if matches!(view.screen, Screen::Refused { .. } | Screen::Problem(_)) {
            assert!(offers(&Press::CallStaff), "no person is offered: {view:?}");
        }
        let listed = matches!(
            view.screen,
            Screen::Home(_) | Screen::Category { .. } | Screen::Ways { .. } | Screen::Matter { .. } | Screen::Busy(_)
        );
        assert!(listed || view.frame.can_go_back || !actions(&view).is_empty(), "a dead end: {view:?}");
        if let Some(progress) = view.frame.progress {
            assert!((1..=progress.of).contains(&progress.step), "{progress:?}");
        }
        for effect in &self.rig.last {
            if let Effect::Seal { submission, .. } = effect {
                let officer = submission
                    .identified
                    .is_some_and(|by| matches!(by, Identified::CardOfficer | Identified::NumberOfficer));
                assert_eq!(officer, submission.open.contains(&crate::Open::ConfirmPerson));
            }
        }
        *self.seen.entry(name(&view.screen)).or_default() += 1;
    }

    fn check_wipe(&mut self, view: &View) {
        let last_wipe = self.rig.last.iter().rposition(|effect| *effect == Effect::Wipe);
        // The machine's Debug shows the inner structure, but never a personal value, at any time.
        if last_wipe.is_some() {
            let codes = std::mem::take(&mut self.sealed);
            self.rig.all.clear();
            assert!(self.rig.visit.memory.identity.is_none() && self.rig.visit.memory.errand.is_none());
            assert!(self.rig.visit.memory.done.is_empty());
            assert!(matches!(view.screen, Screen::Ended { .. } | Screen::Attract | Screen::Home(_)), "{view:?}");
            let shown = format!("{:?} {view:?} {}", self.rig.visit, exposed(view));
            for personal in [MARKER, &number(1990), &number(2019), "林晓梅", "13800002046"] {
                assert!(!shown.contains(personal), "{personal} is left: {shown}");
            }
            assert!(codes.iter().all(|code| !shown.contains(code.as_str())), "a code is left: {shown}");
        }
        let shown = format!("{view:?}");
        for personal in [&number(1990), &number(2019), "林晓梅", "13800002046"] {
            assert!(!shown.contains(personal), "{personal} in Debug: {shown}");
        }
        let keep = self.rig.all.len().saturating_sub(40);
        self.rig.all.drain(..keep);
    }

    fn check_receipt(&mut self, view: &View) {
        let Screen::Receipt(page) = &view.screen else { return };
        assert!(self.sealed.contains(&page.code), "a receipt without a seal");
        let done = |ask: Option<Ask>| ask.is_some_and(|ask| self.printed.contains(&ask));
        let last = self.rig.visit.memory.done.last().unwrap();
        if page.slip == Paper::Job(PrintProgress::Done) {
            assert!(done(last.slip_job), "the slip is not printed");
        }
        if let crate::Ending::Issued { paper: Paper::Job(PrintProgress::Done), .. } = page.ending {
            assert!(done(last.certificate_job), "the certificate is not printed");
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

/// A code of its own for every sealing.
fn code(ask: Ask) -> ReceiptCode {
    let low = u32::try_from(ask.0).unwrap();
    ReceiptCode::from_random([1, 2, 3, low / 10_648, low / 484, low / 22, low, 5])
}

/// Personal values of the screens that may follow a wipe.
fn exposed(view: &View) -> String {
    match &view.screen {
        Screen::Home(page) => page.query.expose().clone(),
        _ => String::new(),
    }
}

fn name(screen: &Screen) -> &'static str {
    match screen {
        Screen::Attract => "attract",
        Screen::Home(_) => "home",
        Screen::Category { .. } => "category",
        Screen::Service(_) => "service",
        Screen::Notice { .. } => "notice",
        Screen::Ways { .. } => "ways",
        Screen::CardWait { .. } => "card",
        Screen::Number(_) => "number",
        Screen::Face(_) => "face",
        Screen::FoundDraft { .. } => "draft",
        Screen::Matter { .. } => "matter",
        Screen::Refused { .. } => "refused",
        Screen::Question(_) => "question",
        Screen::Photo(_) => "photo",
        Screen::Papers(_) => "papers",
        Screen::Signature(_) => "signature",
        Screen::Check(_) => "check",
        Screen::Busy(_) => "busy",
        Screen::Receipt(_) => "receipt",
        Screen::Problem(_) => "problem",
        Screen::Ended { .. } => "ended",
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
    assert_eq!(seen.len(), 21, "every screen was reached: {seen:?}");
    assert!(seen.get("receipt").is_some_and(|times| *times > 100), "{seen:?}");
}
