//! The content of an opening, and sealing it for the store.
//! Invariant: sealed with the bureau's keys like every submission; nothing of it is ever in a column or a log.

use super::person;
use crate::custody::split::Kept;
use crate::office::Office;
use crate::store::openings::OpeningId;
use domain::answers::{Answers, AttachmentId};
use domain::facts::Facts;
use domain::form;
use domain::ids::{FieldId, KioskId, StepId};
use domain::sensitive::Sensitive;
use domain::service::{Applicant, Service};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use wire::manifest::Part;
use wire::payload::{Identified, Payload, PictureRole};

/// Everything that is kept of an opening.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Whose matter.
    pub matter: Applicant,
    /// Number of the one who applies, as written.
    pub number: Sensitive<String>,
    /// Name of the one who applies, as written.
    pub name: Sensitive<String>,
    /// Number of the child, ward or principal, as written.
    pub subject: Sensitive<String>,
    /// What is known: from the registry, and what the numbers tell.
    pub facts: Facts,
    /// The registry gave no answer when it was asked.
    pub record_missing: bool,
    /// The officer who has this now had the person and their document before them: it is the person.
    #[serde(default)]
    pub person_seen: bool,
    /// The registry is still to be asked about the person.
    #[serde(default)]
    pub to_ask: bool,
    /// What was written and was right at that time; also of fields that are not asked now.
    pub answers: Answers,
    /// What was written and is no answer, as written; an empty text = emptied by hand.
    pub entered: BTreeMap<FieldId, Sensitive<String>>,
    /// Fields, also those of the person, that still hold what came from the kiosk.
    pub from_visit: BTreeSet<FieldId>,
    /// Keys of papers whose original was seen at the counter.
    pub seen: BTreeSet<String>,
    /// The sealed file of each page.
    pub attachments: BTreeMap<AttachmentId, Part>,
    /// Pictures of the person that came with the visit, by what they are.
    #[serde(default)]
    pub pictures: BTreeMap<PictureRole, AttachmentId>,
    /// The language of the visit; Chinese at the counter.
    pub language: String,
    /// The half-done visit that it began with.
    pub visit: Option<Visited>,
}

/// What is known of a half-done visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visited {
    /// At which machine.
    pub kiosk: KioskId,
    /// The step it stopped at.
    pub step: Option<StepId>,
    /// How sure the machine was of the person; `None` once the number is another one.
    #[serde(default)]
    pub identified: Option<Identified>,
}

impl Draft {
    /// An empty one for a service.
    pub fn new(service: &Service) -> Self {
        Self {
            matter: service.matters().first().copied().unwrap_or(Applicant::Own),
            number: Sensitive::default(),
            name: Sensitive::default(),
            subject: Sensitive::default(),
            facts: Facts::new(),
            record_missing: false,
            person_seen: false,
            to_ask: false,
            answers: Answers::default(),
            entered: BTreeMap::new(),
            from_visit: BTreeSet::new(),
            seen: BTreeSet::new(),
            attachments: BTreeMap::new(),
            pictures: BTreeMap::new(),
            language: "zh-CN".to_owned(),
            visit: None,
        }
    }

    /// What a person left half-done at a kiosk. Nobody at the counter has looked at them yet; whom the machine had not
    /// confirmed, the registry is not asked about before somebody has.
    pub fn of_visit(payload: Payload, kiosk: KioskId, attachments: BTreeMap<AttachmentId, Part>) -> Self {
        let unfinished = payload.unfinished.unwrap_or_default();
        let written = payload.answers.iter().map(|(field, _)| field).chain(unfinished.entered.keys()).cloned();
        let of_person = [person::NUMBER, person::NAME, person::MATTER, person::SUBJECT].map(FieldId::new);
        Self {
            from_visit: written.chain(of_person).collect(),
            person_seen: false,
            to_ask: payload.identified.needs_officer() || payload.open.iter().any(|code| code == "confirm-person"),
            matter: payload.matter,
            number: payload.applicant.id_number,
            name: payload.applicant.name,
            subject: payload.subject.unwrap_or_default(),
            facts: payload.facts,
            record_missing: payload.open.iter().any(|code| code == "own-record-unavailable"),
            answers: payload.answers,
            entered: unfinished.entered,
            pictures: payload.pictures,
            seen: BTreeSet::new(),
            attachments,
            language: payload.language,
            visit: Some(Visited { kiosk, step: unfinished.step, identified: Some(payload.identified) }),
        }
    }

    /// Sealed for the store; `None` when the bureau's keys are none, which start-up rules out.
    pub fn sealed(&self, office: &Office, id: OpeningId) -> Option<Kept> {
        let plain = serde_json::to_vec(self).ok()?;
        office.keep(id, &plain)
    }

    /// Opened again; `None` when its key is gone, or it is damaged.
    pub fn unsealed(office: &Office, sealed: &[u8]) -> Option<Self> {
        let plain = office.open_kept(sealed)?;
        serde_json::from_slice(&plain).ok()
    }

    /// Whether a number of somebody else is asked for.
    pub fn needs_subject(&self, service: &Service) -> bool {
        match self.matter {
            Applicant::Own => false,
            Applicant::Guardian => service.ward_has_number,
            Applicant::Proxy => true,
        }
    }

    /// Facts, answers and day for the rules.
    pub fn context<'a>(&'a self, answers: &'a Answers, today: jiff::civil::Date) -> domain::condition::Context<'a> {
        domain::condition::Context { facts: &self.facts, answers, today }
    }

    /// A number as the rule for resident numbers writes it; `None` when it is none.
    pub fn resident_number(text: &str, today: jiff::civil::Date) -> Option<String> {
        use domain::rules::{self, RuleId};
        rules::check(RuleId::ResidentId, text, today).ok().map(|verdict| verdict.value)
    }

    /// A stored answer, when it is still one on this day.
    pub fn standing_answer(
        &self,
        service: &Service,
        field: &domain::service::Field,
        today: jiff::civil::Date,
    ) -> Option<Result<domain::answers::Answer, form::FieldError>> {
        let kept = self.answers.get(&field.id)?;
        match form::check(service, field, &crate::worker::checking::input(kept), today) {
            Ok(normal) => normal.map(Ok),
            Err(error) => Some(Err(error)),
        }
    }
}
