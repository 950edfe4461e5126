//! What one kiosk may ask for: a machine that runs wild, or was taken over, leaves the door free for the others.
//! Invariants: each kiosk is counted by its certificate alone; a kiosk that keeps to its share is never sent away; who is
//! sent away is told when its turn is, and was not read beyond the head of its request.
//! Not here: how much all of them may ask for together (`pressure`).

use super::pressure::unread;
use crate::listen::PeerKiosk;
use crate::problem::ApiProblem;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use domain::ids::KioskId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use wire::problem::Slug;

/// How far ahead of its share a kiosk may be: a day's outbox begins at full speed.
const AHEAD: Duration = Duration::from_secs(10);
/// From so many kiosks on, those whose account is even are forgotten.
const MANY: usize = 1024;

/// Accounts of all kiosks, by the generic cell rate algorithm (ITU-T I.371): one moment for each.
#[derive(Debug)]
pub struct Shares {
    each: Duration,
    even_at: Mutex<HashMap<KioskId, Instant>>,
}

impl Shares {
    /// So many requests each second for one kiosk, in the long run.
    pub fn new(per_second: u32) -> Self {
        Self { each: Duration::from_secs(1) / per_second.max(1), even_at: Mutex::new(HashMap::new()) }
    }

    /// Counts a request; how long to wait when it is too early.
    fn take(&self, kiosk: &KioskId, now: Instant) -> Result<(), Duration> {
        let mut even_at = self.even_at.lock().unwrap_or_else(PoisonError::into_inner);
        if even_at.len() >= MANY {
            even_at.retain(|_, even| *even > now);
        }
        let even = even_at.get(kiosk).copied().filter(|even| *even > now).unwrap_or(now);
        let early = even.duration_since(now).saturating_sub(AHEAD);
        if !early.is_zero() {
            return Err(early);
        }
        even_at.insert(kiosk.clone(), even + self.each);
        Ok(())
    }
}

/// Lets a kiosk's request go on, or tells when its turn is.
pub(crate) async fn keep(State(shares): State<Arc<Shares>>, request: Request, next: Next) -> Response {
    let kiosk = request.extensions().get::<PeerKiosk>().map(|peer| peer.named.kiosk.clone());
    match kiosk.map_or(Ok(()), |kiosk| shares.take(&kiosk, Instant::now())) {
        Ok(()) => next.run(request).await,
        Err(early) => unread(ApiProblem::of(Slug::SlowDown).after(early.as_secs() + 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(shares: &Shares, kiosk: &KioskId, now: Instant, tries: usize) -> usize {
        (0..tries).filter(|_| shares.take(kiosk, now).is_ok()).count()
    }

    #[test]
    fn a_wild_kiosk_gets_its_share_and_the_others_all_of_theirs() {
        let (shares, begun) = (Shares::new(20), Instant::now());
        let [wild, other] = ["wild", "other"].map(|id| KioskId::new(id.to_owned()));
        assert_eq!(taken(&shares, &wild, begun, 10_000), 201, "ten seconds ahead, and the one at the moment itself");
        assert_eq!(shares.take(&wild, begun), Err(Duration::from_millis(50)), "its turn is told");
        assert_eq!(taken(&shares, &other, begun, 100), 100);
        assert_eq!(taken(&shares, &wild, begun + Duration::from_secs(1), 10_000), 20, "what one second brings");
        assert_eq!(
            taken(&shares, &wild, begun + Duration::from_secs(3600), 10_000),
            201,
            "no more than that is saved up"
        );
    }

    #[test]
    fn accounts_that_are_even_are_forgotten() {
        let (shares, begun) = (Shares::new(20), Instant::now());
        for number in 0..5 * MANY {
            let at = begun + Duration::from_millis(number as u64);
            shares.take(&KioskId::new(format!("kiosk-{number}")), at).unwrap();
        }
        assert!(shares.even_at.lock().unwrap().len() <= MANY);
    }
}
