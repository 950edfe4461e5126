//! A submission as a kiosk sends it when only answers belong to it: sealed, signed, the sealed answers riding along.

use super::bureau::Kiosk;
use super::connection::put;
use anyhow::Context as _;
use domain::answers::{Answer, Answers};
use domain::facts::Facts;
use domain::ids::{FieldId, KioskId, ReceiptCode, ServiceId, SubmissionId};
use domain::sensitive::Sensitive;
use domain::service::Applicant;
use std::collections::BTreeMap;
use wire::envelope::{recipient_id, seal};
use wire::manifest::{Chain, Manifest, Part, Role, SUITE, VERSION};
use wire::payload::{Identified, Payload, Person};
use wire::signature::Signed;
use wire::submitted::{Inline, Submitted};

/// Bytes of the answers before they are sealed.
pub const PLAIN: usize = 4096;
/// An ordinary errand that an officer decides; no registry is asked for it.
const SERVICE: &str = "id-replace-lost";
/// A person of the demonstration registry.
const PERSON: (&str, &str) = ("陈雨桐", "330304200002299988");

/// Ready to be sent.
pub struct Prepared {
    /// Its id.
    pub id: SubmissionId,
    /// The whole request.
    pub request: Vec<u8>,
    /// The sealed answers, and the signed manifest as JSON: what others are measured with.
    pub sealed: Vec<u8>,
    /// See `sealed`.
    pub manifest: String,
}

/// Seals and signs one.
///
/// # Errors
/// The cipher's.
pub fn prepare(kiosk: &Kiosk) -> anyhow::Result<Prepared> {
    let id = SubmissionId(ambient::new_uuid());
    let payload = payload()?;
    let sealed = seal(&payload, &kiosk.recipients).context("sealing")?;
    let manifest = Manifest {
        v: VERSION,
        suite: SUITE.to_owned(),
        id,
        chain: Chain::first(id),
        service: ServiceId::new(SERVICE),
        form_version: 1,
        station: kiosk.bureau.station.clone(),
        kiosk: KioskId::new(kiosk.id.clone()),
        sealed_at: ambient::now(),
        recipients: kiosk.recipients.iter().map(|text| recipient_id(text)).collect(),
        parts: vec![Part {
            role: Role::Answers,
            sha256: sealed.sha256.clone(),
            size: sealed.bytes.len() as u64,
            media_type: "application/json".into(),
        }],
    };
    let signed = Signed::sign(&manifest, &kiosk.key)?;
    let manifest = serde_json::to_string(&signed)?;
    let inline = BTreeMap::from([(sealed.sha256, Inline(sealed.bytes.clone()))]);
    let body = serde_json::to_string(&Submitted { signed, inline })?;
    let request = put(&format!("/v1/submissions/{id}"), &body);
    Ok(Prepared { id, request, sealed: sealed.bytes, manifest })
}

/// A payload of [`PLAIN`] bytes, as a form with a long text gives it.
fn payload() -> anyhow::Result<Vec<u8>> {
    let with = |text: String| {
        let mut answers = Answers::default();
        answers.set(FieldId::new("remark"), Answer::Text(Sensitive::new(text)));
        Payload {
            service: ServiceId::new(SERVICE),
            form_version: 1,
            code: ReceiptCode::from_random(ambient::random_bytes::<8>().map(u32::from)),
            day: jiff::civil::date(2026, 11, 22),
            language: "zh-CN".to_owned(),
            applicant: Person {
                name: Sensitive::new(PERSON.0.to_owned()),
                id_number: Sensitive::new(PERSON.1.to_owned()),
            },
            subject: None,
            matter: Applicant::Own,
            identified: Identified::CardAndFace,
            facts: Facts::new(),
            answers,
            open: Vec::new(),
            supplement_of: None,
            unfinished: None,
            pictures: BTreeMap::new(),
        }
    };
    let short = serde_json::to_vec(&with(String::new()))?.len();
    Ok(serde_json::to_vec(&with("x".repeat(PLAIN.saturating_sub(short))))?)
}
