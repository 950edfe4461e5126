//! Residents as data: facts named as in `domain::facts`, answers to record checks, wards.

use domain::facts::{Facts, Value};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use wire::registry::RecordCheck;

/// The file is not what it should be.
#[derive(Debug, thiserror::Error)]
#[error("residents: {0}")]
pub struct ResidentsError(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    resident: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Entry {
    id_number: String,
    #[serde(default)]
    wards: Vec<String>,
    #[serde(default)]
    checks: BTreeMap<String, RecordCheck>,
    facts: BTreeMap<String, toml::Value>,
}

/// A fact as kept: a value, or a day counted from the day of asking.
enum Fact {
    Fixed(Value),
    DaysFromToday(i64),
}

struct Resident {
    wards: Vec<String>,
    checks: BTreeMap<String, RecordCheck>,
    facts: BTreeMap<String, Fact>,
}

/// All residents by number.
pub struct Residents(BTreeMap<String, Resident>);

fn fact(value: &toml::Value) -> Option<Fact> {
    Some(match value {
        toml::Value::String(text) => Fact::Fixed(Value::Text(text.clone())),
        toml::Value::Integer(number) => Fact::Fixed(Value::Number(*number)),
        toml::Value::Boolean(flag) => Fact::Fixed(Value::Flag(*flag)),
        toml::Value::Datetime(day) => Fact::Fixed(Value::Date(day.to_string().parse().ok()?)),
        toml::Value::Table(table) if table.len() == 1 => {
            Fact::DaysFromToday(table.get("days-from-today")?.as_integer()?)
        }
        toml::Value::Table(_) | toml::Value::Array(_) | toml::Value::Float(_) => return None,
    })
}

impl Residents {
    /// Reads the TOML text.
    ///
    /// # Errors
    /// Unknown keys, a number twice or wrong, a fact of no known kind.
    pub fn read(text: &str) -> Result<Self, ResidentsError> {
        let file: File = toml::from_str(text).map_err(|error| ResidentsError(error.to_string()))?;
        let mut residents = BTreeMap::new();
        for entry in file.resident {
            let mut facts = BTreeMap::new();
            for (name, value) in &entry.facts {
                let fact =
                    fact(value).ok_or_else(|| ResidentsError(format!("fact `{name}`: no such kind of value")))?;
                facts.insert(name.clone(), fact);
            }
            let resident = Resident { wards: entry.wards, checks: entry.checks, facts };
            if residents.insert(entry.id_number, resident).is_some() {
                return Err(ResidentsError("a number stands twice".into()));
            }
        }
        Ok(Self(residents))
    }

    /// Everybody's number.
    pub fn numbers(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A person's own facts; empty when unknown.
    pub fn facts(&self, number: &str, today: Date) -> Facts {
        let mut facts = Facts::new();
        for (name, fact) in self.0.get(number).into_iter().flat_map(|resident| &resident.facts) {
            let value = match fact {
                Fact::Fixed(value) => value.clone(),
                Fact::DaysFromToday(days) => {
                    Value::Date(today.saturating_add(jiff::SignedDuration::from_hours(24 * days)))
                }
            };
            facts.set(name.clone(), value);
        }
        facts
    }

    /// A ward's facts for the guardian, with `guardianship.confirmed`; empty when no guardianship is known.
    pub fn ward_facts(&self, guardian: &str, ward: &str, today: Date) -> Facts {
        let known = self.0.get(guardian).is_some_and(|resident| resident.wards.iter().any(|own| own == ward));
        if !known {
            return Facts::new();
        }
        let mut facts = self.facts(ward, today);
        facts.set("guardianship.confirmed", Value::Flag(true));
        facts
    }

    /// The answer to a record check.
    pub fn check(&self, number: &str, check: &str) -> RecordCheck {
        let Some(resident) = self.0.get(number) else { return RecordCheck::Refer };
        resident.checks.get(check).copied().unwrap_or(RecordCheck::MayIssue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::rules::{self, RuleId};
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 22);

    fn shipped() -> Residents {
        Residents::read(include_str!("../../demo/residents.toml")).unwrap()
    }

    #[test]
    fn every_shipped_number_is_right_and_of_nobody() {
        let residents = shipped();
        for number in residents.numbers() {
            rules::check(RuleId::ResidentId, number, TODAY).unwrap();
            assert!(("996"..="999").contains(&&number[14..17]), "{number}");
            let facts = residents.facts(number, TODAY);
            assert_eq!(facts.text("person.id-number", TODAY).as_deref(), Some(number));
            let birth = facts.text("person.birth", TODAY).unwrap().replace('-', "");
            assert_eq!(&number[6..14], birth);
            let male = (number.as_bytes()[16] - b'0') % 2 == 1;
            assert_eq!(facts.text("person.sex", TODAY).as_deref(), Some(if male { "男" } else { "女" }));
        }
        assert!(residents.numbers().count() >= 8);
    }

    #[test]
    fn a_ward_is_shown_to_the_guardian_only_and_strangers_are_never_issued_to() {
        let residents = shipped();
        let (mother, child, other) = ("330327198512319963", "410402201801019994", "330304200002299988");
        let facts = residents.ward_facts(mother, child, TODAY);
        assert_eq!(facts.get("guardianship.confirmed", TODAY), Some(Value::Flag(true)));
        assert_eq!(facts.get("person.age", TODAY), Some(Value::Number(8)));
        assert!(residents.ward_facts(other, child, TODAY).is_empty());
        assert_eq!(residents.check(other, "criminal-record"), RecordCheck::MayIssue);
        assert_eq!(residents.check("330304198405189972", "criminal-record"), RecordCheck::Refer);
    }

    #[test]
    fn days_from_today_move_with_the_day() {
        let text = "[[resident]]\nid-number = \"1\"\n[resident.facts]\n\"licence.expires\" = { days-from-today = 40 }";
        let residents = Residents::read(text).unwrap();
        assert_eq!(residents.facts("1", TODAY).get("licence.expires", TODAY), Some(Value::Date(date(2027, 1, 1))));
        assert!(Residents::read("[[resident]]\nid-number = \"1\"\nage = 3\n[resident.facts]").is_err());
    }
}
