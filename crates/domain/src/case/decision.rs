//! Decisions: what an officer may decide, and which decision may follow where a case stands.
//! Invariants: a refusal says every reason at once; nobody is the second person of the own decision; what a decision
//! does to the row and to the days is not here (the office applies the verdict; `clock` counts).

use super::Status;
use crate::ids::{BranchId, OfficerId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One thing to bring, in a return for supplement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Key of the paper or field, as the case shows it.
    pub key: String,
    /// Code of the reason in the office's table; absent for free words.
    #[serde(default)]
    pub code: Option<String>,
    /// What the resident reads.
    pub words: String,
}

/// What an officer decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Decision {
    /// 受理.
    Accept,
    /// 不予受理, with the reason the person reads and what they can do about it.
    RefuseToAccept {
        /// In the person's words.
        reason: String,
        /// Where to complain or what to do instead.
        remedy: String,
    },
    /// 补正: what is missing, all at once, and by when (calendar day, ISO).
    ReturnForSupplement {
        /// What to bring.
        items: Vec<Item>,
        /// Last day.
        by: Date,
    },
    /// Approve; ends the case.
    Approve,
    /// Reject, with the ground of law, the reason the person reads, and the remedy. Ends the case.
    Reject {
        /// Law and article.
        ground: String,
        /// In the person's words.
        reason: String,
        /// Reconsideration or court, with the days for it (Administrative Reconsideration Law 20: 60 days).
        remedy: String,
    },
    /// To another branch's queue.
    Transfer {
        /// That branch.
        branch: String,
        /// For the colleagues there.
        reason: String,
    },
}

/// A decision without its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// 受理.
    Accept,
    /// 不予受理.
    RefuseToAccept,
    /// 补正.
    ReturnForSupplement,
    /// Approve.
    Approve,
    /// Reject.
    Reject,
    /// To another branch.
    Transfer,
}

impl Kind {
    /// All kinds, in the order of the buttons.
    pub const ALL: [Self; 6] =
        [Self::Accept, Self::Approve, Self::ReturnForSupplement, Self::Transfer, Self::RefuseToAccept, Self::Reject];

    /// The word on the button (Chinese).
    pub fn label(self) -> &'static str {
        match self {
            Self::Accept => "受理",
            Self::RefuseToAccept => "不予受理",
            Self::ReturnForSupplement => "退回补正",
            Self::Approve => "准予办结",
            Self::Reject => "不予批准",
            Self::Transfer => "转其他警种",
        }
    }

    /// As sent and stored: kebab case.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::RefuseToAccept => "refuse-to-accept",
            Self::ReturnForSupplement => "return-for-supplement",
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Transfer => "transfer",
        }
    }

    /// Reads [`Kind::word`] back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl Decision {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Accept => Kind::Accept,
            Self::RefuseToAccept { .. } => Kind::RefuseToAccept,
            Self::ReturnForSupplement { .. } => Kind::ReturnForSupplement,
            Self::Approve => Kind::Approve,
            Self::Reject { .. } => Kind::Reject,
            Self::Transfer { .. } => Kind::Transfer,
        }
    }
}

/// What a decision looks at.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    /// Where the case stands.
    pub status: Status,
    /// It was accepted once (and may have been returned since).
    pub accepted: bool,
    /// Whose officers decide now.
    pub branch: &'a BranchId,
    /// Branches a transfer may go to.
    pub branches: &'a [BranchId],
    /// A first decision that waits for a second person: what, and whose.
    pub waiting: Option<(Kind, &'a OfficerId)>,
    /// Decisions of this service that need two people.
    pub two_person: &'a [Kind],
    /// Keys of papers and fields that can be asked for; empty = unknown service, anything can.
    pub keys: &'a [String],
    /// What must still be looked at before accepting, in words for the officer.
    pub before_accepting: &'a [String],
    /// What must still be looked at before approving.
    pub before_approving: &'a [String],
}

/// What follows from a decision that may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is noted and waits for a second person; the case stays where it stands.
    Waits,
    /// It takes effect: the case stands here now (a transfer leaves it where it is).
    Takes(Status),
}

/// Why a decision cannot be made. `Display` is the word for the officer (Chinese).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It does not follow from where the case stands.
    #[error("办件现在是“{}”，不能{}", .from.word(), .kind.label())]
    DoesNotFollow {
        /// Where it stands.
        from: Status,
        /// What was wanted.
        kind: Kind,
    },
    /// The first officer cannot be the second.
    #[error("您已经做过第一次决定，要由另一位同事复核")]
    SamePerson,
    /// A check is open.
    #[error("{0}")]
    Unchecked(String),
    /// The words for the resident are missing.
    #[error("还没有写{0}")]
    WordsMissing(&'static str),
    /// The day by which to supplement has passed.
    #[error("补正期限要在今天以后")]
    DayPassed,
    /// Something is asked for that this service does not have.
    #[error("这项服务没有“{0}”这份材料")]
    NoSuchItem(String),
    /// No such branch, or the case is there already.
    #[error("不能转到“{0}”")]
    NoSuchBranch(String),
}

