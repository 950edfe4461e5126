//! Enrolling with a server at the other end: whom the machine believes, what a try that was refused leaves of the kiosk that was
//! there before, and what one that succeeded leaves plain.

use super::folder::tests::answer;
use super::*;
use crate::config::Folder;
use crate::fake_office::{Authority, Server};
use crate::safe::tests::{HOST, TPM2, stand_in};
use ed25519_dalek::SigningKey;
use std::fs;
use std::path::PathBuf;
use wire::enrolment::Code;
use wire::envelope::Sealed;

/// A machine whose keys a stand-in seals, its bureau's authority, and the office.
struct Bench {
    folder: tempfile::TempDir,
    authority: Authority,
    office: Server,
}

fn enrolled(authority: &Authority) -> String {
    let answer = Enrolled { authority: authority.pem.clone(), ..answer(&SigningKey::from_bytes(&[5; 32])) };
    serde_json::to_string(&answer).unwrap()
}

fn ticket(office: &str, authority: &Authority) -> String {
    let authority = authority.fingerprint();
    Ticket { office: office.to_owned(), kiosk: "yunqiao-1".into(), authority, code: Code::of([7; 16]) }.to_string()
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let tool = stand_in(folder.path(), HOST);
        fs::write(folder.path().join("kiosk.toml"), format!("[keys]\ntool = {tool:?}\n")).unwrap();
        let authority = Authority::new();
        let office = Server::start(&authority, &authority, &enrolled(&authority));
        Self { folder, authority, office }
    }

    /// One that was enrolled before there were seals, and has run.
    fn plain() -> Self {
        let bench = Self::new();
        assert_eq!(bench.enrol(Some(Seal::None)).unwrap(), Protection::Software);
        drop(bench.store());
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn enrol(&self, wish: Option<Seal>) -> anyhow::Result<Protection> {
        enrol(self.folder.path(), &ticket(&self.office.url(), &self.authority), wish).map(|(_, keys)| keys)
    }

    fn store(&self) -> Store {
        Store::open(&self.path("data")).unwrap()
    }

    /// The plain key files that are there, with what is in them.
    fn plain_keys(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let files =
            key_files(self.folder.path()).into_iter().filter(|file| !file.starts_with(self.path("keys/enrolling")));
        files.filter_map(|file| Some((file.clone(), fs::read(file).ok()?))).collect()
    }
}

/// The service is not root: it starts only where nothing is sealed, or where its manager hands the seal over.
#[test]
fn a_try_that_is_refused_leaves_the_kiosk_of_before_as_it_was() {
    let bench = Bench::plain();
    let before = bench.plain_keys();
    assert_eq!(before.len(), 3, "device, connections, machine");
    let as_it_was = |why: &str| {
        assert_eq!(bench.plain_keys(), before, "{why}");
        fs::write(bench.path("shut"), "").unwrap();
        let folder = Folder::read(bench.folder.path()).unwrap();
        assert_eq!(folder.safe.kind(), Protection::Software, "{why}");
        drop(folder.store().unwrap());
        fs::remove_file(bench.path("shut")).unwrap();
    };
    let running = bench.store();
    let words = format!("{:#}", bench.enrol(None).unwrap_err());
    assert!(words.contains("stop the kiosk first"), "{words}");
    assert!(!bench.path("keys/enrolling").exists(), "nothing at all");
    drop(running);
    as_it_was("it runs");

    let words = format!(
        "{:#}",
        enrol(bench.folder.path(), &ticket("https://127.0.0.1:1", &bench.authority), None).unwrap_err()
    );
    assert!(words.contains("does not answer"), "{words}");
    as_it_was("the office is away");

    let sealed = Sealed { sha256: Digest::of(b"ciphertext"), bytes: b"ciphertext".to_vec() };
    bench.store().adopt(&crate::carry::tests::manifest(1, &sealed), &[sealed]).unwrap();
    let words = format!("{:#}", bench.enrol(None).unwrap_err());
    assert!(words.contains("still holds 1 submissions"), "{words}");
    as_it_was("it holds something");
}

#[test]
fn enrolling_again_takes_every_key_of_before_into_the_safe() {
    for tried_in_vain in [false, true] {
        let bench = Bench::plain();
        let machine_key = fs::read(bench.path("data/machine.key")).unwrap();
        if tried_in_vain {
            enrol(bench.folder.path(), &ticket("https://127.0.0.1:1", &bench.authority), None).unwrap_err();
        }
        assert_eq!(bench.enrol(None).unwrap(), Protection::Host);
        assert_eq!(bench.plain_keys(), []);
        assert!(!bench.path("keys/enrolling").exists());
        let folder = Folder::read(bench.folder.path()).unwrap();
        assert_eq!(folder.safe.kind(), Protection::Host);
        assert_eq!(folder.identity.kind(), Protection::Host);
        assert_eq!(folder.safe.file(&bench.path("data/machine.key")).read().unwrap(), machine_key, "the same key");
        drop(folder.store().unwrap());
    }
}

