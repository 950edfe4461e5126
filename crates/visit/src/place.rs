//! Where a visit stands, and what it remembers while it lasts. Everything here is forgotten at a wipe.
//! Not here: how it moves from place to place (the modules by screen group).

use crate::effect::{Draft, Identified, Open, Person};
use crate::errand::Errand;
use crate::find::Finding;
use crate::input::{Ask, Card, Consent, Hint, Way};
use crate::view::{
    CameraState, CodeError, Dialog, EndedWhy, Ending, FacePhase, NumberError, Paper, Problem, Progress, Rating,
};
use domain::facts::Facts;
use domain::form::FieldError;
use domain::ids::{CategoryId, FieldId, MaterialId, ReceiptCode, SubmissionId};
use domain::sensitive::Sensitive;
use domain::service::{Applicant, Service};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Everything that belongs to one visit, and goes with it.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(crate) place: Place,
    pub(crate) dialog: Option<Dialog>,
    pub(crate) staff_called: bool,
    pub(crate) identity: Option<Identity>,
    pub(crate) identifying: Identifying,
    /// Comparisons that said "different" in this visit.
    pub(crate) face_tries: u32,
    pub(crate) errand: Option<Errand>,
    pub(crate) finding: Finding,
    /// Sealed in this visit; the last one is on the receipt screen.
    pub(crate) done: Vec<Done>,
    /// The card reading under way.
    pub(crate) reader: Option<Ask>,
    /// The sealing asked for last; its answer counts also when it comes late.
    pub(crate) sealing: Option<Ask>,
    /// The camera that is on.
    pub(crate) camera: Option<Ask>,
}

/// Where the visit stands.
#[derive(Debug, Default)]
pub(crate) enum Place {
    #[default]
    Attract,
    Home {
        query: Sensitive<String>,
    },
    Category(CategoryId),
    FindCode {
        error: Option<CodeError>,
    },
    Cases,
    /// One of the cases found, by the submission it began with.
    Case(SubmissionId),
    Service {
        service: Arc<Service>,
        from: Option<CategoryId>,
    },
    Notice {
        ticked: BTreeSet<Consent>,
        unticked: bool,
    },
    Ways,
    CardWait {
        way: Way,
    },
    OwnNumber {
        way: Way,
        error: Option<NumberError>,
    },
    Face {
        phase: FacePhase,
        hints: Vec<Hint>,
        comparing: Option<(Ask, Timestamp)>,
    },
    FoundDraft(Box<Draft>),
    Matter,
    SubjectNumber {
        matter: Applicant,
        number: Sensitive<String>,
        error: Option<NumberError>,
    },
    Refused {
        rule: String,
        back: Option<FieldId>,
    },
    Page(PageState),
    Check,
    Waiting {
        work: Work,
        ask: Ask,
        since: Timestamp,
    },
    Receipt,
    Problem {
        problem: Problem,
        retry: Retry,
    },
    Ended {
        why: EndedWhy,
        since: Timestamp,
        /// What may be rated, or was.
        rating: Option<Rating>,
    },
}

/// What is waited for.
#[derive(Clone, Debug)]
pub(crate) enum Work {
    Mint(Arc<Service>),
    Draft,
    OwnRecord,
    WardRecord,
    OwnCases,
    /// An id for the supplement of this case.
    MintSupplement(SubmissionId),
    Seal,
    Outcome,
}

/// What `Press::TryAgain` does on a problem screen.
#[derive(Clone, Debug)]
pub(crate) enum Retry {
    Nothing,
    Start(Arc<Service>),
    Card(Way),
    Ways,
    Face,
    Page {
        page: FieldId,
        to_check: bool,
    },
    Seal,
    /// Hand it over once more.
    HandOver,
    /// Type the code once more.
    Code,
    /// Ask for the cases once more.
    OwnCases,
    /// Begin the supplement of this case once more.
    Supplement(SubmissionId),
}

/// One page of the form.
#[derive(Debug)]
pub(crate) struct PageState {
    /// The field, or the group.
    pub(crate) page: FieldId,
    pub(crate) errors: BTreeMap<FieldId, FieldError>,
    pub(crate) camera: CameraState,
    /// Go back to the check page when done.
    pub(crate) to_check: bool,
}

/// Being identified: not yet a person.
#[derive(Debug, Default)]
pub(crate) struct Identifying {
    /// As typed.
    pub(crate) number: Sensitive<String>,
    /// Passed its rule.
    pub(crate) checked_number: Option<Sensitive<String>>,
    /// The card read, also an expired one.
    pub(crate) card: Option<Card>,
}

/// The person at the kiosk.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) person: Person,
    pub(crate) identified: Identified,
    /// `person.*` and what the registry said.
    pub(crate) own: Facts,
    /// The registry was asked and did not answer.
    pub(crate) record_missing: bool,
    /// Draft and record were asked for; finding a case needs neither.
    pub(crate) record_asked: bool,
}

/// A submission of this visit that is sealed.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) service: Arc<Service>,
    pub(crate) submission: SubmissionId,
    pub(crate) code: ReceiptCode,
    pub(crate) received: Timestamp,
    pub(crate) delivered: bool,
    pub(crate) ending: Ending,
    pub(crate) open: Vec<Open>,
    pub(crate) bring: Vec<MaterialId>,
    pub(crate) progress: Progress,
    pub(crate) outcome: Option<Ask>,
    pub(crate) slip: Paper,
    pub(crate) slip_job: Option<Ask>,
    pub(crate) certificate_job: Option<Ask>,
    /// The case that this was a supplement for.
    pub(crate) supplements: Option<SubmissionId>,
}
