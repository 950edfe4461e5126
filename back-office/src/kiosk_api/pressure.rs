//! Back-pressure before a body is read: so many requests of intake and upload at once, and so much of the disk free.
//! Invariants: whoever is sent away was not read beyond the head of the request (a client that waits for `100 Continue` never
//! sends its body), and is told a time of its own, so that thousands who came together do not come again together.
//! A place is given back: no request, of whatever door, lasts longer than the configuration says; and neither a kiosk nor an edge
//! ever holds the places of all.
//! Not here: the outbox's patience (`outbox::pace`), how often a kiosk may ask (`share`).

use crate::listen::{Known, PeerKiosk};
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

/// Of so many places one kiosk holds one at most, an edge, which speaks for many, one of fewer; a few in any case.
const PART: usize = 8;
const PART_OF_EDGE: usize = 2;
const FEW: usize = 8;
/// When somebody who holds their part of the places comes again, seconds.
const OWN_PART: u64 = 5;

/// Places that one of these holds at most: never all, unless there is one only.
fn part(places: usize, who: &Known) -> usize {
    let part = match who {
        Known::Kiosk(_) => places / PART,
        Known::Edge(_) => places / PART_OF_EDGE,
    };
    part.max(FEW).min(places.saturating_sub(1)).max(1)
}

/// What the configuration says.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// Requests at once.
    pub places: usize,
    /// Bytes that stay free on every disk that takes something in.
    pub least_free: u64,
}

/// Places and watermark of one office.
#[derive(Debug)]
pub struct Pressure {
    measure: Measure,
    places: Semaphore,
    held: Mutex<HashMap<Known, usize>>,
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

    /// One of somebody's own part of the places; `None` when they hold them all.
    fn own(&self, who: Known) -> Option<Held<'_>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let most = part(self.measure.places, &who);
        let own = held.entry(who.clone()).or_default();
        if *own >= most {
            return None;
        }
        *own += 1;
        Some(Held { of: self, who })
    }
}

/// A place of somebody's own part.
struct Held<'a> {
    of: &'a Pressure,
    who: Known,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let mut held = self.of.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = held.get_mut(&self.who) {
            *own -= 1;
            if *own == 0 {
                held.remove(&self.who);
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
    let _held = match Known::of(request.extensions()).map(|who| pressure.own(who)) {
        Some(None) => return unread(ApiProblem::of(Slug::SlowDown).after(OWN_PART)),
        Some(held) => held,
        None => None,
    };
    let place = tokio::time::timeout(PATIENCE, pressure.places.acquire()).await;
    let Ok(Ok(_place)) = place else { return away(Slug::Overloaded, OVERLOADED) };
    next.run(request).await
}

/// Ends a request that takes longer than it may: a line that died in the middle of a body holds neither place nor connection for
/// ever. What came of an upload stays, and goes on from there.
pub(crate) async fn in_time(State(longest): State<Duration>, request: Request, next: Next) -> Response {
    let kiosk = request.extensions().get::<PeerKiosk>().map(|peer| peer.named.kiosk.clone());
    match tokio::time::timeout(longest, next.run(request)).await {
        Ok(answer) => answer,
        Err(_) => unread(ApiProblem::of(Slug::Overloaded).after(spread(kiosk.as_ref(), OVERLOADED))),
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

    #[test]
    fn nobody_may_hold_all_places_however_few_there_are() {
        let [kiosk, edge] = [Known::Kiosk(KioskId::new("yunqiao-1")), Known::Edge("dmz-1".to_owned())];
        for places in 2..600 {
            for who in [&kiosk, &edge] {
                let part = part(places, who);
                assert!((1..places).contains(&part), "{part} of {places}");
            }
        }
        let parts = |places| [part(places, &kiosk), part(places, &edge)];
        assert_eq!([parts(1), parts(8), parts(256)], [[1, 1], [7, 7], [32, 128]]);
    }
}
