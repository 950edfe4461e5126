//! One attachment of a case, opened for an officer: never cached, never a file on disk.

use super::FromOfficer;
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::store::{StoreError, audit, cases, submissions};
use crate::worker::opening::{self, Opened};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::answers::AttachmentId;
use domain::ids::CaseId;
use std::sync::Arc;

/// Types that are handed to a browser as what they are; everything else is an anonymous file.
const SHOWN: [&str; 3] = ["image/jpeg", "image/png", "application/pdf"];

/// `GET /v1/cases/{id}/attachments/{attachment}`.
pub(super) async fn get(
    State(office): State<Arc<Office>>,
    officer: FromOfficer,
    Path((id, attachment)): Path<(uuid::Uuid, String)>,
) -> Result<Response, ApiProblem> {
    let (id, attachment) = (CaseId(id), AttachmentId(attachment));
    let case = officer.may_see(office.store.read::<_, StoreError>(move |c| cases::find(c, id)).await?)?;
    let stored = office.store.read::<_, StoreError>(move |c| submissions::find(c, case.submission)).await?;
    let manifest = stored.ok_or(StoreError::Damaged("submission of a case"))?.manifest()?;
    let failed = |error: crate::worker::WorkError| ApiProblem::later(error.to_string());
    let Opened::Readable { attachments, .. } = opening::open(&office, &manifest).await.map_err(failed)? else {
        return Err(ApiProblem::not_found());
    };
    let part = attachments.get(&attachment).cloned().ok_or_else(ApiProblem::not_found)?;
    let (actor, now) = (officer.actor(), ambient::now());
    let details = serde_json::json!({ "part": part.sha256 });
    office
        .store
        .write::<_, StoreError>(move |c| {
            audit::append(c, now, &actor, "attachment-opened", &format!("case:{id}"), details)
        })
        .await?;
    let media = SHOWN.into_iter().find(|&known| known == part.media_type).unwrap_or("application/octet-stream");
    let bytes = tokio::task::spawn_blocking(move || opening::plain(&office, &part)).await;
    match bytes {
        Ok(Ok(Some(bytes))) => Ok((
            [
                (header::CONTENT_TYPE, media),
                (header::CACHE_CONTROL, "no-store"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ],
            bytes,
        )
            .into_response()),
        Ok(Ok(None)) => Err(ApiProblem::not_found()),
        Ok(Err(error)) => Err(failed(error)),
        Err(_) => Err(ApiProblem::later("The file cannot be read now.")),
    }
}
