//! Hands on to the core what lies here: oldest first, a few at once, until the receipt; by itself, as the kiosk may be gone.
//! Invariants: nothing is erased without the core's signed receipt over this very manifest, or a refusal for ever that the kiosk has
//! heard, nor while another item needs it; while the core is away one item at a time tries whether it is back.
//! Not here: what kiosks are told (`intake`).

use super::Edge;
use super::core::Setback;
use super::line::pause;
use super::shelf::Shelf;
use super::uploads;
use crate::blobs::{BlobError, Blobs};
use crate::kiosk_api::submissions::unverified;
use crate::store::StoreError;
use futures_util::FutureExt as _;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinSet;
use wire::digest::Digest;
use wire::problem::{KioskDoes, Problem, Retry, Slug};
use wire::receipt::Receipt;
use wire::signature::Signed;

/// First pause when the core does not answer.
const FIRST: Duration = Duration::from_millis(200);
/// So often the core may say "the same again" within one try.
const AGAIN: u32 = 3;
/// Between two looks for what nobody needs any more.
const TIDY: Duration = Duration::from_secs(3600);
/// A blob that nobody put a manifest for is kept so long.
const ORPHAN: Duration = Duration::from_secs(7 * 24 * 3600);

/// What a try came to.
enum Came {
    /// Answered for good, and durable here.
    Done,
    /// The core said later.
    Later(Problem, Option<Duration>),
    /// The core is away, or this edge's disk is in trouble: no fault of the item.
    Away(String),
    /// A fault of this program, met with this item.
    Fault,
}

/// What the core's word means for an item.
enum Means {
    Never,
    Again,
    Later,
}

fn means(problem: &Problem) -> Means {
    match Slug::of(problem.name()).map(|slug| slug.row().does) {
        Some(KioskDoes::Quarantine) => Means::Never,
        Some(KioskDoes::Restart | KioskDoes::Upload) => Means::Again,
        Some(KioskDoes::Pause | KioskDoes::EarlierFirst | KioskDoes::Wait | KioskDoes::Tell) => Means::Later,
        // A newer core may have other problems.
        None => match problem.retry {
            Retry::Never if (400..500).contains(&problem.status) => Means::Never,
            Retry::Same => Means::Again,
            Retry::Never | Retry::Later => Means::Later,
        },
    }
}

/// Runs until `stop` changes.
pub(super) async fn run(edge: Arc<Edge>, mut stop: watch::Receiver<bool>) {
    let longest = Duration::from_secs(edge.loaded.config.relay.longest_seconds);
    let mut tries = JoinSet::new();
    let mut core = Weather { failures: 0, not_before: Instant::now(), answered: None };
    let mut tidy_at = Instant::now();
    let mut begun = false;
    loop {
        let now = Instant::now();
        if !begun {
            begun = begin(&edge, now).await;
        }
        if now >= tidy_at {
            tidy(&edge).await;
            tidy_at = now + TIDY;
        }
        let most = if edge.core_is_away() { 1 } else { edge.loaded.config.relay.at_once.max(1) };
        while tries.len() < most && now >= core.not_before {
            let next = if edge.core_is_away() { edge.line.probe(now) } else { edge.line.next(now) };
            let Some(seq) = next else { break };
            let own = Arc::clone(&edge);
            tries.spawn(async move { (seq, now, caught(hand_on(&own, seq)).await) });
        }
        let due = edge.line.due().map_or(tidy_at, |due| due.max(core.not_before).min(tidy_at));
        // A free place is told by a try that ended; without one there is nothing to wake up for.
        let wake = if tries.len() < most { due } else { tidy_at };
        let wake = if begun { wake } else { now + FIRST };
        tokio::select! {
            _ = stop.changed() => return,
            Some(ended) = tries.join_next(), if !tries.is_empty() => match ended {
                Ok((seq, begun, came)) => core.settle(&edge, seq, begun, came, longest),
                // Only a runtime that ends cuts a try off.
                Err(error) => tracing::error!(%error, "a try was cut off; it is made again after a restart"),
            },
            () = edge.work.notified() => {}
            () = tokio::time::sleep_until(wake.into()) => {}
        }
    }
}

