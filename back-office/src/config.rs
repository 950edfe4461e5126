//! The office's configuration: `office.toml` beside `bureau.toml` in the office's folder (see `wire::bureau`).
//! Invariants: unknown keys are refused with their path; defaults < file < environment; paths are relative to the folder;
//! a production bureau refuses everything simulated (product rule 5).
//! Not here: making these files (`yimenctl bureau init`).

use crate::counter::CounterConfig;
use crate::kiosk_api::pressure::Measure;
use crate::listen::Bounds;
use crate::notifier::NotifierConfig;
use domain::calendar::WorkCalendar;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Component, Path, PathBuf};
use wire::bureau::{Bureau, BureauClass};
use wire::digest::Digest;

/// Why the office cannot start with this configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not what it should be; the message names line and key.
    #[error("{path}: {message}")]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// Line, key and what was expected.
        message: String,
    },
    /// A value in the environment cannot be used.
    #[error("environment variable {name}: {message}")]
    Environment {
        /// Its name.
        name: &'static str,
        /// What was expected.
        message: String,
    },
    /// Values that do not go together.
    #[error("{0}")]
    Contradiction(String),
}

/// `office.toml`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The listeners.
    pub listen: Listen,
    /// Certificates and keys.
    #[serde(default)]
    pub keys: Keys,
    /// Where things are kept.
    #[serde(default)]
    pub store: StoreConfig,
    /// The registry's process.
    pub registry: RegistryConfig,
    /// Issuing on the spot.
    #[serde(default)]
    pub instant: Instant,
    /// The services.
    pub catalogue: CatalogueConfig,
    /// Sizes.
    #[serde(default)]
    pub limits: Limits,
    /// Holidays and worked weekends.
    #[serde(default)]
    pub calendar: WorkCalendar,
    /// How machines become kiosks.
    #[serde(default)]
    pub enrolment: Enrolment,
    /// The officers' workbench.
    #[serde(default)]
    pub workbench: Workbench,
    /// Window and opening hours.
    #[serde(default)]
    pub counter: CounterConfig,
    /// The bureau's identity provider, when officers may sign in through one.
    #[serde(default)]
    pub oidc: Option<crate::oidc::OidcConfig>,
    /// Messages to residents.
    #[serde(default)]
    pub notifier: NotifierConfig,
    /// Checkpoints of the audit log.
    #[serde(default)]
    pub audit: AuditConfig,
    /// How long a closed case is kept.
    #[serde(default)]
    pub retention: RetentionConfig,
    /// The edges that may hand on what kiosks sealed, by name (`yimenctl bureau edge` adds them).
    #[serde(default)]
    pub edges: BTreeMap<String, Edge>,
}

/// `[retention]`: the bureau's rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RetentionConfig {
    /// Days after closing, by the office's clock, after which everything sealed of a case is erased for good.
    pub days_after_closing: u32,
    /// Cases erased within 24 hours, at most.
    pub most_per_day: u32,
    /// The day on which a person last saw that the office's clock and this rule are right; holds for two days. Wanted after the
    /// clock jumped, after a longer stop, after `days_after_closing` became less, and once by an office of before.
    pub confirmed_on: Option<jiff::civil::Date>,
}

impl RetentionConfig {
    /// As the sweep follows it.
    pub const fn rule(&self) -> crate::store::retention_clock::Rule {
        crate::store::retention_clock::Rule {
            days: self.days_after_closing,
            most_per_day: self.most_per_day,
            confirmed_on: self.confirmed_on,
        }
    }
}

impl Default for RetentionConfig {
    fn default() -> Self {
        Self { days_after_closing: 3 * 365, most_per_day: 1000, confirmed_on: None }
    }
}

/// `[edges.<name>]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edge {
    /// SHA-256 of its certificate (DER), hex: another certificate of the same name is another machine.
    pub certificate: Digest,
}

/// `[listen]`: four doors; the media door is not built yet. Port 0 takes any free port (see `run/ports.json`).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listen {
    /// Kiosks: TLS with client certificates.
    pub kiosks: SocketAddr,
    /// Officers: TLS with a token.
    pub officers: SocketAddr,
    /// Everybody: the verify page, TLS.
    pub public: SocketAddr,
    /// `false` only for an officers' door on loopback behind a proxy that does TLS.
    #[serde(default = "yes")]
    pub officers_tls: bool,
}

