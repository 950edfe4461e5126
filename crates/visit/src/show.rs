//! The view: frame and screen of the place where the visit stands.
//! Invariant: nothing is decided here; the same state gives the same view.

use crate::input::{Press, PrintProgress, Way};
use crate::place::{PageState, Place, Retry, Work};
use crate::submit::under_way;
use crate::view::{
    Action, Busy, CasesPage, ConsentLine, Ending, FacePage, FacePhase, FindPage, Frame, NumberOf, NumberPage, Paper,
    Progress, Screen, View,
};
use crate::{Visit, browse};
use domain::ids::{FieldId, StepId};
use domain::service::{Applicant, Assurance, FieldKind};

impl Visit {
    pub(crate) fn show(&self) -> View {
        View { frame: self.frame(), screen: self.screen().unwrap_or(Screen::Attract) }
    }

    fn frame(&self) -> Frame {
        let (primary, secondary) = self.actions();
        let service = match &self.memory.place {
            Place::Service { service, .. } => Some(service.id.clone()),
            Place::Receipt => self.memory.done.last().map(|done| done.service.id.clone()),
            Place::Waiting { work: Work::Mint(service), .. } => Some(service.id.clone()),
            Place::Case(case) | Place::Waiting { work: Work::MintSupplement(case), .. } => {
                self.own_case(*case).map(|case| case.service.clone())
            }
            Place::Waiting { work: Work::Outcome, .. } => self.memory.done.last().map(|done| done.service.id.clone()),
            _ => self.memory.errand.as_ref().map(|errand| errand.service.id.clone()),
        };
        Frame {
            service,
            progress: self.progress(),
            preferences: self.preferences.clone(),
            can_go_back: self.back().is_some(),
            primary,
            secondary,
            idle_seconds: self.idle_seconds(),
            dialog: self.memory.dialog,
            staff_called: self.memory.staff_called,
            identified: self.memory.identity.is_some(),
            finding: self.finding(),
            wanted: self.wanted(),
        }
    }

    /// Where among the major steps.
    pub(crate) fn progress(&self) -> Option<Progress> {
        if matches!(self.memory.place, Place::Receipt | Place::Waiting { work: Work::Outcome, .. }) {
            return self.memory.done.last().map(|done| done.progress);
        }
        let errand = self.memory.errand.as_ref()?;
        let mut steps: Vec<StepId> = errand.pages(self.today()).into_iter().map(|(step, _)| step).collect();
        steps.dedup();
        let before = usize::from(errand.service.assurance != Assurance::None && errand.supplement.is_none());
        let of = before + steps.len() + 1;
        let of_page = |page: &FieldId| {
            let step = errand.step_of(page)?;
            Some(before + steps.iter().position(|asked| asked == step)? + 1)
        };
        let step = match &self.memory.place {
            Place::Page(PageState { page, .. })
            | Place::Refused { back: Some(page), .. }
            | Place::Problem { retry: Retry::Page { page, .. }, .. } => of_page(page).unwrap_or(1),
            // Handed over: as far as it came.
            Place::Waiting { work: Work::Seal, .. } | Place::Problem { retry: Retry::HandOver, .. }
                if errand.unfinished.is_some() =>
            {
                errand.page.as_ref().and_then(of_page).unwrap_or(1)
            }
            Place::Check | Place::Waiting { work: Work::Seal, .. } | Place::Problem { retry: Retry::Seal, .. } => of,
            _ => 1,
        };
        Some(Progress { step: u32::try_from(step).ok()?, of: u32::try_from(of).ok()? })
    }

