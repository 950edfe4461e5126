//! Back-pressure before a body is read: so many requests of intake and upload at once, and so much of the disk free.
//! Invariants: whoever is sent away was not read beyond the head of the request (a client that waits for `100 Continue` never
//! sends its body), and is told a time of its own, so that thousands who came together do not come again together.
//! A place is given back: nobody holds one longer than the configuration says, and no kiosk holds many of them.
//! Not here: the outbox's patience (`outbox::pace`), how often a kiosk may ask (`share`).

use crate::listen::PeerKiosk;
use crate::problem::ApiProblem;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::ids::KioskId;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
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

/// Of so many places one kiosk holds one at most, and never fewer than a few.
const PART: usize = 8;
const FEW: usize = 8;
/// When a kiosk that holds its part of the places comes again, seconds.
const OWN_PART: u64 = 5;

/// What the configuration says.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// Requests at once.
    pub places: usize,
    /// Longest time of one request, from its place to its answer.
    pub longest: Duration,
    /// Bytes that stay free on every disk that takes something in.
    pub least_free: u64,
}

/// Places and watermark of one office.
#[derive(Debug)]
pub struct Pressure {
    measure: Measure,
    places: Semaphore,
    held: Mutex<HashMap<KioskId, usize>>,
    disks: Vec<PathBuf>,
    looked: Mutex<Option<Instant>>,
    full: AtomicBool,
}

impl Pressure {
    /// Watches the disks of these folders.
    pub fn new(measure: Measure, disks: Vec<PathBuf>) -> Self {
        Self {
            measure,
            places: Semaphore::new(measure.places),
            held: Mutex::default(),
            disks,
            looked: Mutex::new(None),
            full: AtomicBool::new(false),
        }
    }

    fn disk_is_full(&self) -> bool {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        if looked.is_none_or(|at| at.elapsed() >= LOOK) {
            *looked = Some(Instant::now());
            let full = self.disks.iter().any(|folder| self.is_below(folder));
            if full && !self.full.load(Ordering::Relaxed) {
                tracing::error!(least = self.measure.least_free, "a disk is below its watermark: nothing is taken in");
            }
            self.full.store(full, Ordering::Relaxed);
        }
        self.full.load(Ordering::Relaxed)
    }

    fn is_below(&self, folder: &Path) -> bool {
        match rustix::fs::statvfs(folder) {
            Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize) < self.measure.least_free,
            Err(error) => {
                tracing::warn!(%error, folder = %folder.display(), "the disk does not say what is free");
                false
            }
        }
    }

    /// One of this kiosk's own part of the places; `None` when it holds them all.
    fn own(&self, kiosk: Option<&KioskId>) -> Option<Held<'_>> {
        let Some(kiosk) = kiosk else { return Some(Held { of: self, kiosk: None }) };
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let own = held.entry(kiosk.clone()).or_default();
        if *own >= (self.measure.places / PART).max(FEW) {
            return None;
        }
        *own += 1;
        Some(Held { of: self, kiosk: Some(kiosk.clone()) })
    }
}

/// A place of a kiosk's own part.
struct Held<'a> {
    of: &'a Pressure,
    kiosk: Option<KioskId>,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let Some(kiosk) = &self.kiosk else { return };
        let mut held = self.of.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = held.get_mut(kiosk) {
            *own -= 1;
            if *own == 0 {
                held.remove(kiosk);
            }
        }
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
    let Some(_held) = pressure.own(kiosk.as_ref()) else {
        return unread(ApiProblem::of(Slug::SlowDown).after(OWN_PART));
    };
    let place = tokio::time::timeout(PATIENCE, pressure.places.acquire()).await;
    let Ok(Ok(_place)) = place else { return away(Slug::Overloaded, OVERLOADED) };
    // A line that died in the middle of a body holds no place for ever; what came of an upload stays, and goes on from there.
    match tokio::time::timeout(pressure.measure.longest, next.run(request)).await {
        Ok(answer) => answer,
        Err(_) => away(Slug::Overloaded, OVERLOADED),
    }
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
