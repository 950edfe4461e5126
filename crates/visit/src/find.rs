//! Finding one's case: the code of the receipt or none, the person again, the list, one case.
//! Invariants: a code finds and does not open (product rule 6): cases are asked for only for a person whose face was compared;
//! with an officer in place of the face nothing is asked and the code is kept; codes that find nothing are counted.
//! Not here: bringing what is missing (`supplement`).

use crate::Visit;
use crate::effect::Effect;
use crate::input::Event;
use crate::own_case::OwnCase;
use crate::place::{Place, Retry, Work};
use crate::view::{Action, CodeError, Kept, ProblemKind};
use crate::{EditOp, Press};
use domain::ids::{RECEIPT_ALPHABET, ReceiptCode, SubmissionId};
use domain::sensitive::Sensitive;

/// Characters of a code.
const CODE_LENGTH: usize = 8;

/// What a visit remembers of finding a case.
#[derive(Debug, Default)]
pub(crate) struct Finding {
    /// The person is on the way to their cases: being identified leads there.
    pub(crate) open: bool,
    /// The code as typed.
    pub(crate) typed: Sensitive<String>,
    /// The code looked for; `None` = all of the person's cases.
    pub(crate) code: Option<ReceiptCode>,
    /// Codes that found nothing in this visit.
    pub(crate) missed: u32,
    /// What the office told.
    pub(crate) cases: Vec<OwnCase>,
    /// The case for which a supplement is being begun.
    pub(crate) starting: Option<SubmissionId>,
}

impl Visit {
    pub(crate) fn find_case(&mut self) {
        if matches!(self.memory.place, Place::Home { .. }) {
            self.memory.finding.open = true;
            self.memory.finding.typed = Sensitive::default();
            self.go(Place::FindCode { error: None });
        }
    }

    /// Without a code: all cases of the person.
    pub(crate) fn without_code(&mut self) {
        let offered = match &self.memory.place {
            Place::FindCode { .. } => true,
            Place::Problem { problem, .. } => matches!(problem.kind, ProblemKind::CodeNotFound { .. }),
            _ => false,
        };
        if offered {
            self.memory.finding.code = None;
            self.go_to_own_cases();
        }
    }

    pub(crate) fn edit_code(&mut self, op: EditOp) {
        let Place::FindCode { error } = &mut self.memory.place else { return };
        *error = None;
        let mut code = std::mem::take(&mut self.memory.finding.typed).into_inner();
        match op {
            EditOp::Insert(more) => code.push_str(&more.into_inner()),
            EditOp::Set(other) => code = other.into_inner(),
            EditOp::Backspace => drop(code.pop()),
            EditOp::Clear => code.clear(),
            EditOp::PickDivision { .. } | EditOp::UnpickDivision => {}
        }
        let known = |c: &char| u8::try_from(*c).is_ok_and(|byte| RECEIPT_ALPHABET.contains(&byte));
        let code = code.chars().map(|c| c.to_ascii_uppercase()).filter(known).take(CODE_LENGTH).collect();
        self.memory.finding.typed = Sensitive::new(code);
    }

    pub(crate) fn leave_code(&mut self) {
        let tries_left = self.code_tries_left();
        let Place::FindCode { error } = &mut self.memory.place else { return };
        let typed = self.memory.finding.typed.expose();
        match ReceiptCode::parse(typed) {
            _ if tries_left == 0 => *error = Some(CodeError::NoTriesLeft),
            None => *error = Some(if typed.is_empty() { CodeError::Empty } else { CodeError::Short }),
            Some(code) => {
                self.memory.finding.code = Some(code);
                self.go_to_own_cases();
            }
        }
    }

    fn code_tries_left(&self) -> u32 {
        self.config.code_tries.saturating_sub(self.memory.finding.missed)
    }

    /// On the way to one's cases with nobody confirmed yet, or with too little for what is begun.
    pub(crate) fn finding(&self) -> bool {
        self.memory.finding.open && self.memory.errand.is_none()
    }

    fn go_to_own_cases(&mut self) {
        let confirmed = self.memory.identity.as_ref().is_some_and(|identity| identity.identified.confirmed());
        if confirmed { self.fetch_own_cases() } else { self.go(Place::Ways) }
    }

    /// Asks the office, for a person who is confirmed.
    pub(crate) fn fetch_own_cases(&mut self) {
        let Some(identity) = self.memory.identity.as_ref().filter(|identity| identity.identified.confirmed()) else {
            return self.at_window();
        };
        let (applicant, identified) = (identity.person.clone(), identity.identified);
        let ask = self.next_ask();
        let code = self.memory.finding.code.clone();
        self.effects.push(Effect::FetchOwnCases { ask, applicant, identified, code });
        self.wait(Work::OwnCases, ask);
    }

    pub(crate) fn own_cases_event(&mut self, event: Event) {
        match event {
            Event::OwnCases(cases) => self.own_cases(cases),
            Event::OwnCasesUnavailable => self.own_cases_unavailable(),
            _ => {}
        }
    }

    fn own_cases(&mut self, cases: Vec<OwnCase>) {
        let code = self.memory.finding.code.clone();
        self.memory.finding.cases = cases;
        match (code, self.memory.finding.cases.first().map(|case| case.submission)) {
            (Some(_), Some(submission)) => self.go(Place::Case(submission)),
            (Some(code), None) => {
                self.memory.finding.missed = self.memory.finding.missed.saturating_add(1);
                let kind = ProblemKind::CodeNotFound { code, tries_left: self.code_tries_left() };
                self.problem(kind, Kept::NothingAffected, Retry::Code);
            }
            (None, _) => self.go(Place::Cases),
        }
    }

    pub(crate) fn own_cases_unavailable(&mut self) {
        self.problem(ProblemKind::ProgressUnavailable, self.kept_code(), Retry::OwnCases);
    }

    /// The counter looks it up: nothing personal is shown, the code is kept.
    pub(crate) fn at_window(&mut self) {
        self.memory.identifying = crate::place::Identifying::default();
        self.problem(ProblemKind::AskAtWindow, self.kept_code(), Retry::Ways);
    }

    fn kept_code(&self) -> Kept {
        self.memory.finding.code.clone().map_or(Kept::NothingAffected, Kept::Code)
    }

    pub(crate) fn open_case(&mut self, submission: SubmissionId) {
        let listed = matches!(self.memory.place, Place::Cases);
        if listed && self.own_case(submission).is_some() {
            self.go(Place::Case(submission));
        }
    }

    pub(crate) fn own_case(&self, submission: SubmissionId) -> Option<&OwnCase> {
        self.memory.finding.cases.iter().find(|case| case.submission == submission)
    }

    /// Type the code once more, as long as tries are left; then all own cases.
    pub(crate) fn code_not_found_actions(tries_left: u32) -> Vec<Action> {
        let again = (tries_left > 0).then(|| Action::new("type-again", Press::TryAgain));
        let all = Action::new("all-cases", Press::WithoutCode);
        again.into_iter().chain([all, Action::new("home", Press::Home)]).collect()
    }

    pub(crate) fn stop_finding(&mut self) {
        self.memory.finding.open = false;
        self.memory.finding.starting = None;
    }
}