    /// The main button, and the others in order.
    fn actions(&self) -> (Option<Action>, Vec<Action>) {
        let go_on = || Some(Action::new("continue", Press::Continue));
        let officer = || Action::new("ask-officer", Press::AskOfficer);
        let other_way = || Action::new("other-way", Press::OtherWay);
        match &self.memory.place {
            Place::Attract | Place::Ended { .. } => (Some(Action::new("begin", Press::Touch)), Vec::new()),
            Place::Home { .. } if self.memory.identity.is_some() => (None, vec![Action::new("end", Press::End)]),
            Place::Home { .. } | Place::Category(_) | Place::Ways | Place::Waiting { .. } => (None, Vec::new()),
            Place::Matter => (None, self.hand_over_action()),
            Place::FindCode { .. } => {
                let found = Action::new("find", Press::Continue);
                (Some(found), vec![Action::new("without-code", Press::WithoutCode)])
            }
            Place::Cases => (Some(Action::new("looked", Press::End)), vec![Action::new("home", Press::Home)]),
            Place::Case(case) => {
                let looked = Action::new("looked", Press::End);
                if self.can_supplement(*case) {
                    (Some(Action::new("supplement", Press::Supplement)), vec![Action::new("end", Press::End)])
                } else {
                    (Some(looked), vec![Action::new("home", Press::Home)])
                }
            }
            Place::Service { .. } => (Some(Action::new("start", Press::Start)), Vec::new()),
            Place::Notice { .. } => (go_on(), vec![Action::new("decline", Press::Decline)]),
            Place::CardWait { way: Way::Officer } => (None, vec![other_way()]),
            Place::CardWait { .. } => (None, vec![officer(), other_way()]),
            Place::OwnNumber { way: Way::Officer, .. } => (go_on(), vec![other_way()]),
            Place::OwnNumber { .. } => (go_on(), vec![officer(), other_way()]),
            Place::Face { phase, .. } => {
                let primary = match phase {
                    FacePhase::Consent => Some(Action::new("agree-face", Press::AgreeFace)),
                    FacePhase::Aim => Some(Action::new("compare", Press::TakeShot)),
                    FacePhase::Starting | FacePhase::Comparing => None,
                };
                (primary, vec![officer(), other_way()])
            }
            Place::FoundDraft(_) => (
                Some(Action::new("resume-draft", Press::ResumeDraft)),
                vec![Action::new("start-afresh", Press::StartAfresh)],
            ),
            Place::SubjectNumber { .. } => (go_on(), self.hand_over_action()),
            Place::Refused { .. } => {
                let mut others = self.hand_over_action();
                others.extend([Action::new("call-staff", Press::CallStaff), Action::new("home", Press::Home)]);
                (Some(officer()), others)
            }
            Place::Page(_) => (go_on(), self.hand_over_action()),
            Place::Check => (Some(Action::new("submit", Press::Submit)), self.hand_over_action()),
            Place::Receipt => {
                let half_done = self.memory.done.last().is_some_and(|done| done.ending == Ending::HandedOver);
                let leave = if half_done { "go-to-counter" } else { "finish" };
                (Some(Action::new(leave, Press::End)), self.receipt_actions())
            }
            Place::Problem { .. } => {
                let mut actions = self.problem_actions();
                let first = (!actions.is_empty()).then(|| actions.remove(0));
                (first, actions)
            }
        }
    }

    fn hand_over_action(&self) -> Vec<Action> {
        let action = Action::new("hand-over", Press::HandOver);
        self.can_hand_over().then_some(action).into_iter().collect()
    }

    fn receipt_actions(&self) -> Vec<Action> {
        let mut actions = Vec::new();
        let Some(done) = self.memory.done.last() else { return actions };
        if let Ending::Issued { paper, .. } = &done.ending
            && !under_way(*paper)
            && *paper != Paper::Job(PrintProgress::Done)
        {
            actions.push(Action::new("print-certificate", Press::PrintCertificate));
        }
        match done.slip {
            Paper::NotAsked => actions.push(Action::new("print-receipt", Press::PrintReceipt)),
            Paper::Job(PrintProgress::Done | PrintProgress::Failed(_)) => {
                actions.push(Action::new("print-again", Press::PrintReceipt));
            }
            Paper::Job(PrintProgress::Printing | PrintProgress::Waiting(_)) => {}
        }
        actions.push(Action::new("another-errand", Press::AnotherErrand));
        actions
    }

