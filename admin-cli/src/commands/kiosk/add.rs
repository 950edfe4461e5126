//! `yimenctl kiosk add`: a kiosk that no machine is yet, and the ticket by which one becomes it.

use super::words;
use crate::failure::Failure;
use crate::files;
use crate::office_client::Reach;
use crate::output::Output;
use serde_json::json;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    reach: Reach,
    /// Id of the kiosk, e.g. `yunqiao-1`.
    id: String,
    /// Its number as shown.
    #[arg(long)]
    number: u32,
    /// Address of the kiosks' door as the machine reaches it; default: what the office's configuration says.
    #[arg(long)]
    office_url: Option<String>,
    /// Also draw the ticket as a QR code.
    #[arg(long)]
    qr: bool,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let Arguments { reach, id, number, office_url, qr } = arguments;
    files::plain_id(&id)?;
    let given =
        reach.connect()?.post("/v1/kiosks", &json!({ "id": id, "number": number, "office_url": office_url }))?;
    output.show(&given, || {
        let drawn = if qr { words::qr(&given) } else { None };
        format!(
            "Kiosk {id} is added.\n{}{}",
            words::ticket(&given),
            drawn.map_or(String::new(), |qr| format!("\n{qr}"))
        )
    });
    Ok(())
}
