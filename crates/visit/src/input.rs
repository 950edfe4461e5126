//! What goes into a visit: what the person presses, what devices, store and office answer, and the passing of time.
//! Invariants: an answer names the request it belongs to ([`Ask`]); an answer to a request that nobody waits for any more is
//! ignored, so nothing of one person can appear before the next. Personal values are `Sensitive`.

use crate::effect::Draft;
use crate::own_case::OwnCase;
use crate::preferences::Preference;
use domain::answers::AttachmentId;
use domain::facts::Facts;
use domain::hours::Standing;
use domain::ids::{CategoryId, FieldId, ReceiptCode, ServiceId, SubmissionId};
use domain::sensitive::Sensitive;
use domain::service::Applicant;
use jiff::civil::Date;

/// Names one request of the visit; answers carry it back. Never used twice, also across visits of one process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ask(pub u64);

/// One input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Time has passed; give it when `Visit::deadline` is reached.
    Tick,
    /// The person did something.
    Press(Press),
    /// A device, the store or the office answers the effect that carried this `ask`.
    Answer {
        /// As carried by the effect.
        ask: Ask,
        /// What it says.
        event: Event,
    },
    /// The office's signed receipt for a submission has arrived (已送达), whenever it comes.
    Delivered(SubmissionId),
}

/// What the person did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Press {
    /// Touched the attract screen or the farewell.
    Touch,
    /// Opened a category.
    Category(CategoryId),
    /// Opened a service's page.
    Service(ServiceId),
    /// One step back; entered things stay.
    Back,
    /// To the home screen (asks first when something would be lost).
    Home,
    /// Ends the visit (asks first when something would be lost).
    End,
    /// Wants to know where a case stands.
    FindCase,
    /// Looks for all own cases, without a code.
    WithoutCode,
    /// Opens one of the cases found, by the submission it began with.
    Case(SubmissionId),
    /// Brings what is missing in the case that is open.
    Supplement,
    /// Begins the service of the service page.
    Start,
    /// Goes on: notice, number, question pages, chosen photo, papers, signature.
    Continue,
    /// Does not consent.
    Decline,
    /// Ticks or unticks a consent.
    Consent(Consent),
    /// Chooses a way to be identified.
    Way(Way),
    /// Agrees that the face is compared this once.
    AgreeFace,
    /// An officer in place of the face, or of a rule's no.
    AskOfficer,
    /// Back to the choice of ways to be identified.
    OtherWay,
    /// Once more what just did not work.
    TryAgain,
    /// Goes on with the draft found.
    ResumeDraft,
    /// Leaves the draft found and begins anew.
    StartAfresh,
    /// Says whose matter it is.
    Matter(Applicant),
    /// Edits a text or an address.
    Edit {
        /// Which text.
        target: Target,
        /// How.
        op: EditOp,
    },
    /// Chooses an option of a choice; with several allowed, or when not required, a second press takes it away.
    Option {
        /// The choice.
        field: FieldId,
        /// The option's id.
        option: String,
    },
    /// Ticks or unticks a declaration.
    Declare(FieldId),
    /// Takes a picture (portrait, page).
    TakeShot,
    /// Chooses one of the two shots.
    ChooseShot(usize),
    /// Throws the shots away and takes new ones.
    Retake,
    /// Takes a page of a material out again.
    RemovePage(usize),
    /// The material follows later (容缺受理).
    Later,
    /// Signed; the kiosk keeps the picture of the strokes under this id.
    Signed(AttachmentId),
    /// Wipes the signature.
    ClearSignature,
    /// Cannot sign; an officer witnesses.
    CannotSign,
    /// Changes an answer from the check page.
    Change(FieldId),
    /// Submits.
    Submit,
    /// Wants to go on at the counter: asks first.
    HandOver,
    /// Yes: what is entered so far goes to the counter, unfinished.
    HandOverNow,
    /// Says how it went, one to five, at the farewell.
    Rate(u8),
    /// Does not say.
    SkipRating,
    /// Prints the receipt, again if need be: the code stays.
    PrintReceipt,
    /// Prints the certificate after a failure.
    PrintCertificate,
    /// Goes on to another errand as the same person.
    AnotherErrand,
    /// Opens the help of this page.
    Help,
    /// Calls a member of staff.
    CallStaff,
    /// Closes the dialog and stays.
    CloseDialog,
    /// Leaves, from the leave dialog.
    Leave,
    /// 我还在.
    StillHere,
    /// Changes language, size, contrast and the like.
    Prefer(Preference),
}

