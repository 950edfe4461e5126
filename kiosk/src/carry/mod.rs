//! The outbox on a stick: where a kiosk has no line for days, its unsent submissions are carried to another one.
//!
//! ```text
//! kiosk A  --export-->  yimen-outbox/ on the stick  --import-->  kiosk B  --sends as they are-->  office
//! kiosk A  <--import-receipts--  yimen-outbox/receipts.json  <--the office's signed receipts--  kiosk B
//! ```
//!
//! Invariants: nothing on the stick is readable (ciphertext, and manifests as every relay sees them); A keeps everything until
//! the office's signed receipt over its own manifest is durable, whoever carried it; a damaged item stops no other; each step
//! may be repeated, also when A's own line comes back in between.
//! Not here: who may carry (an enrolled kiosk, checked by the office), what is sent when (`outbox`).

mod export;
mod import;
mod receipts;
mod stick;
#[cfg(test)]
pub(crate) mod tests;

pub use export::{Exported, export};
pub use import::{Adopted, Brought, adopt, brought, deliver};
pub use receipts::{Settled, take_receipts, write_receipts};
pub use stick::FOLDER;

use crate::store::StoreError;

/// Why the stick or the store did not do it. What was not reported as done may be done again.
#[derive(Debug, thiserror::Error)]
pub enum CarryError {
    /// The kiosk's own store.
    #[error("the kiosk's store: {0}")]
    Store(#[from] StoreError),
    /// The stick.
    #[error("the stick: {0}")]
    Stick(#[from] std::io::Error),
    /// It holds another kiosk's export, which must not be mixed with this one's.
    #[error(
        "the stick holds what kiosk {0} exported: take another folder, or empty this one after its receipts came back"
    )]
    OfAnother(String),
    /// There is no whole export on it.
    #[error("no whole export: {0}")]
    NotWhole(String),
}
