//! Who this kiosk is to the office: key and certificate in one file, replaced as a whole when the certificate is renewed.
//! Invariants: a new key for each certificate; the file holds either the pair of before or the new one, never halves; the key
//! of a certificate that never arrived is forgotten. Not here: when to renew (the office's clock says so, `driver`).

use super::UplinkError;
use crate::enrol::{certificate_request, keep_identity, new_tls_key};
use crate::office_certificate::OfficeOnly;
use crate::safe::KeyFile;
use rcgen::KeyPair;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::Arc;
use wire::enrolment::{Certificate, Renew};

/// Where key and certificate lie, and whom they are shown to.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) authority_pem: Vec<u8>,
    pub(super) file: KeyFile,
}

/// Whom a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// The office itself: no edge may stand in its place.
    Office,
    /// Whoever takes in what was sealed: an edge, or the office.
    Intake,
}

/// A key that waits for its certificate.
pub(super) struct Fresh {
    key: KeyPair,
    request: String,
}

impl Fresh {
    pub(super) fn request(&self) -> Renew {
        Renew { request: self.request.clone() }
    }
}

fn wrong(what: &str, error: &dyn std::fmt::Display) -> UplinkError {
    UplinkError::Certificates(format!("{what}: {error}"))
}

impl Identity {
    /// A key for the next certificate.
    pub(super) fn fresh(&self) -> Result<Fresh, UplinkError> {
        let key = new_tls_key().map_err(|error| wrong("a new key", &error))?;
        let request = certificate_request(&key).map_err(|error| wrong("a certificate request", &error))?;
        Ok(Fresh { key, request })
    }

    /// Puts the pair in the place of the one before; durable when it returns.
    pub(super) fn keep(&self, fresh: &Fresh, certificate: &Certificate) -> Result<(), UplinkError> {
        keep_identity(&self.file, &fresh.key, certificate).map_err(|error| wrong("the new certificate", &error))
    }

    /// TLS that trusts the bureau's root alone and shows this kiosk's certificate. `at`: whose certificate is believed there.
    pub(super) fn tls(&self, at: At) -> Result<rustls::ClientConfig, UplinkError> {
        let mut roots = rustls::RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(&self.authority_pem) {
            let certificate = certificate.map_err(|error| wrong("authority", &error))?;
            roots.add(certificate).map_err(|error| wrong("authority", &error))?;
        }
        let pem = self.file.read().map_err(|error| wrong(&self.file.path().display().to_string(), &error))?;
        let chain = CertificateDer::pem_slice_iter(&pem)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| wrong("client certificate", &error))?;
        let key = PrivateKeyDer::from_pem_slice(&pem).map_err(|error| wrong("client key", &error))?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let inner = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .map_err(|error| wrong("authority", &error))?;
        let verifier: Arc<dyn ServerCertVerifier> = match at {
            At::Office => Arc::new(OfficeOnly::new(inner)),
            At::Intake => inner,
        };
        rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| wrong("protocol versions", &error))?
            .dangerous()
            .with_custom_certificate_verifier(verifier)
            .with_client_auth_cert(chain, key)
            .map_err(|error| wrong("client certificate", &error))
    }
}

#[cfg(test)]
mod tests {
    use crate::fake_office::{Authority, Server};
    use crate::uplink::{Office, OfficeAddress, UplinkError};
    use ed25519_dalek::SigningKey;

    #[test]
    fn an_office_of_another_root_is_told_nothing() {
        let own = rcgen::generate_simple_self_signed(vec!["kiosk".to_owned()]).unwrap();
        let pair = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(pair.path(), format!("{}{}", own.signing_key.serialize_pem(), own.cert.pem())).unwrap();
        let [bureau, liar] = [Authority::new(), Authority::new()];
        for (signer, shown, believed) in [(&bureau, &bureau, true), (&liar, &liar, false), (&liar, &bureau, false)] {
            let server = Server::start(signer, shown, "{}");
            let office = Office::new(&OfficeAddress {
                url: server.url(),
                intake: Some(server.url()),
                authority_pem: bureau.pem.clone().into_bytes(),
                identity: pair.path().to_owned().into(),
                receipt_key: SigningKey::from_bytes(&[2; 32]).verifying_key(),
                simulation_allowed: false,
            })
            .unwrap();
            let asked = office.send(office.client().get(office.at("/asked")));
            let handed_in = office.send(office.intake_client().post(office.at_intake("/handed-in")).body("sealed"));
            let heard = server.heard();
            if believed {
                assert!(asked.is_ok() && handed_in.is_ok() && heard.contains("GET /asked") && heard.contains("sealed"));
            } else {
                for answer in [asked, handed_in] {
                    assert!(matches!(answer, Err(UplinkError::Unreachable(_))), "{answer:?}");
                }
                assert_eq!(heard, "");
            }
        }
    }
}
