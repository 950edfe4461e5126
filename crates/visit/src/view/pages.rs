//! What is to be seen up to the first question: home, a service, consents, ways to be identified, number, face.
//! Not here: the screens that hold these pages (`view`).

use crate::input::{Consent, Hint, Way};
use domain::eligibility::Eligibility;
use domain::ids::{CategoryId, MaterialId, ServiceId};
use domain::rules::RuleCode;
use domain::sensitive::Sensitive;

/// The home screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomePage {
    /// Tiles, in order.
    pub categories: Vec<CategoryId>,
    /// 大家常办, in order.
    pub common: Vec<ServiceId>,
    /// Search words.
    pub query: Sensitive<String>,
    /// What the search found; empty while there is no query.
    pub results: Vec<ServiceId>,
}

/// A service's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServicePage {
    /// Which.
    pub service: ServiceId,
    /// With the facts known so far; `None` while nobody is identified.
    pub eligibility: Option<Eligibility>,
    /// Papers, with what to do about each.
    pub materials: Vec<MaterialLine>,
}

/// A paper on the service page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaterialLine {
    /// Which.
    pub material: MaterialId,
    /// What to do about it.
    pub pill: Pill,
    /// Asked only in some cases.
    pub conditional: bool,
}

/// What to do about a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pill {
    /// 今天要.
    Today,
    /// 可后补.
    CanFollow,
    /// 免交.
    Exempt,
    /// 窗口补.
    Counter,
}

/// A consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsentLine {
    /// Which.
    pub consent: Consent,
    /// Ticked.
    pub ticked: bool,
}

/// A way to be identified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WayLine {
    /// Which.
    pub way: Way,
    /// False = not at this machine today; pressing it says so and offers the officer.
    pub available: bool,
}

/// Typing an identity number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberPage {
    /// Whose number.
    pub of: NumberOf,
    /// As typed.
    pub number: Sensitive<String>,
    /// Why it is not taken.
    pub error: Option<NumberError>,
    /// A card on the reader does as well.
    pub card_works: bool,
}

/// Whose number is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberOf {
    /// The person's own.
    Applicant,
    /// The ward's.
    Ward,
    /// The principal's.
    Principal,
}

/// Why a number is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// Nothing typed.
    Empty,
    /// The rule `resident-id` says no.
    Rule(RuleCode),
    /// The person's own number where another person's is asked.
    Own,
}

/// Comparing the face.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacePage {
    /// How far.
    pub phase: FacePhase,
    /// What to do better.
    pub hints: Vec<Hint>,
    /// Tries left.
    pub tries_left: u32,
}

/// How far the comparison is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FacePhase {
    /// Asks for consent to compare the face this once.
    Consent,
    /// The camera starts.
    Starting,
    /// The camera shows the person.
    Aim,
    /// The matcher compares.
    Comparing,
}
