//! The fictional residents of the demonstration registry, as far as a person knows of themself: name, number, card.

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Who stands at the kiosk. The people are fictional.
#[derive(Clone, Debug)]
pub struct Resident {
    /// Name.
    pub name: String,
    /// Number.
    pub id_number: String,
    facts: BTreeMap<String, toml::Value>,
}

/// What the chip of a card says, as the test socket takes it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Card {
    name: String,
    sex: String,
    nation: String,
    birth: String,
    address: String,
    id_number: String,
    authority: String,
    valid_from: String,
    valid_to: Option<String>,
}

#[derive(Deserialize)]
struct List {
    resident: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Entry {
    id_number: String,
    facts: BTreeMap<String, toml::Value>,
}

/// Reads the residents' file.
///
/// # Errors
/// It is not of the expected shape.
pub fn read(text: &str) -> anyhow::Result<Vec<Resident>> {
    let list: List = toml::from_str(text).context("residents")?;
    list.resident
        .into_iter()
        .map(|entry| {
            let name =
                entry.facts.get("person.name").and_then(toml::Value::as_str).context("a resident without a name")?;
            Ok(Resident { name: name.to_owned(), id_number: entry.id_number.clone(), facts: entry.facts })
        })
        .collect()
}

impl Resident {
    fn fact(&self, name: &str) -> String {
        match self.facts.get(name) {
            Some(toml::Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        }
    }

    /// The phone number, digits only.
    pub fn phone(&self) -> String {
        self.fact("person.phone")
    }

    /// The identity card; `expired` = one that ran out in 2020.
    pub fn card(&self, expired: bool) -> Card {
        Card {
            name: self.name.clone(),
            sex: self.fact("person.sex"),
            nation: self.fact("person.nation"),
            birth: self.fact("person.birth"),
            address: self.fact("person.address"),
            id_number: self.id_number.clone(),
            authority: "云桥市公安局".to_owned(),
            valid_from: if expired { "2010-05-01" } else { "2019-05-01" }.to_owned(),
            valid_to: Some(if expired { "2020-05-01" } else { "2039-05-01" }.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registrys_own_residents_can_be_read_and_have_cards() {
        let residents = read(include_str!("../../../back-office/demo/residents.toml")).unwrap();
        let chen = residents.iter().find(|resident| resident.name == "陈雨桐").unwrap();
        let card = serde_json::to_value(chen.card(false)).unwrap();
        assert_eq!(
            (card["birth"].as_str(), card["id-number"].as_str()),
            (Some("2000-02-29"), Some("330304200002299988"))
        );
        assert_eq!(chen.phone(), "13000000001");
    }
}
