//! The workbench's side of the officers' door: signing in, the page with its policy, the event stream, what is described
//! and what is sent, previews and reasons, two people, handing over.

use crate::bureau::{Bureau, Office, Settings};
use crate::parties::{Browser, CLEAN, Kiosk, Officer, payload, read};
use crate::schema::differences;
use domain::answers::{Answer, Answers, AttachmentId};
use domain::ids::FieldId;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use wire::digest::Digest;
use wire::payload::Identified;

const GRANT: (&str, &str, &str) = ("officer", "household", "yunqiao");

fn place(settings: &Settings) -> (Bureau, Office, Kiosk) {
    let bureau = Bureau::new(settings);
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    (bureau, office, kiosk)
}

/// A lost-card submission with a portrait, the household book deferred, the person not confirmed by the machine.
fn submit(kiosk: &Kiosk) -> domain::ids::SubmissionId {
    let photo = b"a portrait".to_vec();
    let mut answers = Answers::default();
    answers.set(FieldId::new("how"), Answer::Choice(vec!["lost".into()]));
    answers.set(FieldId::new("photo"), Answer::Photo(AttachmentId(Digest::of(&photo).to_string())));
    answers.set(FieldId::new("household-book-pages"), Answer::Later);
    let mut payload = payload("id-replace-lost", CLEAN, Identified::CardOfficer, answers);
    payload.open = vec!["confirm-person".into(), "later:household-book".into()];
    let ready = kiosk.ready(&payload, &[&photo]);
    assert_eq!(kiosk.send(&ready).unwrap().0, 201);
    ready.id
}

fn kind(problem: &Value) -> &str {
    problem["type"].as_str().unwrap_or_default().trim_start_matches("urn:yimen:problem:")
}

#[test]
fn a_one_time_password_opens_nothing_but_its_own_change() {
    let (bureau, office, _kiosk) = place(&Settings::default());
    bureau.officer_with("officer-1", &[GRANT], Some(("one-time-pass", true)));
    let mut browser = Browser::new(&bureau, &office);
    assert_eq!(browser.get("/v1/me").0, 401);
    let sign_in = |officer: &str, password: &str| json!({ "officer": officer, "password": password });
    let (status, unknown) = browser.write("/v1/session", &sign_in("nobody", "x"));
    let (_, wrong) = browser.write("/v1/session", &sign_in("officer-1", "x"));
    assert_eq!((status, kind(&unknown)), (401, "sign-in-refused"));
    assert_eq!(unknown, wrong, "the same words and delay whether the id exists");
    assert_eq!(wrong["wait_seconds"], 1);
    let (status, early) = browser.write("/v1/session", &sign_in("officer-1", "one-time-pass"));
    assert_eq!((status, kind(&early)), (401, "sign-in-refused"), "the right password too soon is not looked at");
    let until = std::time::Instant::now() + crate::bureau::PATIENCE;
    let me = loop {
        let (status, answer) = browser.write("/v1/session", &sign_in("officer-1", "one-time-pass"));
        if status == 200 {
            break answer;
        }
        assert!(std::time::Instant::now() < until, "{answer}");
        std::thread::sleep(std::time::Duration::from_millis(100));
    };
    assert!(browser.cookie.as_ref().unwrap().starts_with("__Host-yimen="));
    assert_eq!((&me["must_change_password"], &me["name"], &me["window"]), (&json!(true), &json!("李敏"), &json!("3")));
    let (status, problem) = browser.get("/v1/queue");
    assert_eq!((status, kind(&problem)), (403, "password-change-needed"));
    assert_eq!(browser.get("/v1/me").0, 200);
    let change = |old: &str, new: &str| json!({ "old": old, "new": new });
    let (status, weak) = browser.write("/v1/session/password", &change("one-time-pass", "short"));
    assert_eq!((status, kind(&weak)), (422, "weak-password"));
    let earlier = browser.cookie.clone();
    let (status, me) = browser.write("/v1/session/password", &change("one-time-pass", "a-much-longer-one"));
    assert_eq!((status, &me["must_change_password"]), (200, &json!(false)), "{me}");
    assert_eq!(browser.get("/v1/queue").0, 200);
    let mut old = Browser::new(&bureau, &office);
    old.cookie = earlier;
    assert_eq!(old.get("/v1/me").0, 401, "a new password ends the earlier session");
    let file = std::fs::read_to_string(bureau.folder.path().join("officers/officer-1.toml")).unwrap();
    assert!(file.contains("$argon2id$") && !file.contains("a-much-longer-one"));
    let mode = std::fs::metadata(bureau.folder.path().join("officers/officer-1.toml")).unwrap().permissions();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o777, 0o600);

    let plain = read(browser.send("POST", "/v1/queue/claim-next", &[("content-type", "application/json")], "{}"));
    assert_eq!((plain.0, kind(&plain.1)), (403, "not-from-the-workbench"));
    let form = read(browser.send("POST", "/v1/queue/claim-next", &[("x-yimen", "1")], "{}"));
    assert_eq!((form.0, kind(&form.1)), (403, "not-from-the-workbench"));
    assert_eq!(browser.write("/v1/queue/claim-next", &json!({})).0, 404);
    assert_eq!(browser.send("DELETE", "/v1/session", &[("x-yimen", "1")], "").status(), 204);
    assert_eq!(browser.get("/v1/me").0, 401);
}

