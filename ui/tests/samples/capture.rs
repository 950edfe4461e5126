//! Words and pictures where a device works: card reader, camera, portrait, papers.

use super::pictures::{paper, person};
use super::rows::{model, row, words};
use slint::{ComponentHandle, Image};
use ui::*;

fn shot(id: &str, title: &str, line: &str, taken: bool, selected: bool) -> ShotView {
    ShotView {
        id: id.into(),
        title: title.into(),
        line: line.into(),
        taken,
        selected,
        tone: if taken { Tone::Ok } else { Tone::Plain },
        picture: if taken { person(130, 160, 1.5) } else { Image::default() },
    }
}

pub(super) fn middle(window: &KioskWindow, lang: &Lang) {
    let w = |zh, en| words(lang, zh, en);
    let reader = window.global::<Card>();
    reader.set_state(CardState::Waiting);
    reader.set_state_text(lang.text("card.waiting").into());
    reader.set_reader_text(lang.text("card.reader").into());
    camera(window, lang);
    let photo = window.global::<Photo>();
    photo.set_shots(model(vec![
        shot("1", &lang.fill("photo.shot", &[("n", "1")]), lang.text("photo.clear"), true, true),
        shot("2", &lang.fill("photo.shot", &[("n", "2")]), lang.text("photo.then-choose"), false, false),
    ]));
    photo.set_advice(lang.text("photo.advice").into());
    let papers = window.global::<Papers>();
    papers.set_page_text(lang.fill("papers.taken", &[("n", "2")]).into());
    let page = |n: &str| ShotView {
        picture: paper(226, 116),
        ..shot(n, &lang.fill("papers.page", &[("n", n)]), "", true, false)
    };
    papers.set_pages(model(vec![page("1"), page("2")]));
    papers.set_retake_label(lang.text("button.retake").into());
    papers.set_advice(lang.text("papers.advice").into());
    papers.set_later_visible(true);
    papers.set_later_label(lang.text("papers.later").into());
    papers.set_later_line(lang.fill("papers.later-line", &[("date", w("12 月 4 日", "12/4"))]).into());
}

pub(super) fn camera(window: &KioskWindow, lang: &Lang) {
    let camera = window.global::<Camera>();
    camera.set_waiting_text(lang.text("camera.waiting").into());
    let hint = |key: &str, tone| Row {
        tone,
        ..row("", if tone == Tone::Ok { "check" } else { "arrow-up" }, lang.text(key), "")
    };
    camera.set_hints(model(vec![
        hint("camera.light-ok", Tone::Ok),
        hint("camera.background-ok", Tone::Ok),
        hint("camera.chin-up", Tone::Warn),
    ]));
    camera.set_countdown("3".into());
    camera.set_good(true);
    camera.set_live(true);
    camera.set_frame(person(960, 880, 1.0));
}
