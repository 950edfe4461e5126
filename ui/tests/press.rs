//! Presses: a press shows in the next frame, counts only when it starts and ends inside, and nothing is too small.

use std::cell::RefCell;
use std::rc::Rc;

use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};
use slint::platform::{PointerEventButton, WindowEvent};
use slint::{ComponentHandle, LogicalPosition};
use ui::{Home, Keyboard, KioskWindow, Lang, Layer, Nav, Screen};

use crate::{samples, stage};

fn lang() -> Lang {
    Lang::load("zh-CN").expect("built in")
}

fn element(window: &KioskWindow, label: &str) -> ElementHandle {
    // One element is found once for each component it inherits from; only places count.
    let mut found: Vec<ElementHandle> = ElementHandle::find_by_accessible_label(window, label).collect();
    found.dedup_by_key(|element| {
        let (at, size) = (element.absolute_position(), element.size());
        [at.x, at.y, size.width, size.height].map(f32::to_bits)
    });
    let places: Vec<_> =
        found.iter().map(|element| (element.absolute_position(), element.size(), element.accessible_role())).collect();
    assert_eq!(found.len(), 1, "{label}: in {places:?}");
    found.into_iter().next().expect("just counted")
}

fn middle(element: &ElementHandle) -> LogicalPosition {
    let (at, size) = (element.absolute_position(), element.size());
    LogicalPosition::new(at.x + size.width / 2.0, at.y + size.height / 2.0)
}

fn press(window: &KioskWindow, at: LogicalPosition) {
    window.window().dispatch_event(WindowEvent::PointerMoved { position: at });
    window.window().dispatch_event(WindowEvent::PointerPressed { position: at, button: PointerEventButton::Left });
}

fn release(window: &KioskWindow, at: LogicalPosition) {
    window.window().dispatch_event(WindowEvent::PointerMoved { position: at });
    window.window().dispatch_event(WindowEvent::PointerReleased { position: at, button: PointerEventButton::Left });
}

#[test]
fn a_press_shows_at_once_and_counts_only_when_it_ends_inside() {
    let window = stage::window(1080, 1920);
    samples::everything(&window, &lang());
    window.global::<Nav>().set_screen(Screen::Home);
    let opened = Rc::new(RefCell::new(Vec::new()));
    let log = opened.clone();
    window.global::<Home>().on_open_category(move |id| log.borrow_mut().push(id.to_string()));

    let tile = element(&window, "户口");
    let at = middle(&tile);
    let before = stage::picture(&window, "press-before").bytes;
    press(&window, at);
    let during = stage::picture(&window, "press-during").bytes;
    assert_ne!(before, during, "the press is not seen");
    assert!(opened.borrow().is_empty(), "it acted before the release");
    release(&window, at);
    assert_eq!(*opened.borrow(), ["household"]);

    press(&window, at);
    release(&window, LogicalPosition::new(at.x, at.y - 400.0));
    assert_eq!(opened.borrow().len(), 1, "a release outside counted");

    tile.invoke_accessible_default_action();
    assert_eq!(opened.borrow().len(), 2, "the screen reader's press did nothing");
}

/// In landscape and large, the boxes stand on a later page: whatever was turned before, the first press on one counts.
#[test]
fn the_first_press_after_turning_a_page_counts() {
    for (width, height, size) in [(1920, 1080, 1), (1920, 1080, 3), (1080, 1920, 4)] {
        let window = stage::window(width, height);
        window.global::<ui::Tokens>().set_size(size);
        samples::everything(&window, &lang());
        samples::enter(&window, Screen::Notice, &lang());
        let ticked = Rc::new(RefCell::new(Vec::new()));
        let log = ticked.clone();
        window.global::<ui::Notice>().on_toggle(move |id| log.borrow_mut().push(id.to_string()));
        let _drawn = stage::picture(&window, &format!("turned-{width}-{size}-before"));
        let down = middle(&element(&window, "下一页"));
        for _ in 0..6 {
            press(&window, down);
            release(&window, down);
            window.window().dispatch_event(WindowEvent::PointerExited);
        }
        let _drawn = stage::picture(&window, &format!("turned-{width}-{size}-after"));
        let at = middle(&element(&window, lang().text("notice.consent-sensitive")));
        press(&window, at);
        release(&window, at);
        assert_eq!(*ticked.borrow(), ["sensitive"], "{width} x {height}, size {size}, at {at:?}");
    }
}

