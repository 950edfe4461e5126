//! One service under way: its answers, what is entered but not yet checked, and the order of its pages.
//! Invariants: `answers` holds only checked answers of fields asked now; entries outlive them, so that back keeps everything.
//! Not here: moving between pages (`question`), devices (`capture`).

use crate::effect::{Draft, Open};
use crate::hand_over::Unfinished;
use crate::input::Shot;
use crate::supplement::Supplement;
use crate::view::{AddressEntry, Entry};
use domain::answers::{Address, Answer, Answers, AttachmentId};
use domain::condition::Context;
use domain::eligibility::{self, Eligibility};
use domain::facts::Facts;
use domain::form::{self, FieldError, Input as Raw};
use domain::ids::{FieldId, MaterialId, StepId, SubmissionId};
use domain::sensitive::Sensitive;
use domain::service::{Applicant, Capture, Field, FieldKind, Service};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A service under way.
#[derive(Debug)]
pub(crate) struct Errand {
    pub(crate) service: Arc<Service>,
    pub(crate) submission: SubmissionId,
    pub(crate) matter: Applicant,
    pub(crate) subject: Option<Sensitive<String>>,
    pub(crate) facts: Facts,
    /// The ward's record could not be had.
    pub(crate) record_missing: bool,
    pub(crate) answers: Answers,
    pub(crate) entries: BTreeMap<FieldId, Entry>,
    pub(crate) shots: BTreeMap<FieldId, Vec<Shot>>,
    pub(crate) chosen: BTreeMap<FieldId, usize>,
    /// Signatures not yet continued from.
    pub(crate) signed: BTreeMap<FieldId, Answer>,
    pub(crate) visited: BTreeSet<FieldId>,
    /// Rules that said no, and the person asked for an officer.
    pub(crate) officer_rules: Vec<String>,
    /// The page last opened.
    pub(crate) page: Option<FieldId>,
    /// A draft of it lies in the store.
    pub(crate) saved: bool,
    /// Set when only what is missing in a case is asked.
    pub(crate) supplement: Option<Supplement>,
    /// Set while it is handed over to the counter as it stands.
    pub(crate) unfinished: Option<Unfinished>,
}

impl Errand {
    pub(crate) fn new(service: Arc<Service>, submission: SubmissionId) -> Self {
        Self {
            service,
            submission,
            matter: Applicant::Own,
            subject: None,
            facts: Facts::new(),
            record_missing: false,
            answers: Answers::default(),
            entries: BTreeMap::new(),
            shots: BTreeMap::new(),
            chosen: BTreeMap::new(),
            signed: BTreeMap::new(),
            visited: BTreeSet::new(),
            officer_rules: Vec::new(),
            page: None,
            saved: false,
            supplement: None,
            unfinished: None,
        }
    }

    /// Takes a draft up again; pages before the last one count as seen.
    pub(crate) fn resume(service: Arc<Service>, draft: Draft, today: Date) -> Self {
        let mut errand = Self::new(service, draft.submission);
        errand.matter = draft.matter;
        errand.subject = draft.subject;
        errand.facts = draft.facts;
        errand.answers = draft.answers;
        errand.officer_rules = draft.officer_rules;
        errand.supplement = draft.supplement;
        errand.page = draft.page;
        errand.saved = true;
        let pictures: Vec<(FieldId, Answer)> =
            errand.answers.iter().map(|(field, answer)| (field.clone(), answer.clone())).collect();
        for (field, answer) in pictures {
            match answer {
                Answer::Photo(id) => {
                    errand.chosen.insert(field.clone(), 0);
                    errand.shots.insert(field, vec![Shot { id, hints: Vec::new() }]);
                }
                Answer::Document(pages) => {
                    let pages = pages.into_iter().map(|id| Shot { id, hints: Vec::new() }).collect();
                    errand.shots.insert(field, pages);
                }
                Answer::Signature(_) | Answer::CannotSign => {
                    errand.signed.insert(field, answer);
                }
                Answer::Text(_)
                | Answer::Date(_)
                | Answer::Choice(_)
                | Answer::Address(_)
                | Answer::Later
                | Answer::AtCounter
                | Answer::Declared => {}
            }
        }
        let pages = errand.pages(today);
        let until = pages.iter().position(|(_, page)| Some(page) == errand.page.as_ref()).unwrap_or(0);
        errand.visited = pages.into_iter().take(until).map(|(_, page)| page).collect();
        errand
    }

