//! The audit log from both doors: a receipt names its leaf, the proof comes with the next checkpoint, every planted fault of
//! the database is named, checkpoints lie in every place and are made up for, the last one is signed at stop.
//! Signatures and proofs are verified by `yimenctl` in `admin-cli/tests/`, which shares no code with the office.

use crate::bureau::{Bureau, PATIENCE, Settings};
use crate::parties::{CLEAN, Kiosk, Officer, payload, read};
use domain::answers::Answers;
use domain::ids::SubmissionId;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;
use wire::payload::Identified;
use wire::receipt::Receipt;
use wire::signature::Signed;

fn submit(kiosk: &Kiosk) -> (SubmissionId, Signed) {
    let ready = kiosk.ready(&payload("id-replace-lost", CLEAN, Identified::CardAndFace, Answers::default()), &[]);
    let (status, receipt) = kiosk.send(&ready).unwrap();
    assert_eq!(status, 201);
    (ready.id, serde_json::from_slice(&receipt).unwrap())
}

fn standing(kiosk: &Kiosk, id: SubmissionId) -> (u16, Value) {
    read(kiosk.client.get(format!("{}/v1/submissions/{id}", kiosk.base)).send().unwrap())
}

/// Names of the checkpoints in a place, without their days.
fn laid_down(place: &Path) -> Vec<String> {
    let days = std::fs::read_dir(place).into_iter().flatten().map(Result::unwrap);
    let files = days.flat_map(|day| std::fs::read_dir(day.path()).unwrap().map(Result::unwrap));
    let mut names: Vec<String> = files.map(|file| file.file_name().to_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

/// Adds lines to `office.toml`.
fn configure(bureau: &Bureau, lines: &str) {
    let path = bureau.folder.path().join("office.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(path, text + lines).unwrap();
}

#[test]
fn a_receipt_names_its_leaf_and_the_proof_comes_with_the_next_checkpoint() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let (one, two) = (Kiosk::enrolled(&bureau, &office, "yunqiao-1"), Kiosk::enrolled(&bureau, &office, "yunqiao-2"));
    let auditor = Officer::new(&bureau, &office, bureau.officer("officer-1", &["household"], true));
    let (first, _) = submit(&one);
    auditor.case_of(first);
    let (id, signed) = submit(&one);
    auditor.case_of(id);
    let receipt: Receipt = signed.open(&bureau.receipt_key.verifying_key()).unwrap();
    let sql = "SELECT leaf FROM audit WHERE seq = ?1 + 1";
    let index = i64::try_from(receipt.log_index).unwrap();
    let leaf: String = bureau.database().query_row(sql, [index], |row| row.get(0)).unwrap();
    let told: Value = serde_json::from_str(&leaf).unwrap();
    assert_eq!((&told["action"], &told["object"]), (&json!("submission-received"), &json!(format!("submission:{id}"))));
    assert_eq!(told["details"]["manifest"], receipt.manifest.as_str());

    let (status, answer) = standing(&one, id);
    assert_eq!((status, &answer["state"], &answer["proof"]), (200, &json!("delivered"), &Value::Null));
    assert_eq!(answer["receipt"], serde_json::to_value(&signed).unwrap());
    assert_eq!(standing(&two, id).0, 404, "another kiosk's");
    assert_eq!(standing(&one, SubmissionId(ambient::new_uuid())).0, 404);

    let (status, newest) = auditor.post("/v1/audit/checkpoints", &json!({}));
    assert_eq!(status, 200, "{newest}");
    let (_, answer) = standing(&one, id);
    assert_eq!((&answer["proof"]["leaf"], &answer["proof"]["index"]), (&json!(leaf), &json!(receipt.log_index)));
    assert_eq!(answer["proof"]["checkpoint"], newest["checkpoints"][0]["note"]);
    let (status, proven) = auditor.get(&format!("/v1/audit/proof?submission={id}"));
    assert_eq!((status, &proven["proof"], &proven["receipt"]), (200, &answer["proof"], &answer["receipt"]));
    assert_eq!(auditor.get(&format!("/v1/audit/proof?submission={}", ambient::new_uuid())).0, 404);
    assert_eq!(auditor.get("/v1/audit/consistency?old=3&size=9999").0, 400);
    assert_eq!(auditor.get("/v1/audit/consistency?old=1&size=4").1["hashes"].as_array().unwrap().len(), 2);

    let (_, case) = auditor.get("/v1/queue?most=500");
    let case = case["cases"].as_array().unwrap().iter().find(|case| case["submission"] == id.to_string()).unwrap();
    let claim = format!("/v1/cases/{}/claim", case["id"].as_str().unwrap());
    let (_, held) = auditor.post(&claim, &json!({}));
    let decision = json!({ "decision": "refuse-to-accept", "reason": "不属于本所", "remedy": "请到居住地派出所" });
    let body = json!({ "claim_epoch": held["claim_epoch"], "version": held["version"], "decision": decision });
    let decide = claim.replace("/claim", "/decide");
    let (status, refused) = auditor.post(&decide, &body);
    assert_eq!(status, 200, "{refused}");
    assert_eq!(standing(&one, id).1["state"], "refused");

    let (_, first) = auditor.get("/v1/audit/leaves?most=2");
    let (_, second) = auditor.get("/v1/audit/leaves?after=2&most=2");
    let seqs: Vec<&Value> =
        [&first, &second].iter().flat_map(|page| page["leaves"].as_array().unwrap()).map(|row| &row["seq"]).collect();
    assert_eq!(json!(seqs), json!([1, 2, 3, 4]));
}

#[test]
fn each_planted_fault_is_named() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let auditor = Officer::new(&bureau, &office, bureau.officer("officer-1", &["household"], true));
    for _ in 0..3 {
        auditor.case_of(submit(&kiosk).0);
    }
    assert_eq!(auditor.post("/v1/audit/checkpoints", &json!({})).0, 200);
    let (_, before) = auditor.get("/v1/audit/check");
    assert_eq!((&before["ok"], &before["broken_at"]), (&json!(true), &Value::Null));
    let leaves = before["leaves"].as_i64().unwrap();
    assert!(leaves >= 6);
    let last = leaves.to_string();
    let text = |seq: i64| -> String {
        bureau.database().query_row("SELECT leaf FROM audit WHERE seq = ?1", [seq], |row| row.get(0)).unwrap()
    };
    let (two, four) = (text(2), text(4));
    let swap = format!("UPDATE audit SET leaf = CASE seq WHEN 2 THEN '{four}' ELSE '{two}' END WHERE seq IN (2, 4)");
    let (lacks, truncated) = (
        format!("DELETE FROM audit WHERE seq = {last}"),
        format!(
            "DELETE FROM audit WHERE seq = {last}; DELETE FROM audit_node WHERE position = {last} - 1 AND level = 0"
        ),
    );
    let stray =
        format!("INSERT INTO audit (seq, leaf, object) SELECT {last} + 1, leaf, object FROM audit WHERE seq = 1");
    let faults: [(&str, i64, &str); 8] = [
        ("UPDATE audit SET leaf = replace(leaf, 'kiosk-added', 'kiosk-moved') WHERE seq = 1", 1, "text"),
        ("DELETE FROM audit WHERE seq = 3", 3, "missing"),
        (&swap, 2, "elsewhere"),
        (&stray, leaves + 1, "past the log"),
        (&lacks, leaves, "at the end"),
        (&truncated, leaves, "at the end"),
        ("UPDATE audit_node SET hash = zeroblob(32) WHERE level = 1 AND position = 1", 4, "node"),
        ("UPDATE checkpoint SET root = zeroblob(32)", leaves + 1, "checkpoint"),
    ];
    for (sql, at, why) in faults {
        let database = bureau.database();
        database.execute_batch("CREATE TABLE kept_a AS SELECT * FROM audit; CREATE TABLE kept_n AS SELECT * FROM audit_node; CREATE TABLE kept_c AS SELECT * FROM checkpoint").unwrap();
        database.execute_batch(sql).unwrap();
        let (_, found) = auditor.get("/v1/audit/check");
        assert_eq!((&found["ok"], &found["broken_at"]), (&json!(false), &json!(at)), "{sql}: {found}");
        assert!(found["why"].as_str().unwrap().contains(why), "{sql}: {found}");
        database.execute_batch("DELETE FROM audit; INSERT INTO audit SELECT * FROM kept_a; DELETE FROM audit_node; INSERT INTO audit_node SELECT * FROM kept_n; DELETE FROM checkpoint; INSERT INTO checkpoint SELECT * FROM kept_c; DROP TABLE kept_a; DROP TABLE kept_n; DROP TABLE kept_c").unwrap();
        assert_eq!(auditor.get("/v1/audit/check").1["ok"], true, "{sql}");
    }
    let plain = Officer::new(&bureau, &office, bureau.officer("officer-2", &["household"], false));
    assert_eq!(plain.get("/v1/audit/check").0, 403);
}

#[test]
fn checkpoints_lie_in_every_place_and_the_last_is_signed_at_stop() {
    let bureau = Bureau::new(&Settings::default());
    let (away, data) = (bureau.folder.path().join("away"), bureau.folder.path().join("data/checkpoints"));
    configure(&bureau, "[audit]\ncheckpoints = [\"data/checkpoints\", \"away\"]\nevery_seconds = 1\n");
    // What it misses until then is made up for. A place that cannot be written: a file stands where the folder should be.
    std::fs::write(&away, "not mounted").unwrap();
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let wait = |until: &dyn Fn() -> bool| {
        let begun = Instant::now();
        while !until() {
            assert!(begun.elapsed() < PATIENCE, "no checkpoint came");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    };
    let (id, _) = submit(&kiosk);
    wait(&|| standing(&kiosk, id).1["proof"].is_object());
    wait(&|| !laid_down(&data).is_empty());
    std::fs::remove_file(&away).unwrap();
    submit(&kiosk);
    wait(&|| laid_down(&data).len() >= 2 && laid_down(&away) == laid_down(&data));
    submit(&kiosk);
    assert!(office.stop().success());
    let count = |sql: &str| bureau.database().query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let leaves = count("SELECT COUNT(*) FROM audit");
    assert_eq!(count("SELECT MAX(size) FROM checkpoint"), leaves, "signed at stop");
    assert_eq!(laid_down(&data).last(), Some(&format!("{leaves:020}.checkpoint")));
    assert_eq!(laid_down(&away), laid_down(&data));
}
