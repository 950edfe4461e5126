//! The program itself, asked with `--check` whether visits may begin: by all that the start asks, and by the digest of the very files
//! it was given.
//! Invariant: the digest is made here by the shared definition over the files, not taken from the program.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed, helpers included")]

mod enrolled;

use enrolled::{enrolled, kiosk_toml, put};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use wire::key_list::catalogue_digest;

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../services-catalog")
}

/// What stands in the way of a visit, as the program says it; its exit code never says otherwise.
fn not_ready(folder: &Path, catalogue: &Path) -> Option<String> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_yimen-kiosk"));
    program.args(["--check", "--folder"]).arg(folder).arg("--catalogue").arg(catalogue);
    let output = program.output().unwrap();
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let words = told["not_ready"].as_str().map(str::to_owned);
    assert_eq!(output.status.code(), Some(i32::from(words.is_some())), "{told}");
    words
}

#[test]
fn a_visit_begins_by_the_files_that_the_bureau_signed_and_by_no_other() {
    let place = tempfile::tempdir().unwrap();
    let shipped = ambient::read_tree(&shipped()).unwrap();
    let (folder, files) = (place.path().join("kiosk"), place.path().join("catalogue"));
    for (name, text) in &shipped {
        let file = files.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    enrolled(&folder, vec![catalogue_digest(&shipped).unwrap()]);
    assert_eq!(not_ready(&folder, &files), None);
    // A comment changes no service; it is another file all the same.
    fs::write(files.join("branches.toml"), format!("{}\n# changed\n", shipped["branches.toml"])).unwrap();
    let words = not_ready(&folder, &files).unwrap();
    assert!(words.contains("does not stand for this catalogue"), "{words}");
}

#[test]
fn what_the_start_would_refuse_is_not_ready() {
    let files = shipped();
    let digest = catalogue_digest(&ambient::read_tree(&files).unwrap()).unwrap();
    let spoil = |spoil: &dyn Fn(&Path)| {
        let place = tempfile::tempdir().unwrap();
        enrolled(place.path(), vec![digest.clone()]);
        assert_eq!(not_ready(place.path(), &files), None, "it was ready before");
        spoil(place.path());
        not_ready(place.path(), &files).unwrap()
    };
    let words = spoil(&|folder| fs::remove_file(folder.join("keys/client.pem")).unwrap());
    assert!(words.contains("keys/client.pem"), "{words}");
    let words = spoil(&|folder| put(folder, "keys/client.pem", "none"));
    assert!(words.contains("keys/client.pem"), "{words}");
    let words = spoil(&|folder| {
        for beside in ["data/kiosk.sqlite3-wal", "data/kiosk.sqlite3-shm"] {
            let _ = fs::remove_file(folder.join(beside));
        }
        put(folder, "data/kiosk.sqlite3", &"no database ".repeat(1000));
    });
    assert!(words.contains("local store"), "{words}");
    for (lines, named) in [
        ("[store]\ndisk_share = 7.0\n", "store.disk_share is 7"),
        ("intake = \"http://x\"\n", "kiosk.toml: intake"),
        ("[devices.printer]\ndriver = \"cups\"\nqueue = \"nowhere\"\n", "the devices"),
    ] {
        let words = spoil(&|folder| put(folder, "kiosk.toml", &kiosk_toml(lines)));
        assert!(words.contains(named), "{words}");
    }
    // Two at once are said at once.
    let words = spoil(&|folder| {
        put(folder, "keys/client.pem", "none");
        put(folder, "kiosk.toml", &kiosk_toml("[store]\ndisk_share = 7.0\n"));
    });
    assert!(words.contains("keys/client.pem") && words.contains("disk_share"), "{words}");
    // No folder at all is told in the same form.
    let words = not_ready(Path::new("/nowhere"), &files).unwrap();
    assert!(words.contains("kiosk.toml") && words.contains("enrolled"), "{words}");
}
