//! Officers' own access: the second factor, proving again, the limit of sessions, an account that is locked.

use crate::bureau::{Bureau, Office, PATIENCE, Settings};
use crate::parties::{Browser, CLEAN, Kiosk, Officer, payload, read};
use crate::schema::differences;
use domain::answers::Answers;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use wire::payload::Identified;

const GRANT: (&str, &str, &str) = ("officer", "household", "yunqiao");
const PASSWORD: &str = "a-good-password";

fn place(workbench: &str) -> (Bureau, Office) {
    let bureau = Bureau::new(&Settings { workbench: workbench.into(), ..Settings::default() });
    let office = bureau.start();
    bureau.officer_with("officer-1", &[GRANT], Some((PASSWORD, false)));
    (bureau, office)
}

fn kind(problem: &Value) -> &str {
    problem["type"].as_str().unwrap_or_default().trim_start_matches("urn:yimen:problem:")
}

/// A code as a device makes it, from the secret as it was shown (RFC 6238, written for this test).
fn code(base32: &str, step: i64) -> String {
    let mut bits = String::new();
    for letter in base32.chars() {
        let value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(letter).unwrap();
        bits += &format!("{value:05b}");
    }
    let secret: Vec<u8> =
        (0..bits.len() / 8).map(|at| u8::from_str_radix(&bits[at * 8..at * 8 + 8], 2).unwrap()).collect();
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(&secret).unwrap();
    mac.update(&u64::try_from(step).unwrap().to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] % 16);
    let number = u32::from_be_bytes(hash[at..at + 4].try_into().unwrap()) % (1 << 31);
    format!("{:06}", number % 1_000_000)
}

fn step_now() -> i64 {
    ambient::now().as_second() / 30
}

