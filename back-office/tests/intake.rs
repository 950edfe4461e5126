//! Intake: the same is the same, another is refused, nothing is refused for its content, strangers stay out.

use crate::bureau::{Bureau, Settings, foreign_identity};
use crate::openings::desk;
use crate::parties::{CLEAN, Kiosk, Ready, certificate_payload, client, read};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::answers::Answer;
use domain::ids::{FieldId, ServiceId, SubmissionId};
use reqwest::Method;
use reqwest::blocking::Response;
use serde_json::json;
use wire::digest::Digest;
use wire::envelope::seal;
use wire::outcome::Outcome;
use wire::payload::Identified;
use wire::problem::Slug;
use wire::receipt::Receipt;
use wire::signature::Signed;

#[test]
fn the_same_submission_gives_the_same_receipt_byte_for_byte_and_another_is_refused() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let (payload, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    let ready = kiosk.ready(&payload, &[&signature]);

    let (status, problem) = read(kiosk.put(&ready).unwrap());
    assert_eq!((status, problem["type"].as_str()), (409, Some("urn:yimen:problem:blobs-missing")));
    assert_eq!(problem["retry"], "same");
    assert_eq!(problem["missing"].as_array().unwrap().len(), 2);

    let (status, receipt) = kiosk.send(&ready).unwrap();
    assert_eq!(status, 201);
    let signed: Signed = serde_json::from_slice(&receipt).unwrap();
    let told: Receipt = signed.open(&bureau.receipt_key.verifying_key()).unwrap();
    assert_eq!((told.id, told.manifest), (ready.id, ready.signed.digest()));

    let again = kiosk.put(&ready).unwrap();
    assert_eq!((again.status().as_u16(), again.bytes().unwrap().to_vec()), (200, receipt.clone()));
    office.kill();
    let office = bureau.start();
    let kiosk = kiosk.at(&office);
    let after = kiosk.put(&ready).unwrap();
    assert_eq!((after.status().as_u16(), after.bytes().unwrap().to_vec()), (200, receipt));

    let other = kiosk.ready_as(ready.id, b"other", &ServiceId::new("no-criminal-record-self"), &[], &bureau.recipients);
    kiosk.upload(&other.blobs[0]).unwrap();
    let (status, problem) = read(kiosk.put(&other).unwrap());
    assert_eq!((status, problem["type"].as_str()), (409, Some("urn:yimen:problem:id-conflict")));
    assert_eq!(problem["retry"], "never");
    // One kiosk never signs two contents under one id: two machines have its keys, and both stay out.
    let (status, problem) = read(kiosk.put(&ready).unwrap());
    assert_eq!((status, problem["type"].as_str()), (403, Some("urn:yimen:problem:device-suspended")));
}

#[test]
fn many_at_once_with_one_submission_take_effect_once() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let (payload, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    let ready = kiosk.ready(&payload, &[&signature]);
    let answers: Vec<(u16, Vec<u8>)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| kiosk.send(&ready).unwrap())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|(status, _)| *status == 201).count(), 1);
    assert!(answers.iter().all(|(_, receipt)| *receipt == answers[0].1));
    let count = |sql: &str| bureau.database().query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT COUNT(*) FROM office_case"), 1);
    assert_eq!(count("SELECT COUNT(*) FROM audit WHERE leaf LIKE '%submission-received%'"), 1);
}

