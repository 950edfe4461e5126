//! The typing session: letters, picks, what is shown and what is handed over. Picking a shorter candidate keeps it and goes on
//! with the rest; when no letter is left the whole text is committed. Invariant: what one session typed changes nothing for the next.

use std::collections::{HashMap, HashSet};

use crate::lattice::{Favour, Place, all_readings, place_at, sentences};
use crate::lexicon::{DataError, Lexicon, NAT};
use crate::names::{NO_SURNAME, given_cost, names, surname_costs};
use crate::syllables::{Letters, Reading};

/// Candidates in an update; more are read with `Engine::more`.
pub const PAGE: usize = 10;
/// Letters and separators held at most; further ones are ignored.
pub const LONGEST_INPUT: usize = 64;
/// Sentences offered over all letters.
const SENTENCES: usize = 5;
/// Whole names offered.
const NAMES: usize = 10;
/// Paths kept at each place while looking for sentences.
const BEAM: usize = 8;

/// What the field wants; it decides which words come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FieldHint {
    /// A person's name.
    Name,
    /// An address.
    Address,
    /// A reason or another text about the errand.
    Reason,
    /// Anything.
    #[default]
    Free,
}

/// One key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// `a`..=`z` in either case; `v` or `ü` for ü. Other characters are ignored.
    Letter(char),
    /// `'` between syllables: xi'an.
    Separator,
    /// Takes back the last letter, or the pick that has just been made. Without input it does nothing: the field erases.
    Backspace,
    /// Takes the candidate at this place of the whole list (not of a page). Beyond the list it does nothing.
    Pick(usize),
}

/// What to show after a key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Update {
    /// Picked text, then the rest by syllables: `温州 shi`. Empty when nothing is being typed.
    pub preedit: String,
    /// The first `PAGE` candidates.
    pub candidates: Vec<String>,
    /// Text that now belongs to the field.
    pub commit: Option<String>,
}

/// An engine over a lexicon's bytes. Its memory is the letters being typed and the words found for them.
#[derive(Debug, Clone)]
pub struct Engine<'d> {
    lexicon: Lexicon<'d>,
    surnames: HashMap<(u16, char), i32>,
    hint: FieldHint,
    typed: String,
    picked: Vec<(String, String)>,
    just_picked: bool,
    letters: Letters,
    readings: Vec<Vec<Reading>>,
    places: Vec<Place>,
    head: Vec<Candidate>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Candidate {
    text: String,
    end: usize,
}

impl<'d> Engine<'d> {
    /// An engine for a field of any kind.
    pub fn new(data: &'d [u8]) -> Result<Self, DataError> {
        let lexicon = Lexicon::new(data)?;
        Ok(Self {
            surnames: surname_costs(&lexicon),
            lexicon,
            hint: FieldHint::default(),
            typed: String::new(),
            picked: Vec::new(),
            just_picked: false,
            letters: Letters::new(""),
            readings: Vec::new(),
            places: Vec::new(),
            head: Vec::new(),
        })
    }

    /// Another field has the focus: drops what was being typed.
    pub fn field(&mut self, hint: FieldHint) {
        self.reset();
        self.hint = hint;
    }

    /// Forgets everything typed and picked; the field's kind stays.
    pub fn reset(&mut self) {
        self.typed.clear();
        self.picked.clear();
        self.just_picked = false;
        self.refresh();
    }

    /// Takes one key.
    pub fn key(&mut self, key: Key) -> Update {
        let mut commit = None;
        let picks = matches!(key, Key::Pick(_));
        match key {
            Key::Letter(ch) => {
                let ch = if matches!(ch, 'ü' | 'Ü') { 'v' } else { ch.to_ascii_lowercase() };
                if ch.is_ascii_lowercase() && self.typed.len() < LONGEST_INPUT {
                    self.typed.push(ch);
                    self.refresh();
                }
            }
            Key::Separator => {
                if !self.typed.is_empty() && !self.typed.ends_with('\'') && self.typed.len() < LONGEST_INPUT {
                    self.typed.push('\'');
                    self.refresh();
                }
            }
            Key::Backspace => commit = self.backspace(),
            Key::Pick(index) => commit = self.pick(index),
        }
        if !picks {
            self.just_picked = false;
        }
        Update { preedit: self.preedit(), candidates: self.more(0, PAGE), commit }
    }

    /// Candidates `from..from + n` of the whole list: sentences, words of the longest beginning, then shorter ones, then every
    /// character of the first syllable.
    pub fn more(&self, from: usize, n: usize) -> Vec<String> {
        let end = from.saturating_add(n);
        if end <= self.head.len() {
            return self.head[from..end].iter().map(|c| c.text.clone()).collect();
        }
        self.all().into_iter().skip(from).take(n).map(|c| c.text).collect()
    }

    fn backspace(&mut self) -> Option<String> {
        if self.just_picked
            && let Some((_, letters)) = self.picked.pop()
        {
            self.typed.insert_str(0, &letters);
            self.refresh();
            return None;
        }
        self.typed.pop();
        self.refresh();
        self.commit_if_done()
    }

