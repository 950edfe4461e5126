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
use std::path::Path;
use std::sync::Arc;
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

/// A listener's TLS configuration.
///
/// # Errors
/// Files that cannot be read, or that do not fit each other.
pub fn server(loaded: &Loaded, clients: Clients) -> Result<Arc<ServerConfig>, ConfigError> {
    let Keys { server_certificate, server_key, authority, .. } = &loaded.config.keys;
    let (chain_path, key_path, ca_path) =
        (loaded.path(server_certificate), loaded.path(server_key), loaded.path(authority));
    let mut chain = certificates(&chain_path)?;
    // The root goes along: a machine that is being enrolled knows its fingerprint and nothing else.
    for root in certificates(&ca_path)? {
        if !chain.contains(&root) {
            chain.push(root);
        }
    }
    let key = PrivateKeyDer::from_pem_file(&key_path).map_err(|error| malformed(&key_path, error))?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| malformed(&chain_path, error))?;
    let builder = match clients {
        Clients::Anybody => builder.with_no_client_auth(),
        Clients::WithCertificate => {
            let mut roots = RootCertStore::empty();
            for certificate in certificates(&ca_path)? {
                roots.add(certificate).map_err(|error| malformed(&ca_path, error))?;
            }
            // A machine that is not enrolled yet has no certificate: `listen` shows it the enrolment call alone.
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                .allow_unauthenticated()
                .build()
                .map_err(|error| malformed(&ca_path, error))?;
            builder.with_client_cert_verifier(Arc::new(crate::out_of_date::Tolerant::new(verifier)))
        }
    };
    let mut config = builder.with_single_cert(chain, key).map_err(|error| malformed(&chain_path, error))?;
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

/// Reads a client certificate: exactly one name, of the form `spiffe://<station>/kiosk/<id>`.
pub fn named_by(certificate: &CertificateDer<'_>) -> Option<Named> {
    let (_, parsed) = x509_parser::parse_x509_certificate(certificate).ok()?;
    let names = parsed.subject_alternative_name().ok()??;
    let [GeneralName::URI(uri)] = names.value.general_names.as_slice() else { return None };
    let (_, kiosk) = uri.strip_prefix("spiffe://")?.split_once("/kiosk/")?;
    Some(Named {
        kiosk: KioskId::new(kiosk),
        serial: hex::encode(parsed.tbs_certificate.raw_serial()),
        not_after: Timestamp::from_second(parsed.validity().not_after.timestamp()).ok()?,
    })
}
