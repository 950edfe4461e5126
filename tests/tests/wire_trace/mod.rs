//! What of a person can be read on the wires and at an edge: nothing; and what is planted is found.

use serde_json::Value;
use std::process::Command;

fn trace(more: &[&str]) -> (bool, Value, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("trace.txt");
    let mut command = Command::new(env!("CARGO_BIN_EXE_wire-trace"));
    let output = command.arg("--trace").arg(&file).args(more).output().expect("the program starts");
    let (text, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let last = text.trim().lines().last().unwrap_or_default();
    let figures = serde_json::from_str(last).unwrap_or_else(|_| panic!("the last line is not JSON: {text}\n{told}"));
    (output.status.success(), figures, std::fs::read_to_string(file).unwrap_or_default())
}

#[test]
fn nothing_of_a_person_can_be_read_on_the_wires_or_at_an_edge() {
    let (clean, figures, text) = trace(&[]);
    assert!(clean, "{figures}");
    for name in ["found", "keys", "unseen_in_the_clear", "requests_a_liar_read"] {
        assert_eq!(figures[name], 0, "{figures}");
    }
    assert!(figures["values_searched"].as_u64() > Some(20), "{figures}");
    assert!(figures["secrets_searched"].as_u64() > Some(8), "{figures}");
    for place in ["edge", "wires"] {
        assert!(figures["bytes"][place].as_u64() > Some(100_000), "then little was read: {figures}");
    }
    assert!(text.contains("-> PUT /v1/submissions/") && text.contains("-> PATCH /v1/blobs/"), "{text}");
    assert!(text.contains("<- HTTP/1.1 202"), "nothing lay at the edge: {text}");
}

#[test]
fn a_name_in_a_manifest_is_found() {
    let (clean, figures, _) = trace(&["--plant"]);
    assert!(!clean && figures["found"].as_u64() > Some(0), "{figures}");
    assert_eq!(figures["unseen_in_the_clear"], 0, "{figures}");
}
