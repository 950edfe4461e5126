//! The clock of law of one case: it starts with acceptance, stands still while the person supplements, and goes on.
//! Invariants: days already used are never given back; a day that had passed before a pause stays passed after it; the
//! same clock serves limits in working days and in calendar days. Rules of counting: `crate::calendar`.
//! Source of the pause: Administrative Licensing Law 45 (time for what others must do is not counted).

use crate::calendar::{Limit, LimitUnit, WorkCalendar};
use jiff::civil::Date;

/// Days used and since when more are being used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    /// The day of acceptance; `None` = it has never run.
    pub accepted_on: Option<Date>,
    /// The day from which it runs now (that day is not counted); `None` = it stands still.
    pub since: Option<Date>,
    /// Working days used before `since`.
    pub used_working: u32,
    /// Calendar days used before `since`.
    pub used_calendar: u32,
}

/// Longest stretch that is counted day by day; beyond it the count stays at this.
const MOST_DAYS: u32 = 3660;

/// Days after `from` up to and with `to`; none when `to` is not later.
pub fn days_between(calendar: &WorkCalendar, from: Date, to: Date, unit: LimitUnit) -> u32 {
    let (mut day, mut count, mut seen) = (from, 0, 0);
    while day < to && seen < MOST_DAYS {
        let Ok(next) = day.tomorrow() else { break };
        day = next;
        seen += 1;
        if unit == LimitUnit::Calendar || calendar.is_working_day(day) {
            count += 1;
        }
    }
    count
}

impl Clock {
    /// Accepted, or taken up again: runs from today. A clock that runs already is left alone.
    pub fn run(&mut self, today: Date) {
        self.accepted_on.get_or_insert(today);
        self.since.get_or_insert(today);
    }

    /// The person must bring something: stands still from today on.
    pub fn pause(&mut self, today: Date, calendar: &WorkCalendar) {
        if let Some(since) = self.since.take() {
            self.used_working += days_between(calendar, since, today, LimitUnit::Working);
            self.used_calendar += days_between(calendar, since, today, LimitUnit::Calendar);
        }
    }

    /// The last day under a limit; `None` while the clock stands still.
    pub fn last_day(&self, limit: Limit, calendar: &WorkCalendar) -> Option<Date> {
        let since = self.since?;
        let used = match limit.unit {
            LimitUnit::Working => self.used_working,
            LimitUnit::Calendar => self.used_calendar,
        };
        match limit.days.checked_sub(used) {
            Some(left) => Some(calendar.due(since, Limit { days: left, unit: limit.unit })),
            None => Some(back(calendar, since, used - limit.days, limit.unit)),
        }
    }
}

/// The day `n` days before.
fn back(calendar: &WorkCalendar, from: Date, n: u32, unit: LimitUnit) -> Date {
    let (mut day, mut left) = (from, n);
    while left > 0 {
        if unit == LimitUnit::Calendar || calendar.is_working_day(day) {
            left -= 1;
        }
        let Ok(previous) = day.yesterday() else { break };
        day = previous;
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn it_starts_with_acceptance_and_stands_still_while_the_person_supplements() {
        let plain = WorkCalendar::default();
        let mut clock = Clock::default();
        let (working, calendar_days) = (Limit::working(20), Limit::calendar(60));
        assert_eq!(clock.last_day(working, &plain), None);
        clock.run(date(2026, 11, 20));
        assert_eq!(clock.last_day(working, &plain), Some(date(2026, 12, 18)));
        assert_eq!(clock.last_day(calendar_days, &plain), Some(date(2027, 1, 19)));
        clock.pause(date(2026, 11, 25), &plain);
        assert_eq!((clock.used_working, clock.used_calendar), (3, 5));
        assert_eq!(clock.last_day(working, &plain), None);
        clock.run(date(2026, 12, 9));
        assert_eq!(clock.accepted_on, Some(date(2026, 11, 20)));
        assert_eq!(clock.last_day(working, &plain), Some(date(2027, 1, 1)), "17 working days are left");
        assert_eq!(clock.last_day(calendar_days, &plain), Some(date(2027, 2, 2)));
    }

    #[test]
    fn accepting_again_gives_no_day_back_and_a_passed_day_stays_passed() {
        let plain = WorkCalendar::default();
        let mut clock = Clock::default();
        clock.run(date(2026, 11, 2));
        clock.run(date(2026, 11, 9));
        assert_eq!(clock.last_day(Limit::working(5), &plain), Some(date(2026, 11, 9)));
        clock.pause(date(2026, 11, 11), &plain);
        clock.run(date(2026, 11, 23));
        let last = clock.last_day(Limit::working(5), &plain);
        assert_eq!(last, Some(date(2026, 11, 19)), "two working days over, before and after the pause");
    }
}
