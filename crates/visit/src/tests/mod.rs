//! A visit driven by hand: sample services, a rig that finds the request an answer belongs to, and the tests by theme.

mod cases;
mod hand_over;
mod journeys;
mod problems;
mod samples;
mod walk;

use crate::{
    Action, Ask, Card, Consent, Draft, EditOp, Effect, Event, Input, Press, Screen, Submission, Target, View, Visit,
    VisitConfig, Way,
};
use domain::facts::Facts;
use domain::ids::{CategoryId, FieldId, ReceiptCode, ServiceId, SubmissionId};
use domain::sensitive::Sensitive;
use jiff::{SignedDuration, Timestamp};
use samples::{CODE, NoSearch, number, services};
use std::sync::Arc;
use uuid::Uuid;

/// 2026-11-22 14:26 at the kiosk.
pub(super) fn start() -> Timestamp {
    "2026-11-22T06:26:00Z".parse().unwrap()
}

pub(super) fn text(text: &str) -> Sensitive<String> {
    Sensitive::new(text.to_owned())
}

pub(super) struct Rig {
    pub(super) visit: Visit,
    pub(super) now: Timestamp,
    pub(super) last: Vec<Effect>,
    pub(super) all: Vec<Effect>,
    minted: u128,
}

impl Rig {
    pub(super) fn new() -> Self {
        Self::with(|config| config.face_matcher = true)
    }

    pub(super) fn with(change: impl FnOnce(&mut VisitConfig)) -> Self {
        let mut config = VisitConfig::for_station(vec![CategoryId::from("id-card"), CategoryId::from("exit-entry")]);
        change(&mut config);
        let visit = Visit::new(config, services().into(), Arc::new(NoSearch));
        Self { visit, now: start(), last: Vec::new(), all: Vec::new(), minted: 0 }
    }

    pub(super) fn give(&mut self, input: Input) -> &mut Self {
        self.last = self.visit.handle(input, self.now);
        self.all.extend(self.last.iter().cloned());
        self
    }

    pub(super) fn press(&mut self, press: Press) -> &mut Self {
        self.give(Input::Press(press))
    }

    /// Answers the youngest effect that carries an ask.
    pub(super) fn answer(&mut self, event: Event) -> &mut Self {
        let ask = self.all.iter().rev().find_map(ask_of).expect("something was asked");
        self.give(Input::Answer { ask, event })
    }

    pub(super) fn wait(&mut self, seconds: i64) -> &mut Self {
        self.now += SignedDuration::from_secs(seconds);
        self.give(Input::Tick)
    }

    pub(super) fn view(&self) -> View {
        self.visit.view()
    }

    pub(super) fn screen(&self) -> Screen {
        self.view().screen
    }

    pub(super) fn type_in(&mut self, target: Target, words: &str) -> &mut Self {
        self.press(Press::Edit { target, op: EditOp::Set(text(words)) })
    }

    pub(super) fn fill(&mut self, field: &str, words: &str) -> &mut Self {
        self.type_in(Target::Field(FieldId::from(field)), words).press(Press::Continue)
    }

    /// From attract to the ways of being identified.
    pub(super) fn begin(&mut self, service: &str) -> &mut Self {
        self.open(service).agree()
    }

    pub(super) fn agree(&mut self) -> &mut Self {
        self.press(Press::Consent(Consent::Notice)).press(Press::Consent(Consent::SensitiveData)).press(Press::Continue)
    }

    pub(super) fn open(&mut self, service: &str) -> &mut Self {
        self.press(Press::Touch).press(Press::Service(ServiceId::from(service))).press(Press::Start);
        self.minted += 1;
        let id = SubmissionId(Uuid::from_u128(self.minted));
        self.answer(Event::SubmissionMinted(id))
    }

    pub(super) fn number_and_face(&mut self, number: &str) -> &mut Self {
        self.press(Press::Way(Way::NumberAndFace)).type_in(Target::OwnNumber, number).press(Press::Continue);
        self.face(Event::FaceSame)
    }

    pub(super) fn face(&mut self, event: Event) -> &mut Self {
        self.press(Press::AgreeFace).answer(Event::CameraReady).press(Press::TakeShot).answer(event)
    }

    /// Identified by number and face, no draft, record as given.
    pub(super) fn identified(&mut self, service: &str, record: Option<Facts>) -> &mut Self {
        self.begin(service).number_and_face(&number(1990)).answer(Event::NoDraft);
        match record {
            Some(record) => self.answer(Event::OwnRecord(record)),
            None => self.answer(Event::OwnRecordUnavailable),
        }
    }

    pub(super) fn code() -> ReceiptCode {
        ReceiptCode::parse(CODE).unwrap()
    }

    pub(super) fn submission(&self) -> Submission {
        let sealed = self.all.iter().rev().find_map(|effect| match effect {
            Effect::Seal { submission, .. } => Some((**submission).clone()),
            _ => None,
        });
        sealed.expect("something was sealed")
    }

    pub(super) fn draft(&self) -> Draft {
        let saved = self.all.iter().rev().find_map(|effect| match effect {
            Effect::SaveDraft(draft) => Some((**draft).clone()),
            _ => None,
        });
        saved.expect("a draft was saved")
    }

    pub(super) fn count(&self, wanted: impl Fn(&Effect) -> bool) -> usize {
        self.all.iter().filter(|effect| wanted(effect)).count()
    }

    pub(super) fn offers(&self, press: &Press) -> bool {
        actions(&self.view()).iter().any(|action| action.press == *press)
    }
}

pub(super) fn actions(view: &View) -> Vec<Action> {
    view.frame.primary.iter().chain(&view.frame.secondary).cloned().collect()
}

pub(super) fn ask_of(effect: &Effect) -> Option<Ask> {
    match effect {
        Effect::MintSubmission { ask, .. }
        | Effect::LookForDraft { ask, .. }
        | Effect::Seal { ask, .. }
        | Effect::FetchOwnRecord { ask, .. }
        | Effect::FetchOwnCases { ask, .. }
        | Effect::FetchOutcome { ask, .. }
        | Effect::StartCardReading { ask }
        | Effect::StartCamera { ask, .. }
        | Effect::TakeShot { ask }
        | Effect::CompareFace { ask, .. }
        | Effect::PrintReceipt { ask, .. }
        | Effect::PrintCertificate { ask, .. } => Some(*ask),
        Effect::SaveDraft(_)
        | Effect::DestroyDraft { .. }
        | Effect::StopCardReading
        | Effect::StopCamera
        | Effect::DropAttachments(_)
        | Effect::Rate { .. }
        | Effect::CallStaff
        | Effect::Wipe => None,
    }
}

pub(super) fn card(number: &str, valid_until: &str) -> Event {
    Event::CardRead(Box::new(Card {
        name: text("林晓梅"),
        id_number: text(number),
        nation: text("汉"),
        address: text("云桥路 8 号"),
        valid_until: Some(valid_until.parse().unwrap()),
    }))
}
