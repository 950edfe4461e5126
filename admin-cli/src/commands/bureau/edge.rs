//! `yimenctl bureau edge`: the folder of an edge, and its name in the office's configuration.
//! Invariants: never overwrites; the folder holds one private key, the edge's own for connections, and nothing that opens,
//! signs or enrols anything; run where the bureau's root is at hand, as that signs the edge's certificate.

use super::certificate::server_certificate;
use crate::authority::{Authority, What};
use crate::failure::Failure;
use crate::files;
use crate::held_certificate::Held;
use crate::output::Output;
use anyhow::Context as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use wire::bureau::Bureau;
use wire::enrolment::edge_uri;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// The bureau's folder.
    bureau: PathBuf,
    /// Name of the edge, small letters, digits and hyphens.
    name: String,
    /// Where to make its folder; it is carried to the edge's machine as it is.
    #[arg(long)]
    out: PathBuf,
    /// Base address of the office's door for kiosks, as the edge reaches it.
    #[arg(long)]
    core: String,
    /// Name or address by which kiosks reach the edge. The office's own certificate must have it, too (`bureau certificate --host`).
    #[arg(long, default_value = "127.0.0.1")]
    host: String,
    /// Where it takes in what kiosks sealed.
    #[arg(long, default_value = "0.0.0.0:8444")]
    intake: SocketAddr,
    /// Where everything else passes to the office unread.
    #[arg(long, default_value = "0.0.0.0:8445")]
    passage: SocketAddr,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let Arguments { bureau: folder, name, out, core, host, intake, passage } = &arguments;
    files::plain_id(name)?;
    let office_file = folder.join("office/office.toml");
    let office_toml = files::read(&office_file)?;
    let section = format!("[edges.{name}]");
    if out.exists() || office_toml.lines().any(|line| line.trim() == section) {
        return Err(Failure::Refused(format!(
            "{} exists, or office.toml names {name} already; nothing was changed. For a new machine take another name",
            out.display()
        )));
    }
    if !core.starts_with("https://") {
        return Err(Failure::Usage(format!("`{core}` is no https address, e.g. https://10.0.0.5:8441")));
    }
    by_name(folder, &office_toml, [host_of(core), host])?;
    let bureau_toml = files::read(&folder.join("office/bureau.toml"))?;
    let bureau: Bureau = toml::from_str(&bureau_toml).context("bureau.toml")?;
    let root = files::read(&folder.join("authority/ca.pem"))?;
    let authority = Authority::load(&root, &files::read(&folder.join("authority/ca.key.pem"))?)?;
    let own =
        authority.issue(&What::Edge { hosts: std::slice::from_ref(host), uri: &edge_uri(&bureau.station, name) })?;
    files::make_folder(&out.join("keys"))?;
    files::only_owner(out)?;
    files::write_new(&out.join("keys/edge.pem"), &own.certificate, false)?;
    files::write_new(&out.join("keys/edge.key.pem"), &own.key, true)?;
    files::write_new(&out.join("keys/ca.pem"), &root, false)?;
    files::write_new(&out.join("bureau.toml"), &bureau_toml, false)?;
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let edge_toml = format!(
        "# An edge of this bureau. Every key and its default: docs/edge.md. Unknown keys are refused.\n\
         name = {}\ncore = {}\n\n[listen]\nintake = {}\npassage = {}\n",
        quoted(name),
        quoted(core),
        quoted(&intake.to_string()),
        quoted(&passage.to_string()),
    );
    files::write_new(&out.join("edge.toml"), &edge_toml, false)?;
    let fingerprint = Held::of(&own.certificate)?.fingerprint;
    let [intake_url, office_url] = [intake, passage].map(|door| format!("https://{host}:{}", door.port()));
    let told = with_key(&office_toml, "[enrolment]", "intake_url", &quoted(&intake_url));
    let told = with_key(&told, "[enrolment]", "office_url", &quoted(&office_url));
    let told = with_key(&told, &section, "certificate", &quoted(fingerprint.as_str()));
    // Last: until the office knows it, an edge opens nothing.
    files::replace(&office_file, &told)?;
    let shown = serde_json::json!({
        "ok": true, "edge": name, "folder": out, "certificate": fingerprint, "intake": intake_url, "office": office_url,
    });
    output.show(&shown, || told_in_words(name, out, &intake_url, &office_url));
    Ok(())
}

fn told_in_words(name: &str, out: &Path, intake_url: &str, office_url: &str) -> String {
    format!(
        "The edge {name} is made: {}. Carry it to its machine and start it:  yimen-office --role edge --folder {}\n\
         office.toml names it now, and tells kiosks that are enrolled from now on to come to {intake_url} and {office_url}: \
         start the office again.\n\
         Kiosks enrolled before:  office = \"{office_url}\" and intake = \"{intake_url}\" in their kiosk.toml.",
        out.display(),
        out.display(),
    )
}

/// The host of an address.
fn host_of(url: &str) -> &str {
    let rest = url.strip_prefix("https://").unwrap_or(url);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((six, _)) => six,
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// The edge and, through it, kiosks reach the office by these names: its certificate must have them, or nobody gets through.
fn by_name(folder: &Path, office_toml: &str, hosts: [&str; 2]) -> Result<(), Failure> {
    let path = server_certificate(&folder.join("office"), office_toml)?;
    let held = Held::read(&path)?;
    let mut missing: Vec<&str> = hosts.into_iter().filter(|host| !held.serves(host)).collect();
    missing.dedup();
    if missing.is_empty() {
        return Ok(());
    }
    let options: String = missing.iter().map(|host| format!(" --host {host}")).collect();
    Err(Failure::Refused(format!(
        "the office's certificate {} is not for {}: the edge, or kiosks through it, would not believe the office. Nothing was \
         changed. First:  yimenctl bureau certificate {}{options}",
        path.display(),
        missing.join(" and "),
        folder.display()
    )))
}

/// A TOML text with this key of this section, in the place of one that is there; everything else, comments too, stays.
pub(super) fn with_key(text: &str, section: &str, key: &str, value: &str) -> String {
    let line = format!("{key} = {value}");
    let mut lines = Vec::new();
    let (mut here, mut done) = (false, false);
    for old in text.lines() {
        let trimmed = old.trim();
        if trimmed.starts_with('[') {
            here = trimmed == section;
        }
        let this = here && trimmed.split('=').next().is_some_and(|name| name.trim() == key) && trimmed.contains('=');
        if !this {
            lines.push(old.to_owned());
        }
        if here && trimmed == section {
            lines.push(line.clone());
            done = true;
        }
    }
    if !done {
        lines.extend([String::new(), section.to_owned(), line]);
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_read_out_of_an_address() {
        for (url, host) in [
            ("https://10.0.0.5:8441", "10.0.0.5"),
            ("https://office.example/", "office.example"),
            ("https://[::1]:8441/x", "::1"),
        ] {
            assert_eq!(host_of(url), host);
        }
    }

    #[test]
    fn a_key_is_put_into_its_section_and_nothing_else_changes() {
        let text = "# c\n[a]\nx = 1\n\n[b]\nx = 2\n";
        assert_eq!(with_key(text, "[b]", "x", "3"), "# c\n[a]\nx = 1\n\n[b]\nx = 3\n");
        assert_eq!(with_key(text, "[a]", "y", "3"), "# c\n[a]\ny = 3\nx = 1\n\n[b]\nx = 2\n");
        assert_eq!(with_key(text, "[c]", "x", "3"), format!("{text}\n[c]\nx = 3\n"));
    }
}