/// A consent that is asked separately.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Consent {
    /// Has read the notice (`notice`).
    Notice,
    /// Sensitive personal data (`consent`).
    SensitiveData,
}

/// A way to be identified; all are equal on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// Number typed, face compared.
    NumberAndFace,
    /// Card read, face compared.
    CardAndFace,
    /// No face: an officer confirms the person.
    Officer,
}

/// Which text is edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Search words of the home screen.
    Search,
    /// The person's own number.
    OwnNumber,
    /// The number of the person whose matter it is.
    SubjectNumber,
    /// The code of a receipt.
    Code,
    /// A field of the page.
    Field(FieldId),
}

/// How a text or an address is edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditOp {
    /// Adds at the end.
    Insert(Sensitive<String>),
    /// Takes the last character away.
    Backspace,
    /// Empties it; an address loses its division as well.
    Clear,
    /// Replaces it all.
    Set(Sensitive<String>),
    /// Goes one level down in the divisions of an address.
    PickDivision {
        /// Six digits of GB/T 2260.
        code: String,
        /// Its name.
        name: String,
        /// There is no level below.
        last: bool,
    },
    /// Goes one level up again.
    UnpickDivision,
}

/// What devices, store and office answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// To `MintSubmission`.
    SubmissionMinted(SubmissionId),
    /// To `MintSubmission`, `Seal`: the store could not.
    StoreFailed(StoreFault),
    /// To `StartCardReading`.
    CardRead(Box<Card>),
    /// To `StartCardReading`: a card lies there that cannot be read.
    CardUnreadable,
    /// To `StartCardReading`: the card was taken away.
    CardRemoved,
    /// To `StartCardReading`: the reader does not answer.
    ReaderDown,
    /// To `StartCamera`: pictures come.
    CameraReady,
    /// To `StartCamera`: what to do better, worst first; empty = good.
    CameraHints(Vec<Hint>),
    /// To `StartCamera`: no pictures come any more.
    CameraStalled,
    /// To `TakeShot`.
    ShotTaken(Shot),
    /// To `CompareFace`: the same person.
    FaceSame,
    /// To `CompareFace`: not the same person.
    FaceDifferent,
    /// To `CompareFace`: no face, or no usable picture; does not count as a try.
    NoFace,
    /// To `CompareFace`: there is no matcher, or it does not answer.
    FaceUnavailable,
    /// To `LookForDraft`.
    DraftFound(Box<Draft>),
    /// To `LookForDraft`.
    NoDraft,
    /// To `LookForDraft`: what was begun was sealed before; we already have it.
    AlreadySubmitted {
        /// The service.
        service: ServiceId,
        /// Its receipt's code.
        code: ReceiptCode,
        /// It was handed over to the counter half done.
        unfinished: bool,
    },
    /// To `FetchOwnRecord`: facts under `person.*` and others.
    OwnRecord(Facts),
    /// To `FetchOwnRecord`: no answer, or none that may be given.
    OwnRecordUnavailable,
    /// To `FetchOwnCases`: the cases of this person, newest first.
    OwnCases(Vec<OwnCase>),
    /// To `FetchOwnCases`: no answer now.
    OwnCasesUnavailable,
    /// To `Seal`: durable on this machine. Idempotent: the same submission gives the same code; a supplement that of its case.
    Sealed(ReceiptCode),
    /// To `FetchOutcome`.
    Outcome(Outcome),
    /// To `FetchOutcome`: the office cannot be reached; the outbox goes on trying.
    OfficeUnreachable,
    /// To `PrintReceipt`, `PrintCertificate`.
    Print(PrintProgress),
}

