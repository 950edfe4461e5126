//! The kiosks' door as docs/protocol.md tells it: the table of problems, the order of a chain, suites of ciphers.

use crate::bureau::{Bureau, Settings};
use crate::parties::{CLEAN, Kiosk, Ready, certificate_payload, read};
use back_office::kiosk_api::openapi::OPERATIONS;
use domain::ids::SubmissionId;
use reqwest::Method;
use reqwest::blocking::Response;
use std::collections::BTreeSet;
use wire::inbox::{Inbox, OfficeTime};
use wire::key_list::{KeyList, KeyRole};
use wire::manifest::{Chain, Manifest};
use wire::payload::Identified;
use wire::problem::{PREFIX, Retry, Slug};
use wire::signature::Signed;

/// A word of `retry` as it is written.
fn word(retry: Retry) -> &'static str {
    match retry {
        Retry::Same => "same",
        Retry::Later => "later",
        Retry::Never => "never",
    }
}

#[test]
fn the_table_of_problems_is_that_of_the_document() {
    let document = include_str!("../../docs/protocol.md");
    let table = document.split("## Problems").nth(1).unwrap().split("\n## ").next().unwrap();
    let told: Vec<String> = table.lines().filter(|line| line.starts_with("| ")).skip(1).map(str::to_owned).collect();
    let row = |slug: &Slug| {
        let row = slug.row();
        format!("| {} | `{}` | {} | {} |", row.status, row.name, word(row.retry), row.does.words())
    };
    let known: Vec<String> = Slug::ALL.iter().map(row).collect();
    assert_eq!(told, known, "expected:\n{}", known.join("\n"));
}

/// Signs a manifest anew after a change.
fn changed(kiosk: &Kiosk, ready: &Ready, change: impl FnOnce(&mut Manifest)) -> Ready {
    let mut manifest: Manifest = serde_json::from_str(&ready.signed.body).unwrap();
    change(&mut manifest);
    Ready { id: manifest.id, blobs: ready.blobs.clone(), signed: Signed::sign(&manifest, &kiosk.key).unwrap() }
}

/// Puts a right manifest under the address of another submission.
fn put_at(kiosk: &Kiosk, ready: &Ready, id: SubmissionId) -> Response {
    kiosk.put_inline(&Ready { id, ..ready.clone() }).unwrap()
}

