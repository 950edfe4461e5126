//! From what an officer writes in a field to an answer, and back to the text of the field.
//! Texts of fields: a day as typed; options of a choice by id, joined by commas; an address in one line from the province
//! down; `yes` for a declaration; `shown` for a signature on paper, `cannot-sign` when the person cannot sign.

use super::Draft;
use domain::answers::{Address, Answer};
use domain::form::{self, FieldError, Input};
use domain::rules::division;
use domain::sensitive::Sensitive;
use domain::service::{Field, FieldKind, Service};
use jiff::civil::Date;

/// What a text means in this field; `None` = it cannot be written by hand (a portrait, pages).
fn input(field: &Field, text: &str) -> Option<Input> {
    Some(match &field.kind {
        FieldKind::Text { .. }
        | FieldKind::PersonName
        | FieldKind::Number { .. }
        | FieldKind::Phone { .. }
        | FieldKind::Date { .. } => Input::Text(Sensitive::new(text.to_owned())),
        FieldKind::Choice { .. } => {
            let options = text.split([',', '，']).map(str::trim).filter(|option| !option.is_empty());
            Input::Options(options.map(str::to_owned).collect())
        }
        FieldKind::Address => Input::Address(Sensitive::new(address(text))),
        FieldKind::Declaration if text == "yes" => Input::Made(Answer::Declared),
        FieldKind::Signature if text == "shown" => Input::Made(Answer::AtCounter),
        FieldKind::Signature if text == "cannot-sign" => Input::Made(Answer::CannotSign),
        FieldKind::Declaration | FieldKind::Signature => Input::Text(Sensitive::default()),
        FieldKind::Photo { .. } | FieldKind::Document { .. } | FieldKind::Group { .. } => return None,
    })
}

/// An address is whole from the province down to where no smaller division is.
fn address(text: &str) -> Address {
    let (code, names, rest) = division::read(text);
    let whole = code.filter(|code| division::below(*code).is_empty());
    Address {
        division: whole.map(|code| format!("{code:06}")).unwrap_or_default(),
        names: names.into_iter().map(str::to_owned).collect(),
        detail: rest.to_owned(),
    }
}

/// What is wrong with a text in a field, or the answer that it is; `Ok(None)` = empty, and may be.
pub(super) fn read(service: &Service, field: &Field, text: &str, today: Date) -> Result<Option<Answer>, FieldError> {
    let empty = text.trim().is_empty();
    match (&field.kind, input(field, text.trim())) {
        (FieldKind::Declaration | FieldKind::Signature, Some(Input::Text(_))) | (_, None) => {
            if field.required || !empty { Err(FieldError::Empty) } else { Ok(None) }
        }
        (_, Some(input)) => form::check(service, field, &input, today),
    }
}

/// Writes a text into a field: kept whatever it is. `false` = this field cannot be written by hand.
pub fn write(draft: &mut Draft, service: &Service, field: &Field, text: &str, today: Date) -> bool {
    if input(field, text).is_none() {
        return false;
    }
    let before = draft.answers.get(&field.id).cloned();
    match read(service, field, text, today) {
        Ok(Some(answer)) => {
            if before.as_ref() != Some(&answer) {
                draft.from_visit.remove(&field.id);
            }
            draft.entered.remove(&field.id);
            draft.answers.set(field.id.clone(), answer);
        }
        Ok(None) | Err(_) => {
            draft.from_visit.remove(&field.id);
            draft.answers.remove(&field.id);
            draft.entered.insert(field.id.clone(), Sensitive::new(text.trim().to_owned()));
        }
    }
    true
}

/// The text of a field that holds this answer.
pub fn text_of(answer: &Answer) -> String {
    match answer {
        Answer::Text(text) => text.expose().clone(),
        Answer::Date(day) => day.expose().to_string(),
        Answer::Choice(options) => options.join(","),
        Answer::Address(address) => format!("{}{}", address.expose().names.join(""), address.expose().detail),
        Answer::Photo(_) | Answer::Document(_) => String::new(),
        Answer::Later => "later".to_owned(),
        Answer::Signature(_) => "signed".to_owned(),
        Answer::CannotSign => "cannot-sign".to_owned(),
        Answer::AtCounter => "shown".to_owned(),
        Answer::Declared => "yes".to_owned(),
    }
}

/// A fact as the text of a field that it fills.
pub(super) fn text_of_fact(draft: &Draft, field: &Field, today: Date) -> Option<String> {
    let fact = field.prefill.as_deref()?;
    let text = draft.facts.text(fact, today)?;
    if field.kind != FieldKind::Address {
        return Some(text);
    }
    let names = draft.facts.text(&format!("{fact}.names"), today).unwrap_or_default();
    Some(format!("{}{text}", names.split_whitespace().collect::<String>()))
}
