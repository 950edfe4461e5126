//! Opening hours of the counter: open now, until when, and when it opens next.
//! Invariants: no clock of its own, the local moment comes in; on a holiday it is shut; a weekend day that is worked
//! instead (调休) has the hours of a Monday unless it has its own. Not here: which words a screen or paper uses.

use crate::calendar::{Limit, WorkCalendar};
use jiff::civil::{Date, DateTime, Time, Weekday};
use serde::{Deserialize, Serialize};

/// One stretch of opening on some days of the week: `{ days = "mon-fri", from = "08:30", until = "17:00" }`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// Days of the week.
    pub days: Days,
    /// Opens.
    pub from: Time,
    /// Shuts.
    pub until: Time,
}

/// Days of the week, written `mon-fri`, `sat` or `mon,wed-fri`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Days(Vec<Weekday>);

/// A text that names no days.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names no days: write e.g. mon-fri, or sat, or mon,wed-fri")]
pub struct UnreadableDays(String);

const WEEK: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

impl TryFrom<String> for Days {
    type Error = UnreadableDays;

    fn try_from(text: String) -> Result<Self, UnreadableDays> {
        let place = |word: &str| WEEK.iter().position(|(name, _)| *name == word.trim());
        let mut found = Vec::new();
        for part in text.split(',') {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (Some(first), Some(last)) = (place(first), place(last)) else { return Err(UnreadableDays(text)) };
            let Some(stretch) = WEEK.get(first..=last).filter(|days| !days.is_empty()) else {
                return Err(UnreadableDays(text));
            };
            found.extend(stretch.iter().map(|(_, day)| *day));
        }
        Ok(Self(found))
    }
}

impl From<Days> for String {
    fn from(days: Days) -> Self {
        let name = |day: &Weekday| WEEK.iter().find(|(_, own)| own == day).map_or("", |(name, _)| *name);
        days.0.iter().map(name).collect::<Vec<_>>().join(",")
    }
}

/// All stretches; an empty list is always shut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hours(Vec<Shift>);

impl Default for Hours {
    /// Monday to Friday, 08:30 to 17:00.
    fn default() -> Self {
        let days = Days(WEEK.iter().take(5).map(|(_, day)| *day).collect());
        Self(vec![Shift { days, from: jiff::civil::time(8, 30, 0, 0), until: jiff::civil::time(17, 0, 0, 0) }])
    }
}

/// How the counter stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Open, and shuts at this moment.
    Open {
        /// Shuts.
        until: DateTime,
    },
    /// Shut, and opens at this moment.
    Shut {
        /// Opens; `None` when no opening is known within a year.
        opens: Option<DateTime>,
    },
}

/// Longest look ahead for an opening: more than any holiday.
const LOOK_AHEAD: usize = 366;

impl Hours {
    /// These stretches.
    pub fn new(shifts: impl IntoIterator<Item = Shift>) -> Self {
        Self(shifts.into_iter().collect())
    }

    /// The stretches.
    pub fn shifts(&self) -> &[Shift] {
        &self.0
    }

    /// The stretches of one day, first to last.
    fn of(&self, day: Date, calendar: &WorkCalendar) -> Vec<(Time, Time)> {
        if calendar.is_holiday(day) {
            return Vec::new();
        }
        let on = |weekday: Weekday| -> Vec<(Time, Time)> {
            let own = self.0.iter().filter(|shift| shift.days.0.contains(&weekday));
            own.map(|shift| (shift.from, shift.until)).collect()
        };
        let mut found = on(day.weekday());
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        if found.is_empty() && weekend && calendar.is_working_day(day) {
            found = on(Weekday::Monday);
        }
        found.sort();
        found
    }

