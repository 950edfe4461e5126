//! What is known about the person whose matter it is: facts by name, from the card, the registry, or derived.
//! Invariants: an unknown fact stays unknown (no default); derived facts are computed on the day that is passed in.
//! Not here: where facts come from, and answers (see `answers`).
//!
//! Names used by services: `person.name`, `person.id-number`, `person.birth`, `person.sex`, `person.nation`, `person.address`,
//! `person.age`; `applicant.*` for the one who stands at the kiosk when it is not the same person; the rest is what
//! the registry answers, e.g. `licence.class`, `licence.expires`, `licence.file-number`, `household.book`.
//! From any date fact `x`: `x.days-left` (calendar days from today to x, negative when past), `x.months-left` (calendar months
//! from today to x, a begun month counted whole, negative when past), `x.age` (completed years).

use crate::rules::age::completed_years;
use crate::rules::{self, RuleId, Sex};
use crate::sensitive::Sensitive;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One value a condition can look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "kebab-case")]
pub enum Value {
    /// Free or coded text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A day.
    Date(Date),
    /// Yes or no.
    Flag(bool),
}

/// Facts by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Facts(BTreeMap<String, Sensitive<Value>>);

impl Facts {
    /// No facts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a fact; a later source replaces an earlier one.
    pub fn set(&mut self, name: impl Into<String>, value: Value) {
        self.0.insert(name.into(), Sensitive::new(value));
    }

    /// Takes over all facts of another source.
    pub fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// A fact, or one derived from a date fact on `today`. `None` when unknown.
    pub fn get(&self, name: &str, today: Date) -> Option<Value> {
        if let Some(value) = self.0.get(name) {
            return Some(value.expose().clone());
        }
        if name == "person.age" || name == "applicant.age" {
            let birth = self.date(&name.replace(".age", ".birth"))?;
            return Some(Value::Number(i64::from(completed_years(birth, today))));
        }
        let (base, measure) = name.rsplit_once('.')?;
        measured(self.date(base)?, measure, today)
    }

    /// A text fact as text; dates and numbers in their plain form. For prefilling.
    pub fn text(&self, name: &str, today: Date) -> Option<String> {
        Some(match self.get(name, today)? {
            Value::Text(text) => text,
            Value::Number(number) => number.to_string(),
            Value::Date(date) => date.to_string(),
            Value::Flag(flag) => flag.to_string(),
        })
    }

    /// Sets what a resident number tells: `person.id-number`, and of a right one `person.birth`, `person.sex` (`男`, `女`).
    pub fn set_number(&mut self, number: &str, today: Date) {
        self.set("person.id-number", Value::Text(number.to_owned()));
        let Ok(verdict) = rules::check(RuleId::ResidentId, number, today) else { return };
        if let Some(birth) = verdict.derived.birth {
            self.set("person.birth", Value::Date(birth));
        }
        if let Some(sex) = verdict.derived.sex {
            let word = match sex {
                Sex::Male => "男",
                Sex::Female => "女",
            };
            self.set("person.sex", Value::Text(word.to_owned()));
        }
    }

    /// The facts of one who acts for somebody else: only what is about the person (`person.x` becomes `applicant.x`); a
    /// licence of theirs is not the subject's.
    #[must_use]
    pub fn of_applicant(&self) -> Self {
        let about = |(name, value): (&String, &Sensitive<Value>)| {
            Some((format!("applicant.{}", name.strip_prefix("person.")?), value.clone()))
        };
        Self(self.0.iter().filter_map(about).collect())
    }

    fn date(&self, name: &str) -> Option<Date> {
        match self.0.get(name)?.expose() {
            Value::Date(date) => Some(*date),
            Value::Text(_) | Value::Number(_) | Value::Flag(_) => None,
        }
    }

