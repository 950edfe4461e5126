//! TLS for the listeners: rustls with aws-lc-rs, given explicitly; for kiosks a client certificate is required.
//! Invariants: a connection without a certificate of the bureau's authority never reaches a handler of the kiosks' door;
//! the kiosk's id is the certificate's common name and nothing a request says.
//! Not here: whether that kiosk is (still) enrolled (`kiosks`).

use crate::config::{ConfigError, Keys, Loaded};
use domain::ids::KioskId;
use rustls::RootCertStore;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ServerConfig, WebPkiClientVerifier};
use std::path::Path;
use std::sync::Arc;

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
    let chain = certificates(&chain_path)?;
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
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                .build()
                .map_err(|error| malformed(&ca_path, error))?;
            builder.with_client_cert_verifier(verifier)
        }
    };
    let mut config = builder.with_single_cert(chain, key).map_err(|error| malformed(&chain_path, error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// The kiosk named by a client certificate: its one common name.
pub fn kiosk_of(certificate: &CertificateDer<'_>) -> Option<KioskId> {
    let (_, parsed) = x509_parser::parse_x509_certificate(certificate).ok()?;
    let mut names = parsed.subject().iter_common_name();
    let name = names.next()?.as_str().ok()?.to_owned();
    names.next().is_none().then(|| KioskId::new(name))
}
