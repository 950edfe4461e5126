//! `yimenctl kiosk list`: the kiosks of the administrator's stations.

use crate::failure::Failure;
use crate::office_client::{Reach, text};
use crate::output::Output;

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
                Some("software-key") => "software key",
                Some("system-credential") => "key sealed to the machine",
                _ => "no machine",
            };
            let holds = match kiosk["waiting"].as_u64() {
                Some(count) => format!("holds {count} at {}", text(kiosk, "waiting_at")),
                None => "has not said what it holds".to_owned(),
            };
            let why = kiosk["reason"].as_str().map_or(String::new(), |why| format!(" ({why})"));
            format!(
                "{}  number {}  {}{why}  {keys}  certificate until {}  {holds}",
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