    /// How the counter stands at a local moment.
    pub fn standing(&self, now: DateTime, calendar: &WorkCalendar) -> Standing {
        let today = self.of(now.date(), calendar);
        if let Some((_, until)) = today.iter().find(|(from, until)| (*from..*until).contains(&now.time())) {
            return Standing::Open { until: now.date().to_datetime(*until) };
        }
        let mut day = now.date();
        for ahead in 0..LOOK_AHEAD {
            let opens = self.of(day, calendar).into_iter().find(|(from, _)| ahead > 0 || *from > now.time());
            if let Some((from, _)) = opens {
                return Standing::Shut { opens: Some(day.to_datetime(from)) };
            }
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        Standing::Shut { opens: None }
    }

    /// The day on which a number drawn now is called: today while the counter opens today, else the next open day.
    pub fn good_on(&self, now: DateTime, calendar: &WorkCalendar) -> Date {
        match self.standing(now, calendar) {
            Standing::Open { .. } | Standing::Shut { opens: None } => now.date(),
            Standing::Shut { opens: Some(opens) } => opens.date(),
        }
    }

    /// The last day of a promised limit for something that arrives now. What is promised for the same day and arrives on a
    /// day off or after the last hour is promised for the next open day: nobody is sent to a closed door.
    pub fn promised(&self, now: DateTime, limit: Limit, calendar: &WorkCalendar) -> Date {
        if limit.days == 0 { self.good_on(now, calendar) } else { calendar.due(now.date(), limit) }
    }

    /// How the counter stands, in Chinese.
    pub fn words(&self, now: DateTime, calendar: &WorkCalendar) -> String {
        let clock = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
        match self.standing(now, calendar) {
            Standing::Open { until } => format!("正在办理，今天 {} 关门", clock(until.time())),
            Standing::Shut { opens: Some(opens) } if opens.date() == now.date() => {
                format!("今天 {} 开门", clock(opens.time()))
            }
            Standing::Shut { opens: Some(opens) } => {
                let day = opens.date();
                let weekday = crate::case::deadline::weekday(day);
                format!("已下班，{} 月 {} 日（{weekday}）{} 开门", day.month(), day.day(), clock(opens.time()))
            }
            Standing::Shut { opens: None } => "暂不开门，请打电话询问".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, datetime};

    fn shift(days: &str, from: i8, until: i8) -> Shift {
        let hour = |hour| jiff::civil::time(hour, 0, 0, 0);
        Shift { days: Days::try_from(days.to_owned()).unwrap(), from: hour(from), until: hour(until) }
    }

    fn at(day: i8, hour: i8, minute: i8) -> DateTime {
        datetime(2026, 11, day, hour, minute, 0, 0)
    }

    #[test]
    fn open_from_the_first_minute_to_before_the_last() {
        // 2026-11-20 is a Friday.
        let (hours, plain) = (Hours::new([shift("mon-fri", 9, 12), shift("mon-fri", 13, 17)]), WorkCalendar::default());
        for (now, expected) in [
            (at(20, 8, 59), Standing::Shut { opens: Some(at(20, 9, 0)) }),
            (at(20, 9, 0), Standing::Open { until: at(20, 12, 0) }),
            (at(20, 11, 59), Standing::Open { until: at(20, 12, 0) }),
            (at(20, 12, 0), Standing::Shut { opens: Some(at(20, 13, 0)) }),
            (at(20, 17, 0), Standing::Shut { opens: Some(at(23, 9, 0)) }),
            (at(22, 12, 0), Standing::Shut { opens: Some(at(23, 9, 0)) }),
        ] {
            assert_eq!(hours.standing(now, &plain), expected, "{now}");
        }
        assert_eq!(hours.good_on(at(20, 12, 30), &plain), date(2026, 11, 20));
        assert_eq!(hours.good_on(at(20, 17, 0), &plain), date(2026, 11, 23));
        assert_eq!(Hours::new([]).standing(at(20, 9, 0), &plain), Standing::Shut { opens: None });
    }

    #[test]
    fn the_same_day_is_promised_only_while_the_counter_opens_that_day() {
        let (hours, plain) = (Hours::default(), WorkCalendar::default());
        // Friday before and within hours, Friday evening, Sunday.
        for (now, due) in [(at(20, 8, 0), 20), (at(20, 16, 59), 20), (at(20, 17, 0), 23), (at(22, 10, 0), 23)] {
            assert_eq!(hours.promised(now, Limit::working(0), &plain), date(2026, 11, due), "{now}");
            assert_eq!(hours.promised(now, Limit::calendar(0), &plain), date(2026, 11, due), "{now}");
        }
        assert_eq!(hours.promised(at(22, 10, 0), Limit::working(1), &plain), date(2026, 11, 23));
    }

    #[test]
    fn holidays_shut_and_worked_weekends_open() {
        let hours = Hours::new([shift("mon-sat", 9, 17)]);
        let calendar = WorkCalendar::new([date(2026, 11, 23), date(2026, 11, 21)], [date(2026, 11, 22)]);
        assert_eq!(hours.standing(at(21, 10, 0), &calendar), Standing::Shut { opens: Some(at(22, 9, 0)) });
        assert_eq!(hours.standing(at(22, 10, 0), &calendar), Standing::Open { until: at(22, 17, 0) });
        assert_eq!(hours.standing(at(22, 17, 0), &calendar), Standing::Shut { opens: Some(at(24, 9, 0)) });
    }

    #[test]
    fn days_are_read_as_written_and_words_say_when() {
        for wrong in ["", "mon-", "fri-mon", "monday", "1"] {
            assert!(Days::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
        let days = Days::try_from("mon,wed-fri".to_owned()).unwrap();
        assert_eq!(String::from(days), "mon,wed,thu,fri");
        let (hours, plain) = (Hours::default(), WorkCalendar::default());
        assert_eq!(hours.words(at(20, 10, 0), &plain), "正在办理，今天 17:00 关门");
        assert_eq!(hours.words(at(20, 8, 0), &plain), "今天 08:30 开门");
        assert_eq!(hours.words(at(22, 8, 0), &plain), "已下班，11 月 23 日（周一）08:30 开门");
    }
}
