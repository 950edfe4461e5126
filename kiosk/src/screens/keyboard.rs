//! The on-screen keyboard: shown while a field is focused on a screen that has fields.

use super::{Sheet, rows};
use slint::{ComponentHandle, Model, SharedString};
use ui::{Keyboard, Layer};

pub(crate) fn present(sheet: &Sheet<'_>, screen: ui::Screen) {
    let typing = &sheet.scene.typing;
    let fields = matches!(screen, ui::Screen::Home | ui::Screen::Question);
    let shown = fields && typing.target.is_some();
    let layer = if shown { typing.layer } else { Layer::Hidden };
    let keyboard = sheet.window.global::<Keyboard>();
    let keys = ui::keyboard::rows(layer, typing.capitals, sheet.say.lang()).iter().collect();
    rows::update(&keyboard.get_rows(), keys, |rows| keyboard.set_rows(rows));
    keyboard.set_layer(layer);
    let candidates: Vec<SharedString> =
        if shown { typing.candidates.expose().iter().map(SharedString::from).collect() } else { Vec::new() };
    keyboard.set_preedit(if shown { typing.preedit.expose().as_str().into() } else { "".into() });
    rows::update(&keyboard.get_candidates(), candidates, |rows| keyboard.set_candidates(rows));
    keyboard.set_expanded(shown && typing.expanded);
    keyboard.set_page_up_enabled(shown && typing.page_up);
    keyboard.set_page_down_enabled(shown && typing.page_down);
    keyboard.set_more_label(sheet.text("keyboard.more"));
    keyboard.set_less_label(sheet.text("keyboard.less"));
    keyboard.set_page_up_label(sheet.text("keyboard.page-up"));
    keyboard.set_page_down_label(sheet.text("keyboard.page-down"));
}
