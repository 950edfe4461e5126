//! The demonstration without a display, as a person starts it: one program, its exit code, its last line, its report.
//! Invariant: what is asserted is read from the files and pictures, not from the program's own structures.
//! The programs must be built before (`scripts/test` does; alone: `scripts/demo --build-only`).

mod audit;
mod bench_intake;
mod disaster;
mod faults;
mod wire_trace;

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the repository").to_owned()
}

fn demo(out: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yimen-demo"));
    command.current_dir(root()).arg("--headless").arg("--out").arg(out).args(more);
    command.output().expect("the demo starts")
}

fn last_line(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(text.trim().lines().last().unwrap_or_default()).expect("the last line is JSON")
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn every_journey_ends_as_it_should_and_leaves_pictures_papers_and_a_report() {
    let out = tempfile::tempdir().expect("a folder");
    let output = demo(out.path(), &[]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let summary = last_line(&output);
    assert_eq!(summary["ok"], true, "{said}");
    let journeys: Value =
        serde_json::from_slice(&std::fs::read(out.path().join("journeys.json")).expect("journeys.json")).expect("JSON");
    let journeys = journeys.as_array().expect("a list");
    let promised = std::fs::read_dir(root().join("tests/journeys")).expect("journeys").flatten();
    let promised = promised.filter(|entry| entry.path().extension().is_some_and(|end| end == "toml")).count();
    assert_eq!(journeys.len(), promised);
    let report = std::fs::read_to_string(out.path().join("report.html")).expect("report.html");
    for journey in journeys {
        assert_eq!(keys(journey), ["documents", "journey", "outcome", "steps"]);
        let name = journey["journey"].as_str().expect("a name");
        assert!(report.contains(&format!("id=\"{name}\"")), "{name} is not in the report");
        let skipped = journey["outcome"].as_str().is_some_and(|outcome| outcome.starts_with("skipped"));
        let steps = journey["steps"].as_array().expect("steps");
        assert!(skipped || steps.len() > 1, "{name} has {} pictures", steps.len());
        for step in steps {
            assert_eq!(keys(step), ["picture", "screen"]);
            let picture = out.path().join(step["picture"].as_str().expect("a path"));
            let bytes = std::fs::read(&picture).expect("the picture is there");
            assert!(bytes.starts_with(b"\x89PNG") && bytes.len() > 4_000, "{} is no picture", picture.display());
        }
        for document in journey["documents"].as_array().expect("documents") {
            let bytes = std::fs::read(out.path().join(document.as_str().expect("a path"))).expect("the paper is there");
            assert!(bytes.starts_with(b"%PDF"), "{document} is no PDF");
        }
    }
    let errands = ["11-certificate-issued", "12-id-lost-with-later", "13-licence-renewed", "14-passport-for-a-child"];
    for errand in errands {
        let found = journeys.iter().find(|journey| journey["journey"] == errand).expect("the errand was walked");
        assert!(!found["documents"].as_array().expect("documents").is_empty(), "{errand} left no paper");
    }
}

/// One journey breaks off in the middle of a form; the next one of the same person at the same kiosk is asked about what was
/// left there, begins anew, and ends as it should.
#[test]
fn a_journey_that_breaks_off_does_no_harm_to_the_next() {
    let folder = tempfile::tempdir().expect("a folder");
    let journeys = folder.path().join("journeys");
    std::fs::create_dir_all(journeys.join("parts")).expect("a folder");
    for part in ["certificate", "number-and-face"] {
        let name = format!("{part}.toml");
        std::fs::copy(root().join("tests/journeys/parts").join(&name), journeys.join("parts").join(&name))
            .expect("a part");
    }
    let begin = "{ use = \"certificate\" }, { use = \"number-and-face\" }, { see = \"证明用来做什么？\" }, { press = \"找工作、入职\" }, { press = \"下一步\" }, { see = \"查哪一段时间？\" }";
    for (name, end) in [("1-breaks-off", ", { press = \"屏幕上没有这个按钮\" }"), ("2-goes-on", "")] {
        let text = format!(
            "title = \"t\"\nabout = \"a\"\nends = \"e\"\nkiosk = \"unreachable\"\nresident = \"陈雨桐\"\nsteps = [{begin}{end}]\n"
        );
        std::fs::write(journeys.join(format!("{name}.toml")), text).expect("written");
    }
    let out = folder.path().join("out");
    let output = demo(&out, &["--journeys", journeys.to_str().expect("UTF-8")]);
    let summary = last_line(&output);
    assert_eq!(summary["wrong"], serde_json::json!(["1-breaks-off"]), "{summary}");
    let report = std::fs::read_to_string(out.join("report.html")).expect("report.html");
    assert!(report.contains("上一位没走完"), "it was not asked: then this test shows nothing");
}

#[test]
fn a_wrong_expectation_is_noticed() {
    let folder = tempfile::tempdir().expect("a folder");
    let journeys = folder.path().join("journeys");
    std::fs::create_dir(&journeys).expect("a folder");
    let text = "title = \"t\"\nabout = \"a\"\nends = \"e\"\nsteps = [{ press = \"轻触屏幕，开始办事\" }, { see = \"屏幕上没有这句话\" }]\n";
    std::fs::write(journeys.join("wrong.toml"), text).expect("written");
    let out = folder.path().join("out");
    let output = demo(&out, &["--journeys", journeys.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(1));
    let summary = last_line(&output);
    assert_eq!((&summary["ok"], &summary["wrong"][0]), (&Value::Bool(false), &Value::from("wrong")));
    let json = std::fs::read_to_string(out.join("journeys.json")).expect("journeys.json");
    assert!(json.contains("failed: ") && json.contains("屏幕上没有这句话"), "{json}");
}