/// Asks until the delay after wrong tries is over; gives the first answer for which a proof was really looked at, which a leaf
/// tells of when it was wrong.
fn sign_in(bureau: &Bureau, browser: &mut Browser, password: &str, code: Option<&str>) -> (u16, Value) {
    let until = Instant::now() + PATIENCE;
    let before = leaves(bureau, "sign-in-refused");
    loop {
        let mut body = json!({ "officer": "officer-1", "password": password });
        if let Some(code) = code {
            body["code"] = code.into();
        }
        let (status, answer) = browser.write("/v1/session", &body);
        if status != 401 || leaves(bureau, "sign-in-refused") > before {
            return (status, answer);
        }
        assert!(Instant::now() < until, "{answer}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Signs in with a proof that is right, after whatever delay.
fn sign_in_right(bureau: &Bureau, browser: &mut Browser, code: Option<&str>) -> Value {
    let (status, answer) = sign_in(bureau, browser, PASSWORD, code);
    assert_eq!(status, 200, "{answer}");
    answer
}

fn leaves(bureau: &Bureau, action: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM audit WHERE leaf LIKE '%\"action\":\"{action}\"%'");
    bureau.database().query_row(&sql, [], |row| row.get(0)).unwrap()
}

/// Sets a second factor up; gives the secret as it was shown, the step that was used, and the recovery codes.
fn enrol(browser: &mut Browser) -> (String, i64, Vec<String>) {
    let (status, begun) = browser.write("/v1/account/second-factor", &json!({}));
    assert_eq!(status, 200, "{begun}");
    let secret = begun["secret"].as_str().unwrap().to_owned();
    assert!(begun["qr"].as_array().unwrap().len() > 20);
    let step = step_now();
    let (status, codes) = browser.write("/v1/account/second-factor/confirm", &json!({ "code": code(&secret, step) }));
    assert_eq!(status, 200, "{codes}");
    let codes = codes["codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect();
    (secret, step, codes)
}

#[test]
fn a_password_needs_its_second_factor_and_no_code_serves_twice() {
    let (bureau, office) = place("");
    let mut browser = Browser::new(&bureau, &office);
    let me = sign_in_right(&bureau, &mut browser, None);
    assert_eq!((&me["by"], &me["must_set_second_factor"]), (&json!("password"), &json!(false)), "offered in a demo");
    let (secret, first, recovery) = enrol(&mut browser);
    assert_eq!(recovery.len(), 10);
    assert_eq!(browser.get("/v1/account").1["second_factor"]["recovery_left"], 10);
    assert_eq!(browser.get("/v1/me").1["by"], "password-and-code");

    let mut other = Browser::new(&bureau, &office);
    let (_, nobody) = other.write("/v1/session", &json!({ "officer": "nobody", "password": PASSWORD }));
    let (status, without) = sign_in(&bureau, &mut other, PASSWORD, None);
    assert_eq!(status, 401);
    assert_eq!(without, nobody, "the same words for no such officer and for no code");
    let (_, stale) = sign_in(&bureau, &mut other, PASSWORD, Some(&code(&secret, first)));
    assert_eq!(kind(&stale), "sign-in-refused", "the code that confirmed is used up");
    // Of the steps around now, one that was not used yet; the delay until it is looked at may be longer than a step.
    let until = Instant::now() + PATIENCE;
    let used = loop {
        let fresh = code(&secret, (first + 1).max(step_now()));
        if sign_in(&bureau, &mut other, PASSWORD, Some(&fresh)).0 == 200 {
            break fresh;
        }
        assert!(Instant::now() < until);
    };
    assert_eq!(other.get("/v1/me").1["by"], "password-and-code");
    let mut thief = Browser::new(&bureau, &office);
    for spent in [used, code(&secret, first)] {
        assert_eq!(sign_in(&bureau, &mut thief, PASSWORD, Some(&spent)).0, 401, "a code serves once");
    }
    let typed = recovery[3].to_lowercase().replace('-', " ");
    let me = sign_in_right(&bureau, &mut thief, Some(&typed));
    assert_eq!(me["by"], "password-and-code");
    assert_eq!(thief.get("/v1/account").1["second_factor"]["recovery_left"], 9);
    let again = sign_in(&bureau, &mut Browser::new(&bureau, &office), PASSWORD, Some(&typed));
    assert_eq!(again.0, 401, "once");
    assert_eq!((leaves(&bureau, "second-factor-set"), leaves(&bureau, "recovery-code-used")), (1, 1));

    // Neither the officer's file nor the database tells the secret or a recovery code.
    let mut kept = std::fs::read(bureau.folder.path().join("officers/officer-1.toml")).unwrap();
    for name in ["office.db", "office.db-wal"] {
        kept.extend(std::fs::read(bureau.folder.path().join("data").join(name)).unwrap_or_default());
    }
    let letters = recovery[0].replace('-', "");
    for word in [secret.as_bytes(), recovery[0].as_bytes(), letters.as_bytes()] {
        assert!(!kept.windows(word.len()).any(|window| window == word));
    }
    assert!(kept.windows(9).any(|window| window == b"officer-1"), "the search finds what is there");
}

#[test]
fn where_it_is_required_nothing_opens_before_the_second_factor_is_set() {
    let (bureau, office) = place("second_factor = \"required\"");
    let mut browser = Browser::new(&bureau, &office);
    let me = sign_in_right(&bureau, &mut browser, None);
    assert_eq!(me["must_set_second_factor"], true);
    let (status, problem) = browser.get("/v1/queue");
    assert_eq!((status, kind(&problem)), (403, "second-factor-needed"));
    enrol(&mut browser);
    assert_eq!(browser.get("/v1/queue").0, 200);
    let (status, refused) = read(browser.send("DELETE", "/v1/account/second-factor", &[("x-yimen", "1")], ""));
    assert_eq!((status, kind(&refused)), (409, "second-factor-required"));
}

#[test]
fn an_officer_who_lost_the_way_in_begins_anew_by_password() {
    let (bureau, office) = place("");
    let mut browser = Browser::new(&bureau, &office);
    sign_in_right(&bureau, &mut browser, None);
    enrol(&mut browser);
    let mut other = Browser::new(&bureau, &office);
    assert_eq!(sign_in(&bureau, &mut other, PASSWORD, None).0, 401, "the code is missing");
    let asked = bureau.folder.path().join("officers/officer-1.reset");
    std::fs::write(&asked, "").unwrap();
    let until = Instant::now() + PATIENCE;
    while asked.exists() {
        assert!(Instant::now() < until);
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(leaves(&bureau, "access-reset"), 1);
    assert_eq!(browser.get("/v1/me").0, 401, "open sessions end");
    sign_in_right(&bureau, &mut other, None);
    assert_eq!(other.get("/v1/account").1["second_factor"]["on"], false);
}

#[test]
fn what_decides_asks_for_a_proof_and_a_token_changes_no_credentials() {
    let (bureau, office) = place("prove_minutes = 0");
    let mut browser = Browser::new(&bureau, &office);
    sign_in_right(&bureau, &mut browser, None);
    let case = "/v1/cases/01940000-0000-7000-8000-000000000000/decide";
    let decide = json!({ "claim_epoch": 1, "version": 1, "decision": { "decision": "accept" } });
    let (status, problem) = browser.write(case, &decide);
    assert_eq!((status, kind(&problem)), (401, "prove-again"));
    assert_eq!(browser.get("/v1/queue").0, 200, "the session goes on");
    let (status, wrong) = browser.write("/v1/session/proof", &json!({ "password": "another-password" }));
    assert_eq!((status, kind(&wrong)), (401, "sign-in-refused"));
    let until = Instant::now() + PATIENCE;
    while browser.write("/v1/session/proof", &json!({ "password": PASSWORD })).0 != 200 {
        assert!(Instant::now() < until);
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(browser.write(case, &decide).0, 404, "past the proof");
    assert_eq!(kind(&browser.write(case, &decide).1), "prove-again", "with no minutes a proof serves once");
    assert_eq!(kind(&browser.write("/v1/account/second-factor", &json!({})).1), "prove-again");
    assert_eq!(leaves(&bureau, "proved-again"), 1);

    let token = bureau.officer_with("officer-2", &[GRANT], None);
    let officer = Officer::new(&bureau, &office, token);
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let ready = kiosk.ready(&payload("id-replace-lost", CLEAN, Identified::CardAndFace, Answers::default()), &[]);
    kiosk.send(&ready).unwrap();
    let handed_in = officer.case_of(ready.id);
    let look = format!("/v1/cases/{}?reason=because", handed_in["id"].as_str().unwrap());
    assert_eq!(browser.get(&look).0, 200, "an open case needs none");
    let closed = "UPDATE office_case SET place = 'closed' WHERE id = ?1";
    assert_eq!(bureau.database().execute(closed, [handed_in["id"].as_str().unwrap()]).unwrap(), 1);
    assert_eq!(kind(&browser.get(&look).1), "prove-again", "a closed one does");
    assert_eq!(browser.write("/v1/session/proof", &json!({ "password": PASSWORD })).0, 200);
    assert_eq!(browser.get(&look).0, 200);
    assert_eq!(officer.post(case, &decide).0, 404, "a token of a demonstration decides");
    for (method, path) in [("POST", "/v1/account/second-factor"), ("POST", "/v1/account/passkeys/begin")] {
        let (status, problem) = officer.send(method, path, &json!({}));
        assert_eq!((status, kind(&problem)), (401, "prove-again"), "{path}");
    }
}

#[test]
fn the_oldest_session_ends_with_its_reason_and_an_officer_ends_others() {
    let (bureau, office) = place("most_sessions = 2");
    let mut browsers: Vec<Browser> = (0..3).map(|_| Browser::new(&bureau, &office)).collect();
    for browser in &mut browsers {
        sign_in_right(&bureau, browser, None);
    }
    let (status, problem) = browsers[0].get("/v1/me");
    assert_eq!((status, kind(&problem), &problem["ended"]), (401, "not-signed-in", &json!("displaced")));
    let (_, account) = browsers[1].get("/v1/account");
    let sessions = account["sessions"].as_array().unwrap();
    assert_eq!(
        (sessions.len(), &sessions[1]["own"], &sessions[0]["own"]),
        (2, &json!(true), &json!(false)),
        "newest first"
    );
    let (_, document) = browsers[1].get("/v1/openapi.json");
    for (schema, value) in [("Account", &account), ("Ways", &browsers[1].get("/v1/session/ways").1)] {
        let described = json!({ "$ref": format!("#/components/schemas/{schema}") });
        assert_eq!(differences(&document, &described, value, schema), Vec::<String>::new());
    }
    let path = format!("/v1/account/sessions/{}", sessions[0]["id"].as_str().unwrap());
    assert_eq!(browsers[1].send("DELETE", &path, &[("x-yimen", "1")], "").status(), 204);
    assert_eq!(browsers[2].get("/v1/me").1["ended"], "by-you");
    assert_eq!(browsers[1].get("/v1/me").0, 200);
    // Somebody else's session is not there to be ended.
    bureau.officer_with("officer-2", &[GRANT], Some((PASSWORD, false)));
    let mut colleague = Browser::new(&bureau, &office);
    assert_eq!(colleague.write("/v1/session", &json!({ "officer": "officer-2", "password": PASSWORD })).0, 200);
    let own = sessions[1]["id"].as_str().unwrap();
    let path = format!("/v1/account/sessions/{own}");
    assert_eq!(colleague.send("DELETE", &path, &[("x-yimen", "1")], "").status(), 404);
    assert_eq!(browsers[1].get("/v1/me").0, 200);
}

#[test]
fn a_locked_officer_is_out_at_once_and_what_they_hold_stays_theirs() {
    let (bureau, office) = place("");
    let mut browser = Browser::new(&bureau, &office);
    sign_in_right(&bureau, &mut browser, None);
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let ready = kiosk.ready(&payload("id-replace-lost", CLEAN, Identified::CardAndFace, Answers::default()), &[]);
    kiosk.send(&ready).unwrap();
    let supervisor = bureau.officer_with("officer-9", &[("supervisor", "household", "yunqiao")], None);
    let supervisor = Officer::new(&bureau, &office, supervisor);
    let case = supervisor.case_of(ready.id);
    let path = format!("/v1/cases/{}", case["id"].as_str().unwrap());
    assert_eq!(browser.write(&format!("{path}/claim"), &json!({})).0, 200);
    let stream = browser.send("GET", "/v1/events", &[], "");
    assert_eq!(stream.status(), 200);
    let token = bureau.officer_with("officer-2", &[GRANT], Some((PASSWORD, false)));
    let colleague = Officer::new(&bureau, &office, token);
    let locks = |id: &str| bureau.folder.path().join(format!("officers/{id}.locked"));
    for id in ["officer-1", "officer-2"] {
        std::fs::write(locks(id), "").unwrap();
    }
    let begun = Instant::now();
    let (status, problem) = browser.get("/v1/me");
    assert_eq!((status, &problem["ended"]), (401, &json!("locked")));
    assert_eq!(colleague.get("/v1/me").0, 401, "a token too");
    let mut other = Browser::new(&bureau, &office);
    let (status, refused) = sign_in(&bureau, &mut other, PASSWORD, None);
    assert_eq!((status, kind(&refused)), (403, "officer-locked"), "told to whoever knows the password");
    let (_, unknown) = sign_in(&bureau, &mut other, "another-password", None);
    assert_eq!(kind(&unknown), "sign-in-refused", "and to nobody else");
    while leaves(&bureau, "officer-locked") != 2 {
        assert!(begun.elapsed() < Duration::from_secs(30), "within 30 seconds");
        std::thread::sleep(Duration::from_millis(100));
    }
    std::fs::remove_file(locks("officer-1")).unwrap();
    sign_in_right(&bureau, &mut other, None);
    let until = Instant::now() + PATIENCE;
    while leaves(&bureau, "officer-unlocked") != 1 {
        assert!(Instant::now() < until);
        std::thread::sleep(Duration::from_millis(100));
    }
    let (_, held) = supervisor.get(&path);
    assert_eq!(held["case"]["holder"], "officer-1", "the claim was not touched");
    assert_eq!(supervisor.post(&format!("{path}/assign"), &json!({ "officer": "officer-9" })).0, 200);
    assert_eq!(leaves(&bureau, "officer-locked"), 2, "each change once");
    assert_eq!(browser.get("/v1/me").0, 401, "an ended session does not come back");
}
