//! After identification: the draft of last time, the person's own record, whose matter it is, and whether the rules allow it.
//! Invariants: a record that does not come costs only the prefill; a principal's record is never fetched for a proxy; every
//! refusal offers a person.

use crate::Visit;
use crate::effect::{Draft, Effect};
use crate::errand::Errand;
use crate::identify::check_number;
use crate::input::Event;
use crate::place::{Place, Retry, Work};
use crate::view::{Kept, NumberError, ProblemKind};
use domain::facts::Facts;
use domain::sensitive::Sensitive;
use domain::service::{Applicant, Assurance};

impl Visit {
    pub(crate) fn draft_event(&mut self, event: Event) {
        match event {
            Event::DraftFound(draft) if self.can_resume(&draft) => self.go(Place::FoundDraft(draft)),
            Event::DraftFound(_) => {
                self.destroy_draft();
                self.no_draft();
            }
            Event::AlreadySubmitted { service, code, unfinished } => {
                // Sealed, but stopped before the draft went.
                self.destroy_draft();
                let kept = Kept::Submitted(code.clone());
                self.problem(ProblemKind::AlreadySubmitted { service, code, unfinished }, kept, Retry::Nothing);
            }
            Event::NoDraft | Event::StoreFailed(_) => self.no_draft(),
            _ => {}
        }
    }

    /// On: to the supplement that is being begun, or to the person's own record.
    pub(crate) fn no_draft(&mut self) {
        match self.memory.finding.starting {
            Some(submission) if self.finding() => self.mint_supplement(submission),
            Some(_) | None => self.fetch_own_record(),
        }
    }

    fn can_resume(&self, draft: &Draft) -> bool {
        let same_person =
            self.memory.identity.as_ref().is_some_and(|identity| identity.person.id_number == draft.id_number);
        let same_form = self.find_service(&draft.service).is_some_and(|service| service.version == draft.form_version);
        same_person && same_form
    }

    pub(crate) fn resume_draft(&mut self) {
        if !matches!(self.memory.place, Place::FoundDraft(_)) {
            return;
        }
        let Place::FoundDraft(draft) = std::mem::take(&mut self.memory.place) else { return };
        let Some(service) = self.find_service(&draft.service) else { return self.go_home() };
        self.memory.errand = Some(Errand::resume(service, *draft, self.today()));
        self.memory.finding.starting = None;
        let supplement = self.memory.errand.as_ref().is_some_and(|errand| errand.supplement.is_some());
        if self.identity_suffices() && supplement {
            self.proceed();
        } else if self.identity_suffices() {
            self.fetch_own_record();
        } else {
            // The draft stays in the store, and is found again once the card is read.
            self.problem(ProblemKind::CardNeeded, Kept::Entered, Retry::Ways);
        }
    }

    pub(crate) fn start_afresh(&mut self) {
        match &self.memory.place {
            Place::FoundDraft(_) => {
                self.destroy_draft();
                self.no_draft();
            }
            Place::Problem { problem, .. } if matches!(problem.kind, ProblemKind::AlreadySubmitted { .. }) => {
                self.no_draft();
            }
            _ => {}
        }
    }

    pub(crate) fn fetch_own_record(&mut self) {
        let Some(identity) = &mut self.memory.identity else { return };
        identity.record_asked = true;
        let (applicant, identified) = (identity.person.clone(), identity.identified);
        let ask = self.next_ask();
        self.effects.push(Effect::FetchOwnRecord { ask, applicant, identified, ward: None });
        self.wait(Work::OwnRecord, ask);
    }

    /// The applicant's record came, or did not (`None`).
    pub(crate) fn own_record(&mut self, record: Option<Facts>) {
        let today = self.today();
        if let Some(identity) = &mut self.memory.identity {
            identity.record_missing = record.is_none();
            if let Some(record) = record {
                identity.own.merge(record);
            }
            if let Some(name) = identity.own.text("person.name", today) {
                identity.person.name = Sensitive::new(name);
            }
        }
        let own = self.memory.identity.as_ref().map(|identity| identity.own.clone());
        match &mut self.memory.errand {
            Some(errand) if errand.supplement.is_some() => self.proceed(),
            Some(errand) if errand.page.is_some() => {
                if let (Applicant::Own, Some(own)) = (errand.matter, own) {
                    errand.facts.merge(own);
                }
                self.proceed();
            }
            Some(_) => self.enter_matter(),
            None => self.go_home(),
        }
    }

