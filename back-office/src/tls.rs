//! TLS for the listeners: rustls with aws-lc-rs, given explicitly; who a kiosk is, by its client certificate.
//! Invariants: a certificate that is shown is one of the bureau's authority, or the handshake fails; a connection without one
//! reaches the enrolment call and nothing else (`listen`); the kiosk's id stands in the certificate and nowhere in a request.
//! Not here: whether that kiosk is (still) enrolled (`kiosks`), the tolerance for certificates out of date (`out_of_date`).

use crate::config::{ConfigError, Keys, Loaded};
use domain::ids::KioskId;
use jiff::Timestamp;
use rustls::RootCertStore;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ServerConfig, WebPkiClientVerifier};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wire::digest::Digest;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;

fn malformed(path: &Path, error: impl std::fmt::Display) -> ConfigError {
    ConfigError::Malformed { path: path.to_path_buf(), message: error.to_string() }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, ConfigError> {
    CertificateDer::pem_file_iter(path).and_then(Iterator::collect).map_err(|error| malformed(path, error))
}

/// What a listener asks of its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clients {
    /// Nothing: tokens or nobody at all.
    Anybody,
    /// A certificate of the bureau's authority.
    WithCertificate,
}

/// Certificate chain and key of a listener, and the bureau's root.
#[derive(Clone, Debug)]
pub struct Files {
    /// PEM.
    pub chain: PathBuf,
    /// PEM, PKCS#8.
    pub key: PathBuf,
    /// PEM: the one authority that both sides trust.
    pub authority: PathBuf,
}

impl Files {
    /// Those of the office.
    fn of(loaded: &Loaded) -> Self {
        let Keys { server_certificate, server_key, authority, .. } = &loaded.config.keys;
        Self { chain: loaded.path(server_certificate), key: loaded.path(server_key), authority: loaded.path(authority) }
    }

    /// A client that shows this certificate and trusts the bureau's root alone.
    ///
    /// # Errors
    /// Files that cannot be read, or that do not fit each other.
    pub fn client(&self) -> Result<rustls::ClientConfig, ConfigError> {
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(|error| malformed(&self.key, error))?;
        rustls::ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| malformed(&self.chain, error))?
            .with_root_certificates(roots(&self.authority)?)
            .with_client_auth_cert(certificates(&self.chain)?, key)
            .map_err(|error| malformed(&self.chain, error))
    }
}

fn roots(path: &Path) -> Result<RootCertStore, ConfigError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(path)? {
        roots.add(certificate).map_err(|error| malformed(path, error))?;
    }
    Ok(roots)
}

/// TLS configuration of one of the office's listeners.
///
/// # Errors
/// Files that cannot be read, or that do not fit each other.
pub fn server(loaded: &Loaded, clients: Clients) -> Result<Arc<ServerConfig>, ConfigError> {
    listener(&Files::of(loaded), clients)
}

/// A listener's TLS configuration.
///
/// # Errors
/// Files that cannot be read, or that do not fit each other.
pub fn listener(files: &Files, clients: Clients) -> Result<Arc<ServerConfig>, ConfigError> {
    let Files { chain: chain_path, key: key_path, authority: ca_path } = files;
    let mut chain = certificates(chain_path)?;
    // The root goes along: a machine that is being enrolled knows its fingerprint and nothing else.
    for root in certificates(ca_path)? {
        if !chain.contains(&root) {
            chain.push(root);
        }
    }
    let key = PrivateKeyDer::from_pem_file(key_path).map_err(|error| malformed(key_path, error))?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| malformed(chain_path, error))?;
    let builder = match clients {
        Clients::Anybody => builder.with_no_client_auth(),
        Clients::WithCertificate => {
            // A machine that is not enrolled yet has no certificate: `listen` shows it the enrolment call alone.
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots(ca_path)?), provider)
                .allow_unauthenticated()
                .build()
                .map_err(|error| malformed(ca_path, error))?;
            builder.with_client_cert_verifier(Arc::new(crate::out_of_date::Tolerant::new(verifier)))
        }
    };
    let mut config = builder.with_single_cert(chain, key).map_err(|error| malformed(chain_path, error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Who is at the other end, by a client certificate that the handshake has checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The kiosk.
    pub kiosk: KioskId,
    /// Serial number of the certificate, hex.
    pub serial: String,
    /// It is good until.
    pub not_after: Timestamp,
}

/// The edge at the other end, by a client certificate that the handshake has checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedEdge {
    /// Which.
    pub name: String,
    /// SHA-256 of its certificate (DER): the configuration names it.
    pub certificate: Digest,
}

fn parsed<'a>(certificate: &'a CertificateDer<'_>) -> Option<X509Certificate<'a>> {
    x509_parser::parse_x509_certificate(certificate).ok().map(|(_, parsed)| parsed)
}

/// The one name of this form, `spiffe://<station>/<kind>/<id>`, that a certificate holds.
fn named(certificate: &X509Certificate<'_>, kind: &str) -> Option<String> {
    let names = certificate.subject_alternative_name().ok()??;
    let uri = |name: &GeneralName<'_>| if let GeneralName::URI(uri) = name { Some((*uri).to_owned()) } else { None };
    let mut uris = names.value.general_names.iter().filter_map(uri);
    let (uri, None) = (uris.next()?, uris.next()) else { return None };
    let (_, id) = uri.strip_prefix("spiffe://")?.split_once(kind)?;
    Some(id.to_owned())
}

/// Reads a kiosk's certificate: exactly one name, of the form `spiffe://<station>/kiosk/<id>`.
pub fn named_by(certificate: &CertificateDer<'_>) -> Option<Named> {
    let parsed = parsed(certificate)?;
    let [GeneralName::URI(_)] = parsed.subject_alternative_name().ok()??.value.general_names.as_slice() else {
        return None;
    };
    Some(Named {
        kiosk: KioskId::new(named(&parsed, "/kiosk/")?),
        serial: hex::encode(parsed.tbs_certificate.raw_serial()),
        not_after: Timestamp::from_second(parsed.validity().not_after.timestamp()).ok()?,
    })
}

/// Reads an edge's certificate: one name of the form `spiffe://<station>/edge/<name>`, beside the hosts by which kiosks find it.
pub fn edge_named_by(certificate: &CertificateDer<'_>) -> Option<NamedEdge> {
    Some(NamedEdge { name: named(&parsed(certificate)?, "/edge/")?, certificate: Digest::of(certificate) })
}