#[test]
fn small_answers_ride_along_into_the_database_and_attachments_never_do() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let count = || {
        let sql = "SELECT COUNT(*) FROM submission_part";
        bureau.database().query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    let file = |ready: &Ready, part: usize| {
        let name = ready.blobs[part].sha256.as_str();
        bureau.folder.path().join("data/blobs").join(&name[..2]).join(name).exists()
    };
    let put = |ready: &Ready, inline: serde_json::Value| {
        let body = json!({ "signed": ready.signed, "inline": inline });
        read(kiosk.client.put(format!("{}/v1/submissions/{}", kiosk.base, ready.id)).json(&body).send().unwrap())
    };
    let (payload, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    let ready = kiosk.ready(&payload, &[&signature]);
    let (answers, attachment) = (&ready.blobs[0], &ready.blobs[1]);
    let refused = |inline, slug: &str, retry: &str| {
        let (status, problem) = put(&ready, inline);
        assert_eq!(problem["type"], format!("urn:yimen:problem:{slug}"), "{problem}");
        let expected = Slug::of(slug).unwrap().row().status;
        assert_eq!((status, &problem["retry"], count()), (expected, &json!(retry), 0));
    };
    refused(json!({ attachment.sha256.as_str(): STANDARD.encode(&attachment.bytes) }), "parts", "never");
    refused(json!({ Digest::of(b"x").as_str(): STANDARD.encode(b"x") }), "parts", "never");
    refused(json!({ answers.sha256.as_str(): STANDARD.encode(&answers.bytes[1..]) }), "size-mismatch", "never");
    let plain = vec![b'x'; answers.bytes.len()];
    refused(json!({ answers.sha256.as_str(): STANDARD.encode(&plain) }), "not-sealed", "never");
    let mut bent = answers.bytes.clone();
    *bent.last_mut().unwrap() ^= 1;
    refused(json!({ answers.sha256.as_str(): STANDARD.encode(&bent) }), "digest-mismatch", "same");
    let right = json!({ answers.sha256.as_str(): STANDARD.encode(&answers.bytes) });
    refused(right.clone(), "blobs-missing", "same");
    kiosk.upload(attachment).unwrap();
    assert_eq!(put(&ready, right.clone()).0, 201);
    assert_eq!((count(), file(&ready, 0), file(&ready, 1)), (1, false, true));
    assert_eq!(put(&ready, right).0, 200);
    assert!(matches!(kiosk.outcome(ready.id).0, Outcome::Issued { .. }), "the office reads what rode along");

    let long = kiosk.ready_as(
        SubmissionId(ambient::new_uuid()),
        &vec![b'x'; 70_000],
        &payload.service,
        &[],
        &bureau.recipients,
    );
    let (_, problem) = put(&long, json!({ long.blobs[0].sha256.as_str(): STANDARD.encode(&long.blobs[0].bytes) }));
    assert_eq!(problem["type"], "urn:yimen:problem:parts", "more than 64 KiB is uploaded");
    kiosk.upload(&long.blobs[0]).unwrap();
    assert_eq!(kiosk.put(&long).unwrap().status().as_u16(), 201);
    assert_eq!((count(), file(&long, 0)), (1, true));
}

#[test]
fn an_upload_resumes_after_a_kill_and_only_sealed_bytes_are_taken() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let sealed = seal(&vec![7; 200_000], &bureau.recipients).unwrap();
    let (first, rest) = sealed.bytes.split_at(70_000);
    let (address, opened) = kiosk.open_upload(&sealed.sha256, sealed.bytes.len()).unwrap();
    assert_eq!((opened.status().as_u16(), &opened.headers()["tus-resumable"]), (201, &"1.0.0".parse().unwrap()));
    assert_eq!(kiosk.piece(&address, 0, first).unwrap().status().as_u16(), 204);
    office.kill();
    let office = bureau.start();
    let kiosk = kiosk.at(&office);
    let head = |name: &str| {
        let answer = kiosk.tus(Method::HEAD, &address).send().unwrap();
        answer.headers()[name].to_str().unwrap().parse::<usize>().unwrap()
    };
    assert_eq!((head("upload-offset"), head("upload-length")), (70_000, sealed.bytes.len()));
    let (again, _) = kiosk.open_upload(&sealed.sha256, sealed.bytes.len()).unwrap();
    assert_eq!((&again, head("upload-offset")), (&address, 70_000), "the same upload");
    let slug = |answer: Response| read(answer).1["type"].as_str().unwrap().replace("urn:yimen:problem:", "");
    // Short: a refusal comes before the body is read, and a client that still writes a long one may hear of a cut line only.
    assert_eq!(slug(kiosk.piece(&address, 5, &rest[..10]).unwrap()), "offset");
    let checked = |bytes: &[u8], of: &[u8]| {
        let request = kiosk.tus(Method::PATCH, &address).header("Content-Type", "application/offset+octet-stream");
        let digest = STANDARD.encode(hex::decode(Digest::of(of).as_str()).unwrap());
        let request = request.header("Upload-Checksum", format!("sha256 {digest}"));
        request.header("Upload-Offset", "70000").body(bytes.to_vec()).send().unwrap()
    };
    let wrong = checked(rest, b"other bytes");
    assert_eq!((wrong.status().as_u16(), slug(wrong).as_str()), (460, "checksum-mismatch"));
    assert_eq!(head("upload-offset"), 70_000, "not a byte of it stays");
    let too_long = [rest, b"more"].concat();
    assert_eq!(slug(kiosk.piece(&address, 70_000, &too_long).unwrap()), "too-large");
    assert_eq!(checked(rest, rest).status().as_u16(), 204);
    assert_eq!(head("upload-offset"), sealed.bytes.len());
    let asked = json!({ "digests": [sealed.sha256, Digest::of(b"never sent")] });
    let (_, missing) = read(kiosk.client.post(format!("{}/v1/blobs/missing", kiosk.base)).json(&asked).send().unwrap());
    assert_eq!(missing, json!({ "missing": [Digest::of(b"never sent")] }));

    let plain = "{\"name\":\"陈雨桐\",\"more\":0}".as_bytes();
    let (address, _) = kiosk.open_upload(&Digest::of(plain), plain.len()).unwrap();
    assert_eq!(slug(kiosk.piece(&address, 0, plain).unwrap()), "not-sealed");
    let (address, _) = kiosk.open_upload(&Digest::of(b"promised"), sealed.bytes.len()).unwrap();
    assert_eq!(slug(kiosk.piece(&address, 0, &sealed.bytes).unwrap()), "digest-mismatch");
    assert_eq!(slug(kiosk.piece(&address, 0, &sealed.bytes[..10]).unwrap()), "upload-gone", "thrown away");
    let (_, refused) = kiosk.open_upload(&Digest::of(b"promised"), 1 << 40).unwrap();
    assert_eq!(slug(refused), "too-large");
    let old = kiosk.client.head(format!("{}{address}", kiosk.base)).header("Tus-Resumable", "0.2.2").send().unwrap();
    assert_eq!((old.status().as_u16(), &old.headers()["tus-version"]), (412, &"1.0.0".parse().unwrap()));
    let options = kiosk.client.request(Method::OPTIONS, format!("{}/v1/blobs", kiosk.base)).send().unwrap();
    assert_eq!(options.headers()["tus-extension"], "creation,checksum");
    assert_eq!(options.headers()["tus-max-size"], (32 << 20).to_string().as_str());
}

