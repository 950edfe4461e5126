//! The test socket: a separate process looks at the visible screen and presses what it sees, as a finger would.
//! Compiled only with the feature `robot`, which release builds lack. One JSON object a line in, one a line out.
//!
//! Invariants: nothing here sets a value of the screen or of the visit; a press is pointer events at the middle of a
//! visible element; what acts on simulated devices is a physical act (a card laid down, paper taken out), never data
//! put into a form. Deliberately not here: what to press and what to expect (package `e2e`).

mod acts;
mod hand;
mod look;
mod protocol;
mod socket;

pub use socket::serve;

use i_slint_backend_testing::{TestingBackend, TestingBackendOptions};

/// Makes Slint draw into memory, by software and without a display, on real time.
///
/// # Errors
/// When a platform was chosen already.
pub fn platform() -> Result<(), slint::platform::SetPlatformError> {
    let options = TestingBackendOptions { mock_time: false, threading: true, renderer_name: Some("software".into()) };
    slint::platform::set_platform(Box::new(TestingBackend::new(options)))
}

#[cfg(test)]
mod tests;
