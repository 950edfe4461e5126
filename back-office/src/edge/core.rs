//! The core as seen from the edge: HTTPS with the edge's own certificate, on the door and by the calls that kiosks have.
//! Invariant: what the core says of the edge itself (not known, out of date) is never taken for its word on a submission.
//! Not here: when to ask (`push`).

use super::config::Loaded;
use crate::office::StartError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::ids::SubmissionId;
use reqwest::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use wire::digest::Digest;
use wire::problem::{Problem, Slug};
use wire::submitted::Submitted;

/// Longest time until the connection stands, and for one request.
const CONNECT: Duration = Duration::from_secs(3);
const REQUEST: Duration = Duration::from_secs(30);
/// Bytes of one piece of an upload.
const PIECE: usize = 1 << 20;
const TUS: &str = "1.0.0";

/// Why the core has not taken something.
#[derive(Debug)]
pub(super) enum Setback {
    /// No answer, an answer that is none, or one that concerns the edge and not the submission.
    Away(String),
    /// Its own word, and after how long it may be asked again.
    Problem(Problem, Option<Duration>),
}

/// The core.
pub(super) struct Core {
    client: Client,
    base: String,
    /// For the passage.
    pub(super) host: String,
    pub(super) port: u16,
}

#[derive(Serialize)]
struct Asked<'a> {
    digests: &'a [Digest],
}

#[derive(Deserialize)]
struct Missing {
    missing: Vec<Digest>,
}

fn away(what: impl ToString) -> Setback {
    Setback::Away(what.to_string())
}

impl Core {
    /// A client; nothing is sent yet.
    ///
    /// # Errors
    /// Keys and certificates.
    pub(super) fn new(loaded: &Loaded) -> Result<Self, StartError> {
        let client = Client::builder()
            .tls_backend_preconfigured(loaded.tls().client()?)
            .https_only(true)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .timeout(REQUEST)
            .build()
            .map_err(|error| StartError::Client(error.to_string()))?;
        let url = &loaded.config.core;
        Ok(Self {
            client,
            base: url.as_str().trim_end_matches('/').to_owned(),
            host: url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned(),
            port: url.port_or_known_default().unwrap_or(443),
        })
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Which of these blobs the core lacks.
    pub(super) async fn missing(&self, digests: &[Digest]) -> Result<Vec<Digest>, Setback> {
        let request = self.client.post(self.at("/v1/blobs/missing")).json(&Asked { digests });
        let missing: Missing = send(request).await?.json().await.map_err(|error| away(error.without_url()))?;
        Ok(missing.missing)
    }

    /// Uploads one blob, from where the core says that it stands.
    pub(super) async fn upload(&self, blob: &Digest, bytes: &[u8]) -> Result<(), Setback> {
        let open = self.client.post(self.at("/v1/blobs")).header("tus-resumable", TUS);
        let promised = format!("sha256 {}", STANDARD.encode(blob.as_str()));
        let open = open.header("upload-length", bytes.len()).header("upload-metadata", promised);
        let opened = send(open).await?;
        let path = opened.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        let path = path.filter(|path| path.starts_with("/v1/blobs/")).ok_or_else(|| away("no address of an upload"))?;
        let url = self.at(path);
        let head = send(self.client.head(&url).header("tus-resumable", TUS)).await?;
        let at = head.headers().get("upload-offset").and_then(|value| value.to_str().ok()?.parse().ok());
        let mut at: usize = at.ok_or_else(|| away("no offset of an upload"))?;
        while at < bytes.len() {
            let piece = &bytes[at..bytes.len().min(at + PIECE)];
            let checksum = hex::decode(Digest::of(piece).as_str()).unwrap_or_default();
            let request = self.client.patch(&url).header("tus-resumable", TUS).header("upload-offset", at);
            let request = request.header("upload-checksum", format!("sha256 {}", STANDARD.encode(checksum)));
            send(request.header(CONTENT_TYPE, "application/offset+octet-stream").body(piece.to_vec())).await?;
            at += piece.len();
        }
        Ok(())
    }

    /// Hands a manifest on; gives what should be the receipt.
    pub(super) async fn put(&self, id: SubmissionId, submitted: &Submitted) -> Result<String, Setback> {
        let request = self.client.put(self.at(&format!("/v1/submissions/{id}"))).json(submitted);
        send(request).await?.text().await.map_err(|error| away(error.without_url()))
    }
}

/// A success, or what the refusal is.
async fn send(request: RequestBuilder) -> Result<Response, Setback> {
    let response = request.send().await.map_err(|error| away(error.without_url()))?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let after = after.map(Duration::from_secs);
    let body = response.bytes().await.map_err(|error| away(error.without_url()))?;
    let Ok(problem) = serde_json::from_slice::<Problem>(&body) else { return Err(away(format!("HTTP {status}"))) };
    if matches!(Slug::of(problem.name()), Some(Slug::NotEnrolled | Slug::CertExpired)) {
        tracing::error!(problem = problem.name(), "the core does not accept this edge");
        return Err(away(problem.name()));
    }
    Err(Setback::Problem(problem, after))
}
