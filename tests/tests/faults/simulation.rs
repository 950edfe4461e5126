//! The seeded simulation: a hundred thousand steps with a seed of their own each time, and planted faults that must be seen.
//! A world that fails is named with its seed; `make simulate SEED=...` walks it again.

use super::faults;

#[test]
fn a_hundred_thousand_random_steps_lose_double_and_reorder_nothing() {
    let (output, figures) = faults(&["simulate", "--steps", "100000"]);
    assert!(output.status.success(), "{figures}\n{}", String::from_utf8_lossy(&output.stderr));
    let counted = ["lost", "duplicated", "false_success", "out_of_order", "stuck"].map(|name| figures[name].as_u64());
    assert_eq!(counted, [Some(0); 5], "{figures}");
}

#[test]
fn each_planted_fault_is_seen() {
    for plant in ["no-sync", "row-first", "erase-early", "office-no-sync"] {
        let (output, figures) = faults(&["simulate", "--steps", "20000", "--seed", "1", "--plant", plant]);
        assert_eq!(output.status.code(), Some(1), "{plant}: {figures}");
        assert!(!figures["failing_seeds"].as_array().is_none_or(Vec::is_empty), "{plant}: {figures}");
    }
}
