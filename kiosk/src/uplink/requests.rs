//! The requests of the outbox's effects, each answered as an input of the outbox.
//! Invariant: no answer is believed further than `outbox::judge` and the receipt's check go.

use super::office::Office;
use crate::store::Store;
use domain::ids::SubmissionId;
use outbox::{Input, Setback, Verdict, judge};
use reqwest::StatusCode;
use reqwest::blocking::Response;
use reqwest::header::{CONTENT_TYPE, HeaderValue, LOCATION, RETRY_AFTER};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;
use wire::digest::Digest;
use wire::enrolment::{Health, Holding};
use wire::manifest::{Manifest, Part};
use wire::problem::Problem;
use wire::signature::Signed;
use wire::submitted::{Inline, Submitted};
use wire::upload;

/// Bytes of one piece of an upload: what a cut costs at most.
const PIECE: usize = 256 * 1024;
/// Version of the upload protocol.
const TUS: &str = "1.0.0";
/// Longest time for one piece, or for the manifest.
const LONG: Duration = Duration::from_secs(30);

/// What a worker does.
#[derive(Debug)]
pub(super) enum Task {
    Ask { id: SubmissionId, attempt: u32, blobs: Vec<Digest> },
    Upload { id: SubmissionId, attempt: u32, blob: Digest },
    Put { id: SubmissionId, attempt: u32, alone: bool },
    Probe { holding: Holding },
}

/// What a worker found, and what the outbox should know.
pub(super) struct Done {
    /// Whether the office answered at all, where this tells it.
    pub(super) reached: Option<bool>,
    /// Whether the office accepts this kiosk, where the answer tells it.
    pub(super) admitted: Option<bool>,
    pub(super) input: Option<Input>,
}

#[derive(Serialize)]
struct Asked<'a> {
    digests: &'a [Digest],
}

#[derive(Deserialize)]
struct Missing {
    missing: Vec<Digest>,
}

pub(super) fn carry_out(task: Task, office: &Office, store: &Store) -> Done {
    let (id, attempt, verdict) = match task {
        Task::Probe { holding } => {
            let answer = office.health(holding);
            renew_in_time(office, &answer);
            let reached = !matches!(answer, Err(super::UplinkError::Unreachable(_)));
            let admitted = match &answer {
                Ok(_) => Some(true),
                Err(super::UplinkError::Refused(problem)) => {
                    let paused = Verdict::Transient(Setback::Suspended);
                    (judge(problem.status, Some(problem), None) == paused).then_some(false)
                }
                Err(_) => None,
            };
            return Done { reached: Some(reached), admitted, input: None };
        }
        Task::Ask { id, attempt, blobs } => (id, attempt, ask(office, id, attempt, &blobs)),
        Task::Upload { id, attempt, blob } => (id, attempt, upload(office, store, id, attempt, blob)),
        Task::Put { id, attempt, alone } => (id, attempt, put(office, store, id, attempt, alone)),
    };
    // An edge that answers is not the office: whether that is there, and accepts this kiosk, the probe tells.
    let told = |answer: bool| (!office.relayed()).then_some(answer);
    match verdict {
        Ok(input) => Done { reached: told(true), admitted: told(true), input: Some(input) },
        Err(Verdict::Transient(why)) => {
            tracing::debug!(%id, attempt, ?why, "a try failed");
            let reached = why != Setback::Network;
            let admitted = (why == Setback::Suspended).then_some(false);
            Done { reached: told(reached), admitted, input: Some(Input::Transient { id, attempt, why }) }
        }
        Err(Verdict::Permanent(problem)) => {
            tracing::error!(%id, problem, "the office refuses an item for ever");
            Done { reached: told(true), admitted: None, input: Some(Input::Permanent { id, attempt, problem }) }
        }
    }
}

/// The office's clock says when; a certificate out of date is renewed when an administrator lets it.
fn renew_in_time(office: &Office, answer: &Result<Health, super::UplinkError>) {
    let due = match answer {
        Ok(health) => health.renew,
        Err(super::UplinkError::Refused(problem)) => problem.name() == "cert-expired",
        Err(error) => {
            tracing::debug!(%error, "probe");
            false
        }
    };
    if due && let Err(error) = office.renew() {
        tracing::warn!(%error, "the certificate was not renewed; it is tried again");
    }
}

fn ask(office: &Office, id: SubmissionId, attempt: u32, blobs: &[Digest]) -> Result<Input, Verdict> {
    let request = office.intake_client().post(office.at_intake("/v1/blobs/missing")).json(&Asked { digests: blobs });
    let response = expect(office.send(request).map_err(|_| network())?)?;
    let missing: Missing = serde_json::from_slice(&body(response)?).map_err(|_| unreadable())?;
    Ok(Input::BlobsMissing { id, attempt, missing: missing.missing })
}

