//! Where the office itself is meant, its own certificate must be shown: an edge has one of the same authority and for the same host,
//! and could otherwise read what passes through it.
//! Invariants: everything else is checked as always, first; a certificate that names an edge, or cannot be read, is none of the
//! office's. Not here: handing in at an edge, which may show its own (`uplink::identity`).

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};
use std::sync::Arc;
use x509_parser::extensions::GeneralName;

/// The certificate names an edge (`spiffe://<station>/edge/<name>`, see `wire::enrolment::edge_uri`), or cannot be read.
fn may_be_an_edges(certificate: &CertificateDer<'_>) -> bool {
    let Ok((_, parsed)) = x509_parser::parse_x509_certificate(certificate) else { return true };
    match parsed.subject_alternative_name() {
        Ok(Some(names)) => {
            let edge = |name: &GeneralName<'_>| matches!(name, GeneralName::URI(uri) if uri.contains("/edge/"));
            names.value.general_names.iter().any(edge)
        }
        Ok(None) => false,
        Err(_) => true,
    }
}

/// Refuses edges.
///
/// # Errors
/// As for a certificate that may not be used for this.
pub(crate) fn not_an_edges(certificate: &CertificateDer<'_>) -> Result<(), Error> {
    if may_be_an_edges(certificate) {
        return Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure));
    }
    Ok(())
}

/// Checks as the verifier inside does, and refuses edges.
#[derive(Debug)]
pub(crate) struct OfficeOnly {
    inner: Arc<dyn ServerCertVerifier>,
}

impl OfficeOnly {
    /// Around another verifier.
    pub(crate) fn new(inner: Arc<dyn ServerCertVerifier>) -> Self {
        Self { inner }
    }
}

impl ServerCertVerifier for OfficeOnly {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)?;
        not_an_edges(end_entity).map(|()| verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, KeyPair, SanType};

    #[test]
    fn an_edge_is_told_from_the_office_by_its_name() {
        let certificate = |uri: Option<&str>| {
            let mut params = CertificateParams::new(vec!["edge.example".to_owned()]).unwrap();
            let uri = uri.map(|uri| SanType::URI(uri.try_into().unwrap()));
            params.subject_alt_names.extend(uri);
            params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().clone()
        };
        let own = wire::enrolment::edge_uri(&"yunqiao".into(), "dmz-1");
        assert!(not_an_edges(&certificate(None)).is_ok());
        assert!(not_an_edges(&certificate(Some(&own))).is_err());
        assert!(not_an_edges(&CertificateDer::from(vec![1, 2, 3])).is_err(), "what cannot be read is nobody's");
    }
}
