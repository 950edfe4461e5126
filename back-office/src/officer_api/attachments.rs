//! One attachment of a case or an opening, opened for an officer: never cached, never a file on disk.

use super::cases::closed_needs_reason;
use super::door::{FILES, FromOfficer};
use super::evidence;
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::store::{StoreError, audit, cases};
use crate::worker::opening::{self, Opened};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::answers::AttachmentId;
use domain::ids::{CaseId, SubmissionId};
use std::sync::Arc;
use wire::manifest::Part;

/// `GET /v1/cases/{id}/attachments/{attachment}`.
pub(super) async fn get(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path((id, attachment)): Path<(uuid::Uuid, String)>,
) -> Result<Response, ApiProblem> {
    let (id, attachment) = (CaseId(id), AttachmentId(attachment));
    let (reader, now) = (from.clone(), ambient::now());
    let case = office
        .store
        .read::<_, ApiProblem>(move |c| {
            let case = reader.may(cases::find(c, id)?)?;
            closed_needs_reason(c, &reader, &case, now)?;
            Ok(case)
        })
        .await?;
    let Opened::Readable { attachments, .. } = evidence::open(&office, &case).await? else {
        return Err(ApiProblem::not_found());
    };
    let part = attachments.get(&attachment).cloned().ok_or_else(ApiProblem::not_found)?;
    let details = serde_json::json!({ "part": part.sha256 });
    office
        .store
        .write::<_, StoreError>(move |c| {
            audit::append(c, now, &from.actor(), "attachment-opened", &format!("case:{id}"), details)
        })
        .await?;
    sent(office, Some(case.submission), part).await
}

/// The plain bytes of a part as an answer.
pub(super) async fn sent(
    office: Arc<Office>,
    submission: Option<SubmissionId>,
    part: Part,
) -> Result<Response, ApiProblem> {
    // Everything else is an anonymous file.
    let media = FILES.into_iter().find(|&known| known == part.media_type).unwrap_or("application/octet-stream");
    let bytes = tokio::task::spawn_blocking(move || opening::plain(&office, submission, &part)).await;
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
        Ok(Err(error)) => Err(ApiProblem::later(error.to_string())),
        Err(_) => Err(ApiProblem::later("The file cannot be read now.")),
    }
}
