//! Devices of the kiosk: ports (what the kiosk may ask), simulators with a control handle, and real drivers.
//! Invariants: every call is blocking with a time limit, so that it can live in a thread of its own; a simulator always says so
//! (`simulated()`), because the screen must show 模拟设备; no driver ever reports success that the device did not confirm.
//! Deliberately not here: which driver is chosen (the binary's configuration decides), words for the screen, storage.

pub mod drivers;
pub mod port;
pub mod quality;
pub mod sim;
pub mod watchdog;

pub use port::camera::{CameraError, FourCc, Frame, FrameFormat, FrameSource};
pub use port::card::{CardData, CardEvent, CardKind, CardReader, CardValidTo, Sex};
pub use port::face::{FaceMatcher, FaceReference, MatchError, MatchOutcome};
pub use port::picture::{DecodeError, Picture};
pub use port::printer::{
    JobTicket, Media, PrintError, PrintFailure, PrintJob, PrintState, ReceiptPrinter, Reconciled, WaitReason,
};
pub use port::status::{DeviceCode, DeviceStatus};
pub use watchdog::{CameraEvent, CameraThread};
