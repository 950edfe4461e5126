//! Pinyin and initials of a text, so that a service is found by word, by pinyin or by initials.

use crate::lexicon::Lexicon;

/// Two keys to match a query against, letters and digits only, lower case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchKeys {
    /// Full pinyin without separators: `shenfenzheng`. `ü` is `v`.
    pub full: String,
    /// First letters: `sfz`.
    pub initials: String,
}

/// Syllables a character may be read as, likeliest first; empty for what is no Chinese character.
pub fn readings(ch: char) -> Vec<&'static str> {
    builtin().map(|lexicon| lexicon.readings(ch)).unwrap_or_default()
}

/// Keys of a text by the built-in lexicon. Latin letters and digits stay as they are, other signs are left out.
pub fn search_keys(text: &str) -> SearchKeys {
    builtin().map(|lexicon| lexicon.search_keys(text)).unwrap_or_default()
}

fn builtin() -> Option<Lexicon<'static>> {
    Lexicon::new(crate::LEXICON).ok()
}

impl<'d> Lexicon<'d> {
    /// See `readings`.
    pub fn readings(&self, ch: char) -> Vec<&'d str> {
        self.readings_of(ch).into_iter().map(|(syllable, _)| self.syllable(syllable)).collect()
    }

    /// See `search_keys`. Polyphones are read as in the longest word of the lexicon that begins there.
    pub fn search_keys(&self, text: &str) -> SearchKeys {
        let chars: Vec<char> = text.chars().collect();
        let mut keys = SearchKeys::default();
        let mut at = 0;
        while at < chars.len() {
            let word = (2..=4.min(chars.len() - at)).rev().find_map(|length| self.read_word(&chars[at..at + length]));
            let read =
                word.unwrap_or_else(|| self.readings_of(chars[at]).first().map(|(s, _)| *s).into_iter().collect());
            if read.is_empty() {
                for ch in chars[at].to_lowercase().filter(|ch| ch.is_ascii_alphanumeric()) {
                    keys.full.push(ch);
                    keys.initials.push(ch);
                }
            }
            for syllable in &read {
                keys.full.push_str(self.syllable(*syllable));
                keys.initials.extend(self.syllable(*syllable).chars().next());
            }
            at += read.len().max(1);
        }
        keys
    }

    /// The likeliest syllables of a word, if the lexicon has it.
    fn read_word(&self, chars: &[char]) -> Option<Vec<u16>> {
        let mut found: Vec<(Vec<u16>, std::ops::Range<usize>)> = vec![(Vec::new(), self.words(chars.len()))];
        for (depth, ch) in chars.iter().enumerate() {
            let readings = self.readings_of(*ch);
            found = found
                .into_iter()
                .flat_map(|(syllables, range)| {
                    readings.iter().filter_map(move |(syllable, _)| {
                        let range = self.narrow(chars.len(), range.clone(), depth, &(*syllable..*syllable + 1));
                        let longer = syllables.iter().copied().chain([*syllable]).collect();
                        (!range.is_empty()).then_some((longer, range))
                    })
                })
                .collect();
        }
        found
            .into_iter()
            .flat_map(|(syllables, range)| range.map(move |index| (syllables.clone(), index)))
            .map(|(syllables, index)| (syllables, self.word(chars.len(), index)))
            .filter(|(_, word)| word.chars().eq(chars.iter().copied()))
            .min_by_key(|(_, word)| word.cost())
            .map(|(syllables, _)| syllables)
    }
}
