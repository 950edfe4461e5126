//! The camera while a screen shows it: live pictures to the screen, hints and stalls to the visit, shots to the album.
//! Invariants: only the newest picture is ever shown; a stall is told, never covered by a still; when the handle is
//! dropped the camera goes out and the screen's picture with it.

use super::Hands;
use crate::album;
use crate::signal::{ShotSignal, Signal};
use devices::quality::{self, PhotoHint, PhotoProfile, QualityLimits};
use devices::sim::Subject;
use devices::watchdog::CameraSettings;
use devices::{CameraEvent, CameraThread, FrameSource, Picture};
use domain::sensitive::Sensitive;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use visit::{Ask, CameraPurpose, Event, Hint, Input};

/// Opens a camera, in the thread that will use it.
pub type CameraSource = Arc<dyn Fn() -> Box<dyn FrameSource> + Send + Sync>;

/// Where live pictures go.
pub trait FrameSink: Send + Sync {
    /// Shows a picture; `None` takes it away.
    fn show(&self, picture: Option<Picture>);
}

/// Longest side of the live picture on the screen.
const LIVE: u32 = 960;
/// Pause between two pictures: about 15 a second is plenty for aiming.
const PAUSE: Duration = Duration::from_millis(66);
/// How often hints are worked out.
const HINTS_EVERY: Duration = Duration::from_millis(600);
/// Longest file of a page of paper.
const PAGE_BYTES: usize = 900_000;

/// A camera that is on; dropping it puts it out.
pub(crate) struct Running {
    pub(crate) ask: Ask,
    pub(crate) camera: Arc<Mutex<CameraThread>>,
    pub(crate) profile: Option<PhotoProfile>,
    ended: Arc<AtomicBool>,
}

impl Running {
    /// The newest picture; `None` while the camera gives none.
    pub(crate) fn newest(&self) -> Option<Arc<Picture>> {
        self.camera.lock().unwrap_or_else(PoisonError::into_inner).newest()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
    }
}

impl Hands {
    pub(super) fn start_camera(&mut self, ask: Ask, purpose: &CameraPurpose) {
        let Some(source) = self.camera.clone() else {
            self.answer(ask, Event::CameraStalled);
            return;
        };
        self.stop_camera();
        if let Some(control) = &self.control {
            control.subject(if matches!(purpose, CameraPurpose::Document { .. }) {
                Subject::Document
            } else {
                Subject::Portrait
            });
        }
        let profile = self.profile(purpose);
        let camera = Arc::new(Mutex::new(CameraThread::start(CameraSettings::default(), move || source())));
        let ended = Arc::new(AtomicBool::new(false));
        let watched = Watched {
            ask,
            camera: Arc::clone(&camera),
            profile: profile.clone(),
            portrait: !matches!(purpose, CameraPurpose::Document { .. }),
            ended: Arc::clone(&ended),
        };
        self.running = Some(Running { ask, camera, profile, ended });
        let (signals, frames) = (self.signals.clone(), Arc::clone(&self.frames));
        self.spawn("live-picture", move || {
            watched.run(|event| signals.send(Signal::Answer(Input::Answer { ask, event })).is_ok(), frames.as_ref());
            frames.show(None);
        });
    }

    fn profile(&self, purpose: &CameraPurpose) -> Option<PhotoProfile> {
        let CameraPurpose::Portrait { profile } = purpose else { return None };
        let profile = self.catalogue.photo_profile(profile)?;
        Some(PhotoProfile {
            width_px: profile.width,
            height_px: profile.height,
            width_mm: profile.width_mm10 as f32 / 10.0,
            height_mm: profile.height_mm10 as f32 / 10.0,
            max_bytes: profile.max_kb as usize * 1000,
            white_background: profile.white,
        })
    }

