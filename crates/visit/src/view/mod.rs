//! What is to be seen: one value per moment, complete, without words. Texts are ids and keys; the kiosk's presenters translate.
//! Invariants: personal values are `Sensitive`; what may be pressed besides the page's own parts is listed as [`Action`]s.

mod capture;
mod cases;
mod finish;
mod pages;
mod problem;
mod question;

pub use capture::{CameraState, PapersPage, PhotoPage, SignaturePage};
pub use cases::{Bring, CasePage, CasesPage, CodeError, FindPage, Wanted};
pub use finish::{Busy, CheckLine, CheckPage, Ending, HeldWhy, Paper, ReceiptPage};
pub use pages::{
    ConsentLine, FacePage, FacePhase, HomePage, MaterialLine, NumberError, NumberOf, NumberPage, Pill, ServicePage,
    WayLine,
};
pub use problem::{EndedWhy, Kept, Problem, ProblemKind, Rating};
pub use question::{AddressEntry, Entry, FieldView, QuestionPage};

use crate::input::{Press, Way};
use crate::preferences::Preferences;
use domain::ids::{CategoryId, ServiceId};
use domain::service::Applicant;
use jiff::Timestamp;

/// One moment of the visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// What surrounds every screen.
    pub frame: Frame,
    /// The screen.
    pub screen: Screen,
}

/// What surrounds every screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The service under way.
    pub service: Option<ServiceId>,
    /// Which of its major steps.
    pub progress: Option<Progress>,
    /// How the person wants it.
    pub preferences: Preferences,
    /// `Press::Back` does something.
    pub can_go_back: bool,
    /// The one main button.
    pub primary: Option<Action>,
    /// Other buttons, in order.
    pub secondary: Vec<Action>,
    /// Seconds left of the idle warning, while it is shown.
    pub idle_seconds: Option<u32>,
    /// The dialog on top.
    pub dialog: Option<Dialog>,
    /// Somebody was called in this visit.
    pub staff_called: bool,
    /// A person is identified in this visit.
    pub identified: bool,
    /// The person is on the way to their cases.
    pub finding: bool,
    /// Set while something is brought for a case that is there already.
    pub wanted: Option<Wanted>,
}

/// Where among the major steps: identify, each step asked, check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// From 1.
    pub step: u32,
    /// How many.
    pub of: u32,
}

/// A button: its words are under `action.<key>`, its input is `press`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Last part of the text key.
    pub key: &'static str,
    /// What it sends.
    pub press: Press,
}

impl Action {
    /// A button.
    pub const fn new(key: &'static str, press: Press) -> Self {
        Self { key, press }
    }
}

/// A dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// What was entered here would be lost: `CloseDialog` stays, `Leave` leaves.
    Leave {
        /// True when the whole visit would end, false when the home screen comes.
        ends_visit: bool,
    },
    /// Help of this page.
    Help,
    /// Somebody was called and comes.
    StaffCalled,
    /// On at the counter? `HandOverNow` goes, `CloseDialog` stays.
    HandOver,
}

/// A screen with all its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Screen {
    /// Nobody is here.
    Attract,
    /// Categories, common errands, search.
    Home(HomePage),
    /// The services of a category.
    Category {
        /// Which.
        category: CategoryId,
        /// Its services, in the catalogue's order.
        services: Vec<ServiceId>,
    },
    /// Type the code of a receipt.
    FindCode(FindPage),
    /// The person's cases.
    Cases(CasesPage),
    /// One case.
    Case(Box<CasePage>),
    /// A service before anything is typed.
    Service(ServicePage),
    /// Notice and separate consents.
    Notice {
        /// What is to be ticked.
        consents: Vec<ConsentLine>,
        /// Continue was pressed with something unticked.
        unticked: bool,
    },
    /// How to be identified.
    Ways {
        /// Equal ways, in order.
        ways: Vec<WayLine>,
    },
    /// Put the card on the reader.
    CardWait {
        /// The way chosen.
        way: Way,
    },
    /// Type a number.
    Number(NumberPage),
    /// Look into the camera.
    Face(FacePage),
    /// A draft of this person is there.
    FoundDraft {
        /// Of which service.
        service: ServiceId,
        /// Last touched.
        touched: Timestamp,
    },
    /// Whose matter is it?
    Matter {
        /// What the service allows.
        choices: Vec<Applicant>,
    },
    /// A rule says no. Offers a person always.
    Refused {
        /// The rule; texts `rule.<id>` and `rule.<id>.where`.
        rule: String,
        /// The service.
        service: ServiceId,
    },
    /// One question, or one group.
    Question(QuestionPage),
    /// A portrait.
    Photo(PhotoPage),
    /// Pages of a material.
    Papers(PapersPage),
    /// A signature.
    Signature(SignaturePage),
    /// Check the answers.
    Check(CheckPage),
    /// Something is under way.
    Busy(Busy),
    /// It is taken in.
    Receipt(Box<ReceiptPage>),
    /// Something went wrong.
    Problem(Problem),
    /// The visit is over and everything personal is wiped.
    Ended {
        /// How it ended.
        why: EndedWhy,
        /// Whether the person is asked how it went.
        rating: Option<Rating>,
    },
}
