//! Holding a case back from the end of its retention, and releasing it: a court, a complaint, a claim that still runs.
//! Not here: the end itself (`crate::retention`).

use super::claims::read;
use super::door::FromOfficer;
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::retention::still_kept;
use crate::store::{audit, cases, retention};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use domain::ids::CaseId;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What is wanted, and what stands then.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Retention {
    held: bool,
}

/// `POST /v1/cases/{id}/retention`.
pub(super) async fn hold(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
    body: Bytes,
) -> Result<Json<Retention>, ApiProblem> {
    let Retention { held } = read(&body)?;
    let (id, now) = (CaseId(id), ambient::now());
    office
        .store
        .write::<_, ApiProblem>(move |c| {
            let case = from.may(cases::find(c, id)?)?;
            if !retention::hold(c, case.id, held)? {
                still_kept(c, case.id)?;
            }
            let action = if held { "retention-held" } else { "retention-released" };
            audit::append(c, now, &from.actor(), action, &format!("case:{id}"), serde_json::json!({}))?;
            Ok(())
        })
        .await?;
    Ok(Json(Retention { held }))
}
