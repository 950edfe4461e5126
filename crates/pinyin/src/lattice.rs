//! From letters to words to sentences: every word that fits at every place, then the cheapest distinct sentences over them.
//! Word costs alone decide (no pairs of words yet). Invariant: every place can be left, so some sentence always exists.

use std::collections::HashMap;
use std::ops::Range;

use crate::lexicon::{LONGEST_WORD, Lexicon, NAT, PLACE, SERVICE};
use crate::syllables::{Letters, Reading, readings_at};

/// Words kept per key and length: homophones beyond these are reached by paging through characters.
const HOMOPHONES: usize = 12;
/// Words considered for a run of initials, before the field has its say.
const ABBREVIATIONS: usize = 100;
/// Words of several readings considered per unfinished last syllable.
const UNFINISHED_SCAN: usize = 2000;
/// Price of each syllable given by its initial alone.
const INITIAL: i32 = 3 * NAT;
/// Price of a lone initial read as a character.
const LONE_INITIAL: i32 = 8 * NAT;
/// Price of a letter that begins no syllable; it is shown as it is.
const LITERAL: i32 = 40 * NAT;

/// Which words the field favours, in twelfths of a nat.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Favour {
    pub(crate) place: i32,
    pub(crate) service: i32,
}

/// A word over letters up to `end`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) end: usize,
    pub(crate) text: String,
    pub(crate) cost: i32,
}

/// The words from one place, and how far the letters after it were looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Furthest ends first, then by cost.
    pub(crate) edges: Vec<Edge>,
    /// The same letters up to here (exclusive), with more after them, give the same edges.
    pub(crate) depends: usize,
}

/// All words that fit from `from` on.
pub(crate) fn place_at(
    lexicon: &Lexicon<'_>,
    letters: &Letters,
    readings: &[Vec<Reading>],
    from: usize,
    favour: Favour,
) -> Place {
    let mut walk = Walk { lexicon, letters, readings, favour, groups: HashMap::new(), reach: from };
    for reading in &readings[from] {
        walk.characters(reading);
    }
    let all: [Range<usize>; LONGEST_WORD + 1] =
        std::array::from_fn(|length| if length < 2 { 0..0 } else { lexicon.words(length) });
    walk.words(from, 0, &all, 0);
    walk.abbreviations(from);
    let depends = walk.reach + LONGEST_WORD + 1;
    let mut edges: Vec<Edge> = Vec::new();
    for ((end, _), mut group) in walk.groups {
        group.sort();
        group.truncate(HOMOPHONES);
        edges.extend(group.into_iter().map(|(cost, text)| Edge { end, text, cost }));
    }
    if edges.is_empty() {
        edges.extend(lone_letter(lexicon, letters, from));
    }
    edges.sort_by(|a, b| (b.end, a.cost, &a.text).cmp(&(a.end, b.cost, &b.text)));
    edges.dedup_by(|later, first| later.end == first.end && later.text == first.text);
    Place { edges, depends }
}

/// Readings of every place.
pub(crate) fn all_readings(lexicon: &Lexicon<'_>, letters: &Letters) -> Vec<Vec<Reading>> {
    (0..letters.text.len()).map(|from| readings_at(lexicon, letters, from)).collect()
}

struct Walk<'a, 'd> {
    lexicon: &'a Lexicon<'d>,
    letters: &'a Letters,
    readings: &'a [Vec<Reading>],
    favour: Favour,
    groups: HashMap<(usize, usize), Vec<(i32, String)>>,
    reach: usize,
}

impl Walk<'_, '_> {
    fn characters(&mut self, reading: &Reading) {
        let group = self.groups.entry((reading.end, 1)).or_default();
        for syllable in reading.syllables.clone() {
            let cheapest = self.lexicon.chars(syllable).take(HOMOPHONES);
            group.extend(cheapest.map(|(ch, cost)| (cost + reading.price, ch.to_string())));
        }
    }

    /// `active[length]`: words of that length which agree with the syllables so far.
    fn words(&mut self, at: usize, depth: usize, active: &[Range<usize>; LONGEST_WORD + 1], price: i32) {
        self.reach = self.reach.max(at);
        let Some(readings) = self.readings.get(at) else { return };
        if depth > 0 {
            self.finish_by_initials(at, depth, active, price);
        }
        for reading in readings {
            let single = reading.syllables.len() == 1;
            let mut next: [Range<usize>; LONGEST_WORD + 1] = std::array::from_fn(|_| 0..0);
            let mut longer = false;
            for length in (depth + 1).max(2)..=LONGEST_WORD {
                if active[length].is_empty() || (!single && length != depth + 1) {
                    continue;
                }
                let range = self.lexicon.narrow(length, active[length].clone(), depth, &reading.syllables);
                if length == depth + 1 {
                    self.take(length, range, reading.end, price + reading.price, single);
                } else if !range.is_empty() {
                    longer = true;
                    next[length] = range;
                }
            }
            if longer {
                self.words(reading.end, depth + 1, &next, price + reading.price);
            }
        }
    }

