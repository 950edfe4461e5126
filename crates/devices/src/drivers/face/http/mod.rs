//! Asks the bureau's face match service: POST of `{"reference": {"kind": "card-photo"|"id-number", "value": …}, "probe": …}`,
//! pictures in base64; the answer is `{"result": "same"|"different"|"no-face", "score": 0–1}`. The threshold is the service's.
//! Invariant: only status 200 with a whole, known answer counts; everything else is `Unavailable`. No redirects are followed,
//! nothing is retried, and nothing personal is logged.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::sensitive::Sensitive;
use reqwest::blocking::Client;
use reqwest::redirect::Policy;
use serde::{Deserialize, Serialize};

use crate::port::face::{FaceMatcher, FaceReference, MatchError, MatchOutcome};
use crate::port::status::DeviceStatus;

/// An answer is a few dozen bytes; more is not an answer.
const LONGEST_ANSWER: usize = 4096;

/// Where the service is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpMatcherSettings {
    /// For example `http://127.0.0.1:9300/compare`. Plain HTTP is meant for loopback, where a local proxy adds mTLS.
    pub url: String,
    /// Time limit of one comparison, connecting included.
    pub timeout: Duration,
}

/// Settings that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HttpMatcherSetupError {
    /// Not an http or https address.
    #[error("not a service address")]
    BadUrl,
    /// The HTTP client could not be made.
    #[error("no HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

/// The adapter.
#[derive(Debug)]
pub struct HttpMatcher {
    client: Client,
    url: reqwest::Url,
    answered: AtomicBool,
}

#[derive(Serialize)]
struct Question {
    reference: Reference,
    probe: String,
}

#[derive(Serialize)]
#[serde(tag = "kind", content = "value", rename_all = "kebab-case")]
enum Reference {
    CardPhoto(String),
    IdNumber(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    result: Verdict,
    score: Option<f32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Verdict {
    Same,
    Different,
    NoFace,
}

impl HttpMatcher {
    /// Prepares the adapter; asks nobody yet.
    pub fn new(settings: &HttpMatcherSettings) -> Result<Self, HttpMatcherSetupError> {
        let url = reqwest::Url::parse(&settings.url).map_err(|_| HttpMatcherSetupError::BadUrl)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(HttpMatcherSetupError::BadUrl);
        }
        // One provider for the process; where another part has installed it already, this changes nothing.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let client = Client::builder().timeout(settings.timeout).redirect(Policy::none()).no_proxy().build()?;
        Ok(Self { client, url, answered: AtomicBool::new(true) })
    }

    fn ask(&self, question: &Question) -> Option<Answer> {
        let reply = self.client.post(self.url.clone()).json(question).send();
        let reply =
            reply.inspect_err(|error| tracing::warn!(timeout = error.is_timeout(), "face match service")).ok()?;
        if reply.status() != reqwest::StatusCode::OK {
            tracing::warn!(status = reply.status().as_u16(), "face match service");
            return None;
        }
        let body = reply.bytes().ok()?;
        if body.len() > LONGEST_ANSWER {
            return None;
        }
        serde_json::from_slice(&body).ok()
    }
}

impl FaceMatcher for HttpMatcher {
    fn compare(&self, reference: &FaceReference, probe_jpeg: &Sensitive<Vec<u8>>) -> Result<MatchOutcome, MatchError> {
        let reference = match reference {
            FaceReference::CardPhoto(jpeg) => Reference::CardPhoto(STANDARD.encode(jpeg.expose())),
            FaceReference::IdNumber(number) => Reference::IdNumber(number.expose().clone()),
        };
        let answer = self.ask(&Question { reference, probe: STANDARD.encode(probe_jpeg.expose()) });
        self.answered.store(answer.is_some(), Ordering::Relaxed);
        let answer = answer.ok_or(MatchError::Unavailable)?;
        let score = answer.score.filter(|score| (0.0..=1.0).contains(score));
        match (answer.result, score) {
            (Verdict::NoFace, _) => Err(MatchError::NoFace),
            (Verdict::Same, Some(score)) => Ok(MatchOutcome::Same { score }),
            (Verdict::Different, Some(score)) => Ok(MatchOutcome::Different { score }),
            (Verdict::Same | Verdict::Different, None) => Err(MatchError::Unavailable),
        }
    }

    fn status(&self) -> DeviceStatus {
        if self.answered.load(Ordering::Relaxed) { DeviceStatus::Ready } else { DeviceStatus::Offline }
    }

    fn simulated(&self) -> bool {
        false
    }

    fn label(&self) -> String {
        "http-face-matcher".to_owned()
    }
}
