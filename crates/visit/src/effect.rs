//! What a visit asks the kiosk to do, and the data that goes with it.
//! Invariants: an effect that expects an answer carries an [`Ask`]; after [`Effect::Wipe`] the kiosk forgets every picture,
//! portrait and text of the visit; a draft is destroyed only by [`Effect::DestroyDraft`] (or by its age, in the store).
//! Not here: `wire`'s payload, which the kiosk makes from [`Submission`].

use crate::hand_over::Unfinished;
use crate::input::{Ask, Ticket};
use domain::answers::{Answers, AttachmentId};
use domain::facts::Facts;
use domain::ids::{FieldId, MaterialId, ReceiptCode, ServiceId, SubmissionId};
use domain::sensitive::Sensitive;
use domain::service::Applicant;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Mint an id: answered by `SubmissionMinted` or `StoreFailed`.
    MintSubmission {
        /// Carried back.
        ask: Ask,
        /// For which service.
        service: ServiceId,
    },
    /// Look for a draft of this person, younger than 30 minutes: `DraftFound`, `NoDraft`, `AlreadySubmitted`.
    /// Only ever asked for a person whose face was compared.
    LookForDraft {
        /// Carried back.
        ask: Ask,
        /// Whose.
        id_number: Sensitive<String>,
    },
    /// Keep this draft in place of the person's earlier one, with the pictures its answers name. No answer.
    SaveDraft(Box<Draft>),
    /// Destroy the key of this person's draft. No answer.
    DestroyDraft {
        /// Whose.
        id_number: Sensitive<String>,
    },
    /// Make it durable: `Sealed` or `StoreFailed`.
    Seal {
        /// Carried back.
        ask: Ask,
        /// What to seal.
        submission: Box<Submission>,
    },
    /// Ask the office for a person's own data: `OwnRecord` or `OwnRecordUnavailable`.
    FetchOwnRecord {
        /// Carried back.
        ask: Ask,
        /// The identified person at the kiosk.
        applicant: Person,
        /// How sure the kiosk is of them.
        identified: Identified,
        /// The ward whose record is wanted; `None` = the applicant's own.
        ward: Option<Sensitive<String>>,
    },
    /// Ask the office for a person's own cases: `OwnCases` or `OwnCasesUnavailable`. Only ever asked for a person whose
    /// face was compared.
    FetchOwnCases {
        /// Carried back.
        ask: Ask,
        /// The identified person at the kiosk.
        applicant: Person,
        /// How sure the kiosk is of them.
        identified: Identified,
        /// Only the case with this code; `None` = all of the person's.
        code: Option<ReceiptCode>,
    },
    /// Wait for the office's answer to an instant service: `Outcome` or `OfficeUnreachable`.
    FetchOutcome {
        /// Carried back.
        ask: Ask,
        /// Which.
        submission: SubmissionId,
    },
    /// Read cards until told to stop: `CardRead`, `CardUnreadable`, `CardRemoved`, `ReaderDown`.
    StartCardReading {
        /// Carried back.
        ask: Ask,
    },
    /// Stop reading cards. The portrait read is kept until `Wipe`.
    StopCardReading,
    /// Show a camera: `CameraReady`, `CameraHints`, `CameraStalled`.
    StartCamera {
        /// Carried back, also with the shots of this camera.
        ask: Ask,
        /// What for.
        purpose: CameraPurpose,
    },
    /// Take one picture: `ShotTaken` or `CameraStalled`.
    TakeShot {
        /// That of the camera.
        ask: Ask,
    },
    /// Put the camera out.
    StopCamera,
    /// Compare the face before the camera: `FaceSame`, `FaceDifferent`, `NoFace`, `FaceUnavailable`.
    CompareFace {
        /// Carried back.
        ask: Ask,
        /// With what.
        reference: FaceReference,
    },
    /// Forget pictures that no answer names any more.
    DropAttachments(Vec<AttachmentId>),
    /// Print the receipt slip: `Print`.
    PrintReceipt {
        /// Carried back.
        ask: Ask,
        /// What is on it.
        slip: Box<Slip>,
    },
    /// Print the certificate issued: `Print`.
    PrintCertificate {
        /// Carried back.
        ask: Ask,
        /// Of which submission.
        submission: SubmissionId,
        /// The certificate's number.
        number: String,
    },
    /// Tell the office how the person found it. No answer: without a connection it is dropped.
    Rate {
        /// Which submission.
        submission: SubmissionId,
        /// One to five.
        stars: u8,
    },
    /// Call a member of staff to this machine.
    CallStaff,
    /// Forget everything of this person, now.
    Wipe,
}

/// What a camera is shown for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CameraPurpose {
    /// The face is compared; nothing is kept.
    Face,
    /// A portrait by a profile of the catalogue.
    Portrait {
        /// E.g. `id-photo`.
        profile: String,
    },
    /// Pages of a material.
    Document {
        /// Which.
        material: MaterialId,
    },
}

/// What a face is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaceReference {
    /// The portrait of the card just read.
    Card {
        /// Its number.
        id_number: Sensitive<String>,
    },
    /// The portrait the matcher's side holds for this number.
    Number {
        /// As typed and checked.
        id_number: Sensitive<String>,
    },
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Full name; empty when the number was typed and no registry has answered.
    pub name: Sensitive<String>,
    /// 18 characters.
    pub id_number: Sensitive<String>,
}

