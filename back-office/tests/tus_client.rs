//! A tus client of others (tus-js-client, in Node) uploads, is interrupted and resumes; then a signed manifest follows and the
//! receipt comes. Installed by `scripts/clients`.

use crate::bureau::{Bureau, Settings};
use crate::parties::{CLEAN, Kiosk, certificate_payload};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use wire::payload::Identified;
use wire::receipt::Receipt;
use wire::signature::Signed;

#[test]
fn a_client_of_others_uploads_in_two_goes_and_the_receipt_comes() {
    let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/clients");
    assert!(clients.join("node_modules/tus-js-client").exists(), "run scripts/clients first");
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let (payload, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    let picture = vec![7; 700_000];
    let ready = kiosk.ready(&payload, &[&signature, &picture]);
    kiosk.upload(&ready.blobs[1]).unwrap();
    let blob = &ready.blobs[2];
    let file = bureau.folder.path().join("blob.age");
    std::fs::write(&file, &blob.bytes).unwrap();
    let asked = serde_json::json!({
        "base": kiosk.base, "ca": bureau.ca_pem, "certificate": kiosk.identity.certificate, "key": kiosk.identity.key,
        "file": file, "sha256": blob.sha256,
    });

    let mut node =
        Command::new("node").arg(clients.join("tus.mjs")).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    node.stdin.take().unwrap().write_all(asked.to_string().as_bytes()).unwrap();
    let done = node.wait_with_output().unwrap();
    assert!(done.status.success(), "the client failed");
    let told: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(told["size"], blob.bytes.len());
    let (interrupted, resumed) = (told["accepted"].as_u64().unwrap(), told["resumedFrom"].as_u64().unwrap());
    assert!(resumed >= interrupted && resumed < blob.bytes.len() as u64, "{told}");
    let address = told["url"].as_str().unwrap();
    assert!(address.ends_with(&format!("/v1/blobs/{}-{}", blob.sha256, blob.bytes.len())), "{address}");

    let answer = kiosk.put_inline(&ready).unwrap();
    assert_eq!(answer.status().as_u16(), 201);
    let receipt: Signed = answer.json().unwrap();
    let receipt: Receipt = receipt.open(&bureau.receipt_key.verifying_key()).unwrap();
    assert_eq!((receipt.id, receipt.manifest), (ready.id, ready.signed.digest()));
}
