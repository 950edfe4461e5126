//! The kiosk's loop: signals come in one by one, the visit decides, effects go out, a whole scene is drawn.
//! Invariants: this thread alone owns the visit; a panic in a turn ends the visit (wipe, attract screen), never the process
//! (direction 7); nothing slow runs here. Not here: what a touch means on a screen (`touches`), how effects are carried out.

use crate::dock::Dock;
use crate::effects::Hands;
use crate::scene::{Machine, OpenAddress, Scene};
use crate::signal::{ShotSignal, Signal};
use crate::strokes::Strokes;
use crate::typing::Keyboard;
use crate::uplink;
use domain::sensitive::Sensitive;
use jiff::Timestamp;
use jiff::tz::Offset;
use std::panic::AssertUnwindSafe;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;
use visit::{Effect, Event, Input, Outcome, Press, Shot, Visit};

/// Longest sleep: the clock on the screen and expiring drafts want a look now and then.
const AT_MOST: Duration = Duration::from_secs(1);

/// Draws scenes.
pub trait Screen: Send {
    /// Draws one scene; returns at once.
    fn draw(&self, scene: Scene);
}

/// Makes a fresh visit machine: at start, and after a panic.
pub type MakeVisit = Box<dyn Fn() -> Visit + Send>;

/// The loop and all it owns.
pub struct Turn {
    pub(crate) visit: Visit,
    make_visit: MakeVisit,
    pub(crate) keyboard: Keyboard,
    pub(crate) hands: Hands,
    pub(crate) machine: Machine,
    pub(crate) strokes: Strokes,
    pub(crate) address: Option<OpenAddress>,
    pub(crate) dock: Option<Dock>,
    pub(crate) countdown: Option<Countdown>,
    pub(crate) countdown_seconds: u32,
    screen: Box<dyn Screen>,
    offset: Offset,
    /// The page for which the first field was focused already.
    pub(crate) focused_page: Option<String>,
}

/// A portrait is taken when the countdown ends.
pub(crate) struct Countdown {
    pub(crate) at: Timestamp,
}

/// What the loop is made of.
pub struct TurnParts {
    /// Makes visits.
    pub make_visit: MakeVisit,
    /// Carries out effects.
    pub hands: Hands,
    /// The machine as the screen says it.
    pub machine: Machine,
    /// Keyboard.
    pub keyboard: Keyboard,
    /// The dev dock, in a demo with simulated devices.
    pub dock: Option<Dock>,
    /// Draws.
    pub screen: Box<dyn Screen>,
    /// Local time.
    pub offset: Offset,
    /// Seconds before a portrait is taken.
    pub countdown_seconds: u32,
}

impl Turn {
    /// Takes everything over; nothing runs yet.
    pub fn new(parts: TurnParts) -> Self {
        let TurnParts { make_visit, hands, machine, keyboard, dock, screen, offset, countdown_seconds } = parts;
        Self {
            visit: make_visit(),
            make_visit,
            keyboard,
            hands,
            machine,
            strokes: Strokes::default(),
            address: None,
            dock,
            countdown: None,
            countdown_seconds,
            screen,
            offset,
            focused_page: None,
        }
    }

    /// Runs until `Signal::Stop` or until nobody can send any more.
    pub fn run(mut self, signals: &Receiver<Signal>) {
        self.guarded(|turn| turn.input(Input::Tick));
        self.draw();
        let mut swept = std::time::Instant::now();
        loop {
            let signal = match signals.recv_timeout(self.sleep()) {
                Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(signal) => Some(signal),
                Err(RecvTimeoutError::Timeout) => None,
            };
            self.guarded(|turn| match signal {
                Some(signal) => turn.take(signal),
                None => turn.tick(),
            });
            if swept.elapsed() > Duration::from_secs(60) {
                swept = std::time::Instant::now();
                self.hands.expire_drafts();
            }
            self.draw();
        }
    }

    fn sleep(&self) -> Duration {
        let now = ambient::now();
        let countdown = self.countdown.as_ref().map(|countdown| countdown.at);
        let next = self.visit.deadline().into_iter().chain(countdown).min();
        let wait = next.map_or(AT_MOST, |at| at.duration_since(now).unsigned_abs_or_zero());
        wait.clamp(Duration::from_millis(5), AT_MOST)
    }

