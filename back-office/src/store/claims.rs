//! Claims: a lease with a fencing token (`claim_epoch`), taken, renewed, given back, handed over.
//! Invariants: one case has one holder; a lease that ran out may be taken by anybody, and from then on every act with the
//! old epoch is answered with [`ClaimError::LeaseLost`]; each change and its audit leaf are in the caller's one job.
//! Not here: who may see or claim what (`crate::rights`); the caller has looked.

use super::cases::{self, Case, Place, Scopes, Sticky};
use super::{StoreError, audit};
use domain::ids::OfficerId;
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;

/// Why a claim is not had.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ClaimError {
    /// Somebody else holds it.
    #[error("held by {0}")]
    Held(OfficerId),
    /// The caller no longer holds it.
    #[error("the lease is lost")]
    LeaseLost,
    /// It has ended.
    #[error("the case has ended")]
    Ended,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who acts, and when.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// The officer.
    pub officer: &'a OfficerId,
    /// Now.
    pub now: Timestamp,
}

impl Act<'_> {
    /// The actor of an audit leaf.
    pub fn actor(&self) -> String {
        format!("officer:{}", self.officer)
    }

    pub(super) fn note(
        &self,
        connection: &Connection,
        case: &Case,
        action: &str,
        details: serde_json::Value,
    ) -> Result<(), StoreError> {
        audit::append(connection, self.now, &self.actor(), action, &format!("case:{}", case.id), details)
    }
}

/// Nobody holds the case any more; an act under the ended claim finds another epoch.
pub(super) fn end_claim(case: &mut Case) {
    case.claim_epoch += 1;
    case.holder = None;
    case.lease_until = None;
}

fn give(case: &mut Case, to: &OfficerId, now: Timestamp, lease: SignedDuration) {
    case.claim_epoch += 1;
    case.holder = Some(to.clone());
    case.lease_until = Some(now + lease);
}

fn take(connection: &Connection, act: Act<'_>, mut case: Case, lease: SignedDuration) -> Result<Case, StoreError> {
    give(&mut case, act.officer, act.now, lease);
    cases::update(connection, &mut case)?;
    let details = serde_json::json!({ "epoch": case.claim_epoch, "until": case.lease_until });
    act.note(connection, &case, "case-claimed", details)?;
    Ok(case)
}

/// Claims the first case that this officer may take next; `None` when there is none.
///
/// # Errors
/// The store's.
pub fn next(
    connection: &Connection,
    act: Act<'_>,
    scopes: &Scopes,
    reviewing: &Scopes,
    lease: SignedDuration,
) -> Result<Option<Case>, StoreError> {
    cases::next_unclaimed(connection, act.officer, scopes, reviewing, act.now)?
        .map(|case| take(connection, act, case, lease))
        .transpose()
}

/// Claims a case; whoever holds it already keeps the same epoch.
///
/// # Errors
/// Another holds it, or it has ended.
pub fn claim(connection: &Connection, act: Act<'_>, case: Case, lease: SignedDuration) -> Result<Case, ClaimError> {
    if case.place == Place::Closed {
        return Err(ClaimError::Ended);
    }
    match case.holder_at(act.now) {
        Some(holder) if holder == act.officer => {
            let epoch = case.claim_epoch;
            renew(connection, act, case, epoch, lease)
        }
        Some(holder) => Err(ClaimError::Held(holder.clone())),
        None => Ok(take(connection, act, case, lease)?),
    }
}

/// The case, when this officer holds it under this epoch and the lease still runs.
///
/// # Errors
/// [`ClaimError::LeaseLost`].
pub fn held(act: Act<'_>, case: Case, epoch: i64) -> Result<Case, ClaimError> {
    if case.claim_epoch == epoch && case.holder_at(act.now) == Some(act.officer) {
        Ok(case)
    } else {
        Err(ClaimError::LeaseLost)
    }
}

/// Keeps a claim for another lease.
///
/// # Errors
/// The lease is lost.
pub fn renew(
    connection: &Connection,
    act: Act<'_>,
    case: Case,
    epoch: i64,
    lease: SignedDuration,
) -> Result<Case, ClaimError> {
    let mut case = held(act, case, epoch)?;
    case.lease_until = Some(act.now + lease);
    cases::extend_lease(connection, &case)?;
    let details = serde_json::json!({ "epoch": epoch, "until": case.lease_until });
    act.note(connection, &case, "claim-renewed", details)?;
    Ok(case)
}

/// Puts a claimed case back.
///
/// # Errors
/// The lease is lost.
pub fn release(connection: &Connection, act: Act<'_>, case: Case, epoch: i64) -> Result<Case, ClaimError> {
    let mut case = held(act, case, epoch)?;
    end_claim(&mut case);
    case.sticky = None;
    cases::update(connection, &mut case)?;
    act.note(connection, &case, "case-released", serde_json::json!({ "epoch": epoch }))?;
    Ok(case)
}