/// Puts into the line what a process before this one left.
async fn begin(edge: &Edge, now: Instant) -> bool {
    match edge.shelf.waiting().await {
        Ok(waiting) => {
            tracing::info!(waiting = waiting.len(), "this much waits to be handed on");
            for seq in waiting {
                edge.line.ask(seq, now);
            }
            true
        }
        Err(error) => {
            tracing::error!(%error, "the shelf cannot be read");
            false
        }
    }
}

/// Whether the core answers, and when it is asked again.
struct Weather {
    failures: u32,
    not_before: Instant,
    /// When it answered last.
    answered: Option<Instant>,
}

impl Weather {
    fn settle(&mut self, edge: &Edge, seq: i64, begun: Instant, came: Came, longest: Duration) {
        let now = Instant::now();
        match came {
            // Others were answered meanwhile: the trouble is this one.
            Came::Away(why) if self.answered.is_some_and(|answered| answered > begun) => {
                tracing::warn!(seq, why, "not handed on, though the core answers");
                edge.line.later(seq, None, longest);
            }
            Came::Away(why) => {
                tracing::debug!(seq, why, "not handed on");
                edge.core_answers(false);
                self.failures = self.failures.saturating_add(1);
                self.not_before = now + pause(self.failures, FIRST, longest);
                edge.line.back(seq);
            }
            Came::Later(problem, after) => {
                self.fine(edge, now);
                tracing::info!(seq, problem = problem.name(), "the core says later");
                edge.line.later(seq, Some((problem, after)), longest);
            }
            Came::Fault => {
                tracing::error!(seq, "handing on met a fault of this program; it is tried again");
                edge.line.later(seq, None, longest);
            }
            Came::Done => {
                self.fine(edge, now);
                edge.line.done(seq);
            }
        }
    }

    fn fine(&mut self, edge: &Edge, now: Instant) {
        edge.core_answers(true);
        *self = Self { failures: 0, not_before: now, answered: Some(now) };
    }
}

/// A try that panics leaves its item in the line like any other, instead of busy for ever.
async fn caught(tried: impl Future<Output = Came>) -> Came {
    AssertUnwindSafe(tried).catch_unwind().await.unwrap_or(Came::Fault)
}

/// One try of one item.
async fn hand_on(edge: &Edge, seq: i64) -> Came {
    match attempt(edge, seq).await {
        Ok(came) => came,
        // Only this one cannot be read.
        Err(error @ StoreError::Damaged(_)) => {
            tracing::error!(seq, %error, "an item on the shelf is damaged");
            Came::Later(Slug::Overloaded.problem(), None)
        }
        Err(error) => Came::Away(error.to_string()),
    }
}