fn yes() -> bool {
    true
}

/// `[keys]`: files in the office's folder.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Keys {
    /// The listeners' certificate chain (PEM).
    pub server_certificate: PathBuf,
    /// Its private key (PEM, PKCS#8).
    pub server_key: PathBuf,
    /// The bureau's root (PEM): the one authority that both sides trust. Its key is not here.
    pub authority: PathBuf,
    /// The online authority (PEM), signed by the root: signs the kiosks' certificates.
    pub kiosk_authority: PathBuf,
    /// Its private key (PEM, PKCS#8).
    pub kiosk_authority_key: PathBuf,
    /// age identity of the branch.
    pub branch_identity: PathBuf,
    /// Folder of further age identities, `*.age`: made by rotation, kept as long as something may be sealed to them.
    pub branch_identities: PathBuf,
    /// The signed list of recipients that kiosks fetch.
    pub recipients: PathBuf,
    /// Ed25519 key for receipts (PKCS#8 PEM).
    pub receipt: PathBuf,
    /// Ed25519 key for certificates' codes (PKCS#8 PEM).
    pub certificate: PathBuf,
    /// Ed25519 key for checkpoints of the audit log (PKCS#8 PEM).
    pub audit: PathBuf,
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            server_certificate: "keys/server.pem".into(),
            server_key: "keys/server.key.pem".into(),
            authority: "keys/ca.pem".into(),
            kiosk_authority: "keys/kiosk-ca.pem".into(),
            kiosk_authority_key: "keys/kiosk-ca.key.pem".into(),
            branch_identity: "keys/branch.age".into(),
            branch_identities: "keys/branch".into(),
            recipients: "keys/recipients.json".into(),
            receipt: "keys/receipt.key.pem".into(),
            certificate: "keys/certificate.key.pem".into(),
            audit: "keys/audit.key.pem".into(),
        }
    }
}

/// `[audit]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuditConfig {
    /// Folders where every signed checkpoint is laid down; one should be a mount of another machine.
    pub checkpoints: Vec<PathBuf>,
    /// Seconds between two checkpoints while the log grows.
    pub every_seconds: u64,
}

impl Default for AuditConfig {
    fn default() -> Self {
        Self { checkpoints: vec!["data/checkpoints".into()], every_seconds: 60 }
    }
}

/// `[store]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreConfig {
    /// Folder of the database, the sealed blobs and the issued certificates (sealed).
    pub data: PathBuf,
    /// Folder of the keys of everything sealed in `data`, and of uploads. Never inside `data`: a copy of that must open for
    /// nobody.
    pub custody: PathBuf,
    /// Folder of officers, `<id>.toml`.
    pub officers: PathBuf,
    /// Connections that only read.
    pub readers: usize,
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self { data: "data".into(), custody: "custody".into(), officers: "officers".into(), readers: 2 }
    }
}

/// What kind of registry answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegistryKind {
    /// Fictional residents (`yimen-demo-registry`); a production bureau refuses it.
    Demo,
    /// The province's registry behind the same protocol.
    Http,
}

/// `[registry]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistryConfig {
    /// Demo or real.
    pub kind: RegistryKind,
    /// Base address, e.g. `http://127.0.0.1:8450`.
    pub url: String,
    /// Longest wait for one answer, milliseconds.
    #[serde(default = "registry_timeout")]
    pub timeout_ms: u64,
}

fn registry_timeout() -> u64 {
    1500
}

/// `[instant]`: certificates on the spot.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Instant {
    /// No outcome of an instant service shows before this time after intake, whichever it is, milliseconds.
    /// Must be longer than the registry may take for its two questions.
    pub floor_ms: u64,
    /// Share of clean answers that goes to the counter all the same, 0 to 1.
    pub random_share: f64,
}

impl Default for Instant {
    fn default() -> Self {
        Self { floor_ms: 4000, random_share: 0.02 }
    }
}

