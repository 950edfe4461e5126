//! Signs the canonical facts of a certificate into the text of its QR code (product rule 8).
//!
//! Shape: CBOR map with integer keys (1 layout id, 2 number, 3 name, 4 last four of the document number, 5 finding,
//! 6 issued, 7 period from, 8 period to, 9 valid until, 10 class: 0 demonstration, 1 production; days as the integer
//! yyyymmdd; absent days are left out) in a tagged COSE_Sign1 (RFC 9052), EdDSA over Ed25519, key id in the protected
//! header; base64url without padding in the fragment of a URL, so that no server log ever sees it.
//! Deliberately not here: checking a code (`verify`, written apart on purpose), randomness, key storage.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value;
use coset::{CoseSign1Builder, HeaderBuilder, TaggedCborSerializable as _, iana};
use domain::sensitive::Sensitive;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, spki::der::pem::LineEnding};
use ed25519_dalek::{Signer as _, SigningKey};
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use crate::class::BureauClass;
use crate::facts::CertificateFacts;

/// Bytes of a key id: the start of the SHA-256 of the public key.
pub const KEY_ID_BYTES: usize = 8;

/// Why a code could not be signed or a key not read.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// The text is not an Ed25519 key in PKCS#8 PEM.
    #[error("the text is not an Ed25519 private key in PKCS#8 PEM")]
    NotAKey,
    /// The key could not be written as PEM.
    #[error("the key could not be written as PKCS#8 PEM")]
    KeyEncoding,
    /// The facts could not be written as CBOR.
    #[error("the facts could not be written as CBOR: {0}")]
    Encoding(String),
    /// The base address is not an https (or loopback http) address without a fragment.
    #[error("the base address {0} must start with https:// and have no fragment")]
    BadBase(String),
    /// The class of the key and of the facts differ.
    #[error("a key of one bureau class may not sign facts of the other")]
    OtherClass,
}

/// The facts the code carries; the verify page shows them for comparison with the paper.
#[derive(Debug, Clone)]
pub struct CanonicalFacts {
    /// Layout id, e.g. `no-criminal-record`.
    pub layout: String,
    /// Serial number.
    pub number: String,
    /// Full name.
    pub name: Sensitive<String>,
    /// Last four characters of the document number.
    pub last_four: Sensitive<String>,
    /// The finding, in the words of the paper.
    pub finding: String,
    /// Day of issue.
    pub issued_on: Date,
    /// First day covered; `None` means no lower bound.
    pub from: Option<Date>,
    /// Last day covered.
    pub to: Option<Date>,
    /// Last day of validity.
    pub valid_until: Option<Date>,
    /// Class of the bureau.
    pub class: BureauClass,
}

impl CanonicalFacts {
    /// Draws the canonical facts out of what the paper prints.
    #[must_use]
    pub fn of(layout: &str, finding: &str, facts: &CertificateFacts, class: BureauClass) -> Self {
        let number = facts.holder.document_number.expose();
        let skipped = number.chars().count().saturating_sub(4);
        Self {
            layout: layout.to_owned(),
            number: facts.number.clone(),
            name: facts.holder.name.clone(),
            last_four: Sensitive::new(number.chars().skip(skipped).collect()),
            finding: finding.to_owned(),
            issued_on: facts.issued_on,
            from: facts.period.map(|period| period.from),
            to: facts.period.map(|period| period.to),
            valid_until: facts.valid_until,
            class,
        }
    }

    fn to_cbor(&self) -> Result<Vec<u8>, SigningError> {
        let text = |key: i64, value: &str| (Value::from(key), Value::from(value));
        let mut map = vec![
            text(1, &self.layout),
            text(2, &self.number),
            text(3, self.name.expose()),
            text(4, self.last_four.expose()),
            text(5, &self.finding),
        ];
        let days = [(6_i64, Some(self.issued_on)), (7, self.from), (8, self.to), (9, self.valid_until)];
        map.extend(days.into_iter().filter_map(|(key, day)| Some((Value::from(key), Value::from(day_number(day?))))));
        let class = match self.class {
            BureauClass::Demonstration => 0,
            BureauClass::Production => 1,
        };
        map.push((Value::from(10), Value::from(class)));
        let mut bytes = Vec::new();
        ciborium::into_writer(&Value::Map(map), &mut bytes)
            .map_err(|error| SigningError::Encoding(error.to_string()))?;
        Ok(bytes)
    }
}