/// Who went on without a tick is told right above the button they pressed, whichever page they had turned to, and sees the boxes.
#[test]
fn what_is_missing_stands_in_sight_and_the_boxes_come_into_view() {
    for (width, height, size) in [(1920, 1080, 1), (1920, 1080, 3), (1080, 1920, 1), (1080, 1920, 4)] {
        let window = stage::window(width, height);
        window.global::<ui::Tokens>().set_size(size);
        samples::everything(&window, &lang());
        samples::enter(&window, Screen::Notice, &lang());
        let _drawn = stage::picture(&window, &format!("missing-{width}-{size}-before"));
        let lang = lang();
        let words = lang.text("notice.consent-missing");
        window.global::<ui::Notice>().set_missing(words.into());
        // The note takes its place in one round and the page is turned in the next, as the loop does.
        for round in 1..=3 {
            slint::platform::update_timers_and_animations();
            let _drawn = stage::picture(&window, &format!("missing-{width}-{size}-{round}"));
        }
        let bottom = |label: &str| {
            let found = element(&window, label);
            found.absolute_position().y + found.size().height
        };
        let seen = ElementHandle::find_by_element_id(&window, "Pager::turned").next().expect("the page");
        let end = seen.absolute_position().y + seen.size().height;
        let note = element(&window, words).absolute_position().y;
        assert!(note >= end, "{width} {size}: the note lies under the page");
        for key in ["notice.consent-notice", "notice.consent-sensitive"] {
            let below = bottom(lang.text(key));
            assert!(below <= end + 1.0, "{width} {size}: {key} ends at {below}, the page at {end}");
        }
    }
}

#[test]
fn keys_and_candidates_answer_by_their_own_words() {
    let window = stage::window(1080, 1920);
    samples::everything(&window, &lang());
    window.global::<Nav>().set_screen(Screen::Question);
    let keyboard = window.global::<Keyboard>();
    keyboard.set_layer(Layer::Pinyin);
    keyboard.set_rows(ui::keyboard::rows(Layer::Pinyin, false, &lang()));
    let log = Rc::new(RefCell::new(Vec::new()));
    let keys = log.clone();
    keyboard.on_key(move |id| keys.borrow_mut().push(id.to_string()));
    let words = log.clone();
    keyboard.on_candidate(move |index| words.borrow_mut().push(format!("candidate {index}")));
    for label in ["o", "u", "退格", "欧海", "完成"] {
        let at = middle(&element(&window, label));
        press(&window, at);
        release(&window, at);
    }
    assert_eq!(*log.borrow(), ["o", "u", "backspace", "candidate 1", "done"]);
}

#[test]
fn nothing_to_press_is_lower_than_fifteen_millimetres() {
    let window = stage::window(1080, 1920);
    samples::everything(&window, &lang());
    for (screen, name) in samples::SCREENS {
        window.global::<Nav>().set_screen(screen);
        samples::keyboard_for(&window, screen, &lang());
        let _drawn = stage::picture(&window, &format!("touch-{name}"));
        let buttons = ElementQuery::from_root(&window)
            .match_descendants()
            .match_accessible_role(AccessibleRole::Button)
            .find_all();
        assert!(!buttons.is_empty(), "{name}: nothing to press");
        for button in buttons {
            let (size, label) = (button.size(), button.accessible_label().unwrap_or_default());
            assert!(!label.is_empty(), "{name}: a button without words");
            assert!(
                size.height >= 60.0 && size.width >= 60.0,
                "{name}: {label} is only {} x {}",
                size.width,
                size.height
            );
        }
    }
}
