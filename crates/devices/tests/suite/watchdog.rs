//! The camera thread under the faults of real cameras, a driver that never returns among them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use devices::sim::{CameraMode, SimCamera, SimControl};
use devices::watchdog::CameraSettings;
use devices::{CameraError, CameraEvent, CameraThread, DeviceStatus, FourCc, Frame, FrameFormat, FrameSource, Picture};

const LONG: Duration = Duration::from_secs(20);

fn quick() -> CameraSettings {
    CameraSettings {
        wanted: (640, 480),
        stall_after: Duration::from_millis(600),
        reopen_after: Duration::from_millis(20),
    }
}

fn simulated(control: &SimControl) -> CameraThread {
    let control = control.clone();
    CameraThread::start(quick(), move || Box::new(SimCamera::new(control.clone())))
}

fn wait_picture(camera: &CameraThread) -> Arc<Picture> {
    let deadline = Instant::now() + LONG;
    loop {
        if let Some(picture) = camera.take_new() {
            return picture;
        }
        assert!(Instant::now() < deadline, "no picture");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_working_camera_goes_live_in_the_size_wished_for() {
    let camera = simulated(&SimControl::new());
    assert_eq!(camera.wait_event(LONG), Some(CameraEvent::Live));
    let first = wait_picture(&camera);
    assert_eq!((first.width(), first.height()), (640, 480));
    assert_ne!(wait_picture(&camera), first);
    assert_eq!(camera.status(), DeviceStatus::Ready);
}

#[test]
fn a_stall_is_told_the_still_is_taken_away_and_the_camera_comes_back() {
    let control = SimControl::new();
    let camera = simulated(&control);
    assert_eq!(camera.wait_event(LONG), Some(CameraEvent::Live));
    control.camera_mode(CameraMode::Stalled);
    assert_eq!(camera.wait_event(LONG), Some(CameraEvent::Stalled));
    assert_eq!((camera.newest(), camera.take_new()), (None, None));
    assert!(!camera.status().usable());
    control.camera_mode(CameraMode::Ok);
    while camera.wait_event(LONG).expect("live again") != CameraEvent::Live {}
    wait_picture(&camera);
}

#[test]
fn broken_frames_only_are_a_stall() {
    let control = SimControl::new();
    let camera = simulated(&control);
    assert_eq!(camera.wait_event(LONG), Some(CameraEvent::Live));
    control.camera_mode(CameraMode::Corrupt);
    assert_eq!(camera.wait_event(LONG), Some(CameraEvent::Stalled));
    assert_eq!(camera.newest(), None);
}

#[test]
fn an_unplugged_camera_is_told_once_and_found_again() {
    let control = SimControl::new();
    let camera = simulated(&control);
    assert_eq!(camera.wait_event(LONG), Some(CameraEvent::Live));
    control.camera_mode(CameraMode::Unplugged);
    assert!(matches!(camera.wait_event(LONG), Some(CameraEvent::Gone(_))));
    assert_eq!(camera.wait_event(Duration::from_millis(300)), None, "told once");
    assert_eq!(camera.status(), DeviceStatus::Offline);
    control.camera_mode(CameraMode::Ok);
    assert_eq!(camera.wait_event(LONG), Some(CameraEvent::Live));
}

/// A driver that hands out the frames of a channel, and hangs beyond any limit when there are none.
struct Hanging {
    frames: Arc<Mutex<Receiver<Frame>>>,
    opened: Arc<AtomicUsize>,
}

impl FrameSource for Hanging {
    fn formats(&mut self) -> Vec<FrameFormat> {
        vec![FrameFormat { fourcc: FourCc::Rgb24, width: 1, height: 1, fps: 1 }]
    }
    fn start(&mut self, _: FrameFormat) -> Result<(), CameraError> {
        self.opened.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
    fn next(&mut self, _: Duration) -> Result<Frame, CameraError> {
        let frames = self.frames.lock().expect("not poisoned");
        frames.recv().map_err(|_| CameraError::Gone("end of test".to_owned()))
    }
    fn stop(&mut self) {}
    fn status(&mut self) -> DeviceStatus {
        DeviceStatus::Ready
    }
    fn simulated(&self) -> bool {
        true
    }
    fn label(&self) -> String {
        "hanging".to_owned()
    }
}

fn hanging() -> (CameraThread, Sender<Frame>, Arc<AtomicUsize>) {
    let (sender, frames) = channel();
    let (frames, opened) = (Arc::new(Mutex::new(frames)), Arc::new(AtomicUsize::new(0)));
    let counter = Arc::clone(&opened);
    let camera = CameraThread::start(quick(), move || {
        Box::new(Hanging { frames: Arc::clone(&frames), opened: Arc::clone(&counter) })
    });
    (camera, sender, opened)
}

fn dot(seq: u64, data: Vec<u8>) -> Frame {
    Frame { data, fourcc: FourCc::Rgb24, width: 1, height: 1, seq, at: Instant::now() }
}

#[test]
fn a_driver_that_never_returns_is_given_up_reopened_and_not_waited_for() {
    let (camera, sender, opened) = hanging();
    assert_eq!(camera.wait_event(LONG), Some(CameraEvent::Stalled));
    assert_eq!(camera.wait_event(LONG), Some(CameraEvent::Stalled));
    assert!(opened.load(Ordering::SeqCst) >= 2);
    let dropping = Instant::now();
    drop(camera);
    assert!(dropping.elapsed() < Duration::from_secs(5));
    assert!(opened.load(Ordering::SeqCst) <= 3, "hanging drivers are not piled up");
    drop(sender);
}

#[test]
fn a_broken_frame_between_good_ones_is_skipped_and_only_the_newest_is_kept() {
    let (camera, sender, _) = hanging();
    sender.send(dot(0, vec![1, 1, 1])).unwrap();
    assert_eq!(camera.wait_event(LONG), Some(CameraEvent::Live));
    assert_eq!(wait_picture(&camera).at(0, 0), [1, 1, 1]);
    sender.send(dot(1, vec![2])).unwrap();
    sender.send(dot(2, vec![3, 3, 3])).unwrap();
    sender.send(dot(3, vec![4, 4, 4])).unwrap();
    let deadline = Instant::now() + LONG;
    while camera.newest().is_some_and(|picture| picture.at(0, 0) != [4, 4, 4]) {
        assert!(Instant::now() < deadline);
        std::thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(camera.take_new().map(|picture| picture.at(0, 0)), Some([4, 4, 4]));
    assert_eq!(camera.take_new(), None);
    assert_eq!(camera.try_event(), None, "the camera was not reopened for a broken frame");
    drop(sender);
}
