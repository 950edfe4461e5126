//! A deadline in words: colour group, pill text and day. Colour, words and day always go together.
//! Invariants: no clock of its own: the local moment comes in; a paused or ended case is never overdue.
//! Not here: which day is the last (`clock`).

use super::Status;
use super::clock::days_between;
use crate::calendar::{LimitUnit, WorkCalendar};
use jiff::civil::{Date, DateTime, Time, Weekday};
use serde::Serialize;

/// Groups of the queue, first to last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// 超期.
    Overdue,
    /// 今日到期.
    Today,
    /// 三个工作日内.
    Soon,
    /// 其余.
    Later,
    /// No day is set.
    None,
    /// 待补正: the clock stands still.
    Paused,
    /// Nothing more to do.
    Ended,
}

/// A deadline as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Deadline {
    /// Group and colour.
    pub group: Group,
    /// The pill's words (Chinese).
    pub words: String,
    /// The last day.
    pub on: Option<Date>,
}

/// What a deadline is made of.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    /// Where the case stands.
    pub status: Status,
    /// The last day of work; `None` = no limit, or the clock stands still.
    pub due_on: Option<Date>,
    /// The last day for a supplement.
    pub supplement_by: Option<Date>,
}

/// The deadline of a case at a local moment; `closing` is when the counter shuts.
pub fn deadline(days: Days, now: DateTime, closing: Time, calendar: &WorkCalendar) -> Deadline {
    let today = now.date();
    let made = |group, words: String, on| Deadline { group, words, on };
    if days.status.ended() {
        return made(Group::Ended, days.status.word().to_owned(), None);
    }
    if days.status == Status::Supplement {
        let words = match days.supplement_by {
            Some(by) if by < today => format!("待补正 · 已过 {}", short(by, today)),
            Some(_) | None => "待补正 · 计时暂停".to_owned(),
        };
        return made(Group::Paused, words, days.supplement_by);
    }
    let Some(due) = days.due_on else { return made(Group::None, "没有时限".to_owned(), None) };
    if due < today {
        let working = days_between(calendar, due, today, LimitUnit::Working);
        let words = if working > 0 {
            format!("超期 {working} 个工作日")
        } else {
            format!("超期 {} 天", days_between(calendar, due, today, LimitUnit::Calendar))
        };
        return made(Group::Overdue, words, Some(due));
    }
    if due == today {
        return made(Group::Today, today_words(now.time(), closing), Some(due));
    }
    let soon = days_between(calendar, today, due, LimitUnit::Working) <= 3;
    let words = format!("{} {}", short(due, today), weekday(due));
    made(if soon { Group::Soon } else { Group::Later }, words, Some(due))
}

fn today_words(now: Time, closing: Time) -> String {
    let minutes = |time: Time| i32::from(time.hour()) * 60 + i32::from(time.minute());
    let left = minutes(closing) - minutes(now);
    let closes = format!("{:02}:{:02}", closing.hour(), closing.minute());
    match left {
        ..=0 => format!("今日到期 · 已过 {closes}"),
        1..=59 => format!("今日 {closes} 前 · 剩 {left} 分"),
        60.. => format!("今日 {closes} 前 · 剩 {} 时 {} 分", left / 60, left % 60),
    }
}

/// `11-24`, with the year when it is another.
fn short(day: Date, today: Date) -> String {
    if day.year() == today.year() {
        format!("{:02}-{:02}", day.month(), day.day())
    } else {
        format!("{}-{:02}-{:02}", day.year(), day.month(), day.day())
    }
}

/// 周一 to 周日.
pub fn weekday(day: Date) -> &'static str {
    match day.weekday() {
        Weekday::Monday => "周一",
        Weekday::Tuesday => "周二",
        Weekday::Wednesday => "周三",
        Weekday::Thursday => "周四",
        Weekday::Friday => "周五",
        Weekday::Saturday => "周六",
        Weekday::Sunday => "周日",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn words_colour_and_day_go_together() {
        let plain = WorkCalendar::default();
        // A Friday, 13:50.
        let now = date(2026, 11, 20).at(13, 50, 0, 0);
        let closing = jiff::civil::time(17, 0, 0, 0);
        let at = |status, due_on, supplement_by| {
            let found = deadline(Days { status, due_on, supplement_by }, now, closing, &plain);
            (found.group, found.words)
        };
        let due = |day| at(Status::Accepted, Some(day), None);
        assert_eq!(due(date(2026, 11, 18)), (Group::Overdue, "超期 2 个工作日".to_owned()));
        assert_eq!(due(date(2026, 11, 20)), (Group::Today, "今日 17:00 前 · 剩 3 时 10 分".to_owned()));
        assert_eq!(due(date(2026, 11, 24)), (Group::Soon, "11-24 周二".to_owned()));
        assert_eq!(due(date(2026, 11, 25)), (Group::Soon, "11-25 周三".to_owned()));
        assert_eq!(due(date(2026, 11, 26)), (Group::Later, "11-26 周四".to_owned()));
        assert_eq!(due(date(2027, 1, 4)), (Group::Later, "2027-01-04 周一".to_owned()));
        assert_eq!(at(Status::Delivered, None, None), (Group::None, "没有时限".to_owned()));
        let back = |by| at(Status::Supplement, Some(date(2026, 11, 1)), Some(by));
        assert_eq!(back(date(2026, 12, 4)), (Group::Paused, "待补正 · 计时暂停".to_owned()));
        assert_eq!(back(date(2026, 11, 19)), (Group::Paused, "待补正 · 已过 11-19".to_owned()));
        assert_eq!(at(Status::Refused, Some(date(2026, 11, 1)), None), (Group::Ended, "不予受理".to_owned()));
    }

    #[test]
    fn a_weekend_after_the_day_counts_days_and_closing_time_is_said() {
        let plain = WorkCalendar::default();
        let closing = jiff::civil::time(17, 0, 0, 0);
        let days = Days { status: Status::Accepted, due_on: Some(date(2026, 11, 20)), supplement_by: None };
        let words = |now: DateTime| deadline(days, now, closing, &plain).words;
        assert_eq!(words(date(2026, 11, 21).at(9, 0, 0, 0)), "超期 1 天");
        assert_eq!(words(date(2026, 11, 20).at(16, 30, 0, 0)), "今日 17:00 前 · 剩 30 分");
        assert_eq!(words(date(2026, 11, 20).at(17, 0, 0, 0)), "今日到期 · 已过 17:00");
    }
}
