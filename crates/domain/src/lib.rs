//! Words and rules of the field: no I/O, no clock.

pub mod sensitive;
