//! The robot: walks journeys on a kiosk that runs as another process, as a person would. It knows visible words, keys,
//! cards and paper; it knows nothing of the program and shares no code with it.
//! Deliberately not here: making the bureau (`demo`), the report (`report`).

pub mod hands;
pub mod journey;
pub mod line;
mod office;
pub mod typing;
pub mod walk;
