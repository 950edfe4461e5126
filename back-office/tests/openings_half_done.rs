//! Half-done visits: not in the queue, taken up by one scan by one officer, a case when submitted, erased when nobody comes.

use crate::bureau::{Bureau, Office, PATIENCE, Settings};
use crate::openings::{desk, fill, nothing_in_plain, path, walk, write};
use crate::parties::{CLEAN, Kiosk, Officer, Ready, client, payload};
use domain::answers::{Answer, Answers, AttachmentId};
use domain::ids::FieldId;
use domain::sensitive::Sensitive;
use domain::service::Applicant;
use serde_json::{Value, json};
use std::time::Instant;
use wire::digest::Digest;
use wire::payload::{Identified, Payload, PictureRole, Unfinished};

const PORTRAIT: &[u8] = b"\xff\xd8\xff a portrait";

/// The portrait of the card's chip.
const CHIP: &[u8] = b"\xff\xd8\xff a portrait of the card";

/// Somebody stopped at the contact step of a lost identity card: two answers, a portrait, and a number half typed.
fn half_done(kiosk: &Kiosk, identified: Identified) -> (Payload, Ready) {
    let mut answers = Answers::default();
    let mut set = |field: &str, answer| answers.set(FieldId::new(field), answer);
    set("how", Answer::Choice(vec!["lost".into()]));
    set("where", Answer::Text(Sensitive::new("将军桥菜市场".into())));
    set("photo", Answer::Photo(AttachmentId(Digest::of(PORTRAIT).to_string())));
    let mut payload = payload("id-replace-lost", CLEAN, identified, answers);
    payload.unfinished = Some(Unfinished {
        step: Some("contact".into()),
        entered: [(FieldId::new("phone"), Sensitive::new("1380000".to_owned()))].into(),
    });
    payload.pictures = [(PictureRole::CardPortrait, AttachmentId(Digest::of(CHIP).to_string()))].into();
    let ready = kiosk.ready(&payload, &[PORTRAIT, CHIP]);
    (payload, ready)
}

