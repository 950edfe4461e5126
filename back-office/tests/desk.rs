//! Issuing, the collection desk, the public status page, revoked certificates.

use crate::bureau::{Bureau, Office, Settings};
use crate::parties::{CLEAN, Kiosk, Officer, REFER, certificate_payload, client, payload};
use crate::schema::differences;
use domain::answers::Answers;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use wire::outcome::Outcome;
use wire::payload::{Identified, Payload};

/// With `COUNTER_PAGES=folder` the pages are kept, so that somebody can look at them.
fn keep(name: &str, page: &str) {
    if let Ok(folder) = std::env::var("COUNTER_PAGES") {
        std::fs::write(std::path::Path::new(&folder).join(name), page).unwrap();
    }
}

fn place() -> (Bureau, Office, Kiosk, Officer) {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let grants = [("supervisor", "household", "yunqiao"), ("supervisor", "criminal-record", "yunqiao")];
    let officer = Officer::new(&bureau, &office, bureau.officer_with("officer-1", &grants, None));
    (bureau, office, kiosk, officer)
}

fn described(schema: &str, value: &Value) {
    let document = back_office::officer_api::document();
    let found = differences(&document, &json!({ "$ref": format!("#/components/schemas/{schema}") }), value, schema);
    assert!(found.is_empty(), "{found:?}");
}

fn at(case: &Value, verb: &str) -> String {
    format!("/v1/cases/{}{verb}", case["id"].as_str().unwrap())
}

fn desk(case: &Value, verb: &str) -> String {
    format!("/v1/collections/{}{verb}", case["id"].as_str().unwrap())
}

fn decide(officer: &Officer, held: &Value, decision: Value) -> Value {
    let body = json!({ "claim_epoch": held["claim_epoch"], "version": held["version"], "decision": decision });
    let (status, case) = officer.post(&at(held, "/decide"), &body);
    assert_eq!(status, 200, "{case}");
    case
}

/// Claimed, everything looked at, accepted, approved.
fn approved(officer: &Officer, case: &Value) -> Value {
    let (_, held) = officer.post(&at(case, "/claim"), &json!({}));
    officer.check_everything(&held);
    let held = decide(officer, &held, json!({ "decision": "accept" }));
    decide(officer, &held, json!({ "decision": "approve" }))
}

fn lost_card(kiosk: &Kiosk, officer: &Officer) -> (Payload, Value) {
    let payload = payload("id-replace-lost", CLEAN, Identified::CardAndFace, Answers::default());
    let ready = kiosk.ready(&payload, &[]);
    kiosk.send(&ready).unwrap();
    (payload, officer.case_of(ready.id))
}

