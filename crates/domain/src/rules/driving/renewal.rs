//! Renewal window and terms of a driving licence (order 162, articles 62, 63 and 79).
//! Deliberately not here: the subject-1 test that restores a cancelled licence; the counter does that.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Days before expiry from which a licence may be renewed (article 63).
const WINDOW_DAYS: i64 = 90;

/// Where a day lies in relation to a licence's expiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenewalState {
    /// More than 90 days before expiry.
    TooEarly {
        /// Days until expiry.
        days_left: i64,
    },
    /// Within 90 days before expiry, the last day included.
    InWindow {
        /// Days until expiry.
        days_left: i64,
    },
    /// Expired for less than a year: renew, and tell the holder not to drive.
    ExpiredRenewable,
    /// One year past expiry is reached: the licence is cancelled, the counter decides.
    Counter,
}

/// Where `on` lies in relation to `expiry`, the last day of validity.
pub fn renewal_window(expiry: Date, on: Date) -> RenewalState {
    let days_left = expiry.duration_since(on).as_hours() / 24;
    if days_left > WINDOW_DAYS {
        RenewalState::TooEarly { days_left }
    } else if days_left >= 0 {
        RenewalState::InWindow { days_left }
    } else if on < expiry.saturating_add(1.year()) {
        RenewalState::ExpiredRenewable
    } else {
        RenewalState::Counter
    }
}

/// Term of a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LicenceTerm {
    /// Six years.
    SixYears,
    /// Ten years.
    TenYears,
    /// 长期.
    LongTerm,
}

/// The term after renewal: one step up the ladder when no scoring period of the term reached twelve points (article
/// 62), else the same term again.
pub fn next_term(current: LicenceTerm, twelve_points_in_term: bool) -> LicenceTerm {
    match current {
        LicenceTerm::SixYears if !twelve_points_in_term => LicenceTerm::TenYears,
        LicenceTerm::TenYears if !twelve_points_in_term => LicenceTerm::LongTerm,
        LicenceTerm::SixYears | LicenceTerm::TenYears | LicenceTerm::LongTerm => current,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn window_around_2027_02_20() {
        let expiry = date(2027, 2, 20);
        for (on, state) in [
            (date(2026, 11, 21), RenewalState::TooEarly { days_left: 91 }),
            (date(2026, 11, 22), RenewalState::InWindow { days_left: 90 }),
            (date(2027, 2, 20), RenewalState::InWindow { days_left: 0 }),
            (date(2027, 2, 21), RenewalState::ExpiredRenewable),
            (date(2028, 2, 19), RenewalState::ExpiredRenewable),
            (date(2028, 2, 20), RenewalState::Counter),
        ] {
            assert_eq!(renewal_window(expiry, on), state, "{on}");
        }
    }

    #[test]
    fn the_ladder_climbs_only_without_twelve_points() {
        use LicenceTerm::{LongTerm, SixYears, TenYears};
        for (current, twelve, next) in [
            (SixYears, false, TenYears),
            (TenYears, false, LongTerm),
            (SixYears, true, SixYears),
            (TenYears, true, TenYears),
            (LongTerm, true, LongTerm),
        ] {
            assert_eq!(next_term(current, twelve), next);
        }
    }
}
