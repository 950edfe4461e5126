//! The life of a case (办件) in the office: statuses, decisions, and which may follow which.
//! Invariants: a decision is a pure function of the case and the claim that holds it; nothing here knows tables.
//! Statuses are the one table of the product: 已送达, 已受理 / 不予受理, 待补正, 已办结.

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

/// What an officer decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Decision {
    /// 受理.
    Accept,
    /// 不予受理, with the reason the person reads.
    RefuseToAccept {
        /// In the person's words.
        reason: String,
    },
    /// 补正: what is missing, all at once, and by when (calendar day, ISO).
    ReturnForSupplement {
        /// What to bring.
        what: String,
        /// Last day.
        by: jiff::civil::Date,
    },
    /// Approve; ends the case.
    Approve,
    /// Reject, with the reason the person reads.
    Reject {
        /// In the person's words.
        reason: String,
    },
    /// To another branch's queue.
    Transfer {
        /// That branch.
        branch: String,
    },
}

/// Why a decision cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecisionError {
    /// It does not follow from where the case stands.
    #[error("the case is {from:?}: this decision cannot follow")]
    DoesNotFollow {
        /// Where it stands.
        from: Status,
    },
    /// A reason or list is empty.
    #[error("say why, in words the person understands")]
    ReasonMissing,
    /// The day by which to supplement has passed.
    #[error("the last day must lie in the future")]
    DayPassed,
}

/// The status after a decision; a transfer leaves it as it is.
///
/// # Errors
/// When the decision cannot follow, or lacks its reason.
pub fn decide(from: Status, decision: &Decision, today: jiff::civil::Date) -> Result<Status, DecisionError> {
    let open = [Status::Delivered, Status::Supplement];
    let said = |reason: &str| if reason.trim().is_empty() { Err(DecisionError::ReasonMissing) } else { Ok(()) };
    let follows = |right: bool, to: Status| if right { Ok(to) } else { Err(DecisionError::DoesNotFollow { from }) };
    match decision {
        Decision::Accept => follows(open.contains(&from), Status::Accepted),
        Decision::RefuseToAccept { reason } => {
            said(reason)?;
            follows(open.contains(&from), Status::Refused)
        }
        Decision::ReturnForSupplement { what, by } => {
            said(what)?;
            if *by <= today {
                return Err(DecisionError::DayPassed);
            }
            follows(!from.ended(), Status::Supplement)
        }
        Decision::Approve => follows(from == Status::Accepted, Status::Approved),
        Decision::Reject { reason } => {
            said(reason)?;
            follows(from == Status::Accepted, Status::Rejected)
        }
        Decision::Transfer { branch } => {
            said(branch)?;
            follows(!from.ended(), from)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn approval_needs_acceptance_first_and_an_end_is_an_end() {
        let today = date(2026, 11, 22);
        assert_eq!(decide(Status::Delivered, &Decision::Accept, today), Ok(Status::Accepted));
        assert_eq!(
            decide(Status::Delivered, &Decision::Approve, today),
            Err(DecisionError::DoesNotFollow { from: Status::Delivered })
        );
        assert_eq!(decide(Status::Accepted, &Decision::Approve, today), Ok(Status::Approved));
        for ended in [Status::Refused, Status::Approved, Status::Rejected] {
            let transfer = Decision::Transfer { branch: "traffic".into() };
            assert_eq!(decide(ended, &transfer, today), Err(DecisionError::DoesNotFollow { from: ended }));
            assert_eq!(decide(ended, &Decision::Accept, today), Err(DecisionError::DoesNotFollow { from: ended }));
        }
    }

    #[test]
    fn a_return_says_what_and_by_when() {
        let today = date(2026, 11, 22);
        let back = |what: &str, by| Decision::ReturnForSupplement { what: what.into(), by };
        assert_eq!(decide(Status::Delivered, &back("户口簿首页", date(2026, 12, 1)), today), Ok(Status::Supplement));
        assert_eq!(decide(Status::Delivered, &back(" ", date(2026, 12, 1)), today), Err(DecisionError::ReasonMissing));
        assert_eq!(decide(Status::Delivered, &back("户口簿", today), today), Err(DecisionError::DayPassed));
    }
}