/// Gives the case to a colleague: whoever holds it hands over; `above` (a supervisor's right) takes it from anybody.
/// The colleague holds it for a lease, and comes first for `sticky`.
///
/// # Errors
/// It has ended, or the caller neither holds it nor stands above.
pub fn assign(
    connection: &Connection,
    act: Act<'_>,
    mut case: Case,
    to: &OfficerId,
    above: bool,
    lease: SignedDuration,
    sticky: SignedDuration,
) -> Result<Case, ClaimError> {
    if case.place == Place::Closed {
        return Err(ClaimError::Ended);
    }
    if !above && case.holder_at(act.now) != Some(act.officer) {
        return Err(match case.holder_at(act.now) {
            Some(holder) => ClaimError::Held(holder.clone()),
            None => ClaimError::LeaseLost,
        });
    }
    give(&mut case, to, act.now, lease);
    case.sticky = Some(Sticky { to: to.clone(), until: Some(act.now + sticky) });
    cases::update(connection, &mut case)?;
    let details = serde_json::json!({ "to": to, "epoch": case.claim_epoch });
    act.note(connection, &case, "case-assigned", details)?;
    Ok(case)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::case::{Kind, Status};
    use domain::ids::{CaseId, SubmissionId};
    use jiff::civil::{Date, date};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + second).unwrap()
    }

    fn put(connection: &Connection, number: u128, due_on: Option<Date>, change: impl FnOnce(&mut Case)) {
        let mut case = Case {
            id: CaseId(uuid::Uuid::from_u128(number)),
            submission: SubmissionId(uuid::Uuid::from_u128(number)),
            service: "any".into(),
            title: "any".into(),
            branch: "household".into(),
            station: "yunqiao".into(),
            place: Place::Queue,
            status: Status::Accepted,
            priority: 5,
            received_at: at(i64::try_from(number).unwrap()),
            due_on,
            promised_on: None,
            statutory_on: None,
            supplement_by: None,
            code: None,
            last_four: None,
            ticket: None,
            open: Vec::new(),
            holder: None,
            lease_until: None,
            claim_epoch: 0,
            version: 1,
            clock: Default::default(),
            second: None,
            sticky: None,
            tombstone: false,
        };
        change(&mut case);
        cases::insert(connection, &case).unwrap();
    }

    #[test]
    fn the_next_is_by_day_due_and_whoever_returned_a_case_gets_it_first() {
        let connection = crate::store::in_memory().unwrap();
        connection.pragma_update(None, "foreign_keys", "OFF").unwrap();
        let (one, two) = (OfficerId::from("one"), OfficerId::from("two"));
        put(&connection, 1, None, |_| {});
        put(&connection, 2, Some(date(2026, 12, 4)), |_| {});
        put(&connection, 3, Some(date(2026, 11, 20)), |_| {});
        put(&connection, 4, Some(date(2026, 12, 4)), |case| case.priority = 3);
        put(&connection, 5, Some(date(2026, 12, 30)), |case| case.priority = 1);
        put(&connection, 6, Some(date(2026, 11, 2)), |case| {
            case.sticky = Some(Sticky { to: one.clone(), until: Some(at(1800)) });
        });
        put(&connection, 7, Some(date(2026, 11, 1)), |case| {
            case.second = Some(cases::Second { kind: Kind::Approve, officer: two.clone(), at: at(0) });
        });
        put(&connection, 8, Some(date(2026, 10, 1)), |case| case.branch = "traffic".into());
        let scopes = Scopes::new([("household".into(), "yunqiao".into())]);
        let take = |who: &OfficerId, second: i64| {
            let act = Act { officer: who, now: at(second) };
            let lease = SignedDuration::from_secs(900);
            next(&connection, act, &scopes, &Scopes::default(), lease).unwrap().map(|case| case.id.0.as_u128())
        };
        let got: Vec<_> = (0..6).map(|_| take(&two, 0)).collect();
        assert_eq!(got, [Some(5), Some(3), Some(4), Some(2), Some(1), None], "not one's turn, not one's own second");
        assert_eq!([take(&one, 1), take(&one, 1)], [Some(7), Some(6)]);
        let ended = |from, to| cases::lease_ended(&connection, at(from), at(to)).unwrap();
        assert_eq!([ended(0, 899), ended(0, 900), ended(900, 901), ended(901, 9999)], [false, true, true, false]);
        assert_eq!(take(&two, 901), Some(5), "a lease that ran out is free again");
    }
}
