//! A camera without hardware: a drawn, moving test picture, and the faults a real camera shows.

use std::time::{Duration, Instant};

use super::control::{Backdrop, CameraMode, SimControl, Subject};
use super::figure;
use crate::port::camera::{CameraError, FourCc, Frame, FrameFormat, FrameSource};
use crate::port::picture::Picture;
use crate::port::status::{DeviceCode, DeviceStatus};

const FPS: u32 = 10;
/// Frames between two blinks (about 4 s).
const BLINK_EVERY: u64 = 40;

type Scene = (Subject, Backdrop, bool);

/// The simulated camera.
#[derive(Debug)]
pub struct SimCamera {
    control: SimControl,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    format: FrameFormat,
    seq: u64,
    due: Instant,
    stills: Vec<(Scene, Picture)>,
}

impl SimCamera {
    /// A camera steered by `control`.
    pub const fn new(control: SimControl) -> Self {
        Self { control, running: None }
    }
}

impl FrameSource for SimCamera {
    fn formats(&mut self) -> Vec<FrameFormat> {
        if self.control.state().camera == CameraMode::Unplugged {
            return Vec::new();
        }
        let mode = |width, height| FrameFormat { fourcc: FourCc::Rgb24, width, height, fps: FPS };
        vec![mode(1280, 720), mode(640, 480)]
    }

    fn start(&mut self, format: FrameFormat) -> Result<(), CameraError> {
        if !self.formats().contains(&format) {
            return Err(match self.control.state().camera {
                CameraMode::Unplugged => CameraError::Gone("simulated".to_owned()),
                CameraMode::Ok | CameraMode::Stalled | CameraMode::Corrupt => {
                    CameraError::Refused("no such mode".to_owned())
                }
            });
        }
        self.running = Some(Running { format, seq: 0, due: Instant::now(), stills: Vec::new() });
        Ok(())
    }

    fn next(&mut self, timeout: Duration) -> Result<Frame, CameraError> {
        let running = self.running.as_mut().ok_or(CameraError::NotStarted)?;
        let deadline = Instant::now() + timeout;
        if running.due > deadline {
            self.control.wait_while(deadline, |_| true);
            return Err(CameraError::Timeout);
        }
        self.control.wait_while(running.due, |s| s.camera != CameraMode::Unplugged);
        if !self.control.wait_while(deadline, |s| s.camera == CameraMode::Stalled) {
            return Err(CameraError::Timeout);
        }
        let (mode, subject, backdrop) = {
            let state = self.control.state();
            (state.camera, state.subject, state.backdrop)
        };
        match mode {
            CameraMode::Unplugged => {
                self.running = None;
                Err(CameraError::Gone("simulated".to_owned()))
            }
            CameraMode::Stalled => Err(CameraError::Timeout),
            CameraMode::Corrupt => Ok(running.frame(FourCc::Mjpeg, vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 7])),
            CameraMode::Ok => {
                let picture = running.picture(subject, backdrop);
                Ok(running.frame(FourCc::Rgb24, picture.into_pixels()))
            }
        }
    }

    fn stop(&mut self) {
        self.running = None;
    }

    fn status(&mut self) -> DeviceStatus {
        match self.control.state().camera {
            CameraMode::Ok => DeviceStatus::Ready,
            CameraMode::Corrupt | CameraMode::Stalled => DeviceStatus::NeedsHelp(DeviceCode::Stalled),
            CameraMode::Unplugged => DeviceStatus::Offline,
        }
    }

    fn simulated(&self) -> bool {
        true
    }

    fn label(&self) -> String {
        "sim-camera".to_owned()
    }
}

impl Running {
    fn frame(&mut self, fourcc: FourCc, data: Vec<u8>) -> Frame {
        let at = Instant::now();
        let seq = self.seq;
        self.seq += 1;
        self.due = at + Duration::from_millis(1000) / FPS;
        Frame { data, fourcc, width: self.format.width, height: self.format.height, seq, at }
    }

    fn picture(&mut self, subject: Subject, backdrop: Backdrop) -> Picture {
        let eyes_open = subject != Subject::Portrait || self.seq % BLINK_EVERY < BLINK_EVERY - 2;
        let scene = (subject, backdrop, eyes_open);
        let still = match self.stills.iter().find(|(drawn, _)| *drawn == scene) {
            Some((_, still)) => still.clone(),
            None => {
                let still = figure::draw(self.format.width, self.format.height, subject, backdrop, eyes_open);
                self.stills.push((scene, still.clone()));
                still
            }
        };
        let mut picture = still;
        figure::draw_bar(&mut picture, self.seq);
        picture
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started(control: &SimControl) -> SimCamera {
        let mut camera = SimCamera::new(control.clone());
        let format = camera.formats()[1];
        camera.start(format).unwrap();
        camera
    }

    const LONG: Duration = Duration::from_secs(5);

    #[test]
    fn frames_have_the_size_of_the_format_and_move() {
        let mut camera = started(&SimControl::new());
        let first = camera.next(LONG).unwrap();
        let second = camera.next(LONG).unwrap();
        assert_eq!((first.width, first.height, first.seq, second.seq), (640, 480, 0, 1));
        assert!(Picture::from_frame(&first).is_ok());
        assert_ne!(first.data, second.data);
    }

    #[test]
    fn each_subject_looks_different() {
        let draw = |subject| figure::draw(640, 480, subject, Backdrop::White, true);
        assert_ne!(draw(Subject::Portrait), draw(Subject::Document));
        assert_ne!(draw(Subject::Portrait), draw(Subject::Nobody));
        assert_ne!(draw(Subject::Document), draw(Subject::Nobody));
    }

    #[test]
    fn a_stalled_camera_times_out_and_comes_back() {
        let control = SimControl::new();
        let mut camera = started(&control);
        control.camera_mode(CameraMode::Stalled);
        assert_eq!(camera.next(Duration::from_millis(30)), Err(CameraError::Timeout));
        control.camera_mode(CameraMode::Ok);
        assert!(camera.next(LONG).is_ok());
    }

    #[test]
    fn a_stall_ends_at_once_when_the_camera_is_pulled_out() {
        let control = SimControl::new();
        let mut camera = started(&control);
        control.camera_mode(CameraMode::Stalled);
        let other = control.clone();
        let thread = std::thread::spawn(move || other.camera_mode(CameraMode::Unplugged));
        assert_eq!(camera.next(LONG), Err(CameraError::Gone("simulated".to_owned())));
        thread.join().unwrap();
        assert!(camera.formats().is_empty());
        assert_eq!(camera.status(), DeviceStatus::Offline);
    }

    #[test]
    fn a_corrupt_frame_does_not_decode() {
        let control = SimControl::new();
        let mut camera = started(&control);
        control.camera_mode(CameraMode::Corrupt);
        let frame = camera.next(LONG).unwrap();
        assert!(matches!(Picture::from_frame(&frame), Err(crate::DecodeError::Jpeg(_))));
    }

    #[test]
    fn next_before_start_is_refused() {
        assert_eq!(SimCamera::new(SimControl::new()).next(LONG), Err(CameraError::NotStarted));
    }
}
