//! What is to be seen when something went wrong or the visit is over: what happened, what was kept, how it ended.
//! Not here: what to do about it, which is in the frame's actions.

use crate::input::StoreFault;
use domain::ids::{ReceiptCode, ServiceId, SubmissionId};
use domain::rules::RuleCode;
use jiff::civil::Date;

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
    /// The person has no case with this code.
    CodeNotFound {
        /// As typed.
        code: ReceiptCode,
        /// Tries left.
        tries_left: u32,
    },
    /// Cases cannot be looked up now.
    ProgressUnavailable,
    /// The counter looks it up.
    AskAtWindow,
    /// We already have it.
    AlreadySubmitted {
        /// The service.
        service: ServiceId,
        /// Its receipt's code.
        code: ReceiptCode,
        /// Half done: the counter goes on with it.
        unfinished: bool,
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
            Self::CannotAccept(StoreFault::Paused) => "paused",
            Self::CannotAccept(StoreFault::NoKey) => "no-key",
            Self::CannotAccept(StoreFault::Other) => "cannot-accept",
            Self::CodeNotFound { .. } => "code-not-found",
            Self::ProgressUnavailable => "progress-unavailable",
            Self::AskAtWindow => "ask-at-window",
            Self::AlreadySubmitted { unfinished: false, .. } => "already-submitted",
            Self::AlreadySubmitted { unfinished: true, .. } => "already-handed-over",
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
    /// Nothing of what was handed in before is affected.
    NothingAffected,
    /// The code as typed: it finds the case elsewhere.
    Code(ReceiptCode),
    /// It is submitted, under this code.
    Submitted(ReceiptCode),
}

/// The question how it went, at the farewell. Nothing of a person is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rating {
    /// The errand that was done last.
    pub submission: SubmissionId,
    /// What was said, one to five; `None` = not yet.
    pub given: Option<u8>,
}

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedWhy {
    /// The person ended it.
    ByPerson,
    /// The person ended it to go on at the counter.
    ToCounter,
    /// Nobody was there any more.
    TimedOut,
}
