//! Decisions on the stored case: the pure judgement of `domain::case`, then row, history and audit leaf in one job.
//! Invariants: only the holder under the current epoch and version decides; the clock of law starts with acceptance and
//! stands still while the person supplements; a decision that does not end the work at this desk ends the claim; a first
//! decision of two leaves the case where it stands.
//! Not here: what has been checked (the caller says what is open), who may decide (`crate::rights`).

use super::cases::{self, Case, Place, Second, Sticky};
use super::claims::{Act, ClaimError, end_claim, held};
use super::decisions::{self, Decided};
use super::{StoreError, audit, notices};
use domain::calendar::{Limit, WorkCalendar};
use domain::case::{Decision, Kind, Refusal, Standing, Status, Verdict, judge};
use domain::hours::Hours;
use domain::ids::BranchId;
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;

/// What the office brings to a decision besides the case.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Days off.
    pub calendar: WorkCalendar,
    /// When the counter is open.
    pub hours: Hours,
    /// The law's limit.
    pub statutory: Option<Limit>,
    /// The station's promise.
    pub promised: Option<Limit>,
    /// Decisions that need two people.
    pub two_person: Vec<Kind>,
    /// Branches there are.
    pub branches: Vec<BranchId>,
    /// What can be asked for.
    pub keys: Vec<String>,
    /// What is open before accepting, in words.
    pub before_accepting: Vec<String>,
    /// What is open before approving, in words.
    pub before_approving: Vec<String>,
}

impl Rules {
    /// What a judgement looks at.
    pub fn standing<'a>(&'a self, case: &'a Case) -> Standing<'a> {
        Standing {
            status: case.status,
            accepted: case.clock.accepted_on.is_some(),
            branch: &case.branch,
            branches: &self.branches,
            waiting: case.second.as_ref().map(|second| (second.kind, &second.officer)),
            two_person: &self.two_person,
            keys: &self.keys,
            before_accepting: &self.before_accepting,
            before_approving: &self.before_approving,
        }
    }

    /// Sets the days of a case by its clock, at this local moment; while the clock stands still there are none.
    pub fn count(&self, case: &mut Case, now: DateTime) {
        let last = |limit: Option<Limit>| limit.and_then(|limit| case.clock.last_day(limit, &self.calendar));
        case.statutory_on = last(self.statutory);
        // A promise for today, made when the counter is shut for the day, is one for the next open day.
        case.promised_on = last(self.promised).map(|day| match self.promised {
            Some(limit) if limit.days == 0 && day == now.date() => self.hours.promised(now, limit, &self.calendar),
            Some(_) | None => day,
        });
        case.due_on = [case.promised_on, case.statutory_on].into_iter().flatten().min();
    }
}

/// One decision as it comes in.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The epoch that the claim gave.
    pub claim_epoch: i64,
    /// The version the officer saw.
    pub version: i64,
    /// What is decided.
    pub decision: Decision,
    /// For colleagues.
    pub note: Option<String>,
}

/// Why a decision was not made. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// The claim.
    #[error(transparent)]
    Claim(#[from] ClaimError),
    /// The case has changed since the officer looked.
    #[error("the case has version {0}")]
    VersionConflict(i64),
    /// It cannot be made.
    #[error("refused")]
    Refused(Vec<Refusal>),
}

impl From<StoreError> for DecideError {
    fn from(error: StoreError) -> Self {
        Self::Claim(error.into())
    }
}

