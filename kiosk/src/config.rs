//! The kiosk's folder as enrolment makes it (`crate::enrol`): `kiosk.toml`, `bureau.toml`, `ca.pem`, `keys/`, `data/`.
//! Invariants: unknown keys are refused with their name; a production bureau refuses every simulated device (product rule 5).
//! Not here: what the values are used for.

use crate::safe::{KeyFile, KeysFile, Safe};
use crate::store::{Store, StoreError};
use anyhow::{Context as _, bail, ensure};
use domain::ids::KioskId;
use ed25519_dalek::pkcs8::DecodePrivateKey as _;
use ed25519_dalek::{SigningKey, VerifyingKey};
use outbox::Budget;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use wire::bureau::{Bureau, BureauClass};
use wire::signature::Signed;

/// An Ed25519 public key from 64 hex digits, as `bureau.toml` has them.
///
/// # Errors
/// Other text, or no point of the curve.
pub fn public_key(text: &str) -> anyhow::Result<VerifyingKey> {
    let bytes: [u8; 32] = hex::decode(text).ok().and_then(|bytes| bytes.try_into().ok()).context("no 64 hex digits")?;
    Ok(VerifyingKey::from_bytes(&bytes)?)
}

/// `kiosk.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KioskFile {
    /// Which machine.
    pub id: KioskId,
    /// Its number as shown.
    pub number: u32,
    /// Base address of the office's door for kiosks.
    pub office: String,
    /// Base address of an edge that takes submissions in for the office, where there is one.
    #[serde(default)]
    pub intake: Option<String>,
    /// Devices; each is simulated in a demo bureau and absent in a production one unless said otherwise.
    #[serde(default)]
    pub devices: Devices,
    /// Times.
    #[serde(default)]
    pub times: Times,
    /// The store.
    #[serde(default)]
    pub store: StoreFile,
    /// Where keys lie.
    #[serde(default)]
    pub keys: KeysFile,
}

impl KioskFile {
    /// Any other address would be refused at each request, and the kiosk would look as if its line were down for ever.
    fn addresses_are_https(&self) -> anyhow::Result<()> {
        let named = [("office", Some(&self.office)), ("intake", self.intake.as_ref())];
        for (key, address) in named.into_iter().filter_map(|(key, address)| Some((key, address?))) {
            let fits = reqwest::Url::parse(address).is_ok_and(|url| url.scheme() == "https" && url.has_host());
            ensure!(fits, "kiosk.toml: {key} is {address:?}; give an address like https://office.example:8441");
        }
        Ok(())
    }
}

/// `[store]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreFile {
    /// Share of its disk that waiting submissions may fill, above 0 and at most 1: of what is free and what they hold.
    pub disk_share: f64,
}

impl Default for StoreFile {
    fn default() -> Self {
        Self { disk_share: Budget::default().share }
    }
}

impl StoreFile {
    /// How much the outbox may hold.
    ///
    /// # Errors
    /// A share that is none.
    pub fn budget(&self) -> anyhow::Result<Budget> {
        ensure!(
            self.disk_share > 0.0 && self.disk_share <= 1.0,
            "kiosk.toml: store.disk_share is {}; give a share above 0 and at most 1, e.g. 0.5",
            self.disk_share
        );
        Ok(Budget { share: self.disk_share, ..Budget::default() })
    }
}

/// Which driver serves which device.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Devices {
    /// The camera.
    #[serde(default)]
    pub camera: Camera,
    /// The printer.
    #[serde(default)]
    pub printer: Printer,
    /// The card reader.
    #[serde(default)]
    pub card_reader: CardReader,
    /// The face matcher.
    #[serde(default)]
    pub face: Face,
}

/// `[devices.camera]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(tag = "driver", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Camera {
    /// By the bureau's class: simulated in a demo, none in production.
    #[default]
    ByClass,
    /// A camera of the machine, through nokhwa.
    Nokhwa {
        /// Which, from 0.
        index: u32,
    },
    /// A moving test picture.
    Simulated,
}

