//! Writes the corpus of the fuzz targets from the project's own values: `cargo run -p decoders --example seeds`.
//! Invariant: the same values give the same files. The envelope's file is made with the stock `age` tool and not here.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::ids::{KioskId, ReceiptCode, SubmissionId};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::path::Path;
use wire::carried::{Index, Listed, Receipts, VERSION};
use wire::digest::Digest;
use wire::enrolment::{Code, Ticket};
use wire::signature::Signed;
use wire::upload::{Upload, checksum, metadata};

const ID: &str = "0190f3a0-0000-7000-8000-000000000001";

fn keep(target: &str, name: &str, bytes: impl AsRef<[u8]>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    std::fs::create_dir_all(&folder).expect("the corpus can be written");
    std::fs::write(folder.join(name), bytes).expect("the corpus can be written");
}

fn manifest(digest: &Digest) -> Value {
    json!({
        "v": 1, "suite": "age-x25519-v1", "id": ID, "chain": {"first": ID, "seq": 0}, "service": "id-replace-lost",
        "form_version": 1, "station": "yunqiao", "kiosk": "yunqiao-1", "sealed_at": "2026-11-22T01:02:03.5Z",
        "recipients": ["0123456789abcdef"],
        "parts": [
            {"role": "answers", "sha256": digest, "size": 3, "media_type": "application/json"},
            {"role": "attachment", "sha256": digest, "size": 70000, "media_type": "image/jpeg"}
        ]
    })
}

fn bureau() -> Value {
    let key = hex::encode(SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes());
    json!({
        "class": "demo", "name": "云桥市公安局", "station": "yunqiao", "station_name": "云桥派出所", "phone": "0577-88000000",
        "verify_url": "https://127.0.0.1:8443/v", "list_key": key, "receipt_key": key, "certificate_key": key, "audit_key": key
    })
}

fn payload() -> Value {
    json!({
        "service": "id-replace-lost", "form_version": 1, "code": "ACDEFG79", "day": "2026-11-22", "language": "zh-CN",
        "applicant": {"name": "林晓岚", "id_number": "330304199003079987"}, "matter": "own", "identified": "card-and-face",
        "facts": {"applicant.sex": {"text": "2"}},
        "answers": {
            "phone": {"kind": "text", "value": "13800000000"}, "lost-on": {"kind": "date", "value": "2026-11-20"},
            "why": {"kind": "choice", "value": ["lost"]}, "photo": {"kind": "photo", "value": "ab"},
            "papers": {"kind": "document", "value": ["cd"]}, "later": {"kind": "later"}, "agreed": {"kind": "declared"},
            "home": {"kind": "address", "value": {"division": "330304", "names": ["浙江省"], "detail": "门"}}
        },
        "open": ["confirm-person"], "pictures": {"card-portrait": "ef"},
        "unfinished": {"step": "contact", "entered": {"phone": "138"}}
    })
}

