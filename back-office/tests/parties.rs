//! Who speaks to the office in these tests: a kiosk with its certificate, an officer with a token.

use crate::bureau::{Bureau, Identity, Office, PATIENCE};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::answers::{Answer, Answers, AttachmentId};
use domain::facts::Facts;
use domain::ids::{FieldId, KioskId, ReceiptCode, ServiceId, StationId, SubmissionId};
use domain::sensitive::Sensitive;
use domain::service::Applicant;
use ed25519_dalek::SigningKey;
use reqwest::Method;
use reqwest::blocking::{Client, RequestBuilder, Response};
use serde_json::Value;
use std::time::{Duration, Instant};
use wire::digest::Digest;
use wire::envelope::{Sealed, seal};
use wire::manifest::{Chain, Manifest, Part, Role, SUITE, VERSION};
use wire::outcome::Outcome;
use wire::payload::{Identified, Payload, Person};
use wire::signature::Signed;

/// A clean adult of the demonstration registry.
pub const CLEAN: (&str, &str) = ("陈雨桐", "330304200002299988");
/// The record check answers `refer`.
pub const REFER: (&str, &str) = ("周海涛", "330327197911049978");
/// The record check answers `unavailable`.
pub const UNAVAILABLE: (&str, &str) = ("许子涵", "33028219991101997X");

/// A client that trusts this bureau, with or without a certificate.
pub fn client(ca_pem: &str, identity: Option<&Identity>) -> Client {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let roots = reqwest::Certificate::from_pem_bundle(ca_pem.as_bytes()).unwrap();
    let mut builder = Client::builder().no_proxy().tls_certs_only(roots).timeout(Duration::from_secs(30));
    if let Some(identity) = identity {
        let pem = format!("{}{}", identity.key, identity.certificate);
        builder = builder.identity(reqwest::Identity::from_pem(pem.as_bytes()).unwrap());
    }
    builder.build().unwrap()
}

#[derive(Clone)]
pub struct Kiosk {
    pub id: String,
    pub client: Client,
    pub base: String,
    pub key: SigningKey,
    pub recipients: Vec<String>,
    pub identity: Identity,
}

/// A submission ready to be sent.
#[derive(Clone)]
pub struct Ready {
    pub id: SubmissionId,
    pub blobs: Vec<Sealed>,
    pub signed: Signed,
}

impl Kiosk {
    pub fn enrolled(bureau: &Bureau, office: &Office, id: &str) -> Self {
        let (key, identity) = bureau.enrol(office, id);
        Self {
            id: id.to_owned(),
            client: client(&bureau.ca_pem, Some(&identity)),
            base: format!("https://127.0.0.1:{}", office.ports.kiosks),
            key,
            recipients: bureau.recipients.clone(),
            identity,
        }
    }

    /// The same kiosk at an office that was started anew.
    pub fn at(&self, office: &Office) -> Self {
        Self { base: format!("https://127.0.0.1:{}", office.ports.kiosks), ..self.clone() }
    }

    /// Seals a payload with attachments and signs the manifest.
    pub fn ready(&self, payload: &Payload, attachments: &[&[u8]]) -> Ready {
        let id = SubmissionId(ambient::new_uuid());
        self.ready_as(id, &serde_json::to_vec(payload).unwrap(), &payload.service, attachments, &self.recipients)
    }

    pub fn ready_as(
        &self,
        id: SubmissionId,
        answers: &[u8],
        service: &ServiceId,
        attachments: &[&[u8]],
        recipients: &[String],
    ) -> Ready {
        let mut parts = Vec::new();
        let mut blobs = Vec::new();
        let all = std::iter::once((Role::Answers, answers)).chain(attachments.iter().map(|&a| (Role::Attachment, a)));
        for (role, plain) in all {
            let sealed = seal(plain, recipients).unwrap();
            parts.push(Part {
                role,
                sha256: sealed.sha256.clone(),
                size: sealed.bytes.len() as u64,
                media_type: "application/octet-stream".into(),
            });
            blobs.push(sealed);
        }
        let manifest = Manifest {
            v: VERSION,
            suite: SUITE.to_owned(),
            id,
            chain: Chain::first(id),
            service: service.clone(),
            form_version: 1,
            station: StationId::new("yunqiao"),
            kiosk: KioskId::new(self.id.clone()),
            sealed_at: ambient::now(),
            recipients: recipients.iter().map(|text| wire::envelope::recipient_id(text)).collect(),
            parts,
        };
        Ready { id, blobs, signed: Signed::sign(&manifest, &self.key).unwrap() }
    }

