//! The handle that steers all simulated devices: cloneable, usable from any thread, effective at the device's next call.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::port::card::CardData;

/// How the simulated camera behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CameraMode {
    /// Gives frames.
    #[default]
    Ok,
    /// Open, and silent.
    Stalled,
    /// Not there.
    Unplugged,
    /// Gives broken JPEGs.
    Corrupt,
}

/// What stands before the simulated camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Subject {
    /// Head and shoulders.
    #[default]
    Portrait,
    /// A sheet of paper.
    Document,
    /// The empty room.
    Nobody,
}

/// The wall behind the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Backdrop {
    /// White, as the photo rules ask.
    #[default]
    White,
    /// Blue: the photo hint must notice.
    Blue,
}

/// How the simulated printer behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PrinterMode {
    /// Prints.
    #[default]
    Ready,
    /// No paper.
    PaperOut,
    /// Paper stuck.
    Jam,
    /// Cover open.
    CoverOpen,
    /// Queue paused by a person.
    Paused,
    /// Switched off.
    Off,
}

/// What the simulated face matcher answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum FaceMode {
    /// The same person.
    #[default]
    Pass,
    /// Another person.
    Fail,
    /// No face in the picture.
    NoFace,
    /// No answer.
    Unavailable,
}

#[derive(Debug, Clone, Default)]
pub(super) enum CardSlot {
    #[default]
    Empty,
    Card(Box<CardData>),
    Unreadable,
}

#[derive(Debug, Default)]
pub(super) struct SimState {
    pub card: CardSlot,
    /// Counts every change of the slot, so that a quick out-and-in is a new card.
    pub card_laid: u64,
    pub camera: CameraMode,
    pub subject: Subject,
    pub backdrop: Backdrop,
    pub printer: PrinterMode,
    pub print_time: Duration,
    pub face: FaceMode,
}

/// The handle. Clones steer the same devices.
#[derive(Debug, Clone, Default)]
pub struct SimControl {
    shared: Arc<(Mutex<SimState>, Condvar)>,
}

impl SimControl {
    /// No card, camera and printer working, a person before the camera, the face matcher passing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lays a card on the reader.
    pub fn insert_card(&self, card: CardData) {
        self.change(|s| {
            s.card = CardSlot::Card(Box::new(card));
            s.card_laid += 1;
        });
    }

    /// Lifts whatever lies on the reader.
    pub fn remove_card(&self) {
        self.change(|s| s.card = CardSlot::Empty);
    }

    /// Lays a card that cannot be read on the reader.
    pub fn card_unreadable(&self) {
        self.change(|s| {
            s.card = CardSlot::Unreadable;
            s.card_laid += 1;
        });
    }

    /// Sets the camera's behaviour and what it sees.
    pub fn camera(&self, mode: CameraMode, subject: Subject) {
        self.change(|s| {
            s.camera = mode;
            s.subject = subject;
        });
    }

    /// Sets the camera's behaviour only.
    pub fn camera_mode(&self, mode: CameraMode) {
        self.change(|s| s.camera = mode);
    }

    /// Sets what the camera sees only.
    pub fn subject(&self, subject: Subject) {
        self.change(|s| s.subject = subject);
    }

    /// Sets the wall behind the person.
    pub fn backdrop(&self, backdrop: Backdrop) {
        self.change(|s| s.backdrop = backdrop);
    }

    /// Sets the printer's behaviour.
    pub fn printer(&self, mode: PrinterMode) {
        self.change(|s| s.printer = mode);
    }

    /// Sets how long a job prints (zero at first).
    pub fn print_time(&self, time: Duration) {
        self.change(|s| s.print_time = time);
    }

    /// Sets the face matcher's answer.
    pub fn face(&self, mode: FaceMode) {
        self.change(|s| s.face = mode);
    }

    fn change(&self, change: impl FnOnce(&mut SimState)) {
        change(&mut self.state());
        self.shared.1.notify_all();
    }

    pub(super) fn state(&self) -> MutexGuard<'_, SimState> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits while `busy` holds, at most until `deadline`; true when it no longer holds.
    pub(super) fn wait_while(&self, deadline: Instant, busy: impl Fn(&SimState) -> bool) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        let (state, _) =
            self.shared.1.wait_timeout_while(self.state(), left, |s| busy(s)).unwrap_or_else(PoisonError::into_inner);
        !busy(&state)
    }
}