    /// Whose matter the service allows it to be.
    pub(crate) fn matters(&self) -> Vec<Applicant> {
        let Some(errand) = &self.memory.errand else { return Vec::new() };
        let service = &errand.service;
        let mut matters = service.matters();
        if service.assurance == Assurance::None {
            matters.truncate(1);
        }
        matters
    }

    pub(crate) fn enter_matter(&mut self) {
        let matters = self.matters();
        match matters[..] {
            [only] => self.set_matter(only),
            _ => self.go(Place::Matter),
        }
    }

    pub(crate) fn choose_matter(&mut self, matter: Applicant) {
        if matches!(self.memory.place, Place::Matter) && self.matters().contains(&matter) {
            self.set_matter(matter);
        }
    }

    fn set_matter(&mut self, matter: Applicant) {
        let own = self.memory.identity.as_ref().map(|identity| identity.own.clone()).unwrap_or_default();
        let about_applicant = self.about_applicant();
        let Some(errand) = &mut self.memory.errand else { return };
        errand.matter = matter;
        match matter {
            Applicant::Guardian if !errand.service.ward_has_number => {
                errand.subject = None;
                errand.facts = about_applicant;
                self.proceed();
            }
            Applicant::Own => {
                errand.subject = None;
                errand.facts = own;
                self.proceed();
            }
            Applicant::Guardian | Applicant::Proxy => {
                let number = errand.subject.clone().unwrap_or_default();
                self.go(Place::SubjectNumber { matter, number, error: None });
            }
        }
    }

    pub(crate) fn leave_subject_number(&mut self) {
        let today = self.today();
        let own_number = self.memory.identity.as_ref().map(|identity| identity.person.id_number.clone());
        let Place::SubjectNumber { matter, number, error } = &mut self.memory.place else { return };
        let matter = *matter;
        let number = match check_number(number.expose(), today) {
            Err(found) => return *error = Some(found),
            Ok(number) if own_number.is_some_and(|own| *own.expose() == number) => {
                return *error = Some(NumberError::Own);
            }
            Ok(number) => number,
        };
        self.set_subject(number);
        let ask = self.next_ask();
        match &self.memory.identity {
            Some(identity) if matter == Applicant::Guardian && identity.identified.confirmed() => {
                let (applicant, identified) = (identity.person.clone(), identity.identified);
                let ward = self.memory.errand.as_ref().and_then(|errand| errand.subject.clone());
                self.effects.push(Effect::FetchOwnRecord { ask, applicant, identified, ward });
                self.wait(Work::WardRecord, ask);
            }
            Some(_) | None => self.proceed(),
        }
    }

    /// Of the one who stands here only what is about the person.
    fn about_applicant(&self) -> Facts {
        self.memory.identity.as_ref().map(|identity| identity.own.of_applicant()).unwrap_or_default()
    }

    fn set_subject(&mut self, number: String) {
        let today = self.today();
        let facts = self.about_applicant();
        let Some(errand) = &mut self.memory.errand else { return };
        errand.facts = facts;
        errand.set_subject(&number, today);
        errand.subject = Some(Sensitive::new(number));
        errand.record_missing = false;
    }

    /// The ward's record came, or did not (`None`).
    pub(crate) fn ward_record(&mut self, record: Option<Facts>) {
        if let Some(errand) = &mut self.memory.errand {
            errand.record_missing = record.is_none();
            if let Some(record) = record {
                errand.facts.merge(record);
            }
        }
        self.proceed();
    }

    /// To the page where the form stands, unless a rule says no.
    pub(crate) fn proceed(&mut self) {
        let today = self.today();
        let Some(errand) = &self.memory.errand else { return self.go_home() };
        if let Some(rule) = errand.refusal(today) {
            self.go(Place::Refused { rule, back: None });
            return;
        }
        let asked = |page: &domain::ids::FieldId| errand.pages(today).iter().any(|(_, asked)| asked == page);
        let page = errand.page.clone().filter(asked).or_else(|| errand.unfinished_page(today));
        match page {
            Some(page) => self.open_page(page, false),
            None => self.go(Place::Check),
        }
    }

    /// The person asks for an officer where a rule says no: taken in, marked, decided by a person (product rule 12).
    pub(crate) fn officer_for_rule(&mut self) {
        let Place::Refused { rule, back } = &self.memory.place else { return };
        let (rule, back) = (rule.clone(), back.clone());
        if let Some(errand) = &mut self.memory.errand {
            errand.officer_rules.push(rule);
        }
        match back {
            Some(page) => self.advance(&page, false),
            None => self.proceed(),
        }
    }
}
