//! Signed texts: a signature holds for its bytes alone, and the digest is that of these bytes.

use crate::json::again;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::ids::StationId;
use ed25519_dalek::{Signer as _, SigningKey};
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::fmt::Debug;
use wire::key_list::KeyList;
use wire::manifest::Manifest;
use wire::receipt::Receipt;
use wire::signature::{Signed, canonical, key_id};
use wire::submitted::Submitted;

/// The key that the corpus is signed with.
pub(crate) fn signer() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn digest_is_of_its_bytes(signed: &Signed) {
    assert_eq!(signed.digest().as_str(), hex::encode(Sha256::digest(signed.body.as_bytes())));
}

/// Any text that may be a `Signed`.
pub(crate) fn signed(bytes: &[u8]) {
    let Some(signed) = again::<Signed>(bytes) else { return };
    digest_is_of_its_bytes(&signed);
    let key = signer();
    if signed.open::<Value>(&key.verifying_key()).is_err() {
        return;
    }
    // It opens: then the key signed exactly these bytes (Ed25519 is deterministic), and nothing near them opens.
    assert_eq!(signed.signature, URL_SAFE_NO_PAD.encode(key.sign(signed.body.as_bytes()).to_bytes()));
    assert_eq!(signed.key, key_id(&key.verifying_key()));
    let more = Signed { body: format!("{} ", signed.body), ..signed.clone() };
    assert!(more.open::<Value>(&key.verifying_key()).is_err(), "a longer body opens");
    let other = SigningKey::from_bytes(&[8; 32]).verifying_key();
    assert!(signed.open::<Value>(&other).is_err(), "another key's word counts");
}

/// Any JSON that is signed as canonical text.
pub(crate) fn body(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else { return };
    let Ok(text) = canonical(&value) else { return };
    let read: Value = serde_json::from_str(&text).expect("canonical text is JSON");
    assert_eq!(canonical(&read).expect("it was canonical"), text, "canonical text has another canonical text");
    opens_as_itself(&read);
}

fn opens_as_itself<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let key = signer();
    let signed = Signed::sign(value, &key).expect("what was read can be signed");
    digest_is_of_its_bytes(&signed);
    let opened: T = signed.open(&key.verifying_key()).expect("its own signature holds");
    assert!(opened == *value, "opened is not what was signed: {}", signed.body);
}

/// A manifest's body.
pub(crate) fn manifest(bytes: &[u8]) {
    let Some(manifest) = again::<Manifest>(bytes) else { return };
    opens_as_itself(&manifest);
    let uploads = manifest.uploads();
    let inline = manifest.parts.iter().filter(|part| part.rides_inline()).count();
    assert_eq!(uploads.len() + inline, manifest.parts.len());
    if manifest.chain.fits(manifest.id) {
        assert_eq!(manifest.chain.seq == 0, manifest.chain.first == manifest.id);
    }
}

/// The body of `PUT /v1/submissions/{id}`, in both its shapes.
pub(crate) fn submitted(bytes: &[u8]) {
    let Some(submitted) = again::<Submitted>(bytes) else { return };
    digest_is_of_its_bytes(&submitted.signed);
    let text = serde_json::to_value(&submitted).expect("it can be written");
    for (digest, part) in &submitted.inline {
        let told = text["inline"][digest.as_str()].as_str().expect("a text by its digest");
        assert_eq!(STANDARD.decode(told).expect("base64"), part.0);
    }
    if submitted.inline.is_empty() {
        let bare = serde_json::to_vec(&submitted.signed).expect("it can be written");
        assert_eq!(serde_json::from_slice::<Submitted>(&bare).expect("the bare shape"), submitted);
    }
}

/// A receipt's body.
pub(crate) fn receipt(bytes: &[u8]) {
    if let Some(receipt) = again::<Receipt>(bytes) {
        opens_as_itself(&receipt);
    }
}

/// A key list's body: opened for its own station alone, and nobody is sealed to outside their time.
pub(crate) fn key_list(bytes: &[u8]) {
    let Some(list) = again::<KeyList>(bytes) else { return };
    let key = signer();
    let signed = Signed::sign(&list, &key).expect("what was read can be signed");
    let opened = KeyList::open(&signed, &key.verifying_key(), &list.station);
    assert_eq!(opened.is_ok(), list.v == wire::key_list::VERSION);
    let elsewhere = StationId::new(format!("{}-", list.station));
    assert!(KeyList::open(&signed, &key.verifying_key(), &elsewhere).is_err());
    for second in [0, 1_763_769_600, 4_102_444_800] {
        let now = Timestamp::from_second(second).expect("a moment");
        for recipient in list.recipients(now).unwrap_or_default() {
            let valid = |key: &wire::key_list::ListedKey| key.not_before <= now && now <= key.not_after;
            assert!(list.keys.iter().any(|key| key.recipient == recipient && valid(key)));
        }
        let all: Vec<String> = list.keys.iter().map(|key| wire::envelope::recipient_id(&key.recipient)).collect();
        assert!(!list.too_late(&[], now));
        let _ = list.too_late(&all, now);
        assert!(list.may_follow(Some(&list), now).is_ok() == list.may_follow(None, now).is_ok());
    }
}
