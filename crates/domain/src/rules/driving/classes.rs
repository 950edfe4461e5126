//! Licence classes: ages at application and what has to be held before a class is added (order 162, articles 14 to 17,
//! ages of order 172). Deliberately not here: duties that start at an age for holders (article 65), except COUNTER.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A class of vehicles on a driving licence (letters unchecked).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum LicenceClass {
    /// Large bus 大型客车.
    A1,
    /// Heavy trailer 重型牵引挂车.
    A2,
    /// City bus 城市公交车.
    A3,
    /// Medium bus 中型客车.
    B1,
    /// Large truck 大型货车.
    B2,
    /// Small car 小型汽车.
    C1,
    /// Small automatic 小型自动挡汽车.
    C2,
    /// Low-speed truck 低速载货汽车.
    C3,
    /// Three-wheel vehicle 三轮汽车.
    C4,
    /// Adapted small automatic 残疾人专用小型自动挡载客汽车.
    C5,
    /// Light trailer 轻型牵引挂车.
    C6,
    /// Three-wheel motorcycle 普通三轮摩托车.
    D,
    /// Two-wheel motorcycle 普通二轮摩托车.
    E,
    /// Moped 轻便摩托车.
    F,
    /// Wheeled machine 轮式专用机械车.
    M,
    /// Trolleybus 无轨电车.
    N,
    /// Tram 有轨电车.
    P,
}

impl LicenceClass {
    /// False for the classes that can only be added to a licence already held.
    pub const fn may_be_first(self) -> bool {
        !matches!(self, Self::A1 | Self::A2 | Self::B1 | Self::C6)
    }

    /// Youngest age in completed years; full-time students of the trade may apply for A1 and A2 from 19.
    pub const fn minimum_age(self, trade_student: bool) -> u8 {
        match self {
            Self::A1 | Self::A2 if trade_student => 19,
            Self::A1 | Self::A2 => 22,
            Self::A3 | Self::B1 | Self::B2 | Self::C6 | Self::N | Self::P => 20,
            Self::C1 | Self::C2 | Self::C3 | Self::C4 | Self::C5 | Self::D | Self::E | Self::F | Self::M => 18,
        }
    }

    /// Oldest age, or `None` for the classes that ask for the ability test from [`ABILITY_TEST_AGE`] on.
    pub const fn maximum_age(self) -> Option<u8> {
        match self {
            Self::C1 | Self::C2 | Self::C5 | Self::F => None,
            Self::C6 | Self::D | Self::E => Some(70),
            Self::A1 | Self::A2 | Self::A3 | Self::B1 | Self::B2 => Some(63),
            Self::C3 | Self::C4 | Self::M | Self::N | Self::P => Some(63),
        }
    }
}

/// From this age C1, C2, C5 and F need the test of memory, judgement and reaction.
pub const ABILITY_TEST_AGE: u8 = 70;

/// What an age means for an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApplicationAge {
    /// Below the minimum.
    TooYoung,
    /// Within the ages.
    Ok,
    /// Within the ages, with the ability test.
    OkWithAbilityTest,
    /// Exactly the maximum: the texts disagree, a clerk decides.
    Counter,
    /// Above the maximum.
    TooOld,
}

/// Judges an age in completed years.
pub fn application_age(class: LicenceClass, age: u8, trade_student: bool) -> ApplicationAge {
    if age < class.minimum_age(trade_student) {
        return ApplicationAge::TooYoung;
    }
    match class.maximum_age() {
        None if age >= ABILITY_TEST_AGE => ApplicationAge::OkWithAbilityTest,
        None => ApplicationAge::Ok,
        Some(maximum) if age > maximum => ApplicationAge::TooOld,
        Some(maximum) if age == maximum => ApplicationAge::Counter,
        Some(_) => ApplicationAge::Ok,
    }
}

/// A class on the applicant's licence and the day it was obtained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Class.
    pub class: LicenceClass,
    /// First day held.
    pub since: Date,
}

/// Why a class may not be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddRefusal {
    /// A scoring period now or just before reached twelve points.
    TwelvePoints,
    /// No class held opens this one, or not for long enough.
    NotHeldLongEnough,
    /// Fewer clean scoring periods than asked for.
    CleanPeriods,
}