/// Scans until the office's machine has put the visit aside.
fn scan(officer: &Officer, code: &str) -> (u16, Value) {
    let until = Instant::now() + PATIENCE;
    loop {
        let (status, answer) = officer.post("/v1/openings/by-code", &json!({ "code": code }));
        if status != 404 {
            return (status, answer);
        }
        assert!(Instant::now() < until, "the visit does not arrive: {answer}");
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
}

fn field(opening: &Value, id: &str) -> Value {
    let steps = opening["steps"].as_array().unwrap().iter();
    steps.flat_map(|step| step["fields"].as_array().unwrap()).find(|field| field["id"] == id).unwrap().clone()
}

fn submit(officer: &Officer, opening: &Value) -> Value {
    let (status, case) = officer.post(&path(opening, "/submit"), &json!({ "version": opening["version"] }));
    assert_eq!(status, 200, "{case}");
    case
}

#[test]
fn one_scan_opens_it_with_everything_that_was_written_and_it_survives_a_power_cut() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let officer = desk(&bureau, &office, "officer-1");
    let (payload, ready) = half_done(&kiosk, Identified::CardAndFace);
    let (status, receipt) = kiosk.send(&ready).unwrap();
    assert_eq!(status, 201);
    let (status, opening) = scan(&officer, &payload.code.grouped().to_lowercase());
    assert_eq!(status, 200, "{opening}");
    let (_, queue) = officer.get("/v1/queue?closed=true&most=500");
    assert_eq!(queue["cases"], json!([]), "a half-done visit is not in the queue");
    assert_eq!((&opening["from"], &opening["code"]), (&json!("kiosk"), &json!(payload.code.as_str())));
    let words = opening["from_words"].as_str().unwrap();
    assert!(words.starts_with("云桥派出所 1 号机 · ") && words.contains("填到“"), "{words}");
    assert_eq!(
        (&field(&opening, "where")["value"], &field(&opening, "where")["from_visit"]),
        (&json!("将军桥菜市场"), &json!(true))
    );
    let phone = field(&opening, "phone");
    assert_eq!(phone["value"], "1380000", "half a number is not lost");
    assert!(phone["error"].is_string());
    let photo = opening["papers"].as_array().unwrap().iter().find(|paper| paper["key"] == "field:photo").unwrap();
    assert_eq!((&photo["state"], &photo["pages"]), (&json!("scanned"), &json!(1)));
    assert_eq!(photo["pages_list"][0]["attachment"], Digest::of(PORTRAIT).to_string());
    assert_eq!(opening["card_photo"]["attachment"], Digest::of(CHIP).to_string());
    assert_eq!(opening["live_photo"]["attachment"], Digest::of(PORTRAIT).to_string(), "the form's own portrait");
    for (shown, bytes) in [(&photo["pages_list"][0], PORTRAIT), (&opening["card_photo"], CHIP)] {
        let attachment = format!("/attachments/{}", shown["attachment"].as_str().unwrap());
        let (headers, body) = officer.file(&path(&opening, &attachment));
        assert_eq!(headers["content-type"], shown["media_type"].as_str().unwrap());
        assert_eq!(body, bytes);
        assert_eq!(headers["cache-control"], "no-store");
    }
    assert_eq!(count_leaves(&bureau, "attachment-opened"), 2);
    let strange = format!("/attachments/{}", Digest::of(b"another"));
    assert_eq!(officer.status_only(&path(&opening, &strange)).0, 404);
    let colleague = desk(&bureau, &office, "officer-2");
    let theirs = format!("/attachments/{}", Digest::of(CHIP));
    assert_eq!(colleague.status_only(&path(&opening, &theirs)).0, 409, "only who has it looks at it");

    let opening = write(&officer, &opening, &json!({ "phone": "13800002046" }));
    assert_eq!(field(&opening, "phone")["from_visit"], false);
    office.kill();
    let office = bureau.start();
    let officer = desk(&bureau, &office, "officer-1");
    let (_, list) = officer.get("/v1/openings");
    assert_eq!((&list["openings"][0]["id"], &list["openings"][0]["applicant"]), (&opening["id"], &json!(CLEAN.0)));
    let (_, again) = officer.get(&path(&opening, ""));
    assert_eq!((&again["version"], &field(&again, "phone")["value"]), (&opening["version"], &json!("13800002046")));

    let case = submit(&officer, &fill(&officer, again, "id-replace-lost"));
    let (_, detail) = officer.get(&format!("/v1/cases/{}", case["id"].as_str().unwrap()));
    assert!(detail["form"].to_string().contains("将军桥菜市场"));
    let chip = &detail["person"]["card_photo"]["attachment"];
    assert_eq!(chip, &json!(Digest::of(CHIP).to_string()), "the card's portrait went along");
    assert_eq!(detail["history"][0]["words"], "自助机填了一半，在窗口接着办");
    let attachment = format!("/v1/cases/{}/attachments/{}", case["id"].as_str().unwrap(), Digest::of(PORTRAIT));
    assert_eq!(officer.status_only(&attachment).0, 200, "the portrait of the visit is the case's");
    let (status, scanned) = officer.post("/v1/openings/by-code", &json!({ "code": payload.code.as_str() }));
    assert_eq!((status, &scanned["case"]), (409, &case["id"]));
    // What the kiosk sends again is answered as before, and has no effect.
    let replay = kiosk.at(&office).put(&ready).unwrap();
    assert_eq!((replay.status().as_u16(), replay.bytes().unwrap().to_vec()), (200, receipt));
    let (_, queue) = officer.get("/v1/queue?closed=true&most=500");
    assert_eq!(queue["cases"].as_array().unwrap().len(), 1);
    let superseded = ready.blobs[0].sha256.as_str();
    let kept: i64 = bureau
        .database()
        .query_row("SELECT COUNT(*) FROM submission_part WHERE sha256 = ?1", [superseded], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, 0, "the half-done answers are erased, the case holds all of them");
    let file = bureau.folder.path().join("data/blobs").join(&superseded[..2]).join(superseded);
    assert!(!file.exists(), "and never were a file");
    nothing_in_plain(&bureau, &[CLEAN.0, CLEAN.1, "将军桥", "13800002046"]);
}

