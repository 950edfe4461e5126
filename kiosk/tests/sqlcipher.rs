//! The encrypted database (feature `sqlcipher`, `make sqlcipher-check`): nothing of it is readable, a plain one is taken over, a wrong or
//! missing key is said and costs nothing, and killed it recovers. Invariant: what lies on the disk is read byte by byte here,
//! with no code of the store.

use domain::answers::Answers;
use domain::facts::Facts;
use domain::ids::{KioskId, ReceiptCode, ServiceId, StationId, SubmissionId};
use domain::sensitive::Sensitive;
use domain::service::Applicant;
use ed25519_dalek::SigningKey;
use kiosk::store::{Sealing, Store, StoreError};
use rusqlite::Connection;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use wire::payload::{Identified, Payload, Person};

const SERVICE: &str = "id-replace-lost";
const NUMBER: &str = "999999199001010019";
const PLAIN: &[u8] = b"SQLite format 3";
/// Tells the killed process its folder.
const FOLDER: &str = "YIMEN_SQLCIPHER_FOLDER";

fn sealing() -> Sealing {
    let recipient = age::x25519::Identity::generate().to_public().to_string();
    Sealing {
        kiosk: KioskId::new("yunqiao-1"),
        station: StationId::new("yunqiao"),
        recipients: vec![recipient],
        device_key: SigningKey::from_bytes(&[1; 32]),
    }
}

fn payload() -> Payload {
    Payload {
        service: ServiceId::new(SERVICE),
        form_version: 1,
        code: ReceiptCode::parse("ACDEFG79").expect("a code"),
        day: jiff::civil::date(2026, 11, 22),
        language: "zh-CN".to_owned(),
        applicant: Person { name: Sensitive::new("欧阳测试".to_owned()), id_number: number() },
        subject: None,
        matter: Applicant::Own,
        identified: Identified::CardAndFace,
        facts: Facts::new(),
        answers: Answers::default(),
        open: Vec::new(),
        supplement_of: None,
        unfinished: None,
        pictures: std::collections::BTreeMap::new(),
    }
}

fn number() -> Sensitive<String> {
    Sensitive::new(NUMBER.to_owned())
}

fn id(number: u128) -> SubmissionId {
    SubmissionId(uuid::Uuid::from_u128(0x0190_f3a0_0000_7000_8000_0000_0000_0000 + number))
}

fn seal(store: &Store, number: u128) {
    store.seal(id(number), &payload(), &[], &sealing(), ambient::now()).expect("sealed");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Files that hold one of these.
fn holding(folder: &Path, needles: &[&[u8]]) -> Vec<PathBuf> {
    let holds = |path: &PathBuf| {
        let bytes = fs::read(path).expect("a file");
        needles.iter().any(|needle| bytes.windows(needle.len()).any(|window| window == *needle))
    };
    files(folder).into_iter().filter(holds).collect()
}

#[test]
fn nothing_of_the_database_is_readable_while_it_is_open_or_shut() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path()).expect("opens");
    seal(&store, 1);
    store.save_draft(&number(), id(2), b"page 3", ambient::now()).expect("kept");
    store.begin_print("ACDEFG79").expect("begun");
    let (text, raw) = (id(1).to_string(), id(1).0.into_bytes());
    let needles: [&[u8]; 8] =
        [PLAIN, SERVICE.as_bytes(), text.as_bytes(), &raw, b"yunqiao", b"SEALED", b"CREATE TABLE", b"ACDEFG79"];
    assert_eq!(holding(folder.path(), &needles), Vec::<PathBuf>::new());
    drop(store);
    assert_eq!(holding(folder.path(), &needles), Vec::<PathBuf>::new());
    let store = Store::open(folder.path()).expect("opens");
    assert!(store.find(id(1)).expect("reads").is_some());
    assert_eq!(
        store.open_draft(&number(), ambient::now()).expect("reads").expect("a draft").content.expose(),
        b"page 3"
    );
}

