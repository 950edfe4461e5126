//! What an administrator asks for a ticket, and reads about it.

use crate::failure::Failure;
use crate::office_client::{Reach, text};
use crate::output::Output;
use serde_json::{Value, json};

/// How a ticket is asked for, whichever machine it is for.
#[derive(clap::Args)]
pub struct Wanted {
    #[command(flatten)]
    reach: Reach,
    /// Address of the kiosks' door as the machine reaches it; default: what the office's configuration says.
    #[arg(long)]
    office_url: Option<String>,
    /// Also draw the ticket as a QR code.
    #[arg(long)]
    qr: bool,
}

impl Wanted {
    /// Asks for a ticket with these further members, and shows it after `first` (whole lines, or nothing).
    pub fn ask(&self, path: &str, mut body: Value, first: &str, output: Output) -> Result<(), Failure> {
        body["office_url"] = json!(self.office_url);
        let given = self.reach.connect()?.post(path, &body)?;
        output.show(&given, || {
            let drawn = if self.qr { qr(&given) } else { None };
            format!("{first}{}{}", ticket(&given), drawn.map_or(String::new(), |qr| format!("\n{qr}")))
        });
        Ok(())
    }
}

/// A ticket with what to do with it.
fn ticket(given: &Value) -> String {
    format!(
        "The code is good once, until {}. It is shown this once:\n  {}\n\
         On the machine:\n  yimen-kiosk --folder FOLDER --enrol \"{}\"",
        text(given, "until"),
        text(given, "code"),
        text(given, "ticket"),
    )
}

/// The same as a QR code for a scanner at the machine; `None` when it does not fit.
fn qr(given: &Value) -> Option<String> {
    let code = qrcode::QrCode::new(text(given, "ticket")).ok()?;
    Some(code.render::<qrcode::render::unicode::Dense1x2>().build())
}
