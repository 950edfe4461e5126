//! The kiosk's folder as enrolment writes it: see `crate::config` for what is read from it.
//! Invariants: each file appears whole (written beside, synced, renamed); `kiosk.toml` comes last, as its being there says that
//! the machine is enrolled; devices and times that somebody configured stay.

use super::keys::Keys;
use anyhow::Context as _;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;
use wire::enrolment::{Enrolled, Ticket};

/// Makes a folder that only its owner may enter.
pub(super) fn private(path: &Path) -> anyhow::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("cannot make {}", path.display()))
}

/// Makes what must be there.
pub(super) fn prepare(folder: &Path) -> anyhow::Result<()> {
    for sub in ["keys", "data"] {
        private(&folder.join(sub))?;
    }
    Ok(())
}

/// A whole file or none; `secret`: for its owner only.
pub(super) fn write_durably(path: &Path, bytes: &[u8], secret: bool) -> anyhow::Result<()> {
    let beside = path.with_extension("new");
    let mode = if secret { 0o600 } else { 0o644 };
    let write = || -> std::io::Result<()> {
        // One that a crash left may have other rights.
        let _ = fs::remove_file(&beside);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)?;
        path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}

/// Key and chain in one file, so that they can never be of different certificates.
pub(super) fn identity(key_pem: &str, chain: &str) -> String {
    format!("{key_pem}{chain}")
}

pub(super) fn write(folder: &Path, ticket: &Ticket, enrolled: &Enrolled, keys: &Keys) -> anyhow::Result<()> {
    let file = |name: &str, text: &str, secret| write_durably(&folder.join(name), text.as_bytes(), secret);
    file("keys/device.key.pem", &keys.device_pem()?, true)?;
    file("keys/client.pem", &identity(&keys.tls.serialize_pem(), &enrolled.certificate.chain), true)?;
    file("ca.pem", &enrolled.authority, false)?;
    file("bureau.toml", &toml::to_string(&enrolled.bureau).context("bureau.toml")?, false)?;
    let path = folder.join("kiosk.toml");
    let mut table = match fs::read_to_string(&path) {
        Ok(text) => text.parse::<toml::Table>().context("kiosk.toml")?,
        Err(_) => toml::Table::new(),
    };
    table.insert("id".to_owned(), ticket.kiosk.as_str().into());
    table.insert("number".to_owned(), i64::from(enrolled.number).into());
    table.insert("office".to_owned(), ticket.office.as_str().into());
    file("kiosk.toml", &toml::to_string(&table).context("kiosk.toml")?, false)
}
