//! The office as seen from a kiosk: one HTTPS client, a switch that cuts the network, and the short questions a visit asks.
//! Not here: sending submissions (`driver`, `requests`).

use super::identity::{At, Identity};
use crate::safe::KeyFile;
use domain::ids::SubmissionId;
use ed25519_dalek::VerifyingKey;
use reqwest::blocking::{Client, RequestBuilder, Response};
use serde::Serialize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use wire::enrolment::{Certificate, Health, Holding, Protection};
use wire::inbox::{Inbox, OfficeTime};
use wire::outcome::Outcome;
use wire::own_cases::{OwnCases, OwnCasesRequest};
use wire::problem::Problem;
use wire::registry::{OwnRecord, OwnRecordRequest};
use wire::signature::Signed;

/// Longest time until the connection stands.
const CONNECT: Duration = Duration::from_secs(3);
/// Longest time of a short question.
const SHORT: Duration = Duration::from_secs(5);

/// Where the office is and how both sides know each other.
#[derive(Clone)]
pub struct OfficeAddress {
    /// Base, e.g. `https://127.0.0.1:8441`.
    pub url: String,
    /// Base of an edge that takes submissions in for the office; none: the office itself does.
    pub intake: Option<String>,
    /// The bureau's authority, the only one trusted (PEM).
    pub authority_pem: Vec<u8>,
    /// This kiosk's key and certificate chain (PEM); renewing replaces it.
    pub identity: KeyFile,
    /// Signs receipts.
    pub receipt_key: VerifyingKey,
    /// The bureau allows simulated devices, and so the switch that cuts the network.
    pub simulation_allowed: bool,
}

/// Why a question to the office has no answer.
#[derive(Debug, thiserror::Error)]
pub enum UplinkError {
    /// Keys or certificates cannot be used.
    #[error("certificates: {0}")]
    Certificates(String),
    /// No answer: refused, cut, timed out.
    #[error("the office does not answer: {0}")]
    Unreachable(String),
    /// The office refused, with its reason.
    #[error("the office refuses: {} ({})", .0.title, .0.status)]
    Refused(Problem),
    /// An answer that is none.
    #[error("the answer cannot be read (HTTP {status})")]
    Unreadable {
        /// HTTP status.
        status: u16,
    },
    /// The switch exists for simulated devices only.
    #[error("this bureau does not allow simulation")]
    NotAllowed,
}

/// The office. Cheap to clone; clones share connections and the switch.
#[derive(Clone)]
pub struct Office {
    clients: Arc<RwLock<Clients>>,
    identity: Arc<Identity>,
    base: String,
    intake: Option<String>,
    receipt_key: VerifyingKey,
    cut: Arc<AtomicBool>,
    may_cut: bool,
}

impl Office {
    /// Prepares the client; connects to nothing yet.
    ///
    /// # Errors
    /// [`UplinkError::Certificates`].
    pub fn new(address: &OfficeAddress) -> Result<Self, UplinkError> {
        let identity = Identity { authority_pem: address.authority_pem.clone(), file: address.identity.clone() };
        let clients = Clients::of(&identity)?;
        Ok(Self {
            clients: Arc::new(RwLock::new(clients)),
            identity: Arc::new(identity),
            base: address.url.trim_end_matches('/').to_owned(),
            intake: address.intake.as_ref().map(|url| url.trim_end_matches('/').to_owned()),
            receipt_key: address.receipt_key,
            cut: Arc::new(AtomicBool::new(false)),
            may_cut: address.simulation_allowed,
        })
    }

    /// What protects this machine's keys.
    pub fn keys_kept(&self) -> Protection {
        self.identity.file.kind()
    }

    /// What became of a submission. [`Outcome::Pending`]: ask again.
    ///
    /// # Errors
    /// Within 5 seconds; `Refused` with status 404 while the submission has not arrived.
    pub fn outcome(&self, id: SubmissionId) -> Result<Outcome, UplinkError> {
        read(self.send(self.client().get(self.at(&format!("/v1/submissions/{id}/outcome"))))?)
    }

    /// An identified person's own data for prefilling.
    ///
    /// # Errors
    /// Within 5 seconds; the visit goes on without prefilling.
    pub fn own_record(&self, request: &OwnRecordRequest) -> Result<OwnRecord, UplinkError> {
        read(self.send(self.client().post(self.at("/v1/own-record")).json(request))?)
    }

    /// An identified person's own cases.
    ///
    /// # Errors
    /// Within 5 seconds; the visit says that progress cannot be looked up now.
    pub fn own_cases(&self, request: &OwnCasesRequest) -> Result<OwnCases, UplinkError> {
        read(self.send(self.client().post(self.at("/v1/own-cases")).json(request))?)
    }

    /// Tells how a person found it, one to five.
    ///
    /// # Errors
    /// Within 5 seconds; `Refused` with status 404 while the submission has not arrived.
    pub fn rate(&self, submission: SubmissionId, stars: u8) -> Result<(), UplinkError> {
        #[derive(Serialize)]
        struct Rating {
            submission: SubmissionId,
            stars: u8,
        }
        let response = self.send(self.client().post(self.at("/v1/ratings")).json(&Rating { submission, stars }))?;
        accepted(response).map(|_| ())
    }