fn main() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let digest = Digest::of(b"abc");
    let manifest = manifest(&digest);
    let signed = Signed::sign(&manifest, &key).expect("signs");
    let receipt = json!({"id": ID, "manifest": digest, "received_at": "2026-11-22T01:02:04Z", "log_index": 4});
    keep("signed", "manifest", serde_json::to_vec(&signed).expect("JSON"));
    keep("signed", "receipt", serde_json::to_vec(&Signed::sign(&receipt, &key).expect("signs")).expect("JSON"));
    keep("signed-body", "manifest", manifest.to_string());
    keep("signed-body", "numbers", r#"{"b":[1e21,0.1,-0.0,9007199254740993,1E-7],"a":"\u000b\u20ac门\"","":null}"#);
    keep("manifest", "two-parts", manifest.to_string());
    keep("submitted", "bare", serde_json::to_vec(&signed).expect("JSON"));
    keep("submitted", "inline", json!({"signed": signed, "inline": {digest.as_str(): "YWJj"}}).to_string());
    keep("receipt", "first", receipt.to_string());
    let listed = |role: &str| {
        json!({"recipient": format!("age1{role}"), "role": role, "not_before": "2025-01-01T00:00:00Z",
               "not_after": "2027-01-01T00:00:00Z"})
    };
    let list = json!({"v": 1, "station": "yunqiao", "issued_at": "2026-01-01T00:00:00Z", "keys": [listed("branch"), listed("recovery")]});
    keep("key-list", "two", list.to_string());

    let certificate = json!({"chain": "-----BEGIN CERTIFICATE-----\n", "not_after": "2026-11-29T00:00:00Z"});
    let enrol = json!({"v": 1, "kiosk": "yunqiao-1", "code": Code::of([7; 16]).as_str(), "request": "-----BEGIN",
                       "device_key": "ab", "protection": "software"});
    let enrolled = json!({"number": 1, "station": "yunqiao", "bureau": bureau(), "keys": Signed::sign(&list, &key).expect("signs"),
                          "authority": "-----BEGIN", "certificate": certificate});
    for (name, value) in [
        ("enrol", enrol),
        ("enrolled", enrolled),
        ("certificate", certificate),
        ("renew", json!({"request": "-----BEGIN"})),
        (
            "holding",
            json!({"waiting": 3, "keys": "host", "outbox": {"bytes": 5, "limit": 9, "oldest": "2026-11-22T01:02:03Z"}}),
        ),
        ("health", json!({"kiosk": "yunqiao-1", "renew": false})),
    ] {
        keep("enrolment", name, value.to_string());
    }

    let case = json!({
        "submission": ID, "code": "ACDEFG79", "service": "id-replace-lost", "title": "身份证丢失补领", "status": "supplement",
        "received_on": "2026-11-20", "due_on": "2026-12-20", "ticket": "A012", "supplemented": false, "next_seq": 1,
        "missing": {"by": "2026-12-01", "items": [{"key": "phone", "title": "电话", "words": "请补", "before": "138****0000"}]},
        "ended": {"on": "2026-11-22", "reason": "", "remedy": ""}
    });
    for (name, value) in [
        ("cases", json!({"cases": [case]})),
        ("pending", json!({"state": "pending"})),
        ("issued", json!({"state": "issued", "number": "N1", "pdf": "JVBERi0="})),
        (
            "counter",
            json!({"state": "counter", "ticket": "A012", "window": "综合窗口",
                           "hours": {"state": "shut", "opens": "2026-11-23T08:30:00"}}),
        ),
        ("inbox", json!({"cursor": 7, "entries": [{"kind": "keys"}]})),
        ("time", json!({"now": "2026-11-22T01:02:03Z"})),
        ("record", json!({"facts": {"applicant.sex": {"text": "2"}}})),
        ("check", json!({"answer": "may-issue"})),
        (
            "problem",
            json!({"type": "urn:yimen:problem:id-conflict", "title": "t", "status": 409, "detail": "d", "retry": "never"}),
        ),
    ] {
        keep("answers-of-the-office", name, value.to_string());
    }
    let asked = |more: Value| {
        let mut asked = json!({"id_number": "330304199003079987"});
        asked.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        asked.to_string()
    };
    keep("questions-of-kiosks", "cases", asked(json!({"identified": "card-officer", "code": "ACDEFG79"})));
    keep("questions-of-kiosks", "record", asked(json!({"identified": "card-and-face", "ward": "330304202003079987"})));
    keep("questions-of-kiosks", "check", asked(json!({"check": "criminal-record"})));
    keep("payload", "whole", payload().to_string());
    keep("draft", "under-way", draft().to_string());

    let upload = Upload { digest: digest.clone(), length: 70_000 };
    for (name, text) in [
        ("name", upload.to_string()),
        ("metadata", metadata(&digest)),
        ("checksum", checksum(&digest)),
        ("more-metadata", format!("filename eA==, {}", metadata(&digest))),
        ("number", "262144".to_owned()),
    ] {
        keep("upload-words", name, text);
    }
    let ticket = Ticket {
        office: "https://127.0.0.1:8441".to_owned(),
        kiosk: KioskId::new("yunqiao-1"),
        authority: "ab".repeat(32),
        code: Code::of([7; 16]),
    };
    keep("ticket", "whole", ticket.to_string());
    for (name, text) in [
        ("enrolment", Code::of([7; 16]).to_string()),
        ("receipt", ReceiptCode::from_random([3; 8]).grouped()),
        ("digest", digest.to_string()),
        ("limit", "60c".to_owned()),
        ("days", "mon,wed-fri".to_owned()),
        ("rule", "resident-id".to_owned()),
        ("number", "330304199003079987".to_owned()),
    ] {
        keep("codes", name, text);
    }
    for (name, text) in [
        ("resident", "330304199003079987"),
        ("mrz", "EZ00000014CHN0002299F3611214<<<<<<<<<<<<<<00"),
        ("plate", "浙C12345"),
        ("vin", "LVSHCAMB1CE054249"),
        ("uscc", "91330304MA0TEAT01Y"),
        ("phone", "+86 138-0000-0000"),
        ("name", "阿依古丽·买买提"),
        ("permit", "810000199005159978"),
        ("post", "325000"),
        ("division", "浙江省温州市瓯海区娄桥街道"),
    ] {
        keep("rules", name, text);
    }
    certificates();
    sticks(&digest);
    audits(&digest);
    for service in ["no-criminal-record-self", "id-replace-lost"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../services-catalog/services").join(service);
        keep("catalogue", service, std::fs::read(path.join("service.toml")).expect("a shipped service"));
    }
}

