//! The edge's configuration: `edge.toml` beside `bureau.toml` and `keys/` in the edge's folder.
//! Invariants: unknown keys are refused; the folder holds the edge's own key for connections and no other.
//! Not here: making these files (`yimenctl bureau edge`).

use crate::config::{ConfigError, read_text};
use crate::kiosk_api::pressure::Measure;
use crate::listen::Bounds;
use crate::tls::Files;
use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use wire::bureau::Bureau;

/// `edge.toml`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Its name, as the office's configuration has it.
    pub name: String,
    /// Base address of the core's door for kiosks, e.g. `https://10.0.0.5:8441`.
    pub core: url::Url,
    /// The two doors.
    pub listen: Listen,
    /// Sizes.
    #[serde(default)]
    pub limits: Limits,
    /// Handing on.
    #[serde(default)]
    pub relay: Relay,
}

/// `[listen]`. Port 0 takes any free port (see `run/ports.json`).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listen {
    /// Takes in what kiosks sealed: TLS with client certificates.
    pub intake: SocketAddr,
    /// Leads to the core's door, unread.
    pub passage: SocketAddr,
}

/// `[limits]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Largest sealed blob, bytes.
    pub blob_bytes: u64,
    /// Most parts in one submission.
    pub parts: usize,
    /// Jobs that may wait for the writer before new ones are told to come later.
    pub write_queue: usize,
    /// Requests of intake and upload that are worked on at once.
    pub at_once: usize,
    /// Longest time of one request, seconds.
    pub request_seconds: u64,
    /// Requests of one kiosk each second in the long run.
    pub kiosk_per_second: u32,
    /// Bytes of uploads that one kiosk may leave without a manifest that waits for the core; a largest submission must fit.
    pub kiosk_unnamed_bytes: u64,
    /// Bytes of the disk that stay free: below, nothing more is taken in.
    pub free_bytes: u64,
    /// Connections of all kiosks at once, at each of the two doors; through the passage one address holds half of them at most.
    pub connections: usize,
    /// Connections of one kiosk at once, at the intake.
    pub kiosk_connections: usize,
    /// Connections of those without a certificate at once, at the intake.
    pub stranger_connections: usize,
    /// Of these from one address (or network of IPv6) at once.
    pub address_connections: usize,
    /// A connection through the passage ends after so many seconds without a byte.
    pub idle_seconds: u64,
}

impl Limits {
    /// What back-pressure goes by.
    pub(super) fn measure(&self) -> Measure {
        Measure { places: self.at_once, least_free: self.free_bytes }
    }

    /// What the intake goes by.
    pub(super) fn bounds(&self) -> Bounds {
        Bounds {
            longest: std::time::Duration::from_secs(self.request_seconds),
            known: self.connections,
            each_kiosk: self.kiosk_connections,
            strangers: self.stranger_connections,
            each_address: self.address_connections,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        let office = crate::config::Limits::default();
        Self {
            blob_bytes: office.blob_bytes,
            parts: office.parts,
            write_queue: office.write_queue,
            at_once: office.at_once,
            request_seconds: office.request_seconds,
            kiosk_per_second: office.kiosk_per_second,
            kiosk_unnamed_bytes: 8 << 30,
            free_bytes: office.free_bytes,
            connections: 4096,
            kiosk_connections: office.kiosk_connections,
            stranger_connections: office.stranger_connections,
            address_connections: office.address_connections,
            idle_seconds: 120,
        }
    }
}

/// `[relay]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Relay {
    /// Submissions handed on at once.
    pub at_once: usize,
    /// A kiosk waits so long for the core's receipt before it is told that the edge keeps what it sent, milliseconds.
    pub answer_ms: u64,
    /// A kiosk is told to ask again after so many seconds, and up to as many more, each at a time of its own.
    pub ask_seconds: u64,
    /// Longest pause between two tries with the core, seconds.
    pub longest_seconds: u64,
}

impl Default for Relay {
    fn default() -> Self {
        Self { at_once: 4, answer_ms: 3000, ask_seconds: 15, longest_seconds: 60 }
    }
}

/// Everything read from the folder.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The folder.
    pub folder: PathBuf,
    /// `edge.toml`.
    pub config: Config,
    /// Signs receipts; public.
    pub receipt_key: VerifyingKey,
}

impl Loaded {
    /// The edge's own certificate and key, and the bureau's root.
    pub fn tls(&self) -> Files {
        let keys = self.folder.join("keys");
        Files { chain: keys.join("edge.pem"), key: keys.join("edge.key.pem"), authority: keys.join("ca.pem") }
    }
}

/// Reads the folder.
///
/// # Errors
/// A file that is missing or wrong, named.
pub fn load(folder: &Path) -> Result<Loaded, ConfigError> {
    let (path, bureau_path) = (folder.join("edge.toml"), folder.join("bureau.toml"));
    let malformed = |path: &Path, message: String| ConfigError::Malformed { path: path.to_path_buf(), message };
    let config: Config = toml::from_str(&read_text(&path)?).map_err(|error| malformed(&path, error.to_string()))?;
    if config.core.scheme() != "https" || config.core.port_or_known_default().is_none() {
        return Err(malformed(&path, "core must be an https address, e.g. https://10.0.0.5:8441".to_owned()));
    }
    let bureau: Bureau =
        toml::from_str(&read_text(&bureau_path)?).map_err(|error| malformed(&bureau_path, error.to_string()))?;
    let key: Option<[u8; 32]> = hex::decode(&bureau.receipt_key).ok().and_then(|bytes| bytes.try_into().ok());
    let receipt_key = key
        .and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok())
        .ok_or_else(|| malformed(&bureau_path, "receipt_key is no Ed25519 public key of 64 hex digits".to_owned()))?;
    Ok(Loaded { folder: folder.to_path_buf(), config, receipt_key })
}