/// Another mainboard: what the machine of before sealed opens no more, and new seals can be made.
#[test]
fn words_about_a_seal_that_does_not_open_name_it_and_a_way_out_that_works() {
    let bench = Bench::plain();
    let before = bench.plain_keys();
    let away = ticket("https://127.0.0.1:1", &bench.authority);
    enrol(bench.folder.path(), &away, None).unwrap_err();
    stand_in(bench.folder.path(), TPM2);
    let aside = bench.path("keys/enrolling");
    let seal = aside.join("seal.cred");
    for wish in [None, Some(Seal::None), Some(Seal::Host)] {
        let words = format!("{:#}", bench.enrol(wish).unwrap_err());
        let says = [format!("{} does not open", seal.display()), format!("remove {} and try again", aside.display())];
        assert!(says.iter().all(|said| words.contains(said)), "{words}");
        assert!(seal.exists() && bench.plain_keys() == before);
        drop(Folder::read(bench.folder.path()).unwrap().store().unwrap());
    }
    fs::remove_dir_all(aside).unwrap();
    assert_eq!(bench.enrol(None).unwrap(), Protection::Tpm2);

    stand_in(bench.folder.path(), HOST);
    let seal = bench.path("keys/seal.cred");
    let at_the_start = Folder::read(bench.folder.path()).err().unwrap();
    for refused in [at_the_start, bench.enrol(None).unwrap_err(), bench.enrol(Some(Seal::None)).unwrap_err()] {
        let words = format!("{refused:#}");
        let says = [format!("{} does not open", seal.display()), "in a new folder".to_owned()];
        assert!(says.iter().all(|said| words.contains(said)), "{words}");
    }
    let new = tempfile::tempdir().unwrap();
    let tool = stand_in(new.path(), HOST);
    fs::write(new.path().join("kiosk.toml"), format!("[keys]\ntool = {tool:?}\n")).unwrap();
    let (_, keys) = enrol(new.path(), &ticket(&bench.office.url(), &bench.authority), None).unwrap();
    assert_eq!(keys, Protection::Host);
    drop(Folder::read(new.path()).unwrap().store().unwrap());
}

#[test]
fn keys_of_an_earlier_try_whose_seal_is_gone_are_left_with_a_way_out_that_works() {
    let bench = Bench::plain();
    enrol(bench.folder.path(), &ticket("https://127.0.0.1:1", &bench.authority), None).unwrap_err();
    let aside = bench.path("keys/enrolling");
    let kept = fs::read(aside.join("device.key.pem.sealed")).unwrap();
    for wish in [Some(Seal::None), None] {
        let _ = fs::remove_file(aside.join("seal.cred"));
        let words = format!("{:#}", bench.enrol(wish).unwrap_err());
        assert!(words.contains(&format!("remove {} and try again", aside.display())), "{words}");
        assert_eq!(fs::read(aside.join("device.key.pem.sealed")).unwrap(), kept);
    }
    fs::remove_dir_all(aside).unwrap();
    assert_eq!(bench.enrol(None).unwrap(), Protection::Host);
}

/// A wish that an earlier try makes void is not passed over: whoever wished it has a service that opens no seal.
#[test]
fn keys_that_an_earlier_try_sealed_otherwise_than_wished_are_said_and_left() {
    let bench = Bench::plain();
    enrol(bench.folder.path(), &ticket("https://127.0.0.1:1", &bench.authority), None).unwrap_err();
    let aside = bench.path("keys/enrolling");
    let kept = fs::read(aside.join("device.key.pem.sealed")).unwrap();
    for wish in [Seal::None, Seal::Tpm2] {
        let words = format!("{:#}", bench.enrol(Some(wish)).unwrap_err());
        let says = [format!("remove {} and try again", aside.display()), "`--seal auto` goes on".to_owned()];
        assert!(says.iter().all(|said| words.contains(said)), "{words}");
        assert_eq!(fs::read(aside.join("device.key.pem.sealed")).unwrap(), kept, "the office may have said yes to it");
    }
    assert_eq!(bench.enrol(Some(Seal::Auto)).unwrap(), Protection::Host, "one way out");

    let bench = Bench::plain();
    enrol(bench.folder.path(), &ticket("https://127.0.0.1:1", &bench.authority), None).unwrap_err();
    fs::remove_dir_all(bench.path("keys/enrolling")).unwrap();
    assert_eq!(bench.enrol(Some(Seal::None)).unwrap(), Protection::Software, "the other");
    assert!(!bench.path("keys/seal.cred").exists());
}

#[test]
fn no_kiosk_starts_while_its_machine_enrols() {
    let bench = Bench::plain();
    let lock = store::lock(&bench.path("data")).unwrap();
    refuse_while_it_holds_something(bench.folder.path(), &Safe::plain(), &lock).unwrap();
    assert!(Store::open(&bench.path("data")).is_err(), "the look at what is held has given the lock away");
}

#[test]
fn a_ticket_of_another_authority_sends_nothing_and_writes_nothing() {
    let bench = Bench::new();
    let liar = Authority::new();
    let of_the_liar = Server::start(&liar, &liar, &enrolled(&bench.authority));
    // The true root is no secret: it may be shown by anybody.
    let with_the_true_root = Server::start(&liar, &bench.authority, &enrolled(&bench.authority));
    for server in [&of_the_liar, &with_the_true_root] {
        let refused = enrol(bench.folder.path(), &ticket(&server.url(), &bench.authority), None).unwrap_err();
        let words = format!("{refused:#}");
        assert!(words.contains("does not answer as the office of this ticket"), "{words}");
        assert_eq!(server.heard(), "");
        for name in ["bureau.toml", "ca.pem", "keys/recipients.json", "keys/client.pem.sealed", "keys/seal.cred"] {
            assert!(!bench.path(name).exists(), "{name}");
        }
    }
    // One of the true root that names another is no office either; its answer is not written.
    let names_another = Server::start(&bench.authority, &bench.authority, &enrolled(&liar));
    let refused = enrol(bench.folder.path(), &ticket(&names_another.url(), &bench.authority), None).unwrap_err();
    assert!(refused.to_string().contains("named another authority"), "{refused:#}");
    assert!(!bench.path("bureau.toml").exists());
    assert_eq!(bench.enrol(None).unwrap(), Protection::Host);
    assert!(bench.office.heard().starts_with("POST /v1/enrol "));
}
