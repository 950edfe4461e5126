//! Intake: one signed manifest is one atomic commit, answered by a signed receipt; and what became of it.
//! Invariants: same id and digest = same receipt, byte for byte, and the effect happens once; a receipt goes out only
//! after blobs and rows are durable; nothing is refused for its content.

use super::admission::{FromEdge, double, suspended};
use super::blobs::{absent, on_disk};
use super::{FromKiosk, Whole};
use crate::blobs::Blobs;
use crate::intake::{self, Taken};
use crate::kiosks::Kiosk;
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::sealed_parts::{self, InlineError};
use crate::store::kiosk_keys::{self, Former};
use crate::store::outcomes::{self, End};
use crate::store::retention::{self, Standing};
use crate::store::{StoreError, cases, kiosks, submissions};
use crate::worker::issuing;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use domain::ids::SubmissionId;
use std::collections::BTreeSet;
use std::sync::Arc;
use wire::digest::Digest;
use wire::manifest::{Manifest, Part, Role, SUITE, VERSION};
use wire::outcome::Outcome;
use wire::problem::Slug;
use wire::signature::{SignatureError, Signed};
use wire::submitted::Submitted;

/// The id in an address, only as a kiosk writes it.
pub(crate) fn submission(text: &str) -> Result<SubmissionId, ApiProblem> {
    let id = text.parse().ok().filter(|id: &uuid::Uuid| id.to_string() == text);
    id.map(SubmissionId).ok_or_else(ApiProblem::not_found)
}

/// Who sealed it: this kiosk, or another one that is enrolled today and whose submission this one carries (from a stick).
/// What a kiosk sealed that is not enrolled, or was suspended, is kept by whoever carries it until an administrator decides.
async fn author(office: &Office, carrier: Kiosk, signed: &Signed) -> Result<Kiosk, ApiProblem> {
    let named = unverified(signed)?;
    if named.kiosk == carrier.enrolled.id {
        return Ok(carrier);
    }
    let row = office.kiosks.find(&office.store, &named.kiosk).await?;
    let enrolled = row.filter(|row| row.state == kiosks::State::Enrolled).and_then(|row| row.kiosk());
    let author = enrolled.ok_or_else(|| ApiProblem::of(Slug::AuthorNotEnrolled))?;
    tracing::info!(submission = %named.id, kiosk = %named.kiosk, carrier = %carrier.enrolled.id, "carried by another kiosk");
    Ok(author)
}

/// What an edge hands on counts as its author's own, who must be enrolled today. That one is suspended is for the author to know;
/// an edge tells nobody else.
async fn author_by_edge(office: &Office, signed: &Signed) -> Result<Kiosk, ApiProblem> {
    let named = unverified(signed)?;
    let row = office.kiosks.find(&office.store, &named.kiosk).await?;
    let row = row.ok_or_else(|| ApiProblem::of(Slug::AuthorNotEnrolled))?;
    if row.state == kiosks::State::Suspended {
        return Err(suspended());
    }
    let enrolled = Some(row).filter(|row| row.state == kiosks::State::Enrolled).and_then(|row| row.kiosk());
    enrolled.ok_or_else(|| ApiProblem::of(Slug::AuthorNotEnrolled))
}

/// What a manifest says, before anybody has looked at its signature.
pub(crate) fn unverified(signed: &Signed) -> Result<Manifest, ApiProblem> {
    serde_json::from_str(&signed.body).map_err(|_| ApiProblem::malformed("the signed body is not a manifest"))
}

/// The body of a `PUT`.
pub(crate) fn submitted(body: &[u8]) -> Result<Submitted, ApiProblem> {
    serde_json::from_slice(body).map_err(|_| ApiProblem::malformed("not a signed manifest"))
}

/// The manifest, when it is signed by this kiosk and says what its address says.
fn checked(signed: &Signed, kiosk: &Kiosk, id: SubmissionId, parts: usize) -> Result<Manifest, ApiProblem> {
    let manifest: Manifest = signed.open(&kiosk.key).map_err(|error| match error {
        SignatureError::UnknownKey | SignatureError::Wrong => ApiProblem::of(Slug::BadSignature),
        SignatureError::NotJson(_) => ApiProblem::malformed("the signed body is not a manifest"),
    })?;
    shaped(&manifest, id, parts)?;
    if manifest.kiosk != kiosk.enrolled.id {
        return Err(ApiProblem::of(Slug::WrongAddress));
    }
    Ok(manifest)
}

