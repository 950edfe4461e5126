//! What is to be seen: one value per moment, complete, without words. Texts are ids and keys; the kiosk's presenters translate.
//! Invariants: personal values are `Sensitive`; what may be pressed besides the page's own parts is listed as [`Action`]s.

use crate::effect::{Open, Person};
use crate::input::{Consent, Hint, Press, PrintProgress, PrintTrouble, Shot, StoreFault, Way};
use crate::preferences::Preferences;
use domain::answers::{Address, Answer, AttachmentId};
use domain::eligibility::Eligibility;
use domain::form::FieldError;
use domain::ids::{CategoryId, FieldId, MaterialId, ReceiptCode, ServiceId, StepId, SubmissionId};
use domain::rules::RuleCode;
use domain::sensitive::Sensitive;
use domain::service::{Applicant, FieldKind};
use jiff::Timestamp;
use jiff::civil::Date;

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
    },
}

/// The home screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomePage {
    /// Tiles, in order.
    pub categories: Vec<CategoryId>,
    /// 大家常办, in order.
    pub common: Vec<ServiceId>,
    /// Search words.
    pub query: Sensitive<String>,
    /// What the search found; empty while there is no query.
    pub results: Vec<ServiceId>,
}

/// A service's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServicePage {
    /// Which.
    pub service: ServiceId,
    /// With the facts known so far; `None` while nobody is identified.
    pub eligibility: Option<Eligibility>,
    /// Papers, with what to do about each.
    pub materials: Vec<MaterialLine>,
}

/// A paper on the service page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaterialLine {
    /// Which.
    pub material: MaterialId,
    /// What to do about it.
    pub pill: Pill,
    /// Asked only in some cases.
    pub conditional: bool,
}

/// What to do about a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pill {
    /// 今天要.
    Today,
    /// 可后补.
    CanFollow,
    /// 免交.
    Exempt,
    /// 窗口补.
    Counter,
}

/// A consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsentLine {
    /// Which.
    pub consent: Consent,
    /// Ticked.
    pub ticked: bool,
}

/// A way to be identified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WayLine {
    /// Which.
    pub way: Way,
    /// False = not at this machine today; pressing it says so and offers the officer.
    pub available: bool,
}

/// Typing an identity number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberPage {
    /// Whose number.
    pub of: NumberOf,
    /// As typed.
    pub number: Sensitive<String>,
    /// Why it is not taken.
    pub error: Option<NumberError>,
    /// A card on the reader does as well.
    pub card_works: bool,
}

/// Whose number is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberOf {
    /// The person's own.
    Applicant,
    /// The ward's.
    Ward,
    /// The principal's.
    Principal,
}

/// Why a number is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// Nothing typed.
    Empty,
    /// The rule `resident-id` says no.
    Rule(RuleCode),
    /// The person's own number where another person's is asked.
    Own,
}

/// Comparing the face.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacePage {
    /// How far.
    pub phase: FacePhase,
    /// What to do better.
    pub hints: Vec<Hint>,
    /// Tries left.
    pub tries_left: u32,
}

/// How far the comparison is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FacePhase {
    /// Asks for consent to compare the face this once.
    Consent,
    /// The camera starts.
    Starting,
    /// The camera shows the person.
    Aim,
    /// The matcher compares.
    Comparing,
}

/// One question page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionPage {
    /// The step.
    pub step: StepId,
    /// The field, or the group.
    pub page: FieldId,
    /// The fields on it: one, or the group's.
    pub fields: Vec<FieldView>,
}

impl QuestionPage {
    /// For the error summary: fields with their errors, in order.
    pub fn errors(&self) -> impl Iterator<Item = (&FieldId, &FieldError)> {
        self.fields.iter().filter_map(|field| field.error.as_ref().map(|error| (&field.field, error)))
    }
}

/// One field of a question page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldView {
    /// Which.
    pub field: FieldId,
    /// Its kind, with options, bounds and keyboard.
    pub kind: FieldKind,
    /// Must be answered.
    pub required: bool,
    /// The registry's own datum: shown for confirmation, not to be changed here.
    pub locked: bool,
    /// Filled from what is known, and not changed since.
    pub prefilled: bool,
    /// What is entered.
    pub entry: Entry,
    /// What is wrong with it.
    pub error: Option<FieldError>,
}

/// What is entered in a field, not yet checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Typed.
    Text(Sensitive<String>),
    /// Chosen.
    Options(Vec<String>),
    /// An address.
    Address(AddressEntry),
    /// A declaration: agreed or not.
    Declared(bool),
}

/// An address as far as it is entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressEntry {
    /// Division (empty until the last level is picked), names so far, detail.
    pub address: Sensitive<Address>,
    /// Codes picked so far, from the province down, as many as names.
    pub picked: Sensitive<Vec<String>>,
}

/// A portrait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoPage {
    /// The step.
    pub step: StepId,
    /// The field.
    pub field: FieldId,
    /// Photo profile of the catalogue.
    pub profile: String,
    /// How far the camera is.
    pub camera: CameraState,
    /// Shots taken: two are wanted.
    pub shots: Vec<Shot>,
    /// The one chosen.
    pub chosen: Option<usize>,
    /// Continue was pressed without a photo.
    pub error: Option<FieldError>,
}

/// How far a camera is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CameraState {
    /// Not needed now.
    Off,
    /// Starts.
    Starting,
    /// Shows pictures; what to do better, worst first.
    Live(Vec<Hint>),
    /// A picture is being taken.
    Taking,
}