#[test]
fn every_problem_is_answered_as_the_table_says() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let (payload, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    let ready = kiosk.ready(&payload, &[&signature]);
    let mut seen = BTreeSet::new();
    let mut expect = |slug: Slug, answer: Response| {
        let (row, kind) = (slug.row(), answer.headers()["content-type"].clone());
        let status = answer.status().as_u16();
        let (_, problem) = read(answer);
        assert_eq!(kind, "application/problem+json", "{problem}");
        assert_eq!((status, &problem["type"]), (row.status, &format!("{PREFIX}{}", row.name).into()), "{problem}");
        assert_eq!((&problem["retry"], &problem["status"]), (&word(row.retry).into(), &row.status.into()));
        seen.insert(slug);
    };
    let at = |path: &str| format!("{}{path}", kiosk.base);
    let post = |path: &str, body: &str| {
        let request = kiosk.client.post(at(path)).header("Content-Type", "application/json");
        request.body(body.to_owned()).send().unwrap()
    };
    expect(Slug::Malformed, post("/v1/blobs/missing", "{"));
    expect(Slug::Media, kiosk.client.post(at("/v1/blobs/missing")).body("{}").send().unwrap());
    expect(Slug::TooLarge, post("/v1/blobs/missing", &" ".repeat((1 << 20) + 1)));
    expect(Slug::NotFound, kiosk.client.get(at("/v1/nothing")).send().unwrap());
    expect(Slug::Method, kiosk.client.delete(at("/v1/health")).send().unwrap());
    let question = serde_json::json!({ "id_number": CLEAN.1, "identified": "number-officer" });
    expect(Slug::NotIdentified, post("/v1/own-cases", &question.to_string()));
    let rating = serde_json::json!({ "submission": ready.id, "stars": 6 });
    expect(Slug::Stars, post("/v1/ratings", &rating.to_string()));

    expect(Slug::TusVersion, kiosk.client.post(at("/v1/blobs")).send().unwrap());
    let blob = &ready.blobs[1];
    let (address, _) = kiosk.open_upload(&blob.sha256, blob.bytes.len()).unwrap();
    expect(Slug::Offset, kiosk.piece(&address, 7, &blob.bytes).unwrap());
    let never = format!("/v1/blobs/{}-99", blob.sha256);
    expect(Slug::UploadGone, kiosk.piece(&never, 0, b"x").unwrap());
    let wrong = kiosk.tus(Method::PATCH, &address).header("Content-Type", "application/offset+octet-stream");
    let wrong = wrong.header("Upload-Offset", "0").header("Upload-Checksum", format!("sha256 {}=", "A".repeat(43)));
    expect(Slug::ChecksumMismatch, wrong.body("x").send().unwrap());
    let bent: Vec<u8> = blob.bytes.iter().enumerate().map(|(at, byte)| byte ^ u8::from(at == 100)).collect();
    expect(Slug::DigestMismatch, kiosk.piece(&address, 0, &bent).unwrap());
    let (address, _) = kiosk.open_upload(&blob.sha256, 40).unwrap();
    expect(Slug::NotSealed, kiosk.piece(&address, 0, &[b'x'; 40]).unwrap());

    expect(Slug::BlobsMissing, kiosk.put_inline(&ready).unwrap());
    kiosk.upload(blob).unwrap();
    let put = |change: &dyn Fn(&mut Manifest)| kiosk.put_inline(&changed(&kiosk, &ready, change)).unwrap();
    expect(Slug::Version, put(&|manifest| manifest.v = 2));
    expect(Slug::UnknownSuite, put(&|manifest| manifest.suite = "sm2-sm4-v1".to_owned()));
    expect(Slug::AuthorNotEnrolled, put(&|manifest| manifest.kiosk = "yunqiao-2".into()));
    expect(Slug::WrongAddress, put_at(&kiosk, &ready, SubmissionId(ambient::new_uuid())));
    expect(Slug::Parts, put(&|manifest| manifest.parts.clear()));
    expect(Slug::SizeMismatch, put(&|manifest| manifest.parts[1].size += 1));
    let first = SubmissionId(ambient::new_uuid());
    expect(Slug::OutOfOrder, put(&|manifest| manifest.chain = Chain { first, seq: 1 }));
    let foreign = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let body: Manifest = serde_json::from_str(&ready.signed.body).unwrap();
    let forged = Ready { signed: Signed::sign(&body, &foreign).unwrap(), ..ready.clone() };
    expect(Slug::BadSignature, kiosk.put_inline(&forged).unwrap());
    assert_eq!(kiosk.send(&ready).unwrap().0, 201);

    let stranger =
        Kiosk { client: crate::parties::client(&bureau.ca_pem, Some(&bureau.identity("no-file"))), ..kiosk.clone() };
    expect(Slug::NotEnrolled, stranger.client.get(at("/v1/health")).send().unwrap());
    let suspended = Kiosk::enrolled(&bureau, &office, "yunqiao-3");
    let administrator = bureau.administrator(&office);
    let reason = serde_json::json!({ "reason": "x" });
    assert_eq!(administrator.post("/v1/kiosks/yunqiao-3/suspend", &reason).0, 200);
    expect(Slug::DeviceSuspended, suspended.client.get(at("/v1/health")).send().unwrap());
    let mut bureau = bureau;
    bureau.stop_registry();
    let question = serde_json::json!({ "id_number": CLEAN.1, "identified": "card-and-face" });
    expect(Slug::RegistryUnavailable, post("/v1/own-record", &question.to_string()));
    // Last: it suspends the kiosk.
    expect(Slug::IdConflict, put(&|manifest| manifest.form_version = 2));

    // What needs a crowd, a full disk, an old key or a machine that is no kiosk yet has tests of its own.
    let crowded = [Slug::SlowDown, Slug::Overloaded, Slug::DiskFull, Slug::RecipientKeyRetired];
    let elsewhere = [&crowded[..], &[Slug::CertExpired, Slug::EnrolmentRefused, Slug::RenewalNeedsAcceptance]].concat();
    let left: Vec<_> = Slug::ALL.iter().filter(|slug| !seen.contains(slug) && !elsewhere.contains(slug)).collect();
    assert!(left.is_empty(), "never answered: {left:?}");
}