#[test]
fn two_officers_scan_at_once_and_one_has_it() {
    let bureau = Bureau::new(&Settings { lease_seconds: 2, ..Settings::default() });
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let officers = [desk(&bureau, &office, "officer-1"), desk(&bureau, &office, "officer-2")];
    for _ in 0..5 {
        let (payload, ready) = half_done(&kiosk, Identified::CardAndFace);
        kiosk.send(&ready).unwrap();
        let answers: Vec<(u16, Value)> = std::thread::scope(|scope| {
            let both: Vec<_> =
                officers.iter().map(|officer| scope.spawn(|| scan(officer, payload.code.as_str()))).collect();
            both.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let winner = answers.iter().position(|(status, _)| *status == 200).unwrap();
        let (status, refused) = &answers[1 - winner];
        assert_eq!((*status, refused["type"].as_str()), (409, Some("urn:yimen:problem:in-other-hands")), "{refused}");
        assert_eq!(refused["holder_name"], format!("officer-{}", winner + 1));
        let opening = &answers[winner].1;
        assert_eq!(officers[1 - winner].get(&path(opening, "")).0, 409);
        assert_eq!(scan(&officers[winner], payload.code.as_str()).0, 200, "one's own is opened again");
    }
    // A colleague who left it: after a lease in which nothing was done, the person is not left standing.
    let (payload, ready) = half_done(&kiosk, Identified::CardAndFace);
    kiosk.send(&ready).unwrap();
    let (_, opening) = scan(&officers[0], payload.code.as_str());
    let until = Instant::now() + PATIENCE;
    while scan(&officers[1], payload.code.as_str()).0 != 200 {
        assert!(Instant::now() < until, "never free");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let body = json!({ "version": opening["version"], "answers": { "phone": "13800002046" } });
    assert_eq!(officers[0].post(&path(&opening, "/answers"), &body).0, 409, "it is in other hands now");
}

#[test]
fn whom_nobody_confirmed_at_the_kiosk_is_looked_up_only_at_the_counter() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let officer = desk(&bureau, &office, "officer-1");
    let (mut payload, _) = half_done(&kiosk, Identified::NumberOfficer);
    payload.applicant.name = Sensitive::default();
    payload.facts = domain::facts::Facts::new();
    payload.open = vec!["confirm-person".into()];
    payload.pictures = [(PictureRole::LiveFace, AttachmentId(Digest::of(CHIP).to_string()))].into();
    kiosk.send(&kiosk.ready(&payload, &[PORTRAIT, CHIP])).unwrap();
    let (_, opening) = scan(&officer, payload.code.as_str());
    assert!(field(&opening, "person.name")["value"].is_null(), "a slip on the counter shows nothing of the registry");
    assert_eq!(count_leaves(&bureau, "own-record-asked"), 0);
    let seen = field(&opening, "person.seen");
    assert_eq!((&seen["kind"], &seen["required"], &seen["value"]), (&json!("declaration"), &json!(true), &Value::Null));
    assert!(seen["help"].as_str().unwrap().contains("比对没有通过，或没有结果，请当面核对"), "{seen}");

    // Everything else is done: nobody is confirmed without the officer's own word.
    let all_but = fill(&officer, opening, "id-replace-lost");
    assert_eq!(field(&all_but, "person.name")["value"], CLEAN.0, "asked when the officer had looked");
    assert_eq!(count_leaves(&bureau, "own-record-asked"), 1);
    let unseen = write(&officer, &all_but, &json!({ "person.seen": null }));
    assert_eq!(unseen["missing"], json!(["已看证件，是本人：还没有核对"]), "{unseen}");
    assert_eq!(unseen["steps"][0]["done"], false);
    let (status, refused) = officer.post(&path(&unseen, "/submit"), &json!({ "version": unseen["version"] }));
    assert_eq!((status, &refused["why"]), (422, &unseen["missing"]));
    assert_eq!(count_leaves(&bureau, "person-found"), 0);
    let seen = write(&officer, &unseen, &json!({ "person.seen": "yes" }));
    let case = submit(&officer, &seen);
    assert!(!case["open"].to_string().contains("confirm-person"), "{case}");
    assert_eq!(case["tags"], json!([]), "{case}");
    assert_eq!(count_leaves(&bureau, "person-found"), 1);
    let (_, detail) = officer.get(&format!("/v1/cases/{}", case["id"].as_str().unwrap()));
    assert_eq!(detail["person"]["confirmed"]["finding"], "same");
    assert_eq!(detail["person"]["confirmed"]["officer_name"], "officer-1");
}

#[test]
fn another_number_is_another_person_to_be_looked_at_and_nothing_of_the_first_stays() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let officer = desk(&bureau, &office, "officer-1");
    let (mut payload, _) = half_done(&kiosk, Identified::CardAndFace);
    payload.answers.set(FieldId::new("signature"), Answer::CannotSign);
    kiosk.send(&kiosk.ready(&payload, &[PORTRAIT, CHIP])).unwrap();
    let (_, opening) = scan(&officer, payload.code.as_str());
    let full = fill(&officer, opening, "id-replace-lost");
    let photo = |opening: &Value| {
        let mut papers = opening["papers"].as_array().unwrap().iter();
        papers.find(|paper| paper["key"] == "field:photo").unwrap()["state"].clone()
    };
    assert_eq!((&field(&full, "person.seen")["value"], photo(&full)), (&json!("yes"), json!("scanned")));
    assert_eq!(field(&full, "person.id-number")["from_visit"], true);

    let other = write(&officer, &full, &json!({ "person.id-number": "330304198405189978" }));
    assert!(field(&other, "person.seen")["value"].is_null(), "asked anew");
    assert!(field(&other, "person.seen")["help"].is_null(), "the machine said nothing of this one");
    assert_eq!(photo(&other), "missing");
    assert!(other["card_photo"].is_null() && other["live_photo"].is_null(), "{other}");
    for picture in [PORTRAIT, CHIP] {
        let attachment = format!("/attachments/{}", Digest::of(picture));
        assert_eq!(officer.status_only(&path(&other, &attachment)).0, 404, "nobody looks at the first one's any more");
    }
    assert!(field(&other, "signature")["value"].is_null());
    assert_eq!(field(&other, "where")["value"], "将军桥菜市场", "what is no person's stays");
    assert_eq!(field(&other, "person.id-number")["from_visit"], false, "the officer wrote it");
    assert_eq!(count_leaves(&bureau, "own-record-asked"), 0, "nobody has looked at this one yet");
    let case = submit(&officer, &fill(&officer, other, "id-replace-lost"));
    assert_eq!(count_leaves(&bureau, "own-record-asked"), 1);
    let (_, detail) = officer.get(&format!("/v1/cases/{}", case["id"].as_str().unwrap()));
    assert!(detail["person"]["card_photo"].is_null(), "the first one's picture did not go along: {detail}");
    assert_eq!(detail["applicant"]["name"], "林志强", "{detail}");
    // One's own number again is no change.
    let (payload, ready) = half_done(&kiosk, Identified::CardAndFace);
    kiosk.send(&ready).unwrap();
    let (_, opening) = scan(&officer, payload.code.as_str());
    let same = write(&officer, &opening, &json!({ "person.id-number": CLEAN.1, "person.seen": "yes" }));
    assert_eq!(photo(&same), "scanned");
    assert_eq!(field(&same, "person.id-number")["from_visit"], true);
}

fn count_leaves(bureau: &Bureau, action: &str) -> i64 {
    let sql = "SELECT COUNT(*) FROM audit WHERE leaf LIKE ?1";
    bureau.database().query_row(sql, [format!("%\"{action}\"%")], |row| row.get(0)).unwrap()
}

#[test]
fn a_guardian_and_a_proxy_go_on_with_theirs_too() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let officer = desk(&bureau, &office, "officer-1");
    for (service, matter, subject, tag) in [
        ("passport-minor", Applicant::Guardian, "410402201801019994", ""),
        ("no-criminal-record-proxy", Applicant::Proxy, "330304198405189978", "须核委托书"),
    ] {
        let mother = ("吴雪梅", "330327198512319963");
        let mut half = payload(service, mother, Identified::CardAndFace, Answers::default());
        half.matter = matter;
        half.subject = Some(Sensitive::new(subject.to_owned()));
        half.unfinished = Some(Unfinished::default());
        kiosk.send(&kiosk.ready(&half, &[])).unwrap();
        let (status, opening) = scan(&officer, half.code.as_str());
        assert_eq!(status, 200, "{opening}");
        assert_eq!(field(&opening, "person.subject")["value"], subject);
        let own = write(&officer, &opening, &json!({ "person.subject": mother.1 }));
        assert_eq!(field(&own, "person.subject")["error"], "和办事人的号码一样，请填对方的号码");
        let opening = write(&officer, &own, &json!({ "person.subject": subject }));
        let case = submit(&officer, &fill(&officer, opening, service));
        assert!(case["tags"].to_string().contains(tag), "{case}");
        let (_, detail) = officer.get(&format!("/v1/cases/{}", case["id"].as_str().unwrap()));
        assert!(detail["applicant"]["subject_masked"].is_string(), "{detail}");
    }
}

