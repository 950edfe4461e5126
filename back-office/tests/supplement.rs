//! What a person brings later: found at any kiosk by its person only, taken to its case once, and back to the same officer.

use crate::bureau::{Bureau, Office, PATIENCE, Settings};
use crate::parties::{CLEAN, Kiosk, Officer, REFER, payload};
use domain::answers::{Answer, Answers, AttachmentId};
use domain::ids::{FieldId, ReceiptCode, SubmissionId};
use domain::sensitive::Sensitive;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use wire::digest::Digest;
use wire::payload::{Identified, Payload};

const OLD_PHONE: &str = "13000000001";
const NEW_PHONE: &str = "13800002046";
const BOOK: &[u8] = b"a page of the household book";

struct Place {
    bureau: Bureau,
    office: Office,
    here: Kiosk,
    there: Kiosk,
    first: Officer,
    second: Officer,
}

fn place() -> Place {
    let bureau = Bureau::new(&Settings::default());
    // The office reads who may enter when it starts.
    let tokens = ["officer-1", "officer-2"].map(|id| bureau.officer(id, &["household"], true));
    let office = bureau.start();
    let [first, second] = tokens.map(|token| Officer::new(&bureau, &office, token));
    let here = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let there = Kiosk::enrolled(&bureau, &office, "yunqiao-2");
    Place { bureau, office, here, there, first, second }
}

fn answers(phone: &str, book: Answer) -> Answers {
    let mut answers = Answers::default();
    answers.set(FieldId::new("phone"), Answer::Text(Sensitive::new(phone.into())));
    answers.set(FieldId::new("household-book-pages"), book);
    answers
}

/// The lost card with the book to follow; gives id and code.
fn handed_in(kiosk: &Kiosk, person: (&str, &str)) -> (SubmissionId, ReceiptCode) {
    let mut payload = payload("id-replace-lost", person, Identified::CardAndFace, answers(OLD_PHONE, Answer::Later));
    payload.open = vec!["later:household-book".to_owned()];
    let ready = kiosk.ready(&payload, &[]);
    assert_eq!(kiosk.send(&ready).unwrap().0, 201);
    (ready.id, payload.code)
}

fn supplement(person: (&str, &str), of: SubmissionId, code: &ReceiptCode) -> Payload {
    let book = Answer::Document(vec![AttachmentId(Digest::of(BOOK).to_string())]);
    let mut payload = payload("id-replace-lost", person, Identified::NumberAndFace, answers(NEW_PHONE, book));
    payload.facts = domain::facts::Facts::new();
    payload.code = code.clone();
    payload.supplement_of = Some(of);
    payload
}

fn path(case: &Value, verb: &str) -> String {
    format!("/v1/cases/{}{verb}", case["id"].as_str().unwrap())
}

impl Place {
    fn decide(&self, case: &Value, decision: Value) -> Value {
        let (status, held) = self.first.post(&path(case, "/claim"), &json!({}));
        assert_eq!(status, 200, "{held}");
        if decision["decision"] == "accept" {
            self.first.check_everything(&held);
        }
        let (_, held) = self.first.post(&path(case, "/claim"), &json!({}));
        let body = json!({ "claim_epoch": held["claim_epoch"], "version": held["version"], "decision": decision });
        let (status, case) = self.first.post(&path(case, "/decide"), &body);
        assert_eq!(status, 200, "{case}");
        case
    }

    fn give_back(&self, case: &Value) -> Value {
        let items = json!([
            { "key": "household-book", "code": "201", "words": "请把首页拍下来。" },
            { "key": "field:phone", "code": null, "words": "打不通，请换一个。" },
            { "key": "fingerprint", "code": null, "words": "到窗口按一下。" },
        ]);
        self.decide(case, json!({ "decision": "return-for-supplement", "items": items, "by": "2099-12-31" }))
    }

    /// The case, once it stands so.
    fn stands(&self, id: SubmissionId, status: &str) -> Value {
        let until = Instant::now() + PATIENCE;
        loop {
            let case = self.first.case_of(id);
            if case["status"] == status {
                return case;
            }
            assert!(Instant::now() < until, "{status} does not come: {case}");
            std::thread::sleep(Duration::from_millis(25));
        }
    }

