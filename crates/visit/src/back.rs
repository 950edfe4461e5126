//! The way back, once more, and problem screens: where `Back`, `TryAgain` and the like lead from each place.
//! Invariant: the frame says "can go back" exactly where `Back` does something: both ask the same function.

use crate::Visit;
use crate::errand::Errand;
use crate::input::{Press, StoreFault, Way};
use crate::place::{Place, Retry, Work};
use crate::view::{Action, Dialog, Kept, Problem, ProblemKind};
use domain::ids::{CategoryId, FieldId, SubmissionId};
use domain::service::Service;
use std::sync::Arc;

/// Where back leads.
pub(crate) enum Back {
    Home,
    Category(CategoryId),
    Service(Arc<Service>),
    Notice,
    Ways,
    Matter,
    Page { page: FieldId, to_check: bool },
    Check,
    FindCode,
    Cases,
    Case(SubmissionId),
    AskToLeave,
}

impl Visit {
    pub(crate) fn back(&self) -> Option<Back> {
        let errand = self.memory.errand.as_ref();
        let today = self.today();
        match &self.memory.place {
            Place::Category(_) | Place::FindCode { .. } => Some(Back::Home),
            Place::Cases | Place::Case(_) if self.memory.finding.code.is_some() => Some(Back::FindCode),
            Place::Case(_) => Some(Back::Cases),
            Place::Cases => Some(Back::FindCode),
            Place::Service { from, .. } => Some(from.clone().map_or(Back::Home, Back::Category)),
            Place::Notice { .. } | Place::Matter if errand.is_some_and(Errand::begun) => Some(Back::AskToLeave),
            Place::Notice { .. } | Place::Matter => errand.map(|errand| Back::Service(Arc::clone(&errand.service))),
            Place::Ways => Some(self.before_ways()),
            Place::CardWait { .. } | Place::OwnNumber { .. } | Place::Face { .. } => Some(Back::Ways),
            Place::SubjectNumber { .. } if self.matters().len() > 1 => Some(Back::Matter),
            Place::SubjectNumber { .. } => Some(Back::AskToLeave),
            Place::Refused { back, .. } => back.clone().map(|page| Back::Page { page, to_check: false }),
            Place::Page(state) if state.to_check && errand?.unfinished_page(today).is_none() => Some(Back::Check),
            Place::Page(state) => {
                let before = errand?.previous_page(&state.page, today);
                Some(before.map_or(Back::AskToLeave, |page| Back::Page { page, to_check: false }))
            }
            Place::Check => {
                let last = errand?.pages(today).pop();
                Some(last.map_or(Back::AskToLeave, |(_, page)| Back::Page { page, to_check: false }))
            }
            Place::Problem { problem, retry } => match (&problem.kind, retry) {
                (ProblemKind::ConsentDeclined, _) => Some(Back::Notice),
                (ProblemKind::AlreadySubmitted { .. }, _) | (_, Retry::HandOver) => None,
                (_, Retry::Supplement(case)) => Some(Back::Case(*case)),
                (_, Retry::Code | Retry::OwnCases) => Some(Back::FindCode),
                (_, Retry::Start(service)) => Some(Back::Service(Arc::clone(service))),
                (_, Retry::Seal) => Some(Back::Check),
                (_, Retry::Page { page, .. }) => {
                    let before = errand?.previous_page(page, today);
                    before.map(|page| Back::Page { page, to_check: false })
                }
                (_, Retry::Nothing | Retry::Card(_) | Retry::Ways | Retry::Face) => Some(Back::Ways),
            },
            Place::Attract
            | Place::Home { .. }
            | Place::FoundDraft(_)
            | Place::Waiting { .. }
            | Place::Receipt
            | Place::Ended { .. } => None,
        }
    }

    /// Before the person is identified: the notice of a service, the case to supplement, or the code.
    fn before_ways(&self) -> Back {
        match self.memory.finding.starting {
            Some(case) if self.finding() => Back::Case(case),
            None if self.finding() => Back::FindCode,
            Some(_) | None => Back::Notice,
        }
    }

    pub(crate) fn press_back(&mut self) {
        match self.back() {
            None => {}
            Some(Back::Home) => self.go_home(),
            Some(Back::Category(category)) => self.go(Place::Category(category)),
            Some(Back::Service(service)) => {
                self.abandon_errand();
                self.go(Place::Service { service, from: None });
            }
            Some(Back::Notice) => self.open_notice(),
            Some(Back::Ways) => self.go(Place::Ways),
            Some(Back::Matter) => self.go(Place::Matter),
            Some(Back::Page { page, to_check }) => self.open_page(page, to_check),
            Some(Back::Check) => self.go(Place::Check),
            Some(Back::FindCode) => self.go(Place::FindCode { error: None }),
            Some(Back::Cases) => self.go(Place::Cases),
            Some(Back::Case(case)) => {
                self.memory.finding.starting = None;
                self.go(Place::Case(case));
            }
            Some(Back::AskToLeave) => self.memory.dialog = Some(Dialog::Leave { ends_visit: false }),
        }
    }

