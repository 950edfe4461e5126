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
/// The job's own error, or the engine's. Where no transaction is open afterwards, this error is why: all of it is undone.
pub fn in_savepoint<T, E: From<StoreError>>(
    connection: &mut Connection,
    job: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    begin(connection)?;
    let done = job(connection);
    // A disk that is full or fails makes the engine undo all of it (SQLite, "Transaction", section 2.5).
    if connection.is_autocommit() {
        return done.and(Err(StoreError::Undone.into()));
    }
    if let Err(error) = end(connection, done.is_ok()) {
        // A rollback that fails is done again by the recovery at the next start.
        let _ = run(connection, "ROLLBACK");
        return Err(error.into());
    }
    done
}

fn run(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_told_from_the_rest_goes_with_the_rest() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE note (id INTEGER PRIMARY KEY); BEGIN IMMEDIATE").unwrap();
        let note = |c: &Connection| Ok::<_, StoreError>(c.execute("INSERT INTO note DEFAULT VALUES", [])?);
        assert_eq!(in_savepoint(&mut connection, note).unwrap(), 1);
        let ends_itself = |c: &Connection| {
            note(c)?;
            Ok::<_, StoreError>(c.execute_batch("RELEASE job")?)
        };
        let told = in_savepoint(&mut connection, ends_itself).unwrap_err();
        assert!(told.to_string().contains("no such savepoint"), "{told}");
        assert!(connection.is_autocommit());
        let kept: i64 = connection.query_row("SELECT COUNT(*) FROM note", [], |row| row.get(0)).unwrap();
        assert_eq!(kept, 0);
    }
}
