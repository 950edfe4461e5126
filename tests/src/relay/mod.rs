//! An edge between a kiosk and the office's core, as real processes: killed at random, read byte by byte, recorded on the wire.
//! Invariants: what is judged is read from disks and wires with nothing of the product; how much was read is told.

pub mod bench;
pub mod kills;
pub mod recorder;
pub mod resident;
pub mod tap;
pub mod trace;
