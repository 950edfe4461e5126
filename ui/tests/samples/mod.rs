//! Plausible words for every screen, in the places the presenters will fill. Persons and numbers are invented.
//! Here: what stays the same from screen to screen, keyboard, dialog, dock; a module for each group of screens.

mod capture;
mod enter;
mod finish;
mod home;
mod pictures;
mod question;
mod rows;
mod service;

pub use enter::enter;
pub use home::{elder, low_reach, search};
pub use question::{QUESTIONS, question};

use capture::middle;
use finish::finish;
use home::home;
use rows::{aids, model, pill, row, words};
use service::service;
use slint::{ComponentHandle, SharedString};
use ui::*;

/// Every screen with the name of its picture, in the order of a visit.
pub const SCREENS: [(Screen, &str); 17] = [
    (Screen::Attract, "01-attract"),
    (Screen::Home, "02-home"),
    (Screen::List, "03-list"),
    (Screen::Service, "04-service"),
    (Screen::Notice, "04b-notice"),
    (Screen::Ways, "05-identify"),
    (Screen::Card, "05b-card"),
    (Screen::Face, "05c-face"),
    (Screen::Question, "06-question"),
    (Screen::Photo, "08-photo"),
    (Screen::Papers, "09-papers"),
    (Screen::Signature, "10-signature"),
    (Screen::Check, "11-check"),
    (Screen::Progress, "11b-progress"),
    (Screen::Receipt, "12-receipt"),
    (Screen::Problem, "13-problem"),
    (Screen::Ended, "14-ended"),
];

/// Fills everything that does not change from screen to screen.
pub fn everything(window: &KioskWindow, lang: &Lang) {
    let s = |key: &str| SharedString::from(lang.text(key));
    let w = |zh, en| SharedString::from(words(lang, zh, en));
    let nav = window.global::<Nav>();
    nav.set_station(w("云桥派出所", "Yunqiao station"));
    nav.set_machine_text(lang.fill("frame.machine", &[("n", "1")]).into());
    nav.set_state_text(s("frame.state-ok"));
    nav.set_state_ok(true);
    nav.set_clock("14:26".into());
    nav.set_date_text(
        lang.fill("date.day-weekday", &[("month", "11"), ("day", "22"), ("weekday", lang.text("weekday.7"))]).into(),
    );
    nav.set_aids(aids(lang, false));
    nav.set_page_up_label(s("frame.page-up"));
    nav.set_page_down_label(s("frame.page-down"));

    let attract = window.global::<Attract>();
    attract.set_product_line(
        format!("{}・{}", lang.text("attract.product"), lang.fill("frame.machine", &[("n", "1")])).into(),
    );
    attract.set_first_line(s("attract.first"));
    attract.set_second_line(s("attract.second"));
    attract.set_other_language(s("attract.other-language"));
    attract.set_promise(s("attract.promise"));
    attract.set_names_first(s("attract.names-first"));
    attract.set_names_second(s("attract.names-second"));
    attract.set_state_line(s("attract.state"));
    attract.set_camera_line(s("attract.camera"));
    attract.set_phone_line(lang.fill("attract.phone", &[("phone", "8001")]).into());
    attract.set_start_label(s("attract.start"));

    home(window, lang);
    let keyboard = window.global::<Keyboard>();
    keyboard.set_preedit("ou hai qu".into());
    keyboard.set_candidates(model(["瓯海区", "欧海", "藕", "偶", "欧", "呕", "鸥"].map(SharedString::from).to_vec()));
    keyboard.set_more_label(s("keyboard.more"));
    keyboard.set_less_label(s("keyboard.less"));
    keyboard.set_page_up_label(s("keyboard.page-up"));
    keyboard.set_page_down_label(s("keyboard.page-down"));
    keyboard.set_page_down_enabled(true);

    let list = window.global::<List>();
    list.set_rows(model(vec![
        pill(
            row(
                "a",
                "id-card",
                words(lang, "身份证丢失补领", "Replace a lost ID card"),
                words(lang, "约 8 分钟・7 个工作日取", "About 8 min, 7 work days"),
            ),
            "",
            Tone::Plain,
        ),
        pill(
            row(
                "b",
                "id-card",
                words(lang, "身份证到期换领", "Renew an ID card"),
                words(lang, "约 8 分钟・7 个工作日取", "About 8 min, 7 work days"),
            ),
            "",
            Tone::Plain,
        ),
        pill(
            row(
                "c",
                "user",
                words(lang, "未成年人补领身份证", "ID card for a minor"),
                words(lang, "监护人陪同", "With a guardian"),
            ),
            words(lang, "窗口办", "Counter"),
            Tone::Warn,
        ),
        pill(
            row(
                "d",
                "file-badge",
                words(lang, "临时身份证明", "Temporary ID paper"),
                words(lang, "约 3 分钟", "About 3 min"),
            ),
            words(lang, "当场取", "At once"),
            Tone::Ok,
        ),
    ]));
    list.set_empty_text(s("list.empty"));
    service(window, lang);
    middle(window, lang);
    finish(window, lang);
}

/// Shows a keyboard where the screen has one.
pub fn keyboard_for(window: &KioskWindow, screen: Screen, lang: &Lang) {
    let layer = if screen == Screen::Question { Layer::Pinyin } else { Layer::Hidden };
    let keyboard = window.global::<Keyboard>();
    keyboard.set_rows(keyboard::rows(layer, false, lang));
    keyboard.set_layer(layer);
    if screen == Screen::Question {
        question(window, "06-question-keyboard-error", layer, lang);
    }
}

pub fn dialog(window: &KioskWindow, kind: DialogKind, lang: &Lang) {
    let dialog = window.global::<Dialog>();
    let (title, text, first, second) = match kind {
        DialogKind::None | DialogKind::Idle => {
            ("idle.title", lang.fill("idle.text", &[("n", "18")]), "idle.stay", "idle.leave")
        }
        DialogKind::Leave => ("leave.title", lang.text("leave.text").to_owned(), "leave.stay", "leave.go"),
        DialogKind::Help => ("help.title", lang.text("help.text").to_owned(), "help.stay", "help.cancel"),
    };
    dialog.set_title(lang.text(title).into());
    dialog.set_text(text.into());
    dialog.set_first_label(lang.text(first).into());
    dialog.set_second_label(lang.text(second).into());
    dialog.set_fraction(0.6);
    dialog.set_seconds("18".into());
    dialog.set_kind(kind);
}

pub fn dock(window: &KioskWindow, lang: &Lang) {
    let dock = window.global::<DevDock>();
    window.global::<Nav>().set_simulated_text(lang.text("frame.simulated").into());
    window.global::<Nav>().set_demo_text(lang.text("frame.demo").into());
    dock.set_title(lang.text("dock.title").into());
    let item = |id: &str, active| DockView { id: id.into(), label: lang.text(&format!("dock.{id}")).into(), active };
    dock.set_toggles(model(vec![
        item("card", true),
        item("card-bad", false),
        item("camera", false),
        item("paper", false),
        item("network", false),
    ]));
    dock.set_visible(true);
}