#[test]
fn a_credential_is_issued_once_by_its_number_and_leaves_the_desk_once() {
    let (bureau, _office, kiosk, officer) = place();
    let (payload, case) = lost_card(&kiosk, &officer);
    let body = |epoch: &Value| json!({ "claim_epoch": epoch, "ministry_number": "E12345678" });
    assert_eq!(
        officer.post(&at(&case, "/issue"), &body(&case["claim_epoch"])).1["type"],
        "urn:yimen:problem:not-approved"
    );
    let done = approved(&officer, &case);
    let (_, list) = officer.get("/v1/collections");
    described("Desk", &list);
    assert_eq!(list["to_issue"][0]["case_id"], case["id"]);
    let (status, aid) = officer.get(&at(&case, "/copy-aid"));
    assert_eq!((status, &aid["fields"][1]["value"]), (200, &json!(CLEAN.1)));

    assert_eq!(officer.post(&at(&case, "/issue"), &body(&json!(0))).0, 409, "an old epoch issues nothing");
    let nothing = json!({ "claim_epoch": done["claim_epoch"] });
    assert_eq!(officer.post(&at(&case, "/issue"), &nothing).1["type"], "urn:yimen:problem:number-needed");
    assert_eq!(
        officer.post(&desk(&case, "/posted"), &json!({ "tracking": "x" })).1["type"],
        "urn:yimen:problem:not-issued"
    );
    let (status, row) = officer.post(&at(&case, "/issue"), &body(&done["claim_epoch"]));
    assert_eq!((status, &row["number"], &row["state"]), (200, &json!("E12345678"), &json!("ready")));
    described("Collection", &row);
    let again = json!({ "claim_epoch": done["claim_epoch"], "ministry_number": "E99999999" });
    assert_eq!(officer.post(&at(&case, "/issue"), &again).1["number"], "E12345678", "once");
    assert_eq!(officer.get(&at(&case, "/copy-aid")).1["type"], "urn:yimen:problem:reason-needed");
    assert_eq!(officer.get("/v1/collections").1["to_issue"], json!([]));
    let found = |q: &str| officer.get(&format!("/v1/collections?q={q}")).1["rows"].as_array().unwrap().len();
    let code = payload.code.grouped().replace(' ', "-");
    assert_eq!([found(&code), found("9988"), found("E12345678"), found("0000")], [1, 1, 1, 0]);

    let collected = |body: Value| officer.post(&desk(&case, "/collected"), &body);
    assert_eq!(collected(json!({ "identity_checked": false, "by": "own" })).0, 422);
    assert_eq!(collected(json!({ "identity_checked": true, "by": "proxy" })).0, 422, "a proxy is written down");
    assert_eq!(officer.post(&desk(&case, "/reprint"), &json!({ "reason": "x" })).0, 409, "a card is not printed here");
    let by_proxy = json!({ "identity_checked": true, "by": "proxy", "proxy_note": "母亲，持委托书" });
    assert_eq!(collected(by_proxy.clone()).1["state"], "collected");
    assert_eq!(collected(by_proxy).1["type"], "urn:yimen:problem:not-ready", "once");
    assert_eq!(officer.post(&desk(&case, "/posted"), &json!({ "tracking": "x" })).0, 409);

    // Neither number nor reason is readable in the database.
    let mut database = std::fs::read(bureau.folder.path().join("data/office.db")).unwrap();
    database.extend(std::fs::read(bureau.folder.path().join("data/office.db-wal")).unwrap_or_default());
    for secret in ["E12345678", "母亲，持委托书", CLEAN.1, CLEAN.0] {
        assert!(
            !database.windows(secret.len()).any(|window| window == secret.as_bytes()),
            "{secret} is in the database"
        );
    }
    assert!(database.windows(11).any(|window| window == b"certificate"), "the search finds what is there");
    bureau.holds_no_key();
}

#[test]
fn a_certificate_of_the_counter_is_made_printed_again_with_a_reason_and_revoked() {
    let (bureau, office, kiosk, officer) = place();
    let (payload, signature) = certificate_payload(REFER, Identified::CardAndFace);
    let ready = kiosk.ready(&payload, &[&signature]);
    kiosk.send(&ready).unwrap();
    let case = officer.case_of(ready.id);
    assert!(matches!(kiosk.outcome(ready.id).0, Outcome::Counter { .. }));
    let done = approved(&officer, &case);
    let (status, row) = officer.post(&at(&case, "/issue"), &json!({ "claim_epoch": done["claim_epoch"] }));
    assert_eq!((status, &row["kind"], &row["prints"]), (200, &json!("certificate"), &json!(1)), "{row}");
    let number = row["number"].as_str().unwrap().to_owned();
    let token = bureau.officer_with("printer", &[("officer", "criminal-record", "yunqiao")], None);
    let url = format!("https://127.0.0.1:{}{}", office.ports.officers, desk(&case, "/paper"));
    let pdf = client(&bureau.ca_pem, None).get(url).bearer_auth(&token).send().unwrap().bytes().unwrap();
    assert!(pdf.starts_with(b"%PDF"));
    assert_eq!(officer.post(&desk(&case, "/reprint"), &json!({ "reason": " " })).0, 422);
    assert_eq!(officer.post(&desk(&case, "/reprint"), &json!({ "reason": "卡纸" })).1["prints"], 2);

    let revoke = format!("/v1/certificates/{number}/revoke");
    let plain = Officer::new(&bureau, &office, token);
    assert_eq!(plain.post(&revoke, &json!({ "reason": "错" })).0, 403, "an officer does not revoke");
    assert_eq!(officer.post(&revoke, &json!({ "reason": "" })).0, 422);
    let (status, revoked) = officer.post(&revoke, &json!({ "reason": "姓名用字有误" }));
    assert_eq!((status, &revoked["number"]), (200, &json!(number)));
    assert_eq!(officer.post(&revoke, &json!({ "reason": "再来" })).1["type"], "urn:yimen:problem:revoked");
    assert_eq!(officer.post("/v1/certificates/2026-999999/revoke", &json!({ "reason": "x" })).0, 404);
}

