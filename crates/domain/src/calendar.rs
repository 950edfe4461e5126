//! Working days and statutory limits. Holidays and make-up working days are injected: the State Council names them
//! each autumn by notice, so no table lives in the program.
//! Invariants: the day of acceptance is not counted (Civil Code 201); a limit in calendar days that ends on a day off
//! ends on the next working day (Civil Code 203); a limit of 0 days ends on the day of acceptance itself.
//! Deliberately not here: the clock, and which limit an item has.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

/// How a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LimitUnit {
    /// 工作日.
    Working,
    /// 日: calendar days.
    Calendar,
}

/// A limit in days, written `20` (working) or `60c` (calendar) in tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Limit {
    /// Number of days; 0 = on the spot.
    pub days: u32,
    /// What is counted.
    pub unit: LimitUnit,
}

impl Limit {
    /// A limit in working days.
    pub const fn working(days: u32) -> Self {
        Self { days, unit: LimitUnit::Working }
    }

    /// A limit in calendar days.
    pub const fn calendar(days: u32) -> Self {
        Self { days, unit: LimitUnit::Calendar }
    }
}

/// A text that is neither `20` nor `60c`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no limit: write days, with `c` after them for calendar days")]
pub struct UnreadableLimit(String);

impl std::str::FromStr for Limit {
    type Err = UnreadableLimit;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (digits, unit) = match text.strip_suffix('c') {
            Some(digits) => (digits, LimitUnit::Calendar),
            None => (text, LimitUnit::Working),
        };
        let plain = digits.bytes().all(|b| b.is_ascii_digit());
        let days = if plain { digits.parse().ok() } else { None };
        days.map(|days| Self { days, unit }).ok_or_else(|| UnreadableLimit(text.to_owned()))
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.unit {
            LimitUnit::Working => write!(f, "{}", self.days),
            LimitUnit::Calendar => write!(f, "{}c", self.days),
        }
    }
}

/// Which days are worked: Monday to Friday, less holidays, plus make-up days. A day in both lists is worked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WorkCalendar {
    holidays: BTreeSet<Date>,
    make_up_days: BTreeSet<Date>,
}

impl WorkCalendar {
    /// A calendar with these holidays (weekday or not) and these worked weekend days.
    pub fn new(holidays: impl IntoIterator<Item = Date>, make_up_days: impl IntoIterator<Item = Date>) -> Self {
        Self { holidays: holidays.into_iter().collect(), make_up_days: make_up_days.into_iter().collect() }
    }

    /// True for a day on which the office works.
    pub fn is_working_day(&self, day: Date) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        self.make_up_days.contains(&day) || (!weekend && !self.holidays.contains(&day))
    }

    /// True for a day that the State Council's notice takes off, and that is not worked instead.
    pub fn is_holiday(&self, day: Date) -> bool {
        self.holidays.contains(&day) && !self.make_up_days.contains(&day)
    }

    /// The `n`th working day after `start`; `start` itself is not counted, 0 gives `start`.
    /// Ends at `Date::MAX` (year 9999) if the count runs past it.
    pub fn add_working_days(&self, start: Date, n: u32) -> Date {
        let mut day = start;
        let mut left = n;
        while left > 0 {
            let Ok(next) = day.tomorrow() else { return day };
            day = next;
            if self.is_working_day(day) {
                left -= 1;
            }
        }
        day
    }

    /// The last day of `limit` for something accepted on `start`.
    pub fn due(&self, start: Date, limit: Limit) -> Date {
        match limit.unit {
            LimitUnit::Working => self.add_working_days(start, limit.days),
            LimitUnit::Calendar if limit.days == 0 => start,
            LimitUnit::Calendar => {
                let span = jiff::SignedDuration::from_hours(24 * i64::from(limit.days));
                self.next_working_day(start.saturating_add(span))
            }
        }
    }

    /// `day` itself when worked, else the next worked day.
    pub fn next_working_day(&self, day: Date) -> Date {
        if self.is_working_day(day) { day } else { self.add_working_days(day, 1) }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn working_days_skip_weekends_and_the_day_of_acceptance() {
        let plain = WorkCalendar::default();
        let start = date(2026, 11, 20);
        for (n, due) in [
            (0, date(2026, 11, 20)),
            (1, date(2026, 11, 23)),
            (3, date(2026, 11, 25)),
            (15, date(2026, 12, 11)),
            (20, date(2026, 12, 18)),
        ] {
            assert_eq!(plain.add_working_days(start, n), due, "+{n}");
            assert_eq!(plain.due(start, Limit::working(n)), due, "+{n}");
        }
        assert_eq!(plain.add_working_days(date(2026, 11, 27), 5), date(2026, 12, 4));
    }

    #[test]
    fn holidays_and_make_up_days_are_injected() {
        let holiday = WorkCalendar::new([date(2027, 1, 1)], []);
        assert_eq!(holiday.add_working_days(date(2026, 12, 30), 3), date(2027, 1, 5));
        let make_up = WorkCalendar::new([date(2027, 1, 1)], [date(2027, 1, 3)]);
        assert_eq!(make_up.add_working_days(date(2026, 12, 30), 3), date(2027, 1, 4));
        assert!(make_up.is_working_day(date(2027, 1, 3)));
        assert!(!make_up.is_working_day(date(2027, 1, 1)));
    }

    #[test]
    fn calendar_days_roll_off_a_day_off() {
        let plain = WorkCalendar::default();
        assert_eq!(plain.due(date(2026, 11, 20), Limit::calendar(15)), date(2026, 12, 7));
        assert_eq!(plain.due(date(2026, 11, 22), Limit::calendar(60)), date(2027, 1, 21));
        assert_eq!(plain.due(date(2026, 11, 22), Limit::calendar(0)), date(2026, 11, 22));
    }

    #[test]
    fn a_count_past_the_last_date_stops_there() {
        let plain = WorkCalendar::default();
        assert_eq!(plain.due(date(2026, 11, 20), Limit::calendar(u32::MAX)), Date::MAX);
        assert_eq!(plain.due(date(9999, 12, 1), Limit::working(u32::MAX)), Date::MAX);
    }

    #[test]
    fn limits_are_read_as_tables_write_them() {
        assert_eq!("20".parse(), Ok(Limit::working(20)));
        assert_eq!("60c".parse(), Ok(Limit::calendar(60)));
        assert_eq!(Limit::calendar(60).to_string(), "60c");
        for wrong in ["", "c", "-1", "+1", "1d", "60cc", "99999999999"] {
            assert!(wrong.parse::<Limit>().is_err(), "{wrong}");
        }
    }
}