#[test]
fn the_status_page_says_that_it_waits_at_the_counter_to_whoever_has_the_number_too() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let officer = desk(&bureau, &office, "officer-1");
    let (payload, ready) = half_done(&kiosk, Identified::CardAndFace);
    kiosk.send(&ready).unwrap();
    let public = client(&bureau.ca_pem, None);
    let ask = |number: &str| {
        let form = format!("code={}&number={number}", payload.code.as_str());
        let request = public.post(format!("https://127.0.0.1:{}/s", office.ports.public));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.body(form).send().unwrap().text().unwrap()
    };
    let until = Instant::now() + PATIENCE;
    let arrived = || bureau.database().query_row("SELECT COUNT(*) FROM opening", [], |row| row.get::<_, i64>(0));
    while arrived() != Ok(1) {
        assert!(Instant::now() < until, "the visit does not arrive");
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    let page = ask(CLEAN.1);
    assert!(page.contains("还没有办完"), "{page}");
    let week = ambient::now() + jiff::SignedDuration::from_hours(7 * 24);
    let day = domain::case::letter::long_day(jiff::tz::offset(8).to_datetime(week).date());
    assert!(page.contains(&day) && page.contains("接着办") && page.contains(&payload.code.grouped()), "{day} {page}");
    for personal in [CLEAN.0, CLEAN.1, &CLEAN.1[14..], "将军桥"] {
        assert!(!page.contains(personal), "{personal} is on the page");
    }
    assert!(ask("330304198405189978").contains("没有查到"), "the code alone opens nothing");
    assert_eq!(scan(&officer, payload.code.as_str()).0, 200);
    assert!(!ask(CLEAN.1).contains("还没有办完"), "it has been taken up");
}

