//! Handing a half-done errand over to the counter: asked once more, then sealed as it stands, unfinished.
//! Invariants: nothing but what the person gave goes along; an answer only when it is right for its field, else as it was
//! typed; a half-done errand is never asked to be issued on the spot; where the store could not take it, nothing leads back into the form, because a late
//! answer of the store might still make it durable. Not here: sealing itself (`submit`).

use crate::Visit;
use crate::errand::Errand;
use crate::identify::check_number;
use crate::place::{Place, Retry};
use crate::view::{Dialog, Entry};
use domain::answers::Answer;
use domain::form::{self, Input as Raw};
use domain::ids::{FieldId, StepId};
use domain::sensitive::Sensitive;
use domain::service::{Field, FieldKind};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A half-done submission: where the person stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unfinished {
    /// The step of the page that was open; `None` before the first page.
    pub step: Option<StepId>,
    /// What was entered and is no answer yet, as typed; options joined by commas. Not addresses: half of one says little.
    pub entered: BTreeMap<FieldId, Sensitive<String>>,
}

impl Visit {
    /// An errand of an identified person is under way, and the person stands in its form. A supplement is no errand of its
    /// own: its case is at the counter already.
    pub(crate) fn can_hand_over(&self) -> bool {
        let in_form = match &self.memory.place {
            Place::Matter | Place::SubjectNumber { .. } | Place::Refused { .. } | Place::Page(_) | Place::Check => true,
            Place::Problem { retry, .. } => matches!(retry, Retry::Page { .. }),
            _ => false,
        };
        let errand = self.memory.errand.as_ref().is_some_and(|errand| errand.supplement.is_none());
        in_form && errand && self.memory.identity.is_some()
    }

    pub(crate) fn ask_hand_over(&mut self) {
        if self.can_hand_over() {
            self.memory.dialog = Some(Dialog::HandOver);
        }
    }

    /// Yes: what is there now is taken along.
    pub(crate) fn hand_over(&mut self) {
        if self.memory.dialog != Some(Dialog::HandOver) || !self.can_hand_over() {
            return;
        }
        let today = self.today();
        let subject = match &self.memory.place {
            Place::SubjectNumber { number, .. } => check_number(number.expose(), today).ok(),
            _ => None,
        };
        let open_page = match &self.memory.place {
            Place::Page(state) => Some(state.page.clone()),
            Place::Refused { back, .. } => back.clone(),
            Place::Problem { retry: Retry::Page { page, .. }, .. } => Some(page.clone()),
            Place::Check => self.memory.errand.as_ref().and_then(|errand| errand.page.clone()),
            _ => None,
        };
        let Some(errand) = &mut self.memory.errand else { return };
        if let Some(subject) = subject {
            errand.subject = Some(Sensitive::new(subject));
        }
        errand.drop_what_was_overwritten(today);
        errand.take_what_is_right(today);
        let step = open_page.and_then(|page| errand.step_of(&page).cloned());
        errand.unfinished = Some(Unfinished { step, entered: errand.entered(today) });
        self.seal();
    }
}

impl Errand {
    /// Who went back and typed something else, or emptied a field, did not mean the earlier answer any more: it goes, also when
    /// what stands there now is no answer.
    fn drop_what_was_overwritten(&mut self, today: Date) {
        let no_answer = |field: &&Field| {
            self.entries.contains_key(&field.id) && matches!(self.check(field, today), Err(_) | Ok(None))
        };
        let gone: Vec<FieldId> =
            self.asked_fields(today).into_iter().filter(no_answer).map(|field| field.id.clone()).collect();
        for field in gone {
            self.answers.remove(&field);
        }
    }

    /// Takes every answer that the person gave without having gone on from its page, as far as it is right.
    fn take_what_is_right(&mut self, today: Date) {
        // Each round answers at least one more field, so it ends.
        loop {
            let given: Vec<(FieldId, Answer)> = self
                .asked_fields(today)
                .into_iter()
                .filter_map(|field| Some((field.id.clone(), self.given(field, today)?)))
                .filter(|(field, answer)| self.answers.get(field) != Some(answer))
                .collect();
            if given.is_empty() {
                return self.prune(today);
            }
            for (field, answer) in given {
                self.answers.set(field, answer);
            }
        }
    }

    /// What the person typed into fields asked now and that is no answer.
    fn entered(&self, today: Date) -> BTreeMap<FieldId, Sensitive<String>> {
        let asked = self.asked_fields(today);
        let open = asked.into_iter().filter(|field| self.answers.get(&field.id).is_none());
        let typed = open.filter_map(|field| Some((field.id.clone(), as_typed(self.entries.get(&field.id)?)?)));
        typed.collect()
    }

    /// What the person gave for this field, when it is right.
    fn given(&self, field: &Field, today: Date) -> Option<Answer> {
        let right = |made: Answer| form::check(&self.service, field, &Raw::Made(made), today).ok().flatten();
        match &field.kind {
            FieldKind::Photo { .. } => {
                let shots = self.shots.get(&field.id)?;
                // Not chosen yet: the last one taken.
                let shot = self.chosen.get(&field.id).and_then(|chosen| shots.get(*chosen)).or(shots.last())?;
                right(Answer::Photo(shot.id.clone()))
            }
            FieldKind::Document { .. } => {
                let shots = self.shots.get(&field.id).filter(|shots| !shots.is_empty())?;
                right(Answer::Document(shots.iter().map(|shot| shot.id.clone()).collect()))
            }
            FieldKind::Signature => right(self.signed.get(&field.id)?.clone()),
            FieldKind::Text { .. }
            | FieldKind::PersonName
            | FieldKind::Number { .. }
            | FieldKind::Phone { .. }
            | FieldKind::Date { .. }
            | FieldKind::Choice { .. }
            | FieldKind::Address
            | FieldKind::Declaration => {
                self.entries.get(&field.id)?;
                self.check(field, today).ok().flatten()
            }
            FieldKind::Group { .. } => None,
        }
    }
}

/// The words of an entry; `None` when there are none.
fn as_typed(entry: &Entry) -> Option<Sensitive<String>> {
    match entry {
        Entry::Text(text) => (!text.expose().is_empty()).then(|| text.clone()),
        Entry::Options(options) => (!options.is_empty()).then(|| Sensitive::new(options.join(","))),
        Entry::Address(_) | Entry::Declared(_) => None,
    }
}
