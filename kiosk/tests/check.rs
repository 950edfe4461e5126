//! The program itself, asked with `--check` whether visits may begin: it asks by the digest of the very files it was given.
//! Invariant: the digest is made here by the shared definition over the files, not taken from the program.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed, helpers included")]

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use std::fs;
use std::path::Path;
use std::process::Command;
use wire::digest::Digest;
use wire::key_list::{KeyList, KeyRole, ListedKey, VERSION, catalogue_digest};
use wire::signature::Signed;

/// Bureau, keys and a list that names these catalogues, as enrolment leaves them.
fn enrolled(folder: &Path, catalogues: Vec<Digest>) {
    let bureau = SigningKey::from_bytes(&[5; 32]);
    let public = hex::encode(bureau.verifying_key().to_bytes());
    let day = jiff::SignedDuration::from_hours(24);
    let key = ListedKey {
        recipient: "age1branch".to_owned(),
        role: KeyRole::Branch,
        not_before: ambient::now() - day,
        not_after: ambient::now() + day,
    };
    let list =
        KeyList { v: VERSION, station: "yunqiao".into(), issued_at: ambient::now(), keys: vec![key], catalogues };
    let list = serde_json::to_string(&Signed::sign(&list, &bureau).unwrap()).unwrap();
    let device = SigningKey::from_bytes(&[1; 32]).to_pkcs8_pem(LineEnding::LF).unwrap();
    let bureau = format!(
        "class = \"demo\"\nname = \"n\"\nstation = \"yunqiao\"\nstation_name = \"s\"\nphone = \"1\"\n\
         verify_url = \"https://x/v\"\nlist_key = {public:?}\nreceipt_key = {public:?}\n\
         certificate_key = {public:?}\naudit_key = {public:?}\n"
    );
    fs::create_dir_all(folder.join("keys")).unwrap();
    for (name, text) in [
        ("kiosk.toml", "id = \"yunqiao-1\"\nnumber = 1\noffice = \"https://127.0.0.1:1\"\n"),
        ("bureau.toml", &bureau),
        ("ca.pem", ""),
        ("keys/device.key.pem", &device),
        ("keys/client.pem", ""),
        ("keys/recipients.json", &list),
    ] {
        fs::write(folder.join(name), text).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(folder.join(name), mode).unwrap();
    }
}

/// What stands in the way of a visit, as the program says it.
fn not_ready(folder: &Path, catalogue: &Path) -> serde_json::Value {
    let mut program = Command::new(env!("CARGO_BIN_EXE_yimen-kiosk"));
    program.args(["--check", "--folder"]).arg(folder).arg("--catalogue").arg(catalogue);
    let output = program.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    told["not_ready"].clone()
}

#[test]
fn a_visit_begins_by_the_files_that_the_bureau_signed_and_by_no_other() {
    let place = tempfile::tempdir().unwrap();
    let shipped = ambient::read_tree(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../services-catalog")).unwrap();
    let (folder, files) = (place.path().join("kiosk"), place.path().join("catalogue"));
    for (name, text) in &shipped {
        let file = files.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    enrolled(&folder, vec![catalogue_digest(&shipped).unwrap()]);
    assert_eq!(not_ready(&folder, &files), serde_json::Value::Null);
    // A comment changes no service; it is another file all the same.
    fs::write(files.join("branches.toml"), format!("{}\n# changed\n", shipped["branches.toml"])).unwrap();
    let words = not_ready(&folder, &files).to_string();
    assert!(words.contains("does not stand for this catalogue"), "{words}");
}
