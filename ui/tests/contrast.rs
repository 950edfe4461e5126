//! Contrast of every pair of words and ground, computed from the token values by WCAG 2 relative luminance.

use slint::{Color, ComponentHandle};
use ui::{Theme, Tokens};

use crate::stage;

fn luminance(color: Color) -> f64 {
    let linear = |byte: u8| {
        let c = f64::from(byte) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color.red()) + 0.7152 * linear(color.green()) + 0.0722 * linear(color.blue())
}

fn contrast(a: Color, b: Color) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn the_measure_itself_is_right() {
    let black = Color::from_rgb_u8(0, 0, 0);
    let white = Color::from_rgb_u8(255, 255, 255);
    assert!((contrast(black, white) - 21.0).abs() < 0.001);
    // #767676 on white is the textbook grey that just passes 4.5.
    assert!((contrast(Color::from_rgb_u8(0x76, 0x76, 0x76), white) - 4.54).abs() < 0.01);
}

#[test]
fn words_reach_four_and_a_half_and_edges_three_in_every_theme() {
    let window = stage::window(1080, 1920);
    let tokens = window.global::<Tokens>();
    for theme in [Theme::Day, Theme::HighContrast, Theme::Dark, Theme::Cvd] {
        tokens.set_theme(theme);
        let t = &tokens;
        let words = [
            ("text on bg", t.get_text(), t.get_bg()),
            ("text on surface", t.get_text(), t.get_surface()),
            ("text on sunken", t.get_text(), t.get_sunken()),
            ("text2 on bg", t.get_text2(), t.get_bg()),
            ("text2 on surface", t.get_text2(), t.get_surface()),
            ("text2 on sunken", t.get_text2(), t.get_sunken()),
            ("text2 on tint", t.get_text2(), t.get_tint()),
            ("text on ok ground", t.get_text(), t.get_ok_ground()),
            ("text2 on ok ground", t.get_text2(), t.get_ok_ground()),
            ("text2 on warn ground", t.get_text2(), t.get_warn_ground()),
            ("text2 on bad ground", t.get_text2(), t.get_bad_ground()),
            ("accent on surface", t.get_accent(), t.get_surface()),
            ("accent on bg", t.get_accent(), t.get_bg()),
            ("accent on sunken", t.get_accent(), t.get_sunken()),
            ("accent on tint", t.get_accent(), t.get_tint()),
            ("words on accent", t.get_on_accent(), t.get_accent()),
            ("words on pressed accent", t.get_on_accent(), t.get_accent_pressed()),
            ("words on tint", t.get_on_tint(), t.get_tint()),
            ("words on lintel", t.get_on_lintel(), t.get_lintel()),
            ("second words on lintel", t.get_on_lintel2(), t.get_lintel()),
            ("words on raised", t.get_on_lintel(), t.get_raised()),
            ("second words on raised", t.get_on_lintel2(), t.get_raised()),
            ("lamp words on lintel", t.get_lamp(), t.get_lintel()),
            ("ok", t.get_ok(), t.get_ok_ground()),
            ("ok on surface", t.get_ok(), t.get_surface()),
            ("warn", t.get_warn(), t.get_warn_ground()),
            ("warn on surface", t.get_warn(), t.get_surface()),
            ("bad", t.get_bad(), t.get_bad_ground()),
            ("bad on bg", t.get_bad(), t.get_bg()),
        ];
        for (name, ink, ground) in words {
            let found = contrast(ink, ground);
            assert!(found >= 4.5, "{theme:?}: {name} has only {found:.2}");
        }
        let shapes = [
            ("edge on bg", t.get_edge(), t.get_bg()),
            ("edge on surface", t.get_edge(), t.get_surface()),
            ("lintel edge on lintel", t.get_lintel_edge(), t.get_lintel()),
            ("lintel lamp on lintel", t.get_lintel_ok(), t.get_lintel()),
        ];
        for (name, ink, ground) in shapes {
            let found = contrast(ink, ground);
            assert!(found >= 3.0, "{theme:?}: {name} has only {found:.2}");
        }
    }
}
