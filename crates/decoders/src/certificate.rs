//! The code on a certificate: whatever is not signed by the bureau is refused; what is signed tells what was signed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value;
use documents::BureauClass;
use documents::verify::{PublicKeys, VerifyError, verify};
use ed25519_dalek::{Signer as _, SigningKey};
use sha2::{Digest as _, Sha256};

fn signer() -> SigningKey {
    SigningKey::from_bytes(&[9; 32])
}

fn keys() -> PublicKeys {
    let mut keys = PublicKeys::new();
    assert!(keys.add(&signer().verifying_key().to_bytes(), BureauClass::Demonstration));
    keys
}

/// Any text as what a camera or a person gives.
pub(crate) fn code(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let told = verify(text, &keys(), &[]);
    assert!(verify(text, &PublicKeys::new(), &[]).is_err(), "without keys nothing is genuine");
    let Ok(facts) = told else { return };
    // The signature of the corpus's only certificate is known; no other text may pass.
    assert_eq!(facts.number, "DEMO-0001", "a certificate that nobody signed is genuine");
    let revoked = verify(text, &keys(), &["DEMO-0001"]);
    assert!(matches!(revoked, Err(VerifyError::Revoked { number }) if number == "DEMO-0001"));
    assert!(facts.valid_until.is_none_or(|last| !facts.expired_on(last)));
}

/// Any bytes as the facts inside a signature that holds: the signed bytes are shown as they are, or refused.
pub(crate) fn facts(bytes: &[u8]) {
    let text = signed(bytes);
    let told = verify(&text, &keys(), &[]);
    assert!(!matches!(told, Err(VerifyError::NoCode | VerifyError::UnknownKey(_))));
    let Ok(told) = told else { return };
    let map: Value = ciborium::from_reader(bytes).expect("accepted facts are CBOR");
    let map = map.into_map().expect("accepted facts are a map");
    let text = |wanted: i64| {
        let mut found = map.iter().filter(|(key, _)| *key == Value::from(wanted)).map(|(_, value)| value);
        let value = found.next().and_then(Value::as_text).expect("a text");
        assert!(found.next().is_none(), "a doubled fact is accepted");
        value
    };
    assert_eq!([told.layout.as_str(), &told.number, &told.finding], [text(1), text(2), text(5)]);
    assert_eq!([told.name.expose().as_str(), told.last_four.expose()], [text(3), text(4)]);
}

/// A COSE_Sign1 (RFC 9052) over this payload, put together by hand.
fn signed(payload: &[u8]) -> String {
    let key = signer();
    let id = Sha256::digest(key.verifying_key().as_bytes())[..8].to_vec();
    let header = Value::Map(vec![(Value::from(1), Value::from(-8)), (Value::from(4), Value::Bytes(id))]);
    let written = |value: &Value| {
        let mut bytes = Vec::new();
        ciborium::into_writer(value, &mut bytes).expect("memory takes it");
        bytes
    };
    let protected = Value::Bytes(written(&header));
    let payload = Value::Bytes(payload.to_vec());
    let structure = vec![Value::from("Signature1"), protected.clone(), Value::Bytes(Vec::new()), payload.clone()];
    let signature = Value::Bytes(key.sign(&written(&Value::Array(structure))).to_bytes().to_vec());
    let parts = Value::Array(vec![protected, Value::Map(Vec::new()), payload, signature]);
    URL_SAFE_NO_PAD.encode(written(&Value::Tag(18, Box::new(parts))))
}