/// Where a decision of this kind leads from here, its words not looked at.
fn follows(standing: &Standing<'_>, kind: Kind) -> Result<Status, Refusal> {
    let from = standing.status;
    let to = match (kind, from) {
        (Kind::Accept, Status::Delivered | Status::Supplement) => Some(Status::Accepted),
        (Kind::RefuseToAccept, Status::Delivered | Status::Supplement) if !standing.accepted => Some(Status::Refused),
        (Kind::ReturnForSupplement, Status::Delivered | Status::Accepted | Status::Supplement) => {
            Some(Status::Supplement)
        }
        (Kind::Approve, Status::Accepted) => Some(Status::Approved),
        (Kind::Reject, Status::Accepted) => Some(Status::Rejected),
        (Kind::Transfer, Status::Delivered | Status::Accepted | Status::Supplement) => Some(from),
        (
            Kind::Accept
            | Kind::RefuseToAccept
            | Kind::ReturnForSupplement
            | Kind::Approve
            | Kind::Reject
            | Kind::Transfer,
            _,
        ) => None,
    };
    to.ok_or(Refusal::DoesNotFollow { from, kind })
}

/// Everything that stands against a decision of this kind by this officer, its words not looked at.
pub fn against(standing: &Standing<'_>, kind: Kind, officer: &OfficerId) -> Vec<Refusal> {
    let mut found: Vec<Refusal> = follows(standing, kind).err().into_iter().collect();
    if standing.waiting.is_some_and(|(_, first)| first == officer) {
        found.push(Refusal::SamePerson);
    }
    let open = match kind {
        Kind::Accept => standing.before_accepting,
        Kind::Approve => standing.before_approving,
        Kind::RefuseToAccept | Kind::ReturnForSupplement | Kind::Reject | Kind::Transfer => &[],
    };
    found.extend(open.iter().cloned().map(Refusal::Unchecked));
    found
}

fn words(standing: &Standing<'_>, decision: &Decision, today: Date) -> Vec<Refusal> {
    let said = |text: &str, what| text.trim().is_empty().then_some(Refusal::WordsMissing(what));
    match decision {
        Decision::Accept | Decision::Approve => Vec::new(),
        Decision::RefuseToAccept { reason, remedy } => {
            [said(reason, "理由"), said(remedy, "救济途径")].into_iter().flatten().collect()
        }
        Decision::Reject { ground, reason, remedy } => {
            [said(ground, "法律依据"), said(reason, "理由"), said(remedy, "救济途径")].into_iter().flatten().collect()
        }
        Decision::ReturnForSupplement { items, by } => {
            let mut found = Vec::new();
            if items.is_empty() {
                found.push(Refusal::WordsMissing("要补什么"));
            }
            if items.iter().any(|item| item.words.trim().is_empty()) {
                found.push(Refusal::WordsMissing("每一项怎么补"));
            }
            if !standing.keys.is_empty() {
                let unknown = items.iter().filter(|item| !standing.keys.contains(&item.key));
                found.extend(unknown.map(|item| Refusal::NoSuchItem(item.key.clone())));
            }
            found.extend((*by <= today).then_some(Refusal::DayPassed));
            found
        }
        Decision::Transfer { branch, reason } => {
            let to = BranchId::new(branch.trim());
            let known = standing.branches.contains(&to) && to != *standing.branch;
            let unknown = (!known).then(|| Refusal::NoSuchBranch(branch.clone()));
            [unknown, said(reason, "转办理由")].into_iter().flatten().collect()
        }
    }
}

