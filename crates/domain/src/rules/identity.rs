//! Identity numbers of people: resident ID (18 and 15 places), residence permit of Hong Kong, Macao and Taiwan
//! residents, permanent resident ID of foreigners, and the shape dispatch between them.
//! Source: GB 11643-1999 (layout, MOD 11-2), Resident ID Card Law; inner layout of the 2023 foreigner ID unchecked.
//! Deliberately not here: masked numbers are refused as FORMAT; masking for screens is in `crate::mask`.

use jiff::civil::Date;

use super::character::{digit, fold_upper, is_digits, number};
use super::{Derived, RuleCode, RuleError, RuleId, Sex, Verdict, Warning, division, nation};

/// No number carries a birth before this year: a sanity limit, not law.
pub const EARLIEST_BIRTH_YEAR: i16 = 1880;

/// Numbers are given since the regulation of 1984: a code bears the name it had then or later, never an earlier one.
const FIRST_NUMBERS_YEAR: i16 = 1984;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

/// Check character of the first 17 digits (ISO 7064 MOD 11-2).
pub fn check_character(seventeen: &[u8; 17]) -> char {
    let sum: u32 = seventeen.iter().zip(WEIGHTS).map(|(byte, weight)| digit(*byte) * weight).sum();
    CHECK_CHARACTERS[(sum % 11) as usize]
}

/// Rule `resident-id`. An unknown division is a warning.
///
/// # Errors
/// FORMAT, DATE, DATE_FUTURE, CHECKSUM.
pub fn resident(input: &str, on: Date) -> Result<Verdict, RuleError> {
    let number = Eighteen::parse(input, |first| (b'1'..=b'8').contains(&first))?;
    let derived = number.derive(on)?;
    let warnings = if derived.division.is_none() { vec![Warning::Division] } else { Vec::new() };
    Ok(Verdict { value: number.text, warnings, derived })
}

/// Rule `resident-id-15`: the value is the 18-character number.
///
/// # Errors
/// FORMAT, DATE, DATE_FUTURE.
pub fn resident_15(input: &str, on: Date) -> Result<Verdict, RuleError> {
    let old = fold_upper(input);
    if !is_digits(&old, 15) || !(b'1'..=b'8').contains(&old.as_bytes()[0]) {
        return Err(RuleCode::Format.into());
    }
    let mut text = format!("{}19{}", &old[..6], &old[6..]);
    let mut seventeen = [0; 17];
    seventeen.copy_from_slice(text.as_bytes());
    text.push(check_character(&seventeen));
    resident(&text, on)
}

/// Rule `hmt-residence-permit`: digits 1-6 exactly 810000, 820000 or 830000.
///
/// # Errors
/// FORMAT, DATE, DATE_FUTURE, CHECKSUM, DIVISION.
pub fn hmt_residence_permit(input: &str, on: Date) -> Result<Verdict, RuleError> {
    let number = Eighteen::parse(input, |first| first.is_ascii_digit())?;
    let derived = number.derive(on)?;
    if !matches!(&number.text[..6], "810000" | "820000" | "830000") {
        return Err(RuleCode::Division.into());
    }
    Ok(Verdict { value: number.text, warnings: Vec::new(), derived })
}

/// Rule `foreigner-id` (2023 edition): 9, province, numeric nationality, birth, order, check.
///
/// # Errors
/// FORMAT, DATE, DATE_FUTURE, CHECKSUM, PROVINCE, NATION.
pub fn foreigner(input: &str, on: Date) -> Result<Verdict, RuleError> {
    let card = Eighteen::parse(input, |first| first == b'9')?;
    let derived = card.derive(on)?;
    let bytes = card.text.as_bytes();
    if !division::is_province(number(&bytes[1..3])) {
        return Err(RuleCode::Province.into());
    }
    if !nation::is_numeric(number(&bytes[3..6])) {
        return Err(RuleCode::Nation.into());
    }
    Ok(Verdict { value: card.text, warnings: Vec::new(), derived: Derived { division: None, ..derived } })
}

/// Rule `foreigner-id-2017`: a known ISO 3166-1 alpha-3 code and twelve digits.
///
/// # Errors
/// FORMAT, NATION.
pub fn foreigner_2017(input: &str) -> Result<Verdict, RuleError> {
    let value = fold_upper(input);
    let letters = value.bytes().take(3).all(|b| b.is_ascii_uppercase());
    if value.len() != 15 || !letters || !value.is_char_boundary(3) || !is_digits(&value[3..], 12) {
        return Err(RuleCode::Format.into());
    }
    if !nation::is_alpha3(&value[..3]) {
        return Err(RuleCode::Nation.into());
    }
    Ok(Verdict::plain(value))
}

