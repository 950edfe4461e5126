//! What a person says of the service, from the kiosk that sent the submission. Invariant: another kiosk's submission
//! does not exist for this one.

use super::{FromKiosk, Whole};
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::store::{ratings, submissions};
use axum::extract::State;
use axum::http::StatusCode;
use domain::ids::SubmissionId;
use serde::Deserialize;
use std::sync::Arc;
use wire::problem::Slug;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rating {
    submission: SubmissionId,
    stars: u8,
}

/// `POST /v1/ratings`.
pub(super) async fn post(
    State(office): State<Arc<Office>>,
    FromKiosk(kiosk): FromKiosk,
    Whole(body): Whole,
) -> Result<StatusCode, ApiProblem> {
    let Rating { submission, stars } =
        serde_json::from_slice(&body).map_err(|_| ApiProblem::malformed("not a rating"))?;
    if !(1..=5).contains(&stars) {
        return Err(ApiProblem::of(Slug::Stars));
    }
    let now = ambient::now();
    office
        .store
        .write::<_, ApiProblem>(move |c| {
            let known = submissions::find(c, submission)?.filter(|known| known.kiosk == kiosk.enrolled.id);
            known.ok_or_else(ApiProblem::not_found)?;
            Ok(ratings::give(c, &kiosk.enrolled.id, submission, stars, now)?)
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
