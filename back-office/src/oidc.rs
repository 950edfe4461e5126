//! The bureau's identity provider (OpenID Connect), when the configuration names one: authorization code with PKCE, state and
//! nonce, each bound to the browser that began.
//! Invariants: a state lives ten minutes and serves once; only the provider's `sub` is looked at, and only an enrolled officer
//! may carry it: nobody is made here; no redirect is followed when asking the provider.
//! Not here: sessions and cookies (`officer_api::provider`).

use crate::config::{ConfigError, read_text};
use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, TokenResponse as _,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use url::Url;
use wire::digest::Digest;

/// How long somebody may take at the provider.
const LIFE: SignedDuration = SignedDuration::from_mins(10);
/// How long the provider's description is believed.
const KNOWN: SignedDuration = SignedDuration::from_mins(5);
/// Most sign-ins under way.
const MOST: usize = 5000;
/// Longest wait for an answer of the provider.
const PATIENCE: Duration = Duration::from_secs(10);

/// `[oidc]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcConfig {
    /// What officers call it, e.g. `市局统一身份认证`.
    #[serde(default = "called")]
    pub name: String,
    /// The issuer; `<issuer>/.well-known/openid-configuration` is asked.
    pub issuer: String,
    /// This office at the provider.
    pub client_id: String,
    /// File with the secret, seen from the office's folder.
    pub client_secret_file: PathBuf,
    /// File with the authorities (PEM) that sign the provider's certificate, when the machine's own are not enough.
    #[serde(default)]
    pub authorities: Option<PathBuf>,
}

fn called() -> String {
    "统一身份认证".into()
}

impl OidcConfig {
    /// What must hold.
    ///
    /// # Errors
    /// In words for the administrator.
    pub fn check(&self, production: bool) -> Result<(), String> {
        let url = Url::parse(&self.issuer).map_err(|error| format!("oidc.issuer: {error}"))?;
        let loopback = url.host_str().is_some_and(|host| ["127.0.0.1", "localhost", "[::1]"].contains(&host));
        if url.scheme() == "https" || (loopback && !production) {
            Ok(())
        } else {
            Err("oidc.issuer must be https".into())
        }
    }
}

/// Why somebody did not come back as an officer.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The state is unknown, used, too old or another browser's.
    #[error("no such sign-in")]
    Gone,
    /// Too many are under way.
    #[error("too many sign-ins")]
    Full,
    /// The provider does not answer, or answers something else.
    #[error("the provider: {0}")]
    Provider(String),
    /// The token does not prove it.
    #[error("the token: {0}")]
    Token(String),
}

