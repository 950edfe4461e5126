//! One visit of one person at one kiosk, as a sans-IO machine: inputs in, effects out, a whole view at any time.
//! Invariants: no clock, no randomness, no IO, no words; no input in any state panics (what does not fit is ignored);
//! after [`Effect::Wipe`] nothing of the person is left in here; a receipt is shown only after `Sealed`.
//! Not here: devices, store, office and drawing (the kiosk); checking of answers (`domain::form`).

mod config;
mod effect;
mod input;
mod preferences;
mod view;

pub use config::{Search, VisitConfig};
pub use effect::{CameraPurpose, Draft, Effect, FaceReference, Identified, Open, Person, Slip, Submission};
pub use input::{
    Ask, Card, Consent, EditOp, Event, Hint, Input, Outcome, Press, PrintProgress, PrintTrouble, Shot, StoreFault,
    Target, Way,
};
pub use preferences::{Preference, Preferences, Theme};
pub use view::{
    Action, AddressEntry, Busy, CameraState, CheckLine, CheckPage, ConsentLine, Dialog, EndedWhy, Ending, Entry,
    FacePage, FacePhase, FieldView, Frame, HeldWhy, HomePage, Kept, MaterialLine, NumberError, NumberOf, NumberPage,
    Paper, PapersPage, PhotoPage, Pill, Problem, ProblemKind, Progress, QuestionPage, ReceiptPage, Screen, ServicePage,
    SignaturePage, View, WayLine,
};

use domain::service::Service;
use jiff::Timestamp;
use std::sync::Arc;

/// The machine.
pub struct Visit {
    config: VisitConfig,
    services: Arc<[Service]>,
    search: Arc<dyn Search>,
    preferences: Preferences,
    home: bool,
}

impl Visit {
    /// A machine at its attract screen.
    pub fn new(config: VisitConfig, services: Arc<[Service]>, search: Arc<dyn Search>) -> Self {
        let preferences = Preferences::start(config.languages.first().map_or("zh-CN", String::as_str));
        Self { config, services, search, preferences, home: false }
    }

    /// Takes one input at `now`, and says what to do, in order.
    pub fn handle(&mut self, input: Input, now: Timestamp) -> Vec<Effect> {
        let _ = (now, &self.services, &self.search);
        if input == Input::Press(Press::Touch) {
            self.home = true;
        }
        Vec::new()
    }

    /// When `Input::Tick` is wanted at the latest; `None` = not at all.
    pub fn deadline(&self) -> Option<Timestamp> {
        None
    }

    /// What is to be seen.
    pub fn view(&self) -> View {
        let screen = if self.home {
            Screen::Home(HomePage {
                categories: self.config.categories.clone(),
                common: Vec::new(),
                query: domain::sensitive::Sensitive::default(),
                results: Vec::new(),
            })
        } else {
            Screen::Attract
        };
        let frame = Frame {
            service: None,
            progress: None,
            preferences: self.preferences.clone(),
            can_go_back: false,
            primary: None,
            secondary: Vec::new(),
            idle_seconds: None,
            dialog: None,
            staff_called: false,
            identified: false,
        };
        View { frame, screen }
    }
}
