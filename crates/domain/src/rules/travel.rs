//! Travel documents: passports, permits to and from Hong Kong, Macao and Taiwan, and line 2 of a passport's
//! machine-readable zone (ICAO 9303 part 4, TD3). Permit letters C, W, L and T are unchecked against a public source.
//! Deliberately not here: line 1 (names), and any guess which document eight digits belong to.

use jiff::civil::Date;

use super::character::{digit, fold, fold_upper, is_digits, is_letter_without_io, number};
use super::{Derived, RuleCode, RuleError, Sex, Verdict};

/// Rule `passport`: E and eight digits, or E, a letter without I and O, and seven digits.
///
/// # Errors
/// FORMAT.
pub fn passport(input: &str) -> Result<Verdict, RuleError> {
    accept(input, |text| has_digits(text, "E", 8) || has_letter(text, "E"))
}

/// Rule `passport-old`, for look-up fields: G and eight digits, or 14, 15 and seven digits.
///
/// # Errors
/// FORMAT.
pub fn passport_old(input: &str) -> Result<Verdict, RuleError> {
    accept(input, |text| has_digits(text, "G", 8) || has_digits(text, "14", 7) || has_digits(text, "15", 7))
}

/// Rule `passport-official`: service SE, diplomatic DE, public PE, and seven digits.
///
/// # Errors
/// FORMAT.
pub fn passport_official(input: &str) -> Result<Verdict, RuleError> {
    accept(input, |text| ["SE", "DE", "PE"].iter().any(|prefix| has_digits(text, prefix, 7)))
}

/// Rule `hk-macao-permit` of mainland people: card C, old booklet W.
///
/// # Errors
/// FORMAT.
pub fn hk_macao_permit(input: &str) -> Result<Verdict, RuleError> {
    accept(input, |text| has_digits(text, "C", 8) || has_letter(text, "C") || has_digits(text, "W", 8))
}

/// Rule `taiwan-permit` of mainland people: card L, old booklet T.
///
/// # Errors
/// FORMAT.
pub fn taiwan_permit(input: &str) -> Result<Verdict, RuleError> {
    accept(input, |text| has_digits(text, "L", 8) || has_digits(text, "T", 8))
}

/// Rule `hm-mainland-permit` of Hong Kong (H) and Macao (M) residents: eight digits, or ten with the renewals.
///
/// # Errors
/// FORMAT.
pub fn hm_mainland_permit(input: &str) -> Result<Verdict, RuleError> {
    accept(input, |text| ["H", "M"].iter().any(|prefix| has_digits(text, prefix, 8) || has_digits(text, prefix, 10)))
}

/// Rule `tw-mainland-permit` of Taiwan residents: eight digits (card), ten (old).
///
/// # Errors
/// FORMAT.
pub fn tw_mainland_permit(input: &str) -> Result<Verdict, RuleError> {
    accept(input, |text| is_digits(text, 8) || is_digits(text, 10))
}

/// What line 2 of a passport's machine-readable zone says. Has no `Debug`: every field is personal.
#[derive(Clone, PartialEq, Eq)]
pub struct Mrz {
    /// Document number without filler.
    pub number: String,
    /// Nationality, up to three letters without filler.
    pub nationality: String,
    /// Birth date: the latest year with these two digits that is not after the day of reading.
    pub birth: Date,
    /// Sex; `None` where the passport does not state it.
    pub sex: Option<Sex>,
    /// Last day of validity, in 2000 to 2099.
    pub expiry: Date,
    /// Personal number without filler; often empty.
    pub personal_number: String,
}

/// Reads line 2 (44 characters) and proves its five check digits.
///
/// # Errors
/// FORMAT, DATE, CHECKSUM.
pub fn read_mrz(line: &str, on: Date) -> Result<Mrz, RuleError> {
    let bytes = line.as_bytes();
    let shape = bytes.len() == 44
        && bytes.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase() || *b == b'<')
        && [&bytes[13..20], &bytes[21..28]].iter().all(|part| part.iter().all(u8::is_ascii_digit))
        && bytes[10..13].iter().all(|b| !b.is_ascii_digit())
        && matches!(bytes[20], b'M' | b'F' | b'<');
    if !shape {
        return Err(RuleCode::Format.into());
    }
    let born_this_century = short_date(&bytes[13..19], 2000);
    let birth = match born_this_century {
        Ok(birth) if birth <= on => birth,
        Ok(_) | Err(_) => short_date(&bytes[13..19], 1900)?,
    };
    let expiry = short_date(&bytes[21..27], 2000)?;
    let composite = [&bytes[0..10], &bytes[13..20], &bytes[21..43]].concat();
    let empty_personal = bytes[28..43].iter().all(|b| *b == b'<');
    let proven = check_digit(&bytes[0..9]) == bytes[9]
        && check_digit(&bytes[13..19]) == bytes[19]
        && check_digit(&bytes[21..27]) == bytes[27]
        && (check_digit(&bytes[28..42]) == bytes[42] || empty_personal)
        && check_digit(&composite) == bytes[43];
    if !proven {
        return Err(RuleCode::Checksum.into());
    }
    let sex = match bytes[20] {
        b'M' => Some(Sex::Male),
        b'F' => Some(Sex::Female),
        _ => None,
    };
    let text = |from: usize, to: usize| line[from..to].trim_end_matches('<').to_owned();
    Ok(Mrz { number: text(0, 9), nationality: text(10, 13), birth, sex, expiry, personal_number: text(28, 42) })
}

/// Rule `passport-mrz`: line 2 as the reader gives it; lower case is not folded.
///
/// # Errors
/// FORMAT, DATE, CHECKSUM.
pub fn passport_mrz(input: &str, on: Date) -> Result<Verdict, RuleError> {
    let value = fold(input);
    let read = read_mrz(&value, on)?;
    Ok(Verdict { derived: Derived { birth: Some(read.birth), sex: read.sex, division: None }, ..Verdict::plain(value) })
}

/// ICAO 9303 check digit: weights 7 3 1, A = 10 to Z = 35, filler 0, mod 10.
fn check_digit(field: &[u8]) -> u8 {
    let sum: u32 = field
        .iter()
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(byte, weight)| {
            let value = if byte.is_ascii_uppercase() { u32::from(byte - b'A') + 10 } else { digit(*byte) };
            value * weight
        })
        .sum();
    b'0' + (sum % 10) as u8
}

fn short_date(six: &[u8], century: i16) -> Result<Date, RuleError> {
    let [year, month, day] = [&six[0..2], &six[2..4], &six[4..6]].map(|part| number(part) as i8);
    Date::new(century + i16::from(year), month, day).map_err(|_| RuleCode::Date.into())
}

fn accept(input: &str, fits: impl Fn(&str) -> bool) -> Result<Verdict, RuleError> {
    let value = fold_upper(input);
    if fits(&value) { Ok(Verdict::plain(value)) } else { Err(RuleCode::Format.into()) }
}

fn has_digits(text: &str, prefix: &str, count: usize) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| is_digits(rest, count))
}

fn has_letter(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| {
        rest.as_bytes().first().copied().is_some_and(is_letter_without_io) && is_digits(&rest[1..], 7)
    })
}
