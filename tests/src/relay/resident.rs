//! A kiosk without a face whose resident is known to the last letter, so that every trace of them can be looked for.

use crate::faults::person::{self, configuration};
use anyhow::Context as _;
use domain::answers::Answer;
use domain::ids::{FieldId, ServiceId, SubmissionId};
use domain::sensitive::Sensitive;
use kiosk::keyring::Keyring;
use kiosk::store::{Attachment, Sealing, Store};
use kiosk::uplink::{Event, Office, OfficeAddress, Uplink};
use outbox::Pace;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;
use wire::digest::Digest;
use wire::own_cases::OwnCasesRequest;
use wire::payload::{Identified, Payload, Person};
use wire::registry::OwnRecordRequest;

/// Fictional: the area 999999 does not exist.
const NAME: &str = "欧阳慕晴";
const ID_NUMBER: &str = "999999198507230028";
const PHONE: &str = "19900001234";
const ADDRESS: &str = "云桥市梧桐街道听雨巷七号楼二单元";
const MAIL: &str = "muqing.ouyang@example.cn";
const WARD: &str = "欧阳小满";

/// Every field of a person's that goes into a submission here.
const TEXTS: [(&str, &str); 6] =
    [("name", NAME), ("id-number", ID_NUMBER), ("phone", PHONE), ("address", ADDRESS), ("mail", MAIL), ("ward", WARD)];

/// The kiosk.
pub struct Kiosk {
    store: Arc<Store>,
    sealing: Sealing,
    address: OfficeAddress,
    office: Office,
    ring: Keyring,
    /// Each personal value by its name.
    pub values: BTreeMap<String, Vec<u8>>,
    /// One payload as it is before it is sealed.
    pub plain: Vec<u8>,
}

impl Kiosk {
    /// Opens its folder.
    ///
    /// # Errors
    /// A file that is missing or wrong.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        let (sealing, address, ring) = configuration(folder)?;
        let values = TEXTS.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
        let (store, office) = (Arc::new(Store::open(&folder.join("data"))?), Office::new(&address)?);
        Ok(Self { store, sealing, address, office, ring, values, plain: Vec::new() })
    }

    /// Seals one submission with a picture. `service`: goes into the manifest, where nothing of a person may stand.
    ///
    /// # Errors
    /// The store's.
    pub fn seal(&mut self, service: &str) -> anyhow::Result<SubmissionId> {
        let id = SubmissionId(ambient::new_uuid());
        let picture = Attachment { bytes: ambient::random_bytes::<20_000>().to_vec(), media_type: "image/jpeg".into() };
        let payload = payload(service, &picture);
        let number = self.values.len();
        let mut keep = |name: &str, bytes: &[u8]| self.values.insert(format!("{name}-{number}"), bytes.to_vec());
        keep("picture-begins", &picture.bytes[..32]);
        keep("picture-middle", &picture.bytes[9_000..9_032]);
        keep("picture-digest", Digest::of(&picture.bytes).as_str().as_bytes());
        keep("code", payload.code.as_str().as_bytes());
        let text = serde_json::to_vec(&payload)?;
        self.plain.extend_from_slice(&text);
        self.plain.extend_from_slice(&picture.bytes);
        let recipients = self.ring.recipients(ambient::now()).context("whom to seal to")?;
        let sealing = Sealing { recipients, ..self.sealing.clone() };
        self.store.seal(id, &payload, &[picture], &sealing, ambient::now())?;
        Ok(id)
    }

    /// Sends what waits, for as long as the answer lives.
    ///
    /// # Errors
    /// The store's.
    pub fn send(&self) -> anyhow::Result<(Uplink, Receiver<Event>)> {
        let quick = Duration::from_millis(200);
        let pace = Pace { first: Duration::from_millis(20), longest: quick, patient: quick, ..Pace::default() };
        Ok(Uplink::start(&self.store, &self.office, pace)?)
    }

    /// Nothing waits any more: every receipt is here.
    ///
    /// # Errors
    /// The store's.
    pub fn empty(&self) -> anyhow::Result<bool> {
        Ok(self.store.waiting()?.is_empty())
    }

    /// Whether the person's number goes out to whoever answers at this port as if it were the office.
    ///
    /// # Errors
    /// Certificates.
    pub fn believes(&self, port: u16) -> anyhow::Result<bool> {
        let office = Office::new(&OfficeAddress { url: format!("https://127.0.0.1:{port}"), ..self.address.clone() })?;
        let number = Sensitive::new(ID_NUMBER.to_owned());
        let cases = OwnCasesRequest { id_number: number, identified: Identified::CardAndFace, code: None };
        Ok(office.own_cases(&cases).is_ok())
    }

    /// What a visit asks the office with the person's number in it; gives how many of these were answered with success.
    pub fn questions(&self, id: SubmissionId) -> usize {
        let number = || Sensitive::new(ID_NUMBER.to_owned());
        let cases = OwnCasesRequest { id_number: number(), identified: Identified::CardAndFace, code: None };
        let record = OwnRecordRequest { id_number: number(), identified: Identified::CardAndFace, ward: None };
        // The demonstration registry does not run here: what counts is that the question was on the wire.
        let record = self.office.own_record(&record).is_ok();
        [self.office.own_cases(&cases).is_ok(), self.office.outcome(id).is_ok(), self.office.time().is_ok(), record]
            .into_iter()
            .filter(|answered| *answered)
            .count()
    }
}

fn payload(service: &str, picture: &Attachment) -> Payload {
    let mut payload = person::payload(0, picture);
    for (name, text) in TEXTS {
        payload.answers.set(FieldId::new(name), Answer::Text(Sensitive::new(text.to_owned())));
    }
    payload.service = ServiceId::new(service);
    payload.applicant =
        Person { name: Sensitive::new(NAME.to_owned()), id_number: Sensitive::new(ID_NUMBER.to_owned()) };
    payload
}

/// The name, for whoever plants it where it must not stand.
pub const PLANTED: &str = NAME;
