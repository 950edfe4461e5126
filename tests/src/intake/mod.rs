//! A real office and kiosks that put sealed answers into it over HTTPS, and what the intake is measured beside: for the bench
//! of the intake and the test of the audit log.
//! Invariants: what is measured is the real process over TLS with client certificates; every party stores the same bytes.
//! Not here: the kiosk's own outbox (`yimen-outbox-driver`).

pub mod bureau;
pub mod connection;
pub mod disk;
pub mod figures;
pub mod office_round;
pub mod postgres;
pub mod sqlite_single;
pub mod submission;
