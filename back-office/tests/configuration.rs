//! What the office refuses to start with, in words that name the place.

use crate::bureau::{Bureau, PATIENCE, Settings};
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};
use wire::digest::Digest;
use wire::key_list::{KeyRole, catalogue_digest};

/// Why the office does not start: it is really started.
fn refused(bureau: &Bureau) -> String {
    let ports = bureau.folder.path().join("run/ports.json");
    let _ = std::fs::remove_file(&ports);
    let mut child = bureau.command().stderr(Stdio::piped()).spawn().unwrap();
    let until = Instant::now() + PATIENCE;
    while child.try_wait().unwrap().is_none() {
        if ports.exists() || Instant::now() > until {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("it started");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let done = child.wait_with_output().unwrap();
    assert_eq!(done.status.code(), Some(1));
    String::from_utf8(done.stderr).unwrap()
}

fn change(bureau: &Bureau, from: &str, to: &str) {
    let path = bureau.folder.path().join("office.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{text}");
    std::fs::write(path, text.replace(from, to)).unwrap();
}

#[test]
fn unknown_keys_are_refused_with_file_and_line() {
    let bureau = Bureau::new(&Settings::default());
    change(&bureau, "[instant]", "[instant]\nflor_ms = 3\n");
    let words = refused(&bureau);
    assert!(words.contains("office.toml") && words.contains("flor_ms") && words.contains("line"), "{words}");
}

#[test]
fn a_floor_that_would_tell_the_registrys_answer_is_refused() {
    let bureau = Bureau::new(&Settings { floor_ms: 2000, registry_timeout_ms: 1000, ..Settings::default() });
    assert!(refused(&bureau).contains("instant.floor_ms"));
}

#[test]
fn a_half_done_visit_is_kept_as_long_as_its_slip_says() {
    let days = |days: u32| Settings { workbench: format!("opening_days = {days}"), ..Settings::default() };
    // Only looked over: an office that started would not end.
    let done = Bureau::new(&days(6)).command().arg("--check").output().unwrap();
    assert!(!done.status.success());
    let words = String::from_utf8(done.stderr).unwrap();
    assert!(words.contains("workbench.opening_days is 6") && words.contains("7 days"), "{words}");
    assert!(Bureau::new(&days(7)).command().arg("--check").status().unwrap().success());
}

#[test]
fn a_production_bureau_refuses_a_demonstration_registry_by_name_and_by_what_it_says() {
    let named = Bureau::new(&Settings { class: "production", ..Settings::default() });
    assert!(refused(&named).contains("production"));
    let disguised = Bureau::new(&Settings { class: "production", registry_kind: "http", ..Settings::default() });
    assert!(refused(&disguised).contains("demonstration"));
}

#[test]
fn a_key_that_was_exchanged_is_refused_and_check_opens_no_door() {
    let bureau = Bureau::new(&Settings::default());
    assert!(bureau.command().arg("--check").status().unwrap().success());
    assert!(!bureau.folder.path().join("run/ports.json").exists());
    let keys = bureau.folder.path().join("keys");
    std::fs::copy(keys.join("receipt.key.pem"), keys.join("certificate.key.pem")).unwrap();
    assert!(refused(&bureau).contains("certificate.key.pem"));
}

/// Nobody may write in `/proc`, not even root, by whom tests may be run.
#[test]
fn an_office_that_cannot_write_opens_no_door_and_names_the_place() {
    for place in ["data", "data/blobs", "data/issued", "custody", "custody/uploads"] {
        let bureau = Bureau::new(&Settings::default());
        let folder = bureau.folder.path().join(place);
        std::fs::create_dir_all(folder.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink("/proc", &folder).unwrap();
        let checked = bureau.command().arg("--check").output().unwrap();
        assert_eq!(checked.status.code(), Some(1), "{place}");
        for words in [String::from_utf8(checked.stderr).unwrap(), refused(&bureau)] {
            assert!(words.contains("cannot write in") && words.contains(&format!("/{place}")), "{place}: {words}");
            assert!(words.contains("chown -R"), "{words}");
        }
    }
    let bureau = Bureau::new(&Settings::default());
    assert!(bureau.command().arg("--check").status().unwrap().success());
    let left = std::fs::read_dir(bureau.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(left.filter_map(|name| name.into_string().ok()).all(|name| !name.contains("probe")), "nothing stays");
}

#[test]
fn a_place_for_checkpoints_that_cannot_be_made_is_told_by_its_path_and_keeps_no_door_shut() {
    let bureau = Bureau::new(&Settings::default());
    change(&bureau, "[instant]", "[audit]\ncheckpoints = [\"data/checkpoints\", \"office.toml/far\"]\n[instant]");
    let checked = bureau.command().arg("--check").output().unwrap();
    let words = String::from_utf8(checked.stderr).unwrap();
    assert!(checked.status.success() && words.contains("office.toml/far"), "{words}");
    let log = bureau.folder.path().join("log");
    let mut command = bureau.command();
    command.stderr(std::fs::File::create(&log).unwrap());
    let office = bureau.start_as(command);
    bureau.kiosk_code(&office, "yunqiao-1");
    assert!(office.stop().success());
    let words = std::fs::read_to_string(log).unwrap();
    let line = words.lines().find(|line| line.contains("a checkpoint is not in this place yet")).unwrap();
    assert!(line.contains("cannot write") && line.contains("office.toml/far/20"), "{line}");
    assert!(!line.contains("database:"), "{line}");
}

#[test]
fn a_port_that_is_taken_asks_whether_the_office_runs_already() {
    let bureau = Bureau::new(&Settings::default());
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    change(&bureau, "public = \"127.0.0.1:0\"", &format!("public = \"{}\"", taken.local_addr().unwrap()));
    assert!(refused(&bureau).contains("Is it running already?"));
}

/// Without them the office would sign receipts, by which kiosks erase, for what nobody there can open.
#[test]
fn a_branch_key_that_the_list_names_and_nobody_holds_is_missed_before_anything_comes_in() {
    let mut bureau = Bureau::new(&Settings::default());
    let new = bureau.further_key();
    let all = [(0, KeyRole::Branch, -300, -1), (1, KeyRole::Recovery, -1, 3650), (new, KeyRole::Branch, -1, 300)];
    let publish = |bureau: &Bureau| bureau.publish(&all, ambient::now());
    publish(&bureau);
    let check = |bureau: &Bureau| bureau.command().arg("--check").output().unwrap();
    assert!(check(&bureau).status.success());
    let keys = bureau.folder.path().join("keys");
    let rotated = std::fs::read_dir(keys.join("branch")).unwrap().next().unwrap().unwrap().path();
    let aside = bureau.folder.path().join("aside.age");
    std::fs::rename(&rotated, &aside).unwrap();
    let checked = check(&bureau);
    assert!(!checked.status.success());
    let id = wire::envelope::recipient_id(&bureau.recipients[new]);
    for words in [String::from_utf8_lossy(&checked.stderr).into_owned(), refused(&bureau)] {
        assert!(words.contains(&id) && words.contains("branch.age") && words.contains("keys/branch"), "{words}");
    }
    std::fs::rename(&aside, &rotated).unwrap();
    // Of the key before, which ended yesterday, something may still come in.
    std::fs::copy(&rotated, keys.join("branch.age")).unwrap();
    assert!(refused(&bureau).contains(&wire::envelope::recipient_id(&bureau.recipients[0])));
    bureau.publish(&[(0, KeyRole::Branch, -600, -181), (new, KeyRole::Branch, -1, 300)], ambient::now());
    assert!(check(&bureau).status.success(), "nothing is taken in any more that was sealed to it");
}

#[test]
fn keys_inside_the_data_are_refused_by_whatever_path() {
    let bureau = Bureau::new(&Settings::default());
    let root = bureau.folder.path();
    let text = std::fs::read_to_string(root.join("office.toml")).unwrap();
    std::fs::create_dir_all(root.join("data")).unwrap();
    std::os::unix::fs::symlink(root.join("data"), root.join("elsewhere")).unwrap();
    let whole = root.join("data/custody").display().to_string();
    for custody in ["data/custody", "./x/../data/custody", "data", "elsewhere/keys", whole.as_str()] {
        let store = format!("[store]\ncustody = {custody:?}\n");
        std::fs::write(root.join("office.toml"), format!("{text}\n{store}")).unwrap();
        let done = bureau.command().arg("--check").output().unwrap();
        let words = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(!done.status.success() && words.contains("one inside the other"), "{custody}: {words}");
    }
    std::fs::write(root.join("office.toml"), format!("{text}\n[store]\ncustody = \"data-keys\"\n")).unwrap();
    assert!(bureau.command().arg("--check").status().unwrap().success());
}

#[test]
fn services_that_the_bureau_does_not_stand_for_are_refused() {
    let bureau = Bureau::new(&Settings::default());
    let check = || bureau.command().arg("--check").output().unwrap();
    let publish = |catalogue: Digest| {
        bureau.publish_with(&[(0, KeyRole::Branch, -1, 300)], ambient::now(), vec![catalogue]);
    };
    let words = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();
    let unsigned = check();
    assert!(unsigned.status.success() && words(&unsigned).contains("names no catalogue"), "{}", words(&unsigned));
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../services-catalog");
    let mut files = ambient::read_tree(&shipped).unwrap();
    publish(catalogue_digest(&files).unwrap());
    let signed = check();
    assert!(signed.status.success() && !words(&signed).contains("names no catalogue"), "{}", words(&signed));
    assert!(bureau.start().stop().success());
    files.get_mut("branches.toml").unwrap().push('\n');
    publish(catalogue_digest(&files).unwrap());
    let checked = check();
    assert!(!checked.status.success());
    for words in [words(&checked), refused(&bureau)] {
        assert!(words.contains("yimenctl catalogue sign") && words.contains("services-catalog"), "{words}");
    }
}

/// An older list is the bureau's own as well; it may name no catalogue, or one that was ended since.
#[test]
fn an_older_list_than_one_that_was_in_force_is_refused_and_a_newer_one_leads_on() {
    let bureau = Bureau::new(&Settings { workbench: "sweep_seconds = 1".to_owned(), ..Settings::default() });
    let now = ambient::now();
    let publish = |minutes: i64| {
        let keys = [(0, KeyRole::Branch, -1, 300)];
        bureau.publish(&keys, now + jiff::SignedDuration::from_mins(minutes));
    };
    let noted = |office: &rusqlite::Connection| -> i64 {
        office.query_row("SELECT issued_at FROM key_list", [], |row| row.get(0)).unwrap()
    };
    publish(0);
    assert!(bureau.start().stop().success());
    publish(-60);
    let checked = bureau.command().arg("--check").output().unwrap();
    assert!(!checked.status.success());
    for words in [String::from_utf8_lossy(&checked.stderr).into_owned(), refused(&bureau)] {
        assert!(words.contains("recipients.json") && words.contains("yimenctl keys rotate"), "{words}");
    }
    publish(0);
    assert!(bureau.command().arg("--check").status().unwrap().success());
    // One that comes while the office runs counts, too, and an older one then changes nothing.
    let office = bureau.start();
    let before = noted(&bureau.database());
    publish(60);
    let until = Instant::now() + PATIENCE;
    while noted(&bureau.database()) == before {
        assert!(Instant::now() < until, "the list in force is not noted");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(office.stop().success());
    publish(30);
    assert!(refused(&bureau).contains("older list"));
    publish(61);
    assert!(bureau.start().stop().success());
}
