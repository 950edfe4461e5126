//! Checks the code of a certificate. Written apart from `signing`: it takes CBOR and COSE_Sign1 to pieces itself and
//! shares no code, constant or type with what it checks (only the bureau class, which is a word of the product).
//!
//! Invariants: nothing of the payload is looked at before the signature holds; every unknown or doubled field, another
//! algorithm and every trailing byte is refused; a demonstration key never yields a production answer.
//! Deliberately not here: fetching key or revocation lists, the clock (ask [`VerifiedFacts::expired_on`]).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value;
use domain::sensitive::Sensitive;
use ed25519_dalek::{Signature, VerifyingKey};
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use crate::class::BureauClass;

/// Longest code that is looked at, in characters; a QR code of level M holds fewer.
const LONGEST: usize = 4096;

/// Why a code was not confirmed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// There is no code in the text.
    #[error("there is no certificate code in this text")]
    NoCode,
    /// The code is cut off or not of our shape.
    #[error("the code is damaged or not a certificate code: {0}")]
    Malformed(&'static str),
    /// No published key has this id.
    #[error("no published key has the id {0}")]
    UnknownKey(String),
    /// The facts or the signature were changed.
    #[error("the signature does not belong to these facts")]
    Invalid,
    /// The certificate is genuine but was revoked.
    #[error("certificate {number} was revoked")]
    Revoked {
        /// Its number.
        number: String,
    },
}

/// What an intact code is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Issued by the bureau and unchanged.
    Intact,
    /// Unchanged, but issued by a demonstration bureau: proves nothing.
    IntactDemonstrationOnly,
}

/// The facts to compare with the paper.
#[derive(Debug, Clone)]
pub struct VerifiedFacts {
    /// What the code is worth.
    pub outcome: Outcome,
    /// Kind of certificate, e.g. `no-criminal-record`.
    pub layout: String,
    /// Serial number.
    pub number: String,
    /// Full name.
    pub name: Sensitive<String>,
    /// Last four characters of the document number.
    pub last_four: Sensitive<String>,
    /// The finding in the words of the paper.
    pub finding: String,
    /// Day of issue.
    pub issued_on: Date,
    /// First day covered.
    pub from: Option<Date>,
    /// Last day covered.
    pub to: Option<Date>,
    /// Last day of validity.
    pub valid_until: Option<Date>,
}

impl VerifiedFacts {
    /// Whether the validity had ended before this day.
    #[must_use]
    pub fn expired_on(&self, today: Date) -> bool {
        self.valid_until.is_some_and(|last| last < today)
    }
}

/// The published keys, found by their id.
#[derive(Debug, Clone, Default)]
pub struct PublicKeys {
    keys: BTreeMap<Vec<u8>, (VerifyingKey, BureauClass)>,
}

impl PublicKeys {
    /// An empty list.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a 32-byte Ed25519 public key. Returns false when the bytes are no point of the curve or a weak key.
    pub fn add(&mut self, public: &[u8; 32], class: BureauClass) -> bool {
        let Ok(key) = VerifyingKey::from_bytes(public) else { return false };
        if key.is_weak() {
            return false;
        }
        let id = Sha256::digest(public).iter().take(8).copied().collect();
        self.keys.insert(id, (key, class));
        true
    }
}

/// Checks a code, given as the whole address, as `#…` or as the bare text after the `#`.
///
/// # Errors
/// [`VerifyError`]; anything but `Revoked` means: do not trust the paper, ask the issuing office.
pub fn verify(url_or_fragment: &str, keys: &PublicKeys, revoked: &[&str]) -> Result<VerifiedFacts, VerifyError> {
    let code = url_or_fragment.rsplit_once('#').map_or(url_or_fragment, |(_, code)| code).trim();
    if code.is_empty() || code.contains("://") {
        return Err(VerifyError::NoCode);
    }
    if code.len() > LONGEST {
        return Err(VerifyError::Malformed("too long"));
    }
    let bytes = URL_SAFE_NO_PAD.decode(code).map_err(|_| VerifyError::Malformed("not base64url"))?;
    let envelope = Envelope::read(&bytes)?;
    let (key, class) = keys
        .keys
        .get(&envelope.key_id)
        .ok_or_else(|| VerifyError::UnknownKey(envelope.key_id.iter().map(|byte| format!("{byte:02x}")).collect()))?;
    let signature = Signature::from_slice(&envelope.signature).map_err(|_| VerifyError::Invalid)?;
    key.verify_strict(&envelope.signed_bytes()?, &signature).map_err(|_| VerifyError::Invalid)?;
    let facts = read_facts(&envelope.payload, *class)?;
    if revoked.contains(&facts.number.as_str()) {
        return Err(VerifyError::Revoked { number: facts.number });
    }
    Ok(facts)
}

