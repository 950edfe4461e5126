//! What goes over the officers' door, as JSON. Every field here is described in `openapi`.

use crate::store::cases::{Case, Decided};
use domain::case::Status;
use domain::ids::{BranchId, CaseId, OfficerId, ServiceId, StationId, SubmissionId};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

/// A case in a list: nothing personal but what finds a visitor at the counter.
#[derive(Serialize)]
pub(super) struct CaseRow {
    id: CaseId,
    submission: SubmissionId,
    service: ServiceId,
    title: String,
    branch: BranchId,
    station: StationId,
    status: Status,
    /// The status in Chinese.
    word: &'static str,
    priority: u8,
    received_at: Timestamp,
    due_on: Option<Date>,
    /// Past its day, and not ended.
    overdue: bool,
    promised_on: Option<Date>,
    statutory_on: Option<Date>,
    supplement_by: Option<Date>,
    code: Option<String>,
    last_four: Option<String>,
    ticket: Option<String>,
    open: Vec<String>,
    holder: Option<OfficerId>,
    lease_until: Option<Timestamp>,
    claim_epoch: i64,
    version: i64,
}

impl CaseRow {
    /// A case as it stands at `now`: an expired claim shows nobody.
    pub(super) fn at(case: Case, now: Timestamp) -> Self {
        let holder = case.holder_at(now).cloned();
        let overdue = !case.status.ended() && case.due_on.is_some_and(|due| due < crate::office::china_day(now));
        Self {
            word: case.status.word(),
            overdue,
            lease_until: holder.as_ref().and(case.lease_until),
            holder,
            id: case.id,
            submission: case.submission,
            service: case.service,
            title: case.title,
            branch: case.branch,
            station: case.station,
            status: case.status,
            priority: case.priority,
            received_at: case.received_at,
            due_on: case.due_on,
            promised_on: case.promised_on,
            statutory_on: case.statutory_on,
            supplement_by: case.supplement_by,
            code: case.code,
            last_four: case.last_four,
            ticket: case.ticket,
            open: case.open,
            claim_epoch: case.claim_epoch,
            version: case.version,
        }
    }
}

/// A decision in a case's history.
#[derive(Serialize)]
pub(super) struct DecidedRow {
    at: Timestamp,
    officer: OfficerId,
    decision: serde_json::Value,
    status: Status,
    word: &'static str,
}

impl From<Decided> for DecidedRow {
    fn from(decided: Decided) -> Self {
        Self {
            at: decided.at,
            officer: decided.officer,
            decision: decided.decision,
            status: decided.status,
            word: decided.status.word(),
        }
    }
}
