//! What all handlers and the worker share.
//! Invariants: built once at start; only adapters that the configuration allows are in it.

use crate::authority::Authority;
use crate::blobs::Blobs;
use crate::bounded::Bounded;
use crate::burst::Burst;
use crate::catalogue::Services;
use crate::changes::Changes;
use crate::checkpoints::Notary;
use crate::config::{ConfigError, Loaded, read_text};
use crate::custody::split::{Kept, Owner};
use crate::custody::{self, Custody};
use crate::key_ring::{Held, KeyRing};
use crate::kiosk_api::pressure::Pressure;
use crate::kiosk_api::share::Shares;
use crate::kiosks::Kiosks;
use crate::officers::Officers;
use crate::oidc::Provider;
use crate::registry::Registry;
use crate::relying_party::RelyingParty;
use crate::sessions::{Limits, Sessions};
use crate::store::{Store, StoreError, key_lists};
use crate::tries::Tries;
use documents::fonts::{FontPaths, FontSet};
use documents::signing::IssuingKey;
use domain::answers::AttachmentId;
use domain::ids::{CaseId, SubmissionId};
use domain::sensitive::Sensitive;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::DecodePrivateKey as _;
use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};
use tokio::sync::Notify;
use wire::bureau::BureauClass;
use wire::manifest::Part;

/// Most names and lists of parts kept in memory.
const REMEMBERED: usize = 5000;

/// The office's parts.
pub struct Office {
    /// Configuration and bureau.
    pub loaded: Loaded,
    /// The database.
    pub store: Store,
    /// The keys of everything sealed here.
    pub custody: Custody,
    /// The sealed blobs.
    pub blobs: Blobs,
    /// Enrolled kiosks.
    pub kiosks: Kiosks,
    /// Signs their certificates.
    pub authority: Authority,
    /// Officers with tokens.
    pub officers: Officers,
    /// Services as data.
    pub services: Arc<dyn Services>,
    /// The registry.
    pub registry: Registry,
    /// Its secrets.
    pub keys: Keys,
    /// Seals and opens: the key list, and every branch identity held.
    pub ring: KeyRing,
    /// When the newest key list was made that the database knows of, milliseconds.
    noted_list: AtomicI64,
    /// Fonts of the papers.
    pub fonts: FontSet,
    /// How much is taken in at once.
    pub pressure: Arc<Pressure>,
    /// What each kiosk has asked for of late.
    pub shares: Arc<Shares>,
    /// How much comes in just now.
    pub burst: Burst,
    /// Wakes the worker.
    pub work: Notify,
    /// Who is signed in.
    pub sessions: Sessions,
    /// Wrong tries to sign in.
    pub tries: Tries,
    /// Where browsers find the workbench, without a slash; set once the officers' port is known.
    pub origin: OnceLock<String>,
    /// The bureau's identity provider.
    pub provider: Option<Provider>,
    /// Checks passkeys; set once the officers' port is known, `None` inside when the workbench has no name.
    pub relying_party: OnceLock<Option<RelyingParty>>,
    /// Names of applicants for lists: from memory only, never a column.
    pub names: Bounded<CaseId, Sensitive<String>>,
    /// Which attachment is in which sealed part, by submission: digests only.
    pub parts: Bounded<SubmissionId, Arc<BTreeMap<AttachmentId, Part>>>,
    /// Sends messages to residents; `None` when the configuration names nobody.
    pub notifier: Option<Arc<dyn crate::notifier::Notifier>>,
    /// Wakes whoever sends them.
    pub notices: Notify,
    /// Tells officers that the queue changed.
    pub changes: Changes,
}

/// The office's secrets, checked against what `bureau.toml` publishes.
pub struct Keys {
    /// Signs receipts.
    pub receipt: SigningKey,
    /// Signs the codes on certificates.
    pub certificate: IssuingKey,
    /// Signs checkpoints of the audit log.
    pub audit: Notary,
}

