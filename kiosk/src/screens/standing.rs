//! How the machine stands, as every header says it: one answer for the lintel and for the attract screen.
//! Invariant: the header never says better of the machine than the page under it; a page that says the machine takes nothing in
//! is right even where the machine itself has not noticed yet. Not here: how it is noticed (`turn`).

use crate::scene::{Closed, Scene};
use visit::{ProblemKind, Screen, StoreFault};

/// The worst comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Paused,
    Full,
    Offline,
    Limited,
    Connecting,
    Well,
}

impl Standing {
    pub(crate) fn of(scene: &Scene) -> Self {
        let machine = &scene.machine;
        let said = by_the_page(&scene.view.screen);
        let closed = machine.closed();
        if closed == Some(Closed::Paused) || said == Some(Self::Paused) {
            Self::Paused
        } else if closed == Some(Closed::Full) || said == Some(Self::Full) {
            Self::Full
        } else if machine.online == Some(false) {
            Self::Offline
        } else if closed.is_some() || said.is_some() {
            Self::Limited
        } else if machine.online.is_none() {
            Self::Connecting
        } else {
            Self::Well
        }
    }

    /// The words in the lintel.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Paused => "frame.state-paused",
            Self::Full => "frame.state-full",
            Self::Offline => "frame.state-offline",
            Self::Limited => "frame.state-limited",
            Self::Connecting => "frame.state-connecting",
            Self::Well => "frame.state-ok",
        }
    }
}

/// What the page says of the machine, if anything.
fn by_the_page(screen: &Screen) -> Option<Standing> {
    let Screen::Problem(problem) = screen else { return None };
    match &problem.kind {
        ProblemKind::CannotAccept(StoreFault::Paused) => Some(Standing::Paused),
        ProblemKind::CannotAccept(StoreFault::DiskFull) => Some(Standing::Full),
        ProblemKind::CannotAccept(StoreFault::NoKey | StoreFault::Other) | ProblemKind::ProgressUnavailable => {
            Some(Standing::Limited)
        }
        ProblemKind::CardExpired { .. }
        | ProblemKind::CardUnreadable
        | ProblemKind::CardNumber(_)
        | ProblemKind::ReaderDown
        | ProblemKind::FaceUnavailable
        | ProblemKind::FaceDifferent { .. }
        | ProblemKind::NoFace
        | ProblemKind::CameraStalled
        | ProblemKind::CardNeeded
        | ProblemKind::ConsentDeclined
        | ProblemKind::CodeNotFound { .. }
        | ProblemKind::AskAtWindow
        | ProblemKind::AlreadySubmitted { .. } => None,
    }
}
