//! The bureau's authorities: a root that is carried away, below it the office's certificate and the online authority
//! that signs kiosks; each of these anew before it ends. Invariants: the online authority can sign no further authority (path length 0); a kiosk's key never
//! passes through here. Not here: signing kiosks (the office does, `back-office/src/authority.rs`).

use anyhow::Context as _;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PublicKeyData, SanType, SerialNumber, SubjectPublicKeyInfo, date_time_ymd,
};

/// Years the root lasts, and so the longest anything below it.
const ROOT_YEARS: i32 = 10;
/// Years the online authority lasts.
const ONLINE_YEARS: i32 = 5;
/// Years the certificate of the office, or of an edge, lasts.
const SERVER_YEARS: i32 = 2;

/// What a certificate is for.
pub enum What<'a> {
    /// The office's listeners, by these names and addresses.
    Server(&'a [String]),
    /// An edge: kiosks find it by `hosts`, the office knows it by `uri`.
    Edge {
        /// Names and addresses.
        hosts: &'a [String],
        /// See [`wire::enrolment::edge_uri`].
        uri: &'a str,
    },
    /// The authority of this name that signs kiosks from day to day: client certificates only, and no further authority.
    Online(&'a str),
}

impl What<'_> {
    fn params(&self) -> anyhow::Result<CertificateParams> {
        match self {
            Self::Server(hosts) => listener("yimen-office", hosts, vec![ExtendedKeyUsagePurpose::ServerAuth]),
            Self::Edge { hosts, uri } => {
                let both = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
                let mut params = listener("yimen-edge", hosts, both)?;
                params.subject_alt_names.push(SanType::URI((*uri).try_into().context("the name of the edge")?));
                Ok(params)
            }
            Self::Online(name) => {
                let mut params = authority(name, 0, ONLINE_YEARS)?;
                params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
                Ok(params)
            }
        }
    }
}

/// What whoever listens under these names asks for.
fn listener(name: &str, hosts: &[String], uses: Vec<ExtendedKeyUsagePurpose>) -> anyhow::Result<CertificateParams> {
    let mut params = CertificateParams::new(hosts.to_vec()).context("its names and addresses")?;
    params.distinguished_name = named(name);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = uses;
    valid(&mut params, SERVER_YEARS);
    Ok(params)
}

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

    /// A certificate with a fresh key.
    pub fn issue(&self, what: &What<'_>) -> anyhow::Result<Issued> {
        let key = KeyPair::generate().context("a key")?;
        Ok(Issued { certificate: self.sign(what, &key)?, key: key.serialize_pem() })
    }

    /// A certificate anew for a key that has one already; gives it as PEM.
    pub fn renew(&self, what: &What<'_>, key: &SubjectPublicKeyInfo) -> anyhow::Result<String> {
        self.sign(what, key)
    }

    fn sign(&self, what: &What<'_>, key: &impl PublicKeyData) -> anyhow::Result<String> {
        let mut params = what.params()?;
        params.use_authority_key_identifier_extension = true;
        // One key may have several certificates, one after the other: by default they would all have one number (RFC 5280, 4.1.2.2).
        let mut number = ambient::random_bytes::<16>();
        number[0] = number[0] & 0x7f | 0x40;
        params.serial_number = Some(SerialNumber::from_slice(&number));
        Ok(params.signed_by(key, &self.issuer).context("signing a certificate")?.pem())
    }
}