#[test]
fn every_look_at_a_persons_things_leaves_a_leaf_with_who_looked() {
    let (bureau, office, kiosk, officer) = place();
    let (payload, signature) = certificate_payload(REFER, Identified::CardAndFace);
    let ready = kiosk.ready(&payload, &[&signature]);
    kiosk.send(&ready).unwrap();
    let case = officer.case_of(ready.id);
    let leaves = |actor: &str, action: &str, object: &str| -> i64 {
        let sql = "SELECT COUNT(*) FROM audit WHERE object = ?1 AND json_extract(leaf, '$.action') = ?2
                   AND json_extract(leaf, '$.actor') = ?3";
        bureau.database().query_row(sql, [object, action, &format!("officer:{actor}")], |row| row.get(0)).unwrap()
    };
    let object = format!("case:{}", case["id"].as_str().unwrap());
    let looks = |actor: &str, action: &str, object: &str, look: &dyn Fn() -> u16| {
        let before = leaves(actor, action, object);
        assert_eq!(look(), 200, "{action}");
        assert_eq!(leaves(actor, action, object), before + 1, "{action}");
    };
    looks("officer-1", "case-opened", &object, &|| officer.get(&at(&case, "")).0);
    let (_, detail) = officer.get(&at(&case, ""));
    let page = detail["papers"].as_array().unwrap().iter().find(|paper| paper["key"] == "field:signature").unwrap();
    let page = format!("/attachments/{}", page["pages"][0]["attachment"].as_str().unwrap());
    looks("officer-1", "attachment-opened", &object, &|| officer.get(&at(&case, &page)).0);
    looks("officer-1", "full-number-shown", &object, &|| officer.post(&at(&case, "/full-number"), &json!({})).0);
    let done = approved(&officer, &case);
    looks("officer-1", "copy-aid-opened", &object, &|| officer.get(&at(&case, "/copy-aid")).0);
    assert_eq!(officer.post(&at(&case, "/issue"), &json!({ "claim_epoch": done["claim_epoch"] })).0, 200);
    let token = bureau.officer_with("printer", &[("officer", "criminal-record", "yunqiao")], None);
    let paper = || {
        let url = format!("https://127.0.0.1:{}{}", office.ports.officers, desk(&case, "/paper"));
        client(&bureau.ca_pem, None).get(url).bearer_auth(&token).send().unwrap().status().as_u16()
    };
    looks("printer", "paper-opened", &object, &paper);
    let closed = at(&case, "?reason=complaint");
    looks("officer-1", "closed-case-opened", &object, &|| officer.get(&closed).0);
    let (_, opening) = officer.post("/v1/openings", &json!({ "service": "id-replace-lost" }));
    let opening = opening["id"].as_str().unwrap().to_owned();
    let own = format!("opening:{opening}");
    looks("officer-1", "opening-opened", &own, &|| officer.get(&format!("/v1/openings/{opening}")).0);
}