async fn attempt(edge: &Edge, seq: i64) -> Result<Came, StoreError> {
    let Some(item) = edge.shelf.item(seq).await? else { return Ok(Came::Done) };
    let manifest = unverified(&item.submitted.signed).map_err(|_| StoreError::Damaged("manifest"))?;
    let mut again = 0;
    let told = loop {
        let files = match carry(edge, &item.files).await {
            Ok(Some(missing)) => return Ok(gone(&missing)),
            Ok(None) => Ok(()),
            Err(setback) => Err(setback),
        };
        let said = match files {
            Ok(()) => edge.core.put(item.id, &item.submitted).await,
            Err(setback) => Err(setback),
        };
        match said {
            Ok(receipt) => break receipt,
            Err(Setback::Away(why)) => return Ok(Came::Away(why)),
            Err(Setback::Problem(problem, after)) => match means(&problem) {
                Means::Again if again < AGAIN => again += 1,
                Means::Again | Means::Later => {
                    if problem.name() == Slug::DeviceSuspended.row().name {
                        edge.suspended.said(&manifest.kiosk, Instant::now());
                    }
                    return Ok(Came::Later(problem, after));
                }
                Means::Never => {
                    tracing::error!(submission = %item.id, problem = problem.name(), "the core refuses it for ever");
                    edge.shelf.refused(seq, &problem, ambient::now()).await?;
                    return Ok(Came::Done);
                }
            },
        }
    };
    let receipt = serde_json::from_str::<Signed>(&told).ok();
    let receipt = receipt.and_then(|signed| signed.open::<Receipt>(&edge.loaded.receipt_key).ok());
    if receipt.is_none_or(|receipt| receipt.id != item.id || receipt.manifest != item.submitted.signed.digest()) {
        tracing::error!(submission = %item.id, "what the core answered is no receipt of it");
        return Ok(Came::Later(Slug::Overloaded.problem(), None));
    }
    edge.shelf.received(seq, told, ambient::now()).await?;
    edge.suspended.lifted(&manifest.kiosk);
    tracing::info!(submission = %item.id, files = item.files.len(), "handed on");
    erase(edge).await;
    Ok(Came::Done)
}

/// Uploads what the core lacks. `Some`: a file is not here any more, or damaged; the kiosk must send it again.
async fn carry(edge: &Edge, files: &[Digest]) -> Result<Option<Digest>, Setback> {
    if files.is_empty() {
        return Ok(None);
    }
    for missing in edge.core.missing(files).await? {
        let (blobs, digest) = (edge.blobs.clone(), missing.clone());
        let read = tokio::task::spawn_blocking(move || {
            blobs.read(&digest).inspect_err(|error| {
                if error.kind() == std::io::ErrorKind::InvalidData {
                    tracing::error!(blob = %digest, "damaged on the disk; its kiosk is asked for it again");
                    // When this fails, too, it stays damaged and is tried again.
                    let _ = blobs.erase(&digest);
                }
            })
        });
        match read.await {
            Ok(Ok(bytes)) => edge.core.upload(&missing, &bytes).await?,
            Ok(Err(error)) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Some(missing)),
            Ok(Err(error)) => return Err(Setback::Away(error.to_string())),
            Err(error) => return Err(Setback::Away(error.to_string())),
        }
    }
    Ok(None)
}

fn gone(file: &Digest) -> Came {
    tracing::error!(blob = %file, "a part is not here any more");
    Came::Later(Slug::BlobsMissing.problem(), None)
}

/// Erases the files of everything that was answered; what a crash left is found again.
pub(super) async fn erase(edge: &Edge) {
    if let Err(error) = erase_all(edge).await {
        tracing::error!(%error, "ciphertext that is not needed any more could not be erased; it is tried again");
    }
}

async fn erase_all(edge: &Edge) -> Result<(), StoreError> {
    let items = edge.shelf.to_erase().await?;
    if items.is_empty() {
        return Ok(());
    }
    let (shelf, blobs) = (edge.shelf.clone(), edge.blobs.clone());
    let erased = tokio::task::spawn_blocking(move || erase_files(&shelf, &blobs, items)).await;
    edge.shelf.erased(erased.unwrap_or_default()).await
}

/// Erases these items' files, but for those that another item needs by now; gives the items that are done with, and what is gone.
fn erase_files(shelf: &Shelf, blobs: &Blobs, items: Vec<(i64, Vec<Digest>)>) -> Vec<(i64, Vec<Digest>)> {
    let mut erased = Vec::new();
    for (seq, files) in items {
        let goes = |file: Digest| match blobs.erase_unless(&file, || shelf.needs(&file)) {
            Ok(gone) => gone.then_some(Ok(file)),
            Err(error) => Some(Err(error)),
        };
        match files.into_iter().filter_map(goes).collect::<Result<Vec<Digest>, BlobError>>() {
            Ok(gone) => erased.push((seq, gone)),
            Err(error) => tracing::error!(seq, %error, "a blob could not be erased"),
        }
    }
    erased
}