    /// A request of the upload protocol.
    pub fn tus(&self, method: Method, address: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{address}", self.base)).header("Tus-Resumable", "1.0.0")
    }

    /// Opens an upload; its address, empty when it was refused.
    pub fn open_upload(&self, digest: &Digest, length: usize) -> Result<(String, Response), reqwest::Error> {
        let promised = STANDARD.encode(digest.as_str());
        let request = self.tus(Method::POST, "/v1/blobs").header("Upload-Length", length);
        let answer = request.header("Upload-Metadata", format!("filename eA==,sha256 {promised}")).send()?;
        let address = answer.headers().get("location").map(|address| address.to_str().unwrap().to_owned());
        Ok((address.unwrap_or_default(), answer))
    }

    /// One piece of an upload.
    pub fn piece(&self, address: &str, offset: usize, bytes: &[u8]) -> Result<Response, reqwest::Error> {
        let request = self.tus(Method::PATCH, address).header("Content-Type", "application/offset+octet-stream");
        request.header("Upload-Offset", offset).body(bytes.to_vec()).send()
    }

    pub fn upload(&self, blob: &Sealed) -> Result<Response, reqwest::Error> {
        let (address, answer) = self.open_upload(&blob.sha256, blob.bytes.len())?;
        if address.is_empty() {
            return Ok(answer);
        }
        loop {
            let head = self.tus(Method::HEAD, &address).send()?;
            let at: usize = head.headers()["upload-offset"].to_str().unwrap().parse().unwrap();
            let answer = self.piece(&address, at, &blob.bytes[at..])?;
            // Somebody else was at it: ask again where it stands.
            if answer.status().as_u16() != 409 {
                return Ok(answer);
            }
        }
    }

    pub fn put(&self, ready: &Ready) -> Result<Response, reqwest::Error> {
        self.client.put(format!("{}/v1/submissions/{}", self.base, ready.id)).json(&ready.signed).send()
    }

    /// The manifest with its sealed answers beside it.
    pub fn put_inline(&self, ready: &Ready) -> Result<Response, reqwest::Error> {
        let url = format!("{}/v1/submissions/{}", self.base, ready.id);
        self.client.put(url).header("Content-Type", "application/json").body(self.inline_body(ready)).send()
    }

    /// The body of that request.
    pub fn inline_body(&self, ready: &Ready) -> String {
        let answers = &ready.blobs[0];
        let bytes = STANDARD.encode(&answers.bytes);
        serde_json::json!({ "signed": ready.signed, "inline": { answers.sha256.as_str(): bytes } }).to_string()
    }

    /// Uploads the attachments and commits, as a kiosk does; gives status and receipt bytes.
    pub fn send(&self, ready: &Ready) -> Result<(u16, Vec<u8>), reqwest::Error> {
        for blob in &ready.blobs[1..] {
            self.upload(blob)?.error_for_status()?;
        }
        let answer = self.put_inline(ready)?;
        Ok((answer.status().as_u16(), answer.bytes()?.to_vec()))
    }

    pub fn outcome_now(&self, id: SubmissionId) -> Outcome {
        let url = format!("{}/v1/submissions/{id}/outcome", self.base);
        self.client.get(url).send().unwrap().error_for_status().unwrap().json().unwrap()
    }

