//! Every screen, theme, size and posture as a picture; each must be more than an empty ground.

use slint::ComponentHandle;
use ui::{Dialog, DialogKind, Keyboard, KioskWindow, Lang, Layer, Nav, Screen, Theme, Tokens};

use crate::{samples, stage};

fn open(width: u32, height: u32, code: &str) -> (KioskWindow, Lang) {
    let lang = Lang::load(code).expect("built in");
    let window = stage::window(width, height);
    samples::everything(&window, &lang);
    (window, lang)
}

fn draw(window: &KioskWindow, name: &str) {
    let picture = stage::picture(window, name);
    assert!(picture.colours(24) >= 24, "{name} is almost blank");
}

#[test]
fn every_screen_is_drawn() {
    let (window, lang) = open(1080, 1920, "zh-CN");
    for (screen, name) in samples::SCREENS {
        samples::keyboard_for(&window, screen, &lang);
        samples::enter(&window, screen, &lang);
        draw(&window, name);
    }
}

#[test]
fn dialogs_and_the_dock_are_drawn() {
    let (window, lang) = open(1080, 1920, "zh-CN");
    samples::enter(&window, Screen::Ways, &lang);
    for (kind, name) in
        [(DialogKind::Idle, "dialog-idle"), (DialogKind::Leave, "dialog-leave"), (DialogKind::Help, "dialog-help")]
    {
        samples::dialog(&window, kind, &lang);
        draw(&window, name);
    }
    window.global::<Dialog>().set_kind(DialogKind::None);
    window.window().set_size(slint::PhysicalSize::new(1420, 1920));
    samples::dock(&window, &lang);
    samples::enter(&window, Screen::Home, &lang);
    draw(&window, "home-with-dock");
}

#[test]
fn questions_of_every_kind_are_drawn() {
    let (window, lang) = open(1080, 1920, "zh-CN");
    samples::enter(&window, Screen::Question, &lang);
    for (name, layer) in samples::QUESTIONS {
        samples::question(&window, name, layer, &lang);
        draw(&window, name);
    }
    window.global::<Keyboard>().set_layer(Layer::Hidden);
}

#[test]
fn home_is_drawn_in_every_theme_size_and_posture() {
    let (window, lang) = open(1080, 1920, "zh-CN");
    samples::enter(&window, Screen::Home, &lang);
    let tokens = window.global::<Tokens>();
    for (theme, name) in [(Theme::HighContrast, "high-contrast"), (Theme::Dark, "dark"), (Theme::Cvd, "cvd")] {
        tokens.set_theme(theme);
        draw(&window, &format!("home-{name}"));
    }
    tokens.set_theme(Theme::Day);
    for size in 2..=4 {
        tokens.set_size(size);
        draw(&window, &format!("home-size-{size}"));
    }
    tokens.set_size(3);
    tokens.set_elder(true);
    samples::elder(&window, &lang);
    draw(&window, "home-elder");
    tokens.set_elder(false);
    tokens.set_size(1);
    samples::everything(&window, &lang);
    tokens.set_low_reach(true);
    samples::low_reach(&window, &lang);
    samples::enter(&window, Screen::Home, &lang);
    draw(&window, "home-low-reach");
    samples::enter(&window, Screen::Ways, &lang);
    draw(&window, "ways-low-reach");
    tokens.set_low_reach(false);
    samples::everything(&window, &lang);
    samples::search(&window, &lang);
    samples::enter(&window, Screen::Home, &lang);
    draw(&window, "home-search");
}

#[test]
fn screens_are_drawn_in_landscape_and_large_and_in_the_dark() {
    let (window, lang) = open(1920, 1080, "zh-CN");
    for (screen, name) in samples::SCREENS {
        samples::keyboard_for(&window, screen, &lang);
        samples::enter(&window, screen, &lang);
        draw(&window, &format!("landscape-{name}"));
    }
    let (window, lang) = open(1080, 1920, "zh-CN");
    for size in [3, 4] {
        window.global::<Tokens>().set_size(size);
        for (screen, name) in samples::SCREENS {
            samples::keyboard_for(&window, screen, &lang);
            samples::enter(&window, screen, &lang);
            draw(&window, &format!("size-{size}-{name}"));
        }
    }
    window.global::<Tokens>().set_size(1);
    for (theme, mark) in [(Theme::Dark, "dark"), (Theme::HighContrast, "high-contrast")] {
        window.global::<Tokens>().set_theme(theme);
        for (screen, name) in samples::SCREENS {
            samples::keyboard_for(&window, screen, &lang);
            samples::enter(&window, screen, &lang);
            draw(&window, &format!("{mark}-{name}"));
        }
    }
}

#[test]
fn english_is_drawn() {
    let (window, lang) = open(1080, 1920, "en");
    for (screen, name) in samples::SCREENS {
        samples::keyboard_for(&window, screen, &lang);
        samples::enter(&window, screen, &lang);
        draw(&window, &format!("en-{name}"));
    }
    assert_eq!(window.global::<Nav>().get_station(), "Yunqiao station");
}
