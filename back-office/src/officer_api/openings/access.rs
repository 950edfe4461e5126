//! Who may touch an opening now, and the way from its row to its content and back.
//! Invariant: rights first, then whether it still is one, then in whose hands it is: whoever lacks the right learns nothing.

use crate::custody::split::Kept;
use crate::office::Office;
use crate::officer_api::claims::conflict;
use crate::officer_api::door::FromOfficer;
use crate::openings::Draft;
use crate::problem::ApiProblem;
use crate::store::openings::{self, Opening, OpeningId, State};
use crate::store::{StoreError, audit};
use domain::service::Service;
use std::sync::Arc;

/// It has become a case: the page opens that.
pub(super) fn already_a_case(case: &domain::ids::CaseId) -> ApiProblem {
    conflict("already-a-case", "This is a case already").member("case", case.to_string())
}

fn in_other_hands(office: &Office, opening: &Opening) -> ApiProblem {
    let name = opening.officer.as_ref().map(|officer| office.officers.name_of(officer)).unwrap_or_default();
    conflict("in-other-hands", "A colleague has this in hand")
        .detail(format!("{name} 正在办这件。"))
        .member("holder_name", name)
}

/// The opening, when this officer has it.
pub(super) fn held(office: &Office, from: &FromOfficer, opening: Option<Opening>) -> Result<Opening, ApiProblem> {
    let opening = opening.ok_or_else(ApiProblem::not_found)?;
    from.may_at(&opening.branch, &opening.station)?;
    ended(&opening)?;
    if opening.state == State::Waiting {
        return Err(conflict("not-taken-up", "Nobody has taken this up: scan its code"));
    }
    if opening.officer.as_ref() == Some(&from.officer.id) { Ok(opening) } else { Err(in_other_hands(office, &opening)) }
}

/// Says how it has ended, when it has.
fn ended(opening: &Opening) -> Result<(), ApiProblem> {
    match (opening.state, opening.case) {
        (State::Submitted, Some(case)) => Err(already_a_case(&case)),
        (State::Submitted | State::GivenUp | State::Lapsed, _) => {
            Err(conflict("opening-ended", "This was given up or has lapsed; its content is erased"))
        }
        (State::Waiting | State::Open, _) => Ok(()),
    }
}

/// Whether an officer may take an opening up that another has: after one lease in which nothing was done.
pub(super) fn may_take_over(office: &Office, opening: &Opening, now: jiff::Timestamp) -> Result<(), ApiProblem> {
    let lease = crate::officer_api::claims::lease(office);
    if opening.touched_at + lease <= now { Ok(()) } else { Err(in_other_hands(office, opening)) }
}

/// The opening and its service, when this officer has it.
pub(super) async fn mine<'a>(
    office: &'a Arc<Office>,
    from: &FromOfficer,
    id: OpeningId,
) -> Result<(Opening, &'a Service), ApiProblem> {
    let found = office.store.read::<_, StoreError>(move |c| openings::find(c, id)).await?;
    let opening = held(office, from, found)?;
    let service = office.services.service(&opening.service).ok_or_else(gone_service)?;
    Ok((opening, service))
}

/// The catalogue has lost the service of an opening: nothing is lost, but it cannot be shown.
pub(super) fn gone_service() -> ApiProblem {
    conflict("unknown-service", "The catalogue does not know this service any more")
}

/// The version that a write saw must be the one that stands.
pub(super) fn at_version(opening: &Opening, version: i64) -> Result<(), ApiProblem> {
    if opening.version == version {
        return Ok(());
    }
    Err(conflict("version-conflict", "This has changed since you looked").member("version", opening.version))
}

/// The content of an opening.
pub(super) async fn open_draft(office: &Arc<Office>, opening: &Opening) -> Result<Draft, ApiProblem> {
    let (inner, sealed) = (Arc::clone(office), opening.sealed.clone());
    let opened = tokio::task::spawn_blocking(move || Draft::unsealed(&inner, &sealed?)).await;
    if let Some(draft) = opened.ok().flatten() {
        return Ok(draft);
    }
    // Its key goes with its end: it may have ended since the row was read.
    let id = opening.id;
    let now = office.store.read::<_, StoreError>(move |c| openings::find(c, id)).await?;
    now.map_or(Ok(()), |now| ended(&now))?;
    Err(StoreError::Damaged("content of an opening").into())
}

/// The content sealed for the store.
pub(super) async fn sealed(office: &Arc<Office>, id: OpeningId, draft: Draft) -> Result<Kept, ApiProblem> {
    let inner = Arc::clone(office);
    let sealed = tokio::task::spawn_blocking(move || draft.sealed(&inner, id)).await;
    sealed.ok().flatten().ok_or_else(|| ApiProblem::later("The content cannot be sealed now."))
}

/// Writes a changed content; gives the row as it stands then.
pub(super) async fn keep(
    office: &Arc<Office>,
    from: &FromOfficer,
    opening: &Opening,
    draft: Draft,
    action: &'static str,
    details: serde_json::Value,
) -> Result<Opening, ApiProblem> {
    let (id, version, now) = (opening.id, opening.version, ambient::now());
    let (sealed, inner, from) = (sealed(office, id, draft).await?, Arc::clone(office), from.clone());
    office
        .store
        .write_keyed::<_, ApiProblem>(move |c, keys| {
            let mut opening = held(&inner, &from, openings::find(c, id)?)?;
            at_version(&opening, version)?;
            keys.put(&sealed.key)?;
            opening.sealed = Some(sealed.column);
            opening.touched_at = now;
            openings::update(c, &mut opening)?;
            audit::append(c, now, &from.actor(), action, &format!("opening:{id}"), details)?;
            Ok(opening)
        })
        .await
}
