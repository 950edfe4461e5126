//! The registry behind a port: a person's own record and record checks, over HTTP to another process.
//! Invariants: every fault, a timeout too, is `unavailable` and never an error that a kiosk could tell apart; a production
//! bureau believes no registry that says it is a demonstration.
//! Not here: residents (`yimen-demo-registry`).

use crate::config::RegistryConfig;
use domain::sensitive::Sensitive;
use std::time::Duration;
use tokio::sync::OnceCell;
use wire::bureau::BureauClass;
use wire::registry::{OwnRecord, OwnRecordRequest, RecordCheck, RecordCheckRequest, RecordCheckResponse};

/// The registry gives no answer now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the registry gives no answer now")]
pub struct Unavailable;

/// `GET /v1/health` of a registry.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct RegistryHealth {
    /// Holds fictional residents only.
    pub demo: bool,
}

/// HTTP client of one registry.
#[derive(Debug)]
pub struct Registry {
    client: reqwest::Client,
    url: String,
    timeout: Duration,
    class: BureauClass,
    // What the registry said it is; asked once, before the first question.
    is_demo: OnceCell<bool>,
}

impl Registry {
    /// A client; nothing is sent yet. It never goes through a proxy: personal data goes to the registry alone.
    ///
    /// # Errors
    /// The client cannot be built (no TLS provider).
    pub fn new(config: &RegistryConfig, class: BureauClass) -> Result<Self, reqwest::Error> {
        Ok(Self {
            client: reqwest::Client::builder().no_proxy().build()?,
            url: config.url.trim_end_matches('/').to_owned(),
            timeout: Duration::from_millis(config.timeout_ms),
            class,
            is_demo: OnceCell::new(),
        })
    }

    /// Whether the registry says it is a demonstration.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn is_demo(&self) -> Result<bool, Unavailable> {
        self.is_demo
            .get_or_try_init(|| async {
                let answer = self.client.get(format!("{}/v1/health", self.url)).timeout(self.timeout).send().await;
                let health: RegistryHealth = read(answer).await?;
                Ok(health.demo)
            })
            .await
            .copied()
    }

    async fn ask<Q: serde::Serialize, A: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        question: &Q,
    ) -> Result<A, Unavailable> {
        let asked = async {
            if self.class == BureauClass::Production && self.is_demo().await? {
                tracing::error!("the registry is a demonstration; a production bureau believes nothing it says");
                return Err(Unavailable);
            }
            read(self.client.post(format!("{}{path}", self.url)).json(question).send().await).await
        };
        tokio::time::timeout(self.timeout, asked).await.unwrap_or(Err(Unavailable))
    }

    /// A person's own data.
    ///
    /// # Errors
    /// [`Unavailable`].
    pub async fn own_record(&self, question: &OwnRecordRequest) -> Result<OwnRecord, Unavailable> {
        self.ask("/v1/own-record", question).await
    }

    /// May the paper be issued?
    pub async fn record_check(&self, check: &str, id_number: &Sensitive<String>) -> RecordCheck {
        let question = RecordCheckRequest { check: check.to_owned(), id_number: id_number.clone() };
        let answer: Result<RecordCheckResponse, Unavailable> = self.ask("/v1/record-check", &question).await;
        answer.map_or(RecordCheck::Unavailable, |response| response.answer)
    }
}

async fn read<T: serde::de::DeserializeOwned>(
    answer: Result<reqwest::Response, reqwest::Error>,
) -> Result<T, Unavailable> {
    // Errors of the client may hold an address, never a body; they are logged without it.
    let failed = |error: reqwest::Error| {
        tracing::warn!(error = %error.without_url(), "registry");
        Unavailable
    };
    answer.and_then(reqwest::Response::error_for_status).map_err(failed)?.json().await.map_err(failed)
}