    /// The office's clock.
    ///
    /// # Errors
    /// Within 5 seconds.
    pub fn time(&self) -> Result<OfficeTime, UplinkError> {
        read(self.send(self.client().get(self.at("/v1/time")))?)
    }

    /// What is new since a cursor.
    ///
    /// # Errors
    /// Within 5 seconds.
    pub fn inbox(&self, after: u64) -> Result<Inbox, UplinkError> {
        read(self.send(self.client().get(self.at(&format!("/v1/inbox?after={after}"))))?)
    }

    /// The key list, not yet verified.
    ///
    /// # Errors
    /// Within 5 seconds.
    pub fn keys(&self) -> Result<Signed, UplinkError> {
        read(self.send(self.client().get(self.at("/v1/keys")))?)
    }

    /// Whether the office is there and knows this kiosk; tells it what the kiosk holds.
    ///
    /// # Errors
    /// Within 5 seconds.
    pub fn health(&self, holding: Holding) -> Result<Health, UplinkError> {
        read(self.send(self.client().post(self.at("/v1/health")).json(&holding))?)
    }

    /// Cuts the network as a pulled cable would, or plugs it in again: for demonstrations and tests.
    ///
    /// # Errors
    /// [`UplinkError::NotAllowed`] in a bureau without simulated devices.
    pub fn set_network_cut(&self, cut: bool) -> Result<(), UplinkError> {
        if !self.may_cut {
            return Err(UplinkError::NotAllowed);
        }
        self.cut.store(cut, Ordering::SeqCst);
        Ok(())
    }

    /// Whether the network is cut by the switch.
    pub fn network_cut(&self) -> bool {
        self.cut.load(Ordering::SeqCst)
    }

    /// Signs receipts.
    pub const fn receipt_key(&self) -> VerifyingKey {
        self.receipt_key
    }

    /// The client of today: a renewal puts another in its place.
    pub(super) fn client(&self) -> Client {
        self.clients.read().unwrap_or_else(PoisonError::into_inner).office.clone()
    }

    /// The same for whoever takes in what was sealed.
    pub(super) fn intake_client(&self) -> Client {
        self.clients.read().unwrap_or_else(PoisonError::into_inner).intake.clone()
    }

    /// Asks for a fresh certificate and uses it from now on.
    ///
    /// # Errors
    /// Within 5 seconds; the certificate of before stays.
    pub fn renew(&self) -> Result<(), UplinkError> {
        let fresh = self.identity.fresh()?;
        let certificate: Certificate =
            read(self.send(self.client().post(self.at("/v1/certs/renew")).json(&fresh.request()))?)?;
        self.identity.keep(&fresh, &certificate)?;
        let next = Clients::of(&self.identity)?;
        *self.clients.write().unwrap_or_else(PoisonError::into_inner) = next;
        tracing::info!(until = %certificate.not_after, "the certificate was renewed");
        Ok(())
    }

    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The same at whoever takes submissions in.
    pub(super) fn at_intake(&self, path: &str) -> String {
        format!("{}{path}", self.intake.as_ref().unwrap_or(&self.base))
    }

    /// Somebody else than the office takes submissions in: its answers say nothing of whether the office is there.
    pub(super) const fn relayed(&self) -> bool {
        self.intake.is_some()
    }

    /// Sends, unless the network is cut; an answer that comes after the cut is lost, as on a real line.
    pub(super) fn send(&self, request: RequestBuilder) -> Result<Response, UplinkError> {
        let cut = || UplinkError::Unreachable("the network is cut".to_owned());
        if self.network_cut() {
            return Err(cut());
        }
        // `without_url`: an address names a submission, which a log line names better itself.
        let response = request.send().map_err(|error| UplinkError::Unreachable(reasons(&error.without_url())))?;
        if self.network_cut() { Err(cut()) } else { Ok(response) }
    }
}

/// An error with its causes on one line.
fn reasons(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

fn read<T: serde::de::DeserializeOwned>(response: Response) -> Result<T, UplinkError> {
    let status = response.status();
    let body = accepted(response)?;
    serde_json::from_slice(&body).map_err(|_| UplinkError::Unreadable { status: status.as_u16() })
}

/// The body of a success.
fn accepted(response: Response) -> Result<Vec<u8>, UplinkError> {
    let status = response.status();
    let body = response.bytes().map_err(|error| UplinkError::Unreachable(reasons(&error.without_url())))?;
    if status.is_success() {
        return Ok(body.to_vec());
    }
    match serde_json::from_slice::<Problem>(&body) {
        Ok(problem) => Err(UplinkError::Refused(problem)),
        Err(_) => Err(UplinkError::Unreadable { status: status.as_u16() }),
    }
}

/// One client for questions that no edge may read, one for what is sealed anyway.
struct Clients {
    office: Client,
    intake: Client,
}

impl Clients {
    fn of(identity: &Identity) -> Result<Self, UplinkError> {
        Ok(Self { office: client(identity, At::Office)?, intake: client(identity, At::Intake)? })
    }
}

fn client(identity: &Identity, at: At) -> Result<Client, UplinkError> {
    Client::builder()
        .tls_backend_preconfigured(identity.tls(at)?)
        .https_only(true)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT)
        .timeout(SHORT)
        .build()
        .map_err(|error| UplinkError::Certificates(error.to_string()))
}
