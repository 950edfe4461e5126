//! The one thread that owns the database: it groups what is waiting into one FULL commit, then answers everybody.
//! Invariants: an answer leaves only after the commit; a job that fails undoes itself alone (savepoint); when the
//! database gives up the whole transaction (disk full), every job of the group fails with that reason.

use super::error::StoreError;
use rusqlite::Connection;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// Tells a caller how it ended, once the commit is known.
type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// Runs inside the transaction, or hears why there is none; `false` beside the answer undoes this job alone.
type Job = Box<dyn FnOnce(Result<&Connection, StoreError>) -> (bool, Answer) + Send>;

/// What the thread is asked for.
enum Wish {
    Job(Job),
    /// Move the log into the database and cut it to nothing: deleted keys must not live on there.
    TruncateLog(Sender<Result<(), StoreError>>),
}

/// Most jobs in one commit.
const GROUP: usize = 64;

/// The handle of the writer thread; the thread ends when it is dropped.
pub(super) struct Writer {
    wishes: Option<Sender<Wish>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(connection: Connection) -> Result<Self, StoreError> {
        let (wishes, waiting) = channel();
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || run(&connection, &waiting))
            .map_err(StoreError::from)?;
        Ok(Self { wishes: Some(wishes), thread: Some(thread) })
    }

    /// Runs `work` inside a transaction; returns when that transaction is durable.
    pub(super) fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = channel::<Result<T, StoreError>>();
        let job: Job = Box::new(move |connection| {
            let done = connection.and_then(work);
            let keep = done.is_ok();
            let tell: Answer = Box::new(move |committed| {
                // A caller that has gone needs no answer.
                let _ = answer.send(committed.and(done));
            });
            (keep, tell)
        });
        self.send(Wish::Job(job))?;
        answered.recv().map_err(|_| StoreError::Closed)?
    }

    /// Empties the write-ahead log into the database file.
    pub(super) fn truncate_log(&self) -> Result<(), StoreError> {
        let (answer, answered) = channel();
        self.send(Wish::TruncateLog(answer))?;
        answered.recv().map_err(|_| StoreError::Closed)?
    }

    fn send(&self, wish: Wish) -> Result<(), StoreError> {
        self.wishes.as_ref().ok_or(StoreError::Closed)?.send(wish).map_err(|_| StoreError::Closed)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.wishes = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(connection: &Connection, waiting: &Receiver<Wish>) {
    while let Ok(first) = waiting.recv() {
        let mut group = Vec::new();
        let mut truncations = Vec::new();
        for wish in std::iter::once(first).chain(waiting.try_iter().take(GROUP - 1)) {
            match wish {
                Wish::Job(job) => group.push(job),
                Wish::TruncateLog(answer) => truncations.push(answer),
            }
        }
        if !group.is_empty() {
            let mut answers = Vec::with_capacity(group.len());
            let ended = transaction(connection, group, &mut answers);
            for answer in answers {
                answer(ended.clone());
            }
        }
        if !truncations.is_empty() {
            let done =
                connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(StoreError::from);
            for answer in truncations {
                // A caller that has gone needs no answer.
                let _ = answer.send(done.clone());
            }
        }
    }
}

fn transaction(connection: &Connection, group: Vec<Job>, answers: &mut Vec<Answer>) -> Result<(), StoreError> {
    let mut broken = connection.execute_batch("BEGIN IMMEDIATE").err().map(StoreError::from);
    for job in group {
        let inside = match &broken {
            None => connection.execute_batch("SAVEPOINT job").map(|()| connection).map_err(StoreError::from),
            Some(error) => Err(error.clone()),
        };
        let ready = inside.is_ok();
        let (keep, answer) = job(inside);
        answers.push(answer);
        if broken.is_none() && connection.is_autocommit() {
            // The database rolled everything back by itself: it does that when it cannot go on.
            broken = Some(StoreError::DiskFull);
        } else if ready && broken.is_none() {
            let end = if keep { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" };
            broken = connection.execute_batch(end).err().map(StoreError::from);
        }
    }
    let ended = match broken {
        Some(error) => Err(error),
        None => connection.execute_batch("COMMIT").map_err(StoreError::from),
    };
    if ended.is_err() && !connection.is_autocommit() {
        // Nothing of the group stays; a rollback that fails leaves it to the recovery at the next start.
        let _ = connection.execute_batch("ROLLBACK");
    }
    ended
}
