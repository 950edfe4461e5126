//! The office's machine: opens what arrived, checks it, issues what may be issued, queues the rest.
//! Invariants: at-least-once work with effects that happen once (outcome, case and audit in one transaction that also
//! takes the work away); a fault of ours is tried again, a fault of the content becomes an open point of the case.
//! Not here: decisions by officers.

pub mod access;
pub mod checking;
mod half_done;
pub mod issuing;
pub mod opening;
pub mod supplementing;
pub mod sweep;

use crate::office::{Office, china_day};
use crate::store::cases::{self, Place};
use crate::store::outcomes::{self, End, StoredOutcome};
use crate::store::submissions::{self, Submission};
use crate::store::{StoreError, audit, certificates, sequences, tickets, work};
use domain::case::Status;
use domain::ids::SubmissionId;
use domain::sensitive::Sensitive;
use domain::service::{Handling, Service};
use jiff::{SignedDuration, Timestamp};
use opening::Opened;
use std::sync::Arc;
use std::time::Duration;
use supplementing::Brought;
use tokio::sync::{Semaphore, watch};

/// Pieces of work done at a time.
const AT_ONCE: usize = 8;
/// Longest time that a piece of work stands back for a burst of submissions.
const STAND_BACK: Duration = Duration::from_millis(50);
/// How often the table is looked at even when nobody wakes the worker.
const LOOK: Duration = Duration::from_secs(2);

/// Why work is tried again later.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The disk.
    #[error("disk: {0}")]
    Disk(#[from] std::io::Error),
}

/// Works until told to stop.
pub async fn run(office: Arc<Office>, mut stop: watch::Receiver<bool>) {
    let busy = Arc::new(std::sync::Mutex::new(std::collections::HashSet::new()));
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let now = ambient::now();
        let waiting =
            office.store.read::<_, StoreError>(move |c| work::waiting(c, now, 256)).await.unwrap_or_else(|error| {
                tracing::error!(%error, "work list");
                Vec::new()
            });
        for id in waiting {
            if !busy.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(id) {
                continue;
            }
            office.burst.stand_back(STAND_BACK).await;
            let Ok(permit) = Arc::clone(&permits).acquire_owned().await else { return };
            let (office, busy) = (Arc::clone(&office), Arc::clone(&busy));
            tokio::spawn(async move {
                if let Err(error) = one(&office, id).await {
                    put_off(&office, id, &error).await;
                }
                busy.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(&id);
                drop(permit);
            });
        }
        tokio::select! {
            () = office.work.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
            _ = stop.changed() => return,
        }
    }
}

async fn put_off(office: &Office, id: SubmissionId, error: &WorkError) {
    tracing::error!(submission = %id, %error, "work put off");
    let (text, next) = (error.to_string(), ambient::now() + SignedDuration::from_secs(5));
    let noted = office.store.write::<_, StoreError>(move |c| work::failed(c, id, &text, next)).await;
    if let Err(error) = noted {
        tracing::error!(submission = %id, %error, "the put-off was not noted; it is tried again all the same");
    }
}

/// How a piece of work ends.
#[derive(Debug)]
enum Ending {
    Issued(certificates::Reserved),
    Counter,
}

async fn one(office: &Arc<Office>, id: SubmissionId) -> Result<(), WorkError> {
    let found = office
        .store
        .read::<_, StoreError>(move |c| Ok(if work::is_open(c, id)? { submissions::find(c, id)? } else { None }))
        .await?;
    let Some(submission) = found else { return Ok(()) };
    let manifest = submission.manifest()?;
    let service = office.services.service(&manifest.service);
    let opened = opening::open(office, &manifest).await?;
    let mut open = Vec::new();
    if let Opened::Readable { payload, .. } = &opened
        && let Some(first) = payload.supplement_of
    {
        return match supplementing::bring(office, &submission, payload, first).await? {
            Brought::Applied => Ok(()),
            // Only what was missing is in it: checking it as a whole form would say nothing.
            Brought::Stray(why) => {
                open.clone_from(&payload.open);
                open.push(why);
                finish(office, &submission, service, &opened, open, Ending::Counter).await
            }
        };
    }
    if let (Opened::Readable { payload, .. }, Some(service)) = (&opened, service)
        && let Some(unfinished) = &payload.unfinished
    {
        return half_done::put_aside(office, &submission, manifest, service, payload, unfinished).await;
    }
    let end = match (&opened, service) {
        (Opened::Readable { payload, .. }, Some(service)) => {
            open.clone_from(&payload.open);
            open.extend(checking::check(service, payload, opened.attachments(), china_day(submission.received_at)));
            match service.handling {
                Handling::Instant => issuing::attempt(office, service, payload, &open, id).await?,
                Handling::Acceptance => None,
            }
        }
        (Opened::Readable { payload, .. }, None) => {
            open.clone_from(&payload.open);
            open.push("unknown-service".to_owned());
            None
        }
        (Opened::Unreadable { why }, _) => {
            open.push(format!("unreadable:{why}"));
            None
        }
    };
    let end = end.map_or(Ending::Counter, Ending::Issued);
    finish(office, &submission, service, &opened, open, end).await
}

