//! The audit log from outside: an office that takes submissions in, `yimenctl audit export|verify|prove`, and every fault that
//! is planted in the office's database by SQL of this test: each is found and named.
//! Invariant: the verifier knows the office by its public file only.

use e2e::intake::bureau::{Bureau, Kiosk, Office};
use e2e::intake::connection::{Connection, get};
use e2e::intake::submission::prepare;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Where the programs lie: beside `yimen-demo`, which this package builds.
fn bin() -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_yimen-demo")).parent().expect("a folder").to_owned()
}

struct Place {
    work: tempfile::TempDir,
    bureau: Bureau,
    kiosk: Kiosk,
    token: String,
}

impl Place {
    fn new() -> Self {
        let work = tempfile::tempdir().expect("a folder");
        let bureau = Bureau::init(&bin(), work.path(), 1).expect("a bureau");
        let folder = bureau.folder().to_str().expect("UTF-8").to_owned();
        let added = ["officer", "add", &folder, "auditor-1", "--role", "auditor", "--branch", "household", "--token"];
        let token = bureau.yimenctl(&added).expect("an auditor")["token"].as_str().expect("a token").to_owned();
        let kiosk = bureau.kiosk(0).expect("a kiosk");
        std::fs::write(work.path().join("token"), &token).expect("written");
        Self { work, bureau, kiosk, token }
    }

    fn path(&self, name: &str) -> String {
        self.work.path().join(name).to_str().expect("UTF-8").to_owned()
    }

    /// `yimenctl audit` with these words; exit code and what it printed.
    fn audit(&self, office: Option<&Office>, words: &[&str]) -> (i32, Value) {
        let (ca, token, public) =
            (self.path("bureau/office/keys/ca.pem"), self.path("token"), self.path("bureau/office/bureau.toml"));
        let url = office.map(|office| format!("https://127.0.0.1:{}", office.officers));
        let mut all = vec!["audit"];
        all.extend(words);
        if let Some(url) = &url {
            all.extend(["--office", url, "--ca", &ca, "--token-file", &token]);
        }
        if words[0] != "export" {
            all.extend(["--bureau", &public]);
        }
        let (status, told) = self.bureau.try_yimenctl(&all).expect("yimenctl");
        (status.code().expect("an exit code"), told)
    }

    /// Takes the log away to a folder of this name.
    fn export(&self, office: &Office, name: &str) -> String {
        let folder = self.path(name);
        let (code, told) = self.audit(Some(office), &["export", &folder]);
        assert_eq!(code, 0, "{told}");
        folder
    }

    fn plant(&self, sql: &str) {
        let database = rusqlite::Connection::open(self.bureau.database()).expect("the database");
        database.execute_batch(sql).expect(sql);
    }

    /// Waits until the office's machine has nothing left to do, so that its log stands still.
    fn drained(&self) {
        let database = rusqlite::Connection::open(self.bureau.database()).expect("the database");
        let deadline = Instant::now() + Duration::from_secs(60);
        let waiting =
            || database.query_row("SELECT COUNT(*) FROM work", [], |row| row.get::<_, i64>(0)).expect("a count");
        while waiting() > 0 {
            assert!(Instant::now() < deadline, "work is left");
            std::thread::park_timeout(Duration::from_millis(20));
        }
    }

    /// Sends so many submissions; gives the office's whole answer about the last, with its receipt.
    fn submit(&self, office: &Office, count: usize) -> (String, Value) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut connection = Connection::open(&self.kiosk, office.kiosks).await.expect("a connection");
            let mut last = String::new();
            for _ in 0..count {
                let one = prepare(&self.kiosk).expect("a submission");
                let answer = connection.send(&one.request).await.expect("an answer");
                assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
                last = one.id.to_string();
            }
            let answer = connection.send(&get(&format!("/v1/submissions/{last}"))).await.expect("an answer");
            (last, serde_json::from_slice(&answer.body).expect("JSON"))
        })
    }
}

fn kinds(told: &Value) -> Vec<(&str, u64)> {
    let findings = told["findings"].as_array().unwrap_or_else(|| panic!("{told}"));
    findings.iter().map(|one| (one["kind"].as_str().expect("a kind"), one["at"].as_u64().expect("a place"))).collect()
}