/// Makes a decision.
///
/// # Errors
/// Lease lost, version changed, or the judgement's reasons.
pub fn decide(
    connection: &Connection,
    act: Act<'_>,
    case: Case,
    asked: Asked,
    local: DateTime,
    rules: &Rules,
) -> Result<Case, DecideError> {
    let today = local.date();
    let mut case = held(act, case, asked.claim_epoch)?;
    if case.version != asked.version {
        return Err(DecideError::VersionConflict(case.version));
    }
    let decision = &asked.decision;
    let verdict = judge(&rules.standing(&case), decision, act.officer, today).map_err(DecideError::Refused)?;
    let kind = decision.kind();
    let action = match verdict {
        Verdict::Waits => {
            case.second = Some(Second { kind, officer: act.officer.clone(), at: act.now });
            end_claim(&mut case);
            "decision-waits"
        }
        Verdict::Takes(status) => {
            case.second = None;
            case.status = status;
            apply(&mut case, decision, act, local, rules);
            notices::after_decision(connection, &case, kind, today, act.now)?;
            "case-decided"
        }
    };
    cases::update(connection, &mut case)?;
    let words = serde_json::to_value(decision).map_err(|_| StoreError::Damaged("decision"))?;
    let officer = act.officer.clone();
    let decided = Decided { at: act.now, officer, decision: words, status: case.status, note: asked.note };
    decisions::add(connection, case.id, &decided)?;
    // The reason is the officer's free text and may name somebody: only its kind is in the log.
    let details = serde_json::json!({ "decision": kind, "status": case.status, "epoch": asked.claim_epoch });
    act.note(connection, &case, action, details)?;
    Ok(case)
}

fn apply(case: &mut Case, decision: &Decision, act: Act<'_>, local: DateTime, rules: &Rules) {
    let today = local.date();
    if !matches!(decision, Decision::Transfer { .. }) {
        case.supplement_by = None;
    }
    match decision {
        // The same officer goes on: accepting keeps the claim.
        Decision::Accept => {
            case.place = Place::Queue;
            case.sticky = None;
            case.clock.run(today);
            rules.count(case, local);
        }
        Decision::ReturnForSupplement { by, .. } => {
            case.place = Place::Parked;
            case.supplement_by = Some(*by);
            case.open.retain(|code| code != SUPPLEMENT_BACK);
            case.clock.pause(today, &rules.calendar);
            rules.count(case, local);
            case.sticky = Some(Sticky { to: act.officer.clone(), until: None });
            end_claim(case);
        }
        Decision::Transfer { branch, .. } => {
            // Whatever the person must still bring, the other branch waits for it.
            case.place = if case.status == Status::Supplement { Place::Parked } else { Place::Queue };
            case.branch = BranchId::new(branch.trim());
            case.sticky = None;
            end_claim(case);
        }
        Decision::RefuseToAccept { .. } | Decision::Approve | Decision::Reject { .. } => {
            case.place = Place::Closed;
            case.sticky = None;
            end_claim(case);
        }
    }
}

/// Open point of a case whose person has brought what was asked for.
pub const SUPPLEMENT_BACK: &str = "supplement-back";

/// The person has brought what was asked for: back to where the case stood, the clock goes on, and the officer who asked
/// comes first for `sticky`. A case that waits for nothing is left alone.
///
/// # Errors
/// The store's.
pub fn supplement_back(
    connection: &Connection,
    actor: &str,
    mut case: Case,
    now: Timestamp,
    local: DateTime,
    sticky: SignedDuration,
    rules: &Rules,
) -> Result<Case, StoreError> {
    if case.status != Status::Supplement {
        return Ok(case);
    }
    case.place = Place::Queue;
    case.supplement_by = None;
    case.open.push(SUPPLEMENT_BACK.to_owned());
    if case.clock.accepted_on.is_some() {
        case.status = Status::Accepted;
        case.clock.run(local.date());
        rules.count(&mut case, local);
    } else {
        // The promise counts from the day on which everything is here.
        case.status = Status::Delivered;
        case.promised_on = rules.promised.map(|limit| rules.hours.promised(local, limit, &rules.calendar));
        case.due_on = case.promised_on;
    }
    if let Some(first) = &mut case.sticky {
        first.until = Some(now + sticky);
    }
    cases::update(connection, &mut case)?;
    let details = serde_json::json!({ "status": case.status });
    audit::append(connection, now, actor, "supplement-back", &format!("case:{}", case.id), details)?;
    Ok(case)
}