impl Keys {
    /// Reads the files the configuration names.
    ///
    /// # Errors
    /// Missing, of another kind, or not the key that is published.
    pub fn load(loaded: &Loaded) -> Result<Self, ConfigError> {
        let names = &loaded.config.keys;
        let (receipt_path, path) = (loaded.path(&names.receipt), loaded.path(&names.certificate));
        let receipt = signing_key(&receipt_path)?;
        let certificate = IssuingKey::from_pem(&read_text(&path)?, paper_class(loaded.bureau.class))
            .map_err(|error| ConfigError::Malformed { path: path.clone(), message: error.to_string() })?;
        let audit_path = loaded.path(&names.audit);
        let audit = signing_key(&audit_path)?;
        published(audit.verifying_key().as_bytes(), &loaded.bureau.audit_key, audit_path)?;
        let audit = Notary::new(audit, loaded.bureau.station.as_str());
        published(receipt.verifying_key().as_bytes(), &loaded.bureau.receipt_key, receipt_path)?;
        published(&certificate.public_bytes(), &loaded.bureau.certificate_key, path)?;
        Ok(Self { receipt, certificate, audit })
    }
}

fn published(public: &[u8; 32], told: &str, path: PathBuf) -> Result<(), ConfigError> {
    if hex::encode(public) == told {
        return Ok(());
    }
    Err(ConfigError::Malformed { path, message: "is not the key that bureau.toml publishes".into() })
}

/// Why the office cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Database.
    #[error(transparent)]
    Store(#[from] crate::store::StoreError),
    /// Disk.
    #[error("{0}: {1}")]
    Disk(PathBuf, std::io::Error),
    /// The services' files are wrong.
    #[error("the catalogue has errors:\n{0}")]
    Catalogue(String),
    /// The bureau does not stand for the services' files.
    #[error(
        "the bureau does not stand for the catalogue in {0}: put the right files back, or sign them (yimenctl catalogue sign)"
    )]
    UnsignedCatalogue(PathBuf),
    /// The list is older than one that was in force here: it may name what was ended since.
    #[error(
        "the key list {path} is of {issued_at}, and this office has taken one of {newest}: an older list could bring back keys and \
         catalogues that were ended. Put the newest back, or make one that is newer still (yimenctl keys rotate)"
    )]
    OlderKeyList {
        /// Where it lies.
        path: PathBuf,
        /// When it was made.
        issued_at: Timestamp,
        /// When the newest was made that this office has taken.
        newest: Timestamp,
    },
    /// A production bureau met a demonstration registry.
    #[error("the registry at {0} is a demonstration; a production bureau refuses it")]
    DemoRegistry(String),
    /// Fonts for papers are missing.
    #[error("fonts for certificates: {0}")]
    Fonts(String),
    /// The registry's client.
    #[error("the registry's client: {0}")]
    Client(String),
    /// Too few open files.
    #[error(
        "only {allowed} files may be open at once; allow at least {least} (LimitNOFILE= of the service, or ulimit -n)"
    )]
    OpenFiles {
        /// What the system allows.
        allowed: u64,
        /// What is needed.
        least: u64,
    },
    /// A listener's address.
    #[error("cannot listen on {0}: {1}{hint}", hint = in_use(.1))]
    Listen(std::net::SocketAddr, std::io::Error),
}

fn in_use(error: &std::io::Error) -> &'static str {
    match error.kind() == std::io::ErrorKind::AddrInUse {
        true => ". Is it running already? If another program has that port, change [listen]",
        false => "",
    }
}

/// The keys, once the bureau stands for these services.
///
/// # Errors
/// No keys, or other services' files than the bureau signed.
pub fn signed_by_bureau(loaded: &Loaded, services: &dyn Services) -> Result<KeyRing, StartError> {
    let ring = KeyRing::open(loaded)?;
    let held = ring.now();
    if services.digest().is_some_and(|digest| !held.list.stands_for(digest)) {
        return Err(StartError::UnsignedCatalogue(loaded.path(&loaded.config.catalogue.path)));
    }
    if held.list.catalogues.is_empty() {
        tracing::warn!(
            "the bureau's key list names no catalogue: office and kiosks take whatever files lie there. Sign them: yimenctl \
             catalogue sign"
        );
    }
    Ok(ring)
}