    pub(crate) fn context(&self, today: Date) -> Context<'_> {
        Context { facts: &self.facts, answers: &self.answers, today }
    }

    pub(crate) fn eligibility(&self, today: Date) -> Eligibility {
        // An officer is already at a case that is supplemented.
        if self.supplement.is_some() {
            Eligibility::Yes
        } else {
            eligibility::assess(&self.service, self.context(today))
        }
    }

    /// The rule that says no now, unless the person asked for an officer.
    pub(crate) fn refusal(&self, today: Date) -> Option<String> {
        match self.eligibility(today) {
            Eligibility::No { rule } if !self.officer_rules.contains(&rule) => Some(rule),
            Eligibility::No { .. }
            | Eligibility::Yes
            | Eligibility::Officer { .. }
            | Eligibility::NotYetKnown { .. } => None,
        }
    }

    /// The pages asked now, in order: step and field (or group).
    pub(crate) fn pages(&self, today: Date) -> Vec<(StepId, FieldId)> {
        let context = self.context(today);
        let mut pages = Vec::new();
        for step in
            self.service.steps.iter().filter(|step| self.supplement.is_some() || form::step_is_asked(step, context))
        {
            for field in step.fields.iter().filter(|field| self.page_is_asked(field, context)) {
                pages.push((step.id.clone(), field.id.clone()));
            }
        }
        pages
    }

    fn page_is_asked(&self, page: &Field, context: Context<'_>) -> bool {
        let asked = self.supplement.is_some() || form::field_is_asked(&self.service, page, context);
        asked && !self.asked_on(page, context).is_empty()
    }

    /// The fields asked now, in order, groups opened.
    pub(crate) fn asked_fields(&self, today: Date) -> Vec<&Field> {
        let context = self.context(today);
        match &self.supplement {
            Some(_) => self
                .service
                .steps
                .iter()
                .flat_map(|step| &step.fields)
                .flat_map(|page| self.asked_on(page, context))
                .collect(),
            None => form::asked_fields(&self.service, context),
        }
    }

    /// The page's field or group, as the service states it.
    pub(crate) fn page_field(&self, page: &FieldId) -> Option<&Field> {
        self.service.steps.iter().flat_map(|step| &step.fields).find(|field| field.id == *page)
    }

    /// The step a page belongs to.
    pub(crate) fn step_of(&self, page: &FieldId) -> Option<&StepId> {
        self.service.steps.iter().find(|step| step.fields.iter().any(|field| field.id == *page)).map(|step| &step.id)
    }

    /// The page on which a field stands: its own, or its group's.
    pub(crate) fn page_of(&self, field: &FieldId) -> Option<FieldId> {
        let holds = |page: &&Field| page.id == *field || inner(page).iter().any(|inner| inner.id == *field);
        self.service.steps.iter().flat_map(|step| &step.fields).find(holds).map(|page| page.id.clone())
    }

    /// The fields shown on a page now. Inside a group, what is entered on the page already counts.
    pub(crate) fn fields_on(&self, page: &FieldId, today: Date) -> Vec<Field> {
        let Some(field) = self.page_field(page) else { return Vec::new() };
        let mut live = self.answers.clone();
        for inner in inner(field) {
            match self.check(inner, today) {
                Ok(Some(answer)) => live.set(inner.id.clone(), answer),
                Ok(None) | Err(_) => live.remove(&inner.id),
            }
        }
        let context = Context { facts: &self.facts, answers: &live, today };
        self.asked_on(field, context).into_iter().cloned().map(|field| self.as_asked(field)).collect()
    }

    fn asked_on<'a>(&self, page: &'a Field, context: Context<'_>) -> Vec<&'a Field> {
        match &page.kind {
            FieldKind::Group { fields } => fields.iter().filter(|field| self.is_asked(field, context)).collect(),
            FieldKind::Text { .. }
            | FieldKind::PersonName
            | FieldKind::Number { .. }
            | FieldKind::Phone { .. }
            | FieldKind::Date { .. }
            | FieldKind::Choice { .. }
            | FieldKind::Address
            | FieldKind::Photo { .. }
            | FieldKind::Document { .. }
            | FieldKind::Signature
            | FieldKind::Declaration
                if self.supplement.is_some() && !self.is_asked(page, context) =>
            {
                Vec::new()
            }
            FieldKind::Text { .. }
            | FieldKind::PersonName
            | FieldKind::Number { .. }
            | FieldKind::Phone { .. }
            | FieldKind::Date { .. }
            | FieldKind::Choice { .. }
            | FieldKind::Address
            | FieldKind::Photo { .. }
            | FieldKind::Document { .. }
            | FieldKind::Signature
            | FieldKind::Declaration => vec![page],
        }
    }

    /// In a supplement: what an officer asked for, and what an answer given here makes necessary.
    fn is_asked(&self, field: &Field, context: Context<'_>) -> bool {
        match self.wants(&field.id) {
            None => form::field_is_asked(&self.service, field, context),
            Some(wanted) => wanted || self.follows(field, context),
        }
    }

    /// The next page asked after this one, in the form's order.
    pub(crate) fn next_page(&self, page: &FieldId, today: Date) -> Option<FieldId> {
        let place = self.order(page);
        self.pages(today).into_iter().map(|(_, next)| next).find(|next| self.order(next) > place)
    }

    /// The page asked before this one.
    pub(crate) fn previous_page(&self, page: &FieldId, today: Date) -> Option<FieldId> {
        let place = self.order(page);
        self.pages(today).into_iter().rev().map(|(_, before)| before).find(|before| self.order(before) < place)
    }

    /// The first page that was never continued from, or lacks a required answer.
    pub(crate) fn unfinished_page(&self, today: Date) -> Option<FieldId> {
        let lacks = |field: &&Field| {
            let needed = field.required || self.wants(&field.id) == Some(true);
            needed && self.answers.get(&field.id).is_none()
        };
        let missing: Vec<FieldId> =
            self.asked_fields(today).into_iter().filter(lacks).filter_map(|field| self.page_of(&field.id)).collect();
        self.pages(today)
            .into_iter()
            .map(|(_, page)| page)
            .find(|page| !self.visited.contains(page) || missing.contains(page))
    }

    fn order(&self, page: &FieldId) -> Option<usize> {
        self.service.steps.iter().flat_map(|step| &step.fields).position(|field| field.id == *page)
    }

    /// Checks what is entered in a field that is no picture.
    pub(crate) fn check(&self, field: &Field, today: Date) -> Result<Option<Answer>, FieldError> {
        let raw = match self.entry(field, today) {
            Entry::Text(text) => Raw::Text(text),
            Entry::Options(options) => Raw::Options(options),
            Entry::Address(entry) => Raw::Address(entry.address),
            Entry::Declared(true) => Raw::Made(Answer::Declared),
            Entry::Declared(false) if field.required => return Err(FieldError::Empty),
            Entry::Declared(false) => return Ok(None),
        };
        form::check(&self.service, field, &raw, today)
    }

    /// What is entered in a field: by the person, by an earlier answer, or by what is known.
    pub(crate) fn entry(&self, field: &Field, today: Date) -> Entry {
        let known = self.known_entry(field, today);
        if field.locked
            && let Some(entry) = known
            && self.is_locked(field, today)
        {
            return entry;
        }
        let own = self.entries.get(&field.id).cloned();
        let answered = || self.answers.get(&field.id).and_then(entry_of_answer);
        own.or_else(answered).or_else(|| self.known_entry(field, today)).unwrap_or_else(|| empty_entry(field))
    }

    /// The registry's datum stands, and is right: it is shown, not asked.
    pub(crate) fn is_locked(&self, field: &Field, today: Date) -> bool {
        let raw = match self.known_entry(field, today) {
            Some(Entry::Text(text)) => Raw::Text(text),
            Some(Entry::Options(options)) => Raw::Options(options),
            Some(Entry::Address(entry)) => Raw::Address(entry.address),
            Some(Entry::Declared(_)) | None => return false,
        };
        field.locked && matches!(form::check(&self.service, field, &raw, today), Ok(Some(_)))
    }

    /// Filled from what is known, and not changed since.
    pub(crate) fn is_prefilled(&self, field: &Field, today: Date) -> bool {
        self.known_entry(field, today).is_some_and(|known| known == self.entry(field, today))
    }

    fn known_entry(&self, field: &Field, today: Date) -> Option<Entry> {
        let fact = field.prefill.as_deref()?;
        let text = self.facts.text(fact, today)?;
        match &field.kind {
            FieldKind::Text { .. }
            | FieldKind::PersonName
            | FieldKind::Number { .. }
            | FieldKind::Phone { .. }
            | FieldKind::Date { .. } => Some(Entry::Text(Sensitive::new(text))),
            FieldKind::Choice { options, .. } => options.contains(&text).then(|| Entry::Options(vec![text])),
            FieldKind::Address => {
                let part = |name: &str| self.facts.text(&format!("{fact}.{name}"), today).unwrap_or_default();
                let names = part("names").split_whitespace().map(str::to_owned).collect();
                Some(Entry::Address(AddressEntry::of(Address { division: part("division"), names, detail: text })))
            }
            FieldKind::Photo { .. }
            | FieldKind::Document { .. }
            | FieldKind::Signature
            | FieldKind::Declaration
            | FieldKind::Group { .. } => None,
        }
    }

    /// Takes out answers whose fields are not asked any more, until nothing changes.
    pub(crate) fn prune(&mut self, today: Date) {
        // Each round takes out at least one answer, so it ends.
        loop {
            let asked: BTreeSet<FieldId> = self.asked_fields(today).into_iter().map(|field| field.id.clone()).collect();
            let before = self.answers.iter().count();
            self.answers.retain(|field| asked.contains(field));
            if self.answers.iter().count() == before {
                break;
            }
        }
        let pages: BTreeSet<FieldId> = self.pages(today).into_iter().map(|(_, page)| page).collect();
        self.visited.retain(|page| pages.contains(page));
    }

    /// What an officer must still do, from the form alone.
    pub(crate) fn open(&self, today: Date) -> Vec<Open> {
        let mut open = Vec::new();
        if self.matter == Applicant::Proxy {
            open.push(Open::ConfirmMandate);
        }
        match self.eligibility(today) {
            Eligibility::Yes => {}
            // Half done, a rule that looks at what was not asked yet is no open point.
            Eligibility::NotYetKnown { .. } if self.unfinished.is_some() => {}
            Eligibility::No { rule } | Eligibility::Officer { rule } | Eligibility::NotYetKnown { rule } => {
                open.push(Open::Rule(rule));
            }
        }
        for field in self.asked_fields(today) {
            match (self.answers.get(&field.id), &field.kind) {
                (Some(Answer::Later), FieldKind::Document { material, .. }) => {
                    let working_days = self.service.material(material).and_then(|material| material.defer_days);
                    open.push(Open::Later { material: material.clone(), working_days });
                }
                (Some(Answer::CannotSign), _) => open.push(Open::CannotSign),
                _ => {}
            }
        }
        open.sort();
        open.dedup();
        open
    }

    /// Materials to show at the counter.
    pub(crate) fn bring(&self, today: Date) -> Vec<MaterialId> {
        // Of a case that is supplemented: what the officer asked for, not what the form would.
        if let Some(supplement) = &self.supplement {
            return supplement.counter.clone();
        }
        let context = self.context(today);
        let needed = |when: &domain::condition::Condition| when.holds(context) != Some(false);
        self.service
            .materials
            .iter()
            .filter(|material| material.capture == Capture::Counter && material.when.as_ref().is_none_or(needed))
            .map(|material| material.id.clone())
            .collect()
    }

    /// Every picture taken for it.
    pub(crate) fn pictures(&self) -> Vec<AttachmentId> {
        let mut pictures: Vec<AttachmentId> = self.shots.values().flatten().map(|shot| shot.id.clone()).collect();
        pictures.extend(self.signed.values().flat_map(Answer::attachments));
        pictures
    }

    /// Something was entered that would be a pity to lose.
    pub(crate) fn begun(&self) -> bool {
        self.page.is_some() || !self.entries.is_empty()
    }

    /// Sets a fact of the subject that its number tells.
    pub(crate) fn set_subject(&mut self, number: &str, today: Date) {
        self.facts.set_number(number, today);
    }
}

