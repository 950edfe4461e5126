//! The bureau's certificate authority: signs the office's certificate and one for each kiosk.
//! Invariant: a kiosk's certificate is good for client authentication only, and its common name is the kiosk's id.
//! Not here: short-lived certificates with renewal over the network, a later step of enrolment.

use anyhow::Context as _;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};

/// A certificate with its key, both PEM.
pub struct Issued {
    /// Certificate.
    pub certificate: String,
    /// Private key, PKCS#8.
    pub key: String,
}

/// The authority, able to sign.
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

impl Authority {
    /// A new authority with a fresh key.
    pub fn create(bureau: &str) -> anyhow::Result<Self> {
        let key = KeyPair::generate().context("a key for the authority")?;
        let mut params = CertificateParams::new(Vec::new())?;
        params.distinguished_name = named(&format!("{bureau} CA"));
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        valid(&mut params, 10);
        let certificate = params.self_signed(&key).context("the authority's certificate")?.pem();
        Ok(Self { issuer: Issuer::new(params, key), certificate })
    }

    /// The authority of a bureau, from its files.
    pub fn load(certificate: String, key: &str) -> anyhow::Result<Self> {
        let key = KeyPair::from_pem(key).context("the authority's key")?;
        let issuer = Issuer::from_ca_cert_pem(&certificate, key).context("the authority's certificate")?;
        Ok(Self { issuer, certificate })
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
        let params = CertificateParams::new(hosts.to_vec()).context("the names of the office")?;
        self.sign(params, "yimen-office", ExtendedKeyUsagePurpose::ServerAuth)
    }

    /// A certificate for a kiosk.
    pub fn kiosk(&self, id: &str) -> anyhow::Result<Issued> {
        self.sign(CertificateParams::new(Vec::new())?, id, ExtendedKeyUsagePurpose::ClientAuth)
    }

    fn sign(
        &self,
        mut params: CertificateParams,
        name: &str,
        usage: ExtendedKeyUsagePurpose,
    ) -> anyhow::Result<Issued> {
        let key = KeyPair::generate().context("a key")?;
        params.distinguished_name = named(name);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![usage];
        params.use_authority_key_identifier_extension = true;
        valid(&mut params, 2);
        let certificate = params.signed_by(&key, &self.issuer).context("signing a certificate")?;
        Ok(Issued { certificate: certificate.pem(), key: key.serialize_pem() })
    }
}
