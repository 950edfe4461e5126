//! What the kiosk may know of a submission, and from when.
//! Invariant: an outcome of an instant service shows at a moment that does not depend on what it is (product rule 2).

use super::StoreError;
use domain::ids::SubmissionId;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

/// A stored outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredOutcome {
    /// What it is.
    pub end: End,
    /// Not before.
    pub shown_from: Timestamp,
}

/// How it ended for the kiosk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// A certificate, by its number.
    Issued(String),
    /// The counter, with a ticket.
    Counter(String),
}

/// Writes the outcome, once.
///
/// # Errors
/// The store's, also when there is one already.
pub fn insert(connection: &Connection, submission: SubmissionId, outcome: &StoredOutcome) -> Result<(), StoreError> {
    let (number, ticket) = match &outcome.end {
        End::Issued(number) => (Some(number), None),
        End::Counter(ticket) => (None, Some(ticket)),
    };
    connection
        .prepare_cached("INSERT INTO outcome (submission, number, ticket, shown_from) VALUES ($1, $2, $3, $4)")?
        .execute(params![submission.to_string(), number, ticket, outcome.shown_from.as_millisecond()])?;
    Ok(())
}

/// The outcome, when there is one.
///
/// # Errors
/// The store's.
pub fn find(connection: &Connection, submission: SubmissionId) -> Result<Option<StoredOutcome>, StoreError> {
    let row: Option<(Option<String>, Option<String>, i64)> = connection
        .prepare_cached("SELECT number, ticket, shown_from FROM outcome WHERE submission = $1")?
        .query_row(params![submission.to_string()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((number, ticket, shown_from)) = row else { return Ok(None) };
    let end = match (number, ticket) {
        (Some(number), None) => End::Issued(number),
        (None, Some(ticket)) => End::Counter(ticket),
        (Some(_), Some(_)) | (None, None) => return Err(StoreError::Damaged("outcome")),
    };
    Ok(Some(StoredOutcome { end, shown_from: super::instant(shown_from) }))
}