/// Judges whether `target` may be added on the day `on`. `clean_periods` counts the scoring periods just before without
/// twelve points; classes that may be first have no waiting time. Which classes open B1 is unchecked.
///
/// # Errors
/// The first reason against it.
pub fn may_add(
    target: LicenceClass,
    held: &[Held],
    clean_periods: u8,
    twelve_points_now_or_before: bool,
    on: Date,
) -> Result<(), AddRefusal> {
    use LicenceClass::{A1, A2, A3, B1, B2, C1, C2, C3, C4};
    if twelve_points_now_or_before {
        return Err(AddRefusal::TwelvePoints);
    }
    let (ways, periods): (&[(LicenceClass, i16)], u8) = match target {
        LicenceClass::C6 => (&[(C1, 1), (C2, 1)], 0),
        LicenceClass::B1 => (&[(A3, 2), (B2, 2), (C1, 2), (C2, 2), (C3, 2), (C4, 2)], 2),
        LicenceClass::A2 => (&[(B1, 2), (B2, 2), (A1, 1)], 0),
        LicenceClass::A1 => (&[(A3, 2), (B1, 2), (B2, 3), (A2, 1)], 3),
        LicenceClass::A3 | LicenceClass::B2 | LicenceClass::C1 | LicenceClass::C2 | LicenceClass::C3 => return Ok(()),
        LicenceClass::C4 | LicenceClass::C5 | LicenceClass::D | LicenceClass::E | LicenceClass::F => return Ok(()),
        LicenceClass::M | LicenceClass::N | LicenceClass::P => return Ok(()),
    };
    let opened = ways.iter().any(|(class, years)| {
        held.iter().any(|have| have.class == *class && have.since.saturating_add(years.years()) <= on)
    });
    if !opened {
        Err(AddRefusal::NotHeldLongEnough)
    } else if clean_periods < periods {
        Err(AddRefusal::CleanPeriods)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::LicenceClass::*;
    use super::*;

    #[test]
    fn ages_at_application() {
        use ApplicationAge::{Counter, Ok, OkWithAbilityTest, TooOld, TooYoung};
        for (class, age, result) in [
            (C1, 17, TooYoung),
            (C1, 18, Ok),
            (C2, 69, Ok),
            (F, 18, Ok),
            (C1, 70, OkWithAbilityTest),
            (C5, 88, OkWithAbilityTest),
            (F, 70, OkWithAbilityTest),
            (A1, 21, TooYoung),
            (A1, 22, Ok),
            (A3, 20, Ok),
            (B2, 62, Ok),
            (A1, 63, Counter),
            (C3, 63, Counter),
            (D, 70, Counter),
            (B2, 64, TooOld),
            (C6, 71, TooOld),
            (M, 64, TooOld),
        ] {
            assert_eq!(application_age(class, age, false), result, "{class:?} {age}");
        }
        assert_eq!(application_age(A2, 19, true), Ok);
        assert_eq!(application_age(A2, 18, true), TooYoung);
    }

    #[test]
    fn classes_that_are_only_added() {
        for class in [A1, A2, B1, C6] {
            assert!(!class.may_be_first(), "{class:?}");
        }
        for class in [A3, B2, C1, C2, C3, C4, C5, D, E, F, M, N, P] {
            assert!(class.may_be_first(), "{class:?}");
        }
    }

    #[test]
    fn waiting_times_before_adding() {
        let on = date(2026, 11, 22);
        let days = |class, days: i64| [Held { class, since: on.saturating_sub(days.days()) }];
        let years = |class, years: i64| [Held { class, since: on.saturating_sub(years.years()) }];
        assert_eq!(may_add(C6, &days(C1, 400), 0, false, on), Ok(()));
        assert_eq!(may_add(C6, &days(C1, 300), 0, false, on), Err(AddRefusal::NotHeldLongEnough));
        assert_eq!(may_add(A1, &years(B2, 3), 3, false, on), Ok(()));
        assert_eq!(may_add(A1, &years(B2, 2), 3, false, on), Err(AddRefusal::NotHeldLongEnough));
        assert_eq!(may_add(A2, &years(C1, 9), 3, false, on), Err(AddRefusal::NotHeldLongEnough));
        assert_eq!(may_add(A1, &years(C1, 9), 3, false, on), Err(AddRefusal::NotHeldLongEnough));
        assert_eq!(may_add(A1, &years(B2, 3), 2, false, on), Err(AddRefusal::CleanPeriods));
        assert_eq!(may_add(B1, &years(C1, 2), 2, false, on), Ok(()));
        assert_eq!(may_add(C6, &days(C1, 400), 0, true, on), Err(AddRefusal::TwelvePoints));
    }
}
