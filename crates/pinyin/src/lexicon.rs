//! Reads the lexicon file in place: nothing is copied or decoded at start. Costs are twelfths of a nat: lower is likelier.
//!
//! Format, little endian: 8 bytes magic and version, `u32` count of sections, `u32` length of each, then the sections:
//! 0 syllables, sorted, parted by newlines; 1 characters (`u16` syllable, `u24` character, `u8` cost), sorted; 2 `u16` indices of
//! section 1 by character; 3..=9 words of 2..=8 characters (`u16` syllables, `u16` characters, `u8` cost, `u8` flags), sorted by
//! syllables then cost; 10..=16 `u24` indices of frequent words by initials; 17 surnames (two `u16` syllables, two `u24`
//! characters, `u8` cost); 18 given characters (`u24`, `u8` cost), sorted. Written by `pinyin-data-builder`.

use std::ops::Range;

const MAGIC: &[u8; 8] = b"YMLEXIC\x01";
const SECTIONS: usize = 19;
/// The longest word of the file.
pub(crate) const LONGEST_WORD: usize = 8;
/// Twelfths of a nat in one nat.
pub(crate) const NAT: i32 = 12;
/// The word names a place.
pub(crate) const PLACE: u8 = 1;
/// The word belongs to police errands.
pub(crate) const SERVICE: u8 = 2;

/// Why bytes are no lexicon.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DataError {
    /// Other magic or another version of the format.
    #[error("not a lexicon of this version")]
    Format,
    /// A section is missing, cut off, or not a whole number of records.
    #[error("section {0} of the lexicon is damaged")]
    Section(usize),
}

/// The lexicon over the bytes of its file.
#[derive(Debug, Clone)]
pub struct Lexicon<'d> {
    sections: Vec<&'d [u8]>,
    syllables: Vec<&'d str>,
}

impl<'d> Lexicon<'d> {
    /// Checks the layout; the records themselves are read when asked for.
    pub fn new(data: &'d [u8]) -> Result<Self, DataError> {
        let rest = data.strip_prefix(MAGIC).ok_or(DataError::Format)?;
        let word =
            |at: usize| rest.get(at * 4..at * 4 + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize);
        if word(0) != Some(SECTIONS) {
            return Err(DataError::Format);
        }
        let mut at = (SECTIONS + 1) * 4;
        let mut sections = Vec::with_capacity(SECTIONS);
        for index in 0..SECTIONS {
            let end = word(index + 1).and_then(|length| at.checked_add(length)).ok_or(DataError::Section(index))?;
            let section = rest.get(at..end).ok_or(DataError::Section(index))?;
            let size = match index {
                0 => 1,
                1 => 6,
                2 => 2,
                3..=9 => (index - 1) * 4 + 2,
                10..=16 => 3,
                17 => 11,
                _ => 4,
            };
            if section.len() % size != 0 {
                return Err(DataError::Section(index));
            }
            sections.push(section);
            at = end;
        }
        let text = std::str::from_utf8(sections[0]).map_err(|_| DataError::Section(0))?;
        let syllables: Vec<&str> = text.split('\n').collect();
        let sound = |s: &&str| !s.is_empty() && s.len() <= 6 && s.bytes().all(|b| b.is_ascii_lowercase());
        if !syllables.iter().all(sound) || !syllables.is_sorted() {
            return Err(DataError::Section(0));
        }
        Ok(Self { sections, syllables })
    }

