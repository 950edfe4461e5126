//! What nobody will ever ask for: uploads without a submission, headers whose rows a crash kept from being written or from
//! going, and headers that a backup of custody brought back after their end.
//! Invariants: what the database says has ended goes whatever the clock says; what it does not know goes a week after it was
//! first missed, never because of its age, never while the clock is not sure, and never when so many are missed that rather the
//! database is the wrong one: then all stay, and a person looks; what nobody knows is named in a durable leaf before it goes.
//! Not here: the end of a case (`super`).

use super::{Places, RetentionError};
use crate::custody::keys::Keys;
use crate::custody::split::Owner;
use crate::store::retention::{self, Fate};
use crate::store::retention_clock::Permit;
use crate::store::{StoreError, audit};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use wire::digest::Digest;

/// How long a blob waits for its owner, and an owner to be known.
const STRAY: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Owners looked at in one job.
const OWNERS_AT_ONCE: u32 = 500;
/// More unknown owners than this no crash leaves for a week: what it cut off comes again from the kiosk, under the same id. A
/// database that lacks a day lacks more.
const FEW: usize = 20;

/// What a walk over the owners found.
#[derive(Default)]
struct Walked {
    owners: usize,
    unknown: Vec<Owner>,
    gone: usize,
}

impl Walked {
    /// Whether so many are unknown that rather the database is not the one of these keys.
    fn is_another_database(&self) -> bool {
        self.unknown.len() > FEW
    }
}

impl Places {
    /// Throws away what nobody will ask for; gives how many. A kiosk that comes back uploads again.
    ///
    /// # Errors
    /// [`RetentionError`]; the rest goes next time.
    pub async fn sweep_strays(&self, permit: &Permit) -> Result<usize, RetentionError> {
        let walked = self.walk().await?;
        let mut gone = walked.gone;
        if permit.clock_is_sure() {
            let before = permit.now() - STRAY;
            let loose = self.store.write_keyed::<_, StoreError>(move |_, keys| keys.forget_loose(before)).await?;
            gone += loose.len();
            self.erase_blobs(loose).await?;
            gone += self.sweep_unknown(walked, permit).await?;
        }
        let blobs = self.blobs.clone();
        let swept = tokio::task::spawn_blocking(move || blobs.sweep_uploads()).await;
        swept.map_err(|_| RetentionError::Stopped)??;
        self.settle_or_owe().await;
        Ok(gone)
    }

    /// Looks at every owner of a header; what has ended goes.
    async fn walk(&self) -> Result<Walked, RetentionError> {
        let (mut walked, mut last) = (Walked::default(), Owner::NOBODY);
        loop {
            let owners = self.custody.owners(&last, OWNERS_AT_ONCE)?;
            let Some(end) = owners.last().cloned() else { return Ok(walked) };
            last = end;
            walked.owners += owners.len();
            let fates = self.store.read::<_, StoreError>(move |c| retention::fates(c, owners)).await?;
            let mut over = Vec::new();
            for (owner, fate) in fates {
                match fate {
                    Fate::Kept => {}
                    Fate::Unknown => walked.unknown.push(owner),
                    Fate::Ended => over.push(owner),
                    Fate::Emptied if self.custody.has_columns(&owner)? => over.push(owner),
                    Fate::Emptied => {}
                }
            }
            if !over.is_empty() {
                let (gone, parts) =
                    self.store.write_keyed::<_, StoreError>(move |c, keys| forget(c, keys, over)).await?;
                walked.gone += gone;
                self.erase_blobs(parts).await?;
            }
        }
    }

    /// Headers whose owners have been unknown for a week go, when they are a few.
    async fn sweep_unknown(&self, walked: Walked, permit: &Permit) -> Result<usize, RetentionError> {
        let (now, unknown, owners) = (permit.now(), walked.unknown.len(), walked.owners);
        if walked.is_another_database() {
            tracing::error!(
                unknown,
                owners,
                "custody holds keys of owners that the database does not know: it is another or an older one. No such key \
                 is erased. Put the right database back; see docs/disaster.md"
            );
            let details = serde_json::json!({ "unknown": unknown, "owners": owners });
            let told = move |c: &Connection, keys: &mut Keys| {
                keys.mark_unknown_anew(&walked.unknown, now)?;
                audit::append(c, now, "office", "strays-kept", "custody", details)
            };
            self.store.write_keyed::<_, StoreError>(told).await?;
            return Ok(0);
        }
        let begin = move |c: &Connection, keys: &mut Keys| {
            // Looked at inside the writer's job: whoever is being written now is known there.
            keys.mark_unknown(&retention::unknown(c, walked.unknown)?, now)?;
            let due = keys.unknown_since(now - STRAY)?;
            if !due.is_empty() {
                note(c, now, "strays-ending", &due, &keys.filed_parts(&due)?)?;
            }
            Ok(due)
        };
        let due = self.store.write_keyed::<_, StoreError>(begin).await?;
        let (gone, parts) = if due.is_empty() { (0, Vec::new()) } else { self.end(due, now).await? };
        if unknown > 0 {
            tracing::warn!(unknown, gone, "keys of owners that the database does not know go after a week");
        }
        self.erase_blobs(parts).await?;
        Ok(gone)
    }

    /// Takes the headers of these away, when they are unknown still; gives how many there were, and their blobs. Their names are
    /// in a leaf that is durable: custody commits before the database, and a crash in between would take them along.
    async fn end(&self, due: Vec<Owner>, now: Timestamp) -> Result<(usize, Vec<Digest>), RetentionError> {
        let job = move |c: &Connection, keys: &mut Keys| {
            let due = retention::unknown(c, due)?;
            let parts = keys.filed_parts(&due)?;
            let gone = keys.forget_owners(&due)?;
            note(c, now, "strays-ended", &due, &parts)?;
            Ok((gone, parts))
        };
        Ok(self.store.write_keyed::<_, StoreError>(job).await?)
    }

    /// Erases blobs that nobody owns any more.
    async fn erase_blobs(&self, parts: Vec<Digest>) -> Result<(), RetentionError> {
        let blobs = self.blobs.clone();
        let erased = tokio::task::spawn_blocking(move || {
            parts.iter().try_for_each(|part| blobs.erase_if_unowned(part).map(drop))
        });
        Ok(erased.await.map_err(|_| RetentionError::Stopped)??)
    }
}

/// The leaf about these owners and their blobs.
fn note(
    connection: &Connection,
    now: Timestamp,
    action: &str,
    owners: &[Owner],
    parts: &[Digest],
) -> Result<(), StoreError> {
    let owners: Vec<&str> = owners.iter().map(Owner::as_str).collect();
    audit::append(connection, now, "office", action, "custody", serde_json::json!({ "owners": owners, "parts": parts }))
}

/// Forgets what has ended, looked at once more; gives how many headers, and their blobs.
fn forget(connection: &Connection, keys: &mut Keys, over: Vec<Owner>) -> Result<(usize, Vec<Digest>), StoreError> {
    let (mut gone, mut parts) = (0, Vec::new());
    for (owner, fate) in retention::fates(connection, over)? {
        match fate {
            Fate::Kept | Fate::Unknown => {}
            Fate::Emptied => gone += keys.forget_columns(&owner)?,
            Fate::Ended => {
                let owner = [owner];
                parts.extend(keys.filed_parts(&owner)?);
                gone += keys.forget_owners(&owner)?;
            }
        }
    }
    Ok((gone, parts))
}