/// The code and last four that a counter finds its visitor by.
fn finders(opened: &Opened) -> (Option<String>, Option<String>) {
    match opened {
        Opened::Unreadable { .. } => (None, None),
        Opened::Readable { payload, .. } => (Some(payload.code.as_str().to_owned()), last_four(payload)),
    }
}

/// Last four characters of the applicant's number.
pub(crate) fn last_four(payload: &wire::payload::Payload) -> Option<String> {
    let number: &Sensitive<String> = &payload.applicant.id_number;
    let characters: Vec<char> = number.expose().chars().collect();
    Some(characters[characters.len().saturating_sub(4)..].iter().collect())
}

/// Whether the kiosk asks what became of it, so that the person knows the number by which they are called. A kiosk does not
/// ask where an officer must look first; and whoever only handed something in has gone home. For all these an officer
/// draws a number when they come.
fn is_told(opened: &Opened) -> bool {
    let first = |code: &String| {
        ["confirm-person", "confirm-mandate", "cannot-sign"].contains(&code.as_str()) || code.starts_with("rule:")
    };
    match opened {
        Opened::Readable { payload, .. } => !payload.open.iter().any(first),
        Opened::Unreadable { .. } => true,
    }
}

/// From when the outcome shows: for instant services at a whole number of floors after intake, whatever it is.
fn shown_from(received_at: Timestamp, done_at: Timestamp, floor_ms: u64, instant: bool) -> Timestamp {
    let floor = i64::try_from(floor_ms).unwrap_or(i64::MAX).max(1);
    if !instant {
        return done_at;
    }
    let took = (done_at.as_millisecond() - received_at.as_millisecond()).max(0);
    let floors = took.div_euclid(floor).saturating_add(1);
    Timestamp::from_millisecond(received_at.as_millisecond().saturating_add(floors.saturating_mul(floor)))
        .unwrap_or(done_at)
}

async fn finish(
    office: &Office,
    submission: &Submission,
    service: Option<&Service>,
    opened: &Opened,
    open: Vec<String>,
    end: Ending,
) -> Result<(), WorkError> {
    let now = ambient::now();
    let id = submission.id;
    let instant = service.is_some_and(|service| service.handling == Handling::Instant);
    let shown_from = shown_from(submission.received_at, now, office.loaded.config.instant.floor_ms, instant);
    let good_on = crate::counter::good_on(office, now);
    let called = instant && is_told(opened);
    let (code, last_four) = finders(opened);
    let name = match opened {
        Opened::Readable { payload, .. } => Some(payload.applicant.name.clone()),
        Opened::Unreadable { .. } => None,
    };
    let found = office
        .store
        .write::<_, StoreError>(move |c| {
            if !work::is_open(c, id)? {
                return Ok(None);
            }
            let mut case = cases::of_submission(c, id)?.ok_or(StoreError::Damaged("case of a submission"))?;
            case.code = code;
            case.last_four = last_four;
            case.open = open;
            let (end, action, details) = match end {
                Ending::Issued(reserved) => {
                    case.place = Place::Closed;
                    case.status = Status::Approved;
                    certificates::issued(c, &reserved.number)?;
                    let details = serde_json::json!({ "number": reserved.number });
                    (End::Issued(reserved.number), "certificate-issued", details)
                }
                Ending::Counter => {
                    let ticket = sequences::next_ticket(c, good_on)?;
                    if called {
                        tickets::add(c, case.id, &ticket, good_on, now)?;
                    }
                    case.place = Place::Queue;
                    case.ticket = Some(ticket.clone());
                    certificates::void_reserved(c, id)?;
                    let details = serde_json::json!({ "ticket": ticket });
                    (End::Counter(ticket), "case-queued", details)
                }
            };
            cases::update(c, &mut case)?;
            outcomes::insert(c, id, &StoredOutcome { end, shown_from })?;
            work::done(c, id)?;
            audit::append(c, now, "office", action, &format!("case:{}", case.id), details)?;
            Ok(Some(case.id))
        })
        .await?;
    if let (Some(case), Some(name)) = (found, name) {
        office.names.set(case, name);
    }
    office.changes.bump();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moment_of_an_answer_does_not_tell_the_work() {
        let at = |ms: i64| Timestamp::from_millisecond(1_000_000 + ms).unwrap();
        for (done, shown) in [(1, 4000), (3999, 4000), (4000, 8000), (4001, 8000)] {
            assert_eq!(shown_from(at(0), at(done), 4000, true), at(shown), "{done}");
        }
        assert_eq!(shown_from(at(0), at(7), 4000, false), at(7));
    }
}
