//! The aid bar, where seven stand beside each other: no word of it is cut.

use i_slint_backend_testing::ElementHandle;
use slint::{ComponentHandle, ModelRc, VecModel};
use ui::{AidView, Lang, Nav, Screen, Tokens};

use crate::{samples, stage};

const ALL: [(&str, &str); 7] = [
    ("elder", "heart-handshake"),
    ("low-reach", "accessibility"),
    ("size", "a-large-small"),
    ("contrast", "contrast"),
    ("speak", "volume-2"),
    ("language", "languages"),
    ("call", "concierge-bell"),
];

/// Seven at the smallest size, six without low reach at the others, as the kiosk puts them.
fn aids(lang: &Lang, size: i32) -> ModelRc<AidView> {
    let shown = ALL.into_iter().filter(|(key, _)| size == 1 || *key != "low-reach");
    let views = shown.map(|(key, icon)| AidView {
        key: key.into(),
        icon: icon.into(),
        label: lang.text(&format!("aid.{key}")).into(),
        active: false,
        prominent: key == "call",
    });
    ModelRc::new(VecModel::from(views.collect::<Vec<_>>()))
}

#[test]
fn no_word_of_the_aid_bar_is_cut() {
    for code in ["zh-CN", "en"] {
        for size in 1..=4 {
            let lang = Lang::load(code).expect("built in");
            let window = stage::window(1080, 1920);
            samples::everything(&window, &lang);
            samples::enter(&window, Screen::Home, &lang);
            window.global::<Tokens>().set_size(size);
            window.global::<Nav>().set_aids(aids(&lang, size));
            let _drawn = stage::picture(&window, &format!("aids-{code}-{size}"));
            let widths = |id: &str| -> Vec<f32> {
                ElementHandle::find_by_element_id(&window, id).map(|element| element.size().width).collect()
            };
            let (wanted, shown) = (widths("AidButton::measure"), widths("AidButton::shown"));
            assert_eq!((wanted.len(), shown.len()), (if size == 1 { 7 } else { 6 }, wanted.len()), "{code} {size}");
            for (place, (wanted, shown)) in wanted.iter().zip(&shown).enumerate() {
                assert!(*wanted > 20.0 && shown + 0.5 >= *wanted, "{code} {size}, {place}: {shown} of {wanted}");
            }
        }
    }
}
