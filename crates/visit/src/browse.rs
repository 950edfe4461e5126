//! Attract, home, category, service page, notice: everything before the person is asked who they are.
//! Invariant: nothing is typed here but search words; an id is minted before the first page of a service.

use crate::Visit;
use crate::effect::Effect;
use crate::errand::Errand;
use crate::input::{Consent, StoreFault};
use crate::place::{Place, Retry, Work};
use crate::view::{HomePage, Kept, MaterialLine, Pill, ProblemKind, ServicePage};
use domain::answers::Answers;
use domain::condition::Context;
use domain::eligibility;
use domain::ids::{CategoryId, ServiceId, SubmissionId};
use domain::sensitive::Sensitive;
use domain::service::{Assurance, Capture, Service};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Consents a person gives before a service, each for itself.
pub(crate) const CONSENTS: [Consent; 2] = [Consent::Notice, Consent::SensitiveData];

impl Visit {
    pub(crate) fn go_home(&mut self) {
        self.stop_finding();
        self.go(Place::Home { query: Sensitive::default() });
    }

    pub(crate) fn find_service(&self, id: &ServiceId) -> Option<Arc<Service>> {
        self.services.iter().find(|service| service.id == *id).cloned()
    }

    pub(crate) fn open_category(&mut self, category: CategoryId) {
        let browsing = matches!(self.memory.place, Place::Home { .. } | Place::Category(_));
        if browsing && self.config.categories.contains(&category) {
            self.go(Place::Category(category));
        }
    }

    pub(crate) fn open_service(&mut self, id: &ServiceId) {
        let from = match &self.memory.place {
            Place::Home { .. } => None,
            Place::Category(category) => Some(category.clone()),
            _ => return,
        };
        if let Some(service) = self.find_service(id) {
            self.go(Place::Service { service, from });
        }
    }

    pub(crate) fn start(&mut self, service: Arc<Service>) {
        let ask = self.next_ask();
        self.effects.push(Effect::MintSubmission { ask, service: service.id.clone() });
        self.wait(Work::Mint(service), ask);
    }

    pub(crate) fn minted(&mut self, service: Arc<Service>, submission: SubmissionId) {
        self.memory.errand = Some(Errand::new(service, submission));
        self.open_notice();
    }

    pub(crate) fn mint_failed(&mut self, service: Arc<Service>, fault: StoreFault) {
        self.problem(ProblemKind::CannotAccept(fault), Kept::NothingYet, Retry::Start(service));
    }

    pub(crate) fn open_notice(&mut self) {
        self.go(Place::Notice { ticked: BTreeSet::new(), unticked: false });
    }

    pub(crate) fn tick_consent(&mut self, consent: Consent) {
        if let Place::Notice { ticked, unticked } = &mut self.memory.place {
            *unticked = false;
            if !ticked.remove(&consent) {
                ticked.insert(consent);
            }
        }
    }

    pub(crate) fn decline(&mut self) {
        if matches!(self.memory.place, Place::Notice { .. }) {
            self.problem(ProblemKind::ConsentDeclined, Kept::NothingYet, Retry::Nothing);
        }
    }

    pub(crate) fn leave_notice(&mut self) {
        let Place::Notice { ticked, unticked } = &mut self.memory.place else { return };
        if !CONSENTS.iter().all(|consent| ticked.contains(consent)) {
            *unticked = true;
            return;
        }
        let Some(assurance) = self.memory.errand.as_ref().map(|errand| errand.service.assurance) else { return };
        if assurance == Assurance::None {
            self.enter_matter();
        } else if self.memory.identity.is_none() {
            self.go(Place::Ways);
        } else if self.identity_suffices() {
            // Who only looked for a case was asked for neither draft nor record.
            let asked = self.memory.identity.as_ref().is_some_and(|identity| identity.record_asked);
            if asked { self.enter_matter() } else { self.look_for_draft() }
        } else {
            self.problem(ProblemKind::CardNeeded, Kept::NothingYet, Retry::Ways);
        }
    }

    pub(crate) fn home_page(&self, query: &Sensitive<String>) -> HomePage {
        let mut common: Vec<&Arc<Service>> = self.services.iter().filter(|service| service.common.is_some()).collect();
        common.sort_by_key(|service| service.common);
        let known = |id: &ServiceId| self.services.iter().any(|service| service.id == *id);
        let words = query.expose().trim();
        let results = if words.is_empty() {
            Vec::new()
        } else {
            self.search.find(words, &self.preferences.language).into_iter().filter(known).collect()
        };
        HomePage {
            categories: self.config.categories.clone(),
            common: common.into_iter().map(|service| service.id.clone()).collect(),
            query: query.clone(),
            results,
        }
    }

    pub(crate) fn services_in(&self, category: &CategoryId) -> Vec<ServiceId> {
        self.services.iter().filter(|service| service.category == *category).map(|service| service.id.clone()).collect()
    }

    pub(crate) fn service_page(&self, service: &Service) -> ServicePage {
        let answers = Answers::default();
        let eligibility = self.memory.identity.as_ref().map(|identity| {
            let context = Context { facts: &identity.own, answers: &answers, today: self.today() };
            eligibility::assess(service, context)
        });
        let materials = service
            .materials
            .iter()
            .map(|material| MaterialLine {
                material: material.id.clone(),
                pill: match material.capture {
                    Capture::Camera if material.deferrable => Pill::CanFollow,
                    Capture::Camera | Capture::Card => Pill::Today,
                    Capture::Network => Pill::Exempt,
                    Capture::Counter => Pill::Counter,
                },
                conditional: material.when.is_some(),
            })
            .collect();
        ServicePage { service: service.id.clone(), eligibility, materials }
    }
}