/// Forgets old answers, uploads that nobody went on with, and blobs that nobody put a manifest for.
async fn tidy(edge: &Edge) {
    erase(edge).await;
    if let Err(error) = edge.shelf.forget(ambient::now()).await {
        tracing::warn!(%error, "old answers could not be forgotten");
    }
    let blobs = edge.blobs.clone();
    if let Ok(Err(error)) = tokio::task::spawn_blocking(move || blobs.sweep_uploads()).await {
        tracing::warn!(%error, "uploads that nobody went on with could not be thrown away");
    }
    uploads::forget_gone(edge).await;
    let blobs = edge.blobs.clone();
    let old = tokio::task::spawn_blocking(move || blobs.older_than(ORPHAN)).await;
    let Ok(Ok(old)) = old else { return };
    let (shelf, blobs) = (edge.shelf.clone(), edge.blobs.clone());
    let erased = tokio::task::spawn_blocking(move || {
        for digest in old {
            if let Err(error) = blobs.erase_unless(&digest, || shelf.needs(&digest)) {
                tracing::warn!(blob = %digest, %error, "a blob that nobody asked for could not be erased");
            }
        }
    });
    if let Err(error) = erased.await {
        tracing::warn!(%error, "blobs that nobody asked for could not be erased");
    }
}

#[cfg(test)]
mod tests {
    use super::super::shelf::tests::submission;
    use super::*;
    use crate::custody::split::SEALED_START;
    use domain::ids::SubmissionId;
    use wire::upload::Upload;

    #[tokio::test]
    async fn a_try_that_panics_is_a_try_that_failed() {
        assert!(matches!(caught(async { panic!("as if the program had a fault") }).await, Came::Fault));
        assert!(matches!(caught(async { Came::Done }).await, Came::Done));
    }

    #[tokio::test]
    async fn what_somebody_needs_by_the_time_it_would_be_erased_stays() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path(), 1000).unwrap();
        let shelf = Shelf::open(&folder.path().join("edge.db"), 16).unwrap();
        let file = [SEALED_START, b"a page".as_slice()].concat();
        let upload = Upload { digest: Digest::of(&file), length: file.len() as u64 };
        blobs.create(&upload).unwrap();
        blobs.append(&upload, 0, &file).unwrap();
        let (id, now) = (SubmissionId(ambient::new_uuid()), ambient::now());
        let [(forged, _), (good, manifest)] = [9, 1].map(|key| submission(id, &file, key));
        let first = shelf.keep(&forged, &manifest, now).await.unwrap().seq;
        shelf.refused(first, &Slug::BadSignature.problem(), now).await.unwrap();
        shelf.told(first).await.unwrap();
        let erase = async |items| {
            let (shelf, blobs) = (shelf.clone(), blobs.clone());
            tokio::task::spawn_blocking(move || erase_files(&shelf, &blobs, items)).await.unwrap()
        };

        let items = shelf.to_erase().await.unwrap();
        assert_eq!(items, [(first, vec![upload.digest.clone()])]);
        // The true one comes between the look and the erasing.
        let second = shelf.keep(&good, &manifest, now).await.unwrap().seq;
        assert_eq!(erase(items).await, [(first, Vec::new())]);
        assert!(blobs.stands(&upload.digest).unwrap());
        shelf.received(second, "the core's".to_owned(), now).await.unwrap();
        shelf.erased(vec![(first, Vec::new())]).await.unwrap();
        let items = shelf.to_erase().await.unwrap();
        assert_eq!(erase(items).await, [(second, vec![upload.digest.clone()])]);
        assert!(!blobs.stands(&upload.digest).unwrap());
    }
}
