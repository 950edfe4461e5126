//! Work that the office's machine still has to do for a submission: open it, check it, issue or queue.
//! Invariants: a row appears in the intake's transaction and goes in the one that writes the outcome: a crash between
//! repeats the work, never skips it.

use super::StoreError;
use domain::ids::SubmissionId;
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// Notes that work waits.
///
/// # Errors
/// The store's.
pub fn add(connection: &Connection, submission: SubmissionId, now: Timestamp) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO work (submission, tries, not_before, last_error) VALUES ($1, 0, $2, NULL)")?
        .execute(params![submission.to_string(), now.as_millisecond()])?;
    Ok(())
}

/// Submissions whose work may start now, oldest first.
///
/// # Errors
/// The store's.
pub fn waiting(connection: &Connection, now: Timestamp, most: u32) -> Result<Vec<SubmissionId>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT submission FROM work WHERE not_before <= $1 ORDER BY not_before, submission LIMIT $2",
    )?;
    let rows = statement.query_map(params![now.as_millisecond(), most], |row| {
        Ok(SubmissionId(super::parse_uuid(&row.get::<_, String>(0)?)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether work still waits for this submission.
///
/// # Errors
/// The store's.
pub fn is_open(connection: &Connection, submission: SubmissionId) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM work WHERE submission = $1")?
        .exists(params![submission.to_string()])?)
}

/// The work is done; its result is written by the same transaction.
///
/// # Errors
/// The store's.
pub fn done(connection: &Connection, submission: SubmissionId) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM work WHERE submission = $1")?.execute(params![submission.to_string()])?;
    Ok(())
}

/// The work failed for a reason of ours (disk, store): try again at `next`.
///
/// # Errors
/// The store's.
pub fn failed(
    connection: &Connection,
    submission: SubmissionId,
    error: &str,
    next: Timestamp,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE work SET tries = tries + 1, last_error = $1, not_before = $2 WHERE submission = $3")?
        .execute(params![error, next.as_millisecond(), submission.to_string()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_failed_waits_until_its_time_and_keeps_the_reason() {
        let mut connection = Connection::open_in_memory().unwrap();
        super::super::migrations::run(&mut connection).unwrap();
        connection.pragma_update(None, "foreign_keys", "OFF").unwrap();
        let at = |second| Timestamp::from_second(second).unwrap();
        let [one, other] = [1, 2].map(|number| SubmissionId(uuid::Uuid::from_u128(number)));
        add(&connection, one, at(100)).unwrap();
        add(&connection, other, at(100)).unwrap();
        failed(&connection, one, "disk", at(200)).unwrap();
        assert_eq!(waiting(&connection, at(199), 9).unwrap(), [other]);
        assert_eq!(waiting(&connection, at(200), 9).unwrap(), [other, one]);
        let (tries, why): (i64, String) = connection
            .query_row("SELECT tries, last_error FROM work WHERE submission = $1", params![one.to_string()], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        assert_eq!((tries, why.as_str()), (1, "disk"));
    }
}
