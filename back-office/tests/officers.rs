//! The officers' door: one holder a case, a lost lease decides nothing, supplement and back, rights.

use crate::bureau::{Bureau, Office, PATIENCE, Settings};
use crate::parties::{CLEAN, Kiosk, Officer, REFER, certificate_payload, payload};
use domain::answers::Answers;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use wire::payload::Identified;

fn acceptance(kiosk: &Kiosk) -> domain::ids::SubmissionId {
    let payload = payload("id-replace-lost", CLEAN, Identified::CardAndFace, Answers::default());
    let ready = kiosk.ready(&payload, &[]);
    assert_eq!(kiosk.send(&ready).unwrap().0, 201);
    ready.id
}

fn place(settings: &Settings) -> (Bureau, Office, Kiosk) {
    let bureau = Bureau::new(settings);
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    (bureau, office, kiosk)
}

fn officer(bureau: &Bureau, office: &Office, id: &str, branches: &[&str]) -> Officer {
    Officer::new(bureau, office, bureau.officer(id, branches, true))
}

fn path(case: &Value, verb: &str) -> String {
    format!("/v1/cases/{}{verb}", case["id"].as_str().unwrap())
}

fn decide(case: &Value, decision: Value) -> Value {
    json!({ "claim_epoch": case["claim_epoch"], "version": case["version"], "decision": decision })
}

