//! `yimenctl kiosk list`: the kiosks of the administrator's stations.

use crate::failure::Failure;
use crate::office_client::{Reach, text};
use crate::output::Output;
use serde_json::Value;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    reach: Reach,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let listed = arguments.reach.connect()?.get("/v1/kiosks", &[])?;
    output.show(&listed, || {
        let kiosks = listed["kiosks"].as_array().map(Vec::as_slice).unwrap_or_default();
        let lines = kiosks.iter().map(|kiosk| {
            let keys = match kiosk["protection"].as_str() {
                Some("software") => "software key",
                Some("host") => "keys sealed by the host",
                Some("tpm2") => "keys sealed by the TPM",
                _ => "no machine",
            };
            let holds = match kiosk["waiting"].as_u64() {
                Some(count) => format!("holds {count} at {}", text(kiosk, "waiting_at")),
                None => "has not said what it holds".to_owned(),
            };
            let filled = outbox(&kiosk["outbox"]);
            let why = kiosk["reason"].as_str().map_or(String::new(), |why| format!(" ({why})"));
            format!(
                "{}  number {}  {}{why}  {keys}  certificate until {}  {holds}{filled}",
                text(kiosk, "id"),
                text(kiosk, "number"),
                text(kiosk, "state"),
                text(kiosk, "certificate_until"),
            )
        });
        let lines: Vec<String> = lines.collect();
        if lines.is_empty() { "There is no kiosk yet: yimenctl kiosk add".to_owned() } else { lines.join("\n") }
    });
    Ok(())
}

/// How full its outbox is; from four fifths on, what to do.
fn outbox(told: &Value) -> String {
    let Some(percent) = told["percent"].as_u64() else { return String::new() };
    let oldest = told["oldest"].as_str().map_or(String::new(), |at| format!(", the oldest of {at}"));
    let warning = if told["nearly_full"] == true {
        "  WARNING: nearly full. See to its line, or take what it holds along with yimen-kiosk --export"
    } else {
        ""
    };
    format!("  outbox {percent} % full{oldest}{warning}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_nearly_full_outbox_is_a_warning_with_what_to_do() {
        let told = |percent: u64, nearly_full: bool| {
            outbox(&json!({"percent": percent, "nearly_full": nearly_full, "oldest": "2026-11-22T01:02:03Z"}))
        };
        assert_eq!(told(79, false), "  outbox 79 % full, the oldest of 2026-11-22T01:02:03Z");
        assert!(told(80, true).contains("WARNING") && told(80, true).contains("--export"));
        assert_eq!(outbox(&Value::Null), "", "a kiosk of before says nothing");
    }
}
