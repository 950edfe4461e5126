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
