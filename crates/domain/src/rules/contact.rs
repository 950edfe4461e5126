//! Ways to reach a person: mobile, landline, overseas number (E.164) and post code.
//! Deliberately not here: whether a number is in use; a message to it shows that.

use super::character::{fold, is_digits, number};
use super::{RuleCode, RuleError, Verdict};

/// First two digits of post codes, by province from 内蒙古 01 to 西藏 86; 99 is Hong Kong and Macao.
const POST_PREFIXES: &[u32] = &[
    1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 15, 16, 20, 21, 22, 23, 24, 25, 26, 27, 30, 31, 32, 33, 34, 35, 36, 40, 41,
    42, 43, 44, 45, 46, 47, 51, 52, 53, 54, 55, 56, 57, 61, 62, 63, 64, 65, 66, 67, 71, 72, 73, 74, 75, 81, 83, 84, 85,
    86, 99,
];

/// Rule `mobile`: eleven digits from 13 to 19, without spaces, hyphens and the leading country code.
///
/// # Errors
/// FORMAT.
pub fn mobile(input: &str) -> Result<Verdict, RuleError> {
    let bare = without_separators(input);
    let value = bare.strip_prefix("+86").or_else(|| bare.strip_prefix("86")).unwrap_or(&bare).to_owned();
    let fits = is_digits(&value, 11) && value.starts_with('1') && value.as_bytes()[1] >= b'3';
    if fits { Ok(Verdict::plain(value)) } else { Err(RuleCode::Format.into()) }
}

/// Rule `landline`: area code of three or four digits from 0, an optional hyphen, seven or eight digits.
///
/// # Errors
/// FORMAT.
pub fn landline(input: &str) -> Result<Verdict, RuleError> {
    let value = fold(input);
    let is_local = |text: &str| is_digits(text, 7) || is_digits(text, 8);
    let fits = value.starts_with('0')
        && match value.split_once('-') {
            Some((area, local)) => (is_digits(area, 3) || is_digits(area, 4)) && is_local(local),
            None => (10..=12).any(|length| is_digits(&value, length)),
        };
    if fits { Ok(Verdict::plain(value)) } else { Err(RuleCode::Format.into()) }
}

/// Rule `overseas-phone`: E.164, a plus and 7 to 15 digits, without spaces and hyphens.
///
/// # Errors
/// FORMAT.
pub fn overseas_phone(input: &str) -> Result<Verdict, RuleError> {
    let value = without_separators(input);
    let fits = value
        .strip_prefix('+')
        .is_some_and(|rest| !rest.starts_with('0') && (7..=15).any(|length| is_digits(rest, length)));
    if fits { Ok(Verdict::plain(value)) } else { Err(RuleCode::Format.into()) }
}

/// Rule `post-code`: six digits, the first two of a province.
///
/// # Errors
/// FORMAT, PROVINCE.
pub fn post_code(input: &str) -> Result<Verdict, RuleError> {
    let value = fold(input);
    if !is_digits(&value, 6) {
        return Err(RuleCode::Format.into());
    }
    if !POST_PREFIXES.contains(&number(&value.as_bytes()[..2])) {
        return Err(RuleCode::Province.into());
    }
    Ok(Verdict::plain(value))
}

fn without_separators(input: &str) -> String {
    fold(input).chars().filter(|c| !matches!(c, ' ' | '-')).collect()
}