#[test]
fn what_cannot_be_read_is_taken_and_a_person_looks() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let token = bureau.officer("officer-1", &["general", "criminal-record"], false);
    let officer = crate::parties::Officer::new(&bureau, &office, token);
    let stranger = age::x25519::Identity::generate().to_public().to_string();
    let service = ServiceId::new("no-criminal-record-self");
    let new = || SubmissionId(ambient::new_uuid());
    let sealed_to_another = kiosk.ready_as(new(), b"{}", &service, &[], &[stranger]);
    let no_payload = kiosk.ready_as(new(), b"no payload", &service, &[], &bureau.recipients);
    let (payload, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    let bytes = serde_json::to_vec(&payload).unwrap();
    let unknown = ServiceId::new("not-a-service");
    let other_service = kiosk.ready_as(new(), &bytes, &unknown, &[&signature], &bureau.recipients);
    let as_counter = |identified, answer: Option<Answer>| {
        let (mut payload, signature) = certificate_payload(CLEAN, identified);
        if let Some(answer) = answer {
            payload.answers.set("signature".into(), answer);
        }
        let bytes = serde_json::to_vec(&payload).unwrap();
        kiosk.ready_as(new(), &bytes, &service, &[&signature], &bureau.recipients)
    };
    let cases = [
        (as_counter(Identified::Counter, None), "unreadable:not-the-counter", "criminal-record"),
        (as_counter(Identified::CardAndFace, Some(Answer::AtCounter)), "unreadable:not-the-counter", "criminal-record"),
        (sealed_to_another, "unreadable:cannot-open", "criminal-record"),
        (no_payload, "unreadable:not-a-payload", "criminal-record"),
        (other_service, "unreadable:other-service", "general"),
    ];
    for (ready, code, branch) in cases {
        assert_eq!(kiosk.send(&ready).unwrap().0, 201, "{code}");
        let case = officer.case_of(ready.id);
        assert_eq!((&case["open"], &case["branch"]), (&json!([code]), &json!(branch)));
        assert!(matches!(kiosk.outcome(ready.id).0, Outcome::Counter { .. }));
        let (status, detail) = officer.get(&format!("/v1/cases/{}", case["id"].as_str().unwrap()));
        assert_eq!((status, &detail["payload"]), (200, &serde_json::Value::Null));
    }
}

