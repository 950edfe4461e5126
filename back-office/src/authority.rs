//! The online authority: signs the kiosks' certificates, itself signed by the bureau's root, which stays offline.
//! Invariants: what a request asks for beyond its key is ignored; a certificate is good for client authentication only, names
//! one kiosk (`spiffe://<station>/kiosk/<id>`), and lives for days, so that refusing to renew it is revocation enough.
//! Not here: who may ask (`kiosk_api::enrolment`, `kiosk_api::renewal`).

use crate::config::{ConfigError, Loaded, read_text};
use domain::ids::{KioskId, StationId};
use jiff::{SignedDuration, Timestamp};
use rcgen::{
    CertificateParams, CertificateSigningRequestParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, PublicKeyData as _, SanType, SerialNumber, date_time_ymd,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use std::path::Path;
use std::time::Duration;
use wire::digest::Digest;
use wire::enrolment::{Certificate, kiosk_uri};

/// Clocks of kiosks may be behind: a certificate is good an hour before it was made.
const EARLIER: SignedDuration = SignedDuration::from_hours(1);

/// Why a request is not signed.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// Not PKCS#10, or its signature is not by its own key.
    #[error("the certificate request cannot be read or is not signed by its own key")]
    NotARequest,
    /// Another kind of key.
    #[error("the key of the certificate request must be ECDSA P-256")]
    NotP256,
    /// The authority's own key failed.
    #[error("the certificate cannot be signed: {0}")]
    Signing(String),
}

/// A request that was read: a P-256 key that its sender holds.
pub struct Request {
    parsed: CertificateSigningRequestParams,
}

impl Request {
    /// Reads and checks a request (PEM).
    ///
    /// # Errors
    /// [`RequestError::NotARequest`], [`RequestError::NotP256`].
    pub fn read(pem: &str) -> Result<Self, RequestError> {
        let parsed = CertificateSigningRequestParams::from_pem(pem).map_err(|_| RequestError::NotARequest)?;
        if parsed.public_key.algorithm() != &rcgen::PKCS_ECDSA_P256_SHA256 {
            return Err(RequestError::NotP256);
        }
        Ok(Self { parsed })
    }

    /// Names the key: SHA-256 of its subject public key info.
    pub fn key(&self) -> Digest {
        Digest::of(&self.parsed.public_key.subject_public_key_info())
    }
}

/// A certificate with what the office keeps of it.
#[derive(Clone, Debug)]
pub struct Issued {
    /// For the kiosk.
    pub certificate: Certificate,
    /// Its serial number, hex.
    pub serial: String,
    /// When it was made.
    pub issued_at: Timestamp,
}

/// Signs.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    own: String,
    root: Digest,
    root_pem: String,
    station: StationId,
    life: SignedDuration,
}

impl Authority {
    /// The authority of the configuration.
    ///
    /// # Errors
    /// Files that are missing, or no certificate and key.
    pub fn load(loaded: &Loaded) -> Result<Self, ConfigError> {
        let keys = &loaded.config.keys;
        let (own_path, key_path) = (loaded.path(&keys.kiosk_authority), loaded.path(&keys.kiosk_authority_key));
        let malformed = |path: &Path, error: rcgen::Error| ConfigError::Malformed {
            path: path.to_path_buf(),
            message: error.to_string(),
        };
        let own = read_text(&own_path)?;
        let key = KeyPair::from_pem(&read_text(&key_path)?).map_err(|error| malformed(&key_path, error))?;
        let issuer = Issuer::from_ca_cert_pem(&own, key).map_err(|error| malformed(&own_path, error))?;
        let life = SignedDuration::from_secs(loaded.config.enrolment.certificate_seconds);
        let root_path = loaded.path(&keys.authority);
        let root = CertificateDer::from_pem_file(&root_path)
            .map_err(|error| ConfigError::Malformed { path: root_path.clone(), message: error.to_string() })?;
        let root = Digest::of(&root);
        let root_pem = read_text(&root_path)?;
        Ok(Self { issuer, own, root, root_pem, station: loaded.bureau.station.clone(), life })
    }

    /// SHA-256 of the bureau's root: by this a new machine knows the office.
    pub const fn root(&self) -> &Digest {
        &self.root
    }

    /// The bureau's root, PEM.
    pub fn root_pem(&self) -> &str {
        &self.root_pem
    }

    /// Signs a certificate for this kiosk.
    ///
    /// # Errors
    /// [`RequestError::Signing`].
    pub fn issue(&self, request: &Request, kiosk: &KioskId, now: Timestamp) -> Result<Issued, RequestError> {
        let failed = |error: rcgen::Error| RequestError::Signing(error.to_string());
        let mut serial = ambient::random_bytes::<16>();
        // A serial number is positive (RFC 5280, 4.1.2.2): the first bit says so, the next keeps its length.
        serial[0] = serial[0] & 0x7f | 0x40;
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, kiosk.as_str());
        let uri = kiosk_uri(&self.station, kiosk).try_into().map_err(failed)?;
        params.subject_alt_names = vec![SanType::URI(uri)];
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.use_authority_key_identifier_extension = true;
        params.serial_number = Some(SerialNumber::from_slice(&serial));
        let not_after = Timestamp::from_second((now + self.life).as_second()).unwrap_or(now);
        // The library counts in its own type of time; both count seconds from 1970.
        let moment =
            |at: Timestamp| date_time_ymd(1970, 1, 1) + Duration::from_secs(u64::try_from(at.as_second()).unwrap_or(0));
        params.not_before = moment(now - EARLIER);
        params.not_after = moment(not_after);
        let asked = CertificateSigningRequestParams { params, public_key: request.parsed.public_key.clone() };
        let certificate = asked.signed_by(&self.issuer).map_err(failed)?;
        let chain = format!("{}{}", certificate.pem(), self.own);
        Ok(Issued { certificate: Certificate { chain, not_after }, serial: hex::encode(serial), issued_at: now })
    }
}
