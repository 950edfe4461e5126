//! The camera port: a source of raw frames. Decoding is outside the source (`port::picture`), watching is in `watchdog`.

use std::time::{Duration, Instant};

use super::status::DeviceStatus;

/// Pixel layout of a frame's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FourCc {
    /// One JPEG a frame.
    Mjpeg,
    /// 4:2:2 packed, two pixels in four bytes (Y0 U Y1 V), BT.601 limited range.
    Yuyv,
    /// Three bytes a pixel, red first.
    Rgb24,
}

/// A mode a camera offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FrameFormat {
    /// Layout.
    pub fourcc: FourCc,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Frames per second.
    pub fps: u32,
}

/// One frame as the camera gave it.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    /// Bytes in the layout of `fourcc`.
    pub data: Vec<u8>,
    /// Layout of `data`.
    pub fourcc: FourCc,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Counts from 0 after each `start`.
    pub seq: u64,
    /// When it arrived.
    pub at: Instant,
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame {{ {:?} {}x{} #{} }}", self.fourcc, self.width, self.height, self.seq)
    }
}

/// Why there is no frame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CameraError {
    /// No such camera, or it was unplugged.
    #[error("camera not found or unplugged: {0}")]
    Gone(String),
    /// No frame within the time limit.
    #[error("no frame within the time limit")]
    Timeout,
    /// The camera is there and refuses.
    #[error("camera refused: {0}")]
    Refused(String),
    /// `next` before `start`.
    #[error("camera was not started")]
    NotStarted,
}

/// A camera. Made, used and dropped in one thread (drivers' handles may not cross threads, so it is not `Send`); a source that
/// blocks past `timeout` is given up by the watchdog.
pub trait FrameSource {
    /// The modes offered; empty when the camera cannot be reached.
    fn formats(&mut self) -> Vec<FrameFormat>;
    /// Opens the stream in a mode of `formats`.
    fn start(&mut self, format: FrameFormat) -> Result<(), CameraError>;
    /// Waits for the next frame, at most `timeout`.
    fn next(&mut self, timeout: Duration) -> Result<Frame, CameraError>;
    /// Closes the stream; harmless when closed.
    fn stop(&mut self);
    /// How the camera is.
    fn status(&mut self) -> DeviceStatus;
    /// True for a simulator: the screen shows 模拟设备.
    fn simulated(&self) -> bool;
    /// Name for the staff console.
    fn label(&self) -> String;
}
