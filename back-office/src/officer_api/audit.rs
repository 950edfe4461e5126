//! Checking the audit log over the network, for auditors.

use super::FromOfficer;
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::store::StoreError;
use crate::store::audit::{self, AuditCheck};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;
use wire::problem::Retry;

/// `GET /v1/audit/check`.
pub(super) async fn check(
    State(office): State<Arc<Office>>,
    officer: FromOfficer,
) -> Result<Json<AuditCheck>, ApiProblem> {
    if !officer.0.auditor {
        return Err(ApiProblem::new("no-right", StatusCode::FORBIDDEN, Retry::Never, "Only auditors may do this"));
    }
    let checked = office.store.read::<_, StoreError>(audit::check).await?;
    if !checked.ok {
        tracing::error!(broken_at = checked.broken_at, "the audit log is broken");
    }
    Ok(Json(checked))
}
