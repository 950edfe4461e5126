//! A kiosk's folder as enrolment leaves it, for tests that start the program itself. Not here: the tests.

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use std::fs;
use std::path::Path;
use wire::digest::Digest;
use wire::key_list::{KeyList, KeyRole, ListedKey, VERSION};
use wire::signature::Signed;

/// A file of the folder, readable by its owner alone.
pub fn put(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(folder.join(name), mode).unwrap();
}

/// `kiosk.toml` with these lines after what enrolment writes.
pub fn kiosk_toml(lines: &str) -> String {
    format!("id = \"yunqiao-1\"\nnumber = 1\noffice = \"https://127.0.0.1:1\"\n{lines}")
}

/// Bureau, keys and a list that names these catalogues.
pub fn enrolled(folder: &Path, catalogues: Vec<Digest>) {
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
    let own = rcgen::generate_simple_self_signed(vec!["kiosk".to_owned()]).unwrap();
    fs::create_dir_all(folder.join("keys")).unwrap();
    for (name, text) in [
        ("kiosk.toml", kiosk_toml("")),
        ("bureau.toml", bureau),
        ("ca.pem", own.cert.pem()),
        ("keys/device.key.pem", device.to_string()),
        ("keys/client.pem", format!("{}{}", own.signing_key.serialize_pem(), own.cert.pem())),
        ("keys/recipients.json", list),
    ] {
        put(folder, name, &text);
    }
}