/// What can be seen of a manifest without knowing who signed it.
pub(crate) fn shaped(manifest: &Manifest, id: SubmissionId, parts: usize) -> Result<(), ApiProblem> {
    if manifest.v != VERSION {
        return Err(ApiProblem::of(Slug::Version));
    }
    if manifest.suite != SUITE {
        return Err(ApiProblem::of(Slug::UnknownSuite).detail(format!("this office opens {SUITE}")));
    }
    if manifest.id != id {
        return Err(ApiProblem::of(Slug::WrongAddress));
    }
    if !manifest.chain.fits(id) {
        return Err(ApiProblem::malformed("only the first submission of a chain has the place 0"));
    }
    let answers = manifest.parts.iter().filter(|part| part.role == Role::Answers).count();
    if answers != 1 || manifest.parts.len() > parts {
        return Err(ApiProblem::of(Slug::Parts)
            .detail("A submission has exactly one part `answers` and a limited number of attachments."));
    }
    Ok(())
}

/// `PUT /v1/submissions/{id}`: 201 with the receipt, 200 with the same receipt when it is here already.
pub(super) async fn put(
    State(office): State<Arc<Office>>,
    FromKiosk(kiosk): FromKiosk,
    Path(id): Path<String>,
    Whole(body): Whole,
) -> Result<Response, ApiProblem> {
    let id = submission(&id)?;
    let submitted = submitted(&body)?;
    let kiosk = author(&office, kiosk, &submitted.signed).await?;
    take(&office, &kiosk, id, submitted).await
}

/// The same from an edge, on behalf of the kiosk whose key has signed.
pub(super) async fn put_by_edge(
    State(office): State<Arc<Office>>,
    FromEdge(edge): FromEdge,
    Path(id): Path<String>,
    Whole(body): Whole,
) -> Result<Response, ApiProblem> {
    let id = submission(&id)?;
    let submitted = submitted(&body)?;
    let kiosk = author_by_edge(&office, &submitted.signed).await?;
    tracing::debug!(submission = %id, kiosk = %kiosk.enrolled.id, edge, "handed on by an edge");
    take(&office, &kiosk, id, submitted).await
}

/// As [`checked`]; also what an earlier machine of this kiosk signed: when it is here already, it is answered as before, and else it
/// is taken when an administrator said so, as a machine that was stolen has its key still. Until then it waits, and nothing is refused
/// for ever.
async fn checked_or_former(
    office: &Office,
    signed: &Signed,
    kiosk: &Kiosk,
    id: SubmissionId,
) -> Result<Manifest, ApiProblem> {
    let most = office.loaded.config.limits.parts;
    let refused = match checked(signed, kiosk, id, most) {
        Err(problem) if problem.is(Slug::BadSignature) => problem,
        other => return other,
    };
    let own = kiosk.enrolled.id.clone();
    let (known, former) = office
        .store
        .read::<_, StoreError>(move |c| Ok((submissions::find(c, id)?, kiosk_keys::former(c, &own)?)))
        .await?;
    for Former { key, accepted } in former {
        match checked(signed, &Kiosk { key, enrolled: kiosk.enrolled.clone() }, id, most) {
            Err(problem) if problem.is(Slug::BadSignature) => {}
            Err(problem) => return Err(problem),
            Ok(manifest) => {
                let digest = signed.digest();
                if accepted || known.is_some_and(|known| known.digest == digest.as_str()) {
                    return Ok(manifest);
                }
                return Err(ApiProblem::of(Slug::AuthorNotEnrolled).detail(
                    "An earlier machine of this kiosk sealed it. It waits until an administrator accepts that machine's key.",
                ));
            }
        }
    }
    Err(refused)
}

async fn take(
    office: &Arc<Office>,
    kiosk: &Kiosk,
    id: SubmissionId,
    submitted: Submitted,
) -> Result<Response, ApiProblem> {
    let Submitted { signed, inline } = &submitted;
    let manifest = checked_or_former(office, signed, kiosk, id).await?;
    let _coming_in = office.burst.begin();
    let digest = signed.digest();
    let blobs: Vec<Part> = manifest.parts.iter().filter(|part| !inline.contains_key(&part.sha256)).cloned().collect();
    // What rides along as a whole needs no look before: the transaction looks itself whether it is known. Files may be gone by
    // now, so for them what is known is answered first.
    if !blobs.is_empty() {
        let known = office.store.read::<_, StoreError>(move |c| submissions::find(c, id)).await?;
        if let Some(known) = known {
            return replay(office, &known, kiosk, &digest).await;
        }
    }
    if office.ring.too_late(&manifest.recipients, ambient::now()) {
        return Err(ApiProblem::of(Slug::RecipientKeyRetired));
    }
    sealed_parts::check(&manifest.parts, inline).map_err(not_inline)?;
    blobs_are_here(&office.blobs, blobs).await?;
    let taken = intake::take(office, submitted, manifest, ambient::now()).await?;
    match taken {
        Taken::New { receipt } => {
            office.work.notify_one();
            Ok((StatusCode::CREATED, [(header::CONTENT_TYPE, "application/json")], receipt).into_response())
        }
        Taken::OutOfOrder { expected_seq } => {
            Err(ApiProblem::of(Slug::OutOfOrder).member("expected_seq", expected_seq).after(2))
        }
        Taken::Known(known) => replay(office, &known, kiosk, &digest).await,
    }
}

