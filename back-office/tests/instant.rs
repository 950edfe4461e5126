//! Certificates on the spot: issued when everything is clean; else the counter, without a word or a moment that tells why.

use crate::bureau::{Bureau, Office, Settings};
use crate::parties::{CLEAN, Kiosk, REFER, UNAVAILABLE, certificate_payload, client, read};
use base64::Engine as _;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use wire::outcome::Outcome;
use wire::payload::Identified;

#[test]
fn a_clean_record_is_issued_as_a_pdf_and_nothing_plain_is_on_the_disk() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let (payload, signature) = certificate_payload(CLEAN, Identified::NumberAndFace);
    let ready = kiosk.ready(&payload, &[&signature]);
    assert_eq!(kiosk.send(&ready).unwrap().0, 201);
    assert_eq!(kiosk.outcome_now(ready.id), Outcome::Pending);
    let (Outcome::Issued { number, pdf }, _) = kiosk.outcome(ready.id) else { panic!("not issued") };
    let pdf = base64::engine::general_purpose::STANDARD.decode(pdf).unwrap();
    assert!(pdf.starts_with(b"%PDF-"), "a PDF");
    assert!(number.ends_with("-000001"), "{number}");
    let again = kiosk.outcome_now(ready.id);
    assert!(matches!(again, Outcome::Issued { number: same, .. } if same == number));

    let needles = [CLEAN.0.as_bytes(), CLEAN.1.as_bytes()];
    let mut open = vec![bureau.folder.path().to_path_buf()];
    let mut files = 0;
    while let Some(path) = open.pop() {
        for entry in std::fs::read_dir(path).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                open.push(entry.path());
                continue;
            }
            files += 1;
            let bytes = std::fs::read(entry.path()).unwrap();
            for needle in needles {
                let found = bytes.windows(needle.len()).any(|window| window == needle);
                assert!(!found, "{} holds the person", entry.path().display());
            }
        }
    }
    assert!(files > 8, "the database, blobs and the paper were looked at");
}

/// Sends one submission; gives the outcome's JSON without the ticket, and the time from sending to showing.
fn ask(kiosk: &Kiosk, person: (&str, &str), identified: Identified, open: &[&str]) -> (Value, Duration) {
    let (mut payload, signature) = certificate_payload(person, identified);
    payload.open = open.iter().map(|&code| code.to_owned()).collect();
    let ready = kiosk.ready(&payload, &[&signature]);
    for blob in &ready.blobs {
        kiosk.upload(blob).unwrap();
    }
    let begun = Instant::now();
    assert_eq!(kiosk.put(&ready).unwrap().status().as_u16(), 201);
    let (outcome, _) = kiosk.outcome(ready.id);
    let took = begun.elapsed();
    let mut body = serde_json::to_value(outcome).unwrap();
    if let Some(ticket) = body.get_mut("ticket") {
        assert_eq!(ticket.as_str().unwrap().len(), 4);
        *ticket = json!("A000");
    }
    (body, took)
}

fn kiosk_and_office(bureau: &Bureau) -> (Kiosk, Office) {
    let office = bureau.start();
    (Kiosk::enrolled(bureau, &office, "yunqiao-1"), office)
}

#[test]
fn whatever_falls_to_the_counter_looks_the_same_and_lasts_the_same() {
    let settings = Settings { floor_ms: 2500, ..Settings::default() };
    let mut bureau = Bureau::new(&settings);
    let (kiosk, _office) = kiosk_and_office(&bureau);
    let mut seen = vec![
        ask(&kiosk, REFER, Identified::CardAndFace, &[]),
        ask(&kiosk, UNAVAILABLE, Identified::CardAndFace, &[]),
        ask(&kiosk, CLEAN, Identified::CardOfficer, &[]),
        ask(&kiosk, CLEAN, Identified::NumberOfficer, &["confirm-person"]),
        ask(&kiosk, CLEAN, Identified::CardAndFace, &["cannot-sign"]),
        ask(&kiosk, ("陈雨相", CLEAN.1), Identified::CardAndFace, &[]),
    ];
    bureau.stop_registry();
    seen.push(ask(&kiosk, CLEAN, Identified::CardAndFace, &[]));
    let share = Bureau::new(&Settings { random_share: 1.0, ..settings });
    let (kiosk, _office) = kiosk_and_office(&share);
    seen.push(ask(&kiosk, CLEAN, Identified::CardAndFace, &[]));
    for (body, took) in &seen {
        assert_eq!((&body["state"], &body["ticket"]), (&json!("counter"), &json!("A000")));
        // Window and hours are those of the counter, whoever asks.
        assert_eq!(*body, seen[0].0);
        assert_eq!(body.as_object().unwrap().len(), 4, "{body}");
        assert!(*took >= Duration::from_millis(2500 - 5), "{took:?}: shown before the floor");
        assert!(*took < Duration::from_millis(2500 + 1500), "{took:?}: shown long after the floor");
    }
}

