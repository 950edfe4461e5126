//! Prints one JSON line: keys a second, median and 99th percentile of a key in microseconds, bytes of the lexicon. Types the
//! test phrases letter by letter in fields of their kind and reads the first page after each key.
#![expect(clippy::print_stdout, reason = "a measuring example reports to stdout")]

use std::time::Instant;

use pinyin::{Engine, FieldHint, Key, LEXICON};

fn main() -> Result<(), pinyin::DataError> {
    let started = Instant::now();
    let mut engine = Engine::new(LEXICON)?;
    let start = started.elapsed();
    let mut times = Vec::new();
    for line in include_str!("../tests/main/phrases.tsv").lines().skip(1) {
        let mut parts = line.split('\t');
        engine.field(match parts.next() {
            Some("name") => FieldHint::Name,
            Some("address") => FieldHint::Address,
            _ => FieldHint::Reason,
        });
        for letter in parts.next().unwrap_or("").chars().filter(char::is_ascii_lowercase) {
            let before = Instant::now();
            std::hint::black_box(engine.key(Key::Letter(letter)));
            times.push(before.elapsed());
        }
    }
    times.sort();
    let total: f64 = times.iter().map(std::time::Duration::as_secs_f64).sum();
    let at = |share: usize| times.get(times.len() * share / 100).map_or(0, |t| t.as_micros() as u64);
    println!(
        "{}",
        serde_json::json!({
            "keys": times.len(), "keys_per_s": (times.len() as f64 / total) as u64, "p50_us": at(50), "p99_us": at(99),
            "start_us": start.as_micros() as u64, "lexicon_bytes": LEXICON.len(),
        })
    );
    Ok(())
}
