//! Enrolment: codes are good once and for one key, certificates are short and renewed, who is sent away stays out, a second
//! machine is found, and another machine takes a kiosk's place only when nothing can be lost.

use crate::bureau::{Bureau, Identity, Machine, Office, PATIENCE, Settings};
use crate::parties::{CLEAN, Kiosk, Officer, Ready, certificate_payload, client, read};
use ed25519_dalek::SigningKey;
use reqwest::blocking::Client;
use serde_json::{Value, json};
use std::net::IpAddr;
use std::time::{Duration, Instant};
use wire::payload::Identified;
use wire::signature::Signed;

fn bureau(enrolment: &'static str) -> (Bureau, Office) {
    let bureau = Bureau::new(&Settings { enrolment, ..Settings::default() });
    let office = bureau.start();
    (bureau, office)
}

fn kind(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["type"].as_str().unwrap_or_default().trim_start_matches("urn:yimen:problem:"))
}

fn url(office: &Office, path: &str) -> String {
    format!("https://127.0.0.1:{}{path}", office.ports.kiosks)
}

fn health(client: &Client, office: &Office, waiting: u32) -> (u16, Value) {
    read(client.post(url(office, "/v1/health")).json(&json!({ "waiting": waiting })).send().unwrap())
}

/// Asks until the answer is as wished.
fn until(wish: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !wish() {
        assert!(Instant::now() < deadline, "it does not come about");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn leaves(bureau: &Bureau, action: &str) -> i64 {
    let sql = "SELECT COUNT(*) FROM audit WHERE json_extract(leaf, '$.action') = ?1";
    bureau.database().query_row(sql, [action], |row| row.get(0)).unwrap()
}

fn identity(answer: &Value, machine: &Machine) -> Identity {
    let certificate = answer["certificate"]["chain"].as_str().unwrap().to_owned();
    Identity { certificate, key: machine.tls.serialize_pem() }
}

fn renew(client: &Client, office: &Office) -> ((u16, Value), rcgen::KeyPair) {
    let key = rcgen::KeyPair::generate().unwrap();
    let body = json!({ "request": Machine::request(&key) });
    (read(client.post(url(office, "/v1/certs/renew")).json(&body).send().unwrap()), key)
}

#[test]
fn a_code_enrols_one_machine_and_a_lost_answer_is_given_again() {
    let (bureau, office) = bureau("");
    let given = bureau.kiosk_code(&office, "yunqiao-1");
    let code = given["code"].as_str().unwrap();
    assert!(given["ticket"].as_str().unwrap().ends_with(code));
    let (first, second) = (Machine::new(), Machine::new());
    let answer = first.enrol(&bureau, &office, "yunqiao-1", code);
    assert_eq!(answer.0, 200, "{}", answer.1);
    let again = first.enrol(&bureau, &office, "yunqiao-1", code);
    assert_eq!(again, answer, "the same machine asks again: its answer was lost");
    assert_eq!(kind(&second.enrol(&bureau, &office, "yunqiao-1", code)), (403, "enrolment-refused"));
    assert_eq!(leaves(&bureau, "kiosk-enrolled"), 1);
    let client = client(&bureau.ca_pem, Some(&identity(&answer.1, &first)));
    let told = health(&client, &office, 0);
    assert_eq!((told.0, &told.1), (200, &json!({ "kiosk": "yunqiao-1", "renew": false })));
    // The code itself is nowhere in the database.
    let bytes = std::fs::read(bureau.folder.path().join("data/office.db")).unwrap();
    let plain = code.replace('-', "");
    assert!(!bytes.windows(plain.len()).any(|window| window == plain.as_bytes()));
}

#[test]
fn five_wrong_tries_void_a_code_and_a_late_one_is_void_too() {
    let (bureau, office) = bureau("code_seconds = 600");
    let code = bureau.kiosk_code(&office, "yunqiao-1")["code"].as_str().unwrap().to_owned();
    let machine = Machine::new();
    let wrong = "00000-00000-00000-00000-000000";
    for _ in 0..5 {
        assert_eq!(kind(&machine.enrol(&bureau, &office, "yunqiao-1", wrong)), (403, "enrolment-refused"));
    }
    assert_eq!(kind(&machine.enrol(&bureau, &office, "yunqiao-1", &code)), (403, "enrolment-refused"));
    assert_eq!(kind(&machine.enrol(&bureau, &office, "never-added", &code)), (403, "enrolment-refused"));
    // Another code; its time passes in the office's table.
    let administrator = bureau.administrator(&office);
    let ask = json!({ "office_url": "https://127.0.0.1:1" });
    let (status, given) = administrator.post("/v1/kiosks/yunqiao-1/code", &ask);
    assert_eq!(status, 200, "{given}");
    let late = given["code"].as_str().unwrap();
    let set = |until: i64| bureau.database().execute("UPDATE kiosk SET code_until = ?1", [until]).unwrap();
    set(0);
    assert_eq!(kind(&machine.enrol(&bureau, &office, "yunqiao-1", late)), (403, "enrolment-refused"));
    // The year 2096.
    set(4_000_000_000_000);
    assert_eq!(machine.enrol(&bureau, &office, "yunqiao-1", late).0, 200, "only its time had passed");
}

#[test]
fn without_a_certificate_there_is_the_enrolment_call_and_nothing_else() {
    let (bureau, office) = bureau("");
    let stranger = client(&bureau.ca_pem, None);
    for path in ["/v1/health", "/v1/keys", "/v1/submissions/018f0000-0000-7000-8000-000000000000", "/v1/own-cases"] {
        let answer = read(stranger.get(url(&office, path)).send().unwrap());
        assert_eq!(kind(&answer), (404, "not-found"), "{path}");
    }
    let machine = Machine::new();
    let code = bureau.kiosk_code(&office, "yunqiao-1")["code"].as_str().unwrap().to_owned();
    // Signed by another device key than the one it names; a request that its own key did not sign.
    let body = json!({ "v": 1, "kiosk": "yunqiao-1", "code": code, "request": Machine::request(&machine.tls),
        "device_key": hex::encode(Machine::new().device.verifying_key().to_bytes()), "protection": "software-key" });
    let signed = wire::signature::Signed::sign(&body, &machine.device).unwrap();
    let answer = read(stranger.post(url(&office, "/v1/enrol")).json(&signed).send().unwrap());
    assert_eq!(kind(&answer), (400, "malformed"));
    let mut body = body;
    body["device_key"] = hex::encode(machine.device.verifying_key().to_bytes()).into();
    let request = body["request"].as_str().unwrap().to_owned();
    let line = request.lines().nth(2).unwrap();
    body["request"] = request.replace(line, &line.chars().rev().collect::<String>()).into();
    let signed = wire::signature::Signed::sign(&body, &machine.device).unwrap();
    let answer = read(stranger.post(url(&office, "/v1/enrol")).json(&signed).send().unwrap());
    assert_eq!(kind(&answer), (400, "malformed"), "{}", answer.1);
    assert_eq!(machine.enrol(&bureau, &office, "yunqiao-1", &code).0, 200, "the code is still good");
}

#[test]
fn a_kiosk_that_is_sent_away_stays_out_until_it_is_resumed() {
    let (bureau, office) = bureau("");
    let (_, identity) = bureau.enrol(&office, "yunqiao-1");
    // One connection that stays open, and new ones: both are sent away.
    let kept = client(&bureau.ca_pem, Some(&identity));
    assert_eq!(health(&kept, &office, 0).0, 200);
    let administrator = bureau.administrator(&office);
    let path = "/v1/kiosks/yunqiao-1";
    assert_eq!(administrator.post(&format!("{path}/suspend"), &json!({ "reason": " " })).0, 422);
    let (status, kiosk) = administrator.post(&format!("{path}/suspend"), &json!({ "reason": "stolen?" }));
    assert_eq!((status, kiosk["state"].as_str()), (200, Some("suspended")));
    let began = Instant::now();
    until(|| health(&kept, &office, 0).0 == 403);
    assert!(began.elapsed() < Duration::from_secs(30), "within thirty seconds");
    let fresh = client(&bureau.ca_pem, Some(&identity));
    let answer = health(&fresh, &office, 0);
    assert_eq!((kind(&answer), answer.1["retry"].as_str()), ((403, "device-suspended"), Some("later")));
    assert_eq!(administrator.post(&format!("{path}/resume"), &json!({})).0, 200);
    until(|| health(&kept, &office, 0).0 == 200);
    assert_eq!((leaves(&bureau, "kiosk-suspended"), leaves(&bureau, "kiosk-resumed")), (1, 1));
    let words = bureau.database().query_row("SELECT group_concat(leaf) FROM audit", [], |row| row.get::<_, String>(0));
    assert!(!words.unwrap().contains("stolen"), "the reason is sealed, not in the log");
}

#[test]
fn a_certificate_is_renewed_in_time_and_the_old_one_then_shows_a_second_machine() {
    let (bureau, office) = bureau("certificate_seconds = 6");
    let (_, first) = bureau.enrol(&office, "yunqiao-1");
    let old = client(&bureau.ca_pem, Some(&first));
    assert_eq!(health(&old, &office, 0).1["renew"], false);
    until(|| health(&old, &office, 0).1["renew"] == true);
    // The first answer is lost; the second counts.
    assert_eq!(renew(&old, &office).0.0, 200);
    let ((status, answer), key) = renew(&old, &office);
    assert_eq!(status, 200, "{answer}");
    assert_eq!(health(&old, &office, 0).0, 200, "until the new one is used the old one is good");
    let certificate = answer["chain"].as_str().unwrap().to_owned();
    let second = Identity { certificate, key: key.serialize_pem() };
    let new = client(&bureau.ca_pem, Some(&second));
    assert_eq!(health(&new, &office, 0).0, 200);
    assert_eq!(health(&old, &office, 0).0, 200, "what was open before may end its work");
    assert_eq!(leaves(&bureau, "kiosk-suspended"), 0);
    // A copy of the disk from before, started later.
    let copy = client(&bureau.ca_pem, Some(&first));
    assert_eq!(kind(&health(&copy, &office, 0)), (403, "device-suspended"));
    assert_eq!(kind(&health(&new, &office, 0)), (403, "device-suspended"), "nobody knows which is the true one");
    assert_eq!(leaves(&bureau, "kiosk-suspended"), 1);
    let (_, listed) = bureau.administrator(&office).get("/v1/kiosks");
    assert!(listed["kiosks"][0]["reason"].as_str().unwrap().contains("two machines"), "{listed}");
}

#[test]
fn one_certificate_at_two_addresses_by_turns_is_two_machines() {
    let (bureau, office) = bureau("");
    let (_, identity) = bureau.enrol(&office, "yunqiao-1");
    let at = |last: u8| {
        let pem = format!("{}{}", identity.key, identity.certificate);
        let roots = reqwest::Certificate::from_pem_bundle(bureau.ca_pem.as_bytes()).unwrap();
        let builder = Client::builder().no_proxy().tls_certs_only(roots).local_address(IpAddr::from([127, 0, 0, last]));
        builder.identity(reqwest::Identity::from_pem(pem.as_bytes()).unwrap()).build().unwrap()
    };
    let (one, two) = (at(2), at(3));
    for client in [&one, &one, &two, &two, &one] {
        assert_eq!(health(client, &office, 0).0, 200, "a machine may move, and move back");
    }
    assert_eq!(kind(&health(&two, &office, 0)), (403, "device-suspended"));
    assert_eq!(leaves(&bureau, "kiosk-suspended"), 1);
}

#[test]
fn two_kiosks_of_a_station_have_two_numbers() {
    let (bureau, office) = bureau("");
    let administrator = bureau.administrator(&office);
    let add = |id: &str, number: u32| {
        let body = json!({ "id": id, "number": number, "office_url": "https://127.0.0.1:1" });
        administrator.post("/v1/kiosks", &body)
    };
    assert_eq!(add("yunqiao-1", 1).0, 200);
    let refused = add("yunqiao-2", 1);
    assert_eq!(kind(&refused), (409, "kiosk-number-taken"));
    assert!(refused.1["detail"].as_str().unwrap().contains("Number 1 is yunqiao-1"), "{}", refused.1);
    assert_eq!(add("yunqiao-2", 2).0, 200, "nothing was left of it");
}

fn ask_for_code(administrator: &Officer, although: Option<&str>) -> (u16, Value) {
    let body = json!({ "office_url": "https://127.0.0.1:1", "although": although });
    administrator.post("/v1/kiosks/yunqiao-1/code", &body)
}

#[test]
fn another_machine_takes_the_place_only_when_the_one_before_holds_nothing() {
    let (bureau, office) = bureau("");
    let (_, identity_of_old) = bureau.enrol(&office, "yunqiao-1");
    let old = client(&bureau.ca_pem, Some(&identity_of_old));
    let administrator = bureau.administrator(&office);
    assert_eq!(kind(&ask_for_code(&administrator, None)), (409, "kiosk-not-drained"), "it has not said");
    assert_eq!(health(&old, &office, 3).0, 200);
    let refused = ask_for_code(&administrator, None);
    assert_eq!((kind(&refused), &refused.1["waiting"]), ((409, "kiosk-not-drained"), &json!(3)));
    assert_eq!(health(&old, &office, 0).0, 200);
    let (status, given) = ask_for_code(&administrator, None);
    assert_eq!(status, 200, "{given}");
    assert_eq!(health(&old, &office, 0).0, 200, "until the new machine comes it is the old one");
    let machine = Machine::new();
    let (status, answer) = machine.enrol(&bureau, &office, "yunqiao-1", given["code"].as_str().unwrap());
    assert_eq!(status, 200, "{answer}");
    assert_eq!(kind(&health(&old, &office, 0)), (403, "not-enrolled"), "it is this kiosk no longer");
    let new = client(&bureau.ca_pem, Some(&identity(&answer, &machine)));
    assert_eq!(health(&new, &office, 2).0, 200, "and does it no harm");
    // A machine that burnt: with a reason, which the log tells of and does not hold.
    assert_eq!(ask_for_code(&administrator, Some("it burnt")).0, 200);
    let sql = "SELECT COUNT(*) FROM audit WHERE json_extract(leaf, '$.details.although_not_drained') = 1";
    assert_eq!(bureau.database().query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
}

#[test]
fn what_a_suspended_kiosk_said_before_is_no_word_that_it_holds_nothing() {
    let (bureau, office) = bureau("");
    let (_, identity) = bureau.enrol(&office, "yunqiao-1");
    let administrator = bureau.administrator(&office);
    assert_eq!(health(&client(&bureau.ca_pem, Some(&identity)), &office, 0).0, 200);
    assert_eq!(administrator.post("/v1/kiosks/yunqiao-1/suspend", &json!({ "reason": "moved" })).0, 200);
    bureau.database().execute("UPDATE kiosk SET waiting_at = waiting_at - 1200000", []).unwrap();
    let refused = ask_for_code(&administrator, None);
    assert_eq!(kind(&refused), (409, "kiosk-not-drained"));
    let words = refused.1["detail"].as_str().unwrap();
    assert!(words.contains("--although") && words.contains("accept-former"), "{words}");
    assert_eq!(ask_for_code(&administrator, Some("it burnt")).0, 200);
}

#[test]
fn what_an_earlier_machine_sealed_is_answered_as_before_or_waits_until_its_key_is_accepted() {
    let (bureau, office) = bureau("");
    let old = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let other = Kiosk::enrolled(&bureau, &office, "yunqiao-2");
    let (payload, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    let [sent, kept, forged] = [0; 3].map(|_| old.ready(&payload, &[&signature]));
    let (status, receipt) = old.send(&sent).unwrap();
    assert_eq!(status, 201);
    let administrator = bureau.administrator(&office);
    let accept =
        |reason: &str| administrator.post("/v1/kiosks/yunqiao-1/accept-former", &json!({ "reason": reason })).0;
    assert_eq!(accept("nobody was before"), 409);
    let (_, given) = ask_for_code(&administrator, Some("it burnt"));
    let machine = Machine::new();
    let (status, answer) = machine.enrol(&bureau, &office, "yunqiao-1", given["code"].as_str().unwrap());
    assert_eq!(status, 200, "{answer}");
    let identity = identity(&answer, &machine);
    let new = Kiosk { client: client(&bureau.ca_pem, Some(&identity)), key: machine.device.clone(), identity, ..old };

    for carrier in [&new, &other] {
        assert_eq!(carrier.send(&sent).unwrap(), (200, receipt.clone()), "the same receipt");
        let waits = told(carrier, &kept);
        assert_eq!(kind(&waits), (422, "author-not-enrolled"));
        assert_eq!(waits.1["retry"], "later", "never refused for ever");
        let stranger = Signed::sign(&unsigned(&forged), &SigningKey::from_bytes(&[9; 32])).unwrap();
        let stranger = Ready { signed: stranger, ..forged.clone() };
        assert_eq!(kind(&told(carrier, &stranger)), (422, "bad-signature"));
    }
    assert_eq!(accept(" "), 422);
    assert_eq!(leaves(&bureau, "kiosk-former-accepted"), 0);
    assert_eq!(accept("its disk was brought here"), 200);
    assert_eq!(leaves(&bureau, "kiosk-former-accepted"), 1);
    assert_eq!(other.send(&kept).unwrap().0, 201);
    assert_eq!(new.send(&kept).unwrap().0, 200);
    assert_eq!(new.send(&new.ready(&payload, &[&signature])).unwrap().0, 201, "and its own");
    assert_eq!(leaves(&bureau, "kiosk-suspended"), 0);
}

/// What the office answers to this, as JSON.
fn told(kiosk: &Kiosk, ready: &Ready) -> (u16, Value) {
    let (status, body) = kiosk.send(ready).unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}

fn unsigned(ready: &Ready) -> Value {
    serde_json::from_str(&ready.signed.body).unwrap()
}

#[test]
fn a_certificate_out_of_date_renews_once_when_an_administrator_says_so() {
    let (bureau, office) = bureau("certificate_seconds = 3");
    let (_, identity) = bureau.enrol(&office, "yunqiao-1");
    let late = client(&bureau.ca_pem, Some(&identity));
    until(|| kind(&health(&late, &office, 0)) == (401, "cert-expired"));
    assert_eq!(kind(&renew(&late, &office).0), (403, "renewal-needs-acceptance"));
    let administrator = bureau.administrator(&office);
    assert_eq!(administrator.post("/v1/kiosks/yunqiao-1/accept", &json!({})).0, 200);
    let ((status, answer), key) = renew(&late, &office);
    assert_eq!(status, 200, "{answer}");
    let certificate = answer["chain"].as_str().unwrap().to_owned();
    let fresh = client(&bureau.ca_pem, Some(&Identity { certificate, key: key.serialize_pem() }));
    assert_eq!(health(&fresh, &office, 0).0, 200);
    assert_eq!(kind(&renew(&late, &office).0), (403, "renewal-needs-acceptance"), "once");
}

#[test]
fn a_kiosk_says_how_it_keeps_its_keys_and_how_full_its_outbox_is() {
    let (bureau, office) = bureau("");
    let (_, identity) = bureau.enrol(&office, "yunqiao-1");
    let client = client(&bureau.ca_pem, Some(&identity));
    let listed = || bureau.administrator(&office).get("/v1/kiosks").1["kiosks"][0].clone();
    let before = listed();
    assert_eq!((&before["protection"], &before["outbox"]), (&json!("software"), &Value::Null));
    let tell = |body: &Value| read(client.post(url(&office, "/v1/health")).json(body).send().unwrap()).0;
    let outbox = json!({"bytes": 799, "limit": 1000, "oldest": "2026-11-20T01:02:03Z"});
    assert_eq!(tell(&json!({"waiting": 4, "keys": "tpm2", "outbox": outbox})), 200);
    let told = listed();
    assert_eq!((&told["protection"], &told["waiting"]), (&json!("tpm2"), &json!(4)));
    assert_eq!((&told["outbox"]["percent"], &told["outbox"]["nearly_full"]), (&json!(79), &json!(false)));
    assert_eq!(tell(&json!({"waiting": 4, "keys": "tpm2", "outbox": {"bytes": 800, "limit": 1000}})), 200);
    let told = listed();
    assert_eq!((&told["outbox"]["percent"], &told["outbox"]["nearly_full"]), (&json!(80), &json!(true)));
    // One of before says less: what is known of its keys stays.
    assert_eq!(tell(&json!({"waiting": 5})), 200);
    assert_eq!(listed()["protection"], "tpm2");
    assert_eq!(tell(&json!({"waiting": 5, "keys": "paper"})), 400);
}
