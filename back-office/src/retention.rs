//! The end of a case's retention: crypto-erasure, in an order that a crash at any point only delays.
//! Invariants: first a leaf says that a case is being erased; then its keys go from custody, with the log of custody emptied:
//! from that moment no copy of database and blobs opens anything of it; then its files and words go, and a leaf names the
//! submissions and parts that ended and how many keys; then the database's log is emptied, too. Receipt, manifest and leaves stay:
//! a replay is answered as before. Nothing new begins to end without a permit: clock and rule must be sure.
//! Not here: which cases are over their time (`store::retention`), when clock and rule are sure (`store::retention_clock`).

use crate::blobs::{BlobError, Blobs};
use crate::custody::Custody;
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::store::retention::{self, Standing};
use crate::store::retention_clock::{self, Permit, Rule};
use crate::store::{Store, StoreError, audit};
use axum::http::StatusCode;
use domain::ids::{CaseId, SubmissionId};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use std::io;
use std::path::PathBuf;
use wire::problem::Retry;

mod strays;
#[cfg(test)]
mod tests;

/// Why an erasure is not over yet. It is gone on with by the next sweep.
#[derive(Debug, thiserror::Error)]
pub enum RetentionError {
    /// The store, or custody.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file that does not go.
    #[error("disk: {0}")]
    Disk(#[from] io::Error),
    /// A blob that does not go.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The work was stopped.
    #[error("stopped")]
    Stopped,
}

/// A case that was erased: what may still be remembered of it is to be forgotten.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Which.
    pub case: CaseId,
    /// Its submissions.
    pub submissions: Vec<SubmissionId>,
}

/// Where everything of a case lies.
#[derive(Clone)]
pub struct Places {
    /// Rows.
    pub store: Store,
    /// Keys.
    pub custody: Custody,
    /// Payloads.
    pub blobs: Blobs,
    /// Folder of papers.
    pub issued: PathBuf,
}

impl Places {
    /// Those of an office.
    pub fn of(office: &Office) -> Self {
        let issued = office.loaded.path(&office.loaded.config.store.data).join("issued");
        Self { store: office.store.clone(), custody: office.custody.clone(), blobs: office.blobs.clone(), issued }
    }

    /// Looks whether clock and rule are sure enough to end anything.
    ///
    /// # Errors
    /// The store's.
    pub async fn look(&self, rule: Rule, now: Timestamp) -> Result<Permit, RetentionError> {
        Ok(self.store.write::<_, StoreError>(move |c| retention_clock::look(c, rule, now)).await?)
    }

    /// Erases the cases whose time is over, as far as the permit goes, and ends what a crash left half done. A case that cannot
    /// be erased is told and keeps no other from it.
    ///
    /// # Errors
    /// [`RetentionError`]; what was begun is gone on with next time.
    pub async fn sweep(&self, permit: &Permit) -> Result<Vec<Ended>, RetentionError> {
        let now = permit.now();
        let mut going = self.store.read::<_, StoreError>(retention::on_the_way).await?;
        if let Some(rule) = permit.rule() {
            for case in self.over(rule, now, going.len()).await? {
                match self.begin(case, rule.days, now).await {
                    Ok(()) => going.push(case),
                    Err(error) => tracing::error!(%case, %error, "the end of a case cannot begin"),
                }
            }
        }
        if going.is_empty() {
            return Ok(Vec::new());
        }
        self.end_keys(&going).await?;
        let mut ended = Vec::new();
        for case in going {
            match self.finish(case, now).await {
                Ok(submissions) => ended.push(Ended { case, submissions }),
                Err(error) => tracing::error!(%case, %error, "a case is not erased yet; it is tried again"),
            }
        }
        self.settle_or_owe().await;
        Ok(ended)
    }

    /// Which cases are to begin: those that are over their time, and no more than the rule allows within a day.
    async fn over(&self, rule: Rule, now: Timestamp, going: usize) -> Result<Vec<CaseId>, RetentionError> {
        let before = now - SignedDuration::from_hours(24 * i64::from(rule.days));
        let over = self.store.read::<_, StoreError>(move |c| {
            let found = retention::over(c, before, rule.most_per_day)?;
            if found.is_empty() {
                return Ok(found);
            }
            let erased = retention::erased_since(c, now - SignedDuration::from_hours(24))? as usize;
            let left = (rule.most_per_day as usize).saturating_sub(erased + going);
            Ok(found.into_iter().take(left).collect())
        });
        Ok(over.await?)
    }

    /// As [`Self::settle`]; what is erased is erased, and a log that is in use now is emptied by one of the next sweeps.
    pub async fn settle_or_owe(&self) {
        if let Err(error) = self.settle().await {
            tracing::warn!(%error, "what was erased may still be in a log, which is in use; it is emptied by the next sweep");
        }
    }

