//! Whether clock and rule are sure enough to end anything for good.
//! Invariants: a wall clock that is more than two days from the last moment that was sure, ahead or back, ends nothing until a
//! person has looked (`retention.confirmed_on`); nor does a rule that keeps cases for a shorter time than the one that was
//! followed so far, or that nobody has followed yet over cases that are here already.
//! Not here: what ends (`super::retention`, `crate::retention`).

use super::StoreError;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use rusqlite::{Connection, OptionalExtension as _, params};

/// Days that a clock may be from the last sure moment, and that a person's word holds.
const SURE_DAYS: i64 = 2;
/// The sure moment is written this often.
const WRITTEN_EACH: SignedDuration = SignedDuration::from_hours(1);

/// The bureau's rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Days after closing.
    pub days: u32,
    /// Cases erased within a day, at most.
    pub most_per_day: u32,
    /// The day on which a person last looked at clock and rule.
    pub confirmed_on: Option<Date>,
}

/// What may end now. Only [`look`] makes one.
#[derive(Clone, Copy, Debug)]
pub struct Permit {
    now: Timestamp,
    clock: bool,
    rule: Option<Rule>,
}

impl Permit {
    /// The moment it was given for.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Whether the clock is sure: only then anything ends because time has passed.
    pub const fn clock_is_sure(&self) -> bool {
        self.clock
    }

    /// The rule by which closed cases end; `None` while it, or the clock, is not sure.
    pub const fn rule(&self) -> Option<Rule> {
        self.rule
    }
}

/// Looks at clock and rule, and notes the moment when they are sure. Inside the caller's job.
///
/// # Errors
/// The store's.
pub fn look(connection: &Connection, rule: Rule, now: Timestamp) -> Result<Permit, StoreError> {
    let kept: Option<(i64, Option<u32>)> = connection
        .prepare_cached("SELECT at, days FROM retention_clock")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let known = match kept {
        Some((at, days)) => Some((super::instant(at), days)),
        // A new office: there is nothing yet that a wrong clock could end.
        None if is_new(connection, now)? => Some((now, Some(rule.days))),
        None => None,
    };
    let confirmed = rule.confirmed_on.is_some_and(|on| {
        let today = crate::office::china_day(now);
        on <= today && on.checked_add(SURE_DAYS.days()).is_ok_and(|last| today <= last)
    });
    let near = |at: Timestamp| now.duration_since(at).abs() <= SignedDuration::from_hours(24 * SURE_DAYS);
    if !confirmed && !known.is_some_and(|(at, _)| near(at)) {
        return Ok(Permit { now, clock: false, rule: None });
    }
    let followed = known.and_then(|(_, days)| days);
    let agreed = confirmed || followed.is_some_and(|followed| followed <= rule.days);
    let days = if agreed { Some(rule.days) } else { followed };
    let fresh =
        kept.is_some_and(|(at, kept)| kept == days && now.duration_since(super::instant(at)).abs() < WRITTEN_EACH);
    if !fresh {
        connection.prepare_cached("DELETE FROM retention_clock")?.execute([])?;
        connection
            .prepare_cached("INSERT INTO retention_clock (at, days) VALUES ($1, $2)")?
            .execute(params![now.as_millisecond(), days])?;
    }
    Ok(Permit { now, clock: true, rule: agreed.then_some(rule) })
}

/// Nothing here is older than a sure clock may be wrong.
fn is_new(connection: &Connection, now: Timestamp) -> Result<bool, StoreError> {
    let near = SignedDuration::from_hours(24 * SURE_DAYS).as_millis();
    let now = now.as_millisecond();
    let others: bool = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM submission WHERE ABS(received_at - $1) > $2)")?
        .query_row(params![now, i64::try_from(near).unwrap_or(i64::MAX)], |row| row.get(0))?;
    Ok(!others)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * day)
    }

    fn asked(connection: &Connection, days: u32, day: i64, confirmed: Option<i64>) -> (bool, bool) {
        let confirmed_on = confirmed.map(|day| crate::office::china_day(at(day)));
        let permit = look(connection, Rule { days, most_per_day: 1, confirmed_on }, at(day)).unwrap();
        (permit.clock_is_sure(), permit.rule().is_some())
    }

    #[test]
    fn a_jump_of_the_clock_or_a_shorter_rule_waits_for_a_person() {
        let connection = crate::store::in_memory().unwrap();
        assert_eq!(asked(&connection, 100, 10, None), (true, true), "a new office");
        assert_eq!(asked(&connection, 100, 12, None), (true, true));
        for day in [9, 15, 1000] {
            assert_eq!(asked(&connection, 100, day, None), (false, false), "{day}");
            assert_eq!(asked(&connection, 100, day, Some(day + 1)), (false, false), "a day that is still to come");
            assert_eq!(asked(&connection, 100, day, Some(day - 3)), (false, false), "a word of long ago");
        }
        assert_eq!(asked(&connection, 100, 15, Some(14)), (true, true), "somebody has looked");
        assert_eq!(asked(&connection, 99, 16, None), (true, false), "cases would end earlier than before");
        assert_eq!(asked(&connection, 120, 17, None), (true, true));
        assert_eq!(asked(&connection, 100, 17, None), (true, false));
        assert_eq!(asked(&connection, 100, 17, Some(17)), (true, true));
        assert_eq!(asked(&connection, 100, 18, None), (true, true), "once is enough");
    }

    #[test]
    fn an_office_of_before_ends_no_case_by_a_rule_that_nobody_confirmed() {
        let connection = crate::store::in_memory().unwrap();
        connection.execute("INSERT INTO retention_clock (at, days) VALUES (0, NULL)", []).unwrap();
        assert_eq!(asked(&connection, 100, 1, None), (true, false));
        assert_eq!(asked(&connection, 100, 2, Some(2)), (true, true));
    }
}