/// Pages of a material.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PapersPage {
    /// The step.
    pub step: StepId,
    /// The field.
    pub field: FieldId,
    /// The material.
    pub material: MaterialId,
    /// How far the camera is.
    pub camera: CameraState,
    /// Pages taken.
    pub pages: Vec<Shot>,
    /// Most pages.
    pub max_pages: u32,
    /// 以后补 is allowed.
    pub deferrable: bool,
    /// 以后补 was chosen.
    pub later: bool,
    /// Why it cannot go on.
    pub error: Option<FieldError>,
}

/// A signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignaturePage {
    /// The step.
    pub step: StepId,
    /// The field.
    pub field: FieldId,
    /// The picture of the strokes.
    pub signed: Option<AttachmentId>,
    /// Cannot sign was chosen.
    pub cannot_sign: bool,
    /// Why it cannot go on.
    pub error: Option<FieldError>,
}

/// The check page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckPage {
    /// Who.
    pub applicant: Option<Person>,
    /// Whose matter.
    pub matter: Applicant,
    /// Number of the ward or principal.
    pub subject: Option<Sensitive<String>>,
    /// Every field asked, in order.
    pub lines: Vec<CheckLine>,
    /// What an officer will do.
    pub open: Vec<Open>,
}

/// One line of the check page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckLine {
    /// Its step.
    pub step: StepId,
    /// The field.
    pub field: FieldId,
    /// Its kind, to show the answer by.
    pub kind: FieldKind,
    /// The answer; `None` = not given (没有填).
    pub answer: Option<Answer>,
    /// `Press::Change` works.
    pub changeable: bool,
}

/// What is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Busy {
    /// The service opens.
    Opening,
    /// What is known is looked up.
    Record,
    /// It is made durable.
    Sealing,
    /// The office answers.
    Office,
}

/// A receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptPage {
    /// The service.
    pub service: ServiceId,
    /// The submission.
    pub submission: SubmissionId,
    /// Its code.
    pub code: ReceiptCode,
    /// When it was sealed (已收件).
    pub received: Timestamp,
    /// The office has it (已送达).
    pub delivered: bool,
    /// How it ended here.
    pub ending: Ending,
    /// What is missing or open.
    pub open: Vec<Open>,
    /// Materials to show at the counter.
    pub bring: Vec<MaterialId>,
    /// The slip.
    pub slip: Paper,
    /// What the person should be told about paper, worst first.
    pub trouble: Option<PrintTrouble>,
    /// Earlier submissions of this visit.
    pub earlier: Vec<(ServiceId, ReceiptCode)>,
}

/// How a submission ended at the kiosk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// An officer accepts and decides.
    Acceptance,
    /// The certificate was issued.
    Issued {
        /// Its number.
        number: String,
        /// Its paper.
        paper: Paper,
    },
    /// To the counter, without a word why.
    Counter {
        /// Queue ticket.
        ticket: Option<String>,
    },
    /// Instant, but the office did not answer; it will be dealt with when it does.
    Held(HeldWhy),
}

/// Why an instant service is only 已收件.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldWhy {
    /// No connection.
    OfficeUnreachable,
    /// No answer in time.
    OfficeSlow,
}

/// A piece of paper. `Job(Done)` is the only one of which "printed" may be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// Not asked for.
    NotAsked,
    /// The job's last word.
    Job(PrintProgress),
}

/// Something went wrong: what happened, what was kept, what to do (the frame's actions).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What happened.
    pub kind: ProblemKind,
    /// What was kept.
    pub kept: Kept,
}

/// What happened. Text keys `problem.<key>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// The card's validity is over.
    CardExpired {
        /// Its last day.
        until: Date,
    },
    /// The card cannot be read.
    CardUnreadable,
    /// The card's number is not right.
    CardNumber(RuleCode),
    /// The reader does not answer.
    ReaderDown,
    /// No face comparison at this machine.
    FaceUnavailable,
    /// Not the same face.
    FaceDifferent {
        /// Tries left.
        tries_left: u32,
    },
    /// No face was seen.
    NoFace,
    /// The camera gives no picture.
    CameraStalled,
    /// The service wants the card, and another way was used.
    CardNeeded,
    /// The person does not consent: the counter does it without this machine.
    ConsentDeclined,
    /// Nothing can be taken in at this machine now.
    CannotAccept(StoreFault),
    /// We already have it.
    AlreadySubmitted {
        /// The service.
        service: ServiceId,
        /// Its receipt's code.
        code: ReceiptCode,
    },
}

impl ProblemKind {
    /// Last part of its text key.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::CardExpired { .. } => "card-expired",
            Self::CardUnreadable => "card-unreadable",
            Self::CardNumber(_) => "card-number",
            Self::ReaderDown => "reader-down",
            Self::FaceUnavailable => "face-unavailable",
            Self::FaceDifferent { .. } => "face-different",
            Self::NoFace => "no-face",
            Self::CameraStalled => "camera-stalled",
            Self::CardNeeded => "card-needed",
            Self::ConsentDeclined => "consent-declined",
            Self::CannotAccept(StoreFault::DiskFull) => "disk-full",
            Self::CannotAccept(StoreFault::Other) => "cannot-accept",
            Self::AlreadySubmitted { .. } => "already-submitted",
        }
    }
}

/// What was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Nothing was entered yet, nothing is lost.
    NothingYet,
    /// What was entered is still here, on this screen.
    Entered,
    /// It is submitted, under this code.
    Submitted(ReceiptCode),
}

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedWhy {
    /// The person ended it.
    ByPerson,
    /// Nobody was there any more.
    TimedOut,
}
