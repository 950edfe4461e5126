//! Camera drivers.

#[cfg(feature = "camera-nokhwa")]
pub mod nokhwa;
