//! The outbox on a stick, with real processes: a kiosk without a line exports, another one imports and sends, the office's
//! receipts come back, and only then the first one erases. The verdict is the fault programs' own (`tests/faults/verify.py`).

use e2e::faults::bench::Bench;
use e2e::faults::journal::Journal;
use e2e::faults::verdict::Verdict;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What the kiosk without a face types in (`yimen-outbox-driver`).
const PERSONAL: [&str; 2] = ["999999199001010019", "测试人员"];

fn kiosk(folder: &Path, arguments: &[&str]) -> (Output, Value) {
    let program = Path::new(env!("CARGO_BIN_EXE_faults")).with_file_name("yimen-kiosk");
    let output = Command::new(program).arg("--folder").arg(folder).args(arguments).output().expect("the kiosk starts");
    let text = String::from_utf8_lossy(&output.stdout);
    let last = serde_json::from_str(text.trim().lines().last().unwrap_or_default()).unwrap_or(Value::Null);
    (output, last)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found
}

#[test]
fn a_stick_carries_what_the_line_does_not_and_the_first_kiosk_erases_by_the_receipts_alone() {
    let work = tempfile::tempdir().expect("a folder");
    let bin = Path::new(env!("CARGO_BIN_EXE_faults")).parent().expect("a folder").to_owned();
    let bench = Bench::prepare(bin, work.path()).expect("a bureau");
    let second = bench.add_kiosk("faults-2", 2).expect("a second kiosk");
    let (first, stick) = (bench.kiosk_folder(), work.path().join("stick"));
    let stick_text = stick.to_str().expect("UTF-8");
    let mut journal = Journal::default();

    // No office: five submissions are sealed and told, and none can go.
    let sealing = bench.kiosk(&["--count".to_owned(), "5".to_owned()]).expect("the kiosk");
    for line in sealing.lines.iter() {
        journal.take(&line);
    }
    drop(sealing);
    let (done, said) = kiosk(&first, &["--export", stick_text]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!((journal.told.len(), &said["exported"]), (5, &Value::from(5)));
    let mut sums = Command::new("sha256sum");
    sums.args(["--check", "--quiet", "SHA256SUMS"]).current_dir(stick.join("yimen-outbox"));
    let checked = sums.status().expect("sha256sum");
    assert!(checked.success(), "the sums are such as the stock tool reads");
    let on_stick = files(&stick);
    assert!(on_stick.len() >= 5 * 3, "{on_stick:?}");
    for path in &on_stick {
        let bytes = std::fs::read(path).expect("a file");
        for personal in PERSONAL {
            let readable = bytes.windows(personal.len()).any(|window| window == personal.as_bytes());
            assert!(!readable, "{} can be read in {}", personal, path.display());
        }
    }

    // The first kiosk is suspended: what it sealed is refused for now, and kept by whoever carries it.
    let mut office = bench.open_office().expect("the office");
    bench.doors().stand("suspend", "faults-1", &["--reason", "looked at"]).expect("suspended");
    let (refused, said) = kiosk(&second, &["--import", stick_text, "--patience", "1"]);
    assert_eq!(refused.status.code(), Some(1));
    let said = ["on_stick", "new", "waiting", "receipts"].map(|name| said[name].as_u64());
    assert_eq!(said, [Some(5), Some(5), Some(5), Some(0)], "{}", String::from_utf8_lossy(&refused.stderr));

    // It may come again: the second kiosk sends them as they are.
    bench.doors().stand("resume", "faults-1", &[]).expect("resumed");
    let (done, said) = kiosk(&second, &["--import", stick_text, "--patience", "60"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let said = ["new", "damaged", "waiting", "receipts"].map(|name| said[name].as_u64());
    assert_eq!(said, [Some(0), Some(0), Some(0), Some(5)]);

    let (done, said) = kiosk(&first, &["--import-receipts", stick_text]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!((&said["delivered"], &said["refused"]), (&Value::from(5), &Value::from(0)));
    office.kill().expect("the office ran");
    let verdict = Verdict::of(&bench, &journal).expect("a verdict");
    assert!(verdict.clean(), "{}", verdict.0);
    let figures = ["told", "cases", "receipts", "waiting"].map(|name| verdict.count(name));
    assert_eq!(figures, [5, 5, 5, 0], "{}", verdict.0);
}
