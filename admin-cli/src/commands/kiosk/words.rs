//! What an administrator reads about a ticket.

use crate::office_client::text;
use serde_json::Value;

/// A ticket with what to do with it.
pub fn ticket(given: &Value) -> String {
    format!(
        "The code is good once, until {}. It is shown this once:\n  {}\n\
         On the machine:\n  yimen-kiosk --folder FOLDER --enrol \"{}\"",
        text(given, "until"),
        text(given, "code"),
        text(given, "ticket"),
    )
}

/// The same as a QR code for a scanner at the machine; `None` when it does not fit.
pub fn qr(given: &Value) -> Option<String> {
    let code = qrcode::QrCode::new(text(given, "ticket")).ok()?;
    Some(code.render::<qrcode::render::unicode::Dense1x2>().build())
}
