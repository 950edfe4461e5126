//! Kiosk, edge and core die again and again, and what a person was told of is in the core once. `make faults-relay KILLS=…` is the
//! long run.

use super::faults;

#[test]
fn what_goes_by_way_of_an_edge_arrives_once_though_all_three_are_killed() {
    let (output, figures) = faults(&["relay", "--kills", "20"]);
    assert!(output.status.success(), "{figures}\n{}", String::from_utf8_lossy(&output.stderr));
    let counted = ["lost", "duplicated", "false_success", "without_data", "left_at_the_edge"];
    assert_eq!(counted.map(|name| figures[name].as_u64()), [Some(0); 5], "{figures}");
    for name in ["told", "core_killed", "edge_killed", "most_at_the_edge"] {
        assert!(figures[name].as_u64() > Some(0), "{name}: then this run shows nothing: {figures}");
    }
    assert_eq!(figures["handed_on"], figures["cases"], "{figures}");
}
