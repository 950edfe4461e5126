//! The signature: strokes as they come, or an officer in their place.

use super::rows::note;
use super::{Heading, Sheet};
use slint::{ComponentHandle, Image};
use ui::{KioskWindow, Signature, Tone};
use visit::SignaturePage;

pub(crate) fn present(sheet: &Sheet<'_>, page: &SignaturePage) -> (ui::Screen, Heading) {
    let say = sheet.say;
    let signature = sheet.window.global::<Signature>();
    let strokes = sheet.scene.strokes.expose();
    signature.set_picture(Image::default());
    signature.set_commands(strokes.as_str().into());
    signature.set_signed(page.signed.is_some() || !strokes.is_empty());
    signature.set_here_text(sheet.text("signature.here"));
    signature.set_clear_label(sheet.text("signature.clear"));
    signature.set_cannot_label(sheet.text("signature.cannot"));
    signature.set_cannot_line(sheet.text("signature.cannot-line"));
    let mut heading = Heading::new(say.text("signature.title"), say.text("signature.line"));
    if let Some(error) = &page.error {
        heading.above.push(note(Tone::Bad, "circle-alert", say.field_error(error, "signature"), ""));
    }
    if page.cannot_sign {
        let (title, line) = (say.text("check.cannot-sign"), say.text("signature.cannot-line"));
        heading.above.push(note(Tone::Ok, "user-check", title, line));
    }
    (ui::Screen::Signature, heading)
}

pub(crate) fn clear(window: &KioskWindow) {
    let signature = window.global::<Signature>();
    signature.set_picture(Image::default());
    signature.set_commands("".into());
    signature.set_signed(false);
}