    fn pick(&mut self, index: usize) -> Option<String> {
        let picked = match self.head.get(index) {
            Some(candidate) => candidate.clone(),
            None => self.all().into_iter().nth(index)?,
        };
        let mut letters = 0;
        let mut cut = 0;
        for ch in self.typed.chars() {
            if letters == picked.end && ch != '\'' {
                break;
            }
            letters += usize::from(ch != '\'');
            cut += ch.len_utf8();
        }
        let rest = self.typed.split_off(cut);
        self.picked.push((picked.text, std::mem::replace(&mut self.typed, rest)));
        self.just_picked = true;
        self.refresh();
        self.commit_if_done()
    }

    fn commit_if_done(&mut self) -> Option<String> {
        if !self.letters.text.is_empty() || self.picked.is_empty() {
            return None;
        }
        self.typed.clear();
        self.just_picked = false;
        Some(self.picked.drain(..).map(|(text, _)| text).collect())
    }

    fn preedit(&self) -> String {
        let mut out: String = self.picked.iter().map(|(text, _)| text.as_str()).collect();
        let mut at = 0;
        while at < self.letters.text.len() {
            let end = self.first_cut(at);
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(&self.letters.text[at..end]);
            at = end;
        }
        if self.typed.ends_with('\'') {
            out.push('\'');
        }
        out
    }

    /// Where the syllable at `at` ends, in the cut with the fewest syllables.
    fn first_cut(&self, at: usize) -> usize {
        let total = self.letters.text.len();
        let mut fewest = vec![usize::MAX; total + 1];
        let mut next = vec![0; total + 1];
        fewest[total] = 0;
        for from in (at..total).rev() {
            fewest[from] = fewest[from + 1].saturating_add(20);
            next[from] = from + 1;
            for reading in self.readings[from].iter().filter(|r| r.price == 0 || r.end == total) {
                let count = fewest[reading.end].saturating_add(1);
                if count < fewest[from] {
                    (fewest[from], next[from]) = (count, reading.end);
                }
            }
        }
        next[at]
    }

    fn favour(&self) -> Favour {
        match self.hint {
            FieldHint::Name => Favour::default(),
            FieldHint::Address => Favour { place: 4 * NAT, service: NAT },
            FieldHint::Reason => Favour { place: 0, service: 4 * NAT },
            FieldHint::Free => Favour { place: NAT, service: 2 * NAT },
        }
    }

    fn surname_done(&self) -> bool {
        !self.picked.is_empty()
    }

    fn refresh(&mut self) {
        let letters = Letters::new(&self.typed);
        let same = self.letters.common_with(&letters);
        self.letters = letters;
        self.readings = all_readings(&self.lexicon, &self.letters);
        self.head.clear();
        let total = self.letters.text.len();
        if total == 0 {
            self.places.clear();
            return;
        }
        let favour = self.favour();
        self.places.truncate(total);
        for from in 0..total {
            if self.places.get(from).is_some_and(|place| place.depends < same) {
                continue;
            }
            let place = place_at(&self.lexicon, &self.letters, &self.readings, from, favour);
            match self.places.get_mut(from) {
                Some(old) => *old = place,
                None => self.places.push(place),
            }
        }
        let mut head: Vec<Candidate> = Vec::new();
        let mut add = |text: String, end: usize| {
            let candidate = Candidate { text, end };
            if !head.contains(&candidate) {
                head.push(candidate);
            }
        };
        if self.hint == FieldHint::Name {
            for (_, text) in names(&self.lexicon, &self.readings, self.surname_done(), NAMES) {
                add(text, total);
            }
        }
        let several = self.places[0].edges.iter().all(|edge| edge.end < total || edge.text.chars().count() > 1);
        if several {
            for (_, text) in sentences(&self.places, BEAM).into_iter().take(SENTENCES) {
                add(text, total);
            }
        }
        for edge in self.places[0].edges.iter().filter(|edge| edge.text.chars().count() > 1) {
            add(edge.text.clone(), edge.end);
        }
        self.head = head;
    }

    /// The head and every character of the first syllable, longest syllable first.
    fn all(&self) -> Vec<Candidate> {
        let mut all = self.head.clone();
        let mut seen: HashSet<(char, usize)> = HashSet::new();
        let mut at = 0;
        let readings: &[Reading] = self.readings.first().map_or(&[], Vec::as_slice);
        while at < readings.len() {
            let end = readings[at].end;
            let group = readings[at..].iter().take_while(|r| r.end == end);
            let mut chars: Vec<(i32, char)> = group
                .clone()
                .flat_map(|r| r.syllables.clone().map(|s| (s, r.price)))
                .flat_map(|(s, price)| self.lexicon.chars(s).map(move |(ch, cost)| (s, ch, cost, price)))
                .map(|(syllable, ch, cost, price)| (price + self.char_cost(syllable, ch, cost), ch))
                .collect();
            at += group.count();
            chars.sort_unstable();
            for (_, ch) in chars {
                if seen.insert((ch, end)) {
                    all.push(Candidate { text: ch.to_string(), end });
                }
            }
        }
        if all.is_empty() && !self.letters.text.is_empty() {
            all.push(Candidate { text: self.letters.text[..1].to_owned(), end: 1 });
        }
        all
    }

    fn char_cost(&self, syllable: u16, ch: char, cost: i32) -> i32 {
        match (self.hint, self.surname_done()) {
            (FieldHint::Name, false) => self.surnames.get(&(syllable, ch)).copied().unwrap_or(cost + NO_SURNAME),
            (FieldHint::Name, true) => given_cost(&self.lexicon, ch, cost),
            (FieldHint::Address | FieldHint::Reason | FieldHint::Free, _) => cost,
        }
    }
}
