//! A case that was opened at the counter is like any other afterwards: made once, supplemented at a kiosk, told of by ids.

use crate::bureau::{Bureau, PATIENCE, Settings};
use crate::openings::{JPEG, desk, fill, path, walk, write};
use crate::parties::{CLEAN, Kiosk, payload};
use domain::answers::{Answer, Answers, AttachmentId};
use domain::ids::{FieldId, ReceiptCode, SubmissionId};
use serde_json::{Value, json};
use std::time::Instant;
use wire::digest::Digest;
use wire::payload::Identified;

#[test]
fn it_is_made_once_and_supplemented_at_a_kiosk() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let officer = desk(&bureau, &office, "officer-1");
    let (_, opening) = officer.post("/v1/openings", &json!({ "service": "id-replace-lost" }));
    let opening = write(&officer, &opening, &json!({ "person.id-number": CLEAN.1 }));
    let later = json!({ "version": opening["version"], "state": "later" });
    let (status, opening) = officer.post(&path(&opening, "/papers/household-book"), &later);
    assert_eq!(status, 200, "{opening}");
    let full = fill(&officer, opening, "id-replace-lost");

    // The key is pressed twelve times: one case, and every other press is told which.
    let body = json!({ "version": full["version"] });
    let pressed: Vec<(u16, Value)> = std::thread::scope(|scope| {
        let both: Vec<_> = (0..12).map(|_| scope.spawn(|| officer.post(&path(&full, "/submit"), &body))).collect();
        both.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let made = pressed.iter().position(|(status, _)| *status == 200).unwrap();
    let case = &pressed[made].1;
    for (_, (status, told)) in pressed.iter().enumerate().filter(|(number, _)| *number != made) {
        assert_eq!((status, &told["case"]), (&409, &case["id"]), "{told}");
    }
    let (_, detail) = officer.get(&format!("/v1/cases/{}", case["id"].as_str().unwrap()));
    let pages: usize = detail["papers"].as_array().unwrap().iter().map(|p| p["pages"].as_array().unwrap().len()).sum();
    assert_eq!(walk(&bureau.folder.path().join("data/blobs")), pages + 1, "of the vain answers no file is left");
    bureau.holds_no_key();
    let cases: i64 = bureau.database().query_row("SELECT COUNT(*) FROM office_case", [], |row| row.get(0)).unwrap();
    let submissions: i64 =
        bureau.database().query_row("SELECT COUNT(*) FROM submission", [], |row| row.get(0)).unwrap();
    assert_eq!((cases, submissions), (1, 1));
    assert!(case["open"].to_string().contains("later:household-book"), "{case}");

    let items = json!([{ "key": "household-book", "code": "201", "words": "请把首页拍下来。" }]);
    let decision = json!({ "decision": "return-for-supplement", "items": items, "by": "2099-12-31" });
    let body = json!({ "claim_epoch": case["claim_epoch"], "version": case["version"], "decision": decision });
    let case_path = |rest: &str| format!("/v1/cases/{}{rest}", case["id"].as_str().unwrap());
    let (status, returned) = officer.post(&case_path("/decide"), &body);
    assert_eq!(status, 200, "{returned}");

    let code = ReceiptCode::parse(full["code"].as_str().unwrap()).unwrap();
    let (status, own) = kiosk.own_cases(CLEAN.1, Identified::CardAndFace, Some(&code));
    assert_eq!(status, 200, "{own}");
    assert_eq!(own["cases"].as_array().unwrap().len(), 1, "{own}");
    let mut answers = Answers::default();
    let page = AttachmentId(Digest::of(JPEG).to_string());
    answers.set(FieldId::new("household-book-pages"), Answer::Document(vec![page]));
    let mut brought = payload("id-replace-lost", CLEAN, Identified::CardAndFace, answers);
    brought.code = code;
    brought.supplement_of = Some(SubmissionId(case["submission"].as_str().unwrap().parse().unwrap()));
    kiosk.send(&kiosk.ready(&brought, &[JPEG])).unwrap();
    let until = Instant::now() + PATIENCE;
    loop {
        let (_, detail) = officer.get(&case_path(""));
        let book = detail["papers"].as_array().unwrap().iter().find(|paper| paper["key"] == "household-book").unwrap();
        if book["state"] == "present" {
            assert_eq!(detail["case"]["status"], "delivered");
            break;
        }
        assert!(Instant::now() < until, "{book}");
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
}

#[test]
fn without_the_registry_it_goes_on_and_says_so() {
    let mut bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let officer = desk(&bureau, &office, "officer-1");
    bureau.stop_registry();
    let (_, opening) = officer.post("/v1/openings", &json!({ "service": "no-criminal-record-self" }));
    let full = fill(&officer, opening, "no-criminal-record-self");
    let (status, case) = officer.post(&path(&full, "/submit"), &json!({ "version": full["version"] }));
    assert_eq!(status, 200, "{case}");
    assert!(case["open"].to_string().contains("own-record-unavailable"), "{case}");
}

#[test]
fn every_touch_is_told_by_ids_only_and_the_chain_holds() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let officer = desk(&bureau, &office, "officer-1");
    let (_, opening) = officer.post("/v1/openings", &json!({ "service": "id-replace-lost" }));
    officer.get(&path(&opening, ""));
    let full = fill(&officer, opening, "id-replace-lost");
    assert_eq!(officer.post(&path(&full, "/submit"), &json!({ "version": full["version"] })).0, 200);
    let (_, given_up) = officer.post("/v1/openings", &json!({ "service": "id-replace-lost" }));
    let given_up = write(&officer, &given_up, &json!({ "person.id-number": CLEAN.1 }));
    let given_up = write(&officer, &given_up, &json!({ "person.id-number": "330304198405189978" }));
    officer.send("delete", &path(&given_up, ""), &Value::Null);
    let database = bureau.database();
    let mut statement = database.prepare("SELECT leaf FROM audit ORDER BY seq").unwrap();
    let leaves: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    let told = leaves.join("\n");
    for action in [
        "opening-begun",
        "own-record-asked",
        "opening-opened",
        "opening-answered",
        "opening-paper",
        "opening-submitted",
        "opened-at-counter",
        "case-claimed",
        "person-found",
        "paper-checked",
        "opening-given-up",
    ] {
        assert!(told.contains(&format!("\"{action}\"")), "{action}");
    }
    let plain = Digest::of(CLEAN.1.as_bytes()).to_string();
    for word in [CLEAN.0, CLEAN.1, &CLEAN.1[14..], "13800002046", "菜市场", &plain] {
        assert!(!told.contains(word), "{word}");
    }
    // Who asked about one person is found by one digest, also of an opening whose content is erased.
    let about = |opening: &Value| {
        let of_opening = |leaf: &&Value| leaf["object"] == format!("opening:{}", opening["id"].as_str().unwrap());
        let asked = |leaf: &&Value| leaf["action"] == "own-record-asked";
        let all: Vec<Value> = leaves.iter().map(|leaf| serde_json::from_str(leaf).unwrap()).collect();
        all.iter().filter(of_opening).filter(asked).map(|leaf| leaf["details"]["number"].clone()).collect::<Vec<_>>()
    };
    let (one, gone) = (about(&full), about(&given_up));
    assert_eq!(one.len(), 1);
    assert_eq!(one[0].as_str().unwrap().len(), 64);
    assert_eq!(gone.len(), 2, "one for each number that was typed");
    assert_eq!(gone[0], one[0]);
    assert_ne!(gone[1], one[0]);
    let auditor = crate::parties::Officer::new(&bureau, &office, bureau.officer("auditor-1", &["household"], true));
    assert_eq!(auditor.get("/v1/audit/check").1["ok"], true);
}
