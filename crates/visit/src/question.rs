//! Pages of the form: opening, editing, continuing, changing from the check page.
//! Invariants: a page is left forward only when `domain::form` finds nothing wrong on it; back and change lose nothing; after
//! each page the draft is kept and the rules are looked at again.

use crate::Visit;
use crate::effect::{Draft, Effect};
use crate::errand::Errand;
use crate::input::{EditOp, Target};
use crate::place::{PageState, Place};
use crate::view::{AddressEntry, CameraState, Entry, FieldView, QuestionPage};
use domain::answers::Answer;
use domain::form::FieldError;
use domain::ids::FieldId;
use domain::sensitive::Sensitive;
use domain::service::{Field, FieldKind};
use std::collections::BTreeMap;

/// No text grows beyond this, whatever is pressed; fields have their own, smaller bounds.
const LONGEST_TEXT: usize = 400;

impl Visit {
    pub(crate) fn open_page(&mut self, page: FieldId, to_check: bool) {
        let Some(errand) = &mut self.memory.errand else { return };
        let Some(kind) = errand.page_field(&page).map(|field| field.kind.clone()) else { return };
        errand.page = Some(page.clone());
        self.go(Place::Page(PageState { page, errors: BTreeMap::new(), camera: CameraState::Off, to_check }));
        self.start_page_camera(&kind);
    }

    /// The field of a page that is one field: photo, papers, signature, and its kind.
    pub(crate) fn page_field(&self) -> Option<Field> {
        let Place::Page(state) = &self.memory.place else { return None };
        let errand = self.memory.errand.as_ref()?;
        errand.page_field(&state.page).cloned().map(|field| errand.as_asked(field))
    }

    pub(crate) fn continue_page(&mut self) {
        let Some(field) = self.page_field() else { return };
        let today = self.today();
        let Some(errand) = &self.memory.errand else { return };
        let checked: Vec<(FieldId, Result<Option<Answer>, FieldError>)> = match &field.kind {
            FieldKind::Photo { .. } | FieldKind::Document { .. } | FieldKind::Signature => {
                vec![(field.id.clone(), errand.made(&field, today))]
            }
            FieldKind::Text { .. }
            | FieldKind::PersonName
            | FieldKind::Number { .. }
            | FieldKind::Phone { .. }
            | FieldKind::Date { .. }
            | FieldKind::Choice { .. }
            | FieldKind::Address
            | FieldKind::Declaration
            | FieldKind::Group { .. } => {
                let fields = errand.fields_on(&field.id, today);
                fields.iter().map(|field| (field.id.clone(), errand.check(field, today))).collect()
            }
        };
        self.take_answers(field.id, checked);
    }

    /// Takes the answers over when all are right; else shows all errors at once.
    pub(crate) fn take_answers(&mut self, page: FieldId, checked: Vec<(FieldId, Result<Option<Answer>, FieldError>)>) {
        let Place::Page(state) = &mut self.memory.place else { return };
        let Some(errand) = &mut self.memory.errand else { return };
        let mut errors = BTreeMap::new();
        let mut right = Vec::new();
        for (field, result) in checked {
            match result {
                Ok(answer) => right.push((field, answer)),
                Err(error) => {
                    errors.insert(field, error);
                }
            }
        }
        let to_check = state.to_check;
        state.errors = errors;
        if !state.errors.is_empty() {
            return;
        }
        for (field, answer) in right {
            match answer {
                Some(answer) => errand.answers.set(field, answer),
                None => errand.answers.remove(&field),
            }
        }
        self.advance(&page, to_check);
    }

    /// Onwards from a page that is right.
    pub(crate) fn advance(&mut self, page: &FieldId, to_check: bool) {
        let today = self.today();
        let Some(errand) = &mut self.memory.errand else { return };
        errand.visited.insert(page.clone());
        errand.prune(today);
        let refusal = errand.refusal(today);
        let next = if to_check { None } else { errand.next_page(page, today) };
        let next = next.or_else(|| errand.unfinished_page(today));
        if let Some(next) = &next {
            errand.page = Some(next.clone());
        }
        self.save_draft();
        match (refusal, next) {
            (Some(rule), _) => self.go(Place::Refused { rule, back: Some(page.clone()) }),
            (None, Some(next)) => self.open_page(next, to_check),
            (None, None) => self.go(Place::Check),
        }
    }

    pub(crate) fn save_draft(&mut self) {
        let Some(identity) = self.memory.identity.as_ref().filter(|identity| identity.identified.confirmed()) else {
            return;
        };
        let Some(errand) = self.memory.errand.as_mut().filter(|errand| errand.page.is_some()) else { return };
        errand.saved = true;
        self.effects.push(Effect::SaveDraft(Box::new(Draft {
            submission: errand.submission,
            service: errand.service.id.clone(),
            form_version: errand.service.version,
            id_number: identity.person.id_number.clone(),
            matter: errand.matter,
            subject: errand.subject.clone(),
            facts: errand.facts.clone(),
            answers: errand.answers.clone(),
            officer_rules: errand.officer_rules.clone(),
            supplement: errand.supplement.clone(),
            page: errand.page.clone(),
            touched: self.now,
        })));
    }

