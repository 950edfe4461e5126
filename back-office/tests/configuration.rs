//! What the office refuses to start with, in words that name the place.

use crate::bureau::{Bureau, Settings};
use std::path::Path;
use wire::digest::Digest;
use wire::key_list::{KeyRole, catalogue_digest};

fn refused(bureau: &Bureau) -> String {
    let done = bureau.command().output().unwrap();
    assert!(!done.status.success());
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

#[test]
fn services_that_the_bureau_does_not_stand_for_are_refused() {
    let bureau = Bureau::new(&Settings::default());
    let check = || bureau.command().arg("--check").output().unwrap();
    let publish = |catalogue: Digest| {
        bureau.publish_with(&[(0, KeyRole::Branch, -1, 300)], ambient::now(), vec![catalogue]);
    };
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../services-catalog");
    let mut files = ambient::read_tree(&shipped).unwrap();
    publish(catalogue_digest(&files).unwrap());
    assert!(check().status.success());
    files.get_mut("branches.toml").unwrap().push('\n');
    publish(catalogue_digest(&files).unwrap());
    let refused = check();
    assert!(!refused.status.success());
    let words = String::from_utf8(refused.stderr).unwrap();
    assert!(words.contains("yimenctl catalogue sign") && words.contains("services-catalog"), "{words}");
}
