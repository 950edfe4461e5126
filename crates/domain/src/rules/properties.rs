//! Properties over many inputs from a fixed seed: no panic, stable normalisation, every single-digit slip found.

use jiff::civil::{Date, date};

use super::{RuleCode, RuleError, RuleId, check, identity, person_name};

const TODAY: Date = date(2026, 11, 22);

/// A small deterministic generator (xorshift), so that a failure repeats.
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    fn text(&mut self, alphabet: &[char], longest: usize) -> String {
        let length = self.below(longest + 1);
        (0..length).map(|_| alphabet[self.below(alphabet.len())]).collect()
    }
}

const ALPHABET: &[char] = &[
    '0', '1', '2', '3', '5', '8', '9', '0', '1', '9', 'X', 'x', 'E', 'G', 'A', 'I', 'Z', '<', '+', '-', ' ', '.', '浙',
    '粤', '警', '港', '学', '王', '𬭊', '·', '•', '．', '８', 'Ｘ', '\u{3000}', '\u{E000}', 'é', '👮', '\u{0}',
    '\u{301}', 'ß', 'İ',
];

#[test]
fn no_rule_panics_and_accepted_values_stay() {
    let mut sequence = Sequence(0x5EED_1234);
    for turn in 0..100_000 {
        let text = sequence.text(ALPHABET, 46);
        let rule = RuleId::ALL[turn % RuleId::ALL.len()];
        identity::dispatch(&text);
        stays(rule, &text);
    }
}

#[test]
fn valid_values_with_one_place_changed_never_panic_and_stay() {
    let mut sequence = Sequence(0xC0FFEE);
    let valid: Vec<(RuleId, &str)> = super::vectors::VALID.to_vec();
    let mut accepted = 0_u32;
    for _ in 0..100_000 {
        let (rule, text) = valid[sequence.below(valid.len())];
        let mut places: Vec<char> = text.chars().collect();
        let place = sequence.below(places.len());
        places[place] = ALPHABET[sequence.below(ALPHABET.len())];
        let changed: String = places.into_iter().collect();
        accepted += u32::from(stays(rule, &changed));
    }
    assert!(accepted > 1_000, "the property saw {accepted} accepted values");
}

/// True when accepted; a stored value checked again is accepted and is itself.
fn stays(rule: RuleId, text: &str) -> bool {
    let Ok(verdict) = check(rule, text, TODAY) else { return false };
    if rule == RuleId::ResidentId15 {
        assert_eq!(check(RuleId::ResidentId, &verdict.value, TODAY), Ok(verdict));
        return true;
    }
    let again = check(rule, &verdict.value, TODAY);
    assert_eq!(again.map(|again| again.value), Ok(verdict.value), "{rule} {text:?}");
    true
}

#[test]
fn one_changed_digit_breaks_a_resident_id() {
    for number in ["330304190002289978", "330304200002299988", "33028219991101997X", "410402201801019994"] {
        for place in 0..18 {
            for digit in ('0'..='9').chain(['X']) {
                let changed: String =
                    number.chars().enumerate().map(|(at, c)| if at == place { digit } else { c }).collect();
                if changed == number {
                    continue;
                }
                let code = check(RuleId::ResidentId, &changed, TODAY).map(|verdict| verdict.value).map_err(kind);
                assert!(
                    matches!(code, Err(RuleCode::Format | RuleCode::Date | RuleCode::DateFuture | RuleCode::Checksum)),
                    "{changed}: {code:?}"
                );
            }
        }
    }
}

#[test]
fn two_swapped_neighbours_break_a_resident_id() {
    for number in ["330327198512319963", "350902196307129984", "33028219991101997X"] {
        for place in 0..17 {
            let mut bytes: Vec<char> = number.chars().collect();
            bytes.swap(place, place + 1);
            let changed: String = bytes.into_iter().collect();
            assert_eq!(check(RuleId::ResidentId, &changed, TODAY).is_ok(), changed == number, "{changed}");
        }
    }
}

#[test]
fn every_character_of_the_extensions_is_a_name_character() {
    for (first, last) in
        [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x2EBF0, 0x2EE5D), (0x30000, 0x3134A), (0x31350, 0x323AF)]
    {
        for point in [first, (first + last) / 2, last] {
            let c = char::from_u32(point).expect("a scalar value");
            assert!(person_name::is_han(c), "U+{point:X}");
        }
    }
    for c in ['a', '1', 'あ', '한', '·', '\u{2EE5E}', '\u{E000}', '々'] {
        assert!(!person_name::is_han(c), "{c}");
    }
}

fn kind(error: RuleError) -> RuleCode {
    error.code
}