    fn screen(&self) -> Option<Screen> {
        let errand = self.memory.errand.as_ref();
        Some(match &self.memory.place {
            Place::Attract => Screen::Attract,
            Place::Home { query } => Screen::Home(self.home_page(query)),
            Place::Category(category) => {
                Screen::Category { category: category.clone(), services: self.services_in(category) }
            }
            Place::FindCode { error } => {
                Screen::FindCode(FindPage { code: self.memory.finding.typed.clone(), error: *error })
            }
            Place::Cases => Screen::Cases(CasesPage { cases: self.memory.finding.cases.clone() }),
            Place::Case(case) => Screen::Case(Box::new(self.case_page(*case)?)),
            Place::Service { service, .. } => Screen::Service(self.service_page(service)),
            Place::Notice { ticked, unticked } => Screen::Notice {
                consents: browse::CONSENTS
                    .into_iter()
                    .map(|consent| ConsentLine { consent, ticked: ticked.contains(&consent) })
                    .collect(),
                unticked: *unticked,
            },
            Place::Ways => Screen::Ways { ways: self.ways() },
            Place::CardWait { way } => Screen::CardWait { way: *way },
            Place::OwnNumber { way, error } => Screen::Number(NumberPage {
                of: NumberOf::Applicant,
                number: self.memory.identifying.number.clone(),
                error: *error,
                card_works: *way == Way::Officer,
            }),
            Place::Face { phase, hints, .. } => {
                Screen::Face(FacePage { phase: *phase, hints: hints.clone(), tries_left: self.face_tries_left() })
            }
            Place::FoundDraft(draft) => Screen::FoundDraft { service: draft.service.clone(), touched: draft.touched },
            Place::Matter => Screen::Matter { choices: self.matters() },
            Place::SubjectNumber { matter, number, error } => Screen::Number(NumberPage {
                of: if *matter == Applicant::Proxy { NumberOf::Principal } else { NumberOf::Ward },
                number: number.clone(),
                error: *error,
                card_works: false,
            }),
            Place::Refused { rule, .. } => Screen::Refused { rule: rule.clone(), service: errand?.service.id.clone() },
            Place::Page(state) => self.page_screen(state)?,
            Place::Check => Screen::Check(self.check_page(errand?)),
            Place::Waiting { work, .. } => Screen::Busy(match work {
                Work::Mint(_) | Work::MintSupplement(_) => Busy::Opening,
                Work::OwnCases => Busy::Cases,
                Work::Draft | Work::OwnRecord | Work::WardRecord => Busy::Record,
                Work::Seal => Busy::Sealing,
                Work::Outcome => Busy::Office,
            }),
            Place::Receipt => Screen::Receipt(Box::new(self.receipt_page()?)),
            Place::Problem { problem, .. } => Screen::Problem(problem.clone()),
            Place::Ended { why, rating, .. } => Screen::Ended { why: *why, rating: *rating },
        })
    }

    fn page_screen(&self, state: &PageState) -> Option<Screen> {
        let errand = self.memory.errand.as_ref()?;
        let field = errand.page_field(&state.page)?;
        Some(match &field.kind {
            FieldKind::Photo { profile } => Screen::Photo(self.photo_page(errand, state, profile)?),
            FieldKind::Document { .. } => Screen::Papers(self.papers_page(errand, state, field)?),
            FieldKind::Signature => Screen::Signature(self.signature_page(errand, state)?),
            FieldKind::Text { .. }
            | FieldKind::PersonName
            | FieldKind::Number { .. }
            | FieldKind::Phone { .. }
            | FieldKind::Date { .. }
            | FieldKind::Choice { .. }
            | FieldKind::Address
            | FieldKind::Declaration
            | FieldKind::Group { .. } => Screen::Question(self.question_page(errand, state)?),
        })
    }
}
