//! Title, threshold and step of each screen.

use super::capture::camera;
use super::pictures::paper;
use super::rows::{model, note, words};
use slint::ComponentHandle;
use ui::*;

/// Title, threshold and step of one screen, then the screen itself.
pub fn enter(window: &KioskWindow, screen: Screen, lang: &Lang) {
    let w = |zh, en| words(lang, zh, en);
    let nav = window.global::<Nav>();
    let page = window.global::<Page>();
    nav.set_errand(w("身份证丢失补领", "Replace a lost ID card").into());
    let step = |n: i32| {
        nav.set_step_text(lang.fill("step.of", &[("n", &n.to_string()), ("total", "7")]).into());
        nav.set_step_count(7);
        nav.set_step_index(n - 1);
    };
    let back = |label: &str, icon: &str| {
        nav.set_back_visible(!label.is_empty());
        nav.set_back_label(label.into());
        nav.set_back_icon(icon.into());
    };
    let second = |label: &str, icon: &str| {
        nav.set_secondary_visible(!label.is_empty());
        nav.set_secondary_label(label.into());
        nav.set_secondary_icon(icon.into());
    };
    let first = |label: &str, icon: &str| {
        nav.set_primary_visible(!label.is_empty());
        nav.set_primary_label(label.into());
        nav.set_primary_icon(icon.into());
    };
    let title = |title: &str, line: &str| {
        page.set_title(title.into());
        page.set_line(line.into());
    };
    let t = |key| lang.text(key).to_owned();
    page.set_icon("".into());
    page.set_tone(Tone::Plain);
    page.set_notes_above(model(Vec::new()));
    page.set_notes_below(model(Vec::new()));
    page.set_hint("".into());
    page.set_hint_icon("".into());
    nav.set_primary_busy(false);
    back(&t("button.back"), "arrow-left");
    second("", "");
    first("", "");
    camera(window, lang);
    match screen {
        Screen::Attract | Screen::Home => back("", ""),
        Screen::List => {
            nav.set_step_text("".into());
            nav.set_step_count(0);
            nav.set_errand(w("身份证", "ID card").into());
            title(w("身份证", "ID card"), &t("list.line"));
        }
        Screen::Service => {
            nav.set_step_count(0);
            nav.set_step_text(
                lang.fill("service.step", &[("branch", w("户政", "Household")), ("minutes", "8")]).into(),
            );
            first(&t("button.start"), "arrow-right");
            page.set_notes_above(model(vec![note(
                Tone::Ok,
                "circle-check",
                w("先看能不能办：年满 16 岁、原证已丢失", "Who can apply: 16 or older, card lost"),
                w("未满 16 岁由监护人陪同，选“未成年人补领”", "Under 16: come with a guardian"),
            )]));
        }
        Screen::Notice => {
            step(1);
            title(&t("notice.title"), &t("notice.line"));
            first(&t("button.agree"), "arrow-right");
        }
        Screen::Ways => {
            step(1);
            title(&t("identify.title"), &t("identify.line"));
            page.set_notes_below(model(vec![note(
                Tone::Info,
                "shield-check",
                &t("identify.privacy"),
                &t("identify.privacy-line"),
            )]));
            page.set_hint_icon("volume-2".into());
            page.set_hint(t("identify.headphones").into());
            second(&t("button.why-identify"), "circle-question-mark");
        }
        Screen::Card => {
            step(1);
            title(&t("card.title"), &t("card.line"));
            second(&t("button.other-way"), "rotate-cw");
        }
        Screen::Face => {
            step(1);
            title(&t("face.title"), &t("face.line"));
            page.set_notes_below(model(vec![note(
                Tone::Info,
                "shield-check",
                &t("identify.privacy"),
                &t("identify.privacy-line"),
            )]));
            second(&t("identify.officer"), "users");
        }
        Screen::Question => {
            step(3);
            back(&t("button.previous"), "arrow-left");
            first(&t("button.next"), "arrow-right");
        }
        Screen::Photo => {
            step(4);
            title(&t("photo.title"), "");
            second(&t("button.shoot-help"), "user-check");
            first(&t("button.shoot"), "camera");
        }
        Screen::Papers => {
            step(5);
            title(&lang.fill("papers.title", &[("paper", w("户口簿", "household book"))]), &t("papers.line"));
            window.global::<Camera>().set_frame(paper(960, 640));
            window.global::<Camera>().set_hints(model(Vec::new()));
            window.global::<Camera>().set_countdown("".into());
            second(&t("button.pages-done"), "check");
            first(&t("button.shoot"), "camera");
        }
        Screen::Signature => {
            step(6);
            title(&t("signature.title"), &t("signature.line"));
            let signature = window.global::<Signature>();
            signature.set_signed(true);
            signature.set_commands("M 180 240 L 330 230 M 255 180 L 250 420 M 190 320 L 320 312 M 160 430 L 350 420 M 480 190 L 470 400 M 400 260 L 380 340 M 550 250 L 590 330 M 690 200 L 660 420 M 700 200 C 780 190 800 210 790 300 L 780 420 M 700 300 L 780 296".into());
            first(&t("button.continue"), "arrow-right");
        }
        Screen::Check => {
            step(6);
            title(&t("check.title"), &t("check.line"));
            first(&t("button.submit"), "check");
        }
        Screen::Progress => {
            step(7);
            title(&t("progress.submitting"), &t("progress.submitting-line"));
            back("", "");
        }
        Screen::Receipt => {
            step(7);
            title(&t("receipt.title"), &t("receipt.line"));
            page.set_icon("circle-check".into());
            page.set_tone(Tone::Ok);
            page.set_notes_below(model(vec![note(
                Tone::Warn,
                "book-open",
                &lang.fill(
                    "receipt.missing",
                    &[("material", w("户口簿", "household book")), ("date", w("12 月 4 日", "12/4"))],
                ),
                &format!("{}{}", lang.text("receipt.missing-line"), w("指纹也要到窗口按一下。", "")),
            )]));
            back(&t("button.print-again"), "printer");
            first(&t("button.finish"), "log-out");
        }
        Screen::Problem => {
            step(7);
            title(&t("problem.paper-out"), &t("problem.not-affected"));
            page.set_icon("printer".into());
            page.set_tone(Tone::Warn);
            page.set_hint_icon("info".into());
            page.set_hint(
                w("1 号机・打印机缺纸・14:31・值班电话 8001", "Machine 1, no paper, 14:31, duty phone 8001").into(),
            );
            back(&t("button.retry"), "rotate-cw");
            first(&t("button.noted"), "log-out");
        }
        Screen::Ended => {
            nav.set_step_count(0);
            nav.set_step_text("".into());
            title(&t("ended.title"), &t("ended.line"));
            page.set_hint_icon("luggage".into());
            page.set_hint(t("ended.take").into());
            back("", "");
            first(&t("button.home"), "house");
        }
    }
    nav.set_screen(screen);
}
