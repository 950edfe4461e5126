//! Checking what a person entered against its field: raw input in, a checked answer or all its errors out.
//! Invariants: the same function runs at the kiosk (on continue) and in the office (the truth); errors are codes with
//! arguments that the screen turns into the person's words; nothing panics on any input.
//! Not here: which field comes next (`visit`), pictures' quality (`devices`).

use crate::answers::{Address, Answer};
use crate::condition::Context;
use crate::ids::FieldId;
use crate::rules::{self, RuleCode, RuleId};
use crate::sensitive::Sensitive;
use crate::service::{Field, FieldKind, Service, Step};
use jiff::civil::Date;

/// What a person entered, before it is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Typed text, for texts, names, numbers, phones, dates.
    Text(Sensitive<String>),
    /// Chosen options.
    Options(Vec<String>),
    /// An address.
    Address(Sensitive<Address>),
    /// Made by a device or by agreeing: taken over as it is.
    Made(Answer),
}

/// Why an input is not an answer. The screen's words are under `error.<code>` of the chrome texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldError {
    /// Nothing entered, and it is required.
    Empty,
    /// Fewer characters than `min`.
    TooShort {
        /// Fewest.
        min: u32,
    },
    /// More characters than `max`.
    TooLong {
        /// Most.
        max: u32,
    },
    /// A rule of `rules` said no.
    Rule {
        /// Which rule.
        rule: RuleId,
        /// Its code.
        code: RuleCode,
    },
    /// Not a day that exists.
    NotADay,
    /// Before the first day allowed.
    TooEarly {
        /// The first day allowed.
        earliest: Date,
    },
    /// After the last day allowed.
    TooLate {
        /// The last day allowed.
        latest: Date,
    },
    /// Not one of the options.
    NoSuchOption,
    /// The input does not fit the kind of field (a fault of ours, shown as "please do this again").
    WrongKind,
    /// The material may not follow later.
    NotDeferrable,
}

impl FieldError {
    /// Stable code, part of text keys: `empty`, `too-short`, `rule.CHECKSUM`, …
    pub fn code(&self) -> String {
        match self {
            Self::Empty => "empty".to_owned(),
            Self::TooShort { .. } => "too-short".to_owned(),
            Self::TooLong { .. } => "too-long".to_owned(),
            Self::Rule { rule, code } => format!("{rule}.{code}"),
            Self::NotADay => "not-a-day".to_owned(),
            Self::TooEarly { .. } => "too-early".to_owned(),
            Self::TooLate { .. } => "too-late".to_owned(),
            Self::NoSuchOption => "no-such-option".to_owned(),
            Self::WrongKind => "wrong-kind".to_owned(),
            Self::NotDeferrable => "not-deferrable".to_owned(),
        }
    }
}

/// Checks one input. `Ok(None)` = empty and not required.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn check(service: &Service, field: &Field, input: &Input, today: Date) -> Result<Option<Answer>, FieldError> {
    match input {
        Input::Text(text) => check_text(field, text.expose(), today),
        Input::Options(chosen) => check_options(field, chosen),
        Input::Address(address) => check_address(field, address),
        Input::Made(answer) => check_made(service, field, answer).map(Some),
    }
}

fn empty(field: &Field) -> Result<Option<Answer>, FieldError> {
    if field.required { Err(FieldError::Empty) } else { Ok(None) }
}

fn check_text(field: &Field, text: &str, today: Date) -> Result<Option<Answer>, FieldError> {
    let text = text.trim();
    if text.is_empty() {
        return empty(field);
    }
    let by_rule = |rule: RuleId| -> Result<Option<Answer>, FieldError> {
        match rules::check(rule, text, today) {
            Ok(verdict) => Ok(Some(Answer::Text(Sensitive::new(verdict.value)))),
            Err(error) => Err(FieldError::Rule { rule, code: error.code }),
        }
    };
    match &field.kind {
        FieldKind::Text { min, max, .. } => {
            let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
            if length < *min {
                Err(FieldError::TooShort { min: *min })
            } else if length > *max {
                Err(FieldError::TooLong { max: *max })
            } else {
                Ok(Some(Answer::Text(Sensitive::new(text.to_owned()))))
            }
        }
        FieldKind::PersonName => by_rule(RuleId::PersonName),
        FieldKind::Number { rule } => by_rule(*rule),
        FieldKind::Phone { landline: true } if text.starts_with('0') => by_rule(RuleId::Landline),
        FieldKind::Phone { .. } => by_rule(RuleId::Mobile),
        FieldKind::Date { earliest_days, latest_days } => check_date(text, *earliest_days, *latest_days, today),
        FieldKind::Choice { .. }
        | FieldKind::Address
        | FieldKind::Photo { .. }
        | FieldKind::Document { .. }
        | FieldKind::Signature
        | FieldKind::Declaration
        | FieldKind::Group { .. } => Err(FieldError::WrongKind),
    }
}

/// A day as eight digits, or with separators (`2026-11-20`, `2026.11.20`, `2026年11月20日`).
fn check_date(
    text: &str,
    earliest: Option<i32>,
    latest: Option<i32>,
    today: Date,
) -> Result<Option<Answer>, FieldError> {
    let day = parse_day(text).ok_or(FieldError::NotADay)?;
    let bound = |days: i32| today.saturating_add(jiff::Span::new().days(days));
    if let Some(earliest) = earliest.map(bound)
        && day < earliest
    {
        return Err(FieldError::TooEarly { earliest });
    }
    if let Some(latest) = latest.map(bound)
        && day > latest
    {
        return Err(FieldError::TooLate { latest });
    }
    Ok(Some(Answer::Date(Sensitive::new(day))))
}

