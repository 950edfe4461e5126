//! Resumable uploads of sealed blobs: tus 1.0.0 (core, extensions creation and checksum; https://tus.io/protocols/resumable-upload).
//! Invariants: what came before a cut stays and is told by `HEAD`; a piece with a wrong checksum leaves no byte; a finished
//! upload has the digest that was promised when it was opened, and is an age file, else nothing of it stays.
//! Not here: files (`blobs`), who may upload (the routers that take these routes in).

use super::blobs::on_disk;
use super::pressure::{self, Pressure};
use crate::blobs::{BlobError, Blobs};
use crate::problem::ApiProblem;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{head as on_head, post};
use axum::{Router, middleware};
use futures_util::StreamExt as _;
use std::sync::Arc;
use std::time::Duration;
use wire::digest::Digest;
use wire::problem::Slug;
use wire::upload::{self, Upload};

const VERSION: &str = "1.0.0";
const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
const OVERRIDE: HeaderName = HeaderName::from_static("x-http-method-override");
/// Type of a piece.
const PIECE: &str = "application/offset+octet-stream";
/// So many bytes are written at once.
const GATHER: usize = 256 * 1024;
/// Most bytes of a piece with a checksum: it is kept in memory until it is checked.
const CHECKED: u64 = 4 << 20;
/// Longest wait for the next bytes of a piece.
const SILENCE: Duration = Duration::from_secs(30);

/// The routes over these blobs, to be guarded by whoever takes them in.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>(blobs: &Blobs) -> Router<S> {
    Router::new()
        .route("/v1/blobs", post(create).options(options))
        .route("/v1/blobs/{upload}", on_head(head).patch(patch).post(overridden).options(options))
        .method_not_allowed_fallback(|| async { ApiProblem::of(Slug::Method) })
        .with_state(blobs.clone())
}

/// Guards [`routes`]: back-pressure before a body is read, and the version of tus before that.
pub(crate) fn guarded<S: Clone + Send + Sync + 'static>(routes: Router<S>, pressure: &Arc<Pressure>) -> Router<S> {
    routes
        .layer(middleware::from_fn_with_state(Arc::clone(pressure), pressure::admit))
        .layer(middleware::from_fn(version))
}