    /// A syllable's letters; empty when there is no such syllable.
    pub(crate) fn syllable(&self, id: u16) -> &'d str {
        self.syllables.get(usize::from(id)).copied().unwrap_or("")
    }

    /// The syllable with exactly these letters.
    pub(crate) fn syllable_id(&self, letters: &str) -> Option<u16> {
        self.syllables.binary_search(&letters).ok().map(|i| i as u16)
    }

    /// All syllables that begin with these letters.
    pub(crate) fn syllables_from(&self, letters: &str) -> Range<u16> {
        let low = self.syllables.partition_point(|s| *s < letters);
        let length = self.syllables[low..].partition_point(|s| s.starts_with(letters));
        low as u16..(low + length) as u16
    }

    /// Characters of one syllable with their costs, cheapest first.
    pub(crate) fn chars(&self, syllable: u16) -> impl Iterator<Item = (char, i32)> + use<'d> {
        let section = self.sections[1];
        let start = partition(section, 6, 0..section.len() / 6, |r| u16_at(r, 0) < syllable);
        section[start * 6..]
            .chunks_exact(6)
            .take_while(move |r| u16_at(r, 0) == syllable)
            .map(|r| (char_at(r, 2), i32::from(r[5])))
    }

    /// Syllables of a character, likeliest first, with their costs.
    pub(crate) fn readings_of(&self, ch: char) -> Vec<(u16, i32)> {
        let (index, chars) = (self.sections[2], self.sections[1]);
        let record = |i: &[u8]| chars.get(usize::from(u16_at(i, 0)) * 6..).and_then(|r| r.get(..6));
        let start = partition(index, 2, 0..index.len() / 2, |i| record(i).is_some_and(|r| char_at(r, 2) < ch));
        index[start * 2..]
            .chunks_exact(2)
            .map_while(record)
            .take_while(|r| char_at(r, 2) == ch)
            .map(|r| (u16_at(r, 0), i32::from(r[5])))
            .collect()
    }

    /// All words of a length (2..=8 characters).
    pub(crate) fn words(&self, length: usize) -> Range<usize> {
        0..self.sections[length + 1].len() / (length * 4 + 2)
    }

    /// Of words that agree in their first `depth` syllables, those whose next syllable is in the range.
    pub(crate) fn narrow(&self, length: usize, range: Range<usize>, depth: usize, next: &Range<u16>) -> Range<usize> {
        let (section, size) = (self.sections[length + 1], length * 4 + 2);
        let low = partition(section, size, range.clone(), |r| u16_at(r, depth * 2) < next.start);
        low..partition(section, size, low..range.end, |r| u16_at(r, depth * 2) < next.end)
    }

    /// A word's record.
    pub(crate) fn word(&self, length: usize, index: usize) -> Word<'d> {
        let size = length * 4 + 2;
        Word { length, record: &self.sections[length + 1][index * size..(index + 1) * size] }
    }

    /// Frequent words whose syllables begin with these letters, cheapest first.
    pub(crate) fn abbreviated(&self, initials: &[u8]) -> impl Iterator<Item = usize> + use<'_, 'd> {
        let length = initials.len();
        let index = self.sections[length + 8];
        let total = self.words(length).end;
        let target = initials.to_vec();
        let initials_of = move |i: usize| -> Vec<u8> {
            let word = self.word(length, i);
            (0..length).map(|k| self.syllable(word.syllable(k)).bytes().next().unwrap_or(0)).collect()
        };
        let at = |r: &[u8]| u24_at(r, 0) as usize;
        let start = partition(index, 3, 0..index.len() / 3, |r| at(r) < total && initials_of(at(r)) < target);
        index[start * 3..].chunks_exact(3).map(at).take_while(move |i| *i < total && initials_of(*i) == target)
    }

    /// Surnames: syllables (the second absent for one character), characters, cost.
    pub(crate) fn surnames(&self) -> impl Iterator<Item = Surname> + use<'d> {
        self.sections[17].chunks_exact(11).map(|r| {
            let second = char_at(r, 7);
            let two = (second != '\0').then(|| (u16_at(r, 2), second));
            Surname { first: (u16_at(r, 0), char_at(r, 4)), second: two, cost: i32::from(r[10]) }
        })
    }

    /// What a character costs in a given name, if names use it at all.
    pub(crate) fn given_cost(&self, ch: char) -> Option<i32> {
        let section = self.sections[18];
        let at = partition(section, 4, 0..section.len() / 4, |r| char_at(r, 0) < ch);
        let record = section.get(at * 4..at * 4 + 4)?;
        (char_at(record, 0) == ch).then(|| i32::from(record[3]))
    }
}

/// One word of the file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word<'d> {
    length: usize,
    record: &'d [u8],
}

impl Word<'_> {
    pub(crate) fn syllable(&self, index: usize) -> u16 {
        u16_at(self.record, index * 2)
    }

    pub(crate) fn chars(&self) -> impl Iterator<Item = char> + use<'_> {
        let at = self.length * 2;
        (0..self.length).map(move |i| {
            char::from_u32(u32::from(u16_at(self.record, at + i * 2))).unwrap_or(char::REPLACEMENT_CHARACTER)
        })
    }

    pub(crate) fn cost(&self) -> i32 {
        i32::from(self.record[self.length * 4])
    }

    pub(crate) fn flags(&self) -> u8 {
        self.record[self.length * 4 + 1]
    }
}

/// One surname.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Surname {
    pub(crate) first: (u16, char),
    pub(crate) second: Option<(u16, char)>,
    pub(crate) cost: i32,
}

fn partition(section: &[u8], size: usize, range: Range<usize>, before: impl Fn(&[u8]) -> bool) -> usize {
    let (mut low, mut high) = (range.start, range.end);
    while low < high {
        let middle = low + (high - low) / 2;
        if before(&section[middle * size..(middle + 1) * size]) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

fn u16_at(record: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([record[at], record[at + 1]])
}

fn u24_at(record: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([record[at], record[at + 1], record[at + 2], 0])
}

fn char_at(record: &[u8], at: usize) -> char {
    char::from_u32(u24_at(record, at)).unwrap_or(char::REPLACEMENT_CHARACTER)
}