    /// Whether something was erased that a log may still hold.
    pub fn is_unsettled(&self) -> bool {
        self.custody.is_unsettled() || self.store.is_unsettled()
    }

    /// Empties the logs of custody and database: what was erased is then in neither.
    ///
    /// # Errors
    /// The store's; also while somebody reads an older state for long.
    pub async fn settle(&self) -> Result<(), RetentionError> {
        let (custody, store) = (self.custody.clone(), self.store.clone());
        let settled = tokio::task::spawn_blocking(move || custody.settle().and_then(|()| store.settle())).await;
        Ok(settled.map_err(|_| RetentionError::Stopped)??)
    }

    /// The first step: the leaf that says so.
    ///
    /// # Errors
    /// The store's.
    pub async fn begin(&self, case: CaseId, days: u32, now: Timestamp) -> Result<(), RetentionError> {
        let custody = self.custody.clone();
        let begun = self.store.write::<_, StoreError>(move |c| {
            let estate = retention::estate(c, case)?;
            let keys = custody.count(&estate.owners)?;
            if retention::begin(c, case, keys)? {
                let details = serde_json::json!({ "days": days, "keys": keys, "parts": estate.parts.len() });
                audit::append(c, now, "office", "erasing", &format!("case:{case}"), details)?;
            }
            Ok(())
        });
        Ok(begun.await?)
    }

    /// The second step: the keys of these cases go, and nothing of them stays in custody's files.
    ///
    /// # Errors
    /// The store's; also while another connection keeps custody's log from being emptied.
    pub async fn end_keys(&self, cases: &[CaseId]) -> Result<(), RetentionError> {
        let cases = cases.to_vec();
        let ended = self.store.write_keyed::<_, StoreError>(move |c, keys| {
            for case in cases {
                // Whoever was held back, or was never begun, keeps its keys.
                if retention::standing(c, case)? != Standing::Erasing {
                    continue;
                }
                match retention::estate(c, case) {
                    Ok(estate) => drop(keys.forget_owners(&estate.owners)?),
                    Err(error) => tracing::error!(%case, %error, "the keys of a case are not erased yet"),
                }
            }
            Ok(())
        });
        ended.await?;
        let custody = self.custody.clone();
        let settled = tokio::task::spawn_blocking(move || custody.settle()).await;
        Ok(settled.map_err(|_| RetentionError::Stopped)??)
    }

    /// The last step: files and words go, and a leaf says what ended; gives the case's submissions.
    ///
    /// # Errors
    /// The disk's, the store's; also when a key is still there.
    pub async fn finish(&self, case: CaseId, now: Timestamp) -> Result<Vec<SubmissionId>, RetentionError> {
        let (inner, estate) =
            (self.clone(), self.store.read::<_, StoreError>(move |c| retention::estate(c, case)).await?);
        if self.custody.count(&estate.owners)? > 0 {
            return Err(StoreError::Custody("keys of a case that ends are still there".into()).into());
        }
        let (parts, papers) = (estate.parts.clone(), estate.papers.clone());
        let unlinked = tokio::task::spawn_blocking(move || {
            parts.iter().try_for_each(|part| inner.blobs.erase_if_unowned(part).map(drop))?;
            papers.iter().try_for_each(|number| inner.erase_paper(number))?;
            Ok::<_, RetentionError>(())
        });
        unlinked.await.map_err(|_| RetentionError::Stopped)??;
        let finished = self.store.write::<_, StoreError>(move |c| {
            finish(c, case, &estate, now)?;
            Ok(estate.submissions)
        });
        let finished = finished.await?;
        self.store.owe_settling();
        Ok(finished)
    }

    fn erase_paper(&self, number: &str) -> Result<(), RetentionError> {
        match std::fs::remove_file(self.issued.join(format!("{number}.kept"))) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

fn finish(connection: &Connection, case: CaseId, estate: &retention::Estate, now: Timestamp) -> Result<(), StoreError> {
    let Some(keys) = retention::finish(connection, case, estate, now)? else { return Ok(()) };
    let details = serde_json::json!({ "keys": keys, "parts": estate.parts, "submissions": estate.submissions });
    audit::append(connection, now, "office", "erased", &format!("case:{case}"), details)
}

/// What an officer is told of a case that is erased, or on its way.
///
/// # Errors
/// 410 `erased`, or the store's.
pub fn still_kept(connection: &Connection, case: CaseId) -> Result<(), ApiProblem> {
    match retention::standing(connection, case)? {
        Standing::Kept | Standing::Held => Ok(()),
        Standing::Erasing | Standing::Erased => Err(ApiProblem::new(
            "erased",
            StatusCode::GONE,
            Retry::Never,
            "This case was erased at the end of its retention",
        )
        .detail("已按保存期限销毁。编号、收件时间、回执和审计记录还在，内容不能再打开。")),
    }
}
