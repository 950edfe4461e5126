//! USB cameras through nokhwa on V4L2. The driver underneath never times out on a silent camera: `next` may block past its
//! limit, which is why every source runs under `watchdog`. Frames leave as the camera gave them; decoding is not here.

use std::time::{Duration, Instant};

use nokhwa::Camera;
use nokhwa::utils::{
    ApiBackend, CameraFormat, CameraIndex, FrameFormat as NokhwaFormat, RequestedFormat, RequestedFormatType,
    Resolution,
};

use crate::port::camera::{CameraError, FourCc, Frame, FrameFormat, FrameSource};
use crate::port::status::{DeviceCode, DeviceStatus};

const KNOWN: [NokhwaFormat; 3] = [NokhwaFormat::MJPEG, NokhwaFormat::YUYV, NokhwaFormat::RAWRGB];

/// A camera that the system lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCamera {
    /// The number N of `/dev/videoN`.
    pub index: u32,
    /// The name it gives itself.
    pub name: String,
}

/// The cameras of this machine, for the probe command; empty when there are none.
pub fn list() -> Result<Vec<ListedCamera>, CameraError> {
    let cameras = nokhwa::query(ApiBackend::Video4Linux).map_err(|e| CameraError::Refused(e.to_string()))?;
    let mut listed: Vec<_> = cameras
        .iter()
        .filter_map(|camera| Some(ListedCamera { index: camera.index().as_index().ok()?, name: camera.human_name() }))
        .collect();
    listed.sort_by_key(|camera| camera.index);
    Ok(listed)
}

/// One camera by its number.
pub struct NokhwaCamera {
    index: u32,
    open: Option<Camera>,
    format: Option<FrameFormat>,
    seq: u64,
}

impl std::fmt::Debug for NokhwaCamera {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NokhwaCamera {{ index: {}, open: {} }}", self.index, self.open.is_some())
    }
}

impl NokhwaCamera {
    /// The camera `/dev/video<index>`; nothing is opened yet.
    pub const fn new(index: u32) -> Self {
        Self { index, open: None, format: None, seq: 0 }
    }

    fn open(&self, wish: RequestedFormatType) -> Result<Camera, CameraError> {
        let requested = RequestedFormat::with_formats(wish, &KNOWN);
        Camera::with_backend(CameraIndex::Index(self.index), requested, ApiBackend::Video4Linux)
            .map_err(|error| CameraError::Gone(error.to_string()))
    }
}

impl FrameSource for NokhwaCamera {
    fn formats(&mut self) -> Vec<FrameFormat> {
        let opened = self.open(RequestedFormatType::None);
        let modes = opened.and_then(|mut camera| {
            camera.compatible_camera_formats().map_err(|error| CameraError::Refused(error.to_string()))
        });
        match modes {
            Ok(modes) => modes.iter().filter_map(from_nokhwa).collect(),
            Err(error) => {
                tracing::warn!(camera = self.index, %error, "camera offers no mode");
                Vec::new()
            }
        }
    }

    fn start(&mut self, format: FrameFormat) -> Result<(), CameraError> {
        let mode =
            CameraFormat::new(Resolution::new(format.width, format.height), to_nokhwa(format.fourcc), format.fps);
        let mut camera = self.open(RequestedFormatType::Exact(mode))?;
        camera.open_stream().map_err(|error| CameraError::Refused(error.to_string()))?;
        self.open = Some(camera);
        self.format = Some(format);
        self.seq = 0;
        Ok(())
    }

    fn next(&mut self, _timeout: Duration) -> Result<Frame, CameraError> {
        let (Some(camera), Some(format)) = (self.open.as_mut(), self.format) else {
            return Err(CameraError::NotStarted);
        };
        let data = camera.frame_raw().map_err(|error| CameraError::Gone(error.to_string()))?.into_owned();
        let seq = self.seq;
        self.seq += 1;
        Ok(Frame { data, fourcc: format.fourcc, width: format.width, height: format.height, seq, at: Instant::now() })
    }

    fn stop(&mut self) {
        if let Some(mut camera) = self.open.take()
            && let Err(error) = camera.stop_stream()
        {
            tracing::warn!(camera = self.index, %error, "camera did not stop cleanly");
        }
    }

    fn status(&mut self) -> DeviceStatus {
        match list() {
            Ok(cameras) if cameras.iter().any(|camera| camera.index == self.index) => DeviceStatus::Ready,
            Ok(_) => DeviceStatus::Offline,
            Err(_) => DeviceStatus::NeedsHelp(DeviceCode::Other),
        }
    }

    fn simulated(&self) -> bool {
        false
    }

    fn label(&self) -> String {
        format!("camera /dev/video{}", self.index)
    }
}

fn from_nokhwa(mode: &CameraFormat) -> Option<FrameFormat> {
    let fourcc = match mode.format() {
        NokhwaFormat::MJPEG => FourCc::Mjpeg,
        NokhwaFormat::YUYV => FourCc::Yuyv,
        NokhwaFormat::RAWRGB => FourCc::Rgb24,
        NokhwaFormat::NV12 | NokhwaFormat::GRAY | NokhwaFormat::RAWBGR => return None,
    };
    Some(FrameFormat { fourcc, width: mode.width(), height: mode.height(), fps: mode.frame_rate() })
}

const fn to_nokhwa(fourcc: FourCc) -> NokhwaFormat {
    match fourcc {
        FourCc::Mjpeg => NokhwaFormat::MJPEG,
        FourCc::Yuyv => NokhwaFormat::YUYV,
        FourCc::Rgb24 => NokhwaFormat::RAWRGB,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No machine has a hundred thousand cameras, so this holds with and without one.
    const NO_SUCH_CAMERA: u32 = 99_999;

    #[test]
    fn a_missing_camera_is_a_clean_error() {
        let mut camera = NokhwaCamera::new(NO_SUCH_CAMERA);
        assert!(camera.formats().is_empty());
        let format = FrameFormat { fourcc: FourCc::Mjpeg, width: 1280, height: 720, fps: 30 };
        assert!(matches!(camera.start(format), Err(CameraError::Gone(_))));
        assert_eq!(camera.next(Duration::from_secs(1)), Err(CameraError::NotStarted));
        assert_eq!(camera.status(), DeviceStatus::Offline);
        camera.stop();
    }

    #[test]
    fn listing_needs_no_camera() {
        assert!(list().unwrap().iter().all(|camera| camera.index != NO_SUCH_CAMERA));
    }
}
