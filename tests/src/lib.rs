//! End-to-end tests: the house's own rules (`house`), the demonstration bureau, the robot that walks journeys on it, and an
//! officers' day at its counter.

pub mod counter;
pub mod demo;
pub mod enrolment;
pub mod faults;
pub mod free_ports;
#[cfg(test)]
mod house;
pub mod intake;
pub mod officer_side;
pub mod papers;
pub mod plaintext;
pub mod relay;
pub mod report;
pub mod robot;
