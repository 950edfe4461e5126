//! The terminal: event loop, effects, one presenter per screen, uplink, local store.
//! Invariants: the loop (`turn`) alone owns the visit; the window is touched only on its own thread; after a wipe nothing of
//! the person is left in any of these modules. Not here: what a visit decides (`visit`), what it looks like (`ui`).

mod album;
pub mod bind;
pub mod carry;
pub mod config;
pub mod dock;
pub mod effects;
pub mod enrol;
#[cfg(test)]
mod fake_office;
#[cfg(feature = "window")]
pub mod fit;
pub mod keyring;
mod office_certificate;
#[cfg(feature = "robot")]
pub mod robot;
pub mod safe;
pub mod scene;
pub mod screens;
pub mod search;
pub mod signal;
pub mod slip;
pub mod store;
mod strokes;
mod touches;
pub mod turn;
pub mod typing;
pub mod uplink;
