//! What a visit is told once: the kiosk's place, its times, its languages, and the search port.
//! Invariant: every time span is positive; `VisitConfig::for_station` gives the product's defaults.
//! Not here: reading configuration files (the kiosk).

use domain::ids::{CategoryId, ServiceId};
use jiff::SignedDuration;
use jiff::tz::Offset;

/// Settings of a kiosk that a visit needs.
#[derive(Clone, Debug)]
pub struct VisitConfig {
    /// Offset of the kiosk's wall clock; the day of a visit is taken at it.
    pub offset: Offset,
    /// Categories of the home screen, in order.
    pub categories: Vec<CategoryId>,
    /// Languages on offer; the first is the one a visit begins with.
    pub languages: Vec<String>,
    /// A face matcher is configured (product rule 1: the default is that there is none).
    pub face_matcher: bool,
    /// Face comparisons that may say "different" before only an officer is offered.
    pub face_tries: u32,
    /// Codes that may find nothing in one visit before no more are taken.
    pub code_tries: u32,
    /// Time without a touch before the warning; doubled in elder mode.
    pub idle_after: SignedDuration,
    /// Length of the warning; doubled in elder mode.
    pub idle_warning: SignedDuration,
    /// How long the farewell is shown.
    pub farewell: SignedDuration,
    /// How long the farewell is shown while the person may say how it went.
    pub rating_wait: SignedDuration,
    /// How long the local store may take to answer.
    pub store_wait: SignedDuration,
    /// How long the person's own record is waited for.
    pub record_wait: SignedDuration,
    /// How long the office is waited for with an instant service.
    pub outcome_wait: SignedDuration,
    /// How long the face matcher is waited for.
    pub face_wait: SignedDuration,
}

impl VisitConfig {
    /// Defaults: +08:00, zh-CN and en, no face matcher, 60 s of quiet and 20 s of warning.
    pub fn for_station(categories: Vec<CategoryId>) -> Self {
        Self {
            offset: Offset::constant(8),
            categories,
            languages: vec!["zh-CN".to_owned(), "en".to_owned()],
            face_matcher: false,
            face_tries: 3,
            code_tries: 5,
            idle_after: SignedDuration::from_secs(60),
            idle_warning: SignedDuration::from_secs(20),
            farewell: SignedDuration::from_secs(8),
            rating_wait: SignedDuration::from_secs(20),
            store_wait: SignedDuration::from_secs(20),
            record_wait: SignedDuration::from_secs(8),
            outcome_wait: SignedDuration::from_secs(30),
            face_wait: SignedDuration::from_secs(15),
        }
    }
}

/// Finds services by words as people type them: word, pinyin, initials. Given at construction; must be quick and pure.
pub trait Search: Send + Sync {
    /// The services that fit, best first. An empty query finds nothing.
    fn find(&self, query: &str, language: &str) -> Vec<ServiceId>;
}