    /// A person's own cases, as this kiosk is told; status and body.
    pub fn own_cases(&self, number: &str, identified: Identified, code: Option<&ReceiptCode>) -> (u16, Value) {
        let mut question = serde_json::json!({ "id_number": number, "identified": identified });
        if let Some(code) = code {
            question["code"] = code.as_str().into();
        }
        read(self.client.post(format!("{}/v1/own-cases", self.base)).json(&question).send().unwrap())
    }

    /// Asks until there is an outcome; gives it with the time it took.
    pub fn outcome(&self, id: SubmissionId) -> (Outcome, Duration) {
        let begun = Instant::now();
        loop {
            match self.outcome_now(id) {
                Outcome::Pending => assert!(begun.elapsed() < PATIENCE, "no outcome"),
                end @ (Outcome::Issued { .. } | Outcome::Counter { .. }) => return (end, begun.elapsed()),
            }
            std::thread::sleep(Duration::from_millis(25));
        }
    }
}

/// A right payload for a certificate on the spot, with its signature picture.
pub fn certificate_payload(person: (&str, &str), identified: Identified) -> (Payload, Vec<u8>) {
    let signature = b"a signature".to_vec();
    let mut answers = Answers::default();
    let mut set = |field: &str, answer| answers.set(FieldId::new(field), answer);
    set("purpose", Answer::Choice(vec!["work".into()]));
    set("period", Answer::Choice(vec!["whole".into()]));
    set("promise", Answer::Declared);
    set("signature", Answer::Signature(AttachmentId(Digest::of(&signature).to_string())));
    (payload("no-criminal-record-self", person, identified, answers), signature)
}

pub fn payload(service: &str, person: (&str, &str), identified: Identified, answers: Answers) -> Payload {
    let mut facts = Facts::new();
    let number = person.1;
    let birth = format!("{}-{}-{}", &number[6..10], &number[10..12], &number[12..14]);
    facts.set("person.birth", domain::facts::Value::Date(birth.parse().unwrap()));
    Payload {
        service: ServiceId::new(service),
        form_version: 1,
        code: ReceiptCode::from_random(std::array::from_fn(|_| u32::from_be_bytes(ambient::random_bytes()))),
        day: back_office::office::china_day(ambient::now()),
        language: "zh-CN".into(),
        applicant: Person { name: Sensitive::new(person.0.into()), id_number: Sensitive::new(number.into()) },
        matter: Applicant::Own,
        subject: None,
        identified,
        facts,
        answers,
        open: Vec::new(),
        supplement_of: None,
        unfinished: None,
        pictures: std::collections::BTreeMap::new(),
    }
}

/// A request as a browser sends it, with status, set cookies and body.
pub struct Browser {
    client: Client,
    base: String,
    pub cookie: Option<String>,
}

impl Browser {
    pub fn new(bureau: &Bureau, office: &Office) -> Self {
        let base = format!("https://127.0.0.1:{}", office.ports.officers);
        Self { client: client(&bureau.ca_pem, None), base, cookie: None }
    }

    /// At a door without TLS.
    pub fn plain(bureau: &Bureau, office: &Office) -> Self {
        Self { base: format!("http://127.0.0.1:{}", office.ports.officers), ..Self::new(bureau, office) }
    }

    /// Sends a request with the cookie and these headers; a `Set-Cookie` replaces the cookie.
    pub fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.client.request(method, format!("{}{path}", self.base)).body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let answer = request.send().unwrap();
        if let Some(set) = answer.headers().get("set-cookie") {
            self.cookie = Some(set.to_str().unwrap().split(';').next().unwrap().to_owned());
        }
        answer
    }

    /// A write as the workbench sends it.
    pub fn write(&mut self, path: &str, body: &Value) -> (u16, Value) {
        let headers = [("x-yimen", "1"), ("content-type", "application/json")];
        read(self.send("POST", path, &headers, &body.to_string()))
    }

    pub fn get(&mut self, path: &str) -> (u16, Value) {
        read(self.send("GET", path, &[], ""))
    }
}

/// An officer at the officers' door.
pub struct Officer {
    client: Client,
    base: String,
    token: String,
}

