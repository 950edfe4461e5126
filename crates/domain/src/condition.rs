//! Conditions of services: small trees over facts and answers, evaluated in three values.
//! Invariant: what is unknown makes a condition unknown (`None`), never false; only a definite yes shows a
//! field or refuses a person (product rule 12: nobody is decided against by a guess).
//! Not here: reading them from files (`services-catalog`).

use crate::answers::Answers;
use crate::facts::{Facts, Value, measured};
use crate::ids::FieldId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A tree of comparisons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Condition {
    /// Every part holds (true when empty).
    All(Vec<Condition>),
    /// At least one part holds (false when empty).
    Any(Vec<Condition>),
    /// The part does not hold.
    Not(Box<Condition>),
    /// One comparison.
    Compare {
        /// What is looked at.
        subject: Subject,
        /// How.
        test: Test,
    },
}

/// What a comparison looks at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// A fact by name, see `facts`.
    Fact(String),
    /// The answer to a field of the same service; of a day also a measure, as of a fact: `born.months-left`.
    Answer(FieldId),
}

/// How a subject is compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Test {
    /// The same value; for a choice with several answers: holds it.
    Is(Value),
    /// One of these.
    In(Vec<Value>),
    /// A number below.
    LessThan(i64),
    /// A number below or the same.
    AtMost(i64),
    /// A number above.
    MoreThan(i64),
    /// A number above or the same.
    AtLeast(i64),
    /// Something is known or answered. The one test that an unknown subject answers with a plain no.
    Known,
}

/// What conditions are evaluated against.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Facts about the persons.
    pub facts: &'a Facts,
    /// Answers given so far.
    pub answers: &'a Answers,
    /// The day, at the kiosk's place.
    pub today: Date,
}

impl Condition {
    /// True when only answers, as given, decide: no fact, and no question whether something is known at all.
    pub fn looks_only_at_answers(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().all(Self::looks_only_at_answers),
            Self::Not(part) => part.looks_only_at_answers(),
            Self::Compare { subject, test } => matches!(subject, Subject::Answer(_)) && *test != Test::Known,
        }
    }

    /// `Some(true)`, `Some(false)`, or `None` when something it needs is unknown.
    pub fn holds(&self, context: Context<'_>) -> Option<bool> {
        match self {
            Self::All(parts) => fold(parts.iter().map(|part| part.holds(context)), false),
            Self::Any(parts) => fold(parts.iter().map(|part| part.holds(context)), true),
            Self::Not(part) => part.holds(context).map(|held| !held),
            Self::Compare { subject, test } => {
                let values = subject.values(context);
                if *test == Test::Known {
                    return Some(!values.is_empty());
                }
                if values.is_empty() {
                    return None;
                }
                Some(values.iter().any(|value| test.passes(value)))
            }
        }
    }
}

/// Three-valued and/or: `decisive` ends it; otherwise any unknown makes the whole unknown.
fn fold(parts: impl Iterator<Item = Option<bool>>, decisive: bool) -> Option<bool> {
    let mut unknown = false;
    for part in parts {
        match part {
            Some(held) if held == decisive => return Some(decisive),
            Some(_) => {}
            None => unknown = true,
        }
    }
    (!unknown).then_some(!decisive)
}

impl Subject {
    fn values(&self, context: Context<'_>) -> Vec<Value> {
        match self {
            Self::Fact(name) => context.facts.get(name, context.today).into_iter().collect(),
            Self::Answer(_) => {
                let Some((field, measure)) = self.answered() else { return Vec::new() };
                let values = context.answers.get(&field).map(crate::answers::Answer::values).unwrap_or_default();
                let Some(measure) = measure else { return values };
                let days = values.into_iter().filter_map(|value| match value {
                    Value::Date(day) => measured(day, measure, context.today),
                    Value::Text(_) | Value::Number(_) | Value::Flag(_) => None,
                });
                days.collect()
            }
        }
    }

    /// The field an answer is of, and the measure asked of its day; `None` for facts. A field's id holds no dot.
    pub fn answered(&self) -> Option<(FieldId, Option<&str>)> {
        let Self::Answer(name) = self else { return None };
        Some(match name.as_str().split_once('.') {
            Some((field, measure)) => (FieldId::new(field), Some(measure)),
            None => (name.clone(), None),
        })
    }
}

impl Test {
    fn passes(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Is(wanted), value) => wanted == value,
            (Self::In(wanted), value) => wanted.contains(value),
            (Self::LessThan(limit), Value::Number(number)) => number < limit,
            (Self::AtMost(limit), Value::Number(number)) => number <= limit,
            (Self::MoreThan(limit), Value::Number(number)) => number > limit,
            (Self::AtLeast(limit), Value::Number(number)) => number >= limit,
            (Self::Known, _) => true,
            (
                Self::LessThan(_) | Self::AtMost(_) | Self::MoreThan(_) | Self::AtLeast(_),
                Value::Text(_) | Value::Date(_) | Value::Flag(_),
            ) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn unknown_is_neither_yes_nor_no() {
        let mut facts = Facts::new();
        facts.set("person.birth", Value::Date(date(2012, 1, 1)));
        let answers = Answers::default();
        let context = Context { facts: &facts, answers: &answers, today: date(2026, 11, 22) };
        let young = Condition::Compare { subject: Subject::Fact("person.age".into()), test: Test::LessThan(16) };
        let class = Condition::Compare {
            subject: Subject::Fact("licence.class".into()),
            test: Test::Is(Value::Text("C1".into())),
        };
        assert_eq!(young.holds(context), Some(true));
        assert_eq!(class.holds(context), None);
        assert_eq!(Condition::Not(Box::new(class.clone())).holds(context), None);
        assert_eq!(Condition::All(vec![young.clone(), class.clone()]).holds(context), None);
        assert_eq!(Condition::Any(vec![class.clone(), young]).holds(context), Some(true));
        let known = Condition::Compare { subject: Subject::Fact("licence.class".into()), test: Test::Known };
        assert_eq!(known.holds(context), Some(false));
    }

    #[test]
    fn the_days_of_answers_are_measured_like_facts() {
        let facts = Facts::new();
        let mut answers = Answers::default();
        let born = crate::answers::Answer::Date(crate::sensitive::Sensitive::new(date(2026, 10, 22)));
        answers.set(FieldId::new("born"), born);
        let context = |today| Context { facts: &facts, answers: &answers, today };
        let late =
            Condition::Compare { subject: Subject::Answer(FieldId::new("born.months-left")), test: Test::LessThan(-1) };
        assert_eq!(late.holds(context(date(2026, 11, 22))), Some(false));
        assert_eq!(late.holds(context(date(2026, 11, 23))), Some(true));
        let unknown =
            Condition::Compare { subject: Subject::Answer(FieldId::new("born.weeks-left")), test: Test::LessThan(-1) };
        assert_eq!(unknown.holds(context(date(2026, 11, 23))), None);
    }
}
