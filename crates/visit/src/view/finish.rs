//! What is to be seen from the check page on: answers, waiting, receipt.
//! Invariant: of a paper only what the printer confirmed is said.

use crate::effect::{Open, Person};
use crate::input::{PrintProgress, PrintTrouble, Ticket};
use domain::answers::Answer;
use domain::ids::{FieldId, MaterialId, ReceiptCode, ServiceId, StepId, SubmissionId};
use domain::sensitive::Sensitive;
use domain::service::{Applicant, FieldKind};
use jiff::Timestamp;

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
    /// The person's cases are looked up.
    Cases,
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
    /// A supplement: the officer goes on with the case.
    Supplement,
    /// Half done: the counter goes on with it when its code is shown there.
    HandedOver,
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
        ticket: Option<Ticket>,
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
