//! One job within a transaction that others share: all of it or nothing.
//! Not here: the transaction itself (`super::writer`, `crate::custody::keys`).

use super::StoreError;
use rusqlite::Connection;

/// What comes from now on belongs to one job.
///
/// # Errors
/// The engine's.
pub(crate) fn begin(connection: &Connection) -> Result<(), StoreError> {
    run(connection, "SAVEPOINT job")
}

/// The job has ended: what it did joins the rest, or is undone when it is not `done`.
///
/// # Errors
/// The engine's. Then what it did cannot be told from the rest any more, and the rest must not be committed.
pub(crate) fn end(connection: &Connection, done: bool) -> Result<(), StoreError> {
    if !done {
        run(connection, "ROLLBACK TO job")?;
    }
    run(connection, "RELEASE job")
}

/// Runs a job as the writer does.
///
/// # Errors
/// The job's own error, or the engine's.
pub fn in_savepoint<T, E: From<StoreError>>(
    connection: &mut Connection,
    job: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    begin(connection)?;
    let done = job(connection);
    if let Err(error) = end(connection, done.is_ok()) {
        // The whole transaction goes, which the writer sees. Nothing is left to roll back where the engine has undone it by
        // itself.
        let _ = run(connection, "ROLLBACK");
        return done.and(Err(error.into()));
    }
    done
}

fn run(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}
