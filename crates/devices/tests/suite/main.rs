//! Tests of the devices against what they really talk to: a real cupsd, a separate process for face matching, threads that
//! hang. One binary for the crate.

#![cfg(test)]

mod cupsd;
mod face_http;
mod photo;
mod printer_contract;
mod printer_cups;
mod printer_sim;
mod watchdog;
