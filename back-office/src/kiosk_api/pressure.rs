//! Back-pressure before a body is read: so many requests of intake and upload at once, and so much of the disk free.
//! Invariants: whoever is sent away was not read beyond the head of the request (a client that waits for `100 Continue` never
//! sends its body), and is told a time of its own, so that thousands who came together do not come again together.
//! Not here: the outbox's patience (`outbox::pace`).

use crate::listen::PeerKiosk;
use crate::problem::ApiProblem;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::ids::KioskId;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use wire::digest::Digest;
use wire::problem::Slug;

/// How long a look at the disk is believed.
const LOOK: Duration = Duration::from_secs(1);
/// Longest wait for a free place: enough to smooth a burst, too short to pile requests up.
const PATIENCE: Duration = Duration::from_millis(1500);
/// Earliest return of somebody sent away, seconds, and over how many more seconds returns are spread.
const OVERLOADED: (u64, u64) = (2, 30);
const DISK_FULL: (u64, u64) = (60, 240);

/// Places and watermark of one office.
#[derive(Debug)]
pub struct Pressure {
    places: Semaphore,
    data: PathBuf,
    least_free: u64,
    looked: Mutex<Option<Instant>>,
    full: AtomicBool,
}

impl Pressure {
    /// So many requests at once; so many bytes of the data folder's disk stay free.
    pub fn new(places: usize, data: PathBuf, least_free: u64) -> Self {
        Self {
            places: Semaphore::new(places),
            data,
            least_free,
            looked: Mutex::new(None),
            full: AtomicBool::new(false),
        }
    }

    fn disk_is_full(&self) -> bool {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        if looked.is_none_or(|at| at.elapsed() >= LOOK) {
            *looked = Some(Instant::now());
            match rustix::fs::statvfs(&self.data) {
                Ok(disk) => {
                    let full = disk.f_bavail.saturating_mul(disk.f_frsize) < self.least_free;
                    if full && !self.full.swap(full, Ordering::Relaxed) {
                        tracing::error!(
                            least = self.least_free,
                            "the disk is below its watermark: nothing is taken in"
                        );
                    }
                    self.full.store(full, Ordering::Relaxed);
                }
                Err(error) => tracing::warn!(%error, "the disk does not say what is free"),
            }
        }
        self.full.load(Ordering::Relaxed)
    }
}

/// When a kiosk may come again: always the same within the window, and another one for each kiosk.
pub(crate) fn spread(kiosk: Option<&KioskId>, (base, window): (u64, u64)) -> u64 {
    let name = kiosk.map_or("", KioskId::as_str);
    let hash = u64::from_str_radix(&Digest::of(name.as_bytes()).as_str()[..8], 16).unwrap_or(0);
    base + hash % window
}

/// An answer to a request whose body stays unread: nothing else may follow on this connection.
pub(super) fn unread(problem: ApiProblem) -> Response {
    let mut response = problem.into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Lets a request of intake or upload in, or sends it away unread.
pub(crate) async fn admit(State(pressure): State<Arc<Pressure>>, request: Request, next: Next) -> Response {
    let kiosk = request.extensions().get::<PeerKiosk>().map(|peer| peer.named.kiosk.clone());
    let away = |slug: Slug, when| unread(ApiProblem::of(slug).after(spread(kiosk.as_ref(), when)));
    if pressure.disk_is_full() {
        return away(Slug::DiskFull, DISK_FULL);
    }
    let place = tokio::time::timeout(PATIENCE, pressure.places.acquire()).await;
    let Ok(Ok(_place)) = place else { return away(Slug::Overloaded, OVERLOADED) };
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn those_sent_away_together_come_again_spread_over_the_window() {
        let mut at = BTreeMap::new();
        for number in 0..5000 {
            let kiosk = KioskId::new(format!("kiosk-{number}"));
            let when = spread(Some(&kiosk), OVERLOADED);
            assert_eq!(when, spread(Some(&kiosk), OVERLOADED));
            *at.entry(when).or_insert(0) += 1;
        }
        assert_eq!((at.keys().next(), at.keys().next_back()), (Some(&2), Some(&31)));
        assert!(at.values().all(|count| (100..250).contains(count)), "{at:?}");
    }
}
