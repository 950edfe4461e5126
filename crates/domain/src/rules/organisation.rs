//! Organisations: unified social credit code (GB 32100-2015) and organisation code (GB 11714, check table unchecked).
//! Deliberately not here: the department letter is not judged, as its list is unchecked.

use super::character::{digit, fold, fold_upper, is_digits, number};
use super::{Derived, RuleCode, RuleError, Verdict, Warning, division};

const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORG_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
/// Registered with the state's own offices, not with a province.
const STATE_LEVEL: u32 = 100_000;

/// Rule `uscc`: 18 characters; an unknown division is a warning.
///
/// # Errors
/// FORMAT, CHECKSUM, ORG_CHECKSUM.
pub fn uscc(input: &str) -> Result<Verdict, RuleError> {
    let value = fold_upper(input);
    let values: Option<Vec<u32>> = value.chars().map(place_value).collect();
    let Some(values) = values.filter(|values| values.len() == 18 && is_digits(&value[2..8], 6)) else {
        return Err(RuleCode::Format.into());
    };
    let sum: u32 = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    if (31 - sum % 31) % 31 != values[17] {
        return Err(RuleCode::Checksum.into());
    }
    let bytes = value.as_bytes();
    if organisation_check(&bytes[8..16]) != bytes[16] {
        return Err(RuleCode::OrgChecksum.into());
    }
    let code = number(&bytes[2..8]);
    let division = division::periods(code).last().copied();
    let known = division.is_some() || code == STATE_LEVEL;
    let warnings = if known { Vec::new() } else { vec![Warning::Division] };
    Ok(Verdict { value, warnings, derived: Derived { division, ..Derived::default() } })
}

/// Rule `organisation-code`: eight places, an optional hyphen, a check character; stored with the hyphen. Lower case
/// is refused, as the printed code has none.
///
/// # Errors
/// FORMAT, CHECKSUM.
pub fn organisation_code(input: &str) -> Result<Verdict, RuleError> {
    let mut value = fold(input);
    if value.len() == 9 && value.is_char_boundary(8) {
        value.insert(8, '-');
    }
    let bytes = value.as_bytes();
    let shape = bytes.len() == 10
        && bytes[..8].iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        && bytes[8] == b'-'
        && (bytes[9].is_ascii_digit() || bytes[9] == b'X');
    if !shape {
        return Err(RuleCode::Format.into());
    }
    if organisation_check(&bytes[..8]) != bytes[9] {
        return Err(RuleCode::Checksum.into());
    }
    Ok(Verdict::plain(value))
}

fn place_value(place: char) -> Option<u32> {
    ALPHABET.chars().zip(0..).find_map(|(known, value)| (known == place).then_some(value))
}

fn organisation_check(eight: &[u8]) -> u8 {
    let sum: u32 = eight
        .iter()
        .zip(ORG_WEIGHTS)
        .map(|(byte, weight)| {
            let value = if byte.is_ascii_uppercase() { u32::from(byte - b'A') + 10 } else { digit(*byte) };
            value * weight
        })
        .sum();
    match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        value => b'0' + value as u8,
    }
}