/// `[devices.printer]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(tag = "driver", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Printer {
    /// By the bureau's class.
    #[default]
    ByClass,
    /// A queue of CUPS.
    Cups {
        /// E.g. `ipp://127.0.0.1:631/printers/receipts`.
        queue: String,
    },
    /// Writes PDFs to `data/tray`.
    Simulated,
}

/// `[devices.card_reader]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(tag = "driver", rename_all = "kebab-case", deny_unknown_fields)]
pub enum CardReader {
    /// By the bureau's class.
    #[default]
    ByClass,
    /// Steered by hand or by the robot.
    Simulated,
}

/// `[devices.face]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(tag = "driver", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Face {
    /// By the bureau's class; in production nobody ever passes without a matcher.
    #[default]
    ByClass,
    /// The bureau's matcher over HTTP.
    Http {
        /// Where.
        url: String,
    },
    /// Steered by hand or by the robot.
    Simulated,
    /// None: every comparison goes to an officer.
    NotConfigured,
}

/// `[times]`, seconds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Times {
    /// Quiet before the idle warning.
    pub idle: u32,
    /// Length of the idle warning.
    pub idle_warning: u32,
    /// Countdown before a portrait is taken.
    pub countdown: u32,
}

impl Default for Times {
    fn default() -> Self {
        Self { idle: 60, idle_warning: 20, countdown: 3 }
    }
}

/// Everything read from the folder.
pub struct Folder {
    /// `kiosk.toml`, drivers settled.
    pub kiosk: KioskFile,
    /// `bureau.toml`.
    pub bureau: Bureau,
    /// The bureau's authority, PEM.
    pub authority: String,
    /// Where keys lie.
    pub safe: Safe,
    /// Key and certificate for the office's door.
    pub identity: KeyFile,
    /// Signs manifests.
    pub device_key: SigningKey,
    /// The key list that came with the enrolment; the office's newer ones take its place.
    pub recipients: Option<Signed>,
    /// Where the store and the tray lie.
    pub data: PathBuf,
}

impl Folder {
    /// Opens the store with the keys of this folder.
    ///
    /// # Errors
    /// The store's.
    pub fn store(&self) -> Result<Store, StoreError> {
        Store::open_with(&self.data, &self.safe)
    }

    /// Reads and checks the folder.
    ///
    /// # Errors
    /// A file that is missing or wrong, named; a simulated device in a production bureau.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let text = |name: &str| {
            let path = folder.join(name);
            std::fs::read_to_string(&path).with_context(|| {
                format!("cannot read {}; is this machine enrolled? `yimenctl kiosk add` gives a ticket for `yimen-kiosk --enrol`", path.display())
            })
        };
        let mut kiosk: KioskFile = toml::from_str(&text("kiosk.toml")?).context("kiosk.toml")?;
        kiosk.addresses_are_https()?;
        let bureau: Bureau = toml::from_str(&text("bureau.toml")?).context("bureau.toml")?;
        kiosk.devices.settle(bureau.class)?;
        let safe = Safe::open(folder, &kiosk.keys.tool).context("the keys")?;
        let device = safe.file(&folder.join("keys/device.key.pem"));
        let device = device.read_text().with_context(|| format!("cannot read {}", device.path().display()))?;
        let device_key = SigningKey::from_pkcs8_pem(&device)
            .map_err(|error| anyhow::anyhow!("keys/device.key.pem is no Ed25519 key: {error}"))?;
        Ok(Self {
            kiosk,
            bureau,
            authority: text("ca.pem")?,
            identity: safe.file(&folder.join("keys/client.pem")),
            safe,
            device_key,
            recipients: serde_json::from_str(&text("keys/recipients.json")?).context("keys/recipients.json")?,
            data: folder.join("data"),
        })
    }
}