/// Notes that this list is in force, unless a newer one was.
fn take_list(loaded: &Loaded, store: &Store, issued_at: Timestamp) -> Result<(), StartError> {
    let newer = store.write_keyed_blocking::<_, StoreError>(move |c, _| key_lists::take(c, issued_at))?;
    newer.map_or(Ok(()), |newest| Err(older(loaded, issued_at, newest)))
}

/// Whether this list would be taken at a start; nothing is noted.
///
/// # Errors
/// [`StartError::OlderKeyList`]; the store's.
pub fn check_list(loaded: &Loaded, ring: &KeyRing) -> Result<(), StartError> {
    let issued_at = ring.now().list.issued_at;
    match key_lists::newest_in(&database(loaded))? {
        Some(newest) if newest.as_millisecond() > issued_at.as_millisecond() => Err(older(loaded, issued_at, newest)),
        Some(_) | None => Ok(()),
    }
}

fn older(loaded: &Loaded, issued_at: Timestamp, newest: Timestamp) -> StartError {
    StartError::OlderKeyList { path: loaded.path(&loaded.config.keys.recipients), issued_at, newest }
}

/// The office's database.
fn database(loaded: &Loaded) -> PathBuf {
    loaded.path(&loaded.config.store.data).join("office.db")
}

/// The day in China at this moment; the office's days are Beijing days (UTC+8, no summer time).
pub fn china_day(now: Timestamp) -> Date {
    china_time(now).date()
}

/// Day and time in China at this moment.
pub fn china_time(now: Timestamp) -> DateTime {
    jiff::tz::offset(8).to_datetime(now)
}

/// An Ed25519 key from a PKCS#8 PEM file.
///
/// # Errors
/// Unreadable, or another kind of file.
pub fn signing_key(path: &Path) -> Result<SigningKey, ConfigError> {
    SigningKey::from_pkcs8_pem(&read_text(path)?).map_err(|_| ConfigError::Malformed {
        path: path.to_path_buf(),
        message: "not an Ed25519 private key in PKCS#8 PEM".into(),
    })
}

/// The identity in an age key file: its line that begins with `AGE-SECRET-KEY-1`.
///
/// # Errors
/// Unreadable, or no such line.
pub fn age_identity(path: &Path) -> Result<Sensitive<String>, ConfigError> {
    read_text(path)?
        .lines()
        .find(|line| line.starts_with("AGE-SECRET-KEY-1"))
        .map(|line| Sensitive::new(line.trim().to_owned()))
        .ok_or_else(|| ConfigError::Malformed {
            path: path.to_path_buf(),
            message: "no line begins with AGE-SECRET-KEY-1".into(),
        })
}

/// The class as papers know it.
pub fn paper_class(class: BureauClass) -> documents::BureauClass {
    match class {
        BureauClass::Demo => documents::BureauClass::Demonstration,
        BureauClass::Production => documents::BureauClass::Production,
    }
}

