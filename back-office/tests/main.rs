//! The office as a real process with a real registry process, on loopback ports and temporary folders; and random
//! histories on its store.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed, helpers included")]

mod access;
mod access_browser;
mod audit;
mod audit_proofs;
mod bureau;
mod configuration;
mod counter;
mod custody;
mod desk;
mod edge;
mod enrolment;
mod history;
mod instant;
mod intake;
mod kill;
mod kiosk_door;
mod model;
mod notices;
mod officers;
mod openings;
mod openings_case;
mod openings_half_done;
mod parties;
mod person;
mod pressure;
mod retention;
mod rights;
mod schema;
mod supplement;
mod tus_client;
mod workbench;