/// The parts of a COSE_Sign1 (RFC 9052, section 4.2).
struct Envelope {
    protected: Vec<u8>,
    key_id: Vec<u8>,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl Envelope {
    fn read(bytes: &[u8]) -> Result<Self, VerifyError> {
        let Value::Tag(18, inner) = one_value(bytes)? else {
            return Err(VerifyError::Malformed("no COSE_Sign1 tag"));
        };
        let parts = inner.into_array().map_err(|_| VerifyError::Malformed("no array"))?;
        let [protected, unprotected, payload, signature] =
            <[Value; 4]>::try_from(parts).map_err(|_| VerifyError::Malformed("not four parts"))?;
        if unprotected.into_map().is_ok_and(|map| !map.is_empty()) {
            return Err(VerifyError::Malformed("unprotected header"));
        }
        let octets = |value: Value| value.into_bytes().map_err(|_| VerifyError::Malformed("no byte string"));
        let protected = octets(protected)?;
        let header = one_value(&protected)?.into_map().map_err(|_| VerifyError::Malformed("header"))?;
        let mut header = by_key(header)?;
        // 1 = algorithm, -8 = EdDSA; 4 = key id (RFC 9052 table 3, RFC 9053 table 2).
        if header.remove(&1) != Some(Value::from(-8)) {
            return Err(VerifyError::Malformed("algorithm"));
        }
        let key_id = octets(header.remove(&4).ok_or(VerifyError::Malformed("key id"))?)?;
        if !header.is_empty() {
            return Err(VerifyError::Malformed("unknown header"));
        }
        Ok(Self { protected, key_id, payload: octets(payload)?, signature: octets(signature)? })
    }

    /// The Sig_structure whose bytes were signed (RFC 9052, section 4.4).
    fn signed_bytes(&self) -> Result<Vec<u8>, VerifyError> {
        let structure = Value::Array(vec![
            Value::from("Signature1"),
            Value::from(self.protected.as_slice()),
            Value::Bytes(Vec::new()),
            Value::from(self.payload.as_slice()),
        ]);
        let mut bytes = Vec::new();
        ciborium::into_writer(&structure, &mut bytes).map_err(|_| VerifyError::Malformed("structure"))?;
        Ok(bytes)
    }
}

fn read_facts(payload: &[u8], key_class: BureauClass) -> Result<VerifiedFacts, VerifyError> {
    let map = one_value(payload)?.into_map().map_err(|_| VerifyError::Malformed("facts"))?;
    let mut map = by_key(map)?;
    let mut text = |key: i128| {
        map.remove(&key).and_then(|value| value.into_text().ok()).ok_or(VerifyError::Malformed("missing text"))
    };
    let (layout, number, name, last_four, finding) = (text(1)?, text(2)?, text(3)?, text(4)?, text(5)?);
    let mut day = |key: i128| map.remove(&key).map(read_day).transpose();
    let (issued_on, from, to, valid_until) = (day(6)?, day(7)?, day(8)?, day(9)?);
    let class = match map.remove(&10).and_then(|value| value.as_integer()).map(i128::from) {
        Some(0) => BureauClass::Demonstration,
        Some(1) => BureauClass::Production,
        Some(_) | None => return Err(VerifyError::Malformed("class")),
    };
    if !map.is_empty() {
        return Err(VerifyError::Malformed("unknown fact"));
    }
    let outcome = match (class, key_class) {
        (BureauClass::Production, BureauClass::Production) => Outcome::Intact,
        (BureauClass::Demonstration, BureauClass::Demonstration) => Outcome::IntactDemonstrationOnly,
        (BureauClass::Demonstration, BureauClass::Production)
        | (BureauClass::Production, BureauClass::Demonstration) => return Err(VerifyError::Invalid),
    };
    Ok(VerifiedFacts {
        outcome,
        layout,
        number,
        name: Sensitive::new(name),
        last_four: Sensitive::new(last_four),
        finding,
        issued_on: issued_on.ok_or(VerifyError::Malformed("day of issue"))?,
        from,
        to,
        valid_until,
    })
}

/// Reads exactly one CBOR value: trailing bytes are refused.
fn one_value(bytes: &[u8]) -> Result<Value, VerifyError> {
    let mut rest = bytes;
    let value = ciborium::from_reader(&mut rest).map_err(|_| VerifyError::Malformed("not CBOR"))?;
    if rest.is_empty() { Ok(value) } else { Err(VerifyError::Malformed("trailing bytes")) }
}

/// A map by integer keys; other and doubled keys are refused.
fn by_key(map: Vec<(Value, Value)>) -> Result<BTreeMap<i128, Value>, VerifyError> {
    let mut result = BTreeMap::new();
    for (key, value) in map {
        let key = key.as_integer().ok_or(VerifyError::Malformed("key"))?;
        if result.insert(i128::from(key), value).is_some() {
            return Err(VerifyError::Malformed("doubled key"));
        }
    }
    Ok(result)
}

/// A day from the integer yyyymmdd.
fn read_day(value: Value) -> Result<Date, VerifyError> {
    let bad = VerifyError::Malformed("day");
    let number = value.as_integer().and_then(|integer| i32::try_from(i128::from(integer)).ok()).ok_or(bad.clone())?;
    let part = |value: i32| i8::try_from(value).map_err(|_| bad.clone());
    let year = i16::try_from(number / 10_000).map_err(|_| bad.clone())?;
    Date::new(year, part(number / 100 % 100)?, part(number % 100)?).map_err(|_| bad)
}
