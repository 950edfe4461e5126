//! One visit of one person at one kiosk, as a sans-IO machine: inputs in, effects out, a whole view at any time.
//! Invariants: no clock, no randomness, no IO, no words; no input in any state panics (what does not fit is ignored);
//! after [`Effect::Wipe`] nothing of the person is left in here; a receipt is shown only after `Sealed`.
//! Not here: devices, store, office and drawing (the kiosk); checking of answers (`domain::form`).

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "an input that does not fit the place is ignored by design: that is what the wildcard arms say"
)]

mod back;
mod browse;
mod capture;
mod config;
mod effect;
mod errand;
mod find;
mod hand_over;
mod identify;
mod idle;
mod input;
mod matter;
mod own_case;
mod place;
mod preferences;
mod question;
mod show;
mod submit;
mod supplement;
mod view;

#[cfg(test)]
mod tests;

pub use config::{Search, VisitConfig};
pub use effect::{
    CameraPurpose, Draft, Effect, FaceReference, Identified, Open, Person, Slip, Submission, SupplementOf,
};
pub use hand_over::Unfinished;
pub use input::{
    Ask, Card, Consent, EditOp, Event, Hint, Input, Outcome, Press, PrintProgress, PrintTrouble, Shot, StoreFault,
    Target, Ticket, Way,
};
pub use own_case::{EndedCase, Missing, MissingItem, OwnCase};
pub use preferences::{Preference, Preferences, Theme};
pub use supplement::Supplement;
pub use view::{
    Action, AddressEntry, Bring, Busy, CameraState, CasePage, CasesPage, CheckLine, CheckPage, CodeError, ConsentLine,
    Dialog, EndedWhy, Ending, Entry, FacePage, FacePhase, FieldView, FindPage, Frame, HeldWhy, HomePage, Kept,
    MaterialLine, NumberError, NumberOf, NumberPage, Paper, PapersPage, PhotoPage, Pill, Problem, ProblemKind,
    Progress, QuestionPage, Rating, ReceiptPage, Screen, ServicePage, SignaturePage, View, Wanted, WayLine,
};

use crate::place::{Memory, Place, Retry, Work};
use domain::answers::Answer;
use domain::service::Service;
use jiff::Timestamp;
use jiff::civil::Date;
use std::sync::Arc;

/// The machine. One for the life of the kiosk's process: visits follow one another in it, parted by `Effect::Wipe`.
pub struct Visit {
    config: VisitConfig,
    services: Vec<Arc<Service>>,
    search: Arc<dyn Search>,
    preferences: Preferences,
    /// Time of the last input.
    now: Timestamp,
    /// When somebody, or a device, last did something.
    touched: Timestamp,
    asks: u64,
    effects: Vec<Effect>,
    memory: Memory,
}

impl std::fmt::Debug for Visit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Visit")
            .field("preferences", &self.preferences)
            .field("now", &self.now)
            .field("touched", &self.touched)
            .field("memory", &self.memory)
            .finish_non_exhaustive()
    }
}

/// The day of `now` at the kiosk's place.
pub(crate) fn day(config: &VisitConfig, now: Timestamp) -> Date {
    config.offset.to_datetime(now).date()
}

impl Visit {
    /// A machine at its attract screen.
    pub fn new(config: VisitConfig, services: Arc<[Service]>, search: Arc<dyn Search>) -> Self {
        let mut visit = Self {
            config,
            services: services.iter().cloned().map(Arc::new).collect(),
            search,
            preferences: Preferences::start(""),
            now: Timestamp::MIN,
            touched: Timestamp::MIN,
            asks: 0,
            effects: Vec::new(),
            memory: Memory::default(),
        };
        visit.preferences = Preferences::start(visit.first_language());
        visit
    }

    /// Takes one input at `now`, and says what to do, in order. What is due by `now` happens before it.
    pub fn handle(&mut self, input: Input, now: Timestamp) -> Vec<Effect> {
        if now < self.now {
            self.clock_set_back(now);
        }
        self.now = now;
        self.expire();
        match input {
            Input::Tick => {}
            Input::Press(press) => {
                self.touched = now;
                self.press(press);
            }
            Input::Answer { ask, event } => self.answer(ask, event),
            Input::Delivered(submission) => self.delivered(submission),
        }
        std::mem::take(&mut self.effects)
    }

