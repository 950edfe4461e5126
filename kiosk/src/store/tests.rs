//! The store on a real folder: durable before told, nothing half done, nothing readable, drafts that die.

use super::*;
use age::secrecy::ExposeSecret as _;
use domain::answers::{Answer, Answers, AttachmentId};
use domain::facts::Facts;
use domain::ids::{FieldId, KioskId, ReceiptCode, ServiceId, StationId, SubmissionId};
use domain::sensitive::Sensitive;
use domain::service::Applicant;
use ed25519_dalek::SigningKey;
use jiff::{SignedDuration, Timestamp};
use outbox::State;
use std::io::Write as _;
use std::path::PathBuf;
use wire::digest::Digest;
use wire::envelope;
use wire::manifest::{Manifest, Role};
use wire::payload::{Identified, Payload, Person};

const NAME: &str = "欧阳测试";
const NUMBER: &str = "999999199001010019";
const SECRET: &[u8] = b"SECRET-PICTURE-BYTES";

struct Bench {
    folder: tempfile::TempDir,
    identity: age::x25519::Identity,
    sealing: Sealing,
}

fn bench() -> Bench {
    let identity = age::x25519::Identity::generate();
    let sealing = Sealing {
        kiosk: KioskId::new("yunqiao-1"),
        station: StationId::new("yunqiao"),
        recipients: vec![identity.to_public().to_string()],
        device_key: SigningKey::from_bytes(&[1; 32]),
    };
    Bench { folder: tempfile::tempdir().unwrap(), identity, sealing }
}

impl Bench {
    fn open(&self) -> Store {
        Store::open(self.folder.path()).unwrap()
    }

    fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = Vec::new();
        for folder in [self.folder.path().to_owned(), self.folder.path().join("spool")] {
            files.extend(std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|p| p.is_file()));
        }
        files
    }

    fn spooled(&self) -> usize {
        std::fs::read_dir(self.folder.path().join("spool")).unwrap().count()
    }

    /// Files of the store that hold these bytes.
    fn holding(&self, needle: &[u8]) -> Vec<PathBuf> {
        let holds = |path: &PathBuf| std::fs::read(path).unwrap().windows(needle.len()).any(|window| window == needle);
        self.files().into_iter().filter(holds).collect()
    }
}

fn id(number: u128) -> SubmissionId {
    SubmissionId(uuid::Uuid::from_u128(number))
}

fn now() -> Timestamp {
    "2026-11-22T02:00:00Z".parse().unwrap()
}

fn minutes(count: i64) -> Timestamp {
    now() + SignedDuration::from_mins(count)
}

fn number() -> Sensitive<String> {
    Sensitive::new(NUMBER.to_owned())
}

fn picture() -> Attachment {
    Attachment { bytes: SECRET.repeat(500), media_type: "image/jpeg".to_owned() }
}

fn payload() -> Payload {
    let mut answers = Answers::default();
    let photo = AttachmentId(Digest::of(&picture().bytes).as_str().to_owned());
    answers.set(FieldId::new("photo"), Answer::Photo(photo));
    Payload {
        service: ServiceId::new("id-replace-lost"),
        form_version: 1,
        code: ReceiptCode::parse("ACDEFG79").unwrap(),
        day: jiff::civil::date(2026, 11, 22),
        language: "zh-CN".to_owned(),
        applicant: Person { name: Sensitive::new(NAME.to_owned()), id_number: number() },
        subject: None,
        matter: Applicant::Own,
        identified: Identified::CardAndFace,
        facts: Facts::new(),
        answers,
        open: Vec::new(),
        supplement_of: None,
        unfinished: None,
        pictures: std::collections::BTreeMap::new(),
    }
}

#[test]
fn what_is_sealed_is_found_after_a_restart_and_only_the_office_opens_it() {
    let bench = bench();
    let sealed = bench.open().seal(id(1), &payload(), &[picture()], &bench.sealing, now()).unwrap();
    let store = bench.open();
    let found = store.find(id(1)).unwrap().unwrap();
    assert_eq!((found.state, found.digest, found.sealed_at), (State::Sealed, sealed.digest, now()));
    assert_eq!(store.find(id(2)).unwrap(), None);
    let [waiting] = store.waiting().unwrap().try_into().unwrap();
    let manifest: Manifest = waiting.manifest.open(&bench.sealing.device_key.verifying_key()).unwrap();
    assert_eq!(manifest.parts.iter().filter(|part| part.role == Role::Answers).count(), 1);
    for part in manifest.parts {
        let bytes = std::fs::read(store.spool().path(&part.sha256)).unwrap();
        assert_eq!(Digest::of(&bytes), part.sha256);
        let plain = envelope::open(&bytes, bench.identity.to_string().expose_secret()).unwrap();
        match part.role {
            Role::Answers => assert_eq!(serde_json::from_slice::<Payload>(&plain).unwrap(), payload()),
            Role::Attachment => assert_eq!(plain, picture().bytes),
        }
    }
}