/// `[catalogue]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogueConfig {
    /// Folder with `services/`, e.g. `../services-catalog`.
    pub path: PathBuf,
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
    /// Requests of intake and upload that are worked on at once; the others wait a moment or come later.
    pub at_once: usize,
    /// Longest time of one request, of whatever door, seconds.
    pub request_seconds: u64,
    /// Connections of all kiosks and edges at once.
    pub connections: usize,
    /// Connections of one kiosk at once; an edge has an eighth of all, where that is more.
    pub kiosk_connections: usize,
    /// Connections of those without a certificate at once, at each door; at the officers' and the public door that is everybody.
    pub stranger_connections: usize,
    /// Of these from one address (or network of IPv6) at once. A hall's kiosks count here only until they have shown their certificates.
    pub address_connections: usize,
    /// Requests of one kiosk each second in the long run; ten seconds' worth may come at once.
    pub kiosk_per_second: u32,
    /// Bytes of the disk that stay free: below, nothing more is taken in.
    pub free_bytes: u64,
    /// Seconds a claim lasts without being renewed.
    pub lease_seconds: i64,
}

impl Limits {
    /// What back-pressure goes by.
    pub fn measure(&self) -> Measure {
        Measure { places: self.at_once, least_free: self.free_bytes }
    }

    /// What each door goes by.
    pub fn bounds(&self) -> Bounds {
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
        Self {
            blob_bytes: 32 << 20,
            parts: 200,
            write_queue: 4096,
            at_once: 256,
            request_seconds: 120,
            connections: 8192,
            kiosk_connections: 64,
            stranger_connections: 1024,
            address_connections: 512,
            kiosk_per_second: 100,
            free_bytes: 1 << 30,
            lease_seconds: 15 * 60,
        }
    }
}

/// `[enrolment]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Enrolment {
    /// Seconds a kiosk's certificate is good; it is renewed when two thirds of them are over.
    pub certificate_seconds: i64,
    /// Seconds a code for a new machine is good.
    pub code_seconds: i64,
    /// Where kiosks find their door, e.g. `https://127.0.0.1:8441`: goes into every ticket.
    pub office_url: Option<String>,
    /// Where kiosks hand in what they sealed, when an edge takes it in, e.g. `https://edge.example:8444`: told at enrolment.
    pub intake_url: Option<String>,
}

impl Default for Enrolment {
    fn default() -> Self {
        Self { certificate_seconds: 7 * 24 * 3600, code_seconds: 24 * 3600, office_url: None, intake_url: None }
    }
}

/// `[workbench]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Workbench {
    /// A session ends after so many minutes in which the officer did nothing.
    pub idle_minutes: i64,
    /// A session ends after so many hours in any case.
    pub longest_hours: i64,
    /// When the counter shuts, e.g. `17:00`.
    pub closing: jiff::civil::Time,
    /// Minutes for which a case that comes back goes to the officer who returned it first.
    pub sticky_minutes: i64,
    /// Working days that a return for supplement proposes.
    pub supplement_days: u32,
    /// Working days before the last day of a deferred material on which the person is warned.
    pub later_warn_days: u32,
    /// Seconds between two sweeps for deferred materials.
    pub sweep_seconds: u64,
    /// Days after which an opening that nobody touches lapses: a half-done visit that nobody brings to the counter too.
    pub opening_days: u32,
    /// Whether whoever signs in with a password must have a second factor; when absent, a production bureau requires it.
    pub second_factor: Option<SecondFactor>,
    /// A decision, and a change of one's own credentials, needs a proof not older than so many minutes; 0 asks for one each time.
    pub prove_minutes: i64,
    /// Sessions that one officer may have open; the oldest ends for a new one.
    pub most_sessions: usize,
    /// Where officers find the workbench, e.g. `https://office.example:8442`: passkeys belong to this name. When absent,
    /// `localhost` at the officers' port.
    pub origin: Option<String>,
    /// Folder of the built web application, seen from the office's folder; the program's own when absent.
    pub web: Option<PathBuf>,
}