    pub(crate) fn problem(&mut self, kind: ProblemKind, kept: Kept, retry: Retry) {
        self.go(Place::Problem { problem: Problem { kind, kept }, retry });
    }

    pub(crate) fn try_again(&mut self) {
        let Place::Problem { problem, retry } = &self.memory.place else { return };
        if matches!(
            problem.kind,
            ProblemKind::FaceDifferent { tries_left: 0 } | ProblemKind::CodeNotFound { tries_left: 0, .. }
        ) {
            return;
        }
        match retry.clone() {
            Retry::Nothing => {}
            Retry::Start(service) => self.start(service),
            Retry::Card(way) => self.open_way(way),
            Retry::Ways => self.go(Place::Ways),
            Retry::Face => self.start_face(),
            Retry::Page { page, to_check } => self.open_page(page, to_check),
            Retry::Seal | Retry::HandOver => self.seal(),
            Retry::Code => self.go(Place::FindCode { error: None }),
            Retry::OwnCases => self.fetch_own_cases(),
            Retry::Supplement(case) => self.start_supplement(case),
        }
    }

    pub(crate) fn ask_officer(&mut self) {
        match &self.memory.place {
            Place::Refused { .. } => self.officer_for_rule(),
            Place::CardWait { way: Way::CardAndFace } | Place::OwnNumber { way: Way::NumberAndFace, .. } => {
                self.open_way(Way::Officer);
            }
            Place::Face { .. } => self.officer_instead(),
            Place::Problem { .. } if self.problem_actions().iter().any(|action| action.press == Press::AskOfficer) => {
                self.officer_instead();
            }
            _ => {}
        }
    }

    pub(crate) fn other_way(&mut self) {
        let offered = match &self.memory.place {
            Place::CardWait { .. } | Place::OwnNumber { .. } | Place::Face { .. } => true,
            Place::Problem { .. } => self.problem_actions().iter().any(|action| action.press == Press::OtherWay),
            _ => false,
        };
        if offered {
            self.go(Place::Ways);
        }
    }

    /// What to do now, the best first. Every problem offers a person.
    pub(crate) fn problem_actions(&self) -> Vec<Action> {
        let Place::Problem { problem, retry } = &self.memory.place else { return Vec::new() };
        let again = Action::new("try-again", Press::TryAgain);
        let officer = Action::new("ask-officer", Press::AskOfficer);
        let other = Action::new("other-way", Press::OtherWay);
        let home = Action::new("home", Press::Home);
        let end = Action::new("end", Press::End);
        let mut actions = match &problem.kind {
            ProblemKind::CardExpired { .. } => vec![officer, other, again],
            ProblemKind::CardUnreadable | ProblemKind::CardNumber(_) => vec![again, other],
            ProblemKind::ReaderDown => vec![other, again],
            ProblemKind::FaceUnavailable | ProblemKind::FaceDifferent { tries_left: 0 } => vec![officer, other],
            ProblemKind::FaceDifferent { .. } | ProblemKind::NoFace => vec![again, officer, other],
            ProblemKind::CameraStalled => match retry {
                Retry::Page { page, .. } if self.deferrable(page) => {
                    vec![again, Action::new("later", Press::Later), home]
                }
                Retry::Page { .. } => vec![again, home],
                _ => vec![again, officer, other],
            },
            ProblemKind::CardNeeded => vec![Action::new("show-card", Press::TryAgain), home],
            ProblemKind::ConsentDeclined => vec![Action::new("read-again", Press::Back), home],
            // Nothing was entered, and trying again gives the same: the way on is another machine.
            ProblemKind::CannotAccept(StoreFault::DiskFull | StoreFault::Paused | StoreFault::NoKey)
                if problem.kept != Kept::Entered =>
            {
                vec![end, again]
            }
            ProblemKind::CannotAccept(_) => vec![again, end],
            ProblemKind::CodeNotFound { tries_left, .. } => Self::code_not_found_actions(*tries_left),
            ProblemKind::ProgressUnavailable => vec![again, home],
            ProblemKind::AskAtWindow => vec![home, other],
            ProblemKind::AlreadySubmitted { .. } => vec![Action::new("start-afresh", Press::StartAfresh), end],
        };
        if self.can_hand_over() {
            actions.push(Action::new("hand-over", Press::HandOver));
        }
        actions.push(Action::new("call-staff", Press::CallStaff));
        actions
    }

    pub(crate) fn wait(&mut self, work: Work, ask: crate::input::Ask) {
        let since = self.now;
        self.go(Place::Waiting { work, ask, since });
    }
}