/// A day as the integer yyyymmdd.
fn day_number(day: Date) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

/// A private key that signs certificate codes of one bureau class.
#[derive(Clone)]
pub struct IssuingKey {
    key: SigningKey,
    class: BureauClass,
}

impl std::fmt::Debug for IssuingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IssuingKey(id {:02x?}, {:?})", self.key_id(), self.class)
    }
}

impl IssuingKey {
    /// Makes a key from 32 fresh random bytes (of the caller's, who alone may draw them).
    #[must_use]
    pub fn from_random(seed: &[u8; 32], class: BureauClass) -> Self {
        Self { key: SigningKey::from_bytes(seed), class }
    }

    /// Reads a key from PKCS#8 PEM.
    ///
    /// # Errors
    /// [`SigningError::NotAKey`].
    pub fn from_pem(pem: &str, class: BureauClass) -> Result<Self, SigningError> {
        let key = SigningKey::from_pkcs8_pem(pem).map_err(|_| SigningError::NotAKey)?;
        Ok(Self { key, class })
    }

    /// Writes the key as PKCS#8 PEM. Keep it out of logs and back-ups without encryption.
    ///
    /// # Errors
    /// [`SigningError::KeyEncoding`].
    pub fn to_pem(&self) -> Result<Sensitive<String>, SigningError> {
        let pem = self.key.to_pkcs8_pem(LineEnding::LF).map_err(|_| SigningError::KeyEncoding)?;
        Ok(Sensitive::new(pem.to_string()))
    }

    /// The public key, 32 bytes (RFC 8032), for the published key list.
    #[must_use]
    pub fn public_bytes(&self) -> [u8; 32] {
        self.key.verifying_key().to_bytes()
    }

    /// The key id in the header of every code: first 8 bytes of the SHA-256 of the public key.
    #[must_use]
    pub fn key_id(&self) -> [u8; KEY_ID_BYTES] {
        let digest = Sha256::digest(self.public_bytes());
        std::array::from_fn(|index| digest[index])
    }

    /// Class of the bureau this key belongs to.
    #[must_use]
    pub fn class(&self) -> BureauClass {
        self.class
    }
}

/// Signs facts: the bytes of a tagged COSE_Sign1.
///
/// # Errors
/// [`SigningError::OtherClass`], [`SigningError::Encoding`].
pub fn sign(facts: &CanonicalFacts, key: &IssuingKey) -> Result<Vec<u8>, SigningError> {
    if facts.class != key.class {
        return Err(SigningError::OtherClass);
    }
    let header = HeaderBuilder::new().algorithm(iana::Algorithm::EdDSA).key_id(key.key_id().to_vec()).build();
    CoseSign1Builder::new()
        .protected(header)
        .payload(facts.to_cbor()?)
        .create_signature(b"", |message| key.key.sign(message).to_bytes().to_vec())
        .build()
        .to_tagged_vec()
        .map_err(|error| SigningError::Encoding(error.to_string()))
}

/// The text of the QR code: `<base>#<signed facts>`, e.g. `https://verify.example/v#0oRN…`.
///
/// # Errors
/// As [`sign`], and [`SigningError::BadBase`] for a base that is not https (http only for `127.0.0.1` and `localhost`).
pub fn qr_url(base: &str, facts: &CanonicalFacts, key: &IssuingKey) -> Result<String, SigningError> {
    let loopback = base.starts_with("http://127.0.0.1") || base.starts_with("http://localhost");
    if base.contains('#') || !(base.starts_with("https://") || loopback) {
        return Err(SigningError::BadBase(base.to_owned()));
    }
    Ok(format!("{base}#{}", URL_SAFE_NO_PAD.encode(sign(facts, key)?)))
}
