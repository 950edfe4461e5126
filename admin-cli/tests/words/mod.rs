//! What a careful person meets who mistypes, or follows what was printed: exit codes, and words that name the place and the way on.

use super::{CATALOGUE, init, json, path, yimenctl};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::Output;

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// An office that answers one request with this status and problem.
fn office_that_says(status: &'static str, body: &'static str) -> (String, std::thread::JoinHandle<()>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut asked, mut piece) = (Vec::new(), [0; 4096]);
        while !asked.ends_with(b"}") {
            let count = stream.read(&mut piece).unwrap();
            assert!(count > 0);
            asked.extend(&piece[..count]);
        }
        let head = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\nconnection: close");
        write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
    });
    (url, thread)
}

/// `yimenctl` with a token, at an office that answers once.
fn asked(status: &'static str, body: &'static str, words: &[&str]) -> Output {
    let place = tempfile::tempdir().unwrap();
    let token = place.path().join("token");
    std::fs::write(&token, "admin.secret\n").unwrap();
    let (url, office) = office_that_says(status, body);
    let done = yimenctl(&[words, &["--office", &url, "--token-file", path(&token)]].concat());
    office.join().unwrap();
    done
}

#[test]
fn a_path_that_is_not_there_is_no_fault_of_the_log() {
    let place = tempfile::tempdir().unwrap();
    let bureau = place.path().join("bureau");
    assert!(init(&bureau).status.success());
    let (public, log) = (bureau.join("office/bureau.toml"), place.path().join("log"));
    std::fs::create_dir_all(log.join("checkpoints")).unwrap();
    std::fs::write(log.join("leaves.jsonl"), "").unwrap();
    let (bare, nowhere) = (place.path().join("bare"), place.path().join("nowhere"));
    std::fs::create_dir(&bare).unwrap();
    let verify = |words: &[&Path]| {
        let words = words.iter().map(|word| path(word));
        yimenctl(&[&["audit", "verify"][..], &words.collect::<Vec<_>>()].concat())
    };
    let option = |name: &'static str| Path::new(name);
    let cases: [(&[&Path], &Path); 6] = [
        (&[&log, option("--bureau"), &nowhere], &nowhere),
        (&[&nowhere, option("--bureau"), &public], &nowhere),
        (&[&bare, option("--bureau"), &public], &bare.join("leaves.jsonl")),
        (&[&log, option("--checkpoints"), &nowhere, option("--bureau"), &public], &nowhere),
        (&[&log, option("--against"), &nowhere, option("--bureau"), &public], &nowhere),
        (&[option("--proof"), &nowhere, option("--bureau"), &public], &nowhere),
    ];
    for (words, missing) in cases {
        let done = verify(words);
        assert_eq!(done.status.code(), Some(2), "{words:?}: {}", said(&done));
        assert!(said(&done).contains(&format!("{} does not exist", missing.display())), "{}", said(&done));
    }
}

#[test]
fn a_log_by_one_unknown_key_asks_for_the_right_public_file() {
    let place = tempfile::tempdir().unwrap();
    let bureau = place.path().join("bureau");
    assert!(init(&bureau).status.success());
    let log = place.path().join("log");
    std::fs::create_dir_all(log.join("checkpoints")).unwrap();
    std::fs::write(log.join("leaves.jsonl"), "").unwrap();
    // Four bytes that name a key, and a signature of the right length: `AAAA…` and `BAAA…`.
    let note = |size: u32, key: &str| {
        let signature = format!("{key}{}", "A".repeat(90));
        let text =
            format!("yimen/yunqiao/audit\n{size}\n{}=\n\n\u{2014} yimen/yunqiao/audit {signature}=\n", "A".repeat(43));
        std::fs::write(log.join(format!("checkpoints/{size}.checkpoint")), text).unwrap();
    };
    let verify = || {
        let public = bureau.join("office/bureau.toml");
        let words = yimenctl(&["audit", "verify", path(&log), "--bureau", path(&public)]);
        assert_eq!(words.status.code(), Some(1));
        String::from_utf8(words.stdout).unwrap()
    };
    note(1, "A");
    note(2, "A");
    let asked = "is this the bureau.toml of that office?";
    assert!(verify().contains(asked), "{}", verify());
    note(3, "B");
    assert!(!verify().contains(asked), "two keys: {}", verify());
}

