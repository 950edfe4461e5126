//! Supplements (补正): which submission was brought for which case.
//! Invariants: a submission is a supplement of one case at most, or has a case of its own; rows are only added.
//! Not here: what a supplement changes (`worker::supplementing`).

use super::{StoreError, instant};
use domain::ids::{CaseId, SubmissionId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

/// Notes that a submission was brought for a case.
///
/// # Errors
/// The store's, also when the submission is a supplement already.
pub fn add(connection: &Connection, submission: SubmissionId, case: CaseId, now: Timestamp) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO supplement (submission, case_id, at) VALUES ($1, $2, $3)")?
        .execute(params![submission.to_string(), case.to_string(), now.as_millisecond()])?;
    Ok(())
}

/// The case that a submission was brought for.
///
/// # Errors
/// The store's.
pub fn case_of(connection: &Connection, submission: SubmissionId) -> Result<Option<CaseId>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT case_id FROM supplement WHERE submission = $1")?
        .query_row(params![submission.to_string()], |row| Ok(CaseId(super::parse_uuid(&row.get::<_, String>(0)?)?)))
        .optional()?)
}

/// The supplements of a case, first to last, each with when it was taken to the case.
///
/// # Errors
/// The store's.
pub fn of_case(connection: &Connection, case: CaseId) -> Result<Vec<(SubmissionId, Timestamp)>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT submission, at FROM supplement WHERE case_id = $1 ORDER BY at, submission")?;
    let rows = statement.query_map(params![case.to_string()], |row| {
        Ok((SubmissionId(super::parse_uuid(&row.get::<_, String>(0)?)?), instant(row.get(1)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