#[test]
fn a_chain_is_taken_in_its_order_and_other_chains_do_not_wait() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let (payload, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    let first = kiosk.ready(&payload, &[&signature]);
    let later = |seq| {
        let ready = kiosk.ready(&payload, &[&signature]);
        changed(&kiosk, &ready, |manifest| manifest.chain = Chain { first: first.id, seq })
    };
    let (one, two) = (later(1), later(2));
    let refused = |ready: &Ready| {
        let (status, problem) = read(kiosk.put_inline(ready).unwrap());
        assert_eq!((status, &problem["type"]), (409, &"urn:yimen:problem:out-of-order".into()), "{problem}");
        problem["expected_seq"].as_u64().unwrap()
    };
    for ready in [&first, &one, &two] {
        kiosk.upload(&ready.blobs[1]).unwrap();
    }
    assert_eq!((refused(&one), refused(&two)), (0, 0), "the first is not here");
    assert_eq!(kiosk.send(&kiosk.ready(&payload, &[&signature])).unwrap().0, 201, "another chain does not wait");
    assert_eq!(kiosk.send(&first).unwrap().0, 201);
    assert_eq!(refused(&two), 1);
    assert_eq!(kiosk.send(&one).unwrap().0, 201);
    assert_eq!(kiosk.send(&two).unwrap().0, 201);
    assert_eq!(kiosk.send(&later(1)).unwrap().0, 201, "brought at two kiosks at once: both are taken");
    assert_eq!(kiosk.send(&one).unwrap().0, 200, "again is as before");
    let only_the_first_is_first = changed(&kiosk, &later(1), |manifest| manifest.chain.first = manifest.id);
    assert_eq!(kiosk.put_inline(&only_the_first_is_first).unwrap().status().as_u16(), 400);
}

