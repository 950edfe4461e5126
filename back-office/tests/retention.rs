//! The end of a case: what was closed long enough ago is erased by the running office, what is kept stays, and everybody who
//! asks gets a clear answer.

use crate::bureau::{Bureau, Office, PATIENCE, Settings};
use crate::openings::{branches, desk, fill, path};
use crate::parties::{CLEAN, Kiosk, Officer, REFER, Ready, certificate_payload, read};
use rusqlite::params;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use wire::outcome::Outcome;
use wire::payload::Identified;

const DAY: i64 = 24 * 3600 * 1000;

fn settings() -> Settings {
    Settings { workbench: "sweep_seconds = 1".into(), ..Settings::default() }
}

/// An instant certificate: closed the moment it is issued.
fn issued(kiosk: &Kiosk, person: (&str, &str)) -> (Ready, Vec<u8>) {
    let (payload, signature) = certificate_payload(person, Identified::CardAndFace);
    let ready = kiosk.ready(&payload, &[&signature]);
    kiosk.upload(&ready.blobs[1]).unwrap();
    let answer = kiosk.put_inline(&ready).unwrap();
    assert_eq!(answer.status().as_u16(), 201);
    let receipt = answer.bytes().unwrap().to_vec();
    assert!(matches!(kiosk.outcome(ready.id).0, Outcome::Issued { .. }));
    (ready, receipt)
}

/// Moves the moment of closing back by so many days.
fn closed_ago(bureau: &Bureau, case: &str, days: i64) {
    let sql = "UPDATE office_case SET closed_at = closed_at - ?1 WHERE id = ?2 AND closed_at IS NOT NULL";
    assert_eq!(bureau.database().execute(sql, params![days * DAY, case]).unwrap(), 1, "{case} is closed");
}

fn standing(bureau: &Bureau, case: &str) -> Option<String> {
    let sql = "SELECT retention FROM office_case WHERE id = ?1";
    bureau.database().query_row(sql, [case], |row| row.get(0)).unwrap()
}

fn keys_of(bureau: &Bureau, owner: &str) -> i64 {
    let sql = "SELECT COUNT(*) FROM submission_key WHERE owner = ?1";
    bureau.custody().query_row(sql, [owner], |row| row.get(0)).unwrap()
}

