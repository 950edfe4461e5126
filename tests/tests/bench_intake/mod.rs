//! The bench of the intake, tiny: it measures all its parties, counts what was acknowledged, and says so in its last line.
//! Invariant: no figure is judged here; on a busy machine every figure is true.

use serde_json::Value;
use std::process::Command;

#[test]
fn it_measures_every_party_and_says_with_what() {
    let work = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_bench-intake"));
    command.args(["--rounds", "1", "--seconds", "1", "--clients", "4", "--each", "60", "--work"]).arg(work.path());
    let output = command.output().expect("the bench starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_str(text.trim().lines().last().unwrap_or_default()).expect("JSON");
    for name in ["per_s", "p99_ms", "vs_sqlite_single"] {
        assert!(told[name].as_f64() > Some(0.0), "{name}: {told}");
    }
    assert!(told["office"]["count"].as_u64() > Some(0) && told["versions"]["sqlite"].is_string(), "{told}");
    // Where the package is not installed there is nothing to measure beside.
    if e2e::intake::postgres::programs().is_some() {
        assert!(told["vs_postgres"].as_f64() > Some(0.0), "{told}");
        let settings = &told["versions"]["postgres"];
        assert_eq!((&settings["fsync"], &settings["synchronous_commit"]), (&"on".into(), &"on".into()));
    }
}