/// The receipt of before; for another content under the same id, none. A kiosk mints an id once: if it signs two contents
/// under one, two machines have its keys.
async fn replay(
    office: &Office,
    known: &submissions::Submission,
    kiosk: &Kiosk,
    digest: &Digest,
) -> Result<Response, ApiProblem> {
    let same_kiosk = known.kiosk == kiosk.enrolled.id;
    if !same_kiosk || known.digest != digest.as_str() {
        tracing::error!(submission = %known.id, kiosk = %kiosk.enrolled.id, "id conflict");
        if same_kiosk {
            double(office, &kiosk.enrolled.id, "two submissions under one id", ambient::now()).await?;
        }
        return Err(ApiProblem::of(Slug::IdConflict));
    }
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, "application/json")], known.receipt.clone()).into_response())
}

pub(crate) fn not_inline(error: InlineError) -> ApiProblem {
    let slug = match error {
        InlineError::NotAnswers => Slug::Parts,
        InlineError::Size => Slug::SizeMismatch,
        InlineError::NotSealed => Slug::NotSealed,
        InlineError::Digest => Slug::DigestMismatch,
    };
    ApiProblem::of(slug).detail(error.to_string())
}

/// These lie here no more, or not yet.
pub(crate) fn blobs_missing(missing: &[Digest]) -> ApiProblem {
    let names: Vec<String> = missing.iter().map(ToString::to_string).collect();
    ApiProblem::of(Slug::BlobsMissing)
        .detail("Upload them, then send the same manifest again.")
        .member("missing", names)
}

/// Every part that is a file lies here and is as long as the manifest says.
pub(crate) async fn blobs_are_here(blobs: &Blobs, parts: Vec<Part>) -> Result<(), ApiProblem> {
    if parts.is_empty() {
        return Ok(());
    }
    let digests: BTreeSet<_> = parts.iter().map(|part| part.sha256.clone()).collect();
    let missing = absent(blobs, digests.into_iter().collect()).await?;
    if !missing.is_empty() {
        return Err(blobs_missing(&missing));
    }
    let blobs = blobs.clone();
    let sizes_fit = on_disk(move || {
        for part in &parts {
            if blobs.size(&part.sha256)? != Some(part.size) {
                return Ok(false);
            }
        }
        Ok(true)
    })
    .await?;
    if sizes_fit { Ok(()) } else { Err(ApiProblem::of(Slug::SizeMismatch)) }
}

/// `GET /v1/submissions/{id}/outcome`, for the kiosk that sent it; none once its case is erased.
pub(super) async fn outcome(
    State(office): State<Arc<Office>>,
    FromKiosk(kiosk): FromKiosk,
    Path(id): Path<String>,
) -> Result<Response, ApiProblem> {
    let id = submission(&id)?;
    let found = office
        .store
        .read::<_, StoreError>(move |c| {
            let case = cases::of_submission(c, id)?;
            let standing = case.map(|case| retention::standing(c, case.id)).transpose()?;
            let ends = matches!(standing, Some(Standing::Erasing | Standing::Erased));
            Ok((submissions::find(c, id)?, outcomes::find(c, id)?, ends))
        })
        .await?;
    let (Some(submission), stored, ends) = found else { return Err(ApiProblem::not_found()) };
    if submission.kiosk != kiosk.enrolled.id || ends {
        return Err(ApiProblem::not_found());
    }
    let outcome = match stored {
        Some(stored) if stored.shown_from <= ambient::now() => match stored.end {
            End::Counter(ticket) => crate::counter::outcome(&office, ticket, ambient::now()),
            End::Issued(number) => {
                let pdf = issuing::paper(&office, &number).await?;
                Outcome::Issued { number, pdf: base64::engine::general_purpose::STANDARD.encode(pdf) }
            }
        },
        Some(_) | None => Outcome::Pending,
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(outcome)).into_response())
}