/// Why the store could not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreFault {
    /// No room.
    DiskFull,
    /// The office does not accept this kiosk at present.
    Paused,
    /// There is no valid key to seal to: nobody could read what is handed in.
    NoKey,
    /// Anything else, no answer in time included.
    Other,
}

/// What a resident identity card says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Full name.
    pub name: Sensitive<String>,
    /// 18 characters.
    pub id_number: Sensitive<String>,
    /// Nation (民族) as on the card.
    pub nation: Sensitive<String>,
    /// Address as on the card.
    pub address: Sensitive<String>,
    /// Last day of validity; `None` = 长期.
    pub valid_until: Option<Date>,
}

/// One picture taken; the kiosk keeps the bytes under its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shot {
    /// SHA-256 of the bytes.
    pub id: AttachmentId,
    /// What could be better; empty = good.
    pub hints: Vec<Hint>,
}

/// What to do better before the camera. Text keys `hint.<key>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// No face seen.
    NoFace,
    /// More than one face.
    SeveralFaces,
    /// Come closer.
    Closer,
    /// Go back a little.
    Back,
    /// To the middle.
    Centre,
    /// Look straight.
    Straight,
    /// Open the eyes.
    Eyes,
    /// Too dark.
    Dark,
    /// Too bright.
    Bright,
    /// Hold still.
    Still,
    /// The wall behind is not white.
    Background,
    /// No paper seen.
    NoPage,
    /// A reflection covers it.
    Glare,
}

impl Hint {
    /// Last part of its text key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::NoFace => "no-face",
            Self::SeveralFaces => "several-faces",
            Self::Closer => "closer",
            Self::Back => "back",
            Self::Centre => "centre",
            Self::Straight => "straight",
            Self::Eyes => "eyes",
            Self::Dark => "dark",
            Self::Bright => "bright",
            Self::Still => "still",
            Self::Background => "background",
            Self::NoPage => "no-page",
            Self::Glare => "glare",
        }
    }
}

/// How an instant service came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The office issued; the kiosk holds the PDF under this certificate number.
    Issued {
        /// The certificate's number.
        number: String,
    },
    /// It goes to the counter. Never says why (product rule 2).
    Counter {
        /// The queue ticket, when the office gave one.
        ticket: Option<Ticket>,
    },
}

/// A queue ticket with what the person must know to wait for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// As called, e.g. `A012`.
    pub number: String,
    /// Where to wait, in the station's words; `None` when the office did not say.
    pub window: Option<String>,
    /// How the counter stood when the office answered; after hours the number is good on the day it opens.
    pub hours: Option<Standing>,
}

impl Ticket {
    /// A number of which nothing else is known.
    pub fn numbered(number: impl Into<String>) -> Self {
        Self { number: number.into(), window: None, hours: None }
    }
}

/// What a print job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrintProgress {
    /// Under way.
    Printing,
    /// Waits for somebody.
    Waiting(PrintTrouble),
    /// The printer says every page is out.
    Done,
    /// Given up.
    Failed(PrintTrouble),
}

/// What is wrong with the printer. Text keys `printer.<key>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrintTrouble {
    /// No paper.
    PaperOut,
    /// Paper jammed.
    Jam,
    /// Cover open.
    CoverOpen,
    /// Off, unplugged, or does not answer.
    Offline,
    /// Anything else.
    Other,
}

impl PrintTrouble {
    /// Last part of its text key.
    pub const fn key(self) -> &'static str {
        match self {
            Self::PaperOut => "paper-out",
            Self::Jam => "jam",
            Self::CoverOpen => "cover-open",
            Self::Offline => "offline",
            Self::Other => "other",
        }
    }
}
