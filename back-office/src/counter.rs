//! The counter: its window and hours, for papers, screens and the wall.
//! Invariant: hours count by the station's local clock (UTC+8) and the office's calendar. Not here: tickets
//! (`store::tickets`).

use crate::office::{Office, china_time};
use domain::hours::{Hours, Standing};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use wire::outcome::{CounterHours, Outcome};

/// `[counter]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CounterConfig {
    /// Opening hours: `hours = [{ days = "mon-fri", from = "08:30", until = "17:00" }]`.
    pub hours: Hours,
    /// Where residents wait and are served, as the signs in the hall say it.
    pub window: String,
}

impl Default for CounterConfig {
    fn default() -> Self {
        Self { hours: Hours::default(), window: "综合窗口".to_owned() }
    }
}

/// Open now?
pub fn is_open(office: &Office, now: Timestamp) -> bool {
    matches!(standing(office, now), Standing::Open { .. })
}

/// How the counter stands, in words.
pub fn words(office: &Office, now: Timestamp) -> String {
    let config = &office.loaded.config;
    config.counter.hours.words(china_time(now), &config.calendar)
}

/// The day on which a number drawn now is called.
pub fn good_on(office: &Office, now: Timestamp) -> Date {
    let config = &office.loaded.config;
    config.counter.hours.good_on(china_time(now), &config.calendar)
}

fn standing(office: &Office, now: Timestamp) -> Standing {
    let config = &office.loaded.config;
    config.counter.hours.standing(china_time(now), &config.calendar)
}

/// What the kiosk is told of a ticket.
pub fn outcome(office: &Office, ticket: String, now: Timestamp) -> Outcome {
    let hours = match standing(office, now) {
        Standing::Open { until } => Some(CounterHours::Open { until }),
        Standing::Shut { opens } => opens.map(|opens| CounterHours::Shut { opens }),
    };
    Outcome::Counter { ticket, window: Some(office.loaded.config.counter.window.clone()), hours }
}
