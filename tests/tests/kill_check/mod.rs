//! The kill check, small: both ends die a dozen times, and what a person was told of arrives once; a broken rule is seen.
//! Invariant: the figures are those of the check's last line; the long run is `make kill-check`.

use serde_json::Value;
use std::process::{Command, Output};

fn kill_check(arguments: &[&str]) -> (Output, Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_kill-check")).args(arguments).output().expect("the check starts");
    let told = String::from_utf8_lossy(&output.stderr);
    let text = String::from_utf8_lossy(&output.stdout);
    let last = text.trim().lines().last().unwrap_or_default();
    let figures = serde_json::from_str(last).unwrap_or_else(|_| panic!("the last line is not JSON: {text}\n{told}"));
    (output, figures)
}

#[test]
fn what_a_person_was_told_of_arrives_once_though_both_ends_are_killed() {
    let (output, figures) = kill_check(&["--kills", "12"]);
    assert!(output.status.success(), "{figures}\n{}", String::from_utf8_lossy(&output.stderr));
    let counted = ["kills", "lost", "duplicated", "false_success"].map(|name| figures[name].as_u64());
    assert_eq!(counted, [Some(12), Some(0), Some(0), Some(0)], "{figures}");
    assert!(figures["told"].as_u64() > Some(0), "nobody was told anything: {figures}");
    for state in ["COLLECTING", "SEALED", "SENDING", "ACKED"] {
        assert!(figures["by_state"][state].as_u64() > Some(0), "no kill in {state}: {figures}");
    }
}

#[test]
fn a_kiosk_that_erases_without_a_receipt_is_found_out() {
    let (output, figures) = kill_check(&["--kills", "8", "--plant", "erase-early"]);
    assert_eq!(output.status.code(), Some(1), "{figures}");
    assert!(figures["lost"].as_u64() > Some(0), "{figures}");
}
