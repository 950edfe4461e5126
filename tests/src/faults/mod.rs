//! Faults on purpose, on real programs: kills at random times (`kills`), each write of a cycle broken in turn (`syscalls`),
//! a bad line between kiosk and office (`network`). The program is `faults`.
//! Invariant: the verdict comes from `tests/faults/verify.py`, which shares no code with the product.
//! Not here: loss of power (killing does not lose what the system has not yet written to the disk); the seeded simulation of
//! unsynced writes is in `crates/outbox`.

pub mod bench;
pub mod dice;
pub mod journal;
pub mod kills;
pub mod line;
pub mod network;
pub mod person;
pub mod process;
pub mod simulation;
pub mod syscalls;
pub mod verdict;
