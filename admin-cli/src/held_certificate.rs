//! Reading a certificate that lies here already: whose it is, by which names, until when. Nothing about it is believed because
//! it says so; who signs it anew compares it first (`commands::bureau::certificate`). Not here: making certificates (`authority`).

use crate::failure::Failure;
use anyhow::{Context as _, anyhow};
use jiff::Timestamp;
use rcgen::SubjectPublicKeyInfo;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use std::net::IpAddr;
use std::path::Path;
use wire::digest::Digest;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;

/// A certificate.
pub struct Held {
    /// Names and addresses of listeners.
    pub hosts: Vec<String>,
    /// The one name of another form, which an edge has.
    pub uri: Option<String>,
    /// Common name.
    pub name: String,
    /// Good until.
    pub until: Timestamp,
    /// SHA-256 of it (DER).
    pub fingerprint: Digest,
    /// Its key.
    pub key: SubjectPublicKeyInfo,
}

impl Held {
    /// The first certificate in a file.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let pem = crate::files::read(path)?;
        Ok(Self::of(&pem).with_context(|| path.display().to_string())?)
    }

    /// The first certificate of a text.
    pub fn of(pem: &str) -> anyhow::Result<Self> {
        let der = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|error| anyhow!("no certificate: {error}"))?;
        let (_, parsed) = x509_parser::parse_x509_certificate(&der).context("no certificate")?;
        let common = parsed.subject().iter_common_name().next().and_then(|name| name.as_str().ok());
        let (hosts, uri) = names(&parsed)?;
        Ok(Self {
            hosts,
            uri,
            name: common.unwrap_or_default().to_owned(),
            until: Timestamp::from_second(parsed.validity().not_after.timestamp()).context("its end")?,
            fingerprint: Digest::of(&der),
            key: SubjectPublicKeyInfo::from_der(parsed.public_key().raw).context("its key")?,
        })
    }

    /// Whether a client that comes by this name or address believes it.
    pub fn serves(&self, host: &str) -> bool {
        self.hosts.iter().any(|own| same(own, host))
    }
}

/// Whether two texts name one host.
pub fn same(one: &str, other: &str) -> bool {
    match (one.parse::<IpAddr>(), other.parse::<IpAddr>()) {
        (Ok(one), Ok(other)) => one == other,
        (Ok(_), Err(_)) | (Err(_), Ok(_)) | (Err(_), Err(_)) => one.eq_ignore_ascii_case(other),
    }
}

/// Hosts, and a name as URI.
fn names(parsed: &X509Certificate<'_>) -> anyhow::Result<(Vec<String>, Option<String>)> {
    let (mut hosts, mut uri) = (Vec::new(), None);
    let told = parsed.subject_alternative_name().context("its names")?;
    for name in told.iter().flat_map(|told| &told.value.general_names) {
        if let GeneralName::DNSName(host) = name {
            hosts.push((*host).to_owned());
        } else if let GeneralName::URI(text) = name {
            uri = Some((*text).to_owned());
        } else if let GeneralName::IPAddress(bytes) = name {
            let four = <[u8; 4]>::try_from(*bytes).map(IpAddr::from);
            let address = four.or_else(|_| <[u8; 16]>::try_from(*bytes).map(IpAddr::from));
            hosts.push(address.context("an address among its names")?.to_string());
        }
    }
    Ok((hosts, uri))
}