    /// When `Input::Tick` is wanted at the latest; `None` = not at all.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.next_deadline()
    }

    /// What is to be seen.
    pub fn view(&self) -> View {
        self.show()
    }

    fn press(&mut self, press: Press) {
        let nobody_here = matches!(self.memory.place, Place::Attract | Place::Ended { .. });
        if nobody_here && matches!(press, Press::Touch | Press::Prefer(_) | Press::CallStaff | Press::Help) {
            // Whatever is set before a visit belongs to one, so that it is reset with it.
            self.reset_preferences();
            self.go_home();
        }
        match press {
            Press::Touch | Press::StillHere => {}
            Press::Category(category) => self.open_category(category),
            Press::Service(service) => self.open_service(&service),
            Press::Back => self.press_back(),
            Press::Home => self.press_home(),
            Press::End => self.press_end(),
            Press::Leave => self.press_leave(),
            Press::FindCase => self.find_case(),
            Press::WithoutCode => self.without_code(),
            Press::Case(submission) => self.open_case(submission),
            Press::Supplement => self.begin_supplement(),
            Press::Start => {
                if let Place::Service { service, .. } = &self.memory.place {
                    self.start(Arc::clone(service));
                }
            }
            Press::Continue => self.press_continue(),
            Press::Decline => self.decline(),
            Press::Consent(consent) => self.tick_consent(consent),
            Press::Way(way) => self.choose_way(way),
            Press::AgreeFace => self.agree_face(),
            Press::AskOfficer => self.ask_officer(),
            Press::OtherWay => self.other_way(),
            Press::TryAgain => self.try_again(),
            Press::ResumeDraft => self.resume_draft(),
            Press::StartAfresh => self.start_afresh(),
            Press::Matter(matter) => self.choose_matter(matter),
            Press::Edit { target, op } => self.edit(target, op),
            Press::Option { field, option } => self.press_option(&field, option),
            Press::Declare(field) => self.declare(&field),
            Press::TakeShot => self.take_shot(),
            Press::ChooseShot(index) => self.choose_shot(index),
            Press::Retake => self.retake(),
            Press::RemovePage(index) => self.remove_page(index),
            Press::Later => self.later(),
            Press::Signed(id) => self.sign(Some(Answer::Signature(id))),
            Press::ClearSignature => self.sign(None),
            Press::CannotSign => self.sign(Some(Answer::CannotSign)),
            Press::Change(field) => self.change(&field),
            Press::Submit => self.submit(),
            Press::HandOver => self.ask_hand_over(),
            Press::HandOverNow => self.hand_over(),
            Press::Rate(stars) => self.rate(stars),
            Press::SkipRating => self.skip_rating(),
            Press::PrintReceipt => self.print_receipt(),
            Press::PrintCertificate => self.print_certificate(),
            Press::AnotherErrand => self.another_errand(),
            Press::Help => self.memory.dialog = Some(Dialog::Help),
            Press::CallStaff => {
                self.effects.push(Effect::CallStaff);
                self.memory.staff_called = true;
                self.memory.dialog = Some(Dialog::StaffCalled);
            }
            Press::CloseDialog => self.memory.dialog = None,
            Press::Prefer(change) => self.preferences.set(change, &self.config.languages),
        }
    }

    fn press_continue(&mut self) {
        match self.memory.place {
            Place::Notice { .. } => self.leave_notice(),
            Place::FindCode { .. } => self.leave_code(),
            Place::OwnNumber { .. } => self.leave_own_number(),
            Place::SubjectNumber { .. } => self.leave_subject_number(),
            Place::Page(_) => self.continue_page(),
            _ => {}
        }
    }

    /// Brings an answer to whoever waits for it; to nobody when it is out of date.
    fn answer(&mut self, ask: Ask, event: Event) {
        if self.memory.reader == Some(ask) {
            return self.reader_event(event);
        }
        if self.is_camera(ask) {
            return self.camera_event(event);
        }
        let comparing =
            matches!(&self.memory.place, Place::Face { comparing: Some((waiting, _)), .. } if *waiting == ask);
        if comparing {
            return self.face_event(&event);
        }
        if let Place::Waiting { work, ask: waiting, .. } = &self.memory.place
            && *waiting == ask
        {
            let work = work.clone();
            return self.work_event(work, event);
        }
        match event {
            Event::Outcome(outcome) if self.is_late_outcome(ask) => self.outcome(outcome),
            Event::Sealed(code) if self.is_late_seal(ask) => self.sealed(code),
            Event::ShotTaken(shot) => self.drop_pictures(vec![shot.id]),
            event => self.print_event(ask, &event),
        }
    }

    fn is_late_seal(&self, ask: Ask) -> bool {
        let asked_again = matches!(self.memory.place, Place::Problem { retry: Retry::Seal | Retry::HandOver, .. });
        asked_again && self.memory.sealing == Some(ask)
    }

    fn work_event(&mut self, work: Work, event: Event) {
        match (work, event) {
            (Work::Mint(service), Event::SubmissionMinted(id)) => self.minted(service, id),
            (Work::Mint(service), Event::StoreFailed(fault)) => self.mint_failed(service, fault),
            (Work::MintSupplement(case), Event::SubmissionMinted(id)) => self.supplement_minted(case, id),
            (Work::MintSupplement(case), Event::StoreFailed(fault)) => self.supplement_mint_failed(case, fault),
            (Work::OwnCases, event) => self.own_cases_event(event),
            (Work::Draft, event) => self.draft_event(event),
            (Work::OwnRecord, Event::OwnRecord(record)) => self.own_record(Some(record)),
            (Work::OwnRecord, Event::OwnRecordUnavailable) => self.own_record(None),
            (Work::WardRecord, Event::OwnRecord(record)) => self.ward_record(Some(record)),
            (Work::WardRecord, Event::OwnRecordUnavailable) => self.ward_record(None),
            (Work::Seal, Event::Sealed(code)) => self.sealed(code),
            (Work::Seal, Event::StoreFailed(fault)) => self.seal_failed(fault),
            (Work::Outcome, Event::Outcome(outcome)) => self.outcome(outcome),
            (Work::Outcome, Event::OfficeUnreachable) => self.held(HeldWhy::OfficeUnreachable),
            _ => {}
        }
    }

    /// To another place: devices of the old one go out, its dialog closes, and the person's quiet counts anew.
    fn go(&mut self, place: Place) {
        if self.memory.reader.take().is_some() {
            self.effects.push(Effect::StopCardReading);
        }
        if self.memory.camera.take().is_some() {
            self.effects.push(Effect::StopCamera);
        }
        self.memory.dialog = None;
        self.memory.place = place;
        self.touched = self.now;
    }

    fn next_ask(&mut self) -> Ask {
        self.asks = self.asks.wrapping_add(1);
        Ask(self.asks)
    }

    fn today(&self) -> Date {
        day(&self.config, self.now)
    }

    fn first_language(&self) -> &str {
        self.config.languages.first().map_or("zh-CN", String::as_str)
    }
}
