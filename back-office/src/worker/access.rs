//! Notices that an administrator locked or unlocked an officer, or lets them begin anew: sessions end, and a leaf tells of it.
//! Invariants: a lock works at the next request already (`officer_api::door`); this ends what listens without asking, within
//! 30 seconds, and writes each change once, also one made while the office was down; claims are not touched: they end with
//! their lease, or a supervisor gives them away. Not here: locking, resetting (`yimenctl officer`).

use crate::office::Office;
use crate::officers::Officer;
use crate::sessions::Ended;
use crate::store::{StoreError, audit, factors, officer_locks, passkeys};
use domain::ids::OfficerId;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(10);

/// Looks until told to stop.
pub async fn run(office: Arc<Office>, mut stop: watch::Receiver<bool>) {
    loop {
        let inner = Arc::clone(&office);
        // Reading files may take a while; nobody waits for it here.
        let read = tokio::task::spawn_blocking(move || {
            let all = inner.officers.all();
            let lost = |officer: &&Officer| inner.officers.waits_for_reset(&officer.id);
            let to_reset: Vec<OfficerId> = all.iter().filter(lost).map(|officer| officer.id.clone()).collect();
            (all, to_reset)
        });
        let (all, to_reset) = read.await.unwrap_or_default();
        if let Err(error) = look(&office, all).await {
            tracing::error!(%error, "locks were not looked at; it is done again");
        }
        if let Err(error) = reset(&office, to_reset).await {
            tracing::error!(%error, "an officer's access was not reset; it is done again");
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            _ = stop.changed() => return,
        }
    }
}

async fn look(office: &Office, all: Vec<Officer>) -> Result<(), StoreError> {
    let known: BTreeSet<OfficerId> = all.iter().map(|officer| officer.id.clone()).collect();
    let locked: BTreeSet<OfficerId> =
        all.into_iter().filter(|officer| officer.locked).map(|officer| officer.id).collect();
    for officer in office.sessions.officers() {
        // A single unreadable moment of a file ends no session; a request would not pass either way.
        if locked.contains(&officer) {
            office.sessions.end_where(&officer, Ended::Locked, |_| true);
        }
    }
    let before = office.store.read::<_, StoreError>(officer_locks::all).await?;
    let now_locked: Vec<OfficerId> = locked.difference(&before).cloned().collect();
    let now_free: Vec<OfficerId> = before.difference(&locked).filter(|id| known.contains(*id)).cloned().collect();
    if now_locked.is_empty() && now_free.is_empty() {
        return Ok(());
    }
    let now = ambient::now();
    office
        .store
        .write::<_, StoreError>(move |c| {
            for (ids, lock, action) in [(&now_locked, true, "officer-locked"), (&now_free, false, "officer-unlocked")] {
                for id in ids {
                    officer_locks::set(c, id, lock, now)?;
                    audit::append(c, now, "office", action, &format!("officer:{id}"), json!({}))?;
                }
            }
            Ok(())
        })
        .await
}

/// Takes second factor and passkeys away from those who lost the way in. A crash before the file is gone does it once more.
async fn reset(office: &Office, waiting: Vec<OfficerId>) -> Result<(), StoreError> {
    for officer in waiting {
        let (id, now) = (officer.clone(), ambient::now());
        office
            .store
            .write::<_, StoreError>(move |c| {
                let factor = factors::remove(c, &id)?;
                let passkeys = passkeys::remove_all(c, &id)?;
                let details = json!({ "second_factor": factor, "passkeys": passkeys });
                audit::append(c, now, "office", "access-reset", &format!("officer:{id}"), details)
            })
            .await?;
        office.sessions.end_where(&officer, Ended::CredentialChanged, |_| true);
        if let Err(error) = office.officers.was_reset(&officer) {
            tracing::error!(%officer, %error, "the file that asks for a reset stays; it is done again");
        }
    }
    Ok(())
}
