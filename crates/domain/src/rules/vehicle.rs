//! Vehicles: number plates (GA 36), vehicle identification numbers (ISO 3779, GB 16735) and engine numbers.
//! New-energy letters beyond D and F, letter counts and cross-border plates are unchecked; they are accepted or warned.
//! Deliberately not here: military and armed-police plates, which are refused (PROVINCE) and go to the counter.

use super::character::{digit, fold_upper, is_digits, is_letter_without_io};
use super::{RuleCode, RuleError, Verdict, Warning};

const PROVINCE_CHARACTERS: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
const SUFFIXES: [char; 6] = ['学', '警', '挂', '领', '试', '超'];
const VIN_WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/// Kind of a number plate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlateKind {
    /// Five serial places.
    Ordinary,
    /// Six serial places, the energy letter first.
    NewEnergySmall,
    /// Six serial places, the energy letter last.
    NewEnergyLarge,
    /// Four serial places and a Chinese suffix such as 学 or 挂.
    Suffix,
    /// 粤Z, four places, 港 or 澳.
    CrossBorder,
}

/// Kind of a normalised plate (capitals, no separators).
///
/// # Errors
/// FORMAT, PROVINCE.
pub fn plate_kind(plate: &str) -> Result<PlateKind, RuleError> {
    let mut places = plate.chars();
    let (province, office) = (places.next().unwrap_or('?'), places.next().unwrap_or('?'));
    let serial = places.as_str();
    let office_fits = u8::try_from(office).is_ok_and(is_letter_without_io);
    let kind = serial_kind(serial).filter(|_| office_fits && !province.is_ascii()).ok_or(RuleCode::Format)?;
    if kind == PlateKind::CrossBorder && (province, office) != ('粤', 'Z') {
        return Err(RuleCode::Format.into());
    }
    if !PROVINCE_CHARACTERS.contains(province) {
        return Err(RuleCode::Province.into());
    }
    Ok(kind)
}

fn serial_kind(serial: &str) -> Option<PlateKind> {
    let bytes = serial.as_bytes();
    let is_place = |byte: &u8| byte.is_ascii_digit() || is_letter_without_io(*byte);
    let is_energy = |byte: u8| matches!(byte, b'A'..=b'H' | b'J' | b'K');
    if let Some(last) = serial.chars().last().filter(|last| !last.is_ascii()) {
        let four = serial.len() - last.len_utf8() == 4 && bytes[..4].iter().all(is_place);
        return match last {
            '港' | '澳' if four => Some(PlateKind::CrossBorder),
            suffix if four && SUFFIXES.contains(&suffix) => Some(PlateKind::Suffix),
            _ => None,
        };
    }
    if !bytes.iter().all(is_place) {
        return None;
    }
    match bytes.len() {
        5 => Some(PlateKind::Ordinary),
        6 if is_energy(bytes[0]) && bytes[2..].iter().all(u8::is_ascii_digit) => Some(PlateKind::NewEnergySmall),
        6 if is_energy(bytes[5]) && bytes[..5].iter().all(u8::is_ascii_digit) => Some(PlateKind::NewEnergyLarge),
        _ => None,
    }
}

/// Rule `plate`: capitals, spaces and the dot of the printed plate taken out; more than two serial letters on an
/// ordinary plate is a warning.
///
/// # Errors
/// FORMAT, PROVINCE.
pub fn plate(input: &str) -> Result<Verdict, RuleError> {
    let value: String = fold_upper(input).chars().filter(|c| !matches!(c, ' ' | '·' | '•')).collect();
    let kind = plate_kind(&value)?;
    let letters = value.chars().skip(2).filter(char::is_ascii_uppercase).count();
    let many = kind == PlateKind::Ordinary && letters > 2;
    let warnings = if many { vec![Warning::PlateLetters] } else { Vec::new() };
    Ok(Verdict { warnings, ..Verdict::plain(value) })
}

/// Rule `vin`: 17 characters; a wrong check digit is an error on vehicles made here (first place L), else a warning.
///
/// # Errors
/// FORMAT, YEAR_CHAR, CHECKSUM.
pub fn vin(input: &str) -> Result<Verdict, RuleError> {
    let value = fold_upper(input);
    let values: Option<Vec<u32>> = value.bytes().map(vin_value).collect();
    let values = values.filter(|values| values.len() == 17).ok_or(RuleCode::Format)?;
    let bytes = value.as_bytes();
    if matches!(bytes[9], b'U' | b'Z' | b'0') {
        return Err(RuleCode::YearChar.into());
    }
    let sum: u32 = values.iter().zip(VIN_WEIGHTS).map(|(value, weight)| value * weight).sum();
    let right = match bytes[8] {
        b'X' => sum % 11 == 10,
        byte => byte.is_ascii_digit() && digit(byte) == sum % 11,
    };
    if right {
        Ok(Verdict::plain(value))
    } else if bytes[0] == b'L' {
        Err(RuleCode::Checksum.into())
    } else {
        Ok(Verdict { warnings: vec![Warning::ImportedCheckDigit], ..Verdict::plain(value) })
    }
}

/// Transliteration of one VIN place; `None` for I, O, Q and anything else outside the alphabet.
fn vin_value(byte: u8) -> Option<u32> {
    match byte {
        b'0'..=b'9' => Some(digit(byte)),
        b'A'..=b'H' => Some(u32::from(byte - b'A') + 1),
        b'J'..=b'N' => Some(u32::from(byte - b'J') + 1),
        b'P' => Some(7),
        b'R' => Some(9),
        b'S'..=b'Z' => Some(u32::from(byte - b'S') + 2),
        _ => None,
    }
}

/// Rule `vin-tail`: the last four places of a VIN, which ISO 3779 keeps for digits.
///
/// # Errors
/// FORMAT.
pub fn vin_tail(input: &str) -> Result<Verdict, RuleError> {
    let value = fold_upper(input);
    if is_digits(&value, 4) { Ok(Verdict::plain(value)) } else { Err(RuleCode::Format.into()) }
}

/// Rule `engine-number`: 4 to 30 capitals, digits, `*`, `-` or `/`; there is no national checksum.
///
/// # Errors
/// FORMAT.
pub fn engine_number(input: &str) -> Result<Verdict, RuleError> {
    let value = fold_upper(input);
    let fits = (4..=30).contains(&value.len())
        && value.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase() || matches!(b, b'*' | b'-' | b'/'));
    if fits { Ok(Verdict::plain(value)) } else { Err(RuleCode::Format.into()) }
}
