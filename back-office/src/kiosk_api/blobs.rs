//! Which sealed blobs are not here yet. Not here: uploading them (`tus`).

use super::{FromKiosk, Whole};
use crate::blobs::BlobError;
use crate::office::Office;
use crate::problem::ApiProblem;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use wire::digest::Digest;

/// Most digests in one question.
const MOST: usize = 1000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    digests: Vec<Digest>,
}

#[derive(Serialize)]
pub(super) struct Missing {
    missing: Vec<Digest>,
}

/// `POST /v1/blobs/missing`.
pub(super) async fn missing(
    State(office): State<Arc<Office>>,
    _: FromKiosk,
    Whole(body): Whole,
) -> Result<Json<Missing>, ApiProblem> {
    let asked: Asked = serde_json::from_slice(&body).map_err(|error| ApiProblem::malformed(error.to_string()))?;
    if asked.digests.len() > MOST {
        return Err(ApiProblem::malformed(format!("ask for at most {MOST} digests at once")));
    }
    Ok(Json(Missing { missing: absent(&office, asked.digests).await? }))
}

/// The digests of which no whole blob is here.
pub(super) async fn absent(office: &Arc<Office>, digests: Vec<Digest>) -> Result<Vec<Digest>, ApiProblem> {
    let blobs = office.blobs.clone();
    on_disk(move || {
        let mut absent = Vec::new();
        for digest in digests {
            if blobs.size(&digest)?.is_none() {
                absent.push(digest);
            }
        }
        Ok(absent)
    })
    .await
}

/// Runs disk work off the event loop.
pub(super) async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BlobError> + Send + 'static,
) -> Result<T, ApiProblem> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(ApiProblem::from),
        Err(error) => {
            tracing::error!(%error, "disk work ended early");
            Err(ApiProblem::later("The disk work ended early."))
        }
    }
}
