//! The terminal: its local store and its way to the office.

pub mod store;
pub mod uplink;