/// An office whose officers' door has no TLS.
fn plain_place() -> (Bureau, Office) {
    let bureau = Bureau::new(&Settings::default());
    let path = bureau.folder.path().join("office.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("[listen]\n", "[listen]\nofficers_tls = false\n")).unwrap();
    let office = bureau.start();
    (bureau, office)
}

#[test]
fn a_wrong_password_leaves_its_leaf_also_when_nobody_waits_for_the_answer() {
    let (bureau, office) = plain_place();
    bureau.officer_with("officer-1", &[GRANT], Some(("a-good-password", false)));
    let body = json!({ "officer": "officer-1", "password": "another-password" }).to_string();
    let head = format!("content-type: application/json\r\ncontent-length: {}", body.len());
    let ask_and_hang_up = || {
        let mut line = std::net::TcpStream::connect(("127.0.0.1", office.ports.officers)).unwrap();
        write!(line, "POST /v1/session HTTP/1.1\r\nhost: 127.0.0.1\r\n{head}\r\n\r\n{body}").unwrap();
        // Long enough for the office to begin, far too short for a password to be looked at.
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    let database = bureau.database();
    let leaves = || -> i64 {
        let sql = "SELECT COUNT(*) FROM audit WHERE leaf LIKE '%sign-in-refused%'";
        database.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    let until = std::time::Instant::now() + crate::bureau::PATIENCE;
    // A busy office may not have begun before the line was gone: then there was no try, and it is asked again.
    while leaves() == 0 {
        assert!(std::time::Instant::now() < until, "a wrong try that nobody hears of");
        ask_and_hang_up();
        let soon = std::time::Instant::now() + std::time::Duration::from_secs(3);
        while leaves() == 0 && std::time::Instant::now() < soon {
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }
}

#[test]
fn a_door_without_tls_gives_a_cookie_that_works_there() {
    let (bureau, office) = plain_place();
    bureau.officer_with("officer-1", &[GRANT], Some(("a-good-password", false)));
    let mut browser = Browser::plain(&bureau, &office);
    let headers = [("content-type", "application/json")];
    let sign_in = json!({ "officer": "officer-1", "password": "a-good-password" }).to_string();
    let answer = browser.send("POST", "/v1/session", &headers, &sign_in);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("yimen=") && !cookie.contains("Secure"), "{cookie}");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    assert_eq!(browser.get("/v1/me").0, 200);
}

#[test]
fn the_page_has_a_fresh_nonce_and_a_strict_policy_and_says_when_it_is_not_built() {
    let built = tempfile::tempdir().unwrap();
    std::fs::create_dir(built.path().join("assets")).unwrap();
    std::fs::write(built.path().join("index.html"), "<meta name=\"csp-nonce\" content=\"{{nonce}}\">").unwrap();
    std::fs::write(built.path().join("assets/a.js"), "1").unwrap();
    let workbench = format!("web = {:?}\n", built.path());
    let (bureau, office, _kiosk) = place(&Settings { workbench, ..Settings::default() });
    let mut browser = Browser::new(&bureau, &office);
    let mut nonces = std::collections::BTreeSet::new();
    for path in ["/", "/cases/anything", "/"] {
        let page = browser.send("GET", path, &[], "");
        let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(page.headers()[name], value);
        }
        assert!(!policy.contains("unsafe") && policy.contains("script-src 'self';"), "{policy}");
        let text = page.text().unwrap();
        let nonce = text.split('"').nth(3).unwrap().to_owned();
        assert!(policy.contains(&format!("'nonce-{nonce}'")), "{policy} {text}");
        nonces.insert(nonce);
    }
    assert_eq!(nonces.len(), 3, "never the same twice");
    let script = browser.send("GET", "/assets/a.js", &[], "");
    assert_eq!(script.headers()["content-type"], "text/javascript; charset=utf-8");
    for nothing in ["/assets/b.js", "/v1/nothing", "/../office.toml", "/assets/%2e%2e/%2e%2e/office.toml"] {
        assert_eq!(browser.send("GET", nothing, &[], "").status(), 404, "{nothing}");
    }
    let odd = browser.send("PUT", "/v1/me", &[], "");
    assert_eq!(
        (odd.status().as_u16(), &odd.headers()["content-type"]),
        (405, &"application/problem+json".parse().unwrap())
    );
    std::fs::remove_file(built.path().join("index.html")).unwrap();
    assert!(browser.send("GET", "/", &[], "").text().unwrap().contains("npm run build"));
}

#[test]
fn the_event_stream_tells_a_growing_number_and_nothing_else() {
    let (bureau, office, kiosk) = place(&Settings::default());
    bureau.officer_with("officer-1", &[GRANT], Some(("a-good-password", false)));
    let mut browser = Browser::new(&bureau, &office);
    let sign_in = json!({ "officer": "officer-1", "password": "a-good-password" });
    assert_eq!(browser.write("/v1/session", &sign_in).0, 200);
    let stream = browser.send("GET", "/v1/events", &[], "");
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
    let mut next = || {
        let lines = [lines.next().unwrap(), lines.next().unwrap(), lines.next().unwrap()];
        assert_eq!((lines[0].as_str(), lines[2].as_str()), ("event: queue", ""));
        let body: Value = serde_json::from_str(lines[1].strip_prefix("data: ").unwrap()).unwrap();
        assert_eq!(body.as_object().unwrap().len(), 1);
        body["version"].as_u64().unwrap()
    };
    let first = next();
    submit(&kiosk);
    let second = next();
    assert!(second > first);
    assert!(browser.get("/v1/queue").1["version"].as_u64().unwrap() >= second);
}

#[test]
fn what_is_sent_is_what_is_described() {
    let (bureau, office, kiosk) = place(&Settings::default());
    let officer = Officer::new(&bureau, &office, bureau.officer_with("officer-1", &[GRANT], None));
    bureau.officer_with("officer-2", &[GRANT, ("reviewer", "traffic", "yunqiao")], None);
    let (_, document) = officer.get("/v1/openapi.json");
    let case = officer.case_of(submit(&kiosk));
    let id = case["id"].as_str().unwrap();
    let path = |verb: &str| format!("/v1/cases/{id}{verb}");
    let (_, held) = officer.post(&path("/claim"), &json!({}));
    let by = "2099-12-31";
    let items = json!([{ "key": "household-book", "code": "201", "words": "系统里没有 later:household-book" }]);
    let asked = json!({ "decision": { "decision": "return-for-supplement", "items": items, "by": by } });
    for (schema, (status, value)) in [
        ("Me", officer.get("/v1/me")),
        ("Queue", officer.get("/v1/queue")),
        ("Case", (200, held)),
        ("CaseDetail", officer.get(&path(""))),
        ("Colleagues", officer.get(&path("/colleagues"))),
        ("SupplementReasons", officer.get(&path("/supplement-reasons"))),
        ("Preview", officer.post(&path("/preview"), &asked)),
        ("FullNumber", officer.post(&path("/full-number"), &json!({}))),
        ("Problem", officer.post(&path("/release"), &json!({ "claim_epoch": 77 }))),
    ] {
        assert!(status == 200 || schema == "Problem", "{schema}: {value}");
        let described = json!({ "$ref": format!("#/components/schemas/{schema}") });
        assert_eq!(differences(&document, &described, &value, schema), Vec::<String>::new());
    }
    let names: Vec<&str> = document["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    assert!(names.len() > 18, "{names:?}");
    let planted = differences(&document, &json!({ "$ref": "#/components/schemas/Branch" }), &json!({ "id": 1 }), "x");
    assert_eq!(planted.len(), 2, "{planted:?}");
}

#[test]
fn an_officer_sees_levels_what_forbids_and_what_the_resident_will_read() {
    let (bureau, office, kiosk) = place(&Settings::default());
    let officer = Officer::new(&bureau, &office, bureau.officer_with("officer-1", &[GRANT], None));
    let case = officer.case_of(submit(&kiosk));
    let tags: Vec<&str> = case["tags"].as_array().unwrap().iter().filter_map(|tag| tag["words"].as_str()).collect();
    assert!(tags.contains(&"须当面核") && tags.contains(&"容缺 1 项"), "{tags:?}");
    assert_eq!(case["applicant"], CLEAN.0, "from memory");
    for (q, hits) in [("9988", 1), ("陈雨", 1), ("丢失", 1), ("A001", 1), ("a001", 1), ("1234", 0), ("张三", 0)] {
        let (_, list) = officer.get(&format!("/v1/queue?q={q}"));
        assert_eq!(list["cases"].as_array().unwrap().len(), hits, "{q}");
    }
    let code = case["code"].as_str().unwrap();
    let (_, list) = officer.get(&format!("/v1/queue?q={}-{}", &code[..4], &code[4..]));
    assert_eq!(list["cases"].as_array().unwrap().len(), 1);
    assert_eq!(list["counts"]["free"], 1);
    let path = |verb: &str| format!("/v1/cases/{}{verb}", case["id"].as_str().unwrap());
    let paper = |detail: &Value, key: &str| {
        let found = detail["papers"].as_array().unwrap().iter().find(|paper| paper["key"] == key).cloned();
        found.unwrap_or_else(|| panic!("no paper {key}"))
    };
    let approve = |detail: &Value| {
        detail["decisions"].as_array().unwrap().iter().find(|row| row["decision"] == "accept").unwrap().clone()
    };
    let (_, detail) = officer.get(&path(""));
    assert_eq!(paper(&detail, "field:photo")["level"], "C");
    assert_eq!(paper(&detail, "household-book")["state"], "later");
    assert_eq!((&detail["person"]["must_confirm"], &approve(&detail)["allowed"]), (&json!(true), &json!(false)));
    assert_eq!(detail["applicant"]["number_masked"], "330***********9988");
    let (_, held) = officer.post(&path("/claim"), &json!({}));
    let epoch = &held["claim_epoch"];
    let mark = |verb: &str, body: Value| officer.post(&path(verb), &body);
    let (_, detail) = mark("/papers/field:photo/checked", json!({ "claim_epoch": epoch, "checked": true }));
    assert_eq!(paper(&detail, "field:photo")["level_word"], "已核原件");
    let (_, detail) = mark("/papers/field:photo/checked", json!({ "claim_epoch": epoch, "checked": false }));
    assert_eq!(paper(&detail, "field:photo")["level"], "C");
    assert_eq!(mark("/papers/diploma/checked", json!({ "claim_epoch": epoch, "checked": true })).0, 404);
    assert_eq!(mark("/checks/machine:form", json!({ "claim_epoch": epoch, "done": true })).0, 404);
    assert_eq!(mark("/person", json!({ "claim_epoch": 0, "finding": "same" })).0, 409);
    let (_, detail) = mark("/person", json!({ "claim_epoch": epoch, "finding": "not-same" }));
    assert!(approve(&detail)["why_not"].to_string().contains("不是同一人"));
    let (_, detail) = mark("/person", json!({ "claim_epoch": epoch, "finding": "in-person" }));
    assert!(
        approve(&detail)["why_not"].to_string().contains("等本人到柜台当面核"),
        "asked to the counter is not yet seen"
    );
    let (_, detail) = mark("/person", json!({ "claim_epoch": epoch, "finding": "same" }));
    assert!(!approve(&detail)["why_not"].to_string().contains("本人"), "{}", approve(&detail));
    let (_, reasons) = officer.get(&path("/supplement-reasons"));
    let book = reasons["items"].as_array().unwrap().iter().find(|item| item["key"] == "household-book").unwrap();
    assert_eq!(book["reasons"][0]["words"], "请带来户口簿的原件。");
    let words = |words: &str| {
        let items = json!([{ "key": "household-book", "code": null, "words": words }]);
        let decision = json!({ "decision": "return-for-supplement", "items": items, "by": "2099-12-31" });
        officer.post(&path("/preview"), &json!({ "decision": decision })).1
    };
    let good = words("请带来户口簿的原件。");
    assert_eq!((&good["items"][0]["heading"], &good["findings"][0]["level"]), (&json!("户口簿"), &json!("ok")));
    assert!(good["lead"].as_str().unwrap().contains("保留"));
    assert_eq!(words("later:household-book")["findings"][0]["level"], "bad");
}

/// A bureau whose catalogue asks for two people to approve a lost card.
fn two_person_bureau() -> (Bureau, tempfile::TempDir) {
    let bureau = Bureau::new(&Settings::default());
    let copy = tempfile::tempdir().unwrap();
    let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../services-catalog");
    for (path, text) in ambient::read_tree(&shipped).unwrap() {
        let place = copy.path().join(&path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        let two = path == "services/id-replace-lost/service.toml";
        let text = if two { text.replace("priority = 5", "priority = 5\nsecond-person = [\"approve\"]") } else { text };
        std::fs::write(place, text).unwrap();
    }
    let path = bureau.folder.path().join("office.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let from = format!("path = {shipped:?}");
    assert!(text.contains(&from));
    std::fs::write(path, text.replace(&from, &format!("path = {:?}", copy.path()))).unwrap();
    (bureau, copy)
}

#[test]
fn two_people_approve_and_a_case_is_handed_over() {
    let (bureau, _catalogue) = two_person_bureau();
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let new = |id: &str, grant| Officer::new(&bureau, &office, bureau.officer_with(id, &[grant], None));
    let (one, two) = (new("officer-1", GRANT), new("officer-2", GRANT));
    let reviewer = new("reviewer-1", ("reviewer", "household", "yunqiao"));
    let above = new("supervisor-1", ("supervisor", "household", "yunqiao"));
    let case = one.case_of(submit(&kiosk));
    let path = |verb: &str| format!("/v1/cases/{}{verb}", case["id"].as_str().unwrap());
    let decide = |held: &Value, decision: Value| json!({ "claim_epoch": held["claim_epoch"], "version": held["version"], "decision": decision });
    assert_eq!(reviewer.post("/v1/queue/claim-next", &json!({})).0, 404, "a reviewer's next is what waits for one");
    let (_, held) = one.post("/v1/queue/claim-next", &json!({}));
    let (status, problem) = two.post(&path("/claim"), &json!({}));
    assert_eq!((status, kind(&problem), &problem["holder_name"]), (409, "claimed", &json!("李敏")));
    assert_eq!(two.post(&path("/assign"), &json!({ "officer": "officer-2" })).0, 409);
    let (status, _) = one.post(&path("/assign"), &json!({ "officer": "nobody" }));
    assert_eq!(status, 422);
    let (status, handed) = one.post(&path("/assign"), &json!({ "officer": "officer-2" }));
    assert_eq!((status, &handed["holder"]), (200, &json!("officer-2")));
    assert_eq!(one.post(&path("/renew"), &json!({ "claim_epoch": held["claim_epoch"] })).0, 409);
    let (_, held) = above.post(&path("/assign"), &json!({ "officer": "officer-1" }));
    one.check_everything(&held);
    let (status, accepted) = one.post(&path("/decide"), &decide(&held, json!({ "decision": "accept" })));
    assert_eq!(status, 200, "{accepted}");
    let (status, waits) = one.post(&path("/decide"), &decide(&accepted, json!({ "decision": "approve" })));
    assert_eq!((status, &waits["status"], &waits["second"]["officer"]), (200, &json!("accepted"), &json!("officer-1")));
    assert_eq!(one.post("/v1/queue/claim-next", &json!({})).0, 404, "the first is never the second");
    let (_, own) = one.post(&path("/claim"), &json!({}));
    let (status, problem) = one.post(&path("/decide"), &decide(&own, json!({ "decision": "approve" })));
    assert_eq!((status, kind(&problem)), (422, "decision-refused"));
    assert_eq!(one.post(&path("/release"), &json!({ "claim_epoch": own["claim_epoch"] })).0, 200);
    let (status, held) = reviewer.post("/v1/queue/claim-next", &json!({}));
    assert_eq!((status, &held["id"]), (200, &case["id"]));
    let (status, done) = reviewer.post(&path("/decide"), &decide(&held, json!({ "decision": "approve" })));
    assert_eq!((status, &done["status"], &done["second"]), (200, &json!("approved"), &Value::Null), "{done}");
}
