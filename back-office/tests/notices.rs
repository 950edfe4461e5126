//! Messages to residents over a gateway in another process that drops, delays, doubles and refuses: each arrives, under
//! one key, and the office sends no more once it was told that it arrived.

use crate::bureau::{Bureau, PATIENCE, Settings};
use crate::parties::{CLEAN, Kiosk, Officer, payload};
use domain::answers::{Answer, Answers};
use domain::ids::FieldId;
use domain::sensitive::Sensitive;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use wire::payload::Identified;

const PHONE: &str = "13800002046";

struct Gateway {
    child: Child,
    port: u16,
    book: PathBuf,
}

impl Gateway {
    fn start(folder: &Path) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sms_gateway.py");
        let book = folder.join("gateway.jsonl");
        let mut child =
            Command::new("python3").arg(script).arg(&book).stdout(Stdio::piped()).spawn().expect("python3 is there");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, port: line.trim().parse().unwrap(), book }
    }

    fn lines(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(&self.book).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn configure(bureau: &Bureau, words: &str) {
    let path = bureau.folder.path().join("office.toml");
    let mut file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
    write!(file, "\n[notifier]\n{words}\n").unwrap();
}

fn unsent(bureau: &Bureau) -> (i64, i64) {
    let sql = "SELECT COUNT(*) FILTER (WHERE sent_at IS NULL), COUNT(*) FROM notice";
    bureau.database().query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
}

fn wait_until(what: &str, done: impl Fn() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < until, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A lost card with a phone number, sent and claimed.
fn held(kiosk: &Kiosk, officer: &Officer) -> Value {
    let mut answers = Answers::default();
    answers.set(FieldId::new("phone"), Answer::Text(Sensitive::new(PHONE.into())));
    let ready = kiosk.ready(&payload("id-replace-lost", CLEAN, Identified::CardAndFace, answers), &[]);
    kiosk.send(&ready).unwrap();
    let case = officer.case_of(ready.id);
    officer.post(&format!("/v1/cases/{}/claim", case["id"].as_str().unwrap()), &json!({})).1
}

fn decide(officer: &Officer, held: &Value, decision: Value) -> Value {
    let path = format!("/v1/cases/{}/decide", held["id"].as_str().unwrap());
    let body = json!({ "claim_epoch": held["claim_epoch"], "version": held["version"], "decision": decision });
    let (status, case) = officer.post(&path, &body);
    assert_eq!(status, 200, "{case}");
    case
}

fn supplement() -> Value {
    let items = json!([{ "key": "household-book", "code": null, "words": "请带首页和本人页。" }]);
    json!({ "decision": "return-for-supplement", "items": items, "by": "2030-01-02" })
}

#[test]
fn each_notice_arrives_under_one_key_through_a_gateway_that_drops_delays_doubles_and_refuses() {
    let bureau = Bureau::new(&Settings::default());
    let gateway = Gateway::start(bureau.folder.path());
    std::fs::write(bureau.folder.path().join("keys/sms.token"), "a-token\n").unwrap();
    configure(
        &bureau,
        &format!(
            "kind = \"http\"\nurl = \"http://127.0.0.1:{}/sms\"\ntoken = \"keys/sms.token\"\ntimeout_ms = 500\n\
             retry_seconds = 1",
            gateway.port
        ),
    );
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let grants = [("supervisor", "household", "yunqiao")];
    let officer = Officer::new(&bureau, &office, bureau.officer_with("officer-1", &grants, None));
    decide(&officer, &held(&kiosk, &officer), supplement());
    let refused =
        json!({ "decision": "refuse-to-accept", "reason": "不归本所管辖。", "remedy": "请到南塘派出所办理。" });
    decide(&officer, &held(&kiosk, &officer), refused);
    let second = held(&kiosk, &officer);
    officer.check_everything(&second);
    let accepted = decide(&officer, &second, json!({ "decision": "accept" }));
    let approved = decide(&officer, &accepted, json!({ "decision": "approve" }));
    let issue = json!({ "claim_epoch": approved["claim_epoch"], "ministry_number": "E1" });
    assert_eq!(officer.post(&format!("/v1/cases/{}/issue", approved["id"].as_str().unwrap()), &issue).0, 200);
    assert_eq!(unsent(&bureau).1, 3);
    wait_until("every notice is taken", || unsent(&bureau).0 == 0);

    let lines = gateway.lines();
    let keys: BTreeSet<&str> = lines.iter().map(|line| line["key"].as_str().unwrap()).collect();
    assert_eq!(keys.len(), 3);
    for key in keys {
        let own: Vec<&Value> = lines.iter().filter(|line| line["key"] == key).collect();
        let words: BTreeSet<String> = own.iter().map(|line| line["text"].to_string()).collect();
        assert_eq!(words.len(), 1, "the same words each time");
        assert_eq!(own.last().unwrap()["tries"], 4, "dropped, late, refused, taken; then no more");
        for line in own {
            assert_eq!(
                (&line["to"], &line["header"], &line["token"]),
                (&json!(PHONE), &line["key"], &json!("Bearer a-token"))
            );
            let text = line["text"].as_str().unwrap();
            assert!(text.starts_with("【云桥派出所】") && !text.contains(CLEAN.0) && !text.contains("9988"), "{text}");
        }
    }
    let told = |words: &str| lines.iter().any(|line| line["text"].as_str().unwrap().contains(words));
    assert!(told("还差 1 项，请在 2030 年 1 月 2 日") && told("请带身份证到综合窗口领取") && told("不能受理"));
    drop(office);
    let database = std::fs::read(bureau.folder.path().join("data/office.db")).unwrap();
    assert!(!database.windows(PHONE.len()).any(|window| window == PHONE.as_bytes()), "the number is in the database");
}

#[test]
fn a_notice_outlives_the_office_and_a_file_takes_it_in_a_demonstration() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let token = bureau.officer_with("officer-1", &[("officer", "household", "yunqiao")], None);
    let officer = Officer::new(&bureau, &office, token);
    decide(&officer, &held(&kiosk, &officer), supplement());
    assert_eq!(unsent(&bureau), (1, 1), "without a notifier it waits");
    office.kill();
    configure(&bureau, "kind = \"file\"");
    let _office = bureau.start();
    wait_until("the notice is written", || unsent(&bureau).0 == 0);
    let text = std::fs::read_to_string(bureau.folder.path().join("data/notices.jsonl")).unwrap();
    let line: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    assert_eq!((&line["kind"], &line["to"], text.lines().count()), (&json!("supplement"), &json!(PHONE), 1));
}
