//! Ages: completed years, and the terms that hang on them (Resident ID Card Law 5, Passport Law 7, PIPL 31).
//! Invariant: a number of years "以上" includes the birthday itself.
//! Deliberately not here: ages for driving licences, see `super::driving`.

use jiff::ToSpan;
use jiff::civil::Date;

/// Completed years on the day `on`, the birthday included; 0 for a birth after `on`.
/// Someone born on 29 February is a year older on 1 March of common years.
pub fn completed_years(birth: Date, on: Date) -> u8 {
    let years = i32::from(on.year()) - i32::from(birth.year());
    let before_birthday = (on.month(), on.day()) < (birth.month(), birth.day());
    u8::try_from((years - i32::from(before_birthday)).max(0)).unwrap_or(u8::MAX)
}

/// Term of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// A number of years.
    Years(u8),
    /// 长期.
    LongTerm,
}

/// Term of a resident ID card by age at issue.
pub fn id_card_term(age: u8) -> Term {
    match age {
        0..=15 => Term::Years(5),
        16..=25 => Term::Years(10),
        26..=45 => Term::Years(20),
        46.. => Term::LongTerm,
    }
}

/// Term of an ordinary passport by age at issue, years.
pub fn passport_term_years(age: u8) -> u8 {
    if age < 16 { 5 } else { 10 }
}

/// True when a guardian gives the consent for personal data (under 14).
pub fn guardian_consents_to_data(age: u8) -> bool {
    age < 14
}

/// True when an ID card is applied for through a guardian (under 16).
pub fn guardian_applies_for_id(age: u8) -> bool {
    age < 16
}

/// Last day of the three months after the 16th birthday within which the first ID card is due.
pub fn first_id_due(birth: Date) -> Date {
    birth.saturating_add(16.years()).saturating_add(3.months())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TODAY: Date = date(2026, 11, 22);

    #[test]
    fn ages_of_the_sample_numbers() {
        for (birth, years) in [
            (date(1900, 2, 28), 126),
            (date(2000, 2, 29), 26),
            (date(1985, 12, 31), 40),
            (date(2018, 1, 1), 8),
            (date(1963, 7, 12), 63),
            (date(1999, 11, 1), 27),
        ] {
            assert_eq!(completed_years(birth, TODAY), years, "{birth}");
        }
        assert_eq!(completed_years(date(2010, 11, 22), TODAY), 16, "the birthday counts");
        assert_eq!(completed_years(date(2010, 11, 23), TODAY), 15);
        assert_eq!(completed_years(date(2027, 1, 1), TODAY), 0);
    }

    #[test]
    fn terms_of_id_card_and_passport() {
        for (age, term) in [
            (15, Term::Years(5)),
            (16, Term::Years(10)),
            (25, Term::Years(10)),
            (26, Term::Years(20)),
            (45, Term::Years(20)),
            (46, Term::LongTerm),
        ] {
            assert_eq!(id_card_term(age), term, "{age}");
        }
        assert_eq!(passport_term_years(15), 5);
        assert_eq!(passport_term_years(16), 10);
    }

    #[test]
    fn guardians() {
        assert!(guardian_consents_to_data(13));
        assert!(!guardian_consents_to_data(14));
        assert!(guardian_applies_for_id(15));
        assert!(!guardian_applies_for_id(16));
        assert_eq!(first_id_due(date(2010, 11, 22)), date(2027, 2, 22));
    }
}
