//! The ports: traits and the data that crosses them. A port says what the kiosk needs, not how a device does it.

pub mod camera;
pub mod card;
pub mod face;
pub mod picture;
pub mod printer;
pub mod status;