#[test]
fn what_one_officer_scans_and_writes_at_once_is_shown_under_its_own_version() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let officer = desk(&bureau, &office, "officer-1");
    let (payload, ready) = half_done(&kiosk, Identified::CardAndFace);
    kiosk.send(&ready).unwrap();
    let (_, opening) = scan(&officer, payload.code.as_str());
    let place = |opening: &Value| (opening["version"].as_i64().unwrap(), field(opening, "where")["value"].clone());
    let done = std::sync::atomic::AtomicBool::new(false);
    let (written, seen) = std::thread::scope(|scope| {
        let tabs: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let mut seen = Vec::new();
                    while !done.load(std::sync::atomic::Ordering::SeqCst) {
                        let (status, opening) = scan(&officer, payload.code.as_str());
                        assert_eq!(status, 200, "{opening}");
                        seen.push(place(&opening));
                    }
                    seen
                })
            })
            .collect();
        let mut written = std::collections::BTreeMap::from([place(&opening)]);
        let mut opening = opening;
        for number in 0..30 {
            opening = write(&officer, &opening, &json!({ "where": format!("第 {number} 处") }));
            written.extend([place(&opening)]);
        }
        done.store(true, std::sync::atomic::Ordering::SeqCst);
        (written, tabs.into_iter().flat_map(|tab| tab.join().unwrap()).collect::<Vec<_>>())
    });
    assert!(seen.len() > 5, "{seen:?}");
    for (version, value) in seen {
        assert_eq!(Some(&value), written.get(&version), "version {version}");
    }
}

