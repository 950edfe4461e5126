//! The office as a real process with a real registry process, on loopback ports and temporary folders.

mod bureau;
mod configuration;
mod instant;
mod intake;
mod kill;
mod officers;
mod parties;
