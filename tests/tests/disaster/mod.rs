//! The disaster drill as it is written: the shell blocks of `docs/disaster.md` are run word for word on the disks that a kiosk and
//! an office left, with stock tools and the recovery identity only.
//! Invariant: nothing of the product runs during the drill; what was opened is compared with what the kiosk's person typed in.

use e2e::faults::bench::Bench;
use e2e::faults::journal::Journal;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the kiosk without a face types in (`yimen-outbox-driver`).
const PERSONAL: [&str; 2] = ["999999199001010019", "测试人员"];

/// The page's commands, in its order.
fn commands() -> String {
    let page = std::fs::read_to_string(crate::root().join("docs/disaster.md")).expect("docs/disaster.md");
    let blocks = page.split("```sh\n").skip(1).map(|rest| rest.split("```").next().expect("the end of a block"));
    blocks.collect()
}

/// Runs the page's commands with these variables, and no path to any program of this repository.
fn drill(folder: &Path, variables: &[(&str, &Path)]) -> std::process::Output {
    let mut command = Command::new("bash");
    command.args(["-euo", "pipefail", "-c", &commands()]).current_dir(folder);
    command.env_clear().env("PATH", "/usr/bin:/bin").env("opened", folder);
    for (name, value) in variables {
        command.env(name, value);
    }
    command.output().expect("bash")
}

fn opened(folder: &Path, begins: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let named = entries.filter(|path| {
        let name = path.file_name().and_then(|name| name.to_str()).expect("UTF-8");
        path.is_file() && name.starts_with(begins)
    });
    named.map(|path| (path.clone(), std::fs::read(&path).expect("a file"))).collect()
}

fn answers(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("the answers are JSON")
}

#[test]
fn the_pages_commands_open_a_submission_with_stock_tools_and_the_recovery_identity() {
    let work = tempfile::tempdir().expect("a folder");
    let bin = Path::new(env!("CARGO_BIN_EXE_faults")).parent().expect("a folder").to_owned();
    let bench = Bench::prepare(bin.clone(), work.path()).expect("a bureau");
    let mut journal = Journal::default();
    for line in bench.kiosk(&["--count".to_owned(), "2".to_owned()]).expect("the kiosk").lines.iter() {
        journal.take(&line);
    }
    assert_eq!(journal.told.len(), 2);
    let (kiosk_disk, stick) = (work.path().join("kiosk-disk"), work.path().join("stick"));
    let kiosk = bench.kiosk_folder();
    let copied = Command::new("cp").arg("-r").arg(kiosk.join("data")).arg(&kiosk_disk).status();
    assert!(copied.expect("cp").success());
    let export = Command::new(bin.join("yimen-kiosk")).arg("--folder").arg(&kiosk).arg("--export").arg(&stick).output();
    assert!(export.expect("the kiosk").status.success());
    let mut office = bench.open_office().expect("the office");
    bench.drain(&mut journal).expect("everything is sent");
    office.kill().expect("the office ran");

    let wanted = journal.told.iter().next().expect("one").clone();
    let folder = work.path().join("opened");
    std::fs::create_dir(&folder).expect("a folder");
    let (disk, recovery) = (bench.bureau.join("office"), bench.bureau.join("recovery/recovery.age"));
    let variables: [(&str, &Path); 5] = [
        ("office", &disk),
        ("recovery", &recovery),
        ("submission", Path::new(&wanted)),
        ("kiosk", &kiosk_disk),
        ("stick", &stick),
    ];
    let done = drill(&folder, &variables);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(String::from_utf8_lossy(&done.stdout).contains(&wanted), "the list names it");

    let read = opened(&folder, "answers-");
    assert_eq!(read.len(), 1);
    let payload = answers(&read[0].1);
    assert_eq!([&payload["applicant"]["id_number"], &payload["applicant"]["name"]], PERSONAL);
    let attachments = opened(&folder, "attachment-");
    assert!(!attachments.is_empty(), "the drill opens an attachment");
    for place in ["from-kiosk", "from-stick"] {
        let files = opened(&folder.join(place), "");
        let people = files.iter().filter(|(_, bytes)| bytes.windows(18).any(|text| text == PERSONAL[0].as_bytes()));
        assert_eq!(people.count(), 2, "{place}");
        let same = |bytes: &[u8]| files.iter().any(|(_, found)| found == bytes);
        assert!(same(&read[0].1) && attachments.iter().all(|(_, bytes)| same(bytes)), "{place}: what was sealed there");
    }

    // Without the keys the same commands open nothing.
    std::fs::remove_dir_all(disk.join("custody")).expect("the custody");
    std::fs::create_dir(disk.join("custody")).expect("an empty one");
    let folder = work.path().join("in-vain");
    std::fs::create_dir(&folder).expect("a folder");
    assert!(!drill(&folder, &variables).status.success());
    assert!(opened(&folder, "answers-").is_empty() && opened(&folder, "attachment-").is_empty());
}
