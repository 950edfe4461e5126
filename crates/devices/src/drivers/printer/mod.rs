//! Printer drivers.

pub mod cups;
