//! Real drivers, one folder each: `drivers/<kind>/<model>`. Each passes its port's tests; the binary's configuration chooses.

pub mod camera;
pub mod face;
pub mod printer;