/// Rule `birth-certificate`: one letter for the print run and nine digits (出生医学证明, second edition on).
///
/// # Errors
/// FORMAT.
pub fn birth_certificate(input: &str) -> Result<Verdict, RuleError> {
    let value: String = fold_upper(input).chars().filter(|c| *c != ' ').collect();
    let fits = value.starts_with(|first: char| first.is_ascii_uppercase()) && is_digits(&value[1..], 9);
    if fits { Ok(Verdict::plain(value)) } else { Err(RuleCode::Format.into()) }
}

/// True when what a card prints agrees with what its number tells; where it does not, stop and send to the counter.
pub fn card_agrees(derived: &Derived, printed_sex: Sex, printed_birth: Date) -> bool {
    derived.sex.is_none_or(|sex| sex == printed_sex) && derived.birth.is_none_or(|birth| birth == printed_birth)
}

/// The rule whose shape a document number has; `None` when none has it or when two have it (eight digits), because a
/// document type is never guessed. The shape alone is judged: run [`super::check`] afterwards.
pub fn dispatch(input: &str) -> Option<RuleId> {
    let text = fold_upper(input);
    let first = *text.as_bytes().first()?;
    if is_digits(&text, 15) {
        return Some(RuleId::ResidentId15);
    }
    if text.len() == 18 && text.is_ascii() {
        return match first {
            b'8' if matches!(&text[..6], "810000" | "820000" | "830000") => Some(RuleId::HmtResidencePermit),
            b'1'..=b'8' => Some(RuleId::ResidentId),
            b'9' => Some(RuleId::ForeignerId),
            _ => None,
        };
    }
    if text.len() == 15 && text.is_ascii() && text.starts_with(|c: char| c.is_ascii_uppercase()) {
        let letters_and_digits = text.as_bytes()[..3].iter().all(u8::is_ascii_uppercase) && is_digits(&text[3..], 12);
        return letters_and_digits.then_some(RuleId::ForeignerId2017);
    }
    if is_digits(&text, 8) {
        return None;
    }
    [
        RuleId::Passport,
        RuleId::PassportOld,
        RuleId::PassportOfficial,
        RuleId::HkMacaoPermit,
        RuleId::TaiwanPermit,
        RuleId::HmMainlandPermit,
        RuleId::TwMainlandPermit,
    ]
    .into_iter()
    .find(|rule| super::check(*rule, &text, Date::MAX).is_ok())
}

/// 18 characters whose shape is right: 17 digits and a digit or X.
struct Eighteen {
    text: String,
}

impl Eighteen {
    fn parse(input: &str, first_is_right: impl Fn(u8) -> bool) -> Result<Self, RuleError> {
        let text = fold_upper(input);
        let bytes = text.as_bytes();
        let shape = bytes.len() == 18
            && first_is_right(bytes[0])
            && bytes[..17].iter().all(u8::is_ascii_digit)
            && (bytes[17].is_ascii_digit() || bytes[17] == b'X');
        if shape { Ok(Self { text }) } else { Err(RuleCode::Format.into()) }
    }

    fn derive(&self, on: Date) -> Result<Derived, RuleError> {
        let bytes = self.text.as_bytes();
        let birth = birth_date(&bytes[6..14], on)?;
        let mut seventeen = [0; 17];
        seventeen.copy_from_slice(&bytes[..17]);
        if !self.text.ends_with(check_character(&seventeen)) {
            return Err(RuleCode::Checksum.into());
        }
        let sex = if digit(bytes[16]) % 2 == 1 { Sex::Male } else { Sex::Female };
        let division = division::find(number(&bytes[..6]), birth.year().max(FIRST_NUMBERS_YEAR));
        Ok(Derived { birth: Some(birth), sex: Some(sex), division })
    }
}

fn birth_date(eight: &[u8], on: Date) -> Result<Date, RuleError> {
    let year = i16::try_from(number(&eight[..4])).map_err(|_| RuleCode::Date)?;
    let month = i8::try_from(number(&eight[4..6])).map_err(|_| RuleCode::Date)?;
    let day = i8::try_from(number(&eight[6..8])).map_err(|_| RuleCode::Date)?;
    let birth = Date::new(year, month, day).map_err(|_| RuleCode::Date)?;
    if birth > on {
        return Err(RuleCode::DateFuture.into());
    }
    if birth.year() < EARLIEST_BIRTH_YEAR {
        return Err(RuleCode::Date.into());
    }
    Ok(birth)
}