/// Reads a day as people type it; `None` when there is no such day.
pub fn parse_day(text: &str) -> Option<Date> {
    let groups: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let (year, month, day) = match groups[..] {
        [all] if all.len() == 8 => (&all[..4], &all[4..6], &all[6..]),
        [year, month, day] if year.len() == 4 => (year, month, day),
        _ => return None,
    };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn check_options(field: &Field, chosen: &[String]) -> Result<Option<Answer>, FieldError> {
    let FieldKind::Choice { options, multiple } = &field.kind else {
        return Err(FieldError::WrongKind);
    };
    if chosen.is_empty() {
        return empty(field);
    }
    let known = chosen.iter().all(|option| options.contains(option));
    if !known || (chosen.len() > 1 && !multiple) {
        return Err(FieldError::NoSuchOption);
    }
    let in_order = options.iter().filter(|option| chosen.contains(option)).cloned().collect();
    Ok(Some(Answer::Choice(in_order)))
}

fn check_address(field: &Field, address: &Sensitive<Address>) -> Result<Option<Answer>, FieldError> {
    if field.kind != FieldKind::Address {
        return Err(FieldError::WrongKind);
    }
    let inner = address.expose();
    if inner.division.is_empty() && inner.detail.trim().is_empty() {
        return empty(field);
    }
    if inner.division.len() != 6 || !inner.division.bytes().all(|b| b.is_ascii_digit()) {
        return Err(FieldError::Empty);
    }
    match inner.detail.trim().chars().count() {
        0..=1 => Err(FieldError::TooShort { min: 2 }),
        2..=100 => Ok(Some(Answer::Address(address.clone()))),
        _ => Err(FieldError::TooLong { max: 100 }),
    }
}

fn check_made(service: &Service, field: &Field, answer: &Answer) -> Result<Answer, FieldError> {
    match (&field.kind, answer) {
        (FieldKind::Photo { .. }, Answer::Photo(_) | Answer::AtCounter)
        | (FieldKind::Signature, Answer::Signature(_) | Answer::CannotSign | Answer::AtCounter)
        | (FieldKind::Document { .. }, Answer::AtCounter)
        | (FieldKind::Declaration, Answer::Declared) => Ok(answer.clone()),
        (FieldKind::Document { max_pages, .. }, Answer::Document(pages)) => {
            if pages.is_empty() {
                Err(FieldError::Empty)
            } else if pages.len() > *max_pages as usize {
                Err(FieldError::TooLong { max: *max_pages })
            } else {
                Ok(answer.clone())
            }
        }
        (FieldKind::Document { material, .. }, Answer::Later) => match service.material(material) {
            Some(material) if material.deferrable => Ok(Answer::Later),
            Some(_) | None => Err(FieldError::NotDeferrable),
        },
        _ => Err(FieldError::WrongKind),
    }
}

/// Whether a step is asked now. What is unknown counts as not asked yet.
pub fn step_is_asked(step: &Step, context: Context<'_>) -> bool {
    step.when.as_ref().is_none_or(|when| when.holds(context) == Some(true))
}

/// Whether a field is asked now: its own condition, and for documents the material's.
pub fn field_is_asked(service: &Service, field: &Field, context: Context<'_>) -> bool {
    let own = field.when.as_ref().is_none_or(|when| when.holds(context) == Some(true));
    let material = match &field.kind {
        FieldKind::Document { material, .. } => service.material(material).and_then(|material| material.when.as_ref()),
        FieldKind::Text { .. }
        | FieldKind::PersonName
        | FieldKind::Number { .. }
        | FieldKind::Phone { .. }
        | FieldKind::Date { .. }
        | FieldKind::Choice { .. }
        | FieldKind::Address
        | FieldKind::Photo { .. }
        | FieldKind::Signature
        | FieldKind::Declaration
        | FieldKind::Group { .. } => None,
    };
    own && material.is_none_or(|when| when.holds(context) == Some(true))
}

/// The steps that are asked with their fields that are asked, in order, groups opened.
pub fn asked_by_step<'a>(service: &'a Service, context: Context<'_>) -> Vec<(&'a Step, Vec<&'a Field>)> {
    let fields = |step: &'a Step| {
        let mut asked = Vec::new();
        for field in step.fields.iter().filter(|field| field_is_asked(service, field, context)) {
            if let FieldKind::Group { fields } = &field.kind {
                asked.extend(fields.iter().filter(|inner| field_is_asked(service, inner, context)));
            } else {
                asked.push(field);
            }
        }
        asked
    };
    service.steps.iter().filter(|step| step_is_asked(step, context)).map(|step| (step, fields(step))).collect()
}

/// The fields that are asked, in order, groups opened.
pub fn asked_fields<'a>(service: &'a Service, context: Context<'_>) -> Vec<&'a Field> {
    asked_by_step(service, context).into_iter().flat_map(|(_, fields)| fields).collect()
}

/// Asked, required and not answered: what stands between this form and submitting.
pub fn missing(service: &Service, context: Context<'_>) -> Vec<FieldId> {
    asked_fields(service, context)
        .into_iter()
        .filter(|field| field.required && context.answers.get(&field.id).is_none())
        .map(|field| field.id.clone())
        .collect()
}
