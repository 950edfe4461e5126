//! Conditional acceptance (容缺): by which day a deferred material must be here, when to warn, when it has lapsed.
//! Invariants: days count from acceptance, in working days; the rule only says so: nobody is decided against by a
//! machine (product rule 12). Not here: what the office then does with the case.

use super::clock::days_between;
use crate::calendar::{LimitUnit, WorkCalendar};
use jiff::civil::Date;

/// How a deferred material stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lapse {
    /// Time enough.
    Quiet,
    /// The last day is near: tell the person.
    Warn(Date),
    /// The last day has passed.
    Lapsed(Date),
}

/// The last day; before acceptance the one that an acceptance today would give.
pub fn last_day(accepted_on: Option<Date>, today: Date, days: u32, calendar: &WorkCalendar) -> Date {
    calendar.add_working_days(accepted_on.unwrap_or(today), days)
}

/// How it stands: a warning from `warn_days` working days before the last day on.
pub fn lapse(last: Date, today: Date, warn_days: u32, calendar: &WorkCalendar) -> Lapse {
    if today > last {
        Lapse::Lapsed(last)
    } else if days_between(calendar, today, last, LimitUnit::Working) <= warn_days {
        Lapse::Warn(last)
    } else {
        Lapse::Quiet
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn first_quiet_then_warned_then_lapsed() {
        let plain = WorkCalendar::default();
        let last = last_day(Some(date(2026, 11, 20)), date(2026, 11, 22), 10, &plain);
        assert_eq!(last, date(2026, 12, 4));
        let on = |today| lapse(last, today, 2, &plain);
        assert_eq!(on(date(2026, 12, 1)), Lapse::Quiet);
        assert_eq!(on(date(2026, 12, 2)), Lapse::Warn(last));
        assert_eq!(on(date(2026, 12, 4)), Lapse::Warn(last), "the last day itself still counts");
        assert_eq!(on(date(2026, 12, 5)), Lapse::Lapsed(last));
    }
}
