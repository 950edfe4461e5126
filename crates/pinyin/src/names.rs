//! Whole names: surname share times given-character weight. Homophones are the rule in names, so this ranks them but cannot
//! decide: every character stays reachable one by one, in the order of the same weights.

use std::collections::HashMap;

use crate::lexicon::{Lexicon, NAT};
use crate::syllables::Reading;

/// Characters of one syllable considered for whole names.
const COLUMN: usize = 8;
/// Characters of each syllable considered while the last syllable is unfinished.
const UNFINISHED_DEPTH: usize = 20;
/// Surnames considered for one input.
const HEADS: usize = 16;
/// Letters beyond which an input is no name: four syllables of six.
const LONGEST_NAME: usize = 24;
/// Where a syllable ends, and its likeliest characters with their costs.
type Column = (usize, Vec<(char, i32)>);
/// What a character unknown to names costs beyond its own cost in text.
const UNUSUAL: i32 = 2 * NAT;
/// Price of a given name of one character.
const ONE_CHARACTER: i32 = NAT;

/// What a character costs inside a given name.
pub(crate) fn given_cost(lexicon: &Lexicon<'_>, ch: char, in_text: i32) -> i32 {
    let fallback = in_text.max(6 * NAT) + UNUSUAL;
    lexicon.given_cost(ch).map_or(fallback, |cost| cost.min(fallback))
}

/// What single characters cost as surnames, by syllable and character.
pub(crate) fn surname_costs(lexicon: &Lexicon<'_>) -> HashMap<(u16, char), i32> {
    let mut costs = HashMap::new();
    for surname in lexicon.surnames().filter(|s| s.second.is_none()) {
        let cost = costs.entry(surname.first).or_insert(surname.cost);
        *cost = surname.cost.min(*cost);
    }
    costs
}

/// What a character that is no surname costs in its place, beyond its cost in text.
pub(crate) const NO_SURNAME: i32 = 12 * NAT;

/// Whole names over all letters, cheapest first: a surname of one or two characters and a given name of one or two.
/// With `surname_done` only the given name is left to read.
pub(crate) fn names(
    lexicon: &Lexicon<'_>,
    readings: &[Vec<Reading>],
    surname_done: bool,
    best: usize,
) -> Vec<(i32, String)> {
    if readings.len() > LONGEST_NAME {
        return Vec::new();
    }
    let mut heads: Vec<(usize, i32, String)> = Vec::new();
    if surname_done {
        heads.push((0, 0, String::new()));
    } else {
        for first in readings.first().into_iter().flatten().filter(|r| r.syllables.len() == 1) {
            for surname in lexicon.surnames().filter(|s| s.first.0 == first.syllables.start) {
                match surname.second {
                    None => heads.push((first.end, surname.cost + first.price, surname.first.1.to_string())),
                    Some((syllable, ch)) => {
                        for second in readings.get(first.end).into_iter().flatten() {
                            if second.syllables == (syllable..syllable + 1) {
                                let text = format!("{}{ch}", surname.first.1);
                                heads.push((second.end, surname.cost + first.price + second.price, text));
                            }
                        }
                    }
                }
            }
        }
    }
    heads.sort_by_key(|(_, cost, _)| *cost);
    heads.truncate(HEADS);
    let mut columns: Vec<Option<Vec<Column>>> = vec![None; readings.len()];
    let mut fill = |at: usize| -> Vec<Column> {
        let Some(place) = columns.get_mut(at) else { return Vec::new() };
        place.get_or_insert_with(|| readings[at].iter().map(|r| (r.end, column(lexicon, r))).collect()).clone()
    };
    let mut found: Vec<(i32, usize, char, Option<char>)> = Vec::new();
    for (index, (end, cost, _)) in heads.iter().enumerate() {
        for (middle, firsts) in fill(*end) {
            let whole = middle == readings.len();
            let seconds = if whole { Vec::new() } else { fill(middle) };
            for (ch, given) in firsts {
                if whole {
                    found.push((cost + given + ONE_CHARACTER, index, ch, None));
                }
                for (_, lasts) in seconds.iter().filter(|(end, _)| *end == readings.len()) {
                    found.extend(lasts.iter().map(|(last, more)| (cost + given + more, index, ch, Some(*last))));
                }
            }
        }
    }
    found.sort_unstable();
    let mut names: Vec<(i32, String)> = Vec::new();
    for (cost, index, first, last) in found {
        let text: String = heads[index].2.chars().chain([first]).chain(last).collect();
        if names.iter().all(|(_, other)| *other != text) {
            names.push((cost, text));
        }
        if names.len() == best {
            break;
        }
    }
    names
}

fn column(lexicon: &Lexicon<'_>, reading: &Reading) -> Vec<(char, i32)> {
    let deep = if reading.syllables.len() == 1 { usize::MAX } else { UNFINISHED_DEPTH };
    let mut chars: Vec<(char, i32)> = reading
        .syllables
        .clone()
        .flat_map(|syllable| lexicon.chars(syllable).take(deep))
        .map(|(ch, cost)| (ch, given_cost(lexicon, ch, cost) + reading.price))
        .collect();
    chars.sort_by_key(|(ch, cost)| (*cost, *ch));
    chars.truncate(COLUMN);
    chars
}
