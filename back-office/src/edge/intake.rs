//! The door for kiosks: uploads and manifests, by the calls that the office itself has.
//! Invariants: 201 and 200 carry the core's own signed receipt; 202 says that all of it is durable here and will be handed on, and
//! is said only after a look at each file once the row is durable: what erases looks at the rows, so one of the two sees the other; a
//! refusal is the core's word, or what can be seen without any key (sizes, digests, shape).
//! Not here: everything else kiosks ask, which goes through the passage.

use super::Edge;
use super::shelf::{Found, Standing};
use super::uploads;
use crate::kiosk_api::blobs::{Asked, Missing, absent, on_disk};
use crate::kiosk_api::submissions::{
    blobs_are_here, blobs_missing, not_inline, shaped, submission, submitted, unverified,
};
use crate::kiosk_api::{JSON, Whole, pressure, share, tus};
use crate::listen::PeerKiosk;
use crate::problem::ApiProblem;
use crate::sealed_parts;
use axum::extract::{DefaultBodyLimit, Extension, Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{post, put};
use axum::{Json, Router};
use domain::ids::KioskId;
use std::sync::Arc;
use std::time::{Duration, Instant};
use wire::digest::Digest;
use wire::manifest::{Manifest, Part};
use wire::problem::{Problem, Slug};
use wire::submitted::Submitted;

/// The routes.
pub(super) fn router(edge: &Arc<Edge>) -> Router {
    let intake = Router::new()
        .route("/v1/submissions/{id}", put(self::put_submission))
        .layer(from_fn_with_state(Arc::clone(&edge.pressure), pressure::admit))
        .route("/v1/blobs/missing", post(missing))
        .with_state(Arc::clone(edge));
    let uploads = tus::routes(&edge.blobs).layer(from_fn_with_state(Arc::clone(edge), uploads::keep));
    Router::new()
        .merge(tus::guarded(uploads, &edge.pressure))
        .merge(intake)
        .method_not_allowed_fallback(|| async { ApiProblem::of(Slug::Method) })
        .fallback(|| async { ApiProblem::not_found() })
        .layer(from_fn(in_date))
        .layer(DefaultBodyLimit::max(JSON))
        .layer(from_fn_with_state(Arc::clone(&edge.shares), share::keep))
}

/// Whoever shows no certificate meets nothing here: enrolment goes through the passage.
pub(super) fn strangers() -> Router {
    Router::new().fallback(|| async { ApiProblem::of(Slug::NotEnrolled) })
}

/// A certificate out of date opens nothing; it is renewed through the passage. Who is suspended only the core knows.
async fn in_date(Extension(peer): Extension<PeerKiosk>, request: Request, next: Next) -> Response {
    if peer.named.not_after < ambient::now() {
        return ApiProblem::of(Slug::CertExpired).detail("Renew it, then send the same again.").into_response();
    }
    next.run(request).await
}

/// `POST /v1/blobs/missing`: what was handed on already need not be sent again.
async fn missing(State(edge): State<Arc<Edge>>, Whole(body): Whole) -> Result<Json<Missing>, ApiProblem> {
    let absent = absent(&edge.blobs, Asked::read(&body)?.digests).await?;
    let passed = edge.shelf.passed_on(absent.clone()).await?;
    Ok(Json(Missing { missing: absent.into_iter().filter(|digest| !passed.contains(digest)).collect() }))
}

/// `PUT /v1/submissions/{id}`.
async fn put_submission(
    State(edge): State<Arc<Edge>>,
    Extension(peer): Extension<PeerKiosk>,
    Path(id): Path<String>,
    Whole(body): Whole,
) -> Result<Response, ApiProblem> {
    let id = submission(&id)?;
    let submitted = submitted(&body)?;
    let manifest = unverified(&submitted.signed)?;
    shaped(&manifest, id, edge.loaded.config.limits.parts)?;
    let asks = Asks { kiosk: peer.named.kiosk, author: manifest.kiosk.clone() };
    let known = edge.shelf.find(id, &submitted.signed).await?;
    match known.as_ref().map(|found| &found.standing) {
        Some(Standing::Received(receipt)) => return Ok(receipt_again(receipt)),
        Some(Standing::Waiting) => return wait(&edge, &submitted, &manifest, known, &asks).await,
        Some(Standing::Refused(problem, told)) => {
            // Told, and sent again as a whole: an operator wants it to be tried anew.
            if !*told || whole(&edge, &submitted, &manifest).await.is_err() {
                return tell(&edge, known.as_ref().map_or(0, |found| found.seq), problem).await;
            }
            not_suspended(&edge, &asks)?;
        }
        None => {
            not_suspended(&edge, &asks)?;
            whole(&edge, &submitted, &manifest).await?;
        }
    }
    let kept = edge.shelf.keep(&submitted, &manifest, ambient::now()).await?;
    let files = manifest.parts.len() - submitted.inline.len();
    tracing::info!(submission = %id, kiosk = %asks.kiosk, files, "kept, to be handed on");
    wait(&edge, &submitted, &manifest, Some(kept), &asks).await
}

/// Who asks, and who has sealed it.
struct Asks {
    kiosk: KioskId,
    author: KioskId,
}

/// Nothing new is kept of a kiosk of which the core said that it is suspended: it has all of it itself.
fn not_suspended(edge: &Edge, asks: &Asks) -> Result<(), ApiProblem> {
    let stands = edge.suspended.stands(&asks.author, Instant::now());
    let said = stands.then(|| Slug::DeviceSuspended.problem());
    said.and_then(|problem| handed_through(&problem, asks)).map_or(Ok(()), Err)
}

/// Everything is here, and is what the manifest says.
async fn whole(edge: &Edge, submitted: &Submitted, manifest: &Manifest) -> Result<(), ApiProblem> {
    sealed_parts::check(&manifest.parts, &submitted.inline).map_err(not_inline)?;
    files_are_here(edge, submitted, manifest).await
}

async fn files_are_here(edge: &Edge, submitted: &Submitted, manifest: &Manifest) -> Result<(), ApiProblem> {
    let files = |part: &&Part| !submitted.inline.contains_key(&part.sha256);
    blobs_are_here(&edge.blobs, manifest.parts.iter().filter(files).cloned().collect()).await
}

/// Waits a moment for the core's answer; without one says that it lies here.
async fn wait(
    edge: &Edge,
    submitted: &Submitted,
    manifest: &Manifest,
    found: Option<Found>,
    asks: &Asks,
) -> Result<Response, ApiProblem> {
    let Some(Found { seq, .. }) = found else { return Err(ApiProblem::not_found()) };
    let (answered, said) = edge.line.ask(seq, Instant::now());
    let mut heard = std::pin::pin!(answered.notified());
    heard.as_mut().enable();
    edge.work.notify_one();
    if said.as_ref().is_some_and(|problem| problem.name() == Slug::BlobsMissing.row().name) {
        files_are_here(edge, submitted, manifest).await?;
    }
    let patience = Duration::from_millis(edge.loaded.config.relay.answer_ms);
    let patience = if edge.core_is_away() { Duration::ZERO } else { patience };
    // An answer may have come before anybody listened for it.
    let now = standing(edge, manifest, submitted).await?;
    let now = match now {
        Some(Standing::Waiting) if tokio::time::timeout(patience, heard).await.is_ok() => {
            standing(edge, manifest, submitted).await?
        }
        other => other,
    };
    match now {
        Some(Standing::Waiting) => {
            if let Some(problem) = edge.line.said(seq).and_then(|problem| handed_through(&problem, asks)) {
                return Err(problem);
            }
            let gone = gone(edge, seq).await?;
            if gone.is_empty() {
                return Ok(later(edge, &asks.kiosk));
            }
            match standing(edge, manifest, submitted).await? {
                Some(Standing::Waiting) => Err(blobs_missing(&gone)),
                // The core has answered meanwhile, and the files went with its answer.
                other => answer(edge, seq, other).await,
            }
        }
        other => answer(edge, seq, other).await,
    }
}

/// The core's word on an item.
async fn answer(edge: &Edge, seq: i64, standing: Option<Standing>) -> Result<Response, ApiProblem> {
    match standing {
        Some(Standing::Received(receipt)) => Ok(receipt_first(&receipt)),
        Some(Standing::Refused(problem, _)) => tell(edge, seq, &problem).await,
        Some(Standing::Waiting) | None => Err(ApiProblem::later("It does not lie here any more; send the same again.")),
    }
}

/// Files of an item that are not here.
async fn gone(edge: &Edge, seq: i64) -> Result<Vec<Digest>, ApiProblem> {
    let (files, blobs) = (edge.shelf.files(seq).await?, edge.blobs.clone());
    on_disk(move || {
        let mut gone = Vec::new();
        for file in files {
            if !blobs.stands(&file)? {
                gone.push(file);
            }
        }
        Ok(gone)
    })
    .await
}

async fn standing(edge: &Edge, manifest: &Manifest, submitted: &Submitted) -> Result<Option<Standing>, ApiProblem> {
    Ok(edge.shelf.find(manifest.id, &submitted.signed).await?.map(|found| found.standing))
}

/// What the core says of the kiosk itself: that it is suspended is told to that kiosk alone, who carries something learns that it waits.
fn handed_through(problem: &Problem, asks: &Asks) -> Option<ApiProblem> {
    let slug = Slug::of(problem.name())?;
    if slug == Slug::DeviceSuspended && asks.kiosk == asks.author {
        return Some(ApiProblem::of(slug));
    }
    [Slug::DeviceSuspended, Slug::AuthorNotEnrolled].contains(&slug).then(|| ApiProblem::of(Slug::AuthorNotEnrolled))
}

/// Hands a refusal for ever through; the kiosk has all of it, so nothing need lie here any longer.
async fn tell(edge: &Edge, seq: i64, problem: &Problem) -> Result<Response, ApiProblem> {
    edge.shelf.told(seq).await?;
    super::push::erase(edge).await;
    Err(ApiProblem::handed_on(problem.clone()))
}

fn receipt_first(receipt: &str) -> Response {
    (StatusCode::CREATED, [(header::CONTENT_TYPE, "application/json")], receipt.to_owned()).into_response()
}

fn receipt_again(receipt: &str) -> Response {
    (StatusCode::OK, [(header::CONTENT_TYPE, "application/json")], receipt.to_owned()).into_response()
}

fn later(edge: &Edge, kiosk: &KioskId) -> Response {
    let ask = edge.loaded.config.relay.ask_seconds;
    let after = pressure::spread(Some(kiosk), (ask, ask.max(1)));
    let body = Json(serde_json::json!({ "state": "relayed" }));
    (StatusCode::ACCEPTED, [(header::RETRY_AFTER, HeaderValue::from(after))], body).into_response()
}