#[test]
fn nobody_comes_for_a_week_and_the_content_is_erased() {
    let settings = Settings { workbench: "sweep_seconds = 1".to_owned(), ..Settings::default() };
    let bureau = Bureau::new(&settings);
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let officer = desk(&bureau, &office, "officer-1");
    let send = |kiosk: &Kiosk| {
        let (payload, ready) = half_done(kiosk, Identified::CardAndFace);
        kiosk.send(&ready).unwrap();
        payload.code
    };
    let (old, young, open) = (send(&kiosk), send(&kiosk), send(&kiosk));
    scan(&officer, open.as_str());
    let until = Instant::now() + PATIENCE;
    let state = |code: &str| -> Option<(String, bool)> {
        let sql = "SELECT state, sealed IS NULL FROM opening WHERE code = ?1";
        bureau.database().query_row(sql, [code], |row| Ok((row.get(0)?, row.get(1)?))).ok()
    };
    while state(old.as_str()).is_none() || state(young.as_str()).is_none() {
        assert!(Instant::now() < until, "the visits do not arrive");
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    let week = 7 * 24 * 3600 * 1000;
    for (code, ago) in [(&old, week), (&young, week - 3_600_000), (&open, week)] {
        let sql = "UPDATE opening SET touched_at = touched_at - ?1 WHERE code = ?2";
        assert_eq!(bureau.database().execute(sql, rusqlite::params![ago, code.as_str()]).unwrap(), 1);
    }
    let lapsed = |code: &str| state(code) == Some(("lapsed".to_owned(), true));
    let answers = || {
        let sql = "SELECT COUNT(*) FROM submission_part";
        bureau.database().query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    let kept = || (walk(&bureau.folder.path().join("data/blobs")), answers());
    while !lapsed(old.as_str()) || !lapsed(open.as_str()) || kept() != (2, 1) {
        assert!(Instant::now() < until, "{:?} {:?} {:?}", state(old.as_str()), state(open.as_str()), kept());
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    let (status, gone) = officer.post("/v1/openings/by-code", &json!({ "code": old.as_str() }));
    assert_eq!((status, gone["type"].as_str()), (404, Some("urn:yimen:problem:unknown-code")));
    assert!(gone["detail"].as_str().unwrap().contains("已清除"), "{gone}");
    let (_, unknown) = officer.post("/v1/openings/by-code", &json!({ "code": "ACDE FG79" }));
    assert!(unknown["detail"].as_str().unwrap().contains("联网后才送到"), "it may be at a kiosk still: {unknown}");
    assert_eq!(scan(&officer, young.as_str()).0, 200, "six days and some: still there");
    assert_eq!(count_leaves(&bureau, "opening-lapsed"), 2);
}

#[test]
fn another_branch_or_station_finds_no_such_code() {
    let bureau = Bureau::new(&Settings::default());
    let office: Office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let officer = desk(&bureau, &office, "officer-1");
    let (payload, ready) = half_done(&kiosk, Identified::CardAndFace);
    kiosk.send(&ready).unwrap();
    let (_, opening) = scan(&officer, payload.code.as_str());
    for (id, grant) in [
        ("officer-2", ("officer", "traffic", "yunqiao")),
        ("officer-3", ("officer", "household", "nantang")),
        ("officer-4", ("auditor", "household", "yunqiao")),
    ] {
        let stranger = Officer::new(&bureau, &office, bureau.officer_with(id, &[grant], None));
        let (status, answer) = stranger.post("/v1/openings/by-code", &json!({ "code": payload.code.as_str() }));
        // An auditor's role opens nothing at all; for an officer of another place the code does not exist.
        let expected = if id == "officer-4" { 403 } else { 404 };
        assert_eq!(status, expected, "{id} {answer}");
        assert!(!answer.to_string().contains("officer-1"), "{id} {answer}");
        for (method, rest) in [("get", ""), ("post", "/answers"), ("post", "/submit"), ("delete", "")] {
            let body = json!({ "version": 1, "answers": {} });
            let (status, answer) = stranger.send(method, &path(&opening, rest), &body);
            assert_eq!(status, 404, "{id} {method} {rest} {answer}");
        }
    }
}
