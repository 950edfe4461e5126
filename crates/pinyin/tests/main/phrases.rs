//! Whole phrases typed without separators: how often the wanted one leads, or is among the first five.

use pinyin::FieldHint;

use crate::{engine, typed};

/// Rank of each phrase (0 = first) among the first five, with its kind; `accent` rewrites what is typed.
fn ranks(accent: impl Fn(&str) -> String) -> Vec<(&'static str, &'static str, Option<usize>)> {
    include_str!("phrases.tsv")
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut parts = line.split('\t');
            let (kind, keys, wanted) = (parts.next()?, parts.next()?, parts.next()?);
            let hint = match kind {
                "name" => FieldHint::Name,
                "address" => FieldHint::Address,
                _ => FieldHint::Reason,
            };
            let keys: String = keys.split(' ').map(&accent).collect();
            let update = typed(&mut engine(hint), &keys);
            let rank = update.candidates.iter().take(5).position(|c| c == wanted);
            Some((kind, wanted, rank))
        })
        .collect()
}

fn demand(ranks: &[(&str, &str, Option<usize>)], first: usize, five: usize) {
    let led = ranks.iter().filter(|(_, _, rank)| *rank == Some(0)).count();
    let near = ranks.iter().filter(|(_, _, rank)| rank.is_some()).count();
    let missed: Vec<_> = ranks.iter().filter(|(_, _, rank)| *rank != Some(0)).collect();
    assert!(led >= first && near >= five, "first {led}, in five {near} of {}: {missed:?}", ranks.len());
}

#[test]
fn phrases_typed_as_written() {
    demand(&ranks(str::to_owned), 45, 50);
}

#[test]
fn phrases_typed_in_a_southern_accent() {
    let southern = |syllable: &str| {
        let flat = syllable.replacen("zh", "z", 1).replacen("ch", "c", 1).replacen("sh", "s", 1);
        match flat.strip_suffix("ing").or(flat.strip_suffix("eng")) {
            Some(_) => flat[..flat.len() - 1].to_owned(),
            None => flat,
        }
    };
    demand(&ranks(southern), 38, 46);
}