    fn count(&self, sql: &str) -> i64 {
        self.bureau.database().query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

#[test]
fn what_was_missing_is_told_and_brought_at_another_kiosk_and_the_same_officer_goes_on() {
    let place = place();
    let (id, code) = handed_in(&place.here, CLEAN);
    let case = place.first.case_of(id);
    place.give_back(&case);

    let (status, told) = place.there.own_cases(CLEAN.1, Identified::NumberAndFace, Some(&code));
    assert_eq!(status, 200, "{told}");
    let own = &told["cases"][0];
    assert_eq!((&own["status"], &own["submission"]), (&json!("supplement"), &json!(id)));
    assert_eq!(own["missing"]["by"], "2099-12-31");
    let items: Vec<(&str, &str, Option<&str>)> = own["missing"]["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["title"].as_str().unwrap(), item["words"].as_str().unwrap(), item["before"].as_str()))
        .collect();
    let wanted = [
        ("户口簿", "请把首页拍下来。", None),
        ("您的手机号", "打不通，请换一个。", Some("130****0001")),
        ("指纹", "到窗口按一下。", None),
    ];
    assert_eq!(items, wanted);
    assert!(!told.to_string().contains(OLD_PHONE) && !told.to_string().contains(CLEAN.1), "only masks go out: {told}");

    let ready = place.there.ready(&supplement(CLEAN, id, &code), &[BOOK]);
    let receipts: Vec<(u16, Vec<u8>)> = std::thread::scope(|scope| {
        let sends: Vec<_> = (0..2).map(|_| scope.spawn(|| place.there.send(&ready).unwrap())).collect();
        sends.into_iter().map(|send| send.join().unwrap()).collect()
    });
    assert_eq!(receipts[0].1, receipts[1].1, "sent twice, one receipt");
    let back = place.stands(id, "delivered");
    let open: Vec<&str> = back["open"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(open.contains(&"supplement-back") && !open.contains(&"later:household-book"), "{open:?}");
    assert!(
        !open.iter().any(|code| code.starts_with("form:phone") || code.starts_with("form:household-book")),
        "{open:?}"
    );
    assert!(open.contains(&"form:signature:empty"), "what was not brought stays open: {open:?}");
    assert!(back["tags"].to_string().contains("补正已回"));
    assert_eq!(place.count("SELECT count(*) FROM office_case"), 1, "no second case");
    assert_eq!(place.count("SELECT count(*) FROM supplement"), 1);
    assert_eq!(place.count("SELECT count(*) FROM audit WHERE leaf LIKE '%supplement-received%'"), 1, "one effect");

    assert_eq!(place.second.post("/v1/queue/claim-next", &json!({})).0, 404, "the officer who asked comes first");
    let (status, next) = place.first.post("/v1/queue/claim-next", &json!({}));
    assert_eq!((status, &next["id"]), (200, &back["id"]));
    let (_, detail) = place.first.get(&path(&back, ""));
    let shown = detail["form"].to_string();
    assert!(shown.contains(NEW_PHONE) && shown.contains("已交 1 页"), "the newest answers: {shown}");
    let book = detail["papers"].as_array().unwrap().iter().find(|paper| paper["key"] == "household-book").unwrap();
    assert_eq!((&book["state"], &book["checked"]), (&json!("present"), &Value::Null));
    let attachment = book["pages"][0]["attachment"].as_str().unwrap();
    assert_eq!(place.first.get(&path(&back, &format!("/attachments/{attachment}"))).0, 200);
    let told: Vec<&str> = detail["history"].as_array().unwrap().iter().filter_map(|l| l["words"].as_str()).collect();
    for words in ["退回补正", "本人在自助机查进度", "补正送来", "补正内容已放进办件，2 项"]
    {
        assert!(told.contains(&words), "{words}: {told:?}");
    }
    let before = &detail["earlier"][0]["answers"];
    assert!(before.to_string().contains(OLD_PHONE), "what stood there before is in the history: {detail}");

    // What is said of a supplement is said of its case.
    let body = json!({ "submission": ready.id, "stars": 3 });
    let rated = place.there.client.post(format!("{}/v1/ratings", place.there.base)).json(&body).send().unwrap();
    assert_eq!(rated.status().as_u16(), 204);
    let (_, report) = place.first.get("/v1/report/ratings");
    assert_eq!((&report["total"]["count"], &report["rows"][0]["item"]), (&json!(1), &back["title"]), "{report}");

    let (_, again) = place.here.own_cases(CLEAN.1, Identified::CardAndFace, None);
    assert_eq!((&again["cases"][0]["supplemented"], &again["cases"][0]["status"]), (&json!(true), &json!("delivered")));
    drop(place.office);
    nothing_readable(&place.bureau);
}

/// No file of the office holds a word of the person.
fn nothing_readable(bureau: &Bureau) {
    let mut folders = vec![bureau.folder.path().join("data")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let bytes = std::fs::read(&path).unwrap();
            for word in [CLEAN.0, CLEAN.1, OLD_PHONE, NEW_PHONE, "a page of the household book"] {
                let found = bytes.windows(word.len()).any(|window| window == word.as_bytes());
                assert!(!found, "{word} is readable in {}", path.display());
            }
        }
    }
    assert!(files > 3, "the search looked at {files} files");
}

#[test]
fn the_clock_of_law_goes_on_after_the_days_of_waiting() {
    let place = place();
    let (id, code) = handed_in(&place.here, CLEAN);
    let case = place.first.case_of(id);
    let accepted = place.decide(&case, json!({ "decision": "accept" }));
    let accepted_on: jiff::civil::Date = back_office::office::china_day(ambient::now());
    let sixty = accepted_on.saturating_add(jiff::Span::new().days(60));
    assert_eq!(accepted["statutory_on"], sixty.to_string());
    let parked = place.give_back(&accepted);
    assert_eq!(parked["statutory_on"], Value::Null, "it stands still");
    // As if accepted five days ago and returned one day later: four days of waiting.
    let earlier = accepted_on.saturating_sub(jiff::Span::new().days(5));
    let planted = format!("UPDATE office_case SET accepted_on = '{earlier}', used_calendar = 1, used_working = 1");
    assert_eq!(place.bureau.database().execute(&planted, []).unwrap(), 1);
    place.there.send(&place.there.ready(&supplement(CLEAN, id, &code), &[BOOK])).unwrap();
    let back = place.stands(id, "accepted");
    let last = earlier.saturating_add(jiff::Span::new().days(60 + 4));
    assert_eq!(back["statutory_on"], last.to_string(), "the days of waiting are added");
    let (_, told) = place.here.own_cases(CLEAN.1, Identified::CardAndFace, None);
    assert_eq!((&told["cases"][0]["status"], &told["cases"][0]["missing"]), (&json!("accepted"), &Value::Null));
}

#[test]
fn what_cannot_go_to_its_case_becomes_a_case_for_a_person() {
    let place = place();
    let (id, code) = handed_in(&place.here, CLEAN);
    let case = place.first.case_of(id);
    place.give_back(&case);
    let unconfirmed = Payload { identified: Identified::CardOfficer, ..supplement(CLEAN, id, &code) };
    let unknown = SubmissionId(ambient::new_uuid());
    for (payload, why) in [
        (supplement(REFER, id, &code), "supplement-of-another".to_owned()),
        (unconfirmed, "supplement-of-another".to_owned()),
        (supplement(CLEAN, unknown, &code), "supplement-of-unknown".to_owned()),
    ] {
        let ready = place.there.ready(&payload, &[BOOK]);
        assert_eq!(place.there.send(&ready).unwrap().0, 201, "it is taken in");
        let stray = place.first.case_of(ready.id);
        assert_eq!((&stray["open"], &stray["status"]), (&json!([why]), &json!("delivered")));
        let (_, detail) = place.first.get(&path(&stray, ""));
        assert!(detail["form"].to_string().contains(NEW_PHONE), "nothing of it is lost");
        assert_eq!(place.first.case_of(id)["status"], "supplement", "the case waits on");
    }
    let (_, detail) = place.first.get(&path(&case, ""));
    assert!(!detail["form"].to_string().contains(NEW_PHONE), "nothing of another came in");
    let refuse = json!({ "decision": "refuse-to-accept", "reason": "不属于本所。", "remedy": "请到户籍地派出所。" });
    place.decide(&case, refuse);
    let ready = place.there.ready(&supplement(CLEAN, id, &code), &[BOOK]);
    place.there.send(&ready).unwrap();
    let stray = place.first.case_of(ready.id);
    assert_eq!(stray["open"], json!([format!("supplement-of-ended:{}", case["id"].as_str().unwrap())]));
    assert_eq!(place.first.case_of(id)["status"], "refused", "an end is an end");
    let (_, told) = place.there.own_cases(CLEAN.1, Identified::CardAndFace, None);
    let ended = told["cases"].as_array().unwrap().iter().find(|own| own["submission"] == json!(id)).unwrap();
    assert_eq!(
        (&ended["ended"]["reason"], &ended["ended"]["remedy"]),
        (&json!("不属于本所。"), &json!("请到户籍地派出所。"))
    );
}

#[test]
fn a_code_finds_and_does_not_open() {
    let place = place();
    let (id, code) = handed_in(&place.here, CLEAN);
    place.first.case_of(id);
    // Another person with the same last four characters.
    let alike = format!("{}9988", &REFER.1[..14]);
    for (number, asked) in [(REFER.1, Some(&code)), (alike.as_str(), Some(&code)), (alike.as_str(), None)] {
        let (status, told) = place.there.own_cases(number, Identified::CardAndFace, asked);
        assert_eq!((status, &told), (200, &json!({ "cases": [] })), "{number}");
    }
    for identified in [Identified::CardOfficer, Identified::NumberOfficer] {
        let (status, problem) = place.there.own_cases(CLEAN.1, identified, Some(&code));
        assert_eq!((status, problem["type"].as_str()), (403, Some("urn:yimen:problem:not-identified")));
        assert!(!problem.to_string().contains(CLEAN.1));
    }
    assert_eq!(place.count("SELECT count(*) FROM audit WHERE leaf LIKE '%own-cases-asked%'"), 3, "every look is noted");
    assert_eq!(place.count("SELECT count(*) FROM audit WHERE leaf LIKE '%looked-by-person%'"), 0);
    let (_, told) = place.there.own_cases(CLEAN.1, Identified::CardAndFace, None);
    assert_eq!(told["cases"][0]["code"], code.as_str());
    assert_eq!(place.count("SELECT count(*) FROM audit WHERE leaf LIKE '%looked-by-person%'"), 1);
    assert_eq!(place.first.get("/v1/audit/check").1["ok"], true);
}