#[test]
fn nothing_of_the_person_is_readable_in_any_file() {
    let bench = bench();
    let store = bench.open();
    store.save_draft(&number(), id(1), format!("{NAME} {NUMBER}").as_bytes(), now()).unwrap();
    store.save_draft(&number(), id(2), format!("{NAME} {NUMBER}").as_bytes(), now()).unwrap();
    store.seal(id(1), &payload(), &[picture()], &bench.sealing, now()).unwrap();
    for needle in
        [NAME.as_bytes(), NUMBER.as_bytes(), SECRET, b"ACDEFG79", Digest::of(&picture().bytes).as_str().as_bytes()]
    {
        assert_eq!(bench.holding(needle), Vec::<PathBuf>::new(), "{}", String::from_utf8_lossy(needle));
    }
    // The search itself finds what is there.
    assert!(!bench.holding(b"id-replace-lost").is_empty());
}

#[test]
fn what_was_handed_in_lately_keeps_its_code_also_that_of_a_supplement() {
    let bench = bench();
    let supplement = Payload { supplement_of: Some(id(7)), ..payload() };
    bench.open().seal(id(1), &supplement, &[picture()], &bench.sealing, now()).unwrap();
    let store = bench.open();
    let lately = store.sealed_lately(&number(), minutes(1)).unwrap().unwrap();
    assert_eq!(
        (lately.id, lately.code),
        (id(1), ReceiptCode::parse("ACDEFG79")),
        "the case's code, not one of its own"
    );
}

#[test]
fn sealing_twice_gives_the_first_and_a_lost_picture_is_refused() {
    let bench = bench();
    let store = bench.open();
    assert_eq!(store.seal(id(1), &payload(), &[], &bench.sealing, now()).unwrap_err(), StoreError::MissingAttachment);
    let first = store.seal(id(1), &payload(), &[picture()], &bench.sealing, now()).unwrap();
    let second = store.seal(id(1), &payload(), &[picture()], &bench.sealing, minutes(1)).unwrap();
    assert_eq!(second, SealedItem { repeated: true, ..first });
    assert_eq!(store.waiting().unwrap().len(), 1);
    assert_eq!(bench.spooled(), 2);
}

#[test]
fn a_full_database_is_said_and_leaves_nothing_half_done() {
    let bench = bench();
    let store = bench.open();
    store.seal(id(1), &payload(), &[picture()], &bench.sealing, now()).unwrap();
    store.save_draft(&number(), id(2), b"draft", now()).unwrap();
    let limit = |pages: i64| {
        let set = store.writer.call(move |db| {
            Ok(db.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |row| row.get::<_, i64>(0))?)
        });
        set.unwrap()
    };
    let pages = limit(1); // SQLite answers with the present size when the wish is below it.
    let mut refused = None;
    for attempt in 2..200 {
        if let Err(error) = store.seal(id(attempt), &payload(), &[picture()], &bench.sealing, now()) {
            refused = Some((attempt, error));
            break;
        }
    }
    let (attempt, error) = refused.expect("a database that may not grow runs full");
    assert_eq!(error, StoreError::DiskFull);
    assert_eq!(store.find(id(attempt)).unwrap(), None);
    let whole = store.waiting().unwrap();
    // The picture is to be uploaded, the answers ride along; both are files here.
    assert!(whole.iter().all(|item| item.entry.blobs.len() == 1));
    assert_eq!(bench.spooled(), 2 * whole.len());
    // Room again: the same submission goes through.
    limit(pages + 1000);
    store.seal(id(attempt), &payload(), &[picture()], &bench.sealing, now()).unwrap();
    assert!(store.find(id(attempt)).unwrap().is_some());
}

#[test]
fn a_full_spool_is_said_and_leaves_no_file() {
    let bench = bench();
    let store = bench.open();
    let blobs = [
        envelope::seal(b"one", &bench.sealing.recipients).unwrap(),
        envelope::seal(b"two", &bench.sealing.recipients).unwrap(),
    ];
    let failed = store.spool.keep_by(&blobs, |file, bytes| {
        file.write_all(&bytes[..bytes.len() / 2])?;
        Err(std::io::ErrorKind::StorageFull.into())
    });
    assert_eq!(failed, Err(StoreError::DiskFull));
    assert_eq!(bench.spooled(), 0);
    store.spool.keep(&blobs).unwrap();
    assert_eq!(bench.spooled(), 2);
    drop(store);
    bench.open();
    assert_eq!(bench.spooled(), 0, "files of no item are swept at start");
}