#[test]
fn strangers_and_wrong_kiosks_stay_out() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let one = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let two = Kiosk::enrolled(&bureau, &office, "yunqiao-2");
    let health = format!("{}/v1/health", one.base);
    assert!(one.client.get(&health).send().unwrap().status().is_success());
    assert_eq!(client(&bureau.ca_pem, None).get(&health).send().unwrap().status(), 404, "no certificate");
    let foreign = foreign_identity("yunqiao-1");
    assert!(client(&bureau.ca_pem, Some(&foreign)).get(&health).send().is_err(), "another authority");
    let unknown = client(&bureau.ca_pem, Some(&bureau.identity("yunqiao-9"))).get(&health).send().unwrap();
    let (status, problem) = read(unknown);
    assert_eq!((status, problem["type"].as_str()), (403, Some("urn:yimen:problem:not-enrolled")));

    let (payload, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    let ready = one.ready(&payload, &[&signature]);
    for blob in &ready.blobs {
        one.upload(blob).unwrap();
    }
    let mut changed = ready.clone();
    changed.signed.body = changed.signed.body.replace("yunqiao-1", "yunqiao-2");
    for kiosk in [&one, &two] {
        let (status, problem) = read(kiosk.put(&changed).unwrap());
        assert_eq!((status, problem["type"].as_str()), (422, Some("urn:yimen:problem:bad-signature")));
    }
    // Another kiosk may carry it, as it was signed; what a kiosk signed that is not enrolled waits.
    let mut stranger = ready.clone();
    stranger.signed.body = stranger.signed.body.replace("yunqiao-1", "yunqiao-9");
    let (status, problem) = read(two.put(&stranger).unwrap());
    let told = (status, problem["type"].as_str(), problem["retry"].as_str());
    assert_eq!(told, (422, Some("urn:yimen:problem:author-not-enrolled"), Some("later")));
    let (first, receipt) = read(two.put(&ready).unwrap());
    assert_eq!((first, read(one.put(&ready).unwrap())), (201, (200, receipt)));
    let foreign = two.client.get(format!("{}/v1/submissions/{}/outcome", two.base, ready.id)).send().unwrap();
    assert_eq!(foreign.status().as_u16(), 404, "an outcome is for the kiosk that sent it");
}

/// A kiosk whose files were changed asks other questions: the office goes by its own.
#[test]
fn what_another_catalogue_asked_is_for_an_officer_and_nothing_is_issued() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let officer = desk(&bureau, &office, "officer-1");
    let (clean, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    let mut asked_otherwise = clean.clone();
    asked_otherwise.answers.set(FieldId::new("purpose"), Answer::Choice(vec!["gift".into()]));
    asked_otherwise.answers.set(FieldId::new("colour"), Answer::Choice(vec!["red".into()]));
    let ready = kiosk.ready(&asked_otherwise, &[&signature]);
    assert_eq!(kiosk.send(&ready).unwrap().0, 201, "nothing is refused for its content");
    let case = officer.case_of(ready.id);
    let open: Vec<&str> = case["open"].as_array().unwrap().iter().filter_map(|code| code.as_str()).collect();
    assert!(open.contains(&"form:colour:not-asked"), "{open:?}");
    assert!(open.iter().any(|code| code.starts_with("form:purpose:")), "{open:?}");
    assert!(!matches!(kiosk.outcome(ready.id).0, Outcome::Issued { .. }));
}
