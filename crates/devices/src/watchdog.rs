//! Runs any camera in a thread of its own and watches it. Invariants: only the newest picture is kept, never a queue; a camera
//! that gives no good picture for `stall_after` is reported, given up and reopened, even when its driver never returns; after a
//! stall the last picture is gone, so that a still is never shown as live; a broken frame is skipped.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::port::camera::{CameraError, FrameFormat, FrameSource};
use crate::port::picture::Picture;
use crate::port::status::{DeviceCode, DeviceStatus};

/// How a camera is run.
#[derive(Debug, Clone, Copy)]
pub struct CameraSettings {
    /// The size wished for; the offered mode nearest in pixels is taken.
    pub wanted: (u32, u32),
    /// No good picture for this long is a stall.
    pub stall_after: Duration,
    /// Pause before a camera is opened again.
    pub reopen_after: Duration,
}

impl Default for CameraSettings {
    fn default() -> Self {
        Self { wanted: (1280, 720), stall_after: Duration::from_secs(2), reopen_after: Duration::from_secs(1) }
    }
}

/// What happened to the camera.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CameraEvent {
    /// The first picture after an opening.
    Live,
    /// No good picture within the limit; it is being reopened.
    Stalled,
    /// It cannot be opened or was unplugged; tried again for ever. Told once until it lives again.
    Gone(String),
}

/// A running camera. Dropping it ends the stream; a driver that never returns is left behind, harmless, and ends when it returns.
#[derive(Debug)]
pub struct CameraThread {
    shared: Arc<Shared>,
    events: Receiver<CameraEvent>,
    supervisor: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    stopping: bool,
    /// Only the worker with this number may write.
    worker: u64,
    /// Workers that have not returned, the present one included.
    alive: usize,
    ended: Option<CameraError>,
    newest: Option<Arc<Picture>>,
    newest_at: Option<Instant>,
    count: u64,
    taken: u64,
    status: Option<DeviceStatus>,
}

type Open = Arc<dyn Fn() -> Box<dyn FrameSource> + Send + Sync>;

/// Given-up workers that may still hang in a driver before reopening waits for one of them.
const MAX_ALIVE: usize = 3;
/// How long one `next` may take before the worker looks whether it is still wanted.
const SLICE: Duration = Duration::from_millis(250);

impl CameraThread {
    /// Starts the thread. `open` makes a fresh source for every opening, in the thread that will use it.
    pub fn start<F>(settings: CameraSettings, open: F) -> Self
    where
        F: Fn() -> Box<dyn FrameSource> + Send + Sync + 'static,
    {
        let open: Open = Arc::new(open);
        let shared = Arc::new(Shared::default());
        let (sender, events) = channel();
        let supervisor = Supervisor { shared: Arc::clone(&shared), settings, events: sender, open };
        let supervisor = std::thread::Builder::new()
            .name("camera-watchdog".to_owned())
            .spawn(move || supervisor.run())
            .inspect_err(|error| tracing::error!(%error, "no thread for the camera"))
            .ok();
        Self { shared, events, supervisor }
    }

    /// The newest picture that was not taken yet.
    pub fn take_new(&self) -> Option<Arc<Picture>> {
        let mut state = self.shared.lock();
        if state.taken == state.count {
            return None;
        }
        state.taken = state.count;
        state.newest.clone()
    }

    /// The newest picture, taken or not; `None` while the camera gives none.
    pub fn newest(&self) -> Option<Arc<Picture>> {
        self.shared.lock().newest.clone()
    }

    /// The next event that waits, if any.
    pub fn try_event(&self) -> Option<CameraEvent> {
        self.events.try_recv().ok()
    }

    /// Waits for an event.
    pub fn wait_event(&self, timeout: Duration) -> Option<CameraEvent> {
        self.events.recv_timeout(timeout).ok()
    }

    /// How the camera is; `NeedsHelp(Stalled)` until the first picture is there.
    pub fn status(&self) -> DeviceStatus {
        self.shared.lock().status.unwrap_or(DeviceStatus::NeedsHelp(DeviceCode::Stalled))
    }
}