    fn take(&mut self, length: usize, range: Range<usize>, end: usize, price: i32, sorted: bool) {
        if range.is_empty() {
            return;
        }
        let scan = if sorted { HOMOPHONES } else { UNFINISHED_SCAN };
        for index in range.take(scan) {
            self.add(length, index, end, price);
        }
    }

    fn add(&mut self, length: usize, index: usize, end: usize, price: i32) {
        let word = self.lexicon.word(length, index);
        let mut cost = word.cost() + price;
        if word.flags() & PLACE != 0 {
            cost -= self.favour.place;
        }
        if word.flags() & SERVICE != 0 {
            cost -= self.favour.service;
        }
        self.groups.entry((end, length)).or_default().push((cost.max(1), word.chars().collect()));
    }

    /// Words begun by whole syllables and ended, with the input, by initials (`shenfz`).
    fn finish_by_initials(&mut self, at: usize, depth: usize, active: &[Range<usize>; LONGEST_WORD + 1], price: i32) {
        let rest = &self.letters.text.as_bytes()[at..];
        let length = depth + rest.len();
        if length > LONGEST_WORD || rest.len() < 2 || rest.iter().any(|b| b"aeiouv".contains(b)) {
            return;
        }
        for index in active[length].clone().take(UNFINISHED_SCAN) {
            let word = self.lexicon.word(length, index);
            let fits =
                |(k, b): (usize, &u8)| self.lexicon.syllable(word.syllable(depth + k)).as_bytes().first() == Some(b);
            if rest.iter().enumerate().all(fits) {
                self.add(length, index, at + rest.len(), price + INITIAL);
            }
        }
    }

    /// Words given by initials alone (`sfz`): every letter a consonant that begins syllables.
    fn abbreviations(&mut self, from: usize) {
        let bytes = self.letters.text.as_bytes();
        for length in 2..=LONGEST_WORD.min(bytes.len() - from) {
            let initials = &bytes[from..from + length];
            if initials.iter().any(|b| b"aeiouv".contains(b)) {
                break;
            }
            let found: Vec<usize> = self.lexicon.abbreviated(initials).take(ABBREVIATIONS).collect();
            for index in found {
                self.add(length, index, from + length, INITIAL * length as i32);
            }
        }
    }
}

/// A way on where nothing else fits: the likeliest characters of a lone initial, or the letter itself.
fn lone_letter(lexicon: &Lexicon<'_>, letters: &Letters, from: usize) -> Vec<Edge> {
    let letter = &letters.text[from..=from];
    let mut chars: Vec<(i32, char)> = lexicon
        .syllables_from(letter)
        .flat_map(|syllable| lexicon.chars(syllable).take(3))
        .map(|(ch, cost)| (cost + LONE_INITIAL, ch))
        .collect();
    chars.sort_unstable();
    chars.truncate(HOMOPHONES);
    let mut edges: Vec<Edge> =
        chars.into_iter().map(|(cost, ch)| Edge { end: from + 1, text: ch.to_string(), cost }).collect();
    if edges.is_empty() {
        edges.push(Edge { end: from + 1, text: letter.to_owned(), cost: LITERAL });
    }
    edges
}

/// The cheapest distinct sentences over all letters, cheapest first, with their costs.
pub(crate) fn sentences(places: &[Place], best: usize) -> Vec<(i32, String)> {
    let total = places.len();
    let mut at: Vec<Vec<(i32, String)>> = vec![Vec::new(); total + 1];
    at[0].push((0, String::new()));
    for from in 0..total {
        let here = std::mem::take(&mut at[from]);
        for edge in &places[from].edges {
            let there = &mut at[edge.end];
            for (cost, text) in &here {
                let cost = cost + edge.cost;
                let worst = if there.len() < best { i32::MAX } else { there.last().map_or(i32::MAX, |(c, _)| *c) };
                if cost >= worst {
                    break;
                }
                let sentence = format!("{text}{}", edge.text);
                match there.iter().position(|(_, other)| *other == sentence) {
                    Some(same) if there[same].0 <= cost => continue,
                    Some(same) => drop(there.remove(same)),
                    None => {}
                }
                let place = there.partition_point(|(other, _)| *other <= cost);
                there.insert(place, (cost, sentence));
                there.truncate(best);
            }
        }
    }
    at.pop().unwrap_or_default()
}