    /// Names of the facts that are set, derived ones not counted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Nothing known yet.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What can be asked of any day: words after its name.
pub const MEASURES: [&str; 3] = ["days-left", "months-left", "age"];

/// A measure of `day` on `today`, by its word of [`MEASURES`]; `None` when there is no such word.
pub fn measured(day: Date, measure: &str, today: Date) -> Option<Value> {
    match measure {
        "days-left" => Some(Value::Number(days_between(today, day))),
        "months-left" => Some(Value::Number(months_between(today, day))),
        "age" => Some(Value::Number(i64::from(completed_years(day, today)))),
        _ => None,
    }
}

/// Calendar months from `from` to `to`, a begun month counted whole; negative when `to` is earlier. So "within one month
/// before the day" is 0 or 1, "within one month after it" is 0 or -1; the counting goes from `to`, whose last day of a
/// month meets the last day of a shorter one.
pub fn months_between(from: Date, to: Date) -> i64 {
    let (sign, earlier) = if to >= from { (1, -1) } else { (-1, 1) };
    let reached = |months: i32| {
        let shifted = to.saturating_add(jiff::Span::new().months(months.saturating_mul(earlier)));
        if sign > 0 { shifted <= from } else { shifted >= from }
    };
    // Twelve months more than the whole years between them always reach.
    let most = (i32::from(from.year()) - i32::from(to.year())).abs() * 12 + 12;
    let months = (0..=most).find(|months| reached(*months)).unwrap_or(most);
    i64::from(months) * sign
}

/// Calendar days from `from` to `to`; negative when `to` is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from(from.until(to).map_or(0, |span| span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn derived_facts_follow_the_day() {
        let mut facts = Facts::new();
        facts.set("person.birth", Value::Date(date(2010, 11, 23)));
        facts.set("licence.expires", Value::Date(date(2027, 1, 1)));
        assert_eq!(facts.get("person.age", date(2026, 11, 22)), Some(Value::Number(15)));
        assert_eq!(facts.get("person.age", date(2026, 11, 23)), Some(Value::Number(16)));
        assert_eq!(facts.get("licence.expires.days-left", date(2026, 11, 22)), Some(Value::Number(40)));
        assert_eq!(facts.get("licence.expires.days-left", date(2027, 1, 2)), Some(Value::Number(-1)));
        assert_eq!(facts.get("licence.class", date(2026, 11, 22)), None);
    }

    #[test]
    fn months_count_from_the_day_itself_and_meet_short_months() {
        // Within one month before the full year: 2026-11-10 to 2026-12-10; 2027-02-28 for 2027-03-31.
        for (from, to, months) in [
            (date(2026, 11, 9), date(2026, 12, 10), 2),
            (date(2026, 11, 10), date(2026, 12, 10), 1),
            (date(2026, 12, 9), date(2026, 12, 10), 1),
            (date(2026, 12, 10), date(2026, 12, 10), 0),
            (date(2026, 12, 11), date(2026, 12, 10), -1),
            (date(2027, 2, 27), date(2027, 3, 31), 2),
            (date(2027, 2, 28), date(2027, 3, 31), 1),
            // Within one month of birth: the same day of the next month is the last.
            (date(2026, 11, 22), date(2026, 10, 22), -1),
            (date(2026, 11, 23), date(2026, 10, 22), -2),
            (date(2026, 2, 28), date(2026, 1, 31), -1),
            (date(2026, 3, 1), date(2026, 1, 31), -2),
            (date(2026, 11, 22), date(2028, 11, 22), 24),
        ] {
            assert_eq!(months_between(from, to), months, "{from} {to}");
        }
        let mut facts = Facts::new();
        facts.set("residence-permit.endorse-by", Value::Date(date(2026, 12, 10)));
        let today = date(2026, 11, 10);
        assert_eq!(facts.get("residence-permit.endorse-by.months-left", today), Some(Value::Number(1)));
        assert_eq!(facts.get("residence-permit.endorse-by.weeks-left", today), None);
    }
}