    /// Runs one turn; a panic ends the visit and starts a fresh one.
    fn guarded(&mut self, turn: impl FnOnce(&mut Self)) {
        let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| turn(self)));
        if outcome.is_err() {
            tracing::error!("a turn panicked: the visit ends, the kiosk goes on");
            self.visit = (self.make_visit)();
            self.hands.carry_out(Effect::Wipe);
            self.forget();
        }
    }

    fn tick(&mut self) {
        let due = self.countdown.as_ref().is_some_and(|countdown| ambient::now() >= countdown.at);
        if due {
            self.countdown = None;
            self.press(Press::TakeShot);
        } else {
            self.input(Input::Tick);
        }
    }

    pub(crate) fn take(&mut self, signal: Signal) {
        match signal {
            Signal::Touch(touch) => self.touch(touch),
            Signal::Answer(input) => self.input(input),
            Signal::Shot(shot) => self.shot(*shot),
            Signal::Certificate(certificate) => {
                let (number, pdf) = (certificate.number, certificate.pdf);
                self.hands.keep_certificate(number.clone(), pdf.into_inner());
                let event = Event::Outcome(Outcome::Issued { number });
                self.input(Input::Answer { ask: certificate.ask, event });
            }
            Signal::CardFace(face) => self.hands.card_face(*face),
            Signal::Compared(compared) => self.hands.compared(*compared),
            Signal::Pictures(pictures) => {
                for picture in pictures {
                    self.hands.album.keep(picture.into_inner(), "image/jpeg");
                }
            }
            Signal::Uplink(event) => self.uplink(event),
            Signal::Stop => {}
        }
    }

    fn shot(&mut self, shot: ShotSignal) {
        let id = self.hands.album.keep(shot.jpeg.into_inner(), "image/jpeg");
        let event = Event::ShotTaken(Shot { id, hints: shot.hints });
        self.input(Input::Answer { ask: shot.ask, event });
    }

    fn uplink(&mut self, event: uplink::Event) {
        match event {
            uplink::Event::Delivered { id, .. } => self.input(Input::Delivered(id)),
            uplink::Event::Online => self.machine.online = Some(true),
            uplink::Event::Offline => self.machine.online = Some(false),
            uplink::Event::Suspended => self.paused(true),
            uplink::Event::Admitted => self.paused(false),
            uplink::Event::Alarm { id, alarm } => tracing::error!(%id, ?alarm, "the outbox raises an alarm"),
            uplink::Event::Filled(load) => tracing::info!(?load, "outbox"),
            uplink::Event::Moved { id, state } => tracing::debug!(%id, ?state, "outbox"),
        }
    }

    /// The office does not accept this kiosk, or does again: a visit under way may end, none begins.
    fn paused(&mut self, paused: bool) {
        self.machine.paused = paused;
        self.hands.pause(paused);
    }

    /// A press of the person.
    pub(crate) fn press(&mut self, press: Press) {
        self.input(Input::Press(press));
    }

    /// One input into the visit, and what follows from it.
    pub(crate) fn input(&mut self, input: Input) {
        if matches!(input, Input::Answer { event: Event::AlreadySubmitted { .. }, .. }) {
            self.hands.told_of_submission();
        }
        for effect in self.visit.handle(input, ambient::now()) {
            if effect == Effect::Wipe {
                if matches!(
                    self.visit.view().screen,
                    visit::Screen::Ended { why: visit::EndedWhy::ByPerson | visit::EndedWhy::ToCounter, .. }
                ) {
                    self.hands.ended_by_person();
                }
                self.forget();
            }
            self.hands.carry_out(effect);
        }
        self.settle_focus();
    }

    /// Forgets what the loop itself keeps of a person.
    fn forget(&mut self) {
        self.keyboard.hide();
        self.strokes.clear();
        self.address = None;
        self.countdown = None;
        self.focused_page = None;
    }

    /// How the machine stands, for the screens: a full outbox closes it before anyone begins.
    pub(crate) fn weigh(&mut self) {
        let before = self.machine.closed();
        let load = self.hands.gauge.load();
        self.machine.full = load.is_some_and(|load| load.full);
        self.machine.overdue = load.is_some_and(|load| load.too_old);
        if before.is_none()
            && self.machine.closed().is_some()
            && matches!(self.visit.view().screen, visit::Screen::Home(_))
        {
            // The box that was being typed into is gone.
            self.keyboard.hide();
        }
    }

    fn draw(&mut self) {
        self.weigh();
        let now = ambient::now();
        let countdown = self.countdown.as_ref().map(|countdown| {
            let left = countdown.at.duration_since(now).as_secs_f64().ceil().max(1.0);
            left as u32
        });
        let scene = Scene {
            view: self.visit.view(),
            typing: self.keyboard.scene(),
            machine: self.machine.clone(),
            now: self.offset.to_datetime(now),
            pictures: self.hands.album.small(),
            address: self.address.clone(),
            strokes: Sensitive::new(self.strokes.commands()),
            countdown,
            dock: self.dock.as_ref().map(Dock::toggles),
        };
        self.screen.draw(scene);
    }
}

/// A signed duration as a waiting time: what is past is zero.
trait UnsignedOrZero {
    fn unsigned_abs_or_zero(self) -> Duration;
}

impl UnsignedOrZero for jiff::SignedDuration {
    fn unsigned_abs_or_zero(self) -> Duration {
        Duration::try_from(self).unwrap_or(Duration::ZERO)
    }
}
