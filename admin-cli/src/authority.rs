//! The bureau's authorities, made once: a root that is carried away, below it the office's certificate and the online authority
//! that signs kiosks. Invariants: the online authority can sign no further authority (path length 0); a kiosk's key never
//! passes through here. Not here: signing kiosks (the office does, `back-office/src/authority.rs`).

use anyhow::Context as _;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType, date_time_ymd,
};

/// Years the root lasts, and so the longest anything below it.
const ROOT_YEARS: i32 = 10;
/// Years the online authority lasts.
const ONLINE_YEARS: i32 = 5;
/// Years the office's certificate lasts.
const SERVER_YEARS: i32 = 2;

/// A certificate with its key, both PEM.
pub struct Issued {
    /// Certificate.
    pub certificate: String,
    /// Private key, PKCS#8.
    pub key: String,
}

/// The root, able to sign.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
}

fn named(name: &str) -> DistinguishedName {
    let mut names = DistinguishedName::new();
    names.push(DnType::CommonName, name);
    names
}

/// Valid from yesterday (clocks differ) for so many years.
fn valid(params: &mut CertificateParams, years: i32) {
    let today = jiff::tz::Offset::UTC.to_datetime(ambient::now()).date();
    let from = today.yesterday().unwrap_or(today);
    let ymd = |date: jiff::civil::Date, plus: i32| {
        // The 28th exists in every month of every year.
        let day = u8::try_from(date.day().clamp(1, 28)).unwrap_or(1);
        date_time_ymd(i32::from(date.year()) + plus, u8::try_from(date.month()).unwrap_or(1), day)
    };
    params.not_before = ymd(from, 0);
    params.not_after = ymd(today, years);
}

fn authority(name: &str, below: u8, years: i32) -> anyhow::Result<CertificateParams> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name = named(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(below));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    valid(&mut params, years);
    Ok(params)
}

impl Authority {
    /// A new root with a fresh key.
    pub fn create(bureau: &str) -> anyhow::Result<Self> {
        let key = KeyPair::generate().context("a key for the root")?;
        let params = authority(&format!("{bureau} CA"), 1, ROOT_YEARS)?;
        let certificate = params.self_signed(&key).context("the root's certificate")?.pem();
        Ok(Self { issuer: Issuer::new(params, key), certificate })
    }

    /// The root as it was made, from PEM.
    pub fn load(certificate: &str, key: &str) -> anyhow::Result<Self> {
        let key = KeyPair::from_pem(key).context("the root's key")?;
        let issuer = Issuer::from_ca_cert_pem(certificate, key).context("the root's certificate")?;
        Ok(Self { issuer, certificate: certificate.to_owned() })
    }

    /// Its certificate, PEM.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate
    }

    /// Its private key, PEM.
    pub fn key_pem(&self) -> String {
        self.issuer.key().serialize_pem()
    }

    /// A certificate for the office's listeners.
    pub fn server(&self, hosts: &[String]) -> anyhow::Result<Issued> {
        let mut params = CertificateParams::new(hosts.to_vec()).context("the names of the office")?;
        params.distinguished_name = named("yimen-office");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        valid(&mut params, SERVER_YEARS);
        self.sign(params)
    }

    /// A certificate for an edge: kiosks find it by `host`, the office knows it by `uri`.
    pub fn edge(&self, host: &str, uri: &str) -> anyhow::Result<Issued> {
        let mut params = CertificateParams::new(vec![host.to_owned()]).context("the name of the edge")?;
        params.subject_alt_names.push(SanType::URI(uri.try_into().context("the name of the edge")?));
        params.distinguished_name = named("yimen-edge");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        valid(&mut params, SERVER_YEARS);
        self.sign(params)
    }

    /// The authority that signs kiosks from day to day: client certificates only, and no further authority.
    pub fn online(&self, bureau: &str) -> anyhow::Result<Issued> {
        let mut params = authority(&format!("{bureau} kiosks"), 0, ONLINE_YEARS)?;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        self.sign(params)
    }

    fn sign(&self, mut params: CertificateParams) -> anyhow::Result<Issued> {
        let key = KeyPair::generate().context("a key")?;
        params.use_authority_key_identifier_extension = true;
        let certificate = params.signed_by(&key, &self.issuer).context("signing a certificate")?;
        Ok(Issued { certificate: certificate.pem(), key: key.serialize_pem() })
    }
}