impl Devices {
    /// Puts a driver in the place of every `by-class`, and refuses simulated ones in production.
    fn settle(&mut self, class: BureauClass) -> anyhow::Result<()> {
        let demo = class == BureauClass::Demo;
        if demo {
            self.camera = std::mem::take(&mut self.camera).or_simulated();
            self.printer = std::mem::take(&mut self.printer).or_simulated();
            if matches!(self.card_reader, CardReader::ByClass) {
                self.card_reader = CardReader::Simulated;
            }
            if matches!(self.face, Face::ByClass) {
                self.face = Face::Simulated;
            }
        } else if self.any_simulated() {
            bail!(
                "this bureau is of the production class and refuses simulated devices: take `simulated` out of kiosk.toml, or use a demo bureau"
            );
        }
        Ok(())
    }

    /// At least one device is simulated.
    pub fn any_simulated(&self) -> bool {
        matches!(self.camera, Camera::Simulated)
            || matches!(self.printer, Printer::Simulated)
            || matches!(self.card_reader, CardReader::Simulated)
            || matches!(self.face, Face::Simulated)
    }
}

impl Camera {
    fn or_simulated(self) -> Self {
        match self {
            Self::ByClass => Self::Simulated,
            Self::Nokhwa { .. } | Self::Simulated => self,
        }
    }
}

impl Printer {
    fn or_simulated(self) -> Self {
        match self {
            Self::ByClass => Self::Simulated,
            Self::Cups { .. } | Self::Simulated => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_refuses_each_simulated_device_and_demo_simulates_what_is_not_named() {
        for line in ["camera", "printer", "card_reader", "face"] {
            let text = format!("{line} = {{ driver = \"simulated\" }}");
            let mut devices: Devices = toml::from_str(&text).unwrap();
            let refused = devices.settle(BureauClass::Production).unwrap_err().to_string();
            assert!(refused.contains("simulated"), "{line}: {refused}");
        }
        let mut devices = Devices::default();
        devices.settle(BureauClass::Production).unwrap();
        assert!(!devices.any_simulated());
        let mut devices: Devices = toml::from_str("camera = { driver = \"nokhwa\", index = 0 }").unwrap();
        devices.settle(BureauClass::Demo).unwrap();
        assert!(matches!(devices.camera, Camera::Nokhwa { index: 0 }) && devices.any_simulated());
    }

    #[test]
    fn a_share_of_the_disk_is_above_nothing_and_at_most_all() {
        let read = |share: &str| {
            let text = format!("id = \"a\"\nnumber = 1\noffice = \"https://x\"\n{share}");
            toml::from_str::<KioskFile>(&text).unwrap().store.budget()
        };
        assert_eq!(read("").unwrap().share, 0.5);
        assert_eq!(read("[store]\ndisk_share = 1.0").unwrap().share, 1.0);
        for wrong in ["0.0", "-0.1", "1.1", "nan"] {
            let refused = read(&format!("[store]\ndisk_share = {wrong}")).unwrap_err().to_string();
            assert!(refused.contains("disk_share"), "{refused}");
        }
    }

    #[test]
    fn an_address_that_is_not_https_is_refused_with_its_key() {
        let read = |lines: &str| {
            let file: KioskFile = toml::from_str(&format!("id = \"a\"\nnumber = 1\n{lines}")).unwrap();
            file.addresses_are_https()
        };
        read("office = \"https://127.0.0.1:8441\"\nintake = \"https://edge.example\"").unwrap();
        for (lines, key) in [
            ("office = \"127.0.0.1\"", "office"),
            ("office = \"http://office.example\"", "office"),
            ("office = \"https://\"", "office"),
            ("office = \"https://x\"\nintake = \"http://x\"", "intake"),
        ] {
            let words = read(lines).unwrap_err().to_string();
            assert!(words.starts_with(&format!("kiosk.toml: {key} is ")) && words.contains("https://"), "{words}");
        }
    }

    #[test]
    fn a_misspelt_key_is_refused_by_name() {
        let error =
            toml::from_str::<KioskFile>("id = \"a\"\nnumber = 1\noffice = \"https://x\"\nofice = 1").unwrap_err();
        assert!(error.to_string().contains("ofice"), "{error}");
    }
}
