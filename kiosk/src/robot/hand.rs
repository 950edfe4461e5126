//! A finger: pointer events at a place of the window, nothing else.

use slint::platform::{PointerEventButton, WindowEvent};
use slint::{ComponentHandle as _, LogicalPosition};
use ui::KioskWindow;

/// One movement of the finger.
#[derive(Clone, Copy, Debug)]
pub enum Move {
    /// Lands.
    Down,
    /// Slides.
    Over,
    /// Lifts.
    Up,
}

/// Does one movement at a place in logical px.
pub fn touch(window: &KioskWindow, movement: Move, (x, y): (f32, f32)) {
    let (position, button) = (LogicalPosition::new(x, y), PointerEventButton::Left);
    let window = window.window();
    match movement {
        Move::Down => {
            window.dispatch_event(WindowEvent::PointerMoved { position });
            window.dispatch_event(WindowEvent::PointerPressed { position, button });
        }
        Move::Over => window.dispatch_event(WindowEvent::PointerMoved { position }),
        Move::Up => {
            window.dispatch_event(WindowEvent::PointerReleased { position, button });
            window.dispatch_event(WindowEvent::PointerExited);
        }
    }
}
