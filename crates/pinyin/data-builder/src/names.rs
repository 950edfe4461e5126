//! The name model's two tables: what a surname costs, and what a character costs as part of a given name.
//! Surnames and modern given characters are kept by hand; the rest is counted over the tagged names of the general list.

use std::collections::BTreeMap;

use crate::file::nats;
use crate::readings_table::lines;

/// A surname with its readings and cost in twelfths of a nat.
pub struct Surname {
    /// One or two characters.
    pub chars: Vec<char>,
    /// One reading a character; empty when the usual ones hold.
    pub readings: Vec<String>,
    /// Twelfths of a nat.
    pub cost: i32,
}

/// Lines `share surname…`: the share of each in parts of a hundred thousand people; a special reading follows a slash (`单/shan`,
/// `尉迟/yu-chi`).
pub fn surnames(text: &str) -> Vec<Surname> {
    lines(text)
        .flat_map(|line| {
            let mut parts = line.split_whitespace();
            let share: f64 = parts.next().and_then(|share| share.parse().ok()).unwrap_or(1.0);
            parts.map(move |item| {
                let (name, readings) = item.split_once('/').unwrap_or((item, ""));
                Surname {
                    chars: name.chars().collect(),
                    readings: readings.split('-').filter(|r| !r.is_empty()).map(str::to_owned).collect(),
                    cost: nats((100_000.0 / share).ln()),
                }
            })
        })
        .collect()
}

/// Costs of characters in given names: tagged names that begin with a known surname, plus `weight characters` lines.
pub fn given(people: &[(Vec<char>, u32)], surnames: &[Surname], by_hand: &str) -> BTreeMap<char, i32> {
    let mut weights: BTreeMap<char, f64> = BTreeMap::new();
    for (name, count) in people {
        let starts_known = surnames.iter().any(|s| s.chars.len() == 1 && s.chars.first() == name.first());
        if name.len() == 3 && starts_known {
            for ch in &name[1..] {
                *weights.entry(*ch).or_default() += 1.0 + f64::from(*count).ln() * 0.2;
            }
        }
    }
    let counted: f64 = weights.values().sum();
    let mut hand: Vec<(char, f64)> = Vec::new();
    for line in lines(by_hand) {
        let Some((weight, chars)) = line.split_once(' ') else { continue };
        let weight: f64 = weight.parse().unwrap_or(1.0);
        hand.extend(chars.chars().filter(|ch| !ch.is_whitespace()).map(|ch| (ch, weight)));
    }
    let by_hand: f64 = hand.iter().map(|(_, weight)| weight).sum();
    for weight in weights.values_mut() {
        *weight *= 0.35 / counted;
    }
    for (ch, weight) in hand {
        *weights.entry(ch).or_default() += 0.65 * weight / by_hand;
    }
    weights.into_iter().map(|(ch, weight)| (ch, nats(-weight.ln()))).collect()
}
