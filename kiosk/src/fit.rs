//! Fits the face, drawn for one screen size, into a desktop window of any size: everything grows and shrinks together.
//! Invariant: nothing is cut off: the face gets at least its designed width and height, in its own pixels.
//! Not here: the appliance, whose screen has the designed size and which is built without a window system.

use slint::winit_030::{EventResult, WinitWindowAccessor as _, winit};
use slint::{ComponentHandle, PhysicalSize};
use ui::KioskWindow;

/// Share of the screen a new window takes: task bar and title bar need the rest.
const SHARE: f32 = 0.9;

/// From now on the window draws `design` (its own pixels) as large as its frame allows; it opens as large as the screen allows.
///
/// # Errors
/// The event loop's, when it cannot take a task.
pub fn fit(window: &KioskWindow, design: (u32, u32)) -> Result<(), slint::EventLoopError> {
    window.window().on_winit_window_event(move |window, event| {
        if let winit::event::WindowEvent::Resized(size) = event
            && size.width > 0
            && size.height > 0
        {
            let scale_factor = scale(design, (size.width, size.height));
            // Refused only while the window goes.
            let _ = window.try_dispatch_event(slint::platform::WindowEvent::ScaleFactorChanged { scale_factor });
        }
        EventResult::Propagate
    });
    let weak = window.as_weak();
    slint::spawn_local(async move {
        let Some(window) = weak.upgrade() else { return };
        let Ok(native) = window.window().winit_window().await else { return };
        let Some(screen) = native.current_monitor().or_else(|| native.primary_monitor()) else { return };
        let screen = screen.size();
        let scale = (scale(design, (screen.width, screen.height)) * SHARE).min(1.0);
        window.window().set_size(PhysicalSize::new(times(design.0, scale), times(design.1, scale)));
    })?;
    Ok(())
}

/// How large a pixel of the design becomes so that all of it has room.
#[expect(clippy::cast_precision_loss, reason = "a window has fewer than 2^24 pixels a side")]
fn scale(design: (u32, u32), room: (u32, u32)) -> f32 {
    (room.0 as f32 / design.0 as f32).min(room.1 as f32 / design.1 as f32)
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a side of a window, times at most one"
)]
fn times(length: u32, scale: f32) -> u32 {
    (length as f32 * scale).round().max(1.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_the_design_has_room_whatever_the_window() {
        for room in [(540, 960), (1920, 1080), (1080, 1920), (300, 2000), (3840, 2160)] {
            let scale = scale((1080, 1920), room);
            assert!(times(1080, scale) <= room.0 && times(1920, scale) <= room.1, "{room:?}");
            assert!(times(1080, scale) == room.0 || times(1920, scale) == room.1, "{room:?}: as large as possible");
        }
    }
}
