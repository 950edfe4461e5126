//! Looking at what came along: a page of a paper, a picture of the person, while the opening is filled.
//! Invariants: only who has the opening, only what it names now; each look leaves a leaf.

use super::access::{mine, open_draft};
use crate::office::Office;
use crate::officer_api::attachments::sent;
use crate::officer_api::door::FromOfficer;
use crate::openings::Draft;
use crate::problem::ApiProblem;
use crate::store::openings::OpeningId;
use crate::store::{StoreError, audit};
use axum::extract::{Path, State};
use axum::response::Response;
use domain::answers::AttachmentId;
use std::sync::Arc;
use wire::payload::PictureRole;

/// `GET /v1/openings/{id}/attachments/{attachment}`.
pub(in crate::officer_api) async fn attachment(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path((id, attachment)): Path<(uuid::Uuid, String)>,
) -> Result<Response, ApiProblem> {
    let (opening, _) = mine(&office, &from, OpeningId(id)).await?;
    let draft = open_draft(&office, &opening).await?;
    let attachment = AttachmentId(attachment);
    let named = draft.answers.iter().any(|(_, answer)| answer.attachments().contains(&attachment))
        || draft.pictures.values().any(|picture| *picture == attachment);
    let part = draft.attachments.get(&attachment).filter(|_| named).cloned().ok_or_else(ApiProblem::not_found)?;
    let (now, details) = (ambient::now(), serde_json::json!({ "part": part.sha256 }));
    office
        .store
        .write::<_, StoreError>(move |c| {
            audit::append(c, now, &from.actor(), "attachment-opened", &format!("opening:{id}"), details)
        })
        .await?;
    sent(office, opening.submission, part).await
}

/// The portrait of the card's chip.
pub(super) fn card_photo(draft: &Draft) -> Option<AttachmentId> {
    draft.pictures.get(&PictureRole::CardPortrait).cloned()
}

/// The applicant as they are now: the form's portrait in their own matter, else the face that was compared.
pub(super) fn live_photo(draft: &Draft) -> Option<AttachmentId> {
    let own = draft.answers.applicants_photo(draft.matter);
    own.or_else(|| draft.pictures.get(&PictureRole::LiveFace)).cloned()
}
