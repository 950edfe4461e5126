//! The way to the office: a client for short questions, and a thread that drives the outbox for ever.
//! Invariants: TLS by rustls with aws-lc-rs only, trusting the bureau's authority alone, with this kiosk's certificate;
//! what a request carries is never logged; a submission leaves the store only by the office's signed receipt.
//! Not here: the decisions (`outbox`), durability (`store`).

mod driver;
mod identity;
mod office;
mod requests;

pub use driver::{Event, Gauge, Uplink};
pub use office::{Office, OfficeAddress, UplinkError};
