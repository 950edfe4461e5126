//! Opening one case, and the applicant's whole number.
//! Invariants: opening a case reads the sealed parts anew and leaves an audit leaf before anything is shown; nothing
//! plain is stored; a closed case opens with a reason only, which is sealed and outside the leaf.

use super::detail::{self, CaseDetail};
use super::door::{FromOfficer, not_your_right};
use super::evidence;
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::retention::still_kept;
use crate::rights::Action;
use crate::store::cases::{self, Case, Place};
use crate::store::{StoreError, audit, closed_views, marks};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::ids::CaseId;
use domain::sensitive::Sensitive;
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use wire::problem::Retry;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Why {
    reason: Option<String>,
}

#[derive(Serialize)]
struct FullNumber {
    number: Sensitive<String>,
}

/// A reason once given opens what belongs to the case for so long.
const REASON_LASTS: SignedDuration = SignedDuration::from_hours(8);

fn reason_needed() -> ApiProblem {
    ApiProblem::new("reason-needed", StatusCode::FORBIDDEN, Retry::Never, "This case has ended: say why you open it")
}

/// A closed case opens only to whoever has the right and gave a reason lately.
pub(super) fn closed_needs_reason(
    connection: &Connection,
    from: &FromOfficer,
    case: &Case,
    now: Timestamp,
) -> Result<(), ApiProblem> {
    if case.place != Place::Closed {
        return Ok(());
    }
    if !from.can(Action::OpenClosed, case) {
        return Err(not_your_right());
    }
    still_kept(connection, case.id)?;
    let given = closed_views::given_since(connection, case.id, &from.officer.id, now - REASON_LASTS)?;
    if given { Ok(()) } else { Err(reason_needed()) }
}

/// `GET /v1/cases/{id}`.
pub(super) async fn show(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
    Query(why): Query<Why>,
) -> Result<Json<CaseDetail>, ApiProblem> {
    let now = ambient::now();
    let reason = why.reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    let unsealable = || ApiProblem::later("The reason cannot be sealed now.");
    let sought = CaseId(id);
    let kept = reason.map(|reason| office.keep(sought, reason.as_bytes()).ok_or_else(unsealable)).transpose()?;
    let place = office.store.read::<_, StoreError>(move |c| Ok(cases::find(c, sought)?.map(|case| case.place))).await?;
    if place == Some(Place::Closed) {
        from.proven(&office)?;
    }
    let opener = from.clone();
    // Written before anything is shown: nobody opens a case without a trace.
    office
        .store
        .write_keyed::<_, ApiProblem>(move |c, keys| {
            let case = opener.may(cases::find(c, CaseId(id))?)?;
            let mut action = "case-opened";
            if case.place == Place::Closed {
                if !opener.can(Action::OpenClosed, &case) {
                    return Err(not_your_right());
                }
                still_kept(c, case.id)?;
                let kept = kept.ok_or_else(reason_needed)?;
                keys.put(&kept.key)?;
                closed_views::add(c, case.id, &opener.officer.id, now, &kept.column)?;
                action = "closed-case-opened";
            }
            audit::append(c, now, &opener.actor(), action, &format!("case:{id}"), serde_json::json!({}))?;
            Ok(())
        })
        .await?;
    Ok(Json(look(&office, &from, CaseId(id), now).await?))
}

/// The case with everything in it, as it stands now.
pub(super) async fn look(
    office: &Arc<Office>,
    from: &FromOfficer,
    id: CaseId,
    now: Timestamp,
) -> Result<CaseDetail, ApiProblem> {
    let (case, marks, leaves) = office
        .store
        .read::<_, StoreError>(move |c| {
            let case = cases::find(c, id)?;
            let mut leaves = Vec::new();
            if let Some(case) = &case {
                leaves = audit::about(c, &format!("submission:{}", case.submission))?;
            }
            leaves.extend(audit::about(c, &format!("case:{id}"))?);
            Ok((case, marks::of(c, id)?, leaves))
        })
        .await?;
    let case = from.may(case)?;
    let (opened, earlier) = evidence::open_with_history(office, &case).await?;
    Ok(detail::build(office, from, &case, (&opened, &earlier), &marks, &leaves, now))
}

/// `POST /v1/cases/{id}/full-number`.
pub(super) async fn full_number(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, ApiProblem> {
    let now = ambient::now();
    let case = office
        .store
        .write::<_, ApiProblem>(move |c| {
            let case = from.may(cases::find(c, CaseId(id))?)?;
            closed_needs_reason(c, &from, &case, now)?;
            let details = serde_json::json!({});
            audit::append(c, now, &from.actor(), "full-number-shown", &format!("case:{id}"), details)?;
            Ok(case)
        })
        .await?;
    match evidence::open(&office, &case).await? {
        crate::worker::opening::Opened::Readable { payload, .. } => {
            Ok(Json(FullNumber { number: payload.applicant.id_number }).into_response())
        }
        crate::worker::opening::Opened::Unreadable { .. } => Err(ApiProblem::not_found()),
    }
}
