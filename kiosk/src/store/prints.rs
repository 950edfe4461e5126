//! The print journal: which attempt of a paper was begun last, and whether the printer said how it ended.
//! Invariants: an attempt is durable before the printer hears of it; an attempt without an end (a crash, a printer that
//! waits for paper) is taken up again under its own name, so that no paper is spent twice; an ended one is never taken
//! for a new one, so that nothing counts as printed that was not. A document's name tells its code, nothing personal.
//! Not here: asking the printer (`effects::papers`).

use super::Store;
use super::error::StoreError;
use rusqlite::{OptionalExtension as _, params};

/// Papers remembered; a kiosk prints a few hundred a day.
const KEPT: i64 = 1000;

impl Store {
    /// The number of the attempt to make now, from 1: the last one when its end is unknown, else the next.
    ///
    /// # Errors
    /// The store's.
    pub fn begin_print(&self, document: &str) -> Result<u32, StoreError> {
        let document = document.to_owned();
        self.writer.call(move |db| {
            let last: Option<(u32, bool)> = db
                .prepare_cached("SELECT attempt, ended FROM prints WHERE document = $1")?
                .query_row(params![document], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let attempt = match last {
                None => 1,
                Some((attempt, false)) => return Ok(attempt),
                Some((attempt, true)) => attempt + 1,
            };
            db.prepare_cached(
                "INSERT INTO prints (document, attempt, ended) VALUES ($1, $2, 0)
                 ON CONFLICT (document) DO UPDATE SET attempt = $2, ended = 0",
            )?
            .execute(params![document, attempt])?;
            db.prepare_cached("DELETE FROM prints WHERE sequence <= (SELECT MAX(sequence) FROM prints) - $1")?
                .execute(params![KEPT])?;
            Ok(attempt)
        })
    }

    /// The printer said how this attempt ended; the next print of the paper is a new one.
    ///
    /// # Errors
    /// The store's.
    pub fn end_print(&self, document: &str, attempt: u32) -> Result<(), StoreError> {
        let document = document.to_owned();
        self.writer.call(move |db| {
            db.prepare_cached("UPDATE prints SET ended = 1 WHERE document = $1 AND attempt = $2")?
                .execute(params![document, attempt])?;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_without_an_end_is_taken_up_again_after_a_crash_and_an_ended_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        assert_eq!(store.begin_print("receipt-A").unwrap(), 1);
        drop(store);
        let store = Store::open(folder.path()).unwrap();
        assert_eq!(store.begin_print("receipt-A").unwrap(), 1, "the printer may still have it");
        assert_eq!(store.begin_print("receipt-B").unwrap(), 1);
        store.end_print("receipt-A", 1).unwrap();
        drop(store);
        let store = Store::open(folder.path()).unwrap();
        assert_eq!(store.begin_print("receipt-A").unwrap(), 2, "a reprint is a new job");
        // A late word about an older attempt does not end the running one.
        store.end_print("receipt-A", 1).unwrap();
        assert_eq!(store.begin_print("receipt-A").unwrap(), 2);
    }

    #[test]
    fn old_papers_are_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        for number in 0..=KEPT {
            store.begin_print(&format!("receipt-{number}")).unwrap();
        }
        let kept: i64 =
            store.writer.call(|db| Ok(db.query_row("SELECT COUNT(*) FROM prints", [], |row| row.get(0))?)).unwrap();
        assert_eq!(kept, KEPT);
    }
}