/// Puts the version into every answer, and refuses requests of another one. `OPTIONS` asks for it and needs none.
async fn version(request: Request, next: Next) -> Response {
    let asked = request.headers().get(RESUMABLE).map(|value| value.as_bytes().to_vec());
    let piece = request.method() == Method::PATCH;
    let right = request.method() == Method::OPTIONS || asked.as_deref() == Some(VERSION.as_bytes());
    let mut response = if right {
        next.run(request).await
    } else {
        let refused = ApiProblem::of(Slug::TusVersion).detail(format!("send Tus-Resumable: {VERSION}"));
        refused.into_response()
    };
    let failed = !response.status().is_success();
    let headers = response.headers_mut();
    headers.insert(RESUMABLE, HeaderValue::from_static(VERSION));
    if piece && failed {
        // Its body was not read to the end: nothing else may follow on this connection.
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if !right {
        headers.insert("tus-version", HeaderValue::from_static(VERSION));
    }
    response
}

/// `OPTIONS /v1/blobs`: what is known here.
async fn options(State(blobs): State<Blobs>) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert("tus-version", HeaderValue::from_static(VERSION));
    headers.insert("tus-extension", HeaderValue::from_static("creation,checksum"));
    headers.insert("tus-checksum-algorithm", HeaderValue::from_static("sha256"));
    headers.insert("tus-max-size", HeaderValue::from(blobs.most()));
    response
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, ApiProblem> {
    headers
        .get(name)
        .and_then(|value| upload::number(value.to_str().ok()?))
        .ok_or_else(|| ApiProblem::malformed(format!("the header {name} must be a number of bytes")))
}

/// `POST /v1/blobs`: opens an upload; the same one again is the same address.
async fn create(State(blobs): State<Blobs>, headers: HeaderMap) -> Result<Response, ApiProblem> {
    let length = number(&headers, &LENGTH)?;
    let told = headers.get(METADATA).and_then(|value| value.to_str().ok());
    let digest = told.and_then(upload::promised).ok_or_else(|| {
        ApiProblem::malformed("Upload-Metadata must hold sha256, the base64 of 64 lower-case hex digits")
    })?;
    let upload = Upload { digest, length };
    let address = format!("/v1/blobs/{upload}");
    on_disk(move || blobs.create(&upload)).await?;
    let address = HeaderValue::from_str(&address).map_err(|_| ApiProblem::malformed("no such upload"))?;
    Ok((StatusCode::CREATED, [(header::LOCATION, address)]).into_response())
}

fn named(text: &str) -> Result<Upload, ApiProblem> {
    Upload::parse(text).ok_or_else(|| ApiProblem::of(Slug::UploadGone))
}

/// `HEAD {Location}`: where the upload stands.
async fn head(State(blobs): State<Blobs>, Path(name): Path<String>) -> Result<Response, ApiProblem> {
    let upload = named(&name)?;
    let length = upload.length;
    let at = on_disk(move || blobs.offset(&upload)).await?;
    let mut response = StatusCode::OK.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(OFFSET, HeaderValue::from(at));
    headers.insert(LENGTH, HeaderValue::from(length));
    Ok(response)
}

/// `POST {Location}` with `X-HTTP-Method-Override: PATCH`, for whoever stands behind a box that knows no `PATCH`.
async fn overridden(
    blobs: State<Blobs>,
    name: Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiProblem> {
    if headers.get(OVERRIDE).is_some_and(|method| method == "PATCH") {
        return patch(blobs, name, headers, body).await;
    }
    Err(ApiProblem::of(Slug::Method))
}

/// `PATCH {Location}`: the next piece.
async fn patch(
    State(blobs): State<Blobs>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiProblem> {
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != PIECE) {
        return Err(ApiProblem::of(Slug::Media).detail(format!("a piece is {PIECE}")));
    }
    let piece = Piece { blobs, upload: named(&name)?, from: number(&headers, &OFFSET)?, checksum: checksum(&headers)? };
    let at = piece.take(body).await?;
    Ok((StatusCode::NO_CONTENT, [(OFFSET, HeaderValue::from(at))]).into_response())
}

fn checksum(headers: &HeaderMap) -> Result<Option<Digest>, ApiProblem> {
    let Some(value) = headers.get(CHECKSUM) else { return Ok(None) };
    let told = value.to_str().ok().and_then(upload::told_checksum);
    told.map(Some).ok_or_else(|| ApiProblem::malformed("Upload-Checksum must be `sha256 <base64>`"))
}

/// A piece on its way in.
struct Piece {
    blobs: Blobs,
    upload: Upload,
    from: u64,
    checksum: Option<Digest>,
}

impl Piece {
    /// Gives where the upload stands afterwards. What came before a cut stays, unless it was to be checked.
    async fn take(self, body: Body) -> Result<u64, ApiProblem> {
        let mut at = self.write(self.from, Bytes::new()).await?;
        let mut frames = body.into_data_stream();
        let mut gathered = Vec::new();
        let end = loop {
            match tokio::time::timeout(SILENCE, frames.next()).await {
                Ok(Some(Ok(bytes))) => gathered.extend_from_slice(&bytes),
                Ok(None) => break Ok(()),
                Ok(Some(Err(_))) | Err(_) => break Err(ApiProblem::malformed("the piece was cut off")),
            }
            let room = if self.checksum.is_some() { CHECKED.min(self.upload.length) } else { self.upload.length };
            if at + gathered.len() as u64 > self.upload.length || gathered.len() as u64 > room {
                return Err(BlobError::TooLarge { most: room }.into());
            }
            if self.checksum.is_none() && gathered.len() >= GATHER {
                at = self.write(at, std::mem::take(&mut gathered).into()).await?;
            }
        };
        if let Some(told) = &self.checksum {
            end.clone()?;
            if Digest::of(&gathered) != *told {
                return Err(ApiProblem::of(Slug::ChecksumMismatch));
            }
        }
        if !gathered.is_empty() {
            at = self.write(at, gathered.into()).await?;
        }
        end.map(|()| at)
    }

    async fn write(&self, at: u64, bytes: Bytes) -> Result<u64, ApiProblem> {
        let (blobs, upload) = (self.blobs.clone(), self.upload.clone());
        on_disk(move || blobs.append(&upload, at, &bytes)).await
    }
}

impl From<BlobError> for ApiProblem {
    fn from(error: BlobError) -> Self {
        let detail = error.to_string();
        match error {
            BlobError::Offset { at } => Self::of(Slug::Offset).member("offset", at),
            BlobError::Gone => Self::of(Slug::UploadGone),
            BlobError::TooLarge { most } => Self::of(Slug::TooLarge).member("most", most),
            BlobError::WrongDigest => Self::of(Slug::DigestMismatch),
            BlobError::NotSealed => Self::of(Slug::NotSealed),
            BlobError::Disk(error) => return Self::disk(&error),
            BlobError::Store(error) => return error.into(),
        }
        .detail(detail)
    }
}
