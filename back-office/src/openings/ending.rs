//! How openings end without becoming a case: lapsed after a time that nobody touched them; and erasing what is left.
//! Invariants: the content goes in the transaction that ends the opening; its files are named as doomed there and are
//! erased afterwards, keys first, again after a crash; a leaf tells that it ended, never what it held.

use crate::custody::keys::Keys;
use crate::custody::split::Owner;
use crate::office::Office;
use crate::store::openings::{self, OpeningId, State};
use crate::store::{StoreError, audit, submission_parts};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::sync::Arc;
use wire::digest::Digest;

/// Ends what nobody has touched for `days`; gives how many. Inside the caller's job.
///
/// # Errors
/// The store's.
pub fn lapse(connection: &Connection, keys: &mut Keys, days: u32, now: Timestamp) -> Result<usize, StoreError> {
    let before = now - SignedDuration::from_hours(24 * i64::from(days));
    let old = openings::untouched_since(connection, before)?;
    let lapsed = old.len();
    for mut opening in old {
        opening.state = State::Lapsed;
        opening.sealed = None;
        keys.forget_columns_after(opening.id.into());
        openings::update(connection, &mut opening)?;
        openings::doom_parts(connection, opening.id, &BTreeSet::new())?;
        let details = serde_json::json!({ "days": days, "submission": opening.submission });
        audit::append(connection, now, "office", "opening-lapsed", &format!("opening:{}", opening.id), details)?;
    }
    Ok(lapsed)
}

/// Erases a file that was made for an opening and is used for nothing: the opening ended, or changed, in the meantime.
/// Another act may have erased and forgotten it before it was on the disk, so it is named as doomed once more.
pub async fn erase_unused(office: &Arc<Office>, id: OpeningId, part: Digest) {
    let doomed = office.store.write::<_, StoreError>(move |c| openings::doom_part(c, id, &part)).await;
    if let Err(error) = doomed {
        tracing::error!(%error, "a file that nothing names is not erased");
    }
    erase_doomed(office).await;
}

/// Erases the files that are doomed; what fails is tried again by the next sweep.
pub async fn erase_doomed(office: &Arc<Office>) {
    if let Err(error) = erase(office).await {
        tracing::error!(%error, "files of an ended opening are not erased yet; it is tried again");
    }
}

async fn erase(office: &Arc<Office>) -> Result<(), StoreError> {
    let doomed = office.store.read(openings::doomed_parts).await?;
    if doomed.is_empty() {
        return Ok(());
    }
    // Keys first: from then on no copy of a file opens.
    let parts = doomed.clone();
    office
        .store
        .write_keyed::<_, StoreError>(move |_, keys| {
            for doomed in &parts {
                let visit = doomed.visit.map(Owner::from);
                let owners: Vec<Owner> = visit.into_iter().chain([Owner::from(doomed.opening)]).collect();
                keys.forget_part(&owners, &doomed.part)?;
            }
            Ok(())
        })
        .await?;
    let inner = Arc::clone(office);
    let erased = tokio::task::spawn_blocking(move || {
        let parts: BTreeSet<Digest> = doomed.into_iter().map(|doomed| doomed.part).collect();
        parts.into_iter().filter(|part| is_gone(&inner, part)).collect::<Vec<_>>()
    })
    .await
    .map_err(|_| StoreError::Stopped)?;
    office
        .store
        .write(move |c| {
            submission_parts::erase_doomed(c)?;
            openings::forget_parts(c, &erased)
        })
        .await
}

/// Erases a file, unless it has an owner still; `false` when the disk does not do it.
fn is_gone(office: &Office, part: &Digest) -> bool {
    office.blobs.erase_if_unowned(part).inspect_err(|error| tracing::error!(%error, "erase")).is_ok()
}
