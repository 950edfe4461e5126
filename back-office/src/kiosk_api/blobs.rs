//! Uploading sealed blobs, whole or in pieces: `HEAD` tells where an upload stands, `PATCH` with `Upload-Offset` goes on.
//! `Upload-Length` on `PATCH` announces the whole length.

use super::FromKiosk;
use crate::blobs::{BlobError, Held};
use crate::office::Office;
use crate::problem::ApiProblem;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use wire::digest::Digest;
use wire::problem::Retry;

const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");

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
    body: Bytes,
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

impl From<BlobError> for ApiProblem {
    fn from(error: BlobError) -> Self {
        let detail = error.to_string();
        match error {
            BlobError::Offset { at } => {
                Self::new("offset", StatusCode::CONFLICT, Retry::Same, "The upload stands at another place")
                    .member("offset", at)
            }
            BlobError::TooLarge { most } => {
                Self::new("too-large", StatusCode::PAYLOAD_TOO_LARGE, Retry::Never, "The blob is too large")
                    .member("most", most)
            }
            BlobError::WrongDigest => Self::new(
                "digest-mismatch",
                StatusCode::UNPROCESSABLE_ENTITY,
                Retry::Same,
                "The bytes do not have the digest of the address; the upload was thrown away",
            ),
            BlobError::NotSealed => {
                Self::new("not-sealed", StatusCode::UNPROCESSABLE_ENTITY, Retry::Never, "Only sealed blobs are taken")
            }
            BlobError::Disk(error) => {
                tracing::error!(%error, "disk");
                Self::later("The disk did not take it.")
            }
        }
        .detail(detail)
    }
}

fn digest(text: String) -> Result<Digest, ApiProblem> {
    Digest::try_from(text).map_err(|error| ApiProblem::malformed(error.to_string()))
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, ApiProblem> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .ok_or_else(|| ApiProblem::malformed(format!("the header {name} must be a number of bytes")))
}

/// `HEAD /v1/blobs/{sha256}`: `Upload-Offset` = bytes that are here; with `Upload-Length` when the blob is whole.
pub(super) async fn head(
    State(office): State<Arc<Office>>,
    _: FromKiosk,
    Path(name): Path<String>,
) -> Result<Response, ApiProblem> {
    let digest = digest(name)?;
    let blobs = office.blobs.clone();
    let held = on_disk(move || Ok(blobs.held(&digest)?)).await?;
    let mut response = StatusCode::OK.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match held {
        Held::Whole(size) => {
            headers.insert(OFFSET, HeaderValue::from(size));
            headers.insert(LENGTH, HeaderValue::from(size));
        }
        Held::Part(at) => {
            headers.insert(OFFSET, HeaderValue::from(at));
        }
    }
    Ok(response)
}

/// `PUT /v1/blobs/{sha256}`: the whole blob at once; what an earlier upload left is replaced.
pub(super) async fn put(
    State(office): State<Arc<Office>>,
    _: FromKiosk,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let digest = digest(name)?;
    let length = body.len() as u64;
    let _guard = office.blobs.lock(&digest).await;
    let blobs = office.blobs.clone();
    on_disk(move || {
        blobs.forget_part(&digest)?;
        blobs.append(&digest, 0, length, &body)
    })
    .await?;
    Ok((StatusCode::CREATED, [(OFFSET, HeaderValue::from(length))]).into_response())
}

/// `PATCH /v1/blobs/{sha256}`: the next piece.
pub(super) async fn patch(
    State(office): State<Arc<Office>>,
    _: FromKiosk,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, ApiProblem> {
    let digest = digest(name)?;
    let (offset, length) = (number(&headers, &OFFSET)?, number(&headers, &LENGTH)?);
    let _guard = office.blobs.lock(&digest).await;
    let blobs = office.blobs.clone();
    let at = on_disk(move || blobs.append(&digest, offset, length, &body)).await?;
    Ok((StatusCode::NO_CONTENT, [(OFFSET, HeaderValue::from(at))]).into_response())
}
