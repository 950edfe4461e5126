//! Checking the audit log over the network, for auditors.

use crate::office::Office;
use crate::problem::ApiProblem;
use crate::store::StoreError;
use crate::store::audit::{self, AuditCheck};
use axum::Json;
use axum::extract::State;
use std::sync::Arc;

/// `GET /v1/audit/check`.
pub(super) async fn check(State(office): State<Arc<Office>>) -> Result<Json<AuditCheck>, ApiProblem> {
    let checked = office.store.read::<_, StoreError>(audit::check).await?;
    if !checked.ok {
        tracing::error!(broken_at = checked.broken_at, "the audit log is broken");
    }
    Ok(Json(checked))
}
