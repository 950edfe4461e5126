//! The office: takes in what kiosks seal, keeps one queue of cases for officers, issues certificates, lets anybody verify.
//! Invariants: see `docs/architecture.md`; the database is the only truth of queues, and a change of a case and its audit
//! leaf are one transaction. Not here: the catalogue's data, the registry's residents, the officers' web application (`web/`).

pub mod authority;
pub mod blobs;
pub mod bounded;
pub mod burst;
pub mod catalogue;
pub mod certificate_ends;
pub mod changes;
pub mod checkpoints;
pub mod config;
pub mod counter;
pub mod custody;
pub mod demo_registry;
pub mod edge;
pub mod intake;
pub mod key_ring;
pub mod kiosk_api;
pub mod kiosks;
pub mod listen;
pub mod notifier;
pub mod office;
pub mod officer_api;
pub mod officers;
pub mod oidc;
pub mod openings;
mod out_of_date;
pub mod passwords;
pub mod problem;
pub mod public_api;
pub mod registry;
pub mod relying_party;
pub mod retention;
pub mod rights;
pub mod sealed_parts;
pub mod second_factor;
pub mod server;
pub mod sessions;
pub mod store;
pub mod tls;
pub mod tries;
pub mod worker;
pub mod writable;