impl Default for Workbench {
    fn default() -> Self {
        Self {
            idle_minutes: 15,
            longest_hours: 8,
            closing: jiff::civil::time(17, 0, 0, 0),
            sticky_minutes: 30,
            supplement_days: 10,
            later_warn_days: 2,
            sweep_seconds: 60,
            opening_days: 7,
            second_factor: None,
            prove_minutes: 30,
            most_sessions: 4,
            origin: None,
            web: None,
        }
    }
}

/// Whether a password needs a second factor beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecondFactor {
    /// Without one, nothing but setting one up.
    Required,
    /// Whoever wants one.
    Offered,
}

/// Configuration with its folder and bureau.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The office's folder.
    pub folder: PathBuf,
    /// `office.toml` after the environment.
    pub config: Config,
    /// `bureau.toml`.
    pub bureau: Bureau,
}

impl Loaded {
    /// A path of the configuration, seen from the office's folder.
    pub fn path(&self, relative: &Path) -> PathBuf {
        self.folder.join(relative)
    }

    /// Whether whoever signs in with a password must have a second factor.
    pub fn second_factor_required(&self) -> bool {
        self.config.workbench.second_factor.map_or(self.production(), |set| set == SecondFactor::Required)
    }

    /// A bureau for real people.
    pub fn production(&self) -> bool {
        self.bureau.class == BureauClass::Production
    }
}

/// Reads both files, applies the environment and checks that everything goes together.
///
/// # Errors
/// [`ConfigError`] names the file and the key.
pub fn load(folder: &Path, environment: impl Fn(&str) -> Option<String>) -> Result<Loaded, ConfigError> {
    let mut config: Config = read_toml(&folder.join("office.toml"))?;
    let bureau: Bureau = read_toml(&folder.join("bureau.toml"))?;
    let address = |name: &'static str, slot: &mut SocketAddr| -> Result<(), ConfigError> {
        if let Some(text) = environment(name) {
            *slot = text.parse().map_err(|_| ConfigError::Environment {
                name,
                message: format!("`{text}` is no address; write e.g. 127.0.0.1:8441"),
            })?;
        }
        Ok(())
    };
    address("YIMEN_OFFICE_KIOSKS", &mut config.listen.kiosks)?;
    address("YIMEN_OFFICE_OFFICERS", &mut config.listen.officers)?;
    address("YIMEN_OFFICE_PUBLIC", &mut config.listen.public)?;
    if let Some(url) = environment("YIMEN_OFFICE_REGISTRY") {
        config.registry.url = url;
    }
    if let Some(path) = environment("YIMEN_OFFICE_CATALOGUE") {
        config.catalogue.path = path.into();
    }
    check(&config, &bureau)?;
    let loaded = Loaded { folder: folder.to_path_buf(), config, bureau };
    apart(&loaded)?;
    Ok(loaded)
}

/// Keys and data lie apart, whatever their paths say.
fn apart(loaded: &Loaded) -> Result<(), ConfigError> {
    let store = &loaded.config.store;
    let [data, custody] = [&store.data, &store.custody].map(|path| real(&loaded.path(path)));
    if custody.starts_with(&data) || data.starts_with(&custody) {
        return Err(ConfigError::Contradiction(format!(
            "store.custody ({}) and store.data ({}) lie one inside the other: whoever has a copy of the data would have its keys",
            custody.display(),
            data.display()
        )));
    }
    Ok(())
}

/// Where a path leads, over links, as far as it exists.
fn real(path: &Path) -> PathBuf {
    let mut real = PathBuf::new();
    for part in std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf()).components() {
        if part == Component::ParentDir {
            real.pop();
        } else {
            real.push(part);
        }
        real = real.canonicalize().unwrap_or(real);
    }
    real
}

/// Reads a text file.
///
/// # Errors
/// [`ConfigError::Unreadable`].
pub fn read_text(path: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.to_path_buf(), source })
}

/// Reads a TOML file; unknown keys are refused by the types.
///
/// # Errors
/// [`ConfigError::Unreadable`], [`ConfigError::Malformed`].
pub fn read_toml<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, ConfigError> {
    let text = read_text(path)?;
    toml::from_str(&text)
        .map_err(|error| ConfigError::Malformed { path: path.to_path_buf(), message: error.to_string() })
}

/// Days for which every kiosk says, on its screen and its slip, that a half-done visit is kept.
const PROMISED_DAYS: u32 = 7;

