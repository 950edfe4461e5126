//! Windows and limits of single matters, counted in days, months or times (facts: residence permit regulation, exit and
//! entry law, vehicle registration rules, criminal-record rule of 2021).
//! Invariants: the day of the event is not counted; the last day is in time.
//! Deliberately not here: what an item does with a late report. Most accept it with a note; that is the item's choice.

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, ToSpan};

use crate::calendar::{Limit, WorkCalendar};

/// Whether something came in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timeliness {
    /// On or before the last day.
    InTime,
    /// After it.
    Late,
}

fn by(last: Date, on: Date) -> Timeliness {
    if on <= last { Timeliness::InTime } else { Timeliness::Late }
}

/// Tenants are registered within 3 working days.
pub fn tenant_registration(moved_in: Date, on: Date, calendar: &WorkCalendar) -> Timeliness {
    by(calendar.due(moved_in, Limit::working(3)), on)
}

/// A changed registration is reported within 10 days. Also dogs: from first vaccination proof or change.
pub fn registration_change(changed: Date, on: Date) -> Timeliness {
    by(changed.saturating_add(10.days()), on)
}

/// Lodging of foreigners is reported within 24 hours of check-in; a late report is still accepted.
pub fn foreigner_lodging(check_in: DateTime, at: DateTime) -> Timeliness {
    let late = at.duration_since(check_in) > SignedDuration::from_hours(24);
    if late { Timeliness::Late } else { Timeliness::InTime }
}

/// Births and, in the country, deaths are registered within one month.
pub fn birth_or_death(event: Date, on: Date) -> Timeliness {
    by(event.saturating_add(1.month()), on)
}

/// A vehicle is transferred within 30 days of delivery.
pub fn vehicle_transfer(delivered: Date, on: Date) -> Timeliness {
    by(delivered.saturating_add(30.days()), on)
}

/// Review of an accident finding: within 3 working days from service.
pub fn accident_review(served: Date, on: Date, calendar: &WorkCalendar) -> Timeliness {
    by(calendar.due(served, Limit::working(3)), on)
}

/// True when an inspection mark may be applied for: within 3 months before expiry, the last day included.
pub fn inspection_mark_open(expiry: Date, on: Date) -> bool {
    expiry.saturating_sub(3.months()) <= on && on <= expiry
}

/// True when one more temporary plate of `days` may be given after `given_before`: 30 days, three times at most.
pub fn temporary_plate_allowed(given_before: u8, days: u8) -> bool {
    given_before < 3 && days <= 30
}

/// What a change of plates between two own vehicles depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlateSwap {
    /// Swaps already made in this year.
    pub swaps_this_year: u8,
    /// Both vehicles are registered at one office.
    pub same_office: bool,
    /// Both vehicles are of one kind.
    pub same_kind: bool,
    /// One of them is commercial.
    pub commercial: bool,
}

impl PlateSwap {
    /// True when the plates may change places.
    pub fn is_allowed(self) -> bool {
        self.swaps_this_year == 0 && self.same_office && self.same_kind && !self.commercial
    }
}

/// Place of a day in relation to the yearly endorsement of a residence permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endorsement {
    /// More than one month before the full year.
    TooEarly,
    /// Within one month before the full year, both ends included.
    Open,
    /// Past the full year: use is suspended, the years start again.
    Suspended,
}

/// Judges `on` for a permit issued on `issued` and endorsed `endorsed_years` times since.
pub fn residence_endorsement(issued: Date, endorsed_years: u8, on: Date) -> Endorsement {
    let full_year = issued.saturating_add((i16::from(endorsed_years) + 1).years());
    if on > full_year {
        Endorsement::Suspended
    } else if on >= full_year.saturating_sub(1.month()) {
        Endorsement::Open
    } else {
        Endorsement::TooEarly
    }
}

/// True when a first residence permit may be issued: half a year lived here, and job, home or school.
pub fn first_residence_permit(lived_since: Date, has_job_home_or_school: bool, on: Date) -> bool {
    has_job_home_or_school && lived_since.saturating_add(6.months()) <= on
}

/// Last day of a temporary ID card: three months from issue.
pub fn temporary_id_expiry(issued: Date) -> Date {
    issued.saturating_add(3.months())
}