impl Officer {
    pub fn new(bureau: &Bureau, office: &Office, token: String) -> Self {
        let base = format!("https://127.0.0.1:{}", office.ports.officers);
        Self { client: client(&bureau.ca_pem, None), base, token }
    }

    /// At a door without TLS.
    pub fn plain(office: &Office, token: String) -> Self {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let client = Client::builder().no_proxy().build().unwrap();
        Self { client, base: format!("http://127.0.0.1:{}", office.ports.officers), token }
    }

    pub fn get(&self, path: &str) -> (u16, Value) {
        read(self.client.get(format!("{}{path}", self.base)).bearer_auth(&self.token).send().unwrap())
    }

    pub fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        read(self.client.post(format!("{}{path}", self.base)).bearer_auth(&self.token).json(body).send().unwrap())
    }

    pub fn send(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let method = reqwest::Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
        let mut request = self.client.request(method.clone(), format!("{}{path}", self.base));
        if method == reqwest::Method::POST {
            request = request.json(body);
        }
        read(request.bearer_auth(&self.token).send().unwrap())
    }

    /// A page that was scanned at the counter.
    pub fn scan(&self, path: &str, version: i64, media_type: &str, bytes: &[u8]) -> (u16, Value) {
        let request = self.client.post(format!("{}{path}", self.base)).bearer_auth(&self.token);
        let request = request.header("content-type", media_type).header("x-yimen-version", version);
        read(request.body(bytes.to_vec()).send().unwrap())
    }

    /// A file: its headers and its bytes.
    pub fn file(&self, path: &str) -> (reqwest::header::HeaderMap, Vec<u8>) {
        let answer = self.client.get(format!("{}{path}", self.base)).bearer_auth(&self.token).send().unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        (answer.headers().clone(), answer.bytes().unwrap().to_vec())
    }

    /// For a stream that never ends: the status, and the body of a refusal.
    pub fn status_only(&self, path: &str) -> (u16, Value) {
        let answer = self.client.get(format!("{}{path}", self.base)).bearer_auth(&self.token).send().unwrap();
        if answer.status().is_success() { (answer.status().as_u16(), Value::Null) } else { read(answer) }
    }

    /// Marks everything that stands before a decision on a case this officer holds.
    pub fn check_everything(&self, held: &Value) {
        let (id, epoch) = (held["id"].as_str().unwrap(), &held["claim_epoch"]);
        let (_, detail) = self.get(&format!("/v1/cases/{id}"));
        let each = |name: &str| detail[name].as_array().unwrap().clone();
        for check in each("checks").iter().filter(|check| check["by"] == "officer") {
            let path = format!("/v1/cases/{id}/checks/{}", check["id"].as_str().unwrap());
            assert_eq!(self.post(&path, &serde_json::json!({ "claim_epoch": epoch, "done": true })).0, 200, "{path}");
        }
        for paper in each("papers") {
            let path = format!("/v1/cases/{id}/papers/{}/checked", paper["key"].as_str().unwrap());
            let body = serde_json::json!({ "claim_epoch": epoch, "checked": true });
            assert_eq!(self.post(&path, &body).0, 200, "{path}");
        }
        let body = serde_json::json!({ "claim_epoch": epoch, "finding": "same" });
        assert_eq!(self.post(&format!("/v1/cases/{id}/person"), &body).0, 200);
    }

    /// The one case of a submission, once the office's machine has looked at it.
    pub fn case_of(&self, id: SubmissionId) -> Value {
        let until = Instant::now() + PATIENCE;
        loop {
            let (_, list) = self.get("/v1/queue?closed=true&most=500");
            let cases = list["cases"].as_array().unwrap();
            if let Some(case) = cases.iter().find(|case| case["submission"] == id.to_string()) {
                return case.clone();
            }
            assert!(Instant::now() < until, "the case does not appear");
            std::thread::sleep(Duration::from_millis(25));
        }
    }
}

pub fn read(answer: Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    (status, answer.json().unwrap_or(Value::Null))
}
