//! Which sealed blobs are not here yet. Not here: uploading them (`tus`).

use super::Whole;
use crate::blobs::{BlobError, Blobs};
use crate::problem::ApiProblem;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use wire::digest::Digest;

/// Most digests in one question.
const MOST: usize = 1000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    pub(crate) digests: Vec<Digest>,
}

#[derive(Serialize)]
pub(crate) struct Missing {
    pub(crate) missing: Vec<Digest>,
}

/// `POST /v1/blobs/missing`.
pub(super) async fn missing(State(blobs): State<Blobs>, Whole(body): Whole) -> Result<Json<Missing>, ApiProblem> {
    Ok(Json(Missing { missing: absent(&blobs, Asked::read(&body)?.digests).await? }))
}

impl Asked {
    /// A question of not too many digests.
    pub(crate) fn read(body: &[u8]) -> Result<Self, ApiProblem> {
        let asked: Self = serde_json::from_slice(body).map_err(|error| ApiProblem::malformed(error.to_string()))?;
        if asked.digests.len() > MOST {
            return Err(ApiProblem::malformed(format!("ask for at most {MOST} digests at once")));
        }
        Ok(asked)
    }
}

/// The digests of which no whole blob is here.
pub(crate) async fn absent(blobs: &Blobs, digests: Vec<Digest>) -> Result<Vec<Digest>, ApiProblem> {
    let blobs = blobs.clone();
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
pub(crate) async fn on_disk<T: Send + 'static>(
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