#[test]
fn a_log_is_taken_away_and_verified_and_a_receipt_is_proven() {
    let place = Place::new();
    let office = place.bureau.start().expect("the office");
    place.submit(&office, 3);
    let first = place.export(&office, "first");
    let (id, answer) = place.submit(&office, 4);
    assert!(answer["proof"].is_null(), "no checkpoint covers it yet: {answer}");
    std::fs::write(place.path("receipt"), answer["receipt"].to_string()).expect("written");

    let (code, proven) =
        place.audit(Some(&office), &["prove", "--receipt", &place.path("receipt"), "--out", &place.path("proof")]);
    assert_eq!((code, &proven["ok"], &proven["submission"]), (0, &Value::Bool(true), &Value::from(id.as_str())));
    let old = std::fs::read_dir(Path::new(&first).join("checkpoints")).expect("checkpoints").flatten().last();
    let old = old.expect("a checkpoint").path().to_str().expect("UTF-8").to_owned();
    assert_eq!(place.audit(Some(&office), &["prove", &id, "--against", &old]).0, 0);

    let (code, told) =
        place.audit(None, &["verify", "--proof", &place.path("proof"), "--receipt", &place.path("receipt")]);
    assert_eq!((code, &told["index"]), (0, &proven["index"]), "{told}");
    let text = std::fs::read_to_string(place.path("proof")).expect("the proof");
    let whole: Value = serde_json::from_str(&text).expect("JSON");
    let changes: [(&str, Value); 4] = [
        ("leaf", Value::from(whole["proof"]["leaf"].as_str().expect("a leaf").replace("id-replace-lost", "id-first"))),
        ("index", Value::from(0)),
        ("size", Value::from(1)),
        ("hashes", Value::Array(Vec::new())),
    ];
    for (member, value) in changes {
        let mut changed = whole.clone();
        changed["proof"][member] = value;
        std::fs::write(place.path("changed"), changed.to_string()).expect("written");
        let (code, told) = place.audit(None, &["verify", "--proof", &place.path("changed")]);
        assert_eq!((code, &told["ok"]), (1, &Value::Bool(false)), "{member}");
    }
    let mut changed = whole;
    let body = changed["receipt"]["body"].as_str().expect("a body").replace("2026", "2025");
    changed["receipt"]["body"] = body.into();
    std::fs::write(place.path("changed"), changed.to_string()).expect("written");
    assert_eq!(place.audit(None, &["verify", "--proof", &place.path("changed")]).0, 1, "another receipt");

    let second = place.export(&office, "second");
    let (code, told) = place.audit(None, &["verify", &second, "--against", &old]);
    assert_eq!((code, kinds(&told)), (0, vec![]), "{told}");
    assert!(told["signed"].as_u64() >= Some(14) && told["checkpoints"].as_u64() >= Some(2), "{told}");
    assert_eq!(place.audit(Some(&office), &["export", &second]).0, 1, "nothing is overwritten");
    drop(office);
    assert_eq!(
        place.audit(None, &["verify", &second, "--checkpoints", &place.path("bureau/office/data/checkpoints")]).0,
        0
    );
    let leaves = Path::new(&second).join("leaves.jsonl").to_str().expect("UTF-8").to_owned();
    assert_eq!(place.audit(None, &["verify", &leaves]).0, 2, "without a checkpoint nothing can be said");
    assert_eq!(place.audit(None, &["verify", &leaves, "--against", &old]).0, 0);
    let nobody = place.bureau.try_yimenctl(&["audit", "export", &place.path("x"), "--office", "http://127.0.0.1:1"]);
    assert_eq!(nobody.expect("yimenctl").0.code(), Some(2), "no token");
    assert!(!place.token.is_empty());
}

