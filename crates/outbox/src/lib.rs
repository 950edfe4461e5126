//! Store-and-forward as a sans-IO machine: what is sealed on a kiosk arrives in the office once, however often either side dies.
//!
//! ```text
//! COLLECTING --seal--> SEALED --tick--> SENDING --valid receipt--> ACKED --erase--> TOMBSTONE
//!  (RAM only)            ^  ^              |  |
//!                        |  +--transient---+  +--permanent--> QUARANTINED --operator resends--> SEALED
//!                        +--crash or restart (always safe)
//! ```
//!
//! Invariants, each a test of the same name in `machine::invariants`:
//! - I1 nothing is sent, acknowledged or erased that was not durable first;
//! - I2 only a signed receipt over our own manifest's digest leads to ACKED, and so to erasing;
//! - I3 the same item is always sent under the same id and digest, so that the office can answer it once;
//! - I4 erasing leaves a tombstone, and happens only when the receipt itself is durable;
//! - I5 one bad item never delays another;
//! - I6 the wall clock decides nothing but an alarm;
//! - I7 a later item of a chain is never sent before an earlier one is acknowledged, and delays no other chain.
//!
//! Not here: files, SQL, HTTP, clocks, randomness (`kiosk::store`, `kiosk::uplink`). This crate depends on `wire` because
//! checking the receipt belongs to I2: an adapter must not be able to get it wrong.

pub mod budget;
pub mod machine;
pub mod message;
pub mod pace;

pub use budget::{Budget, Load};
pub use machine::Outbox;
pub use message::{Alarm, Effect, Entry, Input, Moment, Setback, State, Verdict, judge};
pub use pace::Pace;