#[test]
fn the_own_record_is_for_persons_somebody_confirmed() {
    let bureau = Bureau::new(&Settings::default());
    let (kiosk, _office) = kiosk_and_office(&bureau);
    let ask =
        |body: Value| read(kiosk.client.post(format!("{}/v1/own-record", kiosk.base)).json(&body).send().unwrap());
    let (status, record) = ask(json!({ "id_number": CLEAN.1, "identified": "card-and-face" }));
    assert_eq!((status, &record["facts"]["person.name"]["value"]), (200, &json!(CLEAN.0)));
    // Nobody has confirmed the first; that an officer confirmed the second is not a kiosk's to say.
    for identified in ["card-officer", "counter"] {
        let (status, problem) = ask(json!({ "id_number": CLEAN.1, "identified": identified }));
        assert_eq!((status, problem["type"].as_str()), (403, Some("urn:yimen:problem:not-identified")), "{identified}");
        assert!(!problem.to_string().contains(CLEAN.1));
    }
    assert_eq!(kiosk.own_cases(CLEAN.1, Identified::Counter, None).0, 403);
    let ward = json!({ "id_number": CLEAN.1, "identified": "card-and-face", "ward": "410402201801019994" });
    assert_eq!(ask(ward), (200, json!({ "facts": {} })), "no guardianship is known");
}

/// The code on a demonstration's paper of this number, signed with the bureau's own key.
pub fn code_for(bureau: &Bureau, number: &str) -> String {
    let pem = std::fs::read_to_string(bureau.folder.path().join("keys/certificate.key.pem")).unwrap();
    let key = documents::signing::IssuingKey::from_pem(&pem, documents::BureauClass::Demonstration).unwrap();
    documents::signing::qr_url("https://127.0.0.1:8443/v", &facts(number), &key).unwrap()
}

fn facts(number: &str) -> documents::signing::CanonicalFacts {
    documents::signing::CanonicalFacts {
        layout: "no-criminal-record".into(),
        number: number.into(),
        name: domain::sensitive::Sensitive::new(CLEAN.0.into()),
        last_four: domain::sensitive::Sensitive::new("9988".into()),
        finding: "未发现有犯罪记录".into(),
        issued_on: jiff::civil::date(2026, 11, 22),
        from: None,
        to: None,
        valid_until: None,
        class: documents::BureauClass::Demonstration,
    }
}

#[test]
fn the_public_door_confirms_nothing_that_is_not_signed_here() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let client = client(&bureau.ca_pem, None);
    let base = format!("https://127.0.0.1:{}", office.ports.public);
    let page = client.get(format!("{base}/v")).send().unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    let html = page.text().unwrap();
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    assert!(html.contains(&format!("<script nonce=\"{nonce}\">")) && html.contains("云桥市公安局"));

    let other = documents::signing::IssuingKey::from_random(&[5; 32], documents::BureauClass::Demonstration);
    let other = documents::signing::qr_url("https://127.0.0.1:8443/v", &facts("2026-000001"), &other).unwrap();
    let own = code_for(&bureau, "2026-000001");
    let verify =
        |code: &str| read(client.post(format!("{base}/v1/verify")).json(&json!({ "code": code })).send().unwrap());
    let (status, shown) = verify(&own);
    assert_eq!(status, 200);
    assert_eq!((&shown["outcome"], &shown["name"]), (&json!("intact-demonstration-only"), &json!(CLEAN.0)));
    assert_eq!(shown["issued_here"], false, "the office did not issue this number");
    let (status, problem) = verify(&other);
    assert_eq!((status, &problem["reason"]), (422, &json!("unknown-key")));
    let fragment = own.split('#').nth(1).unwrap().to_owned();
    let (status, _) = verify(&fragment[..fragment.len() - 4]);
    assert_eq!(status, 422);
}