#[test]
fn every_planted_fault_is_found_and_named() {
    let place = Place::new();
    let office = place.bureau.start().expect("the office");
    place.submit(&office, 6);
    place.drained();
    place.export(&office, "good");
    let old = place.path("good/checkpoints");
    let kept = place.bureau.database().with_extension("kept");
    // The office stands still from here: its worker has nothing left to do, and each fault is planted in the same log.
    office.stop().expect("stopped");
    place.plant("PRAGMA wal_checkpoint(TRUNCATE)");
    std::fs::copy(place.bureau.database(), &kept).expect("copied");
    let leaves: u64 = std::fs::read_to_string(place.path("good/leaves.jsonl")).expect("leaves").lines().count() as u64;
    assert!(leaves >= 6);
    // What each fault is found as; the checkpoints that somebody kept elsewhere are at hand.
    let faults: [(&str, String, &[&str], Option<u64>); 6] = [
        (
            "one text changed",
            "UPDATE audit SET leaf = replace(leaf, 'kiosk-enrolled', 'kiosk-dismissed') WHERE seq = 3".into(),
            &["text-changed", "root"],
            Some(3),
        ),
        ("one missing", "DELETE FROM audit WHERE seq = 4".into(), &["missing", "root"], Some(4)),
        (
            "two swapped",
            "UPDATE audit SET leaf = (SELECT b.leaf FROM audit b WHERE b.seq = 7 - audit.seq) WHERE seq IN (2, 5)".into(),
            &["moved", "text-changed", "root"],
            Some(2),
        ),
        (
            "one appended past the tree",
            "INSERT INTO audit (seq, leaf, object)
             SELECT MAX(seq) + 1, json_set((SELECT leaf FROM audit WHERE seq = 1), '$.seq', MAX(seq) + 1), 'x' FROM audit"
                .into(),
            &["stray"],
            None,
        ),
        (
            "the tail cut off, with its nodes and checkpoints",
            "DELETE FROM audit WHERE seq > 3; DELETE FROM audit_node WHERE (position + 1) << level > 3; DELETE FROM checkpoint"
                .into(),
            &["tail-missing"],
            Some(4),
        ),
        (
            "written anew from the second on, with its nodes and checkpoints",
            "DELETE FROM audit WHERE seq > 1; DELETE FROM audit_node WHERE position > 0 OR level > 0; DELETE FROM checkpoint"
                .into(),
            &["tail-missing"],
            Some(2),
        ),
    ];
    for (number, (name, sql, expected, at)) in faults.iter().enumerate() {
        for end in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", place.bureau.database().display()));
        }
        std::fs::copy(&kept, place.bureau.database()).expect("copied");
        place.plant(sql);
        let office = place.bureau.start().expect("the office");
        let folder = place.path(&format!("fault-{number}"));
        let (code, told) = place.audit(Some(&office), &["export", &folder]);
        // Where the office sees by itself that its log forgot something it signs nothing: then only what is there is taken.
        assert_eq!(code, 0, "{name}: {told}");
        let (code, told) = place.audit(None, &["verify", &folder, "--checkpoints", &old]);
        assert_eq!(code, 1, "{name}: {told}");
        let found = kinds(&told);
        for kind in *expected {
            assert!(found.iter().any(|(found, _)| found == kind), "{name}: no {kind} in {told}");
        }
        if let Some(at) = at {
            assert_eq!(found[0].1, *at, "{name}: {told}");
        }
        drop(office);
    }
}

#[test]
fn the_end_of_a_case_is_proven_to_whoever_holds_the_receipt() {
    let place = Place::new();
    let office = place.bureau.start().expect("the office");
    let (id, _) = place.submit(&office, 2);
    let (brought_later, _) = place.submit(&office, 1);
    place.drained();
    let (code, told) = place.audit(Some(&office), &["prove", &id, "--erased"]);
    assert_eq!((code, &told["ok"]), (1, &Value::Bool(false)), "nothing has ended: {told}");
    office.stop().expect("stopped");
    // Closed in another year; the sweep at the next start finds it over its time.
    place.plant(&format!(
        "UPDATE office_case SET place = 'closed', status = 'rejected', closed_at = 1000 WHERE submission = '{id}'"
    ));
    // A supplement's own leaf names the case that it would have begun.
    place.plant(&format!(
        "INSERT INTO supplement (submission, case_id, at) SELECT '{brought_later}', id, 1000 FROM office_case WHERE submission = '{id}'"
    ));
    let office = place.bureau.start().expect("the office");
    let database = rusqlite::Connection::open(place.bureau.database()).expect("the database");
    let deadline = Instant::now() + Duration::from_secs(60);
    let ended = || {
        let sql = "SELECT COUNT(*) FROM audit WHERE json_extract(leaf, '$.action') = 'erased'";
        database.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("a count")
    };
    while ended() == 0 {
        assert!(Instant::now() < deadline, "the case is not erased");
        std::thread::park_timeout(Duration::from_millis(20));
    }
    let (code, proven) =
        place.audit(Some(&office), &["prove", &id, "--erased", "--out", &place.path("proof-of-the-end")]);
    assert_eq!((code, &proven["erased"]["keys"]), (0, &Value::from(2)), "{proven}");
    assert_eq!(proven["erased"]["parts"].as_array().map(Vec::len), Some(2), "{proven}");
    let later = place.path("proof-of-what-was-brought-later");
    let (code, of_later) = place.audit(Some(&office), &["prove", &brought_later, "--erased", "--out", &later]);
    assert_eq!((code, &of_later["erased"]), (0, &proven["erased"]), "{of_later}");
    assert_eq!(place.audit(None, &["verify", "--proof", &later]).0, 0);
    let (code, told) = place.audit(None, &["verify", "--proof", &place.path("proof-of-the-end")]);
    assert_eq!((code, &told["erased"]), (0, &proven["erased"]), "offline, by the bureau's public file: {told}");
    let text = std::fs::read_to_string(place.path("proof-of-the-end")).expect("the proof");
    let mut changed: Value = serde_json::from_str(&text).expect("JSON");
    changed["erased"] = changed["proof"].clone();
    std::fs::write(place.path("changed"), changed.to_string()).expect("written");
    assert_eq!(place.audit(None, &["verify", "--proof", &place.path("changed")]).0, 1, "another leaf proves nothing");
    let export = place.export(&office, "with-the-end");
    assert_eq!(place.audit(None, &["verify", &export]).0, 0, "the log holds with both leaves in it");
}