#[test]
fn officers_who_race_for_the_queue_never_get_the_same_case() {
    let (bureau, office, kiosk) = place(&Settings::default());
    let watcher = officer(&bureau, &office, "officer-0", &["household"]);
    for _ in 0..12 {
        let id = acceptance(&kiosk);
        watcher.case_of(id);
    }
    let got: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..=4)
            .map(|n| {
                let officer = officer(&bureau, &office, &format!("officer-{n}"), &["household"]);
                scope.spawn(move || {
                    let mut mine = Vec::new();
                    while let (200, case) = officer.post("/v1/queue/claim-next", &json!({})) {
                        mine.push(case["id"].as_str().unwrap().to_owned());
                    }
                    mine
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(got.len(), 12);
    assert_eq!(got.iter().collect::<BTreeSet<_>>().len(), 12);
}

#[test]
fn a_lease_that_ran_out_decides_nothing() {
    let (bureau, office, kiosk) = place(&Settings { lease_seconds: 1, ..Settings::default() });
    let (one, two) = (
        officer(&bureau, &office, "officer-1", &["household"]),
        officer(&bureau, &office, "officer-2", &["household"]),
    );
    let case = one.case_of(acceptance(&kiosk));
    let (_, first) = one.post(&path(&case, "/claim"), &json!({}));
    let until = Instant::now() + PATIENCE;
    let second = loop {
        let (status, answer) = two.post(&path(&case, "/claim"), &json!({}));
        if status == 200 {
            break answer;
        }
        assert_eq!((status, answer["type"].as_str()), (409, Some("urn:yimen:problem:claimed")));
        assert!(Instant::now() < until);
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(second["claim_epoch"].as_i64() > first["claim_epoch"].as_i64());
    for verb in ["/decide", "/renew", "/release"] {
        let body = if verb == "/decide" {
            decide(&first, json!({ "decision": "accept" }))
        } else {
            json!({ "claim_epoch": first["claim_epoch"] })
        };
        let (status, problem) = one.post(&path(&case, verb), &body);
        assert_eq!((status, problem["type"].as_str()), (409, Some("urn:yimen:problem:lease-lost")), "{verb}");
    }
    assert_eq!(one.get(&path(&case, "")).1["case"]["status"], "delivered");
}

#[test]
fn a_case_is_accepted_returned_for_supplement_and_approved() {
    let (bureau, office, kiosk) = place(&Settings::default());
    let officer = officer(&bureau, &office, "officer-1", &["household"]);
    let case = officer.case_of(acceptance(&kiosk));
    assert_eq!((&case["statutory_on"], &case["word"]), (&Value::Null, &json!("已送达")));
    assert_eq!(case["last_four"], "9988");
    assert!(case["promised_on"].is_string() && case["ticket"] == "A001");
    assert!(case["open"].as_array().unwrap().iter().any(|code| code == "form:signature:empty"), "{}", case["open"]);
    let (_, held) = officer.post("/v1/queue/claim-next", &json!({ "branches": ["household"] }));
    assert_eq!(held["id"], case["id"]);

    let (status, problem) = officer.post(&path(&case, "/decide"), &decide(&held, json!({ "decision": "approve" })));
    assert_eq!((status, problem["type"].as_str()), (422, Some("urn:yimen:problem:decision-refused")));
    assert!(problem["why"].as_array().unwrap().len() > 3, "every reason at once: {problem}");
    let items = json!([{ "key": "household-book", "code": "201", "words": "请带来户口簿的原件。" }]);
    let back = json!({ "decision": "return-for-supplement", "items": items, "by": "2099-12-31" });
    let (status, parked) = officer.post(&path(&case, "/decide"), &decide(&held, back));
    assert_eq!((status, &parked["word"]), (200, &json!("待补正")));
    assert_eq!((&parked["supplement_by"], &parked["holder"]), (&json!("2099-12-31"), &Value::Null));
    assert_eq!(parked["deadline"]["words"], "待补正 · 计时暂停");
    assert_eq!(officer.post("/v1/queue/claim-next", &json!({})).0, 404, "a parked case is nobody's next");

    let (_, held) = officer.post(&path(&case, "/claim"), &json!({}));
    let accept = json!({ "decision": "accept" });
    let (status, problem) = officer.post(&path(&case, "/decide"), &decide(&held, accept.clone()));
    assert_eq!((status, problem["type"].as_str()), (422, Some("urn:yimen:problem:decision-refused")));
    officer.check_everything(&held);
    let (status, accepted) = officer.post(&path(&case, "/decide"), &decide(&held, accept));
    assert_eq!((status, &accepted["word"]), (200, &json!("已受理")), "{accepted}");
    assert!(accepted["statutory_on"].is_string(), "the statutory clock starts with acceptance");
    assert_eq!(accepted["holder"], "officer-1");
    let stale = decide(&held, json!({ "decision": "approve" }));
    let (status, problem) = officer.post(&path(&case, "/decide"), &stale);
    assert_eq!((status, problem["type"].as_str()), (409, Some("urn:yimen:problem:version-conflict")));
    let (status, done) = officer.post(&path(&case, "/decide"), &decide(&accepted, json!({ "decision": "approve" })));
    assert_eq!((status, &done["word"]), (200, &json!("已办结")), "{done}");
    assert_eq!(officer.post(&path(&case, "/claim"), &json!({})).0, 409);
    let (status, problem) = officer.get(&path(&case, ""));
    assert_eq!((status, problem["type"].as_str()), (403, Some("urn:yimen:problem:reason-needed")));
    let (status, detail) = officer.get(&path(&case, "?reason=resident%20asks"));
    assert_eq!(status, 200, "{detail}");
    let told: Vec<&str> = detail["history"].as_array().unwrap().iter().filter_map(|l| l["words"].as_str()).collect();
    for words in ["办件送达", "领办", "退回补正", "核对一项", "受理", "准予办结"] {
        assert!(told.contains(&words), "{words}: {told:?}");
    }
    assert_eq!(detail["applicant"]["name"], CLEAN.0);
    let reason: Vec<u8> = bureau.database().query_row("SELECT reason FROM closed_view", [], |row| row.get(0)).unwrap();
    assert!(!String::from_utf8_lossy(&reason).contains("resident"), "the reason is sealed");
}

#[test]
fn rights_end_at_the_branch_and_attachments_open_only_there() {
    let (bureau, office, kiosk) = place(&Settings::default());
    let traffic = officer(&bureau, &office, "officer-1", &["traffic"]);
    let records = officer(&bureau, &office, "officer-2", &["criminal-record"]);
    let (payload, signature) = certificate_payload(REFER, Identified::CardAndFace);
    let ready = kiosk.ready(&payload, &[&signature]);
    kiosk.send(&ready).unwrap();
    let case = records.case_of(ready.id);
    assert_eq!(case["open"], json!([]), "an officer is told nothing that the counter must find out by law");
    assert_eq!(traffic.get("/v1/queue").1["cases"], json!([]));
    for (verb, post) in [("", false), ("/claim", true)] {
        let status =
            if post { traffic.post(&path(&case, verb), &json!({})).0 } else { traffic.get(&path(&case, verb)).0 };
        assert_eq!(status, 404);
    }
    let (_, detail) = records.get(&path(&case, ""));
    let signature = detail["papers"].as_array().unwrap().iter().find(|paper| paper["key"] == "field:signature");
    let attachment = signature.unwrap()["pages"][0]["attachment"].as_str().unwrap().to_owned();
    assert_eq!(records.get(&path(&case, &format!("/attachments/{attachment}"))).0, 200);
    assert_eq!(traffic.get(&path(&case, &format!("/attachments/{attachment}"))).0, 404);
    let (_, held) = records.post(&path(&case, "/claim"), &json!({}));
    let over = json!({ "decision": "transfer", "branch": "traffic", "reason": "属于交管" });
    assert_eq!(records.post(&path(&case, "/decide"), &decide(&held, over)).0, 200);
    assert_eq!(records.get(&path(&case, "")).0, 404);
    assert_eq!(traffic.get(&path(&case, "")).0, 200);
}
