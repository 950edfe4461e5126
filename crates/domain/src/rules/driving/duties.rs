//! Dates and limits of licence holders (order 162, articles 66, 69, 74, 75, 81, 85, 87 and 105).
//! Invariant: the day of the event is not counted; the last day is in time.
//! Deliberately not here: reminders, which the office sends.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Last day to report a changed name or number (article 66), address or phone (article 81): 30 days.
pub fn change_report_due(changed: Date) -> Date {
    changed.saturating_add(30.days())
}

/// True while a proof of body conditions may be used: six months from its day (article 85).
pub fn body_proof_valid(signed: Date, on: Date) -> bool {
    signed <= on && on <= signed.saturating_add(6.months())
}

/// Last day to hand in the proof of body conditions after a scoring period's end (article 74): 30 days. Holders over
/// 70 owe it yearly, holders of C5 each third year.
pub fn body_proof_due(scoring_period_end: Date) -> Date {
    scoring_period_end.saturating_add(30.days())
}

/// Last day that a deferral may reach: three years, with no driving meanwhile (article 75).
pub fn deferral_limit(due: Date) -> Date {
    due.saturating_add(3.years())
}

/// Ages of school-bus drivers. The upper bound is set by configuration, as the texts disagree (60 or 63).
pub fn school_bus_age_fits(age: u8, oldest: u8) -> bool {
    (25..=oldest).contains(&age)
}

/// What a holder may want from the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LicenceMatter {
    /// First application.
    FirstApply,
    /// Adding a class.
    AddClass,
    /// Renewal on expiry.
    Renew,
    /// Replacement of a lost or damaged licence.
    Replace,
    /// Handing in the proof of body conditions.
    SubmitMedical,
    /// Handing in the yearly inspection.
    SubmitInspection,
    /// Deferral.
    Defer,
    /// Cancellation.
    Cancel,
}

/// True where an agent may act (article 105).
pub fn agent_may(matter: LicenceMatter) -> bool {
    match matter {
        LicenceMatter::Renew | LicenceMatter::Replace | LicenceMatter::SubmitMedical => true,
        LicenceMatter::SubmitInspection | LicenceMatter::Defer | LicenceMatter::Cancel => true,
        LicenceMatter::FirstApply | LicenceMatter::AddClass => false,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn dates_of_holders() {
        assert_eq!(change_report_due(date(2026, 11, 22)), date(2026, 12, 22));
        assert_eq!(body_proof_due(date(2026, 11, 22)), date(2026, 12, 22));
        assert_eq!(deferral_limit(date(2026, 11, 22)), date(2029, 11, 22));
        assert!(body_proof_valid(date(2026, 5, 22), date(2026, 11, 22)));
        assert!(!body_proof_valid(date(2026, 5, 21), date(2026, 11, 22)));
        assert!(!body_proof_valid(date(2026, 11, 23), date(2026, 11, 22)));
    }

    #[test]
    fn school_bus_drivers() {
        assert_eq!([24, 25, 60, 61].map(|age| school_bus_age_fits(age, 60)), [false, true, true, false]);
        assert!(school_bus_age_fits(63, 63));
    }

    #[test]
    fn agents_do_six_matters_and_no_other() {
        use LicenceMatter::{AddClass, Cancel, Defer, FirstApply, Renew, Replace, SubmitInspection, SubmitMedical};
        for matter in [Renew, Replace, SubmitMedical, SubmitInspection, Defer, Cancel] {
            assert!(agent_may(matter), "{matter:?}");
        }
        for matter in [FirstApply, AddClass] {
            assert!(!agent_may(matter), "{matter:?}");
        }
    }
}
