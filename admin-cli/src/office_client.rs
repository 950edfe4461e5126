//! Speaking to the officers' door: address, trust and token from options or environment; problems into failures.

use crate::failure::Failure;
use crate::files;
use anyhow::Context as _;
use reqwest::blocking::{Client, RequestBuilder};
use serde_json::Value;
use std::path::PathBuf;

/// How to reach the office; common to all queue commands.
#[derive(clap::Args)]
pub struct Reach {
    /// Address of the officers' door.
    #[arg(long, env = "YIMEN_OFFICE_URL", default_value = "https://127.0.0.1:8442")]
    office: String,
    /// The bureau's authority (PEM), by which the office is known.
    #[arg(long, env = "YIMEN_OFFICE_CA", default_value = "office/keys/ca.pem")]
    ca: PathBuf,
    /// File with the officer's token.
    #[arg(long, env = "YIMEN_TOKEN_FILE")]
    token_file: Option<PathBuf>,
}

/// A connection with the officer's token.
pub struct Office {
    client: Client,
    url: String,
    token: String,
}

impl Reach {
    /// The bureau's public file, where it lies beside the authority that was named: in the office's folder.
    pub fn bureau_toml(&self) -> Option<PathBuf> {
        let path = self.ca.parent()?.parent()?.join("bureau.toml");
        path.exists().then_some(path)
    }

    /// Prepares; nothing is sent yet.
    pub fn connect(&self) -> Result<Office, Failure> {
        let token = match (&self.token_file, std::env::var("YIMEN_TOKEN")) {
            (Some(file), _) => files::read(file)?,
            (None, Ok(token)) => token,
            (None, Err(_)) => {
                return Err(Failure::Usage("no token: give --token-file, or set YIMEN_TOKEN".to_owned()));
            }
        };
        let mut builder = Client::builder().no_proxy().timeout(std::time::Duration::from_secs(30));
        if self.office.starts_with("https://") {
            let roots = reqwest::Certificate::from_pem_bundle(files::read(&self.ca)?.as_bytes())
                .with_context(|| self.ca.display().to_string())?;
            builder = builder.tls_certs_only(roots);
        }
        let client = builder.build().context("the network client")?;
        Ok(Office { client, url: self.office.trim_end_matches('/').to_owned(), token: token.trim().to_owned() })
    }
}

impl Office {
    /// `GET`.
    pub fn get(&self, path: &str, query: &[(&str, String)]) -> Result<Value, Failure> {
        let mut url = reqwest::Url::parse(&format!("{}{path}", self.url)).context("the office's address")?;
        for (name, value) in query {
            url.query_pairs_mut().append_pair(name, value);
        }
        self.send(self.client.get(url))
    }

    /// `POST` with a JSON body.
    pub fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        self.send(self.client.post(format!("{}{path}", self.url)).json(body))
    }

    fn send(&self, request: RequestBuilder) -> Result<Value, Failure> {
        let unreachable = |error: reqwest::Error| {
            let mut why = error.to_string();
            let mut source = std::error::Error::source(&error);
            while let Some(inner) = source {
                why = inner.to_string();
                source = inner.source();
            }
            Failure::Unreachable { url: self.url.clone(), why }
        };
        let answer = request.bearer_auth(&self.token).send().map_err(unreachable)?;
        let status = answer.status();
        let body: Value = answer.json().map_err(unreachable)?;
        if status.is_success() {
            return Ok(body);
        }
        let title = body["title"].as_str().unwrap_or("the office refused");
        let words = match body["detail"].as_str() {
            Some(detail) => format!("{title}. {detail}"),
            None => title.to_owned(),
        };
        let words = match body["state"].as_str() {
            Some(state) => format!("{words}. It is {state}"),
            None => words,
        };
        Err(match status.as_u16() {
            401 | 403 => Failure::NotAllowed(words),
            404 => Failure::NotFound(words),
            _ => Failure::Refused(words),
        })
    }
}

/// A member as text; empty for null and missing.
pub fn text(value: &Value, name: &str) -> String {
    match &value[name] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => other.to_string(),
    }
}

/// A case in a few lines.
pub fn case_words(case: &Value) -> String {
    let mut lines = format!(
        "{}  {} ({})\n  ticket {}   code {}   last four {}   priority {}   due {}{}\n  case {}\n  epoch {}   version {}",
        text(case, "title"),
        text(case, "word"),
        text(case, "status"),
        text(case, "ticket"),
        text(case, "code"),
        text(case, "last_four"),
        text(case, "priority"),
        text(case, "due_on"),
        if case["overdue"] == true { " OVERDUE" } else { "" },
        text(case, "id"),
        text(case, "claim_epoch"),
        text(case, "version"),
    );
    if let Some(holder) = case["holder"].as_str() {
        lines.push_str(&format!("\n  held by {holder} until {}", text(case, "lease_until")));
    }
    for open in case["open"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        lines.push_str(&format!("\n  open: {open}"));
    }
    lines
}
