//! Answers and entries as people read them: grouped, dated, masked.
//! Invariant: on check and receipt screens identity numbers and phones are masked; what is being typed is shown as typed.

use super::words::Speech;
use domain::answers::{Address, Answer};
use domain::form::parse_day;
use domain::ids::{FieldId, ServiceId};
use domain::mask;
use domain::service::FieldKind;

/// An identity number as typed, parted 6-8-4.
pub(crate) fn grouped(number: &str) -> String {
    let mut words = String::new();
    for (place, c) in number.chars().enumerate() {
        if place == 6 || place == 14 {
            words.push(' ');
        }
        words.push(c);
    }
    words
}

/// A day as far as its digits are typed; other writings as they are until they are a day.
pub(crate) fn typed_date(say: Speech<'_>, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    if let Some(date) = parse_day(text) {
        return say.full_date(date);
    }
    if !text.bytes().all(|b| b.is_ascii_digit()) || text.len() > 8 {
        return text.to_owned();
    }
    let (year, rest) = text.split_at(text.len().min(4));
    let (month, day) = rest.split_at(rest.len().min(2));
    match (year.len(), month.len(), day.len()) {
        (0..=3, _, _) => year.to_owned(),
        (_, 0, _) => say.fill("date.year", &[("year", year)]),
        (_, 1, _) => format!("{} {month}", say.fill("date.year", &[("year", year)])),
        (_, _, 0) => say.fill("date.month", &[("year", year), ("month", month)]),
        (_, _, 1) => format!("{} {day}", say.fill("date.month", &[("year", year), ("month", month)])),
        _ => say.fill("date.full", &[("year", year), ("month", month), ("day", day)]),
    }
}

/// Names of the divisions and the detail.
pub(crate) fn address(say: Speech<'_>, address: &Address) -> String {
    let between = if say.lang().code() == ui::lang::CODES[0] { "" } else { " " };
    let parts: Vec<&str> = address
        .names
        .iter()
        .map(String::as_str)
        .chain([address.detail.as_str()])
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(between)
}

/// The label of an option.
pub(crate) fn option(say: Speech<'_>, service: &ServiceId, field: &FieldId, option: &str) -> String {
    say.service(service, &format!("field.{field}.{option}"))
}

/// The labels of options chosen.
pub(crate) fn options(say: Speech<'_>, service: &ServiceId, field: &FieldId, chosen: &[String]) -> String {
    let labels: Vec<String> = chosen.iter().map(|id| option(say, service, field, id)).collect();
    labels.join(&say.text("list.and"))
}

/// A text that is shown again, not typed: numbers and phones masked.
pub(crate) fn masked(kind: &FieldKind, text: &str) -> String {
    match kind {
        FieldKind::Number { .. } => mask::id_number(text),
        FieldKind::Phone { .. } => mask::phone(text),
        FieldKind::Text { .. }
        | FieldKind::PersonName
        | FieldKind::Date { .. }
        | FieldKind::Choice { .. }
        | FieldKind::Address
        | FieldKind::Photo { .. }
        | FieldKind::Document { .. }
        | FieldKind::Signature
        | FieldKind::Declaration
        | FieldKind::Group { .. } => text.to_owned(),
    }
}

/// An answer on the check page.
pub(crate) fn answer(
    say: Speech<'_>,
    service: &ServiceId,
    field: &FieldId,
    kind: &FieldKind,
    answer: Option<&Answer>,
) -> String {
    match answer {
        None => say.text("check.not-given"),
        Some(Answer::Text(text)) => masked(kind, text.expose()),
        Some(Answer::Date(date)) => say.full_date(*date.expose()),
        Some(Answer::Choice(chosen)) => options(say, service, field, chosen),
        Some(Answer::Address(found)) => address(say, found.expose()),
        Some(Answer::Photo(_)) => say.text("check.photo"),
        Some(Answer::Document(pages)) => say.fill("check.pages", &[("n", &pages.len().to_string())]),
        Some(Answer::Later) => say.text("check.later"),
        Some(Answer::Signature(_)) => say.text("check.signed"),
        Some(Answer::CannotSign) => say.text("check.cannot-sign"),
        Some(Answer::AtCounter) => say.text("check.at-counter"),
        Some(Answer::Declared) => say.text("check.declared"),
    }
}
