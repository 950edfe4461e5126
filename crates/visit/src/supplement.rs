//! Bringing what is missing (补正): an errand with only the pages an officer asked for, for a case that is there already.
//! Invariants: nothing else is asked; no rule of eligibility is looked at again, an officer is already at it; the code of the
//! case stays; only a person whose face was compared, and who showed the card where the service wants it, begins one.
//! Not here: which key means which page (`domain::supplement`).

use crate::Visit;
use crate::effect::{Effect, SupplementOf};
use crate::errand::Errand;
use crate::input::StoreFault;
use crate::own_case::OwnCase;
use crate::place::{Place, Retry, Work};
use crate::view::{Bring, CasePage, Kept, ProblemKind, Wanted};
use domain::case::Status;
use domain::condition::Context;
use domain::ids::{FieldId, MaterialId, SubmissionId};
use domain::sensitive::Sensitive;
use domain::service::{Assurance, Field, Service};
use domain::supplement::{Target, target};
use serde::{Deserialize, Serialize};

/// What an errand supplements; kept with its draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supplement {
    /// The case.
    pub of: SupplementOf,
    /// Only these fields are asked, on their pages.
    pub fields: Vec<FieldId>,
    /// The officer's words, by page.
    pub words: Vec<(FieldId, Sensitive<String>)>,
    /// What the counter still takes.
    pub counter: Vec<MaterialId>,
}

impl Supplement {
    fn new(service: &Service, case: &OwnCase) -> Option<Self> {
        let mut supplement = Self {
            of: SupplementOf { submission: case.submission, code: case.code.clone(), seq: case.next_seq },
            fields: Vec::new(),
            words: Vec::new(),
            counter: Vec::new(),
        };
        for item in case.missing.iter().flat_map(|missing| &missing.items) {
            match target(service, &item.key) {
                Target::Page { page, fields } => {
                    supplement.fields.extend(fields);
                    supplement.words.push((page, item.words.clone()));
                }
                Target::Counter { material } => supplement.counter.extend(material),
            }
        }
        (!supplement.fields.is_empty()).then_some(supplement)
    }
}

impl Visit {
    /// The service of a case, in the version this kiosk asks.
    fn service_of(&self, case: &OwnCase) -> Option<std::sync::Arc<Service>> {
        self.find_service(&case.service)
    }

    /// A supplement was handed in in this visit, or is on its way.
    fn handed_in(&self, submission: SubmissionId) -> bool {
        self.memory.done.iter().any(|done| done.supplements == Some(submission))
    }

    pub(crate) fn case_page(&self, submission: SubmissionId) -> Option<CasePage> {
        let case = self.own_case(submission)?.clone();
        let service = self.service_of(&case);
        let bring = |key: &str| match service.as_ref().map(|service| target(service, key)) {
            Some(Target::Page { page, fields }) => Bring::Here { page, fields },
            Some(Target::Counter { material }) => Bring::Counter { material },
            None => Bring::Counter { material: None },
        };
        let how = case.missing.iter().flat_map(|missing| &missing.items).map(|item| bring(&item.key)).collect();
        Some(CasePage { handed_in: self.handed_in(submission), how, case })
    }

    /// Something of this case can be brought here and now.
    pub(crate) fn can_supplement(&self, submission: SubmissionId) -> bool {
        let Some(case) = self.own_case(submission) else { return false };
        let waits = case.status == Status::Supplement && !self.handed_in(submission);
        waits && self.service_of(case).is_some_and(|service| Supplement::new(&service, case).is_some())
    }

    pub(crate) fn begin_supplement(&mut self) {
        let Place::Case(submission) = self.memory.place else { return };
        if self.can_supplement(submission) {
            self.start_supplement(submission);
        }
    }

    /// The case for which a supplement is begun wants the card.
    pub(crate) fn supplement_assurance(&self) -> Option<Assurance> {
        let case = self.own_case(self.memory.finding.starting?)?;
        self.service_of(case).map(|service| service.assurance)
    }

    pub(crate) fn start_supplement(&mut self, submission: SubmissionId) {
        self.memory.finding.starting = Some(submission);
        if !self.identity_suffices() {
            return self.problem(ProblemKind::CardNeeded, Kept::NothingAffected, Retry::Ways);
        }
        self.look_for_draft();
    }

    /// No draft is in the way, or it was left.
    pub(crate) fn mint_supplement(&mut self, submission: SubmissionId) {
        let Some(service) = self.own_case(submission).and_then(|case| self.service_of(case)) else {
            return self.go_home();
        };
        let ask = self.next_ask();
        self.effects.push(Effect::MintSubmission { ask, service: service.id.clone() });
        self.wait(Work::MintSupplement(submission), ask);
    }

    pub(crate) fn supplement_minted(&mut self, case: SubmissionId, submission: SubmissionId) {
        let found = self.own_case(case).and_then(|case| {
            let service = self.service_of(case)?;
            let supplement = Supplement::new(&service, case)?;
            Some((service, supplement))
        });
        let Some((service, supplement)) = found else { return self.go_home() };
        self.memory.finding.starting = None;
        let mut errand = Errand::new(service, submission);
        errand.supplement = Some(supplement);
        self.memory.errand = Some(errand);
        self.proceed();
    }

    pub(crate) fn supplement_mint_failed(&mut self, case: SubmissionId, fault: StoreFault) {
        self.problem(ProblemKind::CannotAccept(fault), Kept::NothingAffected, Retry::Supplement(case));
    }

    /// For the frame: of which case, and why this page.
    pub(crate) fn wanted(&self) -> Option<Wanted> {
        let supplement = self.memory.errand.as_ref()?.supplement.as_ref()?;
        let page = match &self.memory.place {
            Place::Page(state) => Some(&state.page),
            _ => None,
        };
        let said: Vec<&str> = supplement
            .words
            .iter()
            .filter(|(of, words)| Some(of) == page && !words.expose().is_empty())
            .map(|(_, words)| words.expose().as_str())
            .collect();
        let words = (!said.is_empty()).then(|| Sensitive::new(said.join("\n")));
        Some(Wanted { code: supplement.of.code.clone(), words })
    }
}

impl Errand {
    /// In a supplement: whether this field was asked for. Outside of one every field of the form may be asked.
    pub(crate) fn wants(&self, field: &FieldId) -> Option<bool> {
        self.supplement.as_ref().map(|supplement| supplement.fields.contains(field))
    }

    /// A field that is asked only in some cases, and an answer given in this supplement makes it so.
    pub(crate) fn follows(&self, field: &Field, context: Context<'_>) -> bool {
        field.when.as_ref().is_some_and(|when| when.looks_only_at_answers() && when.holds(context) == Some(true))
    }

    /// The field as asked: what an officer asked for is not left out, whatever the form says.
    pub(crate) fn as_asked(&self, mut field: Field) -> Field {
        field.required |= self.wants(&field.id) == Some(true);
        field
    }
}
