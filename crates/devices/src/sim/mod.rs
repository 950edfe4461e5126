//! Simulated devices and the one handle that steers them all. Each says `simulated() == true`; the kiosk marks the screen
//! 模拟设备 and a production bureau refuses them. Deliberately not here: any socket; who may steer is the kiosk's matter.

pub mod camera;
pub mod card;
pub mod control;
pub mod face;
pub mod figure;
pub mod printer;

pub use camera::SimCamera;
pub use card::SimCardReader;
pub use control::{Backdrop, CameraMode, FaceMode, PrinterMode, SimControl, Subject};
pub use face::SimMatcher;
pub use printer::SimPrinter;
