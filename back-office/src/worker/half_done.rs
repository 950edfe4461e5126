//! A half-done visit that arrived: no case, nothing in the queue; it waits until somebody scans its code at the counter.
//! Invariants: the opening, its files and the leaf are one transaction that also takes the work away, however often the
//! kiosk sends it; the case that intake made for it was never seen and goes.
//! Not here: taking it up (`officer_api::openings`), lapsing (`openings::lapse`).

use super::WorkError;
use crate::office::Office;
use crate::store::openings::{self, Opening, OpeningId, State};
use crate::store::submissions::Submission;
use crate::store::{StoreError, audit, cases, work};
use domain::service::Service;
use std::sync::Arc;
use wire::manifest::Manifest;
use wire::payload::{Payload, Unfinished};

/// Puts a half-done visit aside.
///
/// # Errors
/// The store's; then the whole work is done again.
pub(super) async fn put_aside(
    office: &Arc<Office>,
    submission: &Submission,
    manifest: Manifest,
    service: &Service,
    payload: &Payload,
    unfinished: &Unfinished,
) -> Result<(), WorkError> {
    let opening = Opening {
        id: OpeningId(ambient::new_uuid()),
        code: payload.code.clone(),
        service: service.id.clone(),
        branch: service.branch.clone(),
        station: manifest.station.clone(),
        state: State::Waiting,
        submission: Some(submission.id),
        begun_at: submission.received_at,
        touched_at: submission.received_at,
        version: 1,
        officer: None,
        case: None,
        sealed: None,
    };
    let details = serde_json::json!({ "submission": submission.id, "service": service.id, "step": unfinished.step });
    let (id, now) = (submission.id, ambient::now());
    office
        .store
        .write::<_, StoreError>(move |c| {
            if !work::is_open(c, id)? {
                return Ok(());
            }
            let own = cases::of_submission(c, id)?.ok_or(StoreError::Damaged("case of a submission"))?;
            cases::take_back(c, &own)?;
            openings::insert(c, &opening)?;
            for part in &manifest.parts {
                openings::add_part(c, opening.id, &part.sha256)?;
            }
            work::done(c, id)?;
            audit::append(c, now, "office", "visit-half-done", &format!("opening:{}", opening.id), details)
        })
        .await?;
    Ok(())
}