    pub(crate) fn change(&mut self, field: &FieldId) {
        if !matches!(self.memory.place, Place::Check) {
            return;
        }
        if let Some(page) = self.memory.errand.as_ref().and_then(|errand| errand.page_of(field)) {
            self.open_page(page, true);
        }
    }

    pub(crate) fn edit(&mut self, target: Target, op: EditOp) {
        match (&mut self.memory.place, target) {
            (Place::Home { query }, Target::Search) => edit_text(query, op),
            (Place::OwnNumber { error, .. }, Target::OwnNumber) => {
                *error = None;
                self.memory.identifying.checked_number = None;
                edit_text(&mut self.memory.identifying.number, op);
            }
            (Place::FindCode { .. }, Target::Code) => self.edit_code(op),
            (Place::SubjectNumber { number, error, .. }, Target::SubjectNumber) => {
                *error = None;
                edit_text(number, op);
            }
            (Place::Page(_), Target::Field(field)) => self.edit_field(&field, |entry, _| match entry {
                Entry::Text(text) => edit_text(text, op),
                Entry::Address(address) => edit_address(address, op),
                Entry::Options(_) | Entry::Declared(_) => {}
            }),
            _ => {}
        }
    }

    pub(crate) fn press_option(&mut self, id: &FieldId, option: String) {
        self.edit_field(id, |entry, field| {
            let (Entry::Options(chosen), FieldKind::Choice { options, multiple }) = (entry, &field.kind) else {
                return;
            };
            if !options.contains(&option) {
                return;
            }
            let was_chosen = chosen.contains(&option);
            match (was_chosen, multiple) {
                (true, true) => chosen.retain(|other| *other != option),
                (true, false) if !field.required => chosen.clear(),
                (true, false) => {}
                (false, true) => chosen.push(option),
                (false, false) => *chosen = vec![option],
            }
        });
    }

    pub(crate) fn declare(&mut self, field: &FieldId) {
        self.edit_field(field, |entry, _| {
            if let Entry::Declared(agreed) = entry {
                *agreed = !*agreed;
            }
        });
    }

    fn edit_field(&mut self, id: &FieldId, change: impl FnOnce(&mut Entry, &Field)) {
        let today = self.today();
        let Place::Page(state) = &mut self.memory.place else { return };
        let Some(errand) = &mut self.memory.errand else { return };
        let Some(field) = errand.fields_on(&state.page, today).into_iter().find(|field| field.id == *id) else {
            return;
        };
        if errand.is_locked(&field, today) {
            return;
        }
        let mut entry = errand.entry(&field, today);
        change(&mut entry, &field);
        errand.entries.insert(field.id, entry);
        state.errors.remove(id);
    }

    pub(crate) fn question_page(&self, errand: &Errand, state: &PageState) -> Option<QuestionPage> {
        let today = self.today();
        let fields = errand
            .fields_on(&state.page, today)
            .into_iter()
            .map(|field| FieldView {
                locked: errand.is_locked(&field, today),
                prefilled: errand.is_prefilled(&field, today),
                entry: errand.entry(&field, today),
                error: state.errors.get(&field.id).cloned(),
                required: field.required,
                kind: field.kind,
                field: field.id,
            })
            .collect();
        Some(QuestionPage { step: errand.step_of(&state.page)?.clone(), page: state.page.clone(), fields })
    }
}

fn edit_text(text: &mut Sensitive<String>, op: EditOp) {
    let mut new = std::mem::take(text).into_inner();
    match op {
        EditOp::Insert(more) => new.push_str(more.expose()),
        EditOp::Backspace => {
            new.pop();
        }
        EditOp::Clear => new.clear(),
        EditOp::Set(other) => new = other.into_inner(),
        EditOp::PickDivision { .. } | EditOp::UnpickDivision => {}
    }
    if let Some((end, _)) = new.char_indices().nth(LONGEST_TEXT) {
        new.truncate(end);
    }
    *text = Sensitive::new(new);
}

fn edit_address(entry: &mut AddressEntry, op: EditOp) {
    let mut address = entry.address.expose().clone();
    let mut picked = entry.picked.expose().clone();
    match op {
        EditOp::PickDivision { code, name, last } => {
            // Province, city, county: nothing is picked below a last level.
            if address.division.is_empty() && picked.len() < 3 {
                address.names.push(name);
                if last {
                    address.division.clone_from(&code);
                }
                picked.push(code);
            }
        }
        EditOp::UnpickDivision => {
            address.division.clear();
            address.names.pop();
            picked.pop();
        }
        EditOp::Insert(_) | EditOp::Backspace | EditOp::Set(_) | EditOp::Clear => {
            if op == EditOp::Clear {
                address.division.clear();
                address.names.clear();
                picked.clear();
            }
            let mut detail = Sensitive::new(address.detail);
            edit_text(&mut detail, op);
            address.detail = detail.into_inner();
        }
    }
    *entry = AddressEntry { address: Sensitive::new(address), picked: Sensitive::new(picked) };
}