fn until_erased(bureau: &Bureau, case: &str) {
    let until = Instant::now() + PATIENCE;
    while standing(bureau, case).as_deref() != Some("erased") {
        assert!(Instant::now() < until, "{:?}", standing(bureau, case));
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn id(case: &Value) -> String {
    case["id"].as_str().unwrap().to_owned()
}

fn leaves(bureau: &Bureau, case: &str) -> Vec<(String, Value)> {
    let database = bureau.database();
    let mut statement = database.prepare("SELECT leaf FROM audit WHERE object = ?1 ORDER BY seq").unwrap();
    let rows = statement.query_map([format!("case:{case}")], |row| row.get::<_, String>(0)).unwrap();
    let leaf = |text: String| {
        let leaf: Value = serde_json::from_str(&text).unwrap();
        (leaf["action"].as_str().unwrap().to_owned(), leaf["details"].clone())
    };
    rows.map(|text| leaf(text.unwrap())).collect()
}

/// Whether the list of closed cases tells the applicant of this one.
fn named(officer: &Officer, case: &str) -> bool {
    let (status, list) = officer.get("/v1/queue?closed=true&most=500");
    assert_eq!(status, 200);
    let rows = list["cases"].as_array().unwrap();
    let row = rows.iter().find(|row| row["id"] == case).unwrap();
    row["applicant"].is_string()
}

fn place() -> (Bureau, Office, Kiosk, Officer) {
    let bureau = Bureau::new(&settings());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let officer = desk(&bureau, &office, "officer-1");
    (bureau, office, kiosk, officer)
}

#[test]
fn what_is_over_its_time_is_erased_with_a_trace_and_everything_else_stays() {
    let (bureau, _office, kiosk, officer) = place();
    let (old, receipt) = issued(&kiosk, CLEAN);
    let (young, _) = issued(&kiosk, CLEAN);
    let (payload, signature) = certificate_payload(REFER, Identified::CardAndFace);
    let open = kiosk.ready(&payload, &[&signature]);
    kiosk.send(&open).unwrap();
    let [old_case, young_case, open_case] = [old.id, young.id, open.id].map(|id| officer.case_of(id));
    let paper = bureau.folder.path().join("data/issued");
    let papers = || std::fs::read_dir(&paper).unwrap().count();
    assert_eq!((papers(), keys_of(&bureau, &old.id.to_string())), (2, 3), "answers, signature, paper");
    // A reason of an officer lies sealed, too.
    let look = format!("/v1/cases/{}?reason={}", id(&old_case), "complaint");
    assert_eq!(officer.get(&look).0, 200);
    assert_eq!(keys_of(&bureau, &id(&old_case)), 1);

    assert_eq!(officer.get(&format!("/v1/cases/{}?reason=complaint", id(&young_case))).0, 200);
    assert!(named(&officer, &id(&old_case)) && named(&officer, &id(&young_case)), "both were read");
    let outcome = kiosk.outcome_now(young.id);

    // An open case has no moment of closing, however long it waits.
    let sql = "UPDATE office_case SET received_at = received_at - ?1 WHERE id = ?2";
    bureau.database().execute(sql, params![4000 * DAY, id(&open_case)]).unwrap();
    closed_ago(&bureau, &id(&young_case), 1094);
    closed_ago(&bureau, &id(&old_case), 1096);
    until_erased(&bureau, &id(&old_case));
    assert_eq!((standing(&bureau, &id(&young_case)), standing(&bureau, &id(&open_case))), (None, None));
    assert_eq!((papers(), keys_of(&bureau, &old.id.to_string()), keys_of(&bureau, &id(&old_case))), (1, 0, 0));
    assert_eq!(keys_of(&bureau, &young.id.to_string()), 3);

    // The trace: that it began, and what ended.
    let told = leaves(&bureau, &id(&old_case));
    let actions: Vec<&str> = told.iter().map(|(action, _)| action.as_str()).collect();
    assert_eq!(actions[actions.len() - 2..], ["erasing", "erased"]);
    let parts: Vec<Value> = old.blobs.iter().map(|blob| json!(blob.sha256.as_str())).collect();
    assert_eq!((&told.last().unwrap().1["keys"], &told.last().unwrap().1["parts"]), (&json!(4), &json!(parts)));

    // The tombstone holds nothing of the person.
    let columns = "SELECT code, last_four, ticket FROM office_case WHERE id = ?1";
    let left: [Option<String>; 3] = bureau
        .database()
        .query_row(columns, [id(&old_case)], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))
        .unwrap();
    assert_eq!(left, [None, None, None]);
    let text = |sql: &str| bureau.database().query_row(sql, [old.id.to_string()], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(text("SELECT COUNT(*) FROM submission_part WHERE submission = ?1"), 0);
    assert_eq!(text("SELECT COUNT(*) FROM submission WHERE id = ?1"), 1);

    // Everybody gets a clear answer. The same submission again: the same receipt, and no effect.
    let (status, told) = officer.get(&format!("/v1/cases/{}", id(&old_case)));
    assert_eq!((status, told["type"].as_str()), (410, Some("urn:yimen:problem:erased")));
    assert!(told["detail"].as_str().unwrap().contains("已按保存期限销毁"), "{told}");
    assert_eq!(officer.get(&look).0, 410);
    let again = kiosk.put_inline(&old).unwrap();
    assert_eq!((again.status().as_u16(), again.bytes().unwrap().to_vec()), (200, receipt));
    assert_eq!(keys_of(&bureau, &old.id.to_string()), 0, "a replay brings no key back");
    let ask = |id: &str, rest: &str| {
        read(kiosk.client.get(format!("{}/v1/submissions/{id}{rest}", kiosk.base)).send().unwrap())
    };
    let (status, standing) = ask(&old.id.to_string(), "");
    assert_eq!((status, &standing["state"]), (200, &json!("erased")));
    assert_eq!(ask(&young.id.to_string(), "").1["state"], "closed");
    assert_eq!(ask(&old.id.to_string(), "/outcome").0, 404);
    let (status, cases) = kiosk.own_cases(CLEAN.1, Identified::CardAndFace, None);
    let cases = cases["cases"].as_array().unwrap();
    assert_eq!((status, cases.len(), &cases[0]["submission"]), (200, 1, &json!(young.id)), "the young one only");
    assert_eq!(officer.get("/v1/queue?closed=true&most=500").0, 200);
    assert_eq!(officer.get("/v1/collections").0, 200);
    assert_eq!(kiosk.outcome_now(young.id), outcome, "what is kept is answered as before");

    // Nor does a list remember the person, who was read out of the answers while the case was here.
    let until = Instant::now() + PATIENCE;
    while named(&officer, &id(&old_case)) && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(!named(&officer, &id(&old_case)) && named(&officer, &id(&young_case)));
}

#[test]
fn a_case_that_is_held_or_waits_at_the_desk_is_kept_until_it_may_go() {
    let (bureau, office, kiosk, officer) = place();
    let (held, _) = issued(&kiosk, CLEAN);
    let held = id(&officer.case_of(held.id));
    let grants: Vec<_> = branches().into_iter().map(|branch| ("supervisor", branch, "yunqiao")).collect();
    let grants: Vec<_> = grants.iter().map(|(role, branch, station)| (*role, branch.as_str(), *station)).collect();
    let supervisor = Officer::new(&bureau, &office, bureau.officer_with("supervisor-1", &grants, None));
    let hold =
        |held_back: bool| supervisor.post(&format!("/v1/cases/{held}/retention"), &json!({ "held": held_back })).0;
    assert_eq!(hold(true), 200);
    closed_ago(&bureau, &held, 2000);

    let (_, opening) = officer.post("/v1/openings", &json!({ "service": "id-replace-lost" }));
    let opening = fill(&officer, opening, "id-replace-lost");
    let (status, case) = officer.post(&path(&opening, "/submit"), &json!({ "version": opening["version"] }));
    assert_eq!(status, 200, "{case}");
    let desk = approved(&officer, &case);
    closed_ago(&bureau, &id(&case), 2000);
    let (swept, _) = issued(&kiosk, CLEAN);
    let swept = id(&officer.case_of(swept.id));
    closed_ago(&bureau, &swept, 2000);
    until_erased(&bureau, &swept);
    assert_eq!(standing(&bureau, &id(&case)), None, "approved, not issued");
    let issue = json!({ "claim_epoch": desk["claim_epoch"], "ministry_number": "E12345678" });
    assert_eq!(officer.post(&format!("/v1/cases/{}/issue", id(&case)), &issue).0, 200);
    let (swept, _) = issued(&kiosk, CLEAN);
    let swept = id(&officer.case_of(swept.id));
    closed_ago(&bureau, &swept, 2000);
    until_erased(&bureau, &swept);
    assert_eq!(
        (standing(&bureau, &id(&case)), standing(&bureau, &held).as_deref()),
        (None, Some("held")),
        "at the desk"
    );
    let collected = json!({ "identity_checked": true, "by": "own" });
    assert_eq!(officer.post(&format!("/v1/collections/{}/collected", id(&case)), &collected).0, 200);
    until_erased(&bureau, &id(&case));
    assert_eq!(hold(false), 200);
    until_erased(&bureau, &held);
    assert_eq!(hold(true), 410);
    // What was opened at the counter is gone with its opening.
    let blobs = crate::openings::walk(&bureau.folder.path().join("data/blobs"));
    assert_eq!((blobs, keys_of(&bureau, opening["id"].as_str().unwrap())), (0, 0));
    let left: i64 = bureau.custody().query_row("SELECT COUNT(*) FROM submission_key", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0, "no key is left behind");
}

/// Claimed, everything looked at, accepted, approved.
fn approved(officer: &Officer, case: &Value) -> Value {
    officer.check_everything(case);
    let decide = |held: &Value, decision: Value| {
        let body = json!({ "claim_epoch": held["claim_epoch"], "version": held["version"], "decision": decision });
        let (status, case) = officer.post(&format!("/v1/cases/{}/decide", id(held)), &body);
        assert_eq!(status, 200, "{case}");
        case
    };
    let (_, now) = officer.get(&format!("/v1/cases/{}", id(case)));
    let held = decide(&now["case"], json!({ "decision": "accept" }));
    decide(&held, json!({ "decision": "approve" }))
}

/// Asks the verifier, which is no program of this workspace; `live` may be a folder with a planted fault.
fn verified(
    bureau: &Bureau,
    aside: &std::path::Path,
    live: &std::path::Path,
    erased: &[&str],
    kept: &[&str],
    words: &[&str],
) -> Value {
    use std::io::Write as _;
    let question = json!({
        "words": words, "live": live, "backup": aside.join("data"), "keys": aside.join("keys.db"), "erased": erased, "kept": kept,
        "identities": [bureau.folder.path().join("keys/branch.age"), bureau.folder.path().join("recovery.age")],
    });
    let verifier = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/faults/erasure.py");
    let mut process = std::process::Command::new("python3")
        .arg(verifier)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(question.to_string().as_bytes()).unwrap();
    let done = process.wait_with_output().unwrap();
    assert!(done.status.success(), "the verifier failed");
    serde_json::from_slice(&done.stdout).unwrap()
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    assert!(std::process::Command::new("cp").arg("-r").arg(from).arg(to).status().unwrap().success());
}

#[test]
fn after_the_end_neither_disk_nor_backup_opens_anything_of_it_with_any_identity() {
    let (bureau, office, kiosk, officer) = place();
    let (old, _) = issued(&kiosk, CLEAN);
    let (young, _) = issued(&kiosk, CLEAN);
    let [old_case, young_case] = [old.id, young.id].map(|id| self::id(&officer.case_of(id)));
    for case in [&old_case, &young_case] {
        assert_eq!(officer.get(&format!("/v1/cases/{case}?reason=complaint")).0, 200);
    }
    let sql = "SELECT code FROM office_case WHERE id = ?1";
    let code: String = bureau.database().query_row(sql, [&old_case], |row| row.get(0)).unwrap();
    office.stop();
    // The backup of the night before: everything but custody, which has one of its own.
    let aside = tempfile::tempdir().unwrap();
    let folder = bureau.folder.path();
    copy(&folder.join("data"), &aside.path().join("data"));
    let keys = aside.path().join("keys.db");
    bureau.custody().execute("VACUUM INTO ?1", [keys.to_str().unwrap()]).unwrap();
    let _office = bureau.start();
    closed_ago(&bureau, &old_case, 1096);
    until_erased(&bureau, &old_case);

    let (old, young) = (old.id.to_string(), young.id.to_string());
    // In the clear while a case is kept: the code on its slip.
    let words = [code.as_str()];
    let (erased, kept) = ([old.as_str(), &old_case], [young.as_str(), &young_case]);
    let until = Instant::now() + PATIENCE;
    let mut told = verified(&bureau, aside.path(), folder, &erased, &kept, &words);
    while told["words_found"] != 0 && Instant::now() < until {
        told = verified(&bureau, aside.path(), folder, &erased, &kept, &words);
    }
    assert_eq!((&told["words_found"], told["words_before"].as_u64() > Some(0)), (&json!(0), true), "{told}");
    let figure = |told: &Value, name: &str| told[name].as_u64().unwrap();
    assert_eq!((figure(&told, "found"), figure(&told, "opened")), (0, 0), "{told}");
    assert_eq!(
        (figure(&told, "things"), figure(&told, "kept_things")),
        (4, 4),
        "answers, signature, paper, reason: {told}"
    );
    assert!(figure(&told, "wanted") >= 4 * 5 && figure(&told, "kept_found") > 0, "{told}");
    assert_eq!(figure(&told, "kept_opened"), 4, "what is kept opens, so this could have failed: {told}");

    // Planted: a copy of the keys that nobody threw away.
    let planted = aside.path().join("planted");
    copy(folder, &planted);
    std::fs::copy(&keys, planted.join("keys-of-yesterday.db")).unwrap();
    let told = verified(&bureau, aside.path(), &planted, &erased, &kept, &words);
    assert_eq!((figure(&told, "found"), figure(&told, "opened")), (1, 4), "{told}");
}

#[test]
fn a_paper_of_an_ended_case_is_revoked_without_words_that_nothing_would_erase() {
    let (bureau, office, kiosk, officer) = place();
    let (ready, _) = issued(&kiosk, CLEAN);
    let case = id(&officer.case_of(ready.id));
    let sql = "SELECT number FROM certificate WHERE submission = ?1";
    let number: String = bureau.database().query_row(sql, [ready.id.to_string()], |row| row.get(0)).unwrap();
    closed_ago(&bureau, &case, 1096);
    until_erased(&bureau, &case);
    let branch = crate::openings::branches();
    let grants: Vec<_> = branch.iter().map(|branch| ("supervisor", branch.as_str(), "yunqiao")).collect();
    let supervisor = Officer::new(&bureau, &office, bureau.officer_with("supervisor-1", &grants, None));
    let revoke = format!("/v1/certificates/{number}/revoke");
    let (status, told) = supervisor.post(&revoke, &json!({ "reason": "误开给李某" }));
    assert_eq!(status, 200, "{told}");
    let count = |sql: &str| bureau.database().query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT COUNT(*) FROM certificate WHERE state = 'revoked'"), 1);
    assert_eq!((count("SELECT COUNT(*) FROM sealed_reason"), keys_of(&bureau, &ready.id.to_string())), (0, 0));
}

#[test]
fn the_key_of_an_opening_that_is_given_up_is_soon_in_no_file() {
    let (bureau, office, _kiosk, officer) = place();
    let (_, opening) = officer.post("/v1/openings", &json!({ "service": "id-replace-lost" }));
    let opening = fill(&officer, opening, "id-replace-lost");
    let owner = opening["id"].as_str().unwrap();
    let sql = "SELECT header FROM submission_key WHERE owner = ?1";
    let headers: Vec<Vec<u8>> = bureau
        .custody()
        .prepare(sql)
        .unwrap()
        .query_map([owner], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let found = || {
        let files = crate::bureau::files(&bureau.folder.path().join("custody"));
        // The authentication code at a header's end is its own.
        let ends = headers.iter().map(|header| &header[header.len() - 44..]);
        ends.filter(|end| files.iter().any(|(_, bytes)| bytes.windows(end.len()).any(|window| window == *end))).count()
    };
    assert!(headers.len() > 1 && found() == headers.len());
    assert_eq!(officer.send("delete", &path(&opening, ""), &Value::Null).0, 204);
    let until = Instant::now() + PATIENCE;
    while found() > 0 {
        assert!(Instant::now() < until, "{} of {} are still there", found(), headers.len());
        std::thread::sleep(Duration::from_millis(50));
    }
    drop(office);
}