impl Drop for CameraThread {
    fn drop(&mut self) {
        self.shared.lock().stopping = true;
        self.shared.changed.notify_all();
        if let Some(supervisor) = self.supervisor.take() {
            // A panic of the supervisor has been reported by its own thread already.
            drop(supervisor.join());
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Supervisor {
    shared: Arc<Shared>,
    settings: CameraSettings,
    events: Sender<CameraEvent>,
    open: Open,
}

impl Supervisor {
    fn run(self) {
        let mut told_gone = false;
        while !self.shared.lock().stopping {
            if self.spawn() {
                let event = self.watch(&mut told_gone);
                self.give_up(event.as_ref());
                match event {
                    None => return,
                    Some(CameraEvent::Gone(_)) if told_gone => {}
                    Some(event) => {
                        told_gone = matches!(event, CameraEvent::Gone(_));
                        self.tell(event);
                    }
                }
            }
            self.pause();
        }
    }

    /// Starts a worker; false when too many old ones hang or no thread is to be had.
    fn spawn(&self) -> bool {
        let number = {
            let mut state = self.shared.lock();
            if state.alive >= MAX_ALIVE {
                return false;
            }
            state.alive += 1;
            state.worker += 1;
            state.ended = None;
            state.newest_at = None;
            state.worker
        };
        let worker = Worker { shared: Arc::clone(&self.shared), number, wanted: self.settings.wanted };
        let open = Arc::clone(&self.open);
        let spawned = std::thread::Builder::new().name("camera".to_owned()).spawn(move || worker.run(&open));
        if let Err(error) = &spawned {
            tracing::error!(%error, "no thread for the camera");
            self.shared.lock().alive -= 1;
        }
        spawned.is_ok()
    }

    /// Watches one opening until it ends; `None` when the camera is no longer wanted.
    fn watch(&self, told_gone: &mut bool) -> Option<CameraEvent> {
        let opened = Instant::now();
        let mut live = false;
        let mut state = self.shared.lock();
        loop {
            if state.stopping {
                return None;
            }
            if let (false, Some(_)) = (live, state.newest_at) {
                live = true;
                *told_gone = false;
                state.status = Some(DeviceStatus::Ready);
                self.tell(CameraEvent::Live);
            }
            if let Some(error) = state.ended.take() {
                return Some(match error {
                    CameraError::Timeout => CameraEvent::Stalled,
                    CameraError::Gone(_) | CameraError::Refused(_) | CameraError::NotStarted => {
                        CameraEvent::Gone(error.to_string())
                    }
                });
            }
            let deadline = state.newest_at.unwrap_or(opened) + self.settings.stall_after;
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Some(CameraEvent::Stalled);
            }
            state = self.shared.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Makes the present worker powerless and forgets its picture.
    fn give_up(&self, event: Option<&CameraEvent>) {
        let mut state = self.shared.lock();
        state.worker += 1;
        state.newest = None;
        state.taken = state.count;
        state.status = Some(match event {
            Some(CameraEvent::Gone(_)) => DeviceStatus::Offline,
            Some(CameraEvent::Stalled | CameraEvent::Live) | None => DeviceStatus::NeedsHelp(DeviceCode::Stalled),
        });
    }

    fn pause(&self) {
        let state = self.shared.lock();
        drop(self.shared.changed.wait_timeout_while(state, self.settings.reopen_after, |s| !s.stopping));
    }

    fn tell(&self, event: CameraEvent) {
        // Nobody listening means that the camera is being dropped.
        drop(self.events.send(event));
    }
}

struct Worker {
    shared: Arc<Shared>,
    number: u64,
    wanted: (u32, u32),
}

impl Worker {
    fn run(self, open: &Open) {
        let mut source = open();
        let error = self.stream(source.as_mut());
        source.stop();
        drop(source);
        let mut state = self.shared.lock();
        state.alive -= 1;
        if state.worker == self.number {
            state.ended = error;
        }
        drop(state);
        self.shared.changed.notify_all();
    }

    /// Streams until an error, or `None` when this worker is no longer wanted.
    fn stream(&self, source: &mut dyn FrameSource) -> Option<CameraError> {
        let formats = source.formats();
        let Some(format) = nearest(&formats, self.wanted) else {
            return Some(CameraError::Gone("no mode offered".to_owned()));
        };
        if let Err(error) = source.start(format) {
            return Some(error);
        }
        while self.wanted_still() {
            match source.next(SLICE) {
                Ok(frame) => match Picture::from_frame(&frame) {
                    Ok(picture) => self.show(picture),
                    Err(error) => tracing::debug!(%error, frame = ?frame, "frame skipped"),
                },
                Err(CameraError::Timeout) => {}
                Err(error @ (CameraError::Gone(_) | CameraError::Refused(_) | CameraError::NotStarted)) => {
                    return Some(error);
                }
            }
        }
        None
    }

    fn wanted_still(&self) -> bool {
        let state = self.shared.lock();
        !state.stopping && state.worker == self.number
    }

    fn show(&self, picture: Picture) {
        let mut state = self.shared.lock();
        if state.worker != self.number {
            return;
        }
        state.newest = Some(Arc::new(picture));
        state.newest_at = Some(Instant::now());
        state.count += 1;
        drop(state);
        self.shared.changed.notify_all();
    }
}

/// The offered mode whose size is nearest to the wish; between equals the first offered.
fn nearest(formats: &[FrameFormat], (width, height): (u32, u32)) -> Option<FrameFormat> {
    formats.iter().copied().min_by_key(|f| f.width.abs_diff(width) + f.height.abs_diff(height))
}