fn draft() -> Value {
    json!({
        "submission": ID, "service": "id-replace-lost", "form_version": 1, "id_number": "330304199003079987", "matter": "own",
        "subject": null, "facts": {}, "answers": {"phone": {"kind": "text", "value": "13800000000"}}, "officer_rules": ["age"],
        "page": "phone", "touched": "2026-11-22T01:02:03Z"
    })
}

fn sticks(digest: &Digest) {
    let id = SubmissionId(ID.parse().expect("an id"));
    let items = vec![Listed { id, file: digest.clone(), blobs: vec![digest.clone()] }];
    let index = Index { v: VERSION, kiosk: KioskId::new("yunqiao-1"), items };
    keep("stick", "index", serde_json::to_vec_pretty(&index).expect("JSON"));
    let receipts = Receipts { v: VERSION, receipts: [(id, "{}".to_owned())].into() };
    keep("stick", "receipts", serde_json::to_vec_pretty(&receipts).expect("JSON"));
    keep("stick", "sums", wire::carried::sum_line(wire::carried::INDEX, b"{}"));
}

/// CBOR written by hand, so that nothing of what is looked at makes its own seeds.
fn certificates() {
    let key = SigningKey::from_bytes(&[9; 32]);
    let id = &Sha256::digest(key.verifying_key().as_bytes())[..8];
    let text = |text: &str| [&[0x60 + text.len() as u8][..], text.as_bytes()].concat();
    let bytes = |bytes: &[u8]| [&[0x58, bytes.len() as u8][..], bytes].concat();
    let day = |day: u32| [&[0x1A][..], &day.to_be_bytes()].concat();
    let mut facts = vec![0xA7];
    for (key, value) in [
        (1, text("residence")),
        (2, text("DEMO-0001")),
        (3, text("林晓岚")),
        (4, text("9987")),
        (5, text("ok")),
        (6, day(20_261_122)),
        (10, vec![0]),
    ] {
        facts.push(key);
        facts.extend(value);
    }
    keep("certificate-facts", "residence", &facts);
    let header = [&[0xA2, 0x01, 0x27, 0x04, 0x48][..], id].concat();
    let signed = [&[0x84][..], &text("Signature1"), &bytes_short(&header), &[0x40], &bytes(&facts)].concat();
    let signature = key.sign(&signed).to_bytes();
    let whole = [&[0xD2, 0x84][..], &bytes_short(&header), &[0xA0], &bytes(&facts), &bytes(&signature)].concat();
    let code = URL_SAFE_NO_PAD.encode(whole);
    keep("certificate-code", "bare", &code);
    keep("certificate-code", "address", format!("https://127.0.0.1:8443/v#{code}"));
}

fn bytes_short(bytes: &[u8]) -> Vec<u8> {
    [&[0x40 + bytes.len() as u8][..], bytes].concat()
}

fn audits(digest: &Digest) {
    let origin = "yimen/yunqiao/audit";
    let key = SigningKey::from_bytes(&[11; 32]);
    let leaf = json!({"seq": 1, "at": "2026-11-22T01:02:04Z", "action": "submission-received",
                      "object": format!("submission:{ID}"), "details": {"manifest": digest}})
    .to_string();
    let root = Sha256::digest([&[0], leaf.as_bytes()].concat());
    let text = format!("{origin}\n1\n{}\n", STANDARD.encode(root));
    let mut id = Sha256::new();
    id.update(origin);
    id.update(b"\n\x01");
    id.update(key.verifying_key().as_bytes());
    let signature = [&id.finalize()[..4], &key.sign(text.as_bytes()).to_bytes()].concat();
    keep("audit-note", "text", &text);
    keep("audit-note", "whole", format!("{text}\n\u{2014} {origin} {}\n", STANDARD.encode(signature)));
    let line = |seq: u64, leaf: &str| {
        let hash = hex::encode(Sha256::digest([&[0], leaf.as_bytes()].concat()));
        json!({"seq": seq, "leaf": leaf, "hash": hash}).to_string()
    };
    keep("audit-log", "three", [line(1, &leaf), line(2, "{\"seq\":2}"), line(3, "{\"seq\":3}")].join("\n"));
    let body = json!({"id": ID, "manifest": digest, "received_at": "2026-11-22T01:02:04Z", "log_index": 0});
    let signed = Signed::sign(&body, &SigningKey::from_bytes(&[7; 32])).expect("signs");
    let proof = json!({"leaf": leaf, "index": 0, "size": 1, "hashes": [], "checkpoint": ""});
    keep("audit-proof", "one", json!({"receipt": signed, "body": body, "proof": proof}).to_string());
}
