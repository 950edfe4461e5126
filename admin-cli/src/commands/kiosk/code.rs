//! `yimenctl kiosk code`: a ticket for another machine in a kiosk's place. The office refuses while the machine of before may
//! hold submissions that have not arrived, unless a reason is given.

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
    /// Id of the kiosk.
    id: String,
    /// Why it is done although the machine may hold submissions, e.g. that it burnt. Kept sealed; the audit log tells that
    /// there was one.
    #[arg(long)]
    although: Option<String>,
    /// Address of the kiosks' door as the machine reaches it; default: what the office's configuration says.
    #[arg(long)]
    office_url: Option<String>,
    /// Also draw the ticket as a QR code.
    #[arg(long)]
    qr: bool,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let Arguments { reach, id, although, office_url, qr } = arguments;
    files::plain_id(&id)?;
    let body = json!({ "although": although, "office_url": office_url });
    let given = reach.connect()?.post(&format!("/v1/kiosks/{id}/code"), &body)?;
    output.show(&given, || {
        let drawn = if qr { words::qr(&given) } else { None };
        format!("{}{}", words::ticket(&given), drawn.map_or(String::new(), |qr| format!("\n{qr}")))
    });
    Ok(())
}