/// How asking the provider failed.
#[derive(Debug, thiserror::Error)]
enum AskError {
    #[error(transparent)]
    Network(#[from] reqwest::Error),
    #[error(transparent)]
    Shape(#[from] axum::http::Error),
}

struct UnderWay {
    begun: Timestamp,
    browser: Digest,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

/// One question under way.
type Asking = Pin<Box<dyn Future<Output = Result<HttpResponse, AskError>> + Send + 'static>>;

/// One question to the provider.
async fn ask(http: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, AskError> {
    let answer = http.execute(request.try_into()?).await?;
    let mut response = axum::http::Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        response = response.header(name, value);
    }
    Ok(response.body(answer.bytes().await?.to_vec())?)
}

/// The provider, as this office uses it.
pub struct Provider {
    /// What officers call it.
    pub name: String,
    issuer: IssuerUrl,
    client_id: ClientId,
    secret: ClientSecret,
    http: reqwest::Client,
    known: Mutex<Option<(Timestamp, CoreProviderMetadata)>>,
    under_way: Mutex<HashMap<String, UnderWay>>,
}

impl Provider {
    /// Reads the secret; asks nobody yet.
    ///
    /// # Errors
    /// A file cannot be read, or is none of its kind.
    pub fn new(config: &OidcConfig, folder: &Path) -> Result<Self, ConfigError> {
        let read = |path: &Path| read_text(&folder.join(path));
        let wrong = |message: String| ConfigError::Contradiction(format!("oidc: {message}"));
        let secret = read(&config.client_secret_file)?;
        let mut http =
            reqwest::Client::builder().no_proxy().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none());
        if let Some(path) = &config.authorities {
            let pem = read(path)?;
            let roots = reqwest::Certificate::from_pem_bundle(pem.as_bytes());
            http = http.tls_certs_merge(roots.map_err(|error| wrong(error.to_string()))?);
        }
        Ok(Self {
            name: config.name.clone(),
            issuer: IssuerUrl::new(config.issuer.clone()).map_err(|error| wrong(error.to_string()))?,
            client_id: ClientId::new(config.client_id.clone()),
            secret: ClientSecret::new(secret.trim().to_owned()),
            http: http.build().map_err(|error| wrong(error.to_string()))?,
            known: Mutex::default(),
            under_way: Mutex::default(),
        })
    }

    /// What asks the provider. It borrows nothing: its futures go from thread to thread.
    fn asker(&self) -> impl Fn(HttpRequest) -> Asking + use<> {
        let http = self.http.clone();
        move |request| Box::pin(ask(http.clone(), request))
    }

    /// What the provider tells of itself, with its keys.
    async fn description(&self, now: Timestamp) -> Result<CoreProviderMetadata, OidcError> {
        let kept = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, known)) = kept.filter(|(at, _)| now.duration_since(*at) < KNOWN) {
            return Ok(known);
        }
        let ask = self.asker();
        let told = CoreProviderMetadata::discover_async(self.issuer.clone(), &ask).await;
        let told = told.map_err(|error| OidcError::Provider(error.to_string()))?;
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, told.clone()));
        Ok(told)
    }

    /// Where to send a browser, which keeps `browser` as its secret meanwhile.
    ///
    /// # Errors
    /// [`OidcError`].
    pub async fn begin(&self, back: &str, browser: &str, now: Timestamp) -> Result<Url, OidcError> {
        let back = RedirectUrl::new(back.to_owned()).map_err(|error| OidcError::Provider(error.to_string()))?;
        let client = CoreClient::from_provider_metadata(self.description(now).await?, self.client_id.clone(), None)
            .set_redirect_uri(back);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let (url, state, nonce) =
            client.authorize_url(flow, CsrfToken::new_random, Nonce::new_random).set_pkce_challenge(challenge).url();
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.retain(|_, one| now.duration_since(one.begun) < LIFE);
        if under_way.len() >= MOST {
            return Err(OidcError::Full);
        }
        let one = UnderWay { begun: now, browser: Digest::of(browser.as_bytes()), nonce, verifier };
        under_way.insert(state.into_secret(), one);
        Ok(url)
    }

    /// Who came back: the provider's `sub`.
    ///
    /// # Errors
    /// [`OidcError`].
    pub async fn finish(
        &self,
        back: &str,
        browser: &str,
        state: &str,
        code: &str,
        now: Timestamp,
    ) -> Result<String, OidcError> {
        let one = self.under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(state).ok_or(OidcError::Gone)?;
        if now.duration_since(one.begun) >= LIFE || one.browser != Digest::of(browser.as_bytes()) {
            return Err(OidcError::Gone);
        }
        let back = RedirectUrl::new(back.to_owned()).map_err(|error| OidcError::Provider(error.to_string()))?;
        let secret = Some(self.secret.clone());
        let client = CoreClient::from_provider_metadata(self.description(now).await?, self.client_id.clone(), secret)
            .set_redirect_uri(back);
        let exchange = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| OidcError::Provider(error.to_string()))?
            .set_pkce_verifier(one.verifier);
        let ask = self.asker();
        let token = exchange.request_async(&ask).await.map_err(|error| OidcError::Provider(error.to_string()))?;
        let id = token.id_token().ok_or_else(|| OidcError::Token("none came".into()))?;
        let claims = id.claims(&client.id_token_verifier(), &one.nonce).map_err(|error| {
            // Its keys may have changed: they are asked for anew the next time.
            *self.known.lock().unwrap_or_else(PoisonError::into_inner) = None;
            OidcError::Token(error.to_string())
        })?;
        Ok(claims.subject().as_str().to_owned())
    }
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Provider({})", self.issuer.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_without_tls_is_taken_on_this_machine_and_never_in_production() {
        let config = |issuer: &str| OidcConfig {
            name: called(),
            issuer: issuer.into(),
            client_id: "yimen".into(),
            client_secret_file: "keys/oidc".into(),
            authorities: None,
        };
        assert_eq!(config("https://id.example").check(true), Ok(()));
        assert_eq!(config("http://127.0.0.1:4000").check(false), Ok(()));
        for (issuer, production) in [("http://127.0.0.1:4000", true), ("http://id.example", false), ("id", false)] {
            assert!(config(issuer).check(production).is_err(), "{issuer}");
        }
    }
}