#[test]
fn what_was_refused_for_ever_is_sent_again_at_a_wish_and_nothing_else_is() {
    let bench = bench();
    let store = bench.open();
    for number in 1..=3 {
        store.seal(id(number), &payload(), &[picture()], &bench.sealing, now()).unwrap();
    }
    store.persist(id(1), State::Quarantined, None, Some("{}".to_owned())).unwrap();
    store.persist(id(2), State::Acked, Some("receipt".to_owned()), None).unwrap();
    assert_eq!((store.resend().unwrap(), store.resend().unwrap()), (1, 0));
    drop(store);
    let states: Vec<State> = bench.open().waiting().unwrap().into_iter().map(|item| item.entry.state).collect();
    assert_eq!(states, [State::Sealed, State::Acked, State::Sealed]);
}

#[test]
fn erasing_needs_the_receipt_and_leaves_a_tombstone() {
    let bench = bench();
    let store = bench.open();
    let sealed = store.seal(id(1), &payload(), &[picture()], &bench.sealing, now()).unwrap();
    assert_eq!(store.erase(id(1), now()), Err(StoreError::Unknown));
    assert!(store.persist(id(1), State::Acked, None, None).is_err(), "ACKED without a receipt is refused by the table");
    assert_eq!(bench.spooled(), 2);
    store.persist(id(1), State::Sending, None, None).unwrap();
    store.persist(id(1), State::Acked, Some("receipt".to_owned()), None).unwrap();
    store.erase(id(1), now()).unwrap();
    assert_eq!(bench.spooled(), 0);
    let found = store.find(id(1)).unwrap().unwrap();
    assert_eq!((found.state, found.receipt.as_deref()), (State::Tombstone, Some("receipt")));
    let again = store.seal(id(1), &payload(), &[picture()], &bench.sealing, now()).unwrap();
    assert_eq!(again, SealedItem { repeated: true, ..sealed });
    assert!(store.waiting().unwrap().is_empty());
}

#[test]
fn a_draft_opens_for_the_same_person_for_thirty_minutes() {
    let bench = bench();
    bench.open().save_draft(&number(), id(1), b"page 3", now()).unwrap();
    let store = bench.open();
    let other = Sensitive::new("999999199001010027".to_owned());
    assert_eq!(store.open_draft(&other, now()).unwrap(), None);
    let draft = store.open_draft(&number(), minutes(29)).unwrap().unwrap();
    assert_eq!((draft.id, draft.content.expose().as_slice()), (id(1), b"page 3".as_slice()));
    // Opening was a touch: 29 minutes more are fine, 30 are not.
    assert!(store.open_draft(&number(), minutes(58)).unwrap().is_some());
    assert_eq!(store.open_draft(&number(), minutes(88)).unwrap(), None);
    store.save_draft(&number(), id(2), b"page 1", minutes(90)).unwrap();
    assert_eq!(store.open_draft(&number(), now()).unwrap(), None, "a clock that jumped back ends a draft");
}

#[test]
fn ending_the_visit_destroys_the_key() {
    let bench = bench();
    let store = bench.open();
    store.save_draft(&number(), id(1), b"page 3", now()).unwrap();
    let wrapped: Vec<u8> =
        store.writer.call(|db| Ok(db.query_row("SELECT wrapped_key FROM drafts", [], |row| row.get(0))?)).unwrap();
    assert!(!bench.holding(&wrapped).is_empty());
    store.destroy_draft(id(1)).unwrap();
    assert_eq!(bench.holding(&wrapped), Vec::<PathBuf>::new());
    assert_eq!(store.open_draft(&number(), now()).unwrap(), None);
    // Sealing ends the draft as well.
    store.save_draft(&number(), id(2), b"page 7", now()).unwrap();
    store.seal(id(2), &payload(), &[picture()], &bench.sealing, now()).unwrap();
    assert_eq!(store.open_draft(&number(), now()).unwrap(), None);
}

#[test]
fn a_machine_key_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let bench = bench();
    drop(bench.open());
    let path = bench.folder.path().join("machine.key");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("# software key"));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(Store::open(bench.folder.path()), Err(StoreError::MachineKey(_))));
}
