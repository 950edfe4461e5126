//! What an administrator asks for a ticket, and reads about it.

use crate::failure::Failure;
use crate::office_client::{Reach, text};
use crate::output::{Output, minute};
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

/// What the office knows nothing of is called by its name.
pub fn no_such(id: &str, failure: Failure) -> Failure {
    match failure {
        Failure::NotFound(_) => Failure::NotFound(format!("no such kiosk: {id}. See them: yimenctl kiosk list")),
        other @ (Failure::Refused(_)
        | Failure::Usage(_)
        | Failure::Unreachable { .. }
        | Failure::NotAllowed(_)
        | Failure::Told
        | Failure::Other(_)) => other,
    }
}

/// A ticket with what to do with it.
fn ticket(given: &Value) -> String {
    format!(
        "The code is good once, until {}. It is shown this once:\n  {}\n\
         On the machine, once, and then to start it:\n  yimen-kiosk --folder kiosk --enrol \"{}\"\n\
         \x20 yimen-kiosk --folder kiosk --catalogue SERVICES-CATALOG",
        given["until"].as_str().and_then(|at| at.parse().ok()).map_or(text(given, "until"), minute),
        text(given, "code"),
        text(given, "ticket"),
    )
}

/// The same as a QR code for a scanner at the machine; `None` when it does not fit.
fn qr(given: &Value) -> Option<String> {
    let code = qrcode::QrCode::new(text(given, "ticket")).ok()?;
    Some(code.render::<qrcode::render::unicode::Dense1x2>().build())
}
