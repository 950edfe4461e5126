//! The kiosks' door as docs/protocol.md tells it: the table of problems, the order of a chain, suites of ciphers.

use crate::bureau::{Bureau, Settings};
use crate::parties::{CLEAN, Kiosk, Ready, certificate_payload, read};
use domain::ids::SubmissionId;
use reqwest::Method;
use reqwest::blocking::Response;
use std::collections::BTreeSet;
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
