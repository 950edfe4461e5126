//! The files of a bureau, shared by `bureau init`, the office and the kiosk: who we are, and in which class.
//! Layout of a data folder made by `yimenctl bureau init DIR`:
//! `office/{bureau.toml, office.toml, keys/, officers/<id>.toml, data/}`, `registry/`, `authority/`, `recovery/`. A kiosk's folder is made by the
//! kiosk itself when it enrols: `kiosk.toml`, `bureau.toml`, `ca.pem`, `keys/`, `data/`.

use domain::ids::{KioskId, StationId};
use serde::{Deserialize, Serialize};

/// Fixed at `bureau init` (product rule 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BureauClass {
    /// Papers carry 演示样张 无效; simulated devices allowed.
    Demo,
    /// Refuses every simulated driver.
    Production,
}

/// `bureau.toml`: the same file for office and kiosks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bureau {
    /// Demo or production.
    pub class: BureauClass,
    /// Name of the issuing office as printed.
    pub name: String,
    /// Station id.
    pub station: StationId,
    /// Station's name as shown, e.g. 云桥派出所.
    pub station_name: String,
    /// Whom to call.
    pub phone: String,
    /// Base of verify links, e.g. `https://127.0.0.1:8443/v`.
    pub verify_url: String,
    /// Ed25519 public key (64 hex digits) that signs the list of keys that kiosks seal to (`key_list`).
    pub list_key: String,
    /// Ed25519 public key (64 hex digits) that signs receipts.
    pub receipt_key: String,
    /// Ed25519 public key (64 hex digits) that signs certificates' codes.
    pub certificate_key: String,
    /// Ed25519 public key (64 hex digits) that signs checkpoints of the audit log.
    pub audit_key: String,
}

/// An enrolled kiosk as the office knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrolledKiosk {
    /// Which machine.
    pub id: KioskId,
    /// Its number as shown, e.g. `1`.
    pub number: u32,
    /// Where it stands.
    pub station: StationId,
    /// Ed25519 public key (64 hex digits) that signs its manifests.
    pub key: String,
}
