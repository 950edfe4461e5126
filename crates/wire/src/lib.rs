//! What crosses the network between kiosk and office: manifest, receipt, envelope, payload, problems.
//! Invariants: this is the only serde of the boundary; every struct refuses unknown fields or carries a version; digests are
//! taken over canonical JSON (RFC 8785), so that both sides hash the same bytes.
//! Not here: sending (kiosk's uplink), storing (outbox, office).

pub mod bureau;
pub mod carried;
pub mod digest;
pub mod enrolment;
pub mod envelope;
pub mod inbox;
pub mod key_list;
pub mod manifest;
pub mod outcome;
pub mod own_cases;
pub mod payload;
pub mod problem;
pub mod receipt;
pub mod registry;
pub mod signature;
pub mod submitted;
pub mod upload;
