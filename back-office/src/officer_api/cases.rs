//! Listing cases and opening one.
//! Invariant: opening a case reads the sealed parts anew and leaves an audit leaf; nothing plain is stored.

use super::FromOfficer;
use super::shapes::{CaseRow, DecidedRow};
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::store::cases::{self, Filter};
use crate::store::{StoreError, audit, submissions};
use crate::worker::opening::{self, Opened};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::ids::{BranchId, CaseId, ReceiptCode};
use serde::Deserialize;
use std::sync::Arc;

/// `GET /v1/me`.
pub(super) async fn me(FromOfficer(officer): FromOfficer) -> Json<serde_json::Value> {
    Json(serde_json::json!({
        "id": officer.id, "station": officer.station, "branches": officer.branches, "auditor": officer.auditor,
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    branch: Option<BranchId>,
    status: Option<String>,
    code: Option<String>,
    #[serde(default)]
    closed: bool,
    most: Option<u32>,
}

/// `GET /v1/queue`.
pub(super) async fn list(
    State(office): State<Arc<Office>>,
    FromOfficer(officer): FromOfficer,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<serde_json::Value>, ApiProblem> {
    let Query(wanted) = wanted.map_err(|error| ApiProblem::malformed(error.body_text()))?;
    let status = wanted
        .status
        .map(|word| cases::parse_status(&word).ok_or_else(|| ApiProblem::malformed(format!("no status `{word}`"))))
        .transpose()?;
    let code = wanted
        .code
        .map(|text| ReceiptCode::parse(&text).ok_or_else(|| ApiProblem::malformed("not a receipt code")))
        .transpose()?;
    let branches = match wanted.branch {
        Some(branch) => officer.branches.into_iter().filter(|own| *own == branch).collect(),
        None => officer.branches,
    };
    let filter = Filter {
        branches,
        status,
        code: code.map(|code| code.as_str().to_owned()),
        closed: wanted.closed,
        most: wanted.most.unwrap_or(100).min(500),
    };
    let found = office.store.read::<_, StoreError>(move |c| cases::list(c, &filter)).await?;
    let now = ambient::now();
    let rows: Vec<CaseRow> = found.into_iter().map(|case| CaseRow::at(case, now)).collect();
    Ok(Json(serde_json::json!({ "cases": rows })))
}

/// `GET /v1/cases/{id}`.
pub(super) async fn show(
    State(office): State<Arc<Office>>,
    officer: FromOfficer,
    Path(id): Path<uuid::Uuid>,
) -> Result<Response, ApiProblem> {
    let id = CaseId(id);
    let case = officer.may_see(office.store.read::<_, StoreError>(move |c| cases::find(c, id)).await?)?;
    let submission = case.submission;
    let (actor, now) = (officer.actor(), ambient::now());
    // Written before anything is shown: nobody opens a case without a trace.
    let (stored, decisions) = office
        .store
        .write::<_, StoreError>(move |c| {
            audit::append(c, now, &actor, "case-opened", &format!("case:{id}"), serde_json::json!({}))?;
            Ok((submissions::find(c, submission)?, cases::decisions(c, id)?))
        })
        .await?;
    let manifest = stored.ok_or(StoreError::Damaged("submission of a case"))?.manifest()?;
    let opened = opening::open(&office, &manifest).await.map_err(|error| ApiProblem::later(error.to_string()))?;
    let (payload, attachments, unreadable) = match opened {
        Opened::Readable { payload, attachments } => {
            let list: Vec<_> = attachments
                .iter()
                .map(|(id, part)| serde_json::json!({ "id": id, "media_type": part.media_type, "size": part.size }))
                .collect();
            (serde_json::to_value(payload).ok(), list, None)
        }
        Opened::Unreadable { why } => (None, Vec::new(), Some(why)),
    };
    let decisions: Vec<DecidedRow> = decisions.into_iter().map(DecidedRow::from).collect();
    let body = serde_json::json!({
        "case": CaseRow::at(case, now), "payload": payload, "attachments": attachments,
        "unreadable": unreadable, "decisions": decisions,
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response())
}