#[test]
fn a_revoked_certificate_verifies_as_revoked() {
    let (bureau, office, kiosk, officer) = place();
    let (payload, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    let ready = kiosk.ready(&payload, &[&signature]);
    kiosk.send(&ready).unwrap();
    let Outcome::Issued { number, .. } = kiosk.outcome(ready.id).0 else { panic!("issued") };
    let code = crate::instant::code_for(&bureau, &number);
    let verify = || {
        let url = format!("https://127.0.0.1:{}/v1/verify", office.ports.public);
        crate::parties::read(client(&bureau.ca_pem, None).post(url).json(&json!({ "code": code })).send().unwrap())
    };
    assert_eq!(verify().1["issued_here"], true);
    assert_eq!(officer.post(&format!("/v1/certificates/{number}/revoke"), &json!({ "reason": "误开" })).0, 200);
    let (status, problem) = verify();
    assert_eq!((status, &problem["reason"]), (422, &json!("revoked")));
    assert!(problem["revoked_on"].is_string() && !problem.to_string().contains(CLEAN.0));
}

#[test]
fn the_status_page_opens_with_code_and_number_only_and_tells_nothing_by_words_or_time() {
    let (bureau, office, kiosk, officer) = place();
    let (payload, case) = lost_card(&kiosk, &officer);
    let code = payload.code.grouped();
    let public = client(&bureau.ca_pem, None);
    let base = format!("https://127.0.0.1:{}", office.ports.public);
    let ask = |code: &str, number: &str| {
        let begun = Instant::now();
        let form = format!("code={}&number={number}", code.replace(' ', "+"));
        let request = public.post(format!("{base}/s")).header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(form).send().unwrap();
        (answer.status().as_u16(), answer.text().unwrap(), begun.elapsed())
    };
    let get = |path: &str| public.get(format!("{base}{path}")).send().unwrap().text().unwrap();
    let form = get(&format!("/r/{}", payload.code));
    assert!(form.contains(&code) && !form.contains("身份证丢失补领"), "the square shows the form only");
    // A year of neighbours: the number of another person, and a code of nobody.
    let wrong_number = ask(&code, REFER.1);
    let wrong_code = ask("ACDE FG79", CLEAN.1);
    for (status, page, took) in [&wrong_number, &wrong_code] {
        assert_eq!(*status, 200);
        assert!(page.contains("没有查到"));
        assert!(*took >= Duration::from_millis(700) && *took < Duration::from_millis(1400), "{took:?}");
    }
    let bare = |page: &str, code: &str| {
        let nonce = page.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
        page.replace(&nonce, "").replace(code, "")
    };
    assert_eq!(bare(&wrong_number.1, &code), bare(&wrong_code.1, "ACDE FG79"), "the same words");

    let (status, page, took) = ask(&code.replace(' ', "-").to_lowercase(), &CLEAN.1.to_lowercase());
    assert_eq!(status, 200);
    assert!(page.contains("已送达") && page.contains(case["title"].as_str().unwrap()), "{page}");
    assert!(took >= Duration::from_millis(700));
    keep("delivered.html", &page);
    keep("not-found.html", &wrong_code.1);
    for personal in [CLEAN.0, CLEAN.1, &CLEAN.1[14..]] {
        assert!(!page.contains(personal), "{personal} is on the page");
    }
    let (_, held) = officer.post(&at(&case, "/claim"), &json!({}));
    let items = json!([{ "key": "household-book", "code": null, "words": "请带<首页>和本人页。" }]);
    let by = jiff::civil::date(2030, 1, 2);
    decide(&officer, &held, json!({ "decision": "return-for-supplement", "items": items, "by": by }));
    let page = ask(&code, CLEAN.1).1;
    keep("supplement.html", &page);
    assert!(page.contains("待补正") && page.contains("2030 年 1 月 2 日"), "{page}");
    assert!(page.contains("请带&lt;首页&gt;和本人页。") && page.contains("户口簿"));

    // Right answers cost nothing; four more wrong ones use the code up, and then even the right number waits.
    for _ in 0..4 {
        assert!(ask(&code, REFER.1).1.contains("没有查到"));
    }
    assert_eq!(ask(&code, CLEAN.1).0, 429);
}
