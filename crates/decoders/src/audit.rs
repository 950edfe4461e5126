//! A log that was taken away: what `yimenctl audit verify` believes has the root that RFC 6962 gives it, computed here anew.

use audit_check::log::{self, Line, Signed, Verdict};
use audit_check::{Keys, merkle, note, proof};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::convert::Infallible;

const ORIGIN: &str = "yimen/yunqiao/audit";

fn signer() -> SigningKey {
    SigningKey::from_bytes(&[11; 32])
}

fn keys() -> Keys {
    let receipt = crate::signed::signer().verifying_key();
    Keys { origin: ORIGIN.to_owned(), audit: signer().verifying_key(), receipt }
}

/// A C2SP signed note over this text, written from the form's description.
fn signed_note(text: &str) -> String {
    let key = signer();
    let mut hash = Sha256::new();
    hash.update(ORIGIN);
    hash.update([0x0A, 0x01]);
    hash.update(key.verifying_key().as_bytes());
    let mut bytes = hash.finalize()[..4].to_vec();
    bytes.extend(key.sign(text.as_bytes()).to_bytes());
    format!("{text}\n\u{2014} {ORIGIN} {}\n", STANDARD.encode(bytes))
}

/// RFC 6962 section 2.1, word by word.
fn root(leaves: &[&str]) -> [u8; 32] {
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => Sha256::digest([&[0], leaf.as_bytes()].concat()).into(),
        _ => {
            let split = leaves.len().next_power_of_two() / 2;
            Sha256::digest([&[1][..], &root(&leaves[..split]), &root(&leaves[split..])].concat()).into()
        }
    }
}

/// Any text as a checkpoint, and any text under a signature that holds.
pub(crate) fn note(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let keys = keys();
    if note::verify(text, ORIGIN, &keys.audit).is_ok() {
        assert!(note::verify(text, ORIGIN, &keys.receipt).is_err(), "another key's word counts");
        assert!(note::verify(text, "yimen/other/audit", &keys.audit).is_err(), "another log's word counts");
        assert!(note::verify(&text.replacen('\n', " \n", 1), ORIGIN, &keys.audit).is_err(), "a changed text holds");
    }
    let whole = format!("{}\n", text.trim_end_matches('\n'));
    if let Ok(read) = note::verify(&signed_note(&whole), ORIGIN, &keys.audit) {
        let start = format!("{ORIGIN}\n{}\n{}\n", read.size, STANDARD.encode(read.root));
        assert!(whole.starts_with(&start), "it reads something else than stands there");
    }
}

/// Any lines as an exported log: one that holds under a checkpoint is exactly the leaves 1, 2, 3, ….
pub(crate) fn log(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let lines: Vec<Line> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).take(64).collect();
    let leaves: Vec<&str> = lines.iter().map(|line| line.leaf.as_str()).collect();
    let size = lines.len() as u64;
    let note = signed_note(&format!("{ORIGIN}\n{size}\n{}\n", STANDARD.encode(root(&leaves))));
    let mut verdict = Verdict::default();
    let signed: Signed = log::notes(&[("own".to_owned(), note)], &keys(), &mut verdict);
    assert!(verdict.findings.is_empty() && signed.len() == 1, "the own checkpoint does not hold");
    let walked = log::walk(lines.iter().cloned().map(Ok::<_, Infallible>), &signed, &mut verdict);
    assert!(walked.is_ok() && verdict.leaves == size);
    assert_eq!(verdict.root, hex::encode(root(&leaves)));
    let in_order = lines.iter().zip(1..).all(|(line, seq)| line.seq == seq);
    let right = |line: &Line| {
        let told = serde_json::from_str::<Value>(&line.leaf).ok().and_then(|leaf| leaf["seq"].as_u64());
        told == Some(line.seq) && line.hash == Some(hex::encode(Sha256::digest([&[0], line.leaf.as_bytes()].concat())))
    };
    let holds = in_order && lines.iter().all(right);
    assert_eq!(verdict.findings.is_empty(), holds, "{:?}", verdict.findings);
}

/// Any JSON as a proof with its receipt, and a receipt that is signed.
pub(crate) fn proof(bytes: &[u8]) {
    let Ok(given) = serde_json::from_slice::<Value>(bytes) else { return };
    let keys = keys();
    let _ = proof::receipt(&given["receipt"], &keys);
    let body = given["body"].to_string();
    let signature = URL_SAFE_NO_PAD.encode(crate::signed::signer().sign(body.as_bytes()).to_bytes());
    let receipt =
        proof::receipt(&json!({"body": body, "signature": signature}), &keys).expect("its own signature holds");
    assert_eq!(receipt, given["body"]);
    let mut shown = given["proof"].clone();
    if let (Some(leaf), Some(size)) = (shown["leaf"].as_str().map(str::to_owned), shown["size"].as_u64())
        && shown.is_object()
    {
        // A checkpoint over one leaf is easily met: what is proven must then be that leaf.
        let note = signed_note(&format!("{ORIGIN}\n{size}\n{}\n", STANDARD.encode(merkle::leaf(leaf.as_bytes()))));
        shown["checkpoint"] = Value::from(note);
    }
    if let Ok(proven) = proof::verify(&shown, &receipt, &keys) {
        assert!(proven.index < proven.checkpoint.size);
        assert_eq!(Some(proven.submission.as_str()), receipt["id"].as_str());
        assert_eq!(Some(proven.index), receipt["log_index"].as_u64());
    }
}
