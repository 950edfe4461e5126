//! Which words enter the lexicon and at what cost: the general list by frequency, places and service words by tier.

use std::collections::BTreeMap;

use crate::file::nats;
use crate::readings_table::lines;

/// The word names a place; the engine favours it in addresses.
pub const PLACE: u8 = 1;
/// The word belongs to police errands; the engine favours it in reasons.
pub const SERVICE: u8 = 2;
/// The general list tags the word as a person's name.
pub const PERSON: u8 = 4;

/// Words longer than this are left out.
pub const LONGEST: usize = 8;

/// One word before its readings are known.
#[derive(Clone, Copy)]
pub struct Entry {
    /// Twelfths of a nat.
    pub cost: i32,
    /// `PLACE`, `SERVICE`, `PERSON`.
    pub flags: u8,
}

/// The general list: words to keep, the cost of each single character, and tagged names for the name model.
pub struct General {
    /// Words of two characters and more.
    pub words: BTreeMap<String, Entry>,
    /// Single characters.
    pub chars: BTreeMap<char, i32>,
    /// Names of people with their counts.
    pub people: Vec<(Vec<char>, u32)>,
}

/// Reads `word count tag` lines.
pub fn general(jieba: &str) -> General {
    let rows: Vec<(&str, u32, &str)> = lines(jieba)
        .filter_map(|line| {
            let mut parts = line.split(' ');
            Some((parts.next()?, parts.next()?.parse().ok()?, parts.next().unwrap_or("")))
        })
        .collect();
    let total: f64 = rows.iter().map(|(_, count, _)| f64::from(*count)).sum();
    let mut out = General { words: BTreeMap::new(), chars: BTreeMap::new(), people: Vec::new() };
    for (word, count, tag) in rows {
        let chars: Vec<char> = word.chars().collect();
        let cost = nats((total / f64::from(count.max(1))).ln());
        if let [ch] = chars[..] {
            out.chars.insert(ch, cost);
            continue;
        }
        if tag == "nr" && chars.len() <= 4 {
            out.people.push((chars.clone(), count));
        }
        let least = match tag {
            "ns" => 3,
            "nr" | "nrt" | "nrfg" => 80,
            "nt" | "i" | "l" => 12,
            "v" | "vn" | "n" | "a" if chars.len() <= 2 => 5,
            _ => 10,
        };
        let flags = match tag {
            "ns" => PLACE,
            "nr" | "nrt" | "nrfg" => PERSON,
            _ => 0,
        };
        if count >= least && chars.len() <= LONGEST {
            out.words.insert(word.to_owned(), Entry { cost, flags });
        }
    }
    out
}

/// Adds `tier word…` lines: the tier is the word's cost in nats, lowered but never raised.
pub fn add_tiers(words: &mut BTreeMap<String, Entry>, text: &str, flag: u8) {
    for line in lines(text) {
        let mut parts = line.split_whitespace();
        let Some(tier) = parts.next().and_then(|tier| tier.parse::<f64>().ok()) else { continue };
        for word in parts.filter(|word| (2..=LONGEST).contains(&word.chars().count())) {
            let entry = words.entry(word.to_owned()).or_insert(Entry { cost: nats(tier), flags: flag });
            entry.cost = entry.cost.min(nats(tier));
            entry.flags |= flag;
        }
    }
}
