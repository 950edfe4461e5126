//! The window's callbacks into the loop's channel, and scenes and live pictures onto the window.
//! Invariant: everything that touches the window runs on its thread. Not here: what touches mean.

use crate::effects::FrameSink;
use crate::scene::Scene;
use crate::screens::{self, Words};
use crate::signal::{Signal, Touch};
use crate::turn::Screen;
use devices::Picture;
use slint::{ComponentHandle as _, Image, Rgb8Pixel, SharedPixelBuffer};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use ui::KioskWindow;

/// Sends every touch of the window to the loop.
pub fn touches(window: &KioskWindow, signals: &Sender<Signal>) {
    let send = |signals: &Sender<Signal>, touch: Touch| {
        // The loop has ended: the window is about to close.
        let _ = signals.send(Signal::Touch(touch));
    };
    macro_rules! on {
        ($global:ident, $callback:ident, [$($name:ident),*] $touch:expr) => {{
            let signals = signals.clone();
            window.global::<ui::$global>().$callback(move |$($name),*| send(&signals, $touch));
        }};
    }
    on!(Nav, on_back, [] Touch::Back);
    on!(Nav, on_primary, [] Touch::Primary);
    on!(Nav, on_secondary, [] Touch::Secondary);
    on!(Nav, on_aid, [key] Touch::Aid(key.into()));
    on!(Nav, on_touched, [] Touch::Any);
    on!(Dialog, on_first, [] Touch::Dialog(true));
    on!(Dialog, on_second, [] Touch::Dialog(false));
    on!(Attract, on_start, [] Touch::Start);
    on!(Home, on_open_service, [id] Touch::Service(id.into()));
    on!(Home, on_open_category, [id] Touch::Category(id.into()));
    on!(Home, on_search_focus, [] Touch::SearchFocus);
    on!(Home, on_has_receipt, [] Touch::HasReceipt);
    on!(Home, on_unsure, [] Touch::Help);
    on!(Home, on_others, [] Touch::Aid("elder".to_owned()));
    on!(Home, on_call, [] Touch::Aid("call".to_owned()));
    on!(List, on_open, [id] Touch::Choose(id.into()));
    on!(Notice, on_toggle, [id] Touch::Toggle(id.into()));
    on!(Ways, on_choose, [id] Touch::Choose(id.into()));
    on!(Photo, on_choose, [id] Touch::Choose(id.into()));
    on!(Papers, on_later, [] Touch::Later);
    on!(Papers, on_retake, [id] Touch::Retake(id.into()));
    on!(Question, on_focus, [id] Touch::Focus(id.into()));
    on!(Question, on_pick, [field, option] Touch::Pick(field.into(), option.into()));
    on!(Question, on_open_column, [field, column] Touch::OpenColumn(field.into(), column.into()));
    on!(Question, on_pick_column, [field, column, option] {
        Touch::PickColumn(field.into(), column.into(), option.into())
    });
    on!(Question, on_toggle, [id] Touch::Toggle(id.into()));
    on!(Keyboard, on_key, [id] Touch::Key(id.into()));
    on!(Keyboard, on_candidate, [place] Touch::Candidate(usize::try_from(place).unwrap_or(usize::MAX)));
    on!(Keyboard, on_more, [] Touch::MoreCandidates);
    on!(Keyboard, on_page_up, [] Touch::CandidatePage(false));
    on!(Keyboard, on_page_down, [] Touch::CandidatePage(true));
    on!(Signature, on_stroke_begin, [x, y] Touch::StrokeBegin(x, y));
    on!(Signature, on_stroke_move, [x, y] Touch::StrokeMove(x, y));
    on!(Signature, on_clear, [] Touch::ClearSignature);
    on!(Signature, on_cannot, [] Touch::CannotSign);
    on!(Check, on_change, [id] Touch::Change(id.into()));
    on!(Receipt, on_rate, [id] Touch::Choose(id.into()));
    on!(Ended, on_rate, [id] Touch::Choose(id.into()));
    on!(DevDock, on_toggle, [id] Touch::Dock(id.into()));
    let (signals, weak) = (signals.clone(), window.as_weak());
    window.global::<ui::Signature>().on_stroke_end(move || {
        if let Some(window) = weak.upgrade() {
            let area = window.global::<ui::Signature>();
            send(&signals, Touch::StrokeEnd(area.get_area_width(), area.get_area_height()));
        }
    });
}

/// The window as seen by the loop and the camera: both only post to its thread.
#[derive(Clone)]
pub struct Face {
    window: slint::Weak<KioskWindow>,
    words: Arc<Words>,
}

impl Face {
    /// A face for a window.
    pub fn new(window: &KioskWindow, words: Arc<Words>) -> Self {
        Self { window: window.as_weak(), words }
    }
}

impl Screen for Face {
    fn draw(&self, scene: Scene) {
        let words = Arc::clone(&self.words);
        // An error means that the event loop has ended: nothing is to be drawn any more.
        let _ = self.window.upgrade_in_event_loop(move |window| screens::present(&window, &scene, &words));
    }
}

impl FrameSink for Face {
    fn show(&self, picture: Option<Picture>) {
        let buffer = picture.map(|picture| {
            SharedPixelBuffer::<Rgb8Pixel>::clone_from_slice(picture.pixels(), picture.width(), picture.height())
        });
        let _ = self.window.upgrade_in_event_loop(move |window| {
            let camera = window.global::<ui::Camera>();
            camera.set_frame(buffer.map(Image::from_rgb8).unwrap_or_default());
        });
    }
}
