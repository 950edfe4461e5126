//! Which readings a character has and how likely each is. Costs are twelfths of a nat (see `file`).
//! The table's own order is trusted only for its first reading; shares of common polyphones are kept by hand in
//! `sources/polyphones.txt`, because a minor reading of a very frequent character drowns its homophones.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::file::nats;

/// A reading without tone (`ü` as `v`) and what choosing it costs.
pub type Weighted = (String, i32);

/// All characters' readings, and the readings fixed inside certain words.
pub struct Readings {
    by_char: BTreeMap<char, Vec<Weighted>>,
    common: HashMap<char, Vec<Weighted>>,
    fragments: Vec<(Vec<char>, Vec<String>)>,
}

impl Readings {
    /// From the package's table (`U+4E00: yī  # 一`), our shares (`行 xing:6 hang:4`) and fragments (`银行 yin hang`).
    pub fn parse(table: &str, polyphones: &str, fragments: &str) -> Self {
        let common: HashMap<char, Vec<Weighted>> = lines(polyphones)
            .filter_map(|line| {
                let mut parts = line.split_whitespace();
                let ch = parts.next()?.chars().next()?;
                let shares: Vec<(&str, f64)> =
                    parts.filter_map(|p| p.split_once(':')).filter_map(|(r, s)| Some((r, s.parse().ok()?))).collect();
                let total: f64 = shares.iter().map(|(_, share)| share).sum();
                Some((ch, shares.into_iter().map(|(r, s)| (r.to_owned(), nats(-(s / total).ln()))).collect()))
            })
            .collect();
        let mut by_char = BTreeMap::new();
        for line in lines(table) {
            let Some((ch, readings)) = table_line(line) else { continue };
            let mut weighted: Vec<Weighted> = common.get(&ch).cloned().unwrap_or_default();
            let known = !weighted.is_empty();
            for (rank, reading) in readings.into_iter().enumerate() {
                if weighted.iter().all(|(seen, _)| *seen != reading) {
                    let cost = if rank == 0 && !known { 0 } else { nats(5.0 + rank as f64 * 0.5) };
                    weighted.push((reading, cost));
                }
            }
            weighted.sort_by_key(|(_, cost)| *cost);
            if !weighted.is_empty() {
                by_char.insert(ch, weighted);
            }
        }
        let mut fragments: Vec<(Vec<char>, Vec<String>)> = lines(fragments)
            .filter_map(|line| {
                let mut parts = line.split_whitespace();
                let word: Vec<char> = parts.next()?.chars().collect();
                let readings: Vec<String> = parts.map(str::to_owned).collect();
                (word.len() == readings.len()).then_some((word, readings))
            })
            .collect();
        fragments.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        Self { by_char, common, fragments }
    }

    /// Every character with every reading.
    pub fn all(&self) -> impl Iterator<Item = (char, &[Weighted])> {
        self.by_char.iter().map(|(ch, readings)| (*ch, readings.as_slice()))
    }

    /// Every syllable, in order.
    pub fn syllables(&self) -> BTreeSet<String> {
        self.by_char.values().flatten().map(|(reading, _)| reading.clone()).collect()
    }

    /// The readings of a whole word with their costs: fixed fragments first, common readings for the rest.
    /// Empty when a character has no reading, or when too many are possible.
    pub fn of_word(&self, word: &[char]) -> Vec<(Vec<String>, i32)> {
        let mut fixed: Vec<Option<&String>> = vec![None; word.len()];
        for (fragment, readings) in &self.fragments {
            for start in 0..word.len().saturating_sub(fragment.len() - 1) {
                let span = start..start + fragment.len();
                if word[span.clone()] == fragment[..] && fixed[span].iter().all(Option::is_none) {
                    for (offset, reading) in readings.iter().enumerate() {
                        fixed[start + offset] = Some(reading);
                    }
                }
            }
        }
        let mut found: Vec<(Vec<String>, i32)> = vec![(Vec::new(), 0)];
        for (ch, fixed) in word.iter().zip(fixed) {
            let choices: Vec<Weighted> = match (fixed, self.common.get(ch), self.by_char.get(ch)) {
                (Some(reading), _, _) => vec![(reading.clone(), 0)],
                (None, Some(common), _) => common.clone(),
                (None, None, Some(any)) => any.first().cloned().into_iter().collect(),
                (None, None, None) => return Vec::new(),
            };
            found = found
                .into_iter()
                .flat_map(|(readings, cost)| {
                    choices.iter().map(move |(reading, more)| {
                        let mut longer = readings.clone();
                        longer.push(reading.clone());
                        (longer, cost + more)
                    })
                })
                .collect();
        }
        found.sort_by_key(|(_, cost)| *cost);
        found.truncate(4);
        found
    }
}

/// Lines that carry data: no blank ones, none that begin with `#`.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn table_line(line: &str) -> Option<(char, Vec<String>)> {
    let (code, rest) = line.strip_prefix("U+")?.split_once(':')?;
    let ch = char::from_u32(u32::from_str_radix(code, 16).ok()?)?;
    let readings = rest.split('#').next()?.split(',').filter_map(|reading| without_tone(reading.trim()));
    Some((ch, readings.collect()))
}

/// `lǜ` becomes `lv`. Sounds that are no Mandarin syllable (`ê`, `m`, `ng`, `hm`) are left out.
fn without_tone(reading: &str) -> Option<String> {
    let plain: String = reading
        .chars()
        .filter_map(|ch| match ch {
            'ā' | 'á' | 'ǎ' | 'à' => Some('a'),
            'ē' | 'é' | 'ě' | 'è' => Some('e'),
            'ī' | 'í' | 'ǐ' | 'ì' => Some('i'),
            'ō' | 'ó' | 'ǒ' | 'ò' => Some('o'),
            'ū' | 'ú' | 'ǔ' | 'ù' => Some('u'),
            'ü' | 'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' => Some('v'),
            'ń' | 'ň' | 'ǹ' => Some('n'),
            'a'..='z' => Some(ch),
            'ê' | 'ế' | 'ề' => Some('?'),
            other => (!('\u{300}'..='\u{36f}').contains(&other)).then_some('?'),
        })
        .collect();
    let vowel = plain.contains(['a', 'e', 'i', 'o', 'u', 'v']);
    (vowel && !plain.contains('?') && plain.len() <= 6).then_some(plain)
}
