//! What the letters at a place may be read as: exact syllables, southern-accent neighbours at a price, `ue` for `ve`, and an
//! unfinished last syllable. Deliberately not here: typing errors, which would need the keyboard's layout.

use std::ops::Range;

use crate::lexicon::{Lexicon, NAT};

/// Price of reading a syllable as its neighbour in a southern accent.
const ACCENT: i32 = 5 * NAT / 2;
/// Price of an unfinished syllable at the end.
const UNFINISHED: i32 = NAT;

/// The typed letters with the places where the user set a separator.
#[derive(Debug, Clone, Default)]
pub(crate) struct Letters {
    /// `a`..=`z`.
    pub(crate) text: String,
    /// `cut[i]`: no syllable may cross the place before letter `i`. One longer than the text.
    pub(crate) cut: Vec<bool>,
}

impl Letters {
    /// Takes separators out of what was typed.
    pub(crate) fn new(typed: &str) -> Self {
        let mut out = Self { text: String::new(), cut: vec![false] };
        for ch in typed.chars() {
            if ch == '\'' {
                if let Some(last) = out.cut.last_mut() {
                    *last = true;
                }
            } else {
                out.text.push(ch);
                out.cut.push(false);
            }
        }
        out
    }

    /// How many letters, with their separators, both begin with.
    pub(crate) fn common_with(&self, other: &Self) -> usize {
        let letters = self.text.bytes().zip(other.text.bytes()).take_while(|(a, b)| a == b).count();
        let cuts = self.cut.iter().zip(&other.cut).take_while(|(a, b)| a == b).count();
        letters.min(cuts)
    }

    /// True if letters `from..to` may be one syllable.
    fn whole(&self, from: usize, to: usize) -> bool {
        !self.cut[from + 1..to].contains(&true)
    }
}

/// Letters from some place to `end`, read as any syllable of a range.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub(crate) end: usize,
    pub(crate) syllables: Range<u16>,
    pub(crate) price: i32,
}

/// Every reading of the letters at `from`, exact ones first.
pub(crate) fn readings_at(lexicon: &Lexicon<'_>, letters: &Letters, from: usize) -> Vec<Reading> {
    let total = letters.text.len();
    let mut found: Vec<Reading> = Vec::new();
    for end in (from + 1..=total.min(from + 6)).rev() {
        if !letters.whole(from, end) {
            continue;
        }
        let part = &letters.text[from..end];
        let mut add = |id: u16, price: i32| {
            if found.iter().all(|r| r.end != end || !r.syllables.contains(&id)) {
                found.push(Reading { end, syllables: id..id + 1, price });
            }
        };
        let exact = lexicon.syllable_id(part);
        if let Some(id) = exact {
            add(id, 0);
        }
        if let Some(id) = part.strip_suffix("ue").and_then(|head| lexicon.syllable_id(&format!("{head}ve"))) {
            add(id, 0);
        }
        for (other, price) in accents(part) {
            if let Some(id) = lexicon.syllable_id(&other) {
                add(id, price);
            }
        }
        let last = end == total || letters.cut[end];
        if last && exact.is_none() {
            let range = lexicon.syllables_from(part);
            if !range.is_empty() {
                found.push(Reading { end, syllables: range, price: UNFINISHED });
            }
        }
    }
    found
}

/// Neighbours of a syllable: flat and curled initials, front and back nasals, `l` and `n`.
fn accents(part: &str) -> Vec<(String, i32)> {
    let mut starts = vec![(part.to_owned(), 0)];
    for (a, b) in [("zh", "z"), ("ch", "c"), ("sh", "s")] {
        if let Some(rest) = part.strip_prefix(a) {
            starts.push((format!("{b}{rest}"), ACCENT));
        } else if let Some(rest) = part.strip_prefix(b) {
            starts.push((format!("{a}{rest}"), ACCENT));
        }
    }
    for (a, b) in [("l", "n"), ("n", "l")] {
        if let Some(rest) = part.strip_prefix(a) {
            starts.push((format!("{b}{rest}"), ACCENT * 2));
        }
    }
    let mut all = starts.clone();
    for (start, price) in starts {
        for (a, b) in [("ing", "in"), ("eng", "en")] {
            if let Some(rest) = start.strip_suffix(a) {
                all.push((format!("{rest}{b}"), price + ACCENT));
            } else if let Some(rest) = start.strip_suffix(b) {
                all.push((format!("{rest}{a}"), price + ACCENT));
            }
        }
    }
    all.retain(|(other, _)| other != part);
    all
}