/// Uploads by tus 1.0.0: opens, asks where it stands, goes on from there piece by piece, each with its checksum.
fn upload(office: &Office, store: &Store, id: SubmissionId, attempt: u32, blob: Digest) -> Result<Input, Verdict> {
    let bytes = std::fs::read(store.spool().path(&blob)).map_err(|error| {
        tracing::error!(%id, %blob, %error, "a spooled blob cannot be read");
        unreadable()
    })?;
    let client = office.intake_client();
    let open =
        client.post(office.at_intake("/v1/blobs")).header("tus-resumable", TUS).header("upload-length", bytes.len());
    let opened = open.header("upload-metadata", upload::metadata(&blob));
    let opened = expect(office.send(opened).map_err(|_| network())?)?;
    let url = office.at_intake(location(&opened).ok_or_else(unreadable)?);
    let head = client.head(&url).header("tus-resumable", TUS);
    let head = expect(office.send(head).map_err(|_| network())?)?;
    let mut offset = usize::try_from(number(&head, "upload-offset").ok_or_else(unreadable)?).unwrap_or(usize::MAX);
    while offset != bytes.len() {
        let piece = bytes.get(offset..bytes.len().min(offset.saturating_add(PIECE))).ok_or_else(unreadable)?;
        let request = client
            .patch(&url)
            .timeout(LONG)
            .header("tus-resumable", TUS)
            .header("upload-offset", offset)
            .header("upload-checksum", upload::checksum(&Digest::of(piece)))
            .header(CONTENT_TYPE, HeaderValue::from_static("application/offset+octet-stream"))
            .body(piece.to_vec());
        expect(office.send(request).map_err(|_| network())?)?;
        offset += piece.len();
    }
    Ok(Input::Uploaded { id, attempt, blob })
}

/// The address of an upload, only ever where it was opened.
fn location(opened: &Response) -> Option<&str> {
    opened.headers().get(LOCATION)?.to_str().ok().filter(|path| path.starts_with("/v1/blobs/"))
}

/// Puts the manifest: with the sealed answers beside it, or alone where a relay has them and is asked for the receipt.
fn put(office: &Office, store: &Store, id: SubmissionId, attempt: u32, alone: bool) -> Result<Input, Verdict> {
    let manifest = store.manifest(id).map_err(|error| {
        tracing::error!(%id, %error, "a manifest cannot be read");
        unreadable()
    })?;
    let submitted =
        if alone { Ok(Submitted { signed: manifest, inline: BTreeMap::new() }) } else { with_inline(store, manifest) };
    let submitted = submitted.map_err(|error| {
        tracing::error!(%id, %error, "a spooled part cannot be read");
        unreadable()
    })?;
    let request = office.intake_client().put(office.at_intake(&format!("/v1/submissions/{id}"))).timeout(LONG);
    let response = expect(office.send(request.json(&submitted)).map_err(|_| network())?)?;
    if response.status() == StatusCode::ACCEPTED {
        return Ok(Input::Relayed { id, attempt, after: after(&response) });
    }
    Ok(Input::Receipt { id, bytes: body(response)? })
}

/// The manifest with the small sealed answers that spare an upload.
fn with_inline(store: &Store, signed: Signed) -> std::io::Result<Submitted> {
    let manifest: Manifest = serde_json::from_str(&signed.body)?;
    let mut inline = BTreeMap::new();
    for part in manifest.parts.into_iter().filter(Part::rides_inline) {
        let bytes = std::fs::read(store.spool().path(&part.sha256))?;
        inline.insert(part.sha256, Inline(bytes));
    }
    Ok(Submitted { signed, inline })
}

fn network() -> Verdict {
    Verdict::Transient(Setback::Network)
}

fn unreadable() -> Verdict {
    Verdict::Transient(Setback::Later { after: None })
}

fn body(response: Response) -> Result<Vec<u8>, Verdict> {
    response.bytes().map(|bytes| bytes.to_vec()).map_err(|_| network())
}

fn number(response: &Response, name: &str) -> Option<u64> {
    response.headers().get(name)?.to_str().ok()?.parse().ok()
}

/// `Retry-After` in seconds.
fn after(response: &Response) -> Option<Duration> {
    response.headers().get(RETRY_AFTER)?.to_str().ok()?.parse().ok().map(Duration::from_secs)
}

/// A success, or what the refusal means.
fn expect(response: Response) -> Result<Response, Verdict> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let after = after(&response);
    let problem: Option<Problem> = serde_json::from_slice(&body(response)?).ok();
    let name = problem.as_ref().map_or("-", Problem::name);
    tracing::warn!(status = status.as_u16(), problem = name, "the office did not take a request");
    Err(judge(status.as_u16(), problem.as_ref(), after))
}