impl Office {
    /// Opens everything the configuration names.
    ///
    /// # Errors
    /// The first thing that is missing or wrong.
    pub fn open(loaded: Loaded, services: Arc<dyn Services>) -> Result<Self, StartError> {
        let data = loaded.path(&loaded.config.store.data);
        let disk = |error| StartError::Disk(data.clone(), error);
        let ring = signed_by_bureau(&loaded, services.as_ref())?;
        std::fs::create_dir_all(data.join("issued")).map_err(disk)?;
        let limits = &loaded.config.limits;
        let (custody, keys) = custody::open(&loaded.path(&loaded.config.store.custody))?;
        let take_over = |office: &mut _, keys: &mut _| custody::takeover::run(office, keys, &data, &custody.uploads());
        let readers = loaded.config.store.readers;
        let store = Store::open(&database(&loaded), keys, take_over, readers, limits.write_queue)?;
        take_list(&loaded, &store, ring.now().list.issued_at)?;
        let blobs = Blobs::divided(&data, custody.clone(), store.clone(), limits.blob_bytes).map_err(disk)?;
        Ok(Self {
            keys: Keys::load(&loaded)?,
            noted_list: AtomicI64::new(ring.now().list.issued_at.as_millisecond()),
            ring,
            store,
            custody,
            blobs,
            kiosks: Kiosks::default(),
            authority: Authority::load(&loaded)?,
            officers: Officers::in_folder(loaded.path(&loaded.config.store.officers)),
            services,
            registry: Registry::new(&loaded.config.registry, loaded.bureau.class)
                .map_err(|error| StartError::Client(error.to_string()))?,
            fonts: FontSet::load(&FontPaths::default()).map_err(|error| StartError::Fonts(error.to_string()))?,
            shares: Arc::new(Shares::new(limits.kiosk_per_second)),
            pressure: Arc::new(Pressure::new(
                limits.measure(),
                vec![data.clone(), loaded.path(&loaded.config.store.custody)],
            )),
            burst: Burst::default(),
            work: Notify::new(),
            sessions: Sessions::new(Limits {
                idle: SignedDuration::from_mins(loaded.config.workbench.idle_minutes),
                absolute: SignedDuration::from_hours(loaded.config.workbench.longest_hours),
                each: loaded.config.workbench.most_sessions,
            }),
            tries: Tries::default(),
            origin: OnceLock::new(),
            provider: loaded.config.oidc.as_ref().map(|oidc| Provider::new(oidc, &loaded.folder)).transpose()?,
            relying_party: OnceLock::new(),
            names: Bounded::new(REMEMBERED),
            parts: Bounded::new(REMEMBERED),
            notifier: crate::notifier::adapter(&loaded.config.notifier, &loaded.folder)?,
            notices: Notify::new(),
            changes: Changes::new(ambient::now()),
            loaded,
        })
    }

    /// The keys in force. Before anybody hears of a newer list the database knows of it, so that no start goes back behind it.
    ///
    /// # Errors
    /// The store's.
    pub async fn list_in_force(&self) -> Result<Arc<Held>, StoreError> {
        let held = self.ring.now();
        let issued_at = held.list.issued_at;
        if self.noted_list.load(Ordering::Acquire) < issued_at.as_millisecond() {
            self.store.write::<_, StoreError>(move |c| key_lists::take(c, issued_at)).await?;
            self.noted_list.fetch_max(issued_at.as_millisecond(), Ordering::AcqRel);
        }
        Ok(held)
    }

    /// Takes the workbench's name, to which passkeys belong and to which the provider sends people back; without a configured one, for `localhost` at this port.
    pub fn take_origin(&self, officers_port: u16) {
        let (config, bureau) = (&self.loaded.config, &self.loaded.bureau);
        let scheme = if config.listen.officers_tls { "https" } else { "http" };
        let own = || format!("{scheme}://localhost:{officers_port}");
        let origin = config.workbench.origin.clone().unwrap_or_else(own);
        let party = RelyingParty::new(&origin, &bureau.name);
        if let Err(why) = &party {
            tracing::warn!(%why, "no passkeys");
        }
        let _ = self.relying_party.set(party.ok());
        let _ = self.origin.set(origin.trim_end_matches('/').to_owned());
    }

    /// Seals what shares the end of `owner`, for a column or a small file; its header goes into custody in the job that writes
    /// it. `None` when the bureau's keys are none, which start-up rules out.
    pub fn keep(&self, owner: impl Into<Owner>, plain: &[u8]) -> Option<Kept> {
        let sealed = self.ring.seal(plain).ok()?;
        Some(Kept::of(owner.into(), sealed.sha256, &sealed.bytes))
    }

    /// Opens what [`Office::keep`] sealed; `None` when its key is gone, or it is damaged.
    pub fn open_kept(&self, column: &[u8]) -> Option<Vec<u8>> {
        let whole = self.custody.whole(column).inspect_err(|error| tracing::error!(%error, "custody")).ok()??;
        self.ring.open_sealed(&whole).ok()
    }

    /// Seals to the bureau's keys; `None` when they are none, which start-up rules out.
    pub fn seal(&self, plain: &[u8]) -> Option<Vec<u8>> {
        self.ring.seal(plain).ok().map(|sealed| sealed.bytes)
    }

    /// Opens what was sealed to this office; `None` when it was not, or is damaged.
    pub fn unseal(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        self.ring.open_sealed(sealed).ok()
    }
}

impl std::fmt::Debug for Office {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Office({})", self.loaded.folder.display())
    }
}