/// A person may ask for reconsideration within 60 days (Administrative Reconsideration Law, article 20).
const LEAST_RETENTION: u32 = 60;
/// A hundred years: longer than any rule, and a moment that can still be reckoned.
const MOST_DAYS: u32 = 36_500;

/// What must hold between values.
///
/// # Errors
/// [`ConfigError::Contradiction`] in words for the administrator.
pub fn check(config: &Config, bureau: &Bureau) -> Result<(), ConfigError> {
    let no = |text: String| Err(ConfigError::Contradiction(text));
    if bureau.class == BureauClass::Production && config.registry.kind == RegistryKind::Demo {
        return no("registry.kind is \"demo\", but this is a production bureau: it refuses everything simulated".into());
    }
    if !config.listen.officers_tls && !config.listen.officers.ip().is_loopback() {
        return no("listen.officers_tls = false is allowed on a loopback address only".into());
    }
    if !(0.0..=1.0).contains(&config.instant.random_share) {
        return no(format!("instant.random_share is {}; it lies between 0 and 1", config.instant.random_share));
    }
    let longest = 2 * config.registry.timeout_ms;
    if config.instant.floor_ms <= longest {
        return no(format!(
            "instant.floor_ms is {}; it must be longer than twice registry.timeout_ms ({longest}), or waiting tells what the registry said",
            config.instant.floor_ms
        ));
    }
    let bench = &config.workbench;
    if bench.idle_minutes <= 0 || bench.longest_hours <= 0 || bench.sticky_minutes < 0 || bench.sweep_seconds == 0 {
        return no("workbench.idle_minutes, longest_hours and sweep_seconds must be at least 1".into());
    }
    if bench.prove_minutes < 0 || bench.most_sessions == 0 {
        return no("workbench.prove_minutes must be at least 0, and most_sessions at least 1".into());
    }
    if bench.opening_days < PROMISED_DAYS {
        return no(format!(
            "workbench.opening_days is {}; kiosks tell people on screen and slip that a half-done visit is kept for {PROMISED_DAYS} days",
            bench.opening_days
        ));
    }
    if config.audit.every_seconds == 0 || config.audit.checkpoints.is_empty() {
        return no("audit.every_seconds must be at least 1, and audit.checkpoints name at least one folder".into());
    }
    if config.enrolment.certificate_seconds < 3 || config.enrolment.code_seconds < 1 {
        return no("enrolment.certificate_seconds must be at least 3 and enrolment.code_seconds at least 1".into());
    }
    if let Some(oidc) = &config.oidc {
        oidc.check(bureau.class == BureauClass::Production).map_err(ConfigError::Contradiction)?;
    }
    if config.retention.days_after_closing < LEAST_RETENTION {
        return no(format!(
            "retention.days_after_closing is {}; a closed case is kept for at least {LEAST_RETENTION} days, for as long as a person may ask for reconsideration",
            config.retention.days_after_closing
        ));
    }
    if config.retention.days_after_closing > MOST_DAYS || bench.opening_days > MOST_DAYS {
        return no(format!("retention.days_after_closing and workbench.opening_days may be {MOST_DAYS} at most"));
    }
    if config.retention.most_per_day == 0 {
        return no("retention.most_per_day is 0; then nothing would ever be erased".into());
    }
    config.notifier.check(bureau.class).map_err(ConfigError::Contradiction)?;
    let limits = &config.limits;
    let counts =
        [limits.connections, limits.kiosk_connections, limits.stranger_connections, limits.address_connections];
    if counts.contains(&0) {
        return no(
            "limits.connections, kiosk_connections, stranger_connections and address_connections must be at least 1"
                .into(),
        );
    }
    if config.store.readers == 0
        || config.limits.write_queue == 0
        || config.limits.at_once == 0
        || config.limits.request_seconds == 0
        || config.limits.kiosk_per_second == 0
        || config.limits.lease_seconds <= 0
    {
        return no(
            "store.readers and limits.write_queue, at_once, request_seconds, kiosk_per_second and lease_seconds must be at least 1"
                .into(),
        );
    }
    Ok(())
}
