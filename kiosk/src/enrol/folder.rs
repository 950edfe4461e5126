//! The kiosk's folder as enrolment writes it: see `crate::config` for what is read from it.
//! Invariants: each file appears whole (written beside, synced, renamed); `kiosk.toml` comes last, as its being there says that
//! the machine is enrolled; devices and times that somebody configured stay.

use super::keys::Keys;
use crate::config::public_key;
use crate::safe::{KeysFile, Safe};
use anyhow::Context as _;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;
use wire::enrolment::{Enrolled, Ticket};
use wire::key_list::KeyList;

/// Makes a folder that only its owner may enter.
pub(super) fn private(path: &Path) -> anyhow::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("cannot make {}", path.display()))
}

/// `[keys]` of a `kiosk.toml` that is there before the machine enrols, or again.
pub(crate) fn keys_wished(folder: &Path) -> anyhow::Result<KeysFile> {
    #[derive(serde::Deserialize)]
    struct Only {
        #[serde(default)]
        keys: KeysFile,
    }
    match fs::read_to_string(folder.join("kiosk.toml")) {
        Ok(text) => Ok(toml::from_str::<Only>(&text).context("kiosk.toml")?.keys),
        Err(_) => Ok(KeysFile::default()),
    }
}

/// Makes what must be there.
pub(super) fn prepare(folder: &Path) -> anyhow::Result<()> {
    for sub in ["keys", "data"] {
        private(&folder.join(sub))?;
    }
    Ok(())
}

/// A whole file or none, for everybody to read.
fn write_durably(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let beside = path.with_extension("new");
    let write = || -> std::io::Result<()> {
        // One that a crash left may have other rights.
        let _ = fs::remove_file(&beside);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o644).open(&beside)?;
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

/// The key list must be the bureau's own: what is sealed to a stranger's keys no office opens.
pub(super) fn verified(enrolled: &Enrolled) -> anyhow::Result<()> {
    let key = public_key(&enrolled.bureau.list_key).context("the bureau's list_key")?;
    KeyList::open(&enrolled.keys, &key, &enrolled.bureau.station).context(
        "the key list is not this bureau's; nothing was written. Ask the administrator to look at the office",
    )?;
    Ok(())
}

/// Writes what enrolment gave; what is not [`verified`] is refused.
pub(super) fn write(
    folder: &Path,
    ticket: &Ticket,
    enrolled: &Enrolled,
    keys: &Keys,
    safe: &Safe,
) -> anyhow::Result<()> {
    verified(enrolled)?;
    let file = |name: &str, text: &str| write_durably(&folder.join(name), text.as_bytes());
    let key = |name: &str, text: &str| {
        let file = safe.file(&folder.join(name));
        file.write(text.as_bytes()).with_context(|| format!("cannot write {}", file.path().display()))
    };
    key("keys/device.key.pem", &keys.device_pem()?)?;
    key("keys/client.pem", &identity(&keys.tls.serialize_pem(), &enrolled.certificate.chain))?;
    file("ca.pem", &enrolled.authority)?;
    file("keys/recipients.json", &serde_json::to_string(&enrolled.keys).context("keys/recipients.json")?)?;
    file("bureau.toml", &toml::to_string(&enrolled.bureau).context("bureau.toml")?)?;
    let path = folder.join("kiosk.toml");
    let mut table = match fs::read_to_string(&path) {
        Ok(text) => text.parse::<toml::Table>().context("kiosk.toml")?,
        Err(_) => toml::Table::new(),
    };
    table.insert("id".to_owned(), ticket.kiosk.as_str().into());
    table.insert("number".to_owned(), i64::from(enrolled.number).into());
    table.insert("office".to_owned(), ticket.office.as_str().into());
    match &enrolled.intake {
        Some(intake) => drop(table.insert("intake".to_owned(), intake.as_str().into())),
        None => drop(table.remove("intake")),
    }
    file("kiosk.toml", &toml::to_string(&table).context("kiosk.toml")?)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::config::Folder;
    use crate::keyring::Keyring;
    use ed25519_dalek::SigningKey;
    use wire::bureau::{Bureau, BureauClass};
    use wire::digest::Digest;
    use wire::enrolment::{Certificate, Code};
    use wire::key_list::{KeyRole, ListedKey, VERSION};
    use wire::signature::Signed;

    /// What an office answers, with a list that this key signed; the bureau's own is `[5; 32]`.
    pub(in crate::enrol) fn answer(list_key: &SigningKey) -> Enrolled {
        let day = jiff::SignedDuration::from_hours(24);
        let key = |recipient: &str, role| ListedKey {
            recipient: recipient.to_owned(),
            role,
            not_before: ambient::now() - day,
            not_after: ambient::now() + day,
        };
        let keys = vec![key("age1branch", KeyRole::Branch), key("age1safe", KeyRole::Recovery)];
        let list =
            KeyList { v: VERSION, station: "yunqiao".into(), issued_at: ambient::now(), keys, catalogues: Vec::new() };
        let public = hex::encode(SigningKey::from_bytes(&[5; 32]).verifying_key().to_bytes());
        Enrolled {
            number: 1,
            station: "yunqiao".into(),
            bureau: Bureau {
                class: BureauClass::Demo,
                name: "云桥市公安局".to_owned(),
                station: "yunqiao".into(),
                station_name: "云桥派出所".to_owned(),
                phone: "0577-88000000".to_owned(),
                verify_url: "https://127.0.0.1:8443/v".to_owned(),
                list_key: public.clone(),
                receipt_key: public.clone(),
                certificate_key: public.clone(),
                audit_key: public,
            },
            keys: Signed::sign(&list, list_key).unwrap(),
            authority: String::new(),
            certificate: Certificate { chain: String::new(), not_after: ambient::now() },
            intake: Some("https://127.0.0.1:2".to_owned()),
        }
    }

    #[test]
    fn a_machine_can_seal_at_once_and_writes_nothing_with_a_list_that_is_not_the_bureaus() {
        let folder = tempfile::tempdir().unwrap();
        prepare(folder.path()).unwrap();
        let keys = Keys::of_this_try(folder.path(), &Safe::plain()).unwrap();
        let ticket = Ticket {
            office: "https://127.0.0.1:1".to_owned(),
            kiosk: "yunqiao-1".into(),
            authority: String::new(),
            code: Code::of([7; 16]),
        };
        let forged = answer(&SigningKey::from_bytes(&[6; 32]));
        let refused = write(folder.path(), &ticket, &forged, &keys, &Safe::plain()).unwrap_err().to_string();
        assert!(refused.contains("not this bureau's") && !folder.path().join("kiosk.toml").exists(), "{refused}");
        assert!(!folder.path().join("keys/recipients.json").exists());

        write(folder.path(), &ticket, &answer(&SigningKey::from_bytes(&[5; 32])), &keys, &Safe::plain()).unwrap();
        let read = Folder::read(folder.path()).unwrap();
        assert_eq!(read.kiosk.intake.as_deref(), Some("https://127.0.0.1:2"));
        let key = public_key(&read.bureau.list_key).unwrap();
        let any = Digest::of(b"");
        let ring = Keyring::open(&read.data, read.recipients, key, read.bureau.station, any).unwrap();
        assert_eq!(ring.recipients(ambient::now()).unwrap(), ["age1branch", "age1safe"], "without the office");
    }
}
