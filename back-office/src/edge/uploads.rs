//! What one kiosk may leave here without a manifest that waits for the core, and kiosks of which the core said that they are
//! suspended: they hold everything themselves, and bring it again when they may.
//! Invariants: who opened an upload is durable before its first byte is taken; one whole submission of the largest kind always
//! fits (the default of `limits.kiosk_unnamed_bytes`); what is named by a waiting manifest is not counted.
//! Not here: how much all of them together may leave (`kiosk_api::pressure`), when blobs without a manifest go (`push`).

use super::Edge;
use super::shelf::Shelf;
use crate::blobs::{BlobError, Blobs};
use crate::listen::PeerKiosk;
use crate::problem::ApiProblem;
use crate::store::StoreError;
use axum::extract::{Request, State};
use axum::http::{HeaderName, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::ids::KioskId;
use jiff::{SignedDuration, Timestamp};
use rusqlite::params;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use wire::digest::Digest;
use wire::problem::Slug;
use wire::upload::{Upload, number, promised};

/// An upload counts for at least so much, also one of no bytes yet: files cost, too.
const LEAST: u64 = 64 << 10;
/// How long the core's word on a kiosk stands without being said again. What waits of it is asked for more often than this.
const STANDS: Duration = Duration::from_secs(600);
/// When a kiosk that has left too much may come again, seconds.
const LATER: u64 = 60;
/// An upload is not forgotten before this: it may be about to begin.
const YOUNG: SignedDuration = SignedDuration::from_hours(1);

/// Kiosks of which the core said that they are suspended, and when.
#[derive(Default)]
pub(super) struct Suspended(Mutex<BTreeMap<KioskId, Instant>>);

impl Suspended {
    fn kiosks(&self) -> std::sync::MutexGuard<'_, BTreeMap<KioskId, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The core said so.
    pub(super) fn said(&self, kiosk: &KioskId, now: Instant) {
        self.kiosks().insert(kiosk.clone(), now);
    }

    /// The core took something of it.
    pub(super) fn lifted(&self, kiosk: &KioskId) {
        self.kiosks().remove(kiosk);
    }

    /// Whether it is, as far as is known here.
    pub(super) fn stands(&self, kiosk: &KioskId, now: Instant) -> bool {
        self.kiosks().get(kiosk).is_some_and(|said| now.duration_since(*said) < STANDS)
    }
}

/// Takes an upload of a kiosk in, or tells why it must wait.
pub(super) async fn keep(State(edge): State<Arc<Edge>>, request: Request, next: Next) -> Response {
    let sends = [Method::POST, Method::PATCH].contains(request.method());
    let Some(peer) = request.extensions().get::<PeerKiosk>().filter(|_| sends) else { return next.run(request).await };
    let kiosk = peer.named.kiosk.clone();
    if edge.suspended.stands(&kiosk, Instant::now()) {
        return ApiProblem::of(Slug::DeviceSuspended).into_response();
    }
    // What is malformed or too large is told by the upload itself, and leaves nothing.
    let Some(upload) = opened(&request).filter(|upload| upload.length <= edge.blobs.most()) else {
        return next.run(request).await;
    };
    let most = edge.loaded.config.limits.kiosk_unnamed_bytes;
    match edge.shelf.opened(&kiosk, &upload, most, ambient::now()).await {
        Ok(true) => next.run(request).await,
        Ok(false) => {
            tracing::warn!(%kiosk, most, "so much of this kiosk waits for its manifests that no upload is opened for it");
            let refused = ApiProblem::of(Slug::SlowDown).after(LATER);
            refused.detail("Too much waits here without a manifest; put the manifests first.").into_response()
        }
        Err(error) => ApiProblem::from(error).into_response(),
    }
}

/// The upload that a request opens; `None` for a piece.
fn opened(request: &Request) -> Option<Upload> {
    let header = |name: &'static str| request.headers().get(HeaderName::from_static(name))?.to_str().ok();
    let upload = Upload { digest: promised(header("upload-metadata")?)?, length: number(header("upload-length")?)? };
    (request.method() == Method::POST).then_some(upload)
}

impl Shelf {
    /// Notes who opens an upload; `false`: then it would leave more than `most` bytes here that no waiting manifest names.
    async fn opened(&self, kiosk: &KioskId, upload: &Upload, most: u64, now: Timestamp) -> Result<bool, StoreError> {
        let (kiosk, upload) = (kiosk.clone(), upload.clone());
        self.store
            .write(move |c| {
                let (digest, bytes) = (upload.digest.as_str(), i64::try_from(upload.length).unwrap_or(i64::MAX));
                let known = "SELECT EXISTS (SELECT 1 FROM upload WHERE kiosk = $1 AND sha256 = $2 AND bytes = $3)";
                if c.prepare_cached(known)?.query_row(params![kiosk.as_str(), digest, bytes], |row| row.get(0))? {
                    return Ok(true);
                }
                let unnamed = "SELECT COALESCE(SUM(MAX(bytes, $1)), 0) FROM upload WHERE kiosk = $2 AND NOT EXISTS
                    (SELECT 1 FROM relayed_part JOIN relayed USING (seq)
                        WHERE sha256 = upload.sha256 AND receipt IS NULL AND refusal IS NULL)";
                let least = i64::try_from(LEAST).unwrap_or(i64::MAX);
                let left: i64 =
                    c.prepare_cached(unnamed)?.query_row(params![least, kiosk.as_str()], |row| row.get(0))?;
                let left = u64::try_from(left).unwrap_or(u64::MAX);
                if left.saturating_add(upload.length.max(LEAST)) > most {
                    return Ok(false);
                }
                c.prepare_cached("INSERT INTO upload (kiosk, sha256, bytes, opened_at) VALUES ($1, $2, $3, $4)")?
                    .execute(params![kiosk.as_str(), digest, bytes, now.as_millisecond()])?;
                Ok(true)
            })
            .await
    }

    /// Uploads that were opened some time ago, whoever did.
    async fn uploads(&self, now: Timestamp) -> Result<Vec<Upload>, StoreError> {
        let before = (now - YOUNG).as_millisecond();
        self.store
            .read(move |c| {
                let mut statement =
                    c.prepare_cached("SELECT DISTINCT sha256, bytes FROM upload WHERE opened_at < $1")?;
                let rows = statement.query_map([before], |row| Ok((row.get(0)?, row.get(1)?)))?;
                rows.map(|row| {
                    let (digest, bytes): (String, i64) = row?;
                    let digest = Digest::try_from(digest).map_err(|_| StoreError::Damaged("digest"))?;
                    Ok(Upload { digest, length: u64::try_from(bytes).map_err(|_| StoreError::Damaged("bytes"))? })
                })
                .collect()
            })
            .await
    }

    async fn forget_uploads(&self, gone: Vec<Upload>) -> Result<(), StoreError> {
        self.store
            .write(move |c| {
                let mut delete = c.prepare_cached("DELETE FROM upload WHERE sha256 = $1 AND bytes = $2")?;
                for upload in gone {
                    delete
                        .execute(params![upload.digest.as_str(), i64::try_from(upload.length).unwrap_or(i64::MAX)])?;
                }
                Ok(())
            })
            .await
    }
}

/// Forgets uploads of which nothing lies here any more.
pub(super) async fn forget_gone(edge: &Edge) {
    if let Err(error) = forget(&edge.shelf, edge.blobs.clone(), ambient::now()).await {
        tracing::warn!(%error, "uploads that are gone could not be forgotten");
    }
}

async fn forget(shelf: &Shelf, blobs: Blobs, now: Timestamp) -> Result<(), StoreError> {
    let uploads = shelf.uploads(now).await?;
    let gone = tokio::task::spawn_blocking(move || {
        let gone = |upload: &Upload| {
            matches!(blobs.offset(upload), Err(BlobError::Gone | BlobError::WrongDigest | BlobError::NotSealed))
        };
        uploads.into_iter().filter(gone).collect::<Vec<Upload>>()
    });
    match gone.await.unwrap_or_default() {
        gone if gone.is_empty() => Ok(()),
        gone => shelf.forget_uploads(gone).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload(name: &str) -> Upload {
        Upload { digest: Digest::of(name.as_bytes()), length: 1000 }
    }

    #[tokio::test]
    async fn what_is_gone_gives_its_room_back_and_what_is_begun_or_young_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path(), 10_000).unwrap();
        let shelf = Shelf::open(&folder.path().join("edge.db"), 16).unwrap();
        let (kiosk, now) = (KioskId::new("yunqiao-1"), ambient::now());
        let opened = async |name: &str, at| shelf.opened(&kiosk, &upload(name), 3 * LEAST, at).await.unwrap();
        let long_ago = now - SignedDuration::from_hours(2);
        assert!(opened("gone", long_ago).await && opened("begun", long_ago).await && opened("young", now).await);
        blobs.create(&upload("begun")).unwrap();
        assert!(!opened("next", now).await);
        forget(&shelf, blobs.clone(), now).await.unwrap();
        assert!(opened("next", now).await, "the room of one that is gone");
        assert!(!opened("another", now).await, "and of no other");
        assert!(opened("begun", now).await && opened("young", now).await, "known, so nothing more is counted");
    }

    #[test]
    fn the_cores_word_on_a_kiosk_stands_for_a_while_and_until_it_takes_something() {
        let (suspended, kiosk, now) = (Suspended::default(), KioskId::new("yunqiao-1"), Instant::now());
        assert!(!suspended.stands(&kiosk, now));
        suspended.said(&kiosk, now);
        assert!(suspended.stands(&kiosk, now + STANDS - Duration::from_secs(1)));
        assert!(!suspended.stands(&kiosk, now + STANDS));
        suspended.said(&kiosk, now + STANDS);
        suspended.lifted(&kiosk);
        assert!(!suspended.stands(&kiosk, now + STANDS));
    }
}
