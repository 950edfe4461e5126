//! End-to-end tests: the house's own rules (`house`), the demonstration bureau, and the robot that walks journeys on it.

pub mod demo;
#[cfg(test)]
mod house;
pub mod papers;
pub mod plaintext;
pub mod report;
pub mod robot;
