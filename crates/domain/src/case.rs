//! The life of a case (办件) in the office: statuses, decisions, and which may follow which.
//! Invariants: a decision is a pure function of the case and the claim that holds it; nothing here knows tables.
//! Statuses are the one table of the product: 已送达, 已受理 / 不予受理, 待补正, 已办结.
//! Parts: `decision` (what may follow), `clock` (days of law), `deadline` (its words), `letter` and `wording` (what the
//! resident reads), `lapse` (deferred materials), `level` (how far a paper is trusted).

pub mod clock;
pub mod deadline;
pub mod decision;
pub mod lapse;
pub mod letter;
pub mod level;
pub mod wording;

pub use decision::{Decision, Item, Kind, Refusal, Standing, Verdict, judge};

use serde::{Deserialize, Serialize};

/// Where a case stands in law and work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// 已送达: the office has it; nobody has decided anything.
    Delivered,
    /// 已受理: accepted; the statutory clock runs.
    Accepted,
    /// 不予受理: refused to accept. Ends the case.
    Refused,
    /// 待补正: returned for supplement; the person must bring something.
    Supplement,
    /// 已办结, approved. Ends the case.
    Approved,
    /// 已办结, rejected. Ends the case.
    Rejected,
}

impl Status {
    /// The word for screen, paper and office (Chinese).
    pub fn word(self) -> &'static str {
        match self {
            Self::Delivered => "已送达",
            Self::Accepted => "已受理",
            Self::Refused => "不予受理",
            Self::Supplement => "待补正",
            Self::Approved | Self::Rejected => "已办结",
        }
    }

    /// Nothing more follows.
    pub fn ended(self) -> bool {
        matches!(self, Self::Refused | Self::Approved | Self::Rejected)
    }
}
