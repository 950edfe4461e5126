//! What a kiosk without a face needs: its folder's keys and addresses, and what its fictional persons hand in.

use anyhow::Context as _;
use domain::answers::{Answer, Answers, AttachmentId};
use domain::facts::Facts;
use domain::ids::{FieldId, KioskId, ReceiptCode, ServiceId};
use domain::sensitive::Sensitive;
use domain::service::Applicant;
use ed25519_dalek::pkcs8::DecodePrivateKey as _;
use ed25519_dalek::{SigningKey, VerifyingKey};
use kiosk::keyring::Keyring;
use kiosk::store::{Attachment, Sealing};
use kiosk::uplink::OfficeAddress;
use std::path::Path;
use wire::bureau::{Bureau, BureauClass};
use wire::digest::Digest;
use wire::payload::{Identified, Payload, Person};

/// A fictional person: the area 999999 does not exist.
pub const ID_NUMBER: &str = "999999199001010019";

#[derive(serde::Deserialize)]
struct KioskToml {
    id: KioskId,
    office: String,
    #[serde(default)]
    intake: Option<String>,
}

/// The payload of an errand with one picture.
pub fn payload(errand: u64, picture: &Attachment) -> Payload {
    let photo = AttachmentId(Digest::of(&picture.bytes).as_str().to_owned());
    let mut answers = Answers::default();
    answers.set(FieldId::new("photo"), Answer::Photo(photo));
    Payload {
        // The manifest names the service, so an errand can be counted in the office without opening anything.
        service: ServiceId::new(format!("faults-{errand}")),
        form_version: 1,
        code: ReceiptCode::from_random(ambient::random_bytes::<8>().map(u32::from)),
        day: jiff::civil::date(2026, 11, 22),
        language: "zh-CN".to_owned(),
        applicant: Person {
            name: Sensitive::new("测试人员".to_owned()),
            id_number: Sensitive::new(ID_NUMBER.to_owned()),
        },
        subject: None,
        matter: Applicant::Own,
        identified: Identified::NumberOfficer,
        facts: Facts::new(),
        answers,
        open: vec!["confirm-person".to_owned()],
        supplement_of: None,
        unfinished: None,
        pictures: std::collections::BTreeMap::new(),
    }
}

/// Keys and addresses of the folder that enrolment made. Whom to seal to is for the keyring to say, each time.
///
/// # Errors
/// A file that is missing or wrong, named.
pub fn configuration(folder: &Path) -> anyhow::Result<(Sealing, OfficeAddress, Keyring)> {
    let read = |name: &str| std::fs::read(folder.join(name)).with_context(|| name.to_owned());
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).with_context(|| name.to_owned());
    let bureau: Bureau = toml::from_str(&text("bureau.toml")?)?;
    let kiosk: KioskToml = toml::from_str(&text("kiosk.toml")?)?;
    let mut receipt_key = [0; 32];
    hex::decode_to_slice(&bureau.receipt_key, &mut receipt_key)?;
    let mut list_key = [0; 32];
    hex::decode_to_slice(&bureau.list_key, &mut list_key)?;
    let enrolled = serde_json::from_str(&text("keys/recipients.json")?)?;
    let list_key = VerifyingKey::from_bytes(&list_key)?;
    // Nobody stands before a screen here: what is sealed is sealed whatever catalogue asked.
    let none = Digest::of(b"");
    let ring = Keyring::open(&folder.join("data"), enrolled, list_key, bureau.station.clone(), none)?;
    let sealing = Sealing {
        kiosk: kiosk.id,
        station: bureau.station,
        recipients: Vec::new(),
        device_key: SigningKey::from_pkcs8_pem(&text("keys/device.key.pem")?)?,
    };
    let address = OfficeAddress {
        url: kiosk.office,
        intake: kiosk.intake,
        authority_pem: read("ca.pem")?,
        identity: folder.join("keys/client.pem").into(),
        receipt_key: VerifyingKey::from_bytes(&receipt_key)?,
        simulation_allowed: bureau.class == BureauClass::Demo,
    };
    Ok((sealing, address, ring))
}