fn inner(field: &Field) -> &[Field] {
    if let FieldKind::Group { fields } = &field.kind { fields } else { &[] }
}

fn empty_entry(field: &Field) -> Entry {
    match &field.kind {
        FieldKind::Choice { .. } => Entry::Options(Vec::new()),
        FieldKind::Address => Entry::Address(AddressEntry::of(Address {
            division: String::new(),
            names: Vec::new(),
            detail: String::new(),
        })),
        FieldKind::Declaration => Entry::Declared(false),
        FieldKind::Text { .. }
        | FieldKind::PersonName
        | FieldKind::Number { .. }
        | FieldKind::Phone { .. }
        | FieldKind::Date { .. }
        | FieldKind::Photo { .. }
        | FieldKind::Document { .. }
        | FieldKind::Signature
        | FieldKind::Group { .. } => Entry::Text(Sensitive::default()),
    }
}

fn entry_of_answer(answer: &Answer) -> Option<Entry> {
    match answer {
        Answer::Text(text) => Some(Entry::Text(text.clone())),
        Answer::Date(date) => Some(Entry::Text(Sensitive::new(date.expose().to_string()))),
        Answer::Choice(options) => Some(Entry::Options(options.clone())),
        Answer::Address(address) => Some(Entry::Address(AddressEntry::of(address.expose().clone()))),
        Answer::Declared => Some(Entry::Declared(true)),
        Answer::Photo(_)
        | Answer::Document(_)
        | Answer::Later
        | Answer::Signature(_)
        | Answer::CannotSign
        | Answer::AtCounter => None,
    }
}

impl AddressEntry {
    /// An address as entered before; the codes of its upper levels follow from GB/T 2260.
    pub(crate) fn of(address: Address) -> Self {
        let code = &address.division;
        let upper = |digits: usize| code.get(..digits).map(|head| format!("{head:0<6}"));
        let picked = match address.names.len() {
            0 => Vec::new(),
            1 => vec![code.clone()],
            2 => upper(2).into_iter().chain([code.clone()]).collect(),
            _ => upper(2).into_iter().chain(upper(4)).chain([code.clone()]).collect(),
        };
        Self { address: Sensitive::new(address), picked: Sensitive::new(picked) }
    }
}
