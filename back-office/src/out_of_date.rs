//! Certificates out of date: a kiosk that was off for weeks may still say who it is, so that an administrator can let it renew.
//! Invariants: everything but the date is checked as always; longer than [`LONGEST`] ago is refused in the handshake; who is let
//! through here is told apart by `not_after`, and every call but renewal refuses it (`kiosk_api::admission`).
//! Source of the figure: ninety days, twice the longest a kiosk is expected to be off, and the life of a server certificate.

use jiff::Timestamp;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};
use std::sync::Arc;
use std::time::Duration;

/// A certificate may be so long out of date.
pub const LONGEST: Duration = Duration::from_secs(90 * 24 * 3600);

/// Checks as the verifier inside does, except that the date may have passed.
#[derive(Debug)]
pub struct Tolerant {
    inner: Arc<dyn ClientCertVerifier>,
}

impl Tolerant {
    /// Around another verifier.
    pub fn new(inner: Arc<dyn ClientCertVerifier>) -> Self {
        Self { inner }
    }
}

/// The last second at which it was good; `None` when that is too long ago, or it cannot be read.
fn last_good(certificate: &CertificateDer<'_>, now: UnixTime) -> Option<UnixTime> {
    let until: Timestamp = crate::tls::named_by(certificate)?.not_after;
    let until = u64::try_from(until.as_second()).ok()?;
    (now.as_secs().checked_sub(until)? <= LONGEST.as_secs())
        .then(|| UnixTime::since_unix_epoch(Duration::from_secs(until.saturating_sub(1))))
}

impl ClientCertVerifier for Tolerant {
    fn offer_client_auth(&self) -> bool {
        self.inner.offer_client_auth()
    }

    fn client_auth_mandatory(&self) -> bool {
        self.inner.client_auth_mandatory()
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.inner.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let checked = self.inner.verify_client_cert(end_entity, intermediates, now);
        let Err(Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. })) =
            &checked
        else {
            return checked;
        };
        match last_good(end_entity, now) {
            Some(then) => self.inner.verify_client_cert(end_entity, intermediates, then),
            None => checked,
        }
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
