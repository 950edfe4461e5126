//! A bad line and a bad disk, each a little: `make faults-network` and `make faults-syscalls` are the whole.

use super::faults;
use serde_json::Value;

fn nothing_lost(figures: &Value) {
    let counted = ["lost", "duplicated", "false_success", "without_data"].map(|name| figures[name].as_u64());
    assert_eq!(counted, [Some(0); 4], "{figures}");
    assert!(figures["told"].as_u64() > Some(0), "nobody was told anything: {figures}");
}

#[test]
fn a_line_that_is_cut_slow_or_stormy_loses_and_doubles_nothing() {
    let (output, figures) = faults(&["network", "--every", "700", "--random", "8", "--storm", "12"]);
    assert!(output.status.success(), "{figures}\n{}", String::from_utf8_lossy(&output.stderr));
    nothing_lost(&figures);
    let met = [&figures["cuts_up"], &figures["cuts_down"], &figures["random"], &figures["storm"]["refused"]];
    assert!(met.iter().all(|count| count.as_u64() > Some(0)), "a fault that was not met shows nothing: {figures}");
}

#[test]
fn a_write_that_kills_or_fails_loses_nothing_and_gives_no_false_receipt() {
    let (output, figures) = faults(&["syscalls", "--every", "20", "--side", "kiosk"]);
    assert!(output.status.success(), "{figures}\n{}", String::from_utf8_lossy(&output.stderr));
    nothing_lost(&figures);
    for call in ["pwrite64", "fsync", "rename", "unlink"] {
        for fault in ["signal=SIGKILL", "error=ENOSPC", "error=EIO"] {
            let count = figures["by_call"]["kiosk"][call][fault].as_u64();
            assert!(count > Some(0), "{call} was never broken by {fault}: {figures}");
        }
    }
}