#[test]
fn a_new_bureau_takes_an_empty_folder_and_a_catalogue_that_is_there() {
    let place = tempfile::tempdir().unwrap();
    let (full, new) = (place.path().join("full"), place.path().join("new"));
    std::fs::create_dir(&full).unwrap();
    std::fs::write(full.join("letter"), "kept").unwrap();
    let refused = init(&full);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("is not empty; nothing was changed"), "{}", said(&refused));
    assert_eq!(std::fs::read_dir(&full).unwrap().count(), 1);

    let without = yimenctl(&["bureau", "init", "--class", "demo", "--catalogue", path(&full), path(&new)]);
    assert_eq!(without.status.code(), Some(2));
    assert!(
        said(&without).contains(path(&full)) && said(&without).contains("--catalogue FOLDER"),
        "{}",
        said(&without)
    );
    assert!(!new.exists());
    std::fs::create_dir(&new).unwrap();
    assert!(init(&new).status.success(), "an empty folder is as good as none");
}

/// The command of a line that begins so, in its words.
fn command<'a>(told: &'a str, before: &str) -> Vec<&'a str> {
    let line = told.lines().find_map(|line| line.strip_prefix(before)).unwrap_or_else(|| panic!("{before}: {told}"));
    line.split_whitespace().skip(1).collect()
}

#[test]
fn what_is_printed_as_the_next_step_works_as_printed() {
    let place = tempfile::tempdir().unwrap();
    let bureau = place.path().join("bureau");
    let made = ["bureau", "init", "--class", "demo", "--port", "1", "--catalogue", CATALOGUE, path(&bureau)];
    let told = String::from_utf8(yimenctl(&made).stdout).unwrap();
    let inside = |words: &[&str]| {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_yimenctl"));
        program.args(words).current_dir(place.path()).env_remove("YIMEN_TOKEN").output().unwrap()
    };
    assert!(inside(&command(&told, "Next:  ")).status.success());
    // Nobody listens there; but the files are found, and the door is the bureau's own.
    let add = inside(&command(&told, "Then, while the office runs:  "));
    assert_eq!(add.status.code(), Some(3), "{}", said(&add));
    assert!(said(&add).contains("https://127.0.0.1:2"), "{}", said(&add));
}

#[test]
fn a_ticket_tells_its_end_by_the_clock_on_the_wall() {
    let given = r#"{"kiosk":"k-1","code":"A","ticket":"yimen-enrol/1 x","until":"2026-11-24T05:05:53.558953806Z"}"#;
    let told = asked("200 OK", given, &["kiosk", "add", "k-1", "--number", "1"]);
    let words = String::from_utf8(told.stdout).unwrap();
    assert!(words.contains("until 2026-11-24 13:05 (Beijing time)."), "{words}");
}

#[test]
fn an_unknown_kiosk_and_one_in_another_state_are_called_so() {
    let nothing = r#"{"type":"not-found","title":"There is nothing under this address"}"#;
    for words in [&["kiosk", "suspend", "nosuch", "--reason", "x"][..], &["kiosk", "code", "nosuch"]] {
        let refused = asked("404 Not Found", nothing, words);
        assert_eq!(refused.status.code(), Some(1));
        assert!(said(&refused).contains("no such kiosk: nosuch"), "{}", said(&refused));
    }
    let state = r#"{"type":"kiosk-state","title":"This kiosk is in another state","state":"suspended"}"#;
    let refused = asked("409 Conflict", state, &["kiosk", "suspend", "k-1", "--reason", "x"]);
    assert!(said(&refused).contains("in another state. It is suspended"), "{}", said(&refused));
}

#[test]
fn what_was_expected_is_said() {
    let prove = yimenctl(&["audit", "prove", "nope"]);
    assert_eq!(prove.status.code(), Some(2));
    assert!(said(&prove).contains("an id of a submission is expected"), "{}", said(&prove));
    let place = tempfile::tempdir().unwrap();
    let empty = yimenctl(&["config", "check", path(place.path())]);
    assert_eq!(empty.status.code(), Some(2));
    assert!(said(&empty).contains("holds no office/office.toml"), "{}", said(&empty));
    // The office's own folder is as good as the bureau's: the program is started with it.
    let bureau = place.path().join("bureau");
    assert!(init(&bureau).status.success());
    let office = bureau.join("office");
    for folder in [&bureau, &office] {
        let checked = yimenctl(&["--json", "config", "check", path(folder), "--program", "true"]);
        assert!(checked.status.success(), "{}", said(&checked));
        assert_eq!(json(&checked)["office"].as_str(), office.to_str());
    }
}