#[test]
fn keys_rotate_while_a_sealed_item_waits_and_a_key_that_ended_long_ago_is_refused() {
    let mut bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let token = bureau.officer("officer-1", &["general", "criminal-record"], false);
    let officer = crate::parties::Officer::new(&bureau, &office, token);
    let (payload, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    let get = |path: &str| kiosk.client.get(format!("{}{path}", kiosk.base)).send().unwrap();
    let list = || {
        let signed: Signed = get("/v1/keys").json().unwrap();
        KeyList::open(&signed, &bureau.list_key.verifying_key(), &"yunqiao".into()).unwrap()
    };
    let inbox = |after: u64| -> Inbox { get(&format!("/v1/inbox?after={after}")).json().unwrap() };
    let first = list();
    let told = inbox(0);
    assert_eq!((told.entries.len(), inbox(told.cursor).entries.len()), (1, 0));
    let time: OfficeTime = get("/v1/time").json().unwrap();
    assert!(ambient::now().duration_since(time.now).abs() < jiff::SignedDuration::from_secs(60));

    let offline = kiosk.ready(&payload, &[&signature]);
    let later = first.issued_at + jiff::SignedDuration::from_secs(60);
    let new = {
        let new = bureau.further_key();
        let keys = [(0, KeyRole::Branch, -1, 14), (1, KeyRole::Recovery, -1, 3650), (new, KeyRole::Branch, 0, 395)];
        bureau.publish(&keys, later);
        new
    };
    let list = || {
        let signed: Signed = get("/v1/keys").json().unwrap();
        KeyList::open(&signed, &bureau.list_key.verifying_key(), &"yunqiao".into()).unwrap()
    };
    until(|| list().issued_at == later);
    let noted: i64 = bureau.database().query_row("SELECT issued_at FROM key_list", [], |row| row.get(0)).unwrap();
    assert_eq!(noted, later.as_millisecond(), "no start goes back behind what kiosks were told");
    assert_eq!(inbox(told.cursor).entries[0].kind, wire::inbox::KEYS, "kiosks are told");
    assert_eq!(
        list().recipients(ambient::now() + jiff::SignedDuration::from_secs(5)).unwrap()[0],
        bureau.recipients[new]
    );
    let readable = |ready: &Ready| {
        assert_eq!(kiosk.send(ready).unwrap().0, 201);
        assert_eq!(officer.case_of(ready.id)["open"], serde_json::json!([]), "opened and in order");
    };
    readable(&offline);
    let recipients = [bureau.recipients[new].clone(), bureau.recipients[1].clone()];
    let bytes = serde_json::to_vec(&payload).unwrap();
    let fresh =
        || kiosk.ready_as(SubmissionId(ambient::new_uuid()), &bytes, &payload.service, &[&signature], &recipients);
    readable(&fresh());

    // An older one changes nothing, nor one that is not the bureau's.
    bureau.publish(&[(0, KeyRole::Branch, -1, 14)], first.issued_at);
    std::thread::sleep(back_office::key_ring::KEPT);
    assert_eq!(list().issued_at, later);
    let path = bureau.folder.path().join("keys/recipients.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("branch", "brunch")).unwrap();
    std::thread::sleep(back_office::key_ring::KEPT);
    assert_eq!(list().issued_at, later);

    let ended = later + jiff::SignedDuration::from_secs(60);
    let (late, in_time) = (kiosk.ready(&payload, &[&signature]), fresh());
    bureau.publish(&[(0, KeyRole::Branch, -600, -181), (new, KeyRole::Branch, -600, -179)], ended);
    until(|| list().issued_at == ended);
    let (status, problem) = read(kiosk.put_inline(&late).unwrap());
    assert_eq!((status, &problem["type"]), (422, &"urn:yimen:problem:recipient-key-retired".into()), "{problem}");
    assert_eq!(kiosk.send(&in_time).unwrap().0, 201, "179 days after its end");
    assert_eq!(kiosk.send(&offline).unwrap().0, 200, "what is here already is answered as before");
}

#[test]
fn the_document_and_the_router_have_the_same_operations() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let stranger = Kiosk { client: crate::parties::client(&bureau.ca_pem, None), ..kiosk.clone() };
    let id = ambient::new_uuid().to_string();
    let upload = format!("{}-99", wire::digest::Digest::of(b"x"));
    let methods = ["get", "put", "post", "patch", "head", "options", "delete"];
    let described = |path: &str, method: &str| {
        // What answers GET answers HEAD: HTTP says so, the document need not.
        let method = if method == "head" && path != "/v1/blobs/{upload}" { "get" } else { method };
        OPERATIONS.iter().any(|operation| operation.path == path && operation.method == method)
    };
    let paths: BTreeSet<&str> = OPERATIONS.iter().map(|operation| operation.path).collect();
    for path in paths {
        for method in methods {
            let address = path.replace("{id}", &id).replace("{upload}", &upload);
            // Whoever shows a certificate is enrolled: that call is for the others.
            let asker = if path == "/v1/enrol" { &stranger } else { &kiosk };
            let request = asker.tus(method.to_uppercase().parse().unwrap(), &address);
            let status = request.header("X-HTTP-Method-Override", "PATCH").send().unwrap().status().as_u16();
            assert_eq!(status != 405, described(path, method), "{method} {path}: {status}");
        }
    }
}

/// Asks until it is so.
fn until(mut so: impl FnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !so() {
        assert!(begun.elapsed() < crate::bureau::PATIENCE);
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
}
