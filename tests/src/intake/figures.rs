//! Times of single acts, and what is told of them: rate, percentiles, medians over rounds.

use serde_json::{Value, json};
use std::time::Duration;

/// One round of one party.
#[derive(Debug, Clone, Copy)]
pub struct Round {
    /// Acts that were durable when they were answered, each second.
    pub per_s: f64,
    /// Half were faster.
    pub p50_ms: f64,
    /// All but one in a hundred were faster.
    pub p99_ms: f64,
    /// How many.
    pub count: usize,
}

impl Round {
    /// From the time that each act took, and the time of all together.
    pub fn of(mut each: Vec<Duration>, whole: Duration) -> Self {
        each.sort_unstable();
        let at = |share: f64| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length")]
            let place = (each.len() as f64 * share) as usize;
            each.get(place.min(each.len().saturating_sub(1))).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
        };
        let per_s = each.len() as f64 / whole.as_secs_f64();
        Self { per_s, p50_ms: at(0.5), p99_ms: at(0.99), count: each.len() }
    }
}

/// The middle one; of an even number the lower of the two.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(0.0)
}

/// One decimal.
pub fn rounded(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// Median, least and most over rounds.
pub fn told(rounds: &[Round]) -> Value {
    let of = |pick: fn(&Round) -> f64| rounds.iter().map(pick).collect::<Vec<_>>();
    let per_s = of(|round| round.per_s);
    let bound = |pick: fn(f64, f64) -> f64, from| rounded(per_s.iter().copied().fold(from, pick));
    json!({
        "per_s": rounded(median(per_s.clone())),
        "min": bound(f64::min, f64::INFINITY),
        "max": bound(f64::max, 0.0),
        "p50_ms": rounded(median(of(|round| round.p50_ms))),
        "p99_ms": rounded(median(of(|round| round.p99_ms))),
        "count": rounds.iter().map(|round| round.count).sum::<usize>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_and_medians_are_values_that_were_measured() {
        let each: Vec<Duration> = (1..=100).rev().map(Duration::from_millis).collect();
        let round = Round::of(each, Duration::from_secs(2));
        assert_eq!((round.per_s, round.p50_ms, round.p99_ms), (50.0, 51.0, 100.0));
        assert_eq!((median(vec![3.0, 1.0, 2.0]), median(vec![4.0, 1.0])), (2.0, 1.0));
        assert_eq!(told(&[round, round])["count"], 200);
    }
}
