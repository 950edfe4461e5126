//! Both ends die again and again, and what a person was told of arrives once; a broken rule is seen.
//! `make faults KILLS=10000` is the long run; 500 of them take two minutes on a small machine, so whoever is not the server kills
//! sixty times.

use super::faults;

#[test]
fn what_a_person_was_told_of_arrives_once_though_both_ends_are_killed() {
    let kills: u64 = if std::env::var_os("CI").is_some() { 500 } else { 60 };
    let (output, figures) = faults(&["kills", "--kills", &kills.to_string()]);
    assert!(output.status.success(), "{figures}\n{}", String::from_utf8_lossy(&output.stderr));
    let counted = ["kills", "lost", "duplicated", "false_success", "without_data"].map(|name| figures[name].as_u64());
    assert_eq!(counted, [Some(kills), Some(0), Some(0), Some(0), Some(0)], "{figures}");
    assert!(figures["told"].as_u64() > Some(0), "nobody was told anything: {figures}");
    let least = if kills >= 500 { 20 } else { 1 };
    for state in ["COLLECTING", "SEALED", "SENDING", "ACKED", "TOMBSTONE", "QUARANTINED"] {
        assert!(figures["by_state"][state].as_u64() >= Some(least), "too few kills in {state}: {figures}");
    }
}

#[test]
fn a_kiosk_that_erases_before_the_receipt_is_durable_is_found_out() {
    let (output, figures) = faults(&["kills", "--kills", "8", "--plant", "erase-early"]);
    assert_eq!(output.status.code(), Some(1), "{figures}");
    assert!(figures["lost"].as_u64() > Some(0), "{figures}");
    assert!(figures["false_success"].as_u64() > Some(0), "a tombstone with a receipt nobody gave: {figures}");
}

#[test]
fn clocks_that_are_years_off_lose_nothing_and_expire_nothing() {
    let (output, figures) = faults(&["kills", "--kills", "24", "--clocks"]);
    let counted = ["lost", "duplicated", "false_success", "without_data"].map(|name| figures[name].as_u64());
    assert_eq!(counted, [Some(0); 4], "{figures}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(figures["wrong_clocks"].as_u64() > Some(4), "{figures}");
    assert!(figures["told"].as_u64() > Some(0), "nobody was told anything: {figures}");
}
