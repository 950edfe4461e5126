//! Volumes of a period beside those of a year before: base, delta, percent, as every station reports them.
//! Invariants: whole numbers throughout; a percent is rounded once, half away from zero, to two decimals, and says so;
//! without a base there is no percent. Not here: which cases count and which days a period has.

use serde::{Serialize, Serializer};

/// How [`Percent`] is rounded, for the foot of a report.
pub const ROUNDING_ZH: &str = "百分比 = 增减量 ÷ 上年同期 × 100，四舍五入到两位小数；上年同期为 0 时不计百分比";
/// The same in English.
pub const ROUNDING_EN: &str =
    "percent = delta / base x 100, rounded to two decimals, half away from zero; none without a base";

/// A count of this period and that of the same period a year before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Volume {
    /// Items in this period.
    pub count: u64,
    /// Items in the same period of the year before.
    pub base: u64,
}

impl Volume {
    /// From a count and its difference to the year before; `None` when the base would lie below zero.
    pub fn from_delta(count: u64, delta: i64) -> Option<Self> {
        let base = i128::from(count) - i128::from(delta);
        Some(Self { count, base: u64::try_from(base).ok()? })
    }

    /// More (or fewer) than the year before.
    pub fn delta(self) -> i128 {
        i128::from(self.count) - i128::from(self.base)
    }

    /// The delta in percent of the base; `None` without a base.
    pub fn percent(self) -> Option<Percent> {
        let base = i128::from(self.base);
        if base == 0 {
            return None;
        }
        // Twice the hundredths of a percent, cut towards zero: adding one and halving rounds half away from zero, because
        // what was cut off lies beyond the half that the doubling keeps.
        let doubled = self.delta() * 20_000 / base;
        let rounded = (doubled.abs() + 1) / 2;
        Some(Percent(rounded * doubled.signum()))
    }
}

/// A percentage in hundredths, rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percent(i128);

impl std::fmt::Display for Percent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", size / 100, size % 100)
    }
}

impl Serialize for Percent {
    /// As a JSON number with at most two decimals.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Exact enough: a report's percentages lie far below 2^53 hundredths.
        self.to_string().parse::<f64>().map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(count: u64, delta: i64) -> String {
        Volume::from_delta(count, delta).unwrap().percent().unwrap().to_string()
    }

    #[test]
    fn published_figures_come_out_as_published() {
        assert_eq!(Volume::from_delta(7985, 2765).unwrap().base, 5220);
        assert_eq!(percent(7985, 2765), "52.97");
        assert_eq!(Volume::from_delta(2139, 1352).unwrap().base, 787);
        assert_eq!(percent(2139, 1352), "171.79");
    }

    #[test]
    fn half_goes_away_from_zero_and_less_than_half_does_not() {
        // 1/800 = 0.125 % and 0.12 5 hundredths: exactly half of a hundredth.
        assert_eq!(percent(801, 1), "0.13");
        assert_eq!(percent(799, -1), "-0.13");
        // 1/801 = 0.12484… %.
        assert_eq!(percent(802, 1), "0.12");
        // 0.005 % exactly, and just below it.
        assert_eq!(percent(20_001, 1), "0.01");
        assert_eq!(percent(20_002, 1), "0.00");
        assert_eq!(percent(0, -5), "-100.00");
        assert_eq!(percent(5, 0), "0.00");
    }

    #[test]
    fn no_base_no_percent_and_no_base_below_zero() {
        assert_eq!(Volume { count: 9, base: 0 }.percent(), None);
        assert_eq!(Volume::from_delta(3, 4), None);
        let large = Volume { count: u64::MAX, base: 1 };
        assert!(large.percent().unwrap().to_string().ends_with(".00"));
    }
}
