//! An edge as a real process between kiosks and the office: what it answers when, what it keeps, what it may not.

use crate::bureau::{Bureau, Identity, Office, PATIENCE, Settings};
use crate::parties::{CLEAN, Kiosk, Ready, certificate_payload, client, read};
use back_office::edge::Ports;
use domain::ids::SubmissionId;
use reqwest::blocking::Response;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use wire::digest::Digest;
use wire::manifest::Manifest;
use wire::payload::Identified;
use wire::receipt::Receipt;
use wire::signature::Signed;

/// Port at which nobody listens.
const NOBODY: u16 = 9;

/// The folder of an edge that the office knows.
struct Made {
    folder: TempDir,
    identity: Identity,
}

struct Edge {
    child: Child,
    ports: Ports,
}

impl Made {
    /// Before the office is started: that reads its configuration once.
    fn new(bureau: &Bureau) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (identity, fingerprint) = bureau.edge_identity("dmz-1");
        std::fs::create_dir(folder.path().join("keys")).unwrap();
        std::fs::write(folder.path().join("keys/edge.pem"), &identity.certificate).unwrap();
        std::fs::write(folder.path().join("keys/edge.key.pem"), &identity.key).unwrap();
        std::fs::write(folder.path().join("keys/ca.pem"), &bureau.ca_pem).unwrap();
        std::fs::copy(bureau.folder.path().join("bureau.toml"), folder.path().join("bureau.toml")).unwrap();
        let office = bureau.folder.path().join("office.toml");
        let text = std::fs::read_to_string(&office).unwrap();
        std::fs::write(office, format!("{text}\n[edges.dmz-1]\ncertificate = \"{fingerprint}\"\n")).unwrap();
        Self { folder, identity }
    }

    fn start(&self, core: u16) -> Edge {
        self.start_with(core, "")
    }

    /// With lines of `[limits]`.
    fn start_with(&self, core: u16, limits: &str) -> Edge {
        let folder = self.folder.path();
        let text = format!(
            "name = \"dmz-1\"\ncore = \"https://127.0.0.1:{core}\"\n[listen]\nintake = \"127.0.0.1:0\"\npassage = \"127.0.0.1:0\"\n\
             [relay]\nask_seconds = 7\nanswer_ms = 5000\nlongest_seconds = 1\n\
             [limits]\n{limits}\n"
        );
        std::fs::write(folder.join("edge.toml"), text).unwrap();
        let ports = folder.join("run/ports.json");
        let _ = std::fs::remove_file(&ports);
        let mut command = Command::new(env!("CARGO_BIN_EXE_yimen-office"));
        command.args(["--role", "edge", "--folder"]).arg(folder).env("RUST_LOG", "warn").stdin(Stdio::null());
        let mut child = command.spawn().unwrap();
        let until = Instant::now() + PATIENCE;
        loop {
            if let Ok(text) = std::fs::read(&ports) {
                return Edge { child, ports: serde_json::from_slice(&text).unwrap() };
            }
            assert!(child.try_wait().unwrap().is_none() && Instant::now() < until, "the edge does not open");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn blobs(&self) -> usize {
        let folders = std::fs::read_dir(self.folder.path().join("data/blobs")).unwrap().map(Result::unwrap);
        folders.map(|folder| std::fs::read_dir(folder.path()).unwrap().count()).sum()
    }
}

impl Edge {
    /// `kill -9`.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A bureau with the folder of an edge, and its office.
fn bench() -> (Bureau, Made, Office) {
    let bureau = Bureau::new(&Settings::default());
    let made = Made::new(&bureau);
    let office = bureau.start();
    (bureau, made, office)
}

/// The same kiosk at the edge's door.
fn at(kiosk: &Kiosk, edge: &Edge) -> Kiosk {
    Kiosk { base: format!("https://127.0.0.1:{}", edge.ports.intake), ..kiosk.clone() }
}

fn ready(kiosk: &Kiosk) -> Ready {
    let (payload, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    kiosk.ready(&payload, &[&signature])
}

/// The last part of a problem's type.
fn problem(answer: Response) -> (u16, String) {
    let (status, body) = read(answer);
    (status, body["type"].as_str().unwrap_or_default().rsplit(':').next().unwrap().to_owned())
}

/// Asks with the manifest alone, as a kiosk does that was told 202, until the answer is another one.
fn ask(kiosk: &Kiosk, ready: &Ready) -> Response {
    let until = Instant::now() + PATIENCE;
    loop {
        let answer = kiosk.put(ready).unwrap();
        if answer.status() != 202 {
            return answer;
        }
        assert!(Instant::now() < until, "it is never handed on");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_receipt_through_an_edge_is_the_cores_own_and_leaves_no_ciphertext_there() {
    let (bureau, made, office) = bench();
    let edge = made.start(office.ports.kiosks);
    let direct = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let kiosk = at(&direct, &edge);
    let ready = ready(&kiosk);
    assert_eq!(problem(kiosk.put_inline(&ready).unwrap()), (409, "blobs-missing".to_owned()));
    let (status, receipt) = kiosk.send(&ready).unwrap();
    assert_eq!(status, 201, "{}", String::from_utf8_lossy(&receipt));
    let signed: Signed = serde_json::from_slice(&receipt).unwrap();
    let stated: Receipt = signed.open(&bureau.receipt_key.verifying_key()).unwrap();
    assert_eq!((stated.id, stated.manifest), (ready.id, ready.signed.digest()));
    // The same, whoever is asked and however.
    for answer in [kiosk.put(&ready), kiosk.put_inline(&ready), direct.put(&ready)] {
        let answer = answer.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.bytes().unwrap(), receipt);
    }
    let until = Instant::now() + PATIENCE;
    while made.blobs() > 0 {
        assert!(Instant::now() < until, "ciphertext stays at the edge");
        std::thread::sleep(Duration::from_millis(20));
    }
    // A kiosk that lost the answer need not send what the core has.
    let question = serde_json::json!({ "digests": [ready.blobs[1].sha256] });
    let (_, missing) =
        read(kiosk.client.post(format!("{}/v1/blobs/missing", kiosk.base)).json(&question).send().unwrap());
    assert_eq!(missing, serde_json::json!({ "missing": [] }));
    let cases: i64 = bureau.database().query_row("SELECT COUNT(*) FROM office_case", [], |row| row.get(0)).unwrap();
    assert_eq!(cases, 1);
}

#[test]
fn while_the_core_is_away_all_of_it_is_kept_over_a_kill_and_handed_on_without_the_kiosk() {
    let (bureau, made, office) = bench();
    let enrolled = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let edge = made.start(NOBODY);
    let kiosk = at(&enrolled, &edge);
    let all: Vec<Ready> = (0..3).map(|_| ready(&kiosk)).collect();
    for ready in &all {
        for blob in &ready.blobs[1..] {
            kiosk.upload(blob).unwrap().error_for_status().unwrap();
        }
        let answer = kiosk.put_inline(ready).unwrap();
        assert_eq!(answer.status(), 202);
        let after: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
        assert!((7..14).contains(&after), "{after}");
        assert_eq!(read(answer).1, serde_json::json!({ "state": "relayed" }));
    }
    edge.kill();
    assert_eq!(made.blobs(), 3);
    // The kiosk has burnt. The edge finds the core by itself.
    let edge = made.start(office.ports.kiosks);
    let until = Instant::now() + PATIENCE;
    let count =
        || -> i64 { bureau.database().query_row("SELECT COUNT(*) FROM office_case", [], |row| row.get(0)).unwrap() };
    while count() < 3 {
        assert!(Instant::now() < until, "{} of 3 were handed on", count());
        std::thread::sleep(Duration::from_millis(50));
    }
    let kiosk = at(&enrolled, &edge);
    for ready in &all {
        let answer = ask(&kiosk, ready);
        assert!(answer.status().is_success(), "{answer:?}");
        let signed: Signed = serde_json::from_slice(&answer.bytes().unwrap()).unwrap();
        let stated: Receipt = signed.open(&bureau.receipt_key.verifying_key()).unwrap();
        assert_eq!(stated.id, ready.id);
    }
}

#[test]
fn what_the_core_refuses_is_told_by_its_own_word_and_kept_until_then() {
    let (bureau, made, office) = bench();
    let edge = made.start(office.ports.kiosks);
    let kiosk = at(&Kiosk::enrolled(&bureau, &office, "yunqiao-1"), &edge);
    let other = at(&Kiosk::enrolled(&bureau, &office, "yunqiao-2"), &edge);

    // Without any key the edge sees shapes, sizes and digests.
    let good = ready(&kiosk);
    let elsewhere = Ready { id: SubmissionId(ambient::new_uuid()), ..good.clone() };
    assert_eq!(problem(kiosk.put_inline(&elsewhere).unwrap()), (422, "wrong-address".to_owned()));
    let (address, _) = kiosk.open_upload(&good.blobs[1].sha256, 40).unwrap();
    assert_eq!(problem(kiosk.piece(&address, 0, &[b'x'; 40]).unwrap()), (422, "not-sealed".to_owned()));

    // A stranger's signature only the core knows.
    let manifest: Manifest = serde_json::from_str(&good.signed.body).unwrap();
    let foreign = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let forged = Ready { signed: Signed::sign(&manifest, &foreign).unwrap(), ..good.clone() };
    for blob in &forged.blobs[1..] {
        kiosk.upload(blob).unwrap().error_for_status().unwrap();
    }
    let answer = kiosk.put_inline(&forged).unwrap();
    let answer = if answer.status() == 202 { ask(&kiosk, &forged) } else { answer };
    assert_eq!(problem(answer), (422, "bad-signature".to_owned()));
    assert_eq!(made.blobs(), 0, "the kiosk has heard it, and has all of it");
    assert_eq!(problem(kiosk.put(&forged).unwrap()), (422, "bad-signature".to_owned()), "asked again");
    // An operator sends all of it again: the core looks anew.
    assert_eq!(problem(kiosk.put_inline(&forged).unwrap()), (422, "bad-signature".to_owned()));
    for blob in &forged.blobs[1..] {
        kiosk.upload(blob).unwrap().error_for_status().unwrap();
    }
    assert_eq!(made.blobs(), 1);
    let answer = kiosk.put_inline(&forged).unwrap();
    let answer = if answer.status() == 202 { ask(&kiosk, &forged) } else { answer };
    assert_eq!(problem(answer), (422, "bad-signature".to_owned()));
    assert_eq!(kiosk.send(&good).unwrap().0, 201, "the true one, after a forged one that was refused");

    // A suspended kiosk: it alone is told so; who carries its submission learns that it waits.
    let administrator = bureau.administrator(&office);
    let reason = serde_json::json!({ "reason": "x" });
    assert_eq!(administrator.post("/v1/kiosks/yunqiao-1/suspend", &reason).0, 200);
    let late = ready(&kiosk);
    for blob in &late.blobs[1..] {
        kiosk.upload(blob).unwrap().error_for_status().unwrap();
    }
    let until = Instant::now() + PATIENCE;
    // What the office knew of the kiosk a moment ago may count for another moment.
    let first = kiosk.put_inline(&late).unwrap();
    if first.status() == 202 {
        loop {
            let (status, name) = problem(kiosk.put(&late).unwrap());
            if status != 202 {
                assert_eq!((status, name.as_str()), (403, "device-suspended"));
                break;
            }
            assert!(Instant::now() < until, "it is never told");
            std::thread::sleep(Duration::from_millis(50));
        }
        assert_eq!(problem(other.put(&late).unwrap()), (422, "author-not-enrolled".to_owned()));
        assert_eq!(administrator.post("/v1/kiosks/yunqiao-1/resume", &serde_json::json!({})).0, 200);
        assert!(wait_for_receipt(&kiosk, &late), "resumed, it is handed on");
    } else {
        assert_eq!(problem(first), (403, "device-suspended".to_owned()));
        assert_eq!(problem(other.put(&late).unwrap()), (422, "author-not-enrolled".to_owned()));
        assert_eq!(administrator.post("/v1/kiosks/yunqiao-1/resume", &serde_json::json!({})).0, 200);
        assert!(wait_for_receipt(&kiosk, &late), "resumed, it is handed on");
    }
}

#[test]
fn a_forged_copy_that_came_first_stands_in_nobodys_way() {
    let (bureau, made, office) = bench();
    let author = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let forger = Kiosk::enrolled(&bureau, &office, "yunqiao-2");
    let good = ready(&author);
    let manifest: Manifest = serde_json::from_str(&good.signed.body).unwrap();
    let foreign = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let forged = Ready { signed: Signed::sign(&manifest, &foreign).unwrap(), ..good.clone() };
    let edge = made.start(NOBODY);
    for (kiosk, ready) in [(&forger, &forged), (&author, &good)] {
        let kiosk = at(kiosk, &edge);
        for blob in &ready.blobs[1..] {
            kiosk.upload(blob).unwrap().error_for_status().unwrap();
        }
        assert_eq!(kiosk.put_inline(ready).unwrap().status(), 202);
    }
    edge.kill();
    let edge = made.start(office.ports.kiosks);
    let answer = ask(&at(&author, &edge), &good);
    assert!(answer.status().is_success(), "{answer:?}");
    let stated: Signed = serde_json::from_slice(&answer.bytes().unwrap()).unwrap();
    let stated: Receipt = stated.open(&bureau.receipt_key.verifying_key()).unwrap();
    assert_eq!((stated.id, stated.manifest), (good.id, good.signed.digest()));
    assert_eq!(problem(ask(&at(&forger, &edge), &forged)), (422, "bad-signature".to_owned()));
}

#[test]
fn one_kiosk_leaves_only_so_much_without_a_manifest() {
    let (bureau, made, office) = bench();
    let [wild, other] = ["yunqiao-1", "yunqiao-2"].map(|id| Kiosk::enrolled(&bureau, &office, id));
    // Each upload counts for 64 KiB at least: three fit.
    let few = "kiosk_unnamed_bytes = 200000";
    let edge = made.start_with(NOBODY, few);
    let [kiosk, neighbour] = [at(&wild, &edge), at(&other, &edge)];
    let open = |kiosk: &Kiosk, name: &str| kiosk.open_upload(&Digest::of(name.as_bytes()), 1000).unwrap().1;
    let opened = |kiosk: &Kiosk, name: &str| open(kiosk, name).status().as_u16();
    let full = || (429, "slow-down".to_owned());
    assert_eq!([opened(&kiosk, "a"), opened(&kiosk, "b")], [201, 201]);
    let good = ready(&kiosk);
    let [blob] = &good.blobs[1..] else { panic!("one large part") };
    kiosk.upload(blob).unwrap().error_for_status().unwrap();
    assert_eq!(problem(open(&kiosk, "c")), full());
    assert_eq!(opened(&kiosk, "a"), 201, "the same again");
    assert_eq!(opened(&neighbour, "c"), 201, "another kiosk has room of its own");
    // What a manifest names that is on its way is no longer counted; over a restart, too.
    assert_eq!(kiosk.put_inline(&good).unwrap().status(), 202);
    assert_eq!(opened(&kiosk, "c"), 201);
    edge.kill();
    let edge = made.start_with(NOBODY, few);
    assert_eq!(problem(open(&at(&wild, &edge), "d")), full());
    // What is begun may be gone on with.
    let kiosk = at(&wild, &edge);
    let (address, answer) = kiosk.open_upload(&Digest::of(b"a"), 1000).unwrap();
    assert_eq!(answer.status(), 201);
    assert_eq!(kiosk.piece(&address, 0, b"age-encryption.org/v1\n").unwrap().status(), 204);
}

#[test]
fn nothing_new_is_kept_of_a_kiosk_that_the_core_called_suspended() {
    let (bureau, made, office) = bench();
    let [suspended, carrier] = ["yunqiao-1", "yunqiao-2"].map(|id| Kiosk::enrolled(&bureau, &office, id));
    let administrator = bureau.administrator(&office);
    assert_eq!(administrator.post("/v1/kiosks/yunqiao-1/suspend", &serde_json::json!({ "reason": "x" })).0, 200);
    let edge = made.start(office.ports.kiosks);
    let [kiosk, carrier] = [at(&suspended, &edge), at(&carrier, &edge)];
    let rows = || -> i64 {
        let database = rusqlite::Connection::open(made.folder.path().join("data/edge.db")).unwrap();
        database.query_row("SELECT COUNT(*) FROM relayed", [], |row| row.get(0)).unwrap()
    };
    let told = || (403, "device-suspended".to_owned());
    let first = ready(&kiosk);
    kiosk.upload(&first.blobs[1]).unwrap().error_for_status().unwrap();
    let answer = kiosk.put_inline(&first).unwrap();
    let answer = if answer.status() == 202 { ask(&kiosk, &first) } else { answer };
    assert_eq!(problem(answer), told());
    assert_eq!(rows(), 1);

    let second = ready(&kiosk);
    assert_eq!(problem(kiosk.upload(&second.blobs[1]).unwrap()), told());
    assert_eq!(problem(kiosk.put_inline(&second).unwrap()), told());
    carrier.upload(&second.blobs[1]).unwrap().error_for_status().unwrap();
    assert_eq!(problem(carrier.put_inline(&second).unwrap()), (422, "author-not-enrolled".to_owned()));
    assert_eq!(rows(), 1);
    assert_eq!(carrier.send(&ready(&carrier)).unwrap().0, 201, "its own goes through");

    assert_eq!(administrator.post("/v1/kiosks/yunqiao-1/resume", &serde_json::json!({})).0, 200);
    assert!(wait_for_receipt(&kiosk, &first), "what waits is handed on");
    assert_eq!(kiosk.send(&second).unwrap().0, 201, "and by that the edge knows");
}

/// Asks until there is a receipt, whatever is said before.
fn wait_for_receipt(kiosk: &Kiosk, ready: &Ready) -> bool {
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        if matches!(kiosk.put(ready).unwrap().status().as_u16(), 200 | 201) {
            return true;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    false
}

#[test]
fn an_edge_may_hand_on_and_nothing_else_and_only_the_one_that_is_named() {
    let (bureau, made, office) = bench();
    let core = format!("https://127.0.0.1:{}", office.ports.kiosks);
    let own = client(&bureau.ca_pem, Some(&made.identity));
    let get = |path: &str| own.get(format!("{core}{path}")).send().unwrap().status().as_u16();
    let id = ambient::new_uuid();
    for path in ["/v1/health", "/v1/inbox", "/v1/time", &format!("/v1/submissions/{id}/outcome")] {
        assert!([404, 405].contains(&get(path)), "{path}");
    }
    assert_eq!(get(&format!("/v1/submissions/{id}")), 405);
    for path in ["/v1/own-cases", "/v1/own-record", "/v1/ratings", "/v1/enrol", "/v1/certs/renew"] {
        let answer = own.post(format!("{core}{path}")).json(&serde_json::json!({})).send().unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
    let question = serde_json::json!({ "digests": [Digest::of(b"x")] });
    let missing = |client: &reqwest::blocking::Client| {
        client.post(format!("{core}/v1/blobs/missing")).json(&question).send().unwrap()
    };
    assert_eq!(missing(&own).status(), 200);
    // The same name with another certificate, and a name that nobody knows.
    for name in ["dmz-1", "dmz-2"] {
        let another = client(&bureau.ca_pem, Some(&bureau.edge_identity(name).0));
        assert_eq!(problem(missing(&another)), (403, "not-enrolled".to_owned()), "{name}");
    }
    // Whoever is no kiosk meets nothing at the edge.
    let edge = made.start(office.ports.kiosks);
    let nobody = client(&bureau.ca_pem, None);
    let answer = nobody.get(format!("https://127.0.0.1:{}/v1/health", edge.ports.intake)).send().unwrap();
    assert_eq!(problem(answer), (403, "not-enrolled".to_owned()));
    assert!(
        own.get(format!("https://127.0.0.1:{}/v1/health", edge.ports.intake)).send().is_err(),
        "an edge is no kiosk"
    );
    through_the_passage(&bureau, &office, &edge);
}

/// Enrolment and a person's own cases pass the edge; the certificate that the kiosk sees is the core's.
fn through_the_passage(bureau: &Bureau, office: &Office, edge: &Edge) {
    let ports = back_office::server::Ports { kiosks: edge.ports.passage, ..office.ports };
    let given = bureau.kiosk_code(office, "yunqiao-7");
    let machine = crate::bureau::Machine::new();
    let (status, answer) = machine.enrol_at(bureau, ports.kiosks, "yunqiao-7", given["code"].as_str().unwrap());
    assert_eq!(status, 200, "{answer}");
    let certificate = answer["certificate"]["chain"].as_str().unwrap().to_owned();
    let identity = Identity { certificate, key: machine.tls.serialize_pem() };
    let kiosk = Kiosk {
        id: "yunqiao-7".to_owned(),
        client: client(&bureau.ca_pem, Some(&identity)),
        base: format!("https://127.0.0.1:{}", ports.kiosks),
        key: machine.device.clone(),
        recipients: bureau.recipients.clone(),
        identity,
    };
    let (status, _) = kiosk.own_cases(CLEAN.1, Identified::CardAndFace, None);
    assert_eq!(status, 200);
}

#[test]
fn an_edges_folder_holds_one_private_key() {
    let bureau = Bureau::new(&Settings::default());
    let made = Made::new(&bureau);
    let edge = made.start(NOBODY);
    fn keys(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                keys(&entry.path(), found);
            } else {
                let bytes = std::fs::read(entry.path()).unwrap();
                let text = String::from_utf8_lossy(&bytes);
                if text.contains("PRIVATE KEY") || text.contains("AGE-SECRET-KEY") {
                    found.push(entry.file_name().to_string_lossy().into_owned());
                }
            }
        }
    }
    let mut found = Vec::new();
    keys(made.folder.path(), &mut found);
    assert_eq!(found, ["edge.key.pem"]);
    drop(edge);
}

#[test]
fn it_never_says_that_it_keeps_what_does_not_lie_there() {
    let (bureau, made, office) = bench();
    let enrolled = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let edge = made.start(NOBODY);
    let kiosk = at(&enrolled, &edge);
    let good = ready(&kiosk);
    let [blob] = &good.blobs[1..] else { panic!("one large part") };
    kiosk.upload(blob).unwrap().error_for_status().unwrap();
    assert_eq!(kiosk.put_inline(&good).unwrap().status(), 202);
    let name = blob.sha256.as_str();
    std::fs::remove_file(made.folder.path().join("data/blobs").join(&name[..2]).join(name)).unwrap();
    for answer in [kiosk.put(&good), kiosk.put_inline(&good)] {
        assert_eq!(problem(answer.unwrap()), (409, "blobs-missing".to_owned()));
    }
    kiosk.upload(blob).unwrap().error_for_status().unwrap();
    assert_eq!(kiosk.put(&good).unwrap().status(), 202);
    edge.kill();
    let edge = made.start(office.ports.kiosks);
    assert!(ask(&at(&enrolled, &edge), &good).status().is_success());
}

#[test]
fn who_holds_the_passage_silently_keeps_no_kiosk_out() {
    let (bureau, made, office) = bench();
    let enrolled = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let edge = made.start_with(office.ports.kiosks, "connections = 4");
    let silent: Vec<std::net::TcpStream> =
        (0..10).map(|_| std::net::TcpStream::connect(("127.0.0.1", edge.ports.passage)).unwrap()).collect();
    let through = Kiosk { base: format!("https://127.0.0.1:{}", edge.ports.passage), ..enrolled };
    let time = through.client.get(format!("{}/v1/time", through.base)).send().unwrap();
    assert_eq!(time.status(), 200);
    drop(silent);
}
