//! The one thread that writes: it takes what waits into one transaction, and answers once that is durable.
//! Invariants: a job is a savepoint; when a group comes to nothing, each of its jobs is told so, and the one that was why is told
//! its own error; headers are durable in custody
//! before the rows that need them.
//! Not here: who hands jobs in (`super::Store`).

use super::{StoreError, in_savepoint};
use crate::custody::keys::Keys;
use rusqlite::Connection;
use std::sync::mpsc::Receiver;
use tokio::sync::oneshot;

/// Most jobs in one commit.
const GROUP: usize = 256;

type Finish = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// Does its work, and gives what is to be called with what became of the commit.
pub(super) type Job = Box<dyn FnOnce(&mut Connection, &mut Keys) -> Finish + Send>;

/// A job of one's own as one for the writer, and where its answer arrives.
pub(super) fn job<T, E>(
    work: impl FnOnce(&Connection, &mut Keys) -> Result<T, E> + Send + 'static,
) -> (Job, oneshot::Receiver<Result<T, E>>)
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let (answer, answered) = oneshot::channel::<Result<T, E>>();
    let run: Job = Box::new(move |connection, keys| {
        keys.begin_job();
        let result = in_savepoint(connection, |c| work(c, keys));
        keys.end_job(result.is_ok());
        let undid_all = connection.is_autocommit();
        Box::new(move |committed: Result<(), StoreError>| {
            let _ = answer.send(match committed {
                Ok(()) => result,
                // Its own error is why.
                Err(_) if undid_all => result,
                Err(error) => Err(error.into()),
            });
        })
    });
    (run, answered)
}

/// Works until nobody can hand in any more.
pub(super) fn run(mut connection: Connection, mut keys: Keys, jobs: &Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let mut finish = Vec::new();
        let committed = group(&mut connection, &mut keys, first, jobs, &mut finish);
        if let Err(error) = &committed {
            tracing::error!(%error, jobs = finish.len(), "a group was not committed");
            if !connection.is_autocommit() {
                let _ = connection.execute_batch("ROLLBACK");
            }
            keys.abandon();
        }
        keys.forget();
        for answer in finish {
            answer(committed.clone());
        }
    }
}

fn group(
    connection: &mut Connection,
    keys: &mut Keys,
    first: Job,
    jobs: &Receiver<Job>,
    finish: &mut Vec<Finish>,
) -> Result<(), StoreError> {
    // In SQL, as a `Transaction` value would borrow the connection for all jobs at once.
    if let Err(error) = connection.execute_batch("BEGIN IMMEDIATE") {
        finish.push(Box::new(move |_| drop(first)));
        return Err(error.into());
    }
    let mut next = Some(first);
    while let Some(job) = next {
        finish.push(job(connection, keys));
        if connection.is_autocommit() {
            return Err(StoreError::Undone);
        }
        next = if finish.len() < GROUP { jobs.try_recv().ok() } else { None };
    }
    // Headers first: a crash between the two leaves a header without a row, never a row without its header.
    keys.commit()?;
    connection.execute_batch("COMMIT")?;
    Ok(())
}