/// The same content as a plain database, as a program without the feature left it.
fn make_plain(folder: &Path) {
    let (database, key) = (folder.join("kiosk.sqlite3"), folder.join("store.key"));
    let connection = Connection::open(&database).expect("opens");
    let text = fs::read_to_string(&key).expect("the key");
    connection.pragma_update(None, "key", format!("x'{}'", text.trim())).expect("unlocks");
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).expect("a version");
    let plain = folder.join("plain.sqlite3");
    connection.execute("ATTACH DATABASE ?1 AS plain KEY ''", [plain.to_str().expect("text")]).expect("attaches");
    connection.query_row("SELECT sqlcipher_export('plain')", [], |_| Ok(())).expect("copies");
    connection
        .execute_batch(&format!("PRAGMA plain.user_version = {version}; DETACH DATABASE plain;"))
        .expect("copies");
    drop(connection);
    for end in ["-wal", "-shm"] {
        let _ = fs::remove_file(folder.join(format!("kiosk.sqlite3{end}")));
    }
    fs::rename(plain, database).expect("in its place");
    fs::remove_file(key).expect("a plain one has no key");
}

#[test]
fn a_plain_database_of_before_is_taken_over_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path()).expect("opens");
    (1..=20).for_each(|number| seal(&store, number));
    drop(store);
    make_plain(folder.path());
    assert!(!holding(folder.path(), &[PLAIN]).is_empty());
    // What a crash in the middle of taking over left is no obstacle.
    fs::write(folder.path().join("kiosk.encrypting"), "half").expect("written");
    let store = Store::open(folder.path()).expect("takes it over");
    let waiting = store.waiting().expect("reads");
    assert_eq!(waiting.len(), 20);
    seal(&store, 21);
    assert_eq!(store.waiting().expect("reads").last().map(|item| item.entry.id), Some(id(21)), "the order goes on");
    assert_eq!(holding(folder.path(), &[PLAIN, SERVICE.as_bytes()]), Vec::<PathBuf>::new());
}

#[test]
fn a_wrong_or_missing_key_is_said_and_costs_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    seal(&Store::open(folder.path()).expect("opens"), 1);
    let (database, key) = (folder.path().join("kiosk.sqlite3"), folder.path().join("store.key"));
    let (before, right) = (fs::read(&database).expect("read"), fs::read(&key).expect("read"));
    fs::write(&key, "ab".repeat(32)).expect("written");
    let Err(StoreError::Key(words)) = Store::open(folder.path()) else { panic!("it opened with a wrong key") };
    assert!(words.contains("another key"), "{words}");
    fs::write(&key, "no key").expect("written");
    assert!(matches!(Store::open(folder.path()), Err(StoreError::Key(words)) if words.contains("64 hex digits")));
    fs::remove_file(&key).expect("gone");
    assert!(matches!(Store::open(folder.path()), Err(StoreError::Key(words)) if words.contains("missing")));
    assert!(!key.exists(), "no new key takes the place of a missing one");
    assert_eq!(fs::read(&database).expect("read"), before);
    fs::write(&key, right).expect("written");
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("its owner's alone");
    assert!(Store::open(folder.path()).expect("opens").find(id(1)).expect("reads").is_some());
}

/// With the folder in its environment it seals and tells until it is killed; by itself it holds for one.
#[test]
fn what_is_told_was_sealed_before() {
    let given = std::env::var_os(FOLDER).map(PathBuf::from);
    let own = tempfile::tempdir().expect("a folder");
    let store = Store::open(given.as_deref().unwrap_or(own.path())).expect("opens after a kill");
    let first = store.waiting().expect("reads").len() as u128 + 1;
    for number in first.. {
        seal(&store, number);
        assert!(store.find(id(number)).expect("reads").is_some());
        if given.is_none() {
            return;
        }
        eprintln!("told {number}");
    }
}

#[test]
fn ten_kills_lose_nothing_that_was_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut told = 0;
    for kill in 0..10_usize {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "what_is_told_was_sealed_before", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        let lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let numbers = lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("told ")?.parse::<u128>().ok());
        // A different place in the work each time: after so many were told, in the midst of the next.
        told = numbers.take(2 + usize::from(ambient::random_bytes::<1>()[0]) % 7).last().unwrap_or(told);
        child.kill().expect("killed");
        child.wait().expect("ended");
        let store = Store::open(folder.path()).expect("opens after a kill");
        for number in 1..=told {
            assert!(store.find(id(number)).expect("reads").is_some(), "kill {kill}: {number} was told and is lost");
        }
    }
    assert!(told >= 20, "only {told} were told");
}