    /// Keeps a drawn picture (a signature) as JPEG; `None` when it cannot be encoded.
    pub fn keep_drawing(&mut self, picture: &Picture) -> Option<domain::answers::AttachmentId> {
        let jpeg =
            quality::cut(picture, &whole(picture)).inspect_err(|error| tracing::warn!(%error, "a drawing")).ok()?;
        Some(self.album.keep(jpeg, "image/jpeg"))
    }

    pub(super) fn stop_camera(&mut self) {
        self.running = None;
    }

    /// Takes the newest picture: cut to the profile for a portrait, whole for a page.
    pub(super) fn take_shot(&mut self, ask: Ask) {
        let Some(running) = self.running.as_ref().filter(|running| running.ask == ask) else { return };
        let Some(picture) = running.newest() else {
            self.answer(ask, Event::CameraStalled);
            return;
        };
        let profile = running.profile.clone();
        let signals = self.signals.clone();
        self.spawn("shot", move || {
            let wanted = profile.clone().unwrap_or_else(|| whole(&picture));
            let signal = match quality::cut(&picture, &wanted) {
                Ok(jpeg) => {
                    let hints = profile.map(|profile| hints_of(&picture, &profile)).unwrap_or_default();
                    Signal::Shot(Box::new(ShotSignal { ask, jpeg: Sensitive::new(jpeg), hints }))
                }
                Err(error) => {
                    tracing::warn!(%error, "a picture could not be cut");
                    Signal::Answer(Input::Answer { ask, event: Event::CameraStalled })
                }
            };
            let _ = signals.send(signal);
        });
    }
}

/// A profile that keeps the whole picture.
pub(super) fn whole(picture: &Picture) -> PhotoProfile {
    PhotoProfile {
        width_px: picture.width(),
        height_px: picture.height(),
        width_mm: 0.0,
        height_mm: 0.0,
        max_bytes: PAGE_BYTES,
        white_background: false,
    }
}

fn hints_of(picture: &Picture, profile: &PhotoProfile) -> Vec<Hint> {
    let mut hints: Vec<Hint> =
        quality::hints(picture, profile, &QualityLimits::default()).into_iter().map(hint).collect();
    hints.dedup();
    hints
}

fn hint(hint: PhotoHint) -> Hint {
    match hint {
        PhotoHint::TooDark => Hint::Dark,
        PhotoHint::OverExposed => Hint::Bright,
        PhotoHint::Blurred => Hint::Still,
        PhotoHint::LowResolution => Hint::Closer,
        PhotoHint::BackgroundNotWhite => Hint::Background,
    }
}

struct Watched {
    ask: Ask,
    camera: Arc<Mutex<CameraThread>>,
    profile: Option<PhotoProfile>,
    portrait: bool,
    ended: Arc<AtomicBool>,
}

impl Watched {
    fn run(&self, tell: impl Fn(Event) -> bool, frames: &dyn FrameSink) {
        tracing::debug!(ask = self.ask.0, "camera on");
        let mut hints_at = Instant::now();
        while !self.ended.load(Ordering::SeqCst) {
            while let Some(event) = self.camera().try_event() {
                let event = match event {
                    CameraEvent::Live => Event::CameraReady,
                    CameraEvent::Stalled | CameraEvent::Gone(_) => {
                        frames.show(None);
                        Event::CameraStalled
                    }
                };
                if !tell(event) {
                    return;
                }
            }
            let picture = self.camera().take_new();
            if let Some(picture) = picture {
                frames.show(Some(album::shrink(&picture, LIVE)));
                if hints_at.elapsed() >= HINTS_EVERY {
                    hints_at = Instant::now();
                    if !tell(Event::CameraHints(self.hints(&picture))) {
                        return;
                    }
                }
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn camera(&self) -> MutexGuard<'_, CameraThread> {
        self.camera.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hints(&self, picture: &Picture) -> Vec<Hint> {
        match &self.profile {
            Some(profile) => hints_of(picture, profile),
            None if self.portrait => Vec::new(),
            None => hints_of(picture, &whole(picture)),
        }
    }
}
