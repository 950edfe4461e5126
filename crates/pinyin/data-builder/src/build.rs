//! Puts the sources together into the sections of the lexicon file.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};

use crate::file::{assemble, byte, nats, push_char};
use crate::names::{given, surnames};
use crate::readings_table::Readings;
use crate::words::{LONGEST, PLACE, SERVICE, add_tiers, general};

/// The texts the lexicon is made of.
pub struct Sources {
    /// `word count tag`.
    pub jieba: String,
    /// `U+4E00: yī  # 一`.
    pub readings: String,
    /// `行 xing:6 hang:4`.
    pub polyphones: String,
    /// `银行 yin hang`.
    pub fragments: String,
    /// `tier place…`.
    pub places: String,
    /// `tier word…`.
    pub service_words: String,
    /// `share surname…`.
    pub surnames: String,
    /// `weight characters`.
    pub given: String,
}

/// A word under one reading.
struct Record {
    syllables: Vec<u16>,
    chars: Vec<char>,
    cost: u8,
    flags: u8,
}

/// What a character that no list counts costs as a word of its own.
const UNCOUNTED: f64 = 19.5;

/// Words dearer than this (nats) are not found by their initials.
const ABBREVIATED: f64 = 13.5;

/// The whole file.
pub fn build(sources: &Sources) -> Result<Vec<u8>> {
    let readings = Readings::parse(&sources.readings, &sources.polyphones, &sources.fragments);
    let syllables: Vec<String> = readings.syllables().into_iter().collect();
    let ids: BTreeMap<&str, u16> = syllables.iter().enumerate().map(|(i, s)| (s.as_str(), i as u16)).collect();
    let id = |reading: &str| ids.get(reading).copied().with_context(|| format!("{reading} is no syllable"));

    let general = general(&sources.jieba);
    let mut words = general.words;
    add_tiers(&mut words, &sources.places, PLACE);
    add_tiers(&mut words, &sources.service_words, SERVICE);

    let mut by_length: Vec<Vec<Record>> = (0..=LONGEST).map(|_| Vec::new()).collect();
    for (word, entry) in &words {
        let chars: Vec<char> = word.chars().collect();
        if chars.iter().any(|ch| *ch as u32 > 0xffff) {
            continue;
        }
        for (reading, more) in readings.of_word(&chars) {
            let syllables = reading.iter().map(|r| id(r)).collect::<Result<Vec<u16>>>()?;
            let cost = byte(entry.cost + more);
            by_length[chars.len()].push(Record { syllables, chars: chars.clone(), cost, flags: entry.flags });
        }
    }
    for records in &mut by_length {
        records.sort_by(|a, b| (&a.syllables, a.cost, &a.chars).cmp(&(&b.syllables, b.cost, &b.chars)));
    }

    let mut singles: Vec<(u16, u8, char)> = Vec::new();
    for (ch, weighted) in readings.all() {
        let base = general.chars.get(&ch).copied().unwrap_or_else(|| nats(UNCOUNTED));
        for (reading, more) in weighted {
            singles.push((id(reading)?, byte(base + more), ch));
        }
    }
    singles.sort_unstable();
    ensure!(singles.len() < 65_536, "the reverse index holds sixteen bits");
    let mut reverse: Vec<u16> = (0..singles.len() as u16).collect();
    reverse.sort_by_key(|i| (singles[usize::from(*i)].2, singles[usize::from(*i)].1));

    let mut sections = vec![syllables.join("\n").into_bytes()];
    sections.push(singles.iter().flat_map(|(syllable, cost, ch)| single(*syllable, *cost, *ch)).collect());
    sections.push(reverse.iter().flat_map(|i| i.to_le_bytes()).collect());
    for records in &by_length[2..] {
        sections.push(records.iter().flat_map(word).collect());
    }
    for records in &by_length[2..] {
        sections.push(abbreviations(records, &syllables));
    }
    let surnames = surnames(&sources.surnames);
    let mut family: Vec<Vec<u8>> = Vec::new();
    for surname in &surnames {
        let reading = match surname.readings.is_empty() {
            true => readings.of_word(&surname.chars).into_iter().next().map(|(r, _)| r).unwrap_or_default(),
            false => surname.readings.clone(),
        };
        ensure!(reading.len() == surname.chars.len() && reading.len() <= 2, "surname {:?}", surname.chars);
        let mut record = Vec::new();
        record.extend(id(&reading[0])?.to_le_bytes());
        record.extend(reading.get(1).map_or(Ok(u16::MAX), |r| id(r))?.to_le_bytes());
        push_char(&mut record, surname.chars[0]);
        push_char(&mut record, surname.chars.get(1).copied().unwrap_or('\0'));
        record.push(byte(surname.cost));
        family.push(record);
    }
    sections.push(family.concat());
    let mut given_section = Vec::new();
    for (ch, cost) in given(&general.people, &surnames, &sources.given) {
        push_char(&mut given_section, ch);
        given_section.push(byte(cost));
    }
    sections.push(given_section);
    Ok(assemble(&sections))
}

fn single(syllable: u16, cost: u8, ch: char) -> Vec<u8> {
    let mut out = syllable.to_le_bytes().to_vec();
    push_char(&mut out, ch);
    out.push(cost);
    out
}

fn word(record: &Record) -> Vec<u8> {
    let mut out: Vec<u8> = record.syllables.iter().flat_map(|s| s.to_le_bytes()).collect();
    out.extend(record.chars.iter().flat_map(|ch| (*ch as u32 as u16).to_le_bytes()));
    out.extend([record.cost, record.flags]);
    out
}

/// Indices of frequent words, by initials and then by cost.
fn abbreviations(records: &[Record], syllables: &[String]) -> Vec<u8> {
    let initials = |record: &Record| -> Vec<u8> {
        record.syllables.iter().map(|s| syllables[usize::from(*s)].as_bytes()[0]).collect()
    };
    let mut kept: Vec<usize> =
        (0..records.len()).filter(|i| i32::from(records[*i].cost) <= nats(ABBREVIATED)).collect();
    kept.sort_by_key(|i| (initials(&records[*i]), records[*i].cost, *i));
    kept.into_iter().flat_map(|i| (i as u32).to_le_bytes()[..3].to_vec()).collect()
}