/// Judges one decision of one officer.
///
/// # Errors
/// Every reason why it cannot be made.
pub fn judge(
    standing: &Standing<'_>,
    decision: &Decision,
    officer: &OfficerId,
    today: Date,
) -> Result<Verdict, Vec<Refusal>> {
    let kind = decision.kind();
    let mut found = against(standing, kind, officer);
    found.extend(words(standing, decision, today));
    let to = match follows(standing, kind) {
        Ok(to) if found.is_empty() => to,
        Ok(_) | Err(_) => return Err(found),
    };
    let seconded = standing.waiting.is_some_and(|(waiting, _)| waiting == kind);
    Ok(if standing.two_person.contains(&kind) && !seconded { Verdict::Waits } else { Verdict::Takes(to) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 22);

    fn standing(status: Status, branch: &BranchId) -> Standing<'_> {
        Standing {
            status,
            accepted: status == Status::Accepted,
            branch,
            branches: &[],
            waiting: None,
            two_person: &[],
            keys: &[],
            before_accepting: &[],
            before_approving: &[],
        }
    }

    #[test]
    fn approval_needs_acceptance_first_and_an_end_is_an_end() {
        let (branch, officer) = (BranchId::from("household"), OfficerId::from("o-1"));
        let try_it = |status, decision: &Decision| judge(&standing(status, &branch), decision, &officer, TODAY);
        assert_eq!(try_it(Status::Delivered, &Decision::Accept), Ok(Verdict::Takes(Status::Accepted)));
        assert!(try_it(Status::Delivered, &Decision::Approve).is_err());
        assert_eq!(try_it(Status::Accepted, &Decision::Approve), Ok(Verdict::Takes(Status::Approved)));
        for ended in [Status::Refused, Status::Approved, Status::Rejected] {
            for kind in Kind::ALL {
                assert_eq!(
                    against(&standing(ended, &branch), kind, &officer),
                    [Refusal::DoesNotFollow { from: ended, kind }]
                );
            }
        }
    }

    #[test]
    fn what_was_accepted_once_is_not_refused_to_accept_later() {
        let (branch, officer) = (BranchId::from("household"), OfficerId::from("o-1"));
        let no = Decision::RefuseToAccept { reason: "不归本所办".into(), remedy: "请到迁出地办".into() };
        let mut back = standing(Status::Supplement, &branch);
        assert_eq!(judge(&back, &no, &officer, TODAY), Ok(Verdict::Takes(Status::Refused)));
        back.accepted = true;
        assert!(judge(&back, &no, &officer, TODAY).is_err());
    }

    #[test]
    fn a_return_says_what_and_by_when_and_only_what_the_service_has() {
        let (branch, officer) = (BranchId::from("household"), OfficerId::from("o-1"));
        let keys = ["household-book".to_owned()];
        let mut open = standing(Status::Delivered, &branch);
        open.keys = &keys;
        let back = |key: &str, words: &str, by| Decision::ReturnForSupplement {
            items: vec![Item { key: key.into(), code: None, words: words.into() }],
            by,
        };
        let later = date(2026, 12, 1);
        let try_it = |decision| judge(&open, &decision, &officer, TODAY);
        assert_eq!(try_it(back("household-book", "请带首页", later)), Ok(Verdict::Takes(Status::Supplement)));
        assert_eq!(try_it(back("household-book", " ", later)), Err(vec![Refusal::WordsMissing("每一项怎么补")]));
        assert_eq!(try_it(back("household-book", "请带首页", TODAY)), Err(vec![Refusal::DayPassed]));
        assert_eq!(try_it(back("diploma", "请带", later)), Err(vec![Refusal::NoSuchItem("diploma".into())]));
        let nothing = Decision::ReturnForSupplement { items: Vec::new(), by: later };
        assert_eq!(try_it(nothing), Err(vec![Refusal::WordsMissing("要补什么")]));
    }

    #[test]
    fn two_people_decide_and_never_the_same_twice() {
        let branch = BranchId::from("household");
        let (one, two) = (OfficerId::from("o-1"), OfficerId::from("o-2"));
        let mut open = standing(Status::Accepted, &branch);
        open.two_person = &[Kind::Approve];
        assert_eq!(judge(&open, &Decision::Approve, &one, TODAY), Ok(Verdict::Waits));
        open.waiting = Some((Kind::Approve, &one));
        assert_eq!(judge(&open, &Decision::Approve, &one, TODAY), Err(vec![Refusal::SamePerson]));
        assert_eq!(judge(&open, &Decision::Approve, &two, TODAY), Ok(Verdict::Takes(Status::Approved)));
        let no = Decision::Reject { ground: "法".into(), reason: "理由".into(), remedy: "复议".into() };
        assert_eq!(judge(&open, &no, &two, TODAY), Ok(Verdict::Takes(Status::Rejected)));
    }

    #[test]
    fn every_reason_is_said_at_once() {
        let (branch, officer) = (BranchId::from("household"), OfficerId::from("o-1"));
        let open_checks = ["还没有核对本人".to_owned(), "户口簿还没有核对原件".to_owned()];
        let mut open = standing(Status::Accepted, &branch);
        open.before_approving = &open_checks;
        assert_eq!(judge(&open, &Decision::Approve, &officer, TODAY).map_err(|found| found.len()), Err(2));
        let no = Decision::Reject { ground: String::new(), reason: String::new(), remedy: " ".into() };
        assert_eq!(judge(&open, &no, &officer, TODAY).map_err(|found| found.len()), Err(3));
        let away = Decision::Transfer { branch: "household".into(), reason: "x".into() };
        assert_eq!(judge(&open, &away, &officer, TODAY), Err(vec![Refusal::NoSuchBranch("household".into())]));
    }
}