/// How the person was identified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Identified {
    /// Card read and face compared.
    CardAndFace,
    /// Number typed and face compared.
    NumberAndFace,
    /// Card read, an officer must confirm the person.
    CardOfficer,
    /// Number typed, an officer must confirm the person.
    NumberOfficer,
}

impl Identified {
    /// The face was compared: this is the person. Only then own data and drafts are opened.
    pub const fn confirmed(self) -> bool {
        matches!(self, Self::CardAndFace | Self::NumberAndFace)
    }

    /// The card was read.
    pub const fn with_card(self) -> bool {
        matches!(self, Self::CardAndFace | Self::CardOfficer)
    }
}

/// What an officer must still do or know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Open {
    /// Confirm the person.
    ConfirmPerson,
    /// Check the written mandate.
    ConfirmMandate,
    /// A rule of eligibility that an officer decides.
    Rule(String),
    /// A material follows later.
    Later {
        /// Which.
        material: MaterialId,
        /// Working days after acceptance, when the service says so.
        working_days: Option<u32>,
    },
    /// Witness, in place of a signature.
    CannotSign,
    /// The registry could not be asked for the person's own data.
    OwnRecordUnavailable,
}

impl Open {
    /// The stable code of the wire.
    pub fn code(&self) -> String {
        match self {
            Self::ConfirmPerson => "confirm-person".to_owned(),
            Self::ConfirmMandate => "confirm-mandate".to_owned(),
            Self::Rule(rule) => format!("rule:{rule}"),
            Self::Later { material, .. } => format!("later:{material}"),
            Self::CannotSign => "cannot-sign".to_owned(),
            Self::OwnRecordUnavailable => "own-record-unavailable".to_owned(),
        }
    }

    /// Nothing may be issued on the spot before an officer has looked.
    pub const fn needs_officer(&self) -> bool {
        matches!(self, Self::ConfirmPerson | Self::ConfirmMandate | Self::Rule(_) | Self::CannotSign)
    }
}

/// Everything a submission holds, in the domain's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Minted at its first page.
    pub id: SubmissionId,
    /// Which service.
    pub service: ServiceId,
    /// Version of its form.
    pub form_version: u32,
    /// The day the form was checked against.
    pub day: Date,
    /// Language of the visit.
    pub language: String,
    /// Who stood at the kiosk; `None` only where the service needs nobody identified.
    pub applicant: Option<Person>,
    /// How sure the kiosk was; `None` with `applicant`.
    pub identified: Option<Identified>,
    /// Whose matter.
    pub matter: Applicant,
    /// Number of the ward or principal; `None` for the applicant's own matter.
    pub subject: Option<Sensitive<String>>,
    /// Facts known when the form was filled.
    pub facts: Facts,
    /// Checked answers of the fields asked.
    pub answers: Answers,
    /// What an officer must still do or know.
    pub open: Vec<Open>,
    /// The case this brings something for; `None` for a case of its own.
    pub supplement_of: Option<SupplementOf>,
    /// Set when the person goes on at the counter: the answers are only some.
    pub unfinished: Option<Unfinished>,
}

/// Drafts of before there were places: the first supplement.
const fn second() -> u32 {
    1
}

/// The case that a supplement is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupplementOf {
    /// The submission the case began with.
    pub submission: SubmissionId,
    /// Its code, which stays.
    pub code: ReceiptCode,
    /// Place among the case's submissions, as the office told it.
    #[serde(default = "second")]
    pub seq: u32,
}

/// An errand under way, kept for its person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// Minted at the first page.
    pub submission: SubmissionId,
    /// Which service.
    pub service: ServiceId,
    /// Version of its form.
    pub form_version: u32,
    /// Whose draft: the applicant's number.
    pub id_number: Sensitive<String>,
    /// Whose matter.
    pub matter: Applicant,
    /// Number of the ward or principal.
    pub subject: Option<Sensitive<String>>,
    /// Facts known.
    pub facts: Facts,
    /// Answers so far.
    pub answers: Answers,
    /// Rules that said no, and the person asked for an officer.
    pub officer_rules: Vec<String>,
    /// Set when only what is missing in a case is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplement: Option<crate::supplement::Supplement>,
    /// The page to open: its field, or its group.
    pub page: Option<FieldId>,
    /// When it was last touched.
    pub touched: Timestamp,
}

/// What the receipt slip says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// The code.
    pub code: ReceiptCode,
    /// The submission.
    pub submission: SubmissionId,
    /// The service.
    pub service: ServiceId,
    /// When it was sealed.
    pub received: Timestamp,
    /// The office's signed receipt is there (已送达).
    pub delivered: bool,
    /// Who, to be masked on paper.
    pub applicant: Option<Person>,
    /// What is missing or open.
    pub open: Vec<Open>,
    /// Materials to show at the counter.
    pub bring: Vec<MaterialId>,
    /// The queue ticket, when there is one.
    pub ticket: Option<Ticket>,
    /// It is a supplement: the code is that of the case.
    pub supplement: bool,
    /// It is half done: the counter goes on with it.
    pub unfinished: bool,
    /// Language of the visit.
    pub language: String,
}
