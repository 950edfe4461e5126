//! The office as a real process with a real registry process, on loopback ports and temporary folders.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed, helpers included")]

mod bureau;
mod configuration;
mod instant;
mod intake;
mod kill;
mod officers;
mod parties;
mod supplement;
