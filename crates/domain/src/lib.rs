//! Words and rules of the field: no I/O, no clock.

pub mod calendar;
pub mod mask;
pub mod rules;
pub mod sensitive;