/// True when a temporary ID card may be issued: an ID case is pending, and a minor (under 16) comes with a guardian.
pub fn temporary_id_allowed(has_pending_id_case: bool, age: u8, with_guardian: bool) -> bool {
    has_pending_id_case && (!super::age::guardian_applies_for_id(age) || with_guardian)
}

/// True when a criminal-record query needs purpose papers at the counter: from the third within a year on.
pub fn record_query_needs_purpose(queries_before_in_year: u8) -> bool {
    queries_before_in_year >= 2
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::Timeliness::{InTime, Late};
    use super::*;

    #[test]
    fn endorsement_within_one_month_before_each_full_year() {
        use Endorsement::{Open, Suspended, TooEarly};
        let issued = date(2025, 12, 10);
        for (on, state) in [
            (date(2026, 11, 9), TooEarly),
            (date(2026, 11, 10), Open),
            (date(2026, 12, 10), Open),
            (date(2026, 12, 11), Suspended),
        ] {
            assert_eq!(residence_endorsement(issued, 0, on), state, "{on}");
        }
        let issued = date(2024, 3, 31);
        assert_eq!(residence_endorsement(issued, 2, date(2027, 2, 27)), TooEarly);
        assert_eq!(residence_endorsement(issued, 2, date(2027, 2, 28)), Open);
    }

    #[test]
    fn reports_in_days() {
        let calendar = WorkCalendar::default();
        let friday = date(2026, 11, 20);
        assert_eq!(tenant_registration(friday, date(2026, 11, 25), &calendar), InTime);
        assert_eq!(tenant_registration(friday, date(2026, 11, 26), &calendar), Late);
        assert_eq!(accident_review(friday, date(2026, 11, 25), &calendar), InTime);
        assert_eq!(accident_review(friday, date(2026, 11, 26), &calendar), Late);
        assert_eq!(registration_change(friday, date(2026, 11, 30)), InTime);
        assert_eq!(registration_change(friday, date(2026, 12, 1)), Late);
        assert_eq!(birth_or_death(friday, date(2026, 12, 20)), InTime);
        assert_eq!(birth_or_death(friday, date(2026, 12, 21)), Late);
        assert_eq!(vehicle_transfer(friday, date(2026, 12, 20)), InTime);
        assert_eq!(vehicle_transfer(friday, date(2026, 12, 21)), Late);
        let check_in = friday.at(15, 0, 0, 0);
        assert_eq!(foreigner_lodging(check_in, date(2026, 11, 21).at(15, 0, 0, 0)), InTime);
        assert_eq!(foreigner_lodging(check_in, date(2026, 11, 21).at(16, 0, 0, 0)), Late);
    }

    #[test]
    fn first_residence_permit_after_half_a_year() {
        let on = date(2026, 11, 22);
        assert!(first_residence_permit(date(2026, 5, 22), true, on));
        assert!(!first_residence_permit(date(2026, 6, 22), true, on), "five months");
        assert!(!first_residence_permit(date(2026, 5, 22), false, on), "no condition");
    }

    #[test]
    fn vehicles() {
        assert!(inspection_mark_open(date(2027, 2, 22), date(2026, 11, 22)));
        assert!(!inspection_mark_open(date(2027, 2, 23), date(2026, 11, 22)));
        assert!(temporary_plate_allowed(2, 30));
        assert!(!temporary_plate_allowed(3, 30));
        assert!(!temporary_plate_allowed(0, 31));
        let swap = PlateSwap { swaps_this_year: 0, same_office: true, same_kind: true, commercial: false };
        assert!(swap.is_allowed());
        assert!(!PlateSwap { swaps_this_year: 1, ..swap }.is_allowed());
        assert!(!PlateSwap { same_office: false, ..swap }.is_allowed());
        assert!(!PlateSwap { same_kind: false, ..swap }.is_allowed());
        assert!(!PlateSwap { commercial: true, ..swap }.is_allowed());
    }

    #[test]
    fn temporary_id_and_record_queries() {
        assert_eq!(temporary_id_expiry(date(2026, 11, 30)), date(2027, 2, 28));
        assert!(temporary_id_allowed(true, 40, false));
        assert!(!temporary_id_allowed(false, 40, false));
        assert!(temporary_id_allowed(true, 12, true));
        assert!(!temporary_id_allowed(true, 12, false));
        assert_eq!([0, 1, 2, 3].map(record_query_needs_purpose), [false, false, true, true]);
    }
}
