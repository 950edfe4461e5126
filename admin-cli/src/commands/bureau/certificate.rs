//! `yimenctl bureau certificate`: a certificate that nears its end, or lacks a name, written anew by the bureau's root: the
//! office's own, an edge's, or the authority's that signs kiosks.
//! Invariants: the key stays, so no private key is read, made or carried, and one file changes at once; a certificate keeps the
//! names it has; an edge's is signed only when it is the one that `office.toml` names. Not here: the root itself, which ends last.

use super::edge::with_key;
use crate::authority::{Authority, What};
use crate::failure::Failure;
use crate::files;
use crate::held_certificate::{Held, same};
use crate::output::Output;
use anyhow::Context as _;
use serde_json::json;
use std::path::{Path, PathBuf};
use wire::bureau::Bureau;
use wire::enrolment::edge_uri;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// The bureau's folder, with `authority/` brought back for this.
    bureau: PathBuf,
    /// A further name or address that the certificate is to have; it keeps those it has.
    #[arg(long = "host", conflicts_with = "kiosks")]
    hosts: Vec<String>,
    /// The certificate of this edge in place of the office's.
    #[arg(long, requires = "folder")]
    edge: Option<String>,
    /// The edge's folder, or a copy of it with `keys/edge.pem`.
    #[arg(long, requires = "edge")]
    folder: Option<PathBuf>,
    /// The certificate of the authority that signs kiosks in place of the office's.
    #[arg(long, conflicts_with = "edge")]
    kiosks: bool,
}

/// Runs it.
pub fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let office = arguments.bureau.join("office");
    let office_file = office.join("office.toml");
    let office_toml = files::read(&office_file)?;
    let authority = root(&arguments.bureau, &office, &office_toml)?;
    let told = match (&arguments.edge, &arguments.folder) {
        (Some(edge), Some(folder)) => {
            let bureau: Bureau = toml::from_str(&files::read(&office.join("bureau.toml"))?).context("bureau.toml")?;
            let uri = edge_uri(&bureau.station, edge);
            let path = folder.join("keys/edge.pem");
            let held = Held::read(&path)?;
            let table: toml::Table = toml::from_str(&office_toml).context("office.toml")?;
            let named = table.get("edges").and_then(|all| all.get(edge)).and_then(|one| one.get("certificate"));
            if named.and_then(toml::Value::as_str) != Some(held.fingerprint.as_str()) || held.uri.as_ref() != Some(&uri)
            {
                return Err(Failure::Refused(format!(
                    "{} is not the certificate that office.toml names for the edge {edge}; nothing was changed. It is {}",
                    path.display(),
                    held.fingerprint
                )));
            }
            let hosts = joined(&held, &arguments.hosts);
            let new = write(&authority, &What::Edge { hosts: &hosts, uri: &uri }, &held, &path)?;
            let line = toml::Value::from(new.fingerprint.as_str()).to_string();
            let told = with_key(&office_toml, &format!("[edges.{edge}]"), "certificate", &line);
            files::replace(&office_file, &told)?;
            let next = "Carry that file to keys/ of the edge's folder (its key stays there), and start the edge and the \
                        office again. Until both were started the edge keeps what kiosks hand in.";
            Told { new, path, next }
        }
        (None, _) | (_, None) if arguments.kiosks => {
            let path = configured(&office, &office_toml, "kiosk_authority", "keys/kiosk-ca.pem")?;
            let held = Held::read(&path)?;
            let new = write(&authority, &What::Online(&held.name), &held, &path)?;
            let next = "Start the office again. Kiosks get it with their next renewal, within days.";
            Told { new, path, next }
        }
        (None, _) | (_, None) => {
            let path = server_certificate(&office, &office_toml)?;
            let held = Held::read(&path)?;
            let hosts = joined(&held, &arguments.hosts);
            let new = write(&authority, &What::Server(&hosts), &held, &path)?;
            Told { new, path, next: "Start the office again." }
        }
    };
    told.show(output);
    Ok(())
}

/// What was written, and what to do now.
struct Told {
    new: Held,
    path: PathBuf,
    next: &'static str,
}

impl Told {
    fn show(&self, output: Output) {
        let Self { new, path, next } = self;
        let shown = json!({
            "ok": true, "path": path, "certificate": new.fingerprint, "hosts": new.hosts, "until": new.until,
        });
        output.show(&shown, || {
            let hosts = if new.hosts.is_empty() { String::new() } else { format!(", for {}", new.hosts.join(", ")) };
            format!(
                "Written anew: {}, good until {}{hosts}.\n{next}\nLock authority/ up again.",
                path.display(),
                crate::output::day(new.until)
            )
        });
    }
}

/// The bureau's root, able to sign; it must be the one that the office trusts.
fn root(bureau: &Path, office: &Path, office_toml: &str) -> Result<Authority, Failure> {
    let path = bureau.join("authority/ca.pem");
    let (root, trusted) = (Held::read(&path)?, configured(office, office_toml, "authority", "keys/ca.pem")?);
    if Held::read(&trusted)?.fingerprint != root.fingerprint {
        return Err(Failure::Refused(format!(
            "{} is not the root that the office trusts ({}); nothing was changed. Bring back authority/ of this bureau",
            path.display(),
            trusted.display()
        )));
    }
    Ok(Authority::load(&files::read(&path)?, &files::read(&bureau.join("authority/ca.key.pem"))?)?)
}

/// A file that `office.toml` names in `[keys]`, or its default.
fn configured(office: &Path, office_toml: &str, name: &str, default: &str) -> Result<PathBuf, Failure> {
    let table: toml::Table = toml::from_str(office_toml).context("office.toml")?;
    let told = table.get("keys").and_then(|keys| keys.get(name)).and_then(toml::Value::as_str);
    Ok(office.join(told.unwrap_or(default)))
}

/// Where the office's own certificate lies.
pub fn server_certificate(office: &Path, office_toml: &str) -> Result<PathBuf, Failure> {
    configured(office, office_toml, "server_certificate", "keys/server.pem")
}

/// The names it has and, once each, those that are added.
fn joined(held: &Held, more: &[String]) -> Vec<String> {
    let mut hosts = held.hosts.clone();
    for host in more {
        if !hosts.iter().any(|own| same(own, host)) {
            hosts.push(host.clone());
        }
    }
    hosts
}

/// Signs the held key anew, and puts the certificate in the place of the old one.
fn write(authority: &Authority, what: &What<'_>, held: &Held, path: &Path) -> Result<Held, Failure> {
    let pem = authority.renew(what, &held.key)?;
    let new = Held::of(&pem)?;
    files::replace(path, &pem)?;
    Ok(new)
}
