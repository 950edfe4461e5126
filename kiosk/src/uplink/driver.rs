//! The thread that drives the outbox: carries out its effects, brings back what happened, and tells whether the office is there.
//! Invariants: effects of one item are carried out in order; an event `Delivered` leaves only when the receipt is durable here.
//! Not here: what to do when (`outbox`).

use super::office::Office;
use super::requests::{Done, Task, carry_out};
use crate::store::{Store, StoreError};
use domain::ids::SubmissionId;
use outbox::{Alarm, Budget, Effect, Entry, Input, Load, Moment, Outbox, Pace, State};
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use wire::enrolment::{Fill, Holding, Protection};
use wire::receipt::Receipt;
use wire::signature::Signed;

/// How often the office is asked whether it is there, while it is and while it is not.
const PROBE_ONLINE: Duration = Duration::from_secs(20);
const PROBE_OFFLINE: Duration = Duration::from_secs(3);
/// The same, after a long time without it: between half of this and this.
const PROBE_GONE: Duration = Duration::from_secs(120);

/// How often the disk is asked what is free.
const MEASURE: Duration = Duration::from_secs(60);

/// What the kiosk should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The office has it (已送达); the receipt is durable here.
    Delivered {
        /// Which submission.
        id: SubmissionId,
        /// What the office stated.
        receipt: Receipt,
    },
    /// A transition is durable: for status lines, and for watching from outside.
    Moved {
        /// Which submission.
        id: SubmissionId,
        /// Its durable state.
        state: State,
    },
    /// For those who run the kiosk.
    Alarm {
        /// Which submission.
        id: SubmissionId,
        /// What.
        alarm: Alarm,
    },
    /// The outbox has become nearly full, full or too old, or is so no longer: for those who run the kiosk.
    Filled(Load),
    /// The office does not answer.
    Offline,
    /// The office answers.
    Online,
    /// The office does not accept this kiosk: nothing is sent, everything is kept, no new visit begins.
    Suspended,
    /// The office accepts it again.
    Admitted,
}

enum Message {
    Sealed(Entry),
    Done(Done),
    Resend(SubmissionId),
    Stop,
}

/// Reads how full the outbox is, from any thread.
#[derive(Clone, Debug, Default)]
pub struct Gauge(Arc<Mutex<Option<Load>>>);

impl Gauge {
    /// `None` in the first moment after the start.
    pub fn load(&self) -> Option<Load> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows this from now on.
    pub(crate) fn show(&self, load: Load) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(load);
    }
}

/// The running uplink. Dropping it ends its threads; what was under way is sent again at the next start.
pub struct Uplink {
    messages: Sender<Message>,
    thread: Option<JoinHandle<()>>,
    gauge: Gauge,
}

impl Uplink {
    /// Starts sending what the store holds, and whatever is sealed from now on.
    ///
    /// # Errors
    /// The store's, when the items cannot be read; a thread that cannot be started.
    pub fn start(store: &Arc<Store>, office: &Office, pace: Pace) -> Result<(Self, Receiver<Event>), StoreError> {
        let (messages, inbox) = channel();
        let (events, told) = channel();
        // First listen, then read: an item sealed in between comes twice and is taken once.
        let sealed = messages.clone();
        store.on_sealed(move |entry| {
            // After the uplink's end the item waits for the next start.
            let _ = sealed.send(Message::Sealed(entry));
        });
        let entries = store.waiting()?.into_iter().map(|item| item.entry).collect();
        let gauge = Gauge::default();
        let tasks = workers(pace.in_flight + 1, office, store, &messages)?;
        let driver = Driver {
            outbox: Outbox::new(office.receipt_key(), pace),
            store: Arc::clone(store),
            tasks,
            events,
            keys: office.keys_kept(),
            started: Instant::now(),
            online: None,
            admitted: true,
            gone_since: None,
            probe_at: Duration::ZERO,
            probing: false,
            gauge: gauge.clone(),
            budget: pace.budget,
            measure_at: Duration::ZERO,
        };
        let thread = std::thread::Builder::new()
            .name("uplink".to_owned())
            .spawn(move || driver.run(entries, &inbox))
            .map_err(StoreError::from)?;
        Ok((Self { messages, thread: Some(thread), gauge }, told))
    }

    /// Sends a quarantined item again, at an operator's wish.
    pub fn resend(&self, id: SubmissionId) {
        // The thread ends only with `self`.
        let _ = self.messages.send(Message::Resend(id));
    }

    /// How full the outbox is; `None` in the first moment after the start.
    pub fn load(&self) -> Option<Load> {
        self.gauge.load()
    }

    /// The same for others to read.
    pub fn gauge(&self) -> Gauge {
        self.gauge.clone()
    }
}

impl Drop for Uplink {
    fn drop(&mut self) {
        let _ = self.messages.send(Message::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn workers(
    count: usize,
    office: &Office,
    store: &Arc<Store>,
    messages: &Sender<Message>,
) -> Result<Sender<Task>, StoreError> {
    let (tasks, waiting) = channel::<Task>();
    let waiting = Arc::new(Mutex::new(waiting));
    for number in 0..count {
        let (waiting, messages) = (Arc::clone(&waiting), messages.clone());
        let (office, store) = (office.clone(), Arc::clone(store));
        std::thread::Builder::new()
            .name(format!("uplink-{number}"))
            .spawn(move || {
                loop {
                    let task = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok(task) = task else { return };
                    if messages.send(Message::Done(carry_out(task, &office, &store))).is_err() {
                        return;
                    }
                }
            })
            .map_err(StoreError::from)?;
    }
    Ok(tasks)
}

/// The longer the office is gone, the less often it is asked, each kiosk at moments of its own: thousands that lost it together
/// must not come back in the same second.
fn offline_pause(gone: Duration, entropy: [u8; 4]) -> Duration {
    let bound = (gone / 10).clamp(PROBE_OFFLINE, PROBE_GONE);
    let share = f64::from(u32::from_le_bytes(entropy)) / f64::from(u32::MAX);
    bound / 2 + (bound / 2).mul_f64(share)
}

struct Driver {
    outbox: Outbox,
    store: Arc<Store>,
    tasks: Sender<Task>,
    events: Sender<Event>,
    keys: Protection,
    started: Instant,
    online: Option<bool>,
    admitted: bool,
    gone_since: Option<Duration>,
    probe_at: Duration,
    probing: bool,
    gauge: Gauge,
    budget: Budget,
    measure_at: Duration,
}

impl Driver {
    fn run(mut self, entries: Vec<Entry>, inbox: &Receiver<Message>) {
        self.handle(Input::Restarted(entries));
        loop {
            self.handle(Input::Tick);
            self.probe();
            self.measure();
            let now = self.now();
            self.weigh(now);
            let due = self.outbox.next_due().map_or(self.probe_at, |due| due.min(self.probe_at));
            // Every minute at the latest, so that age alarms come. A due item that finds no free place waits for an answer.
            let wait = due.saturating_sub(now.since_start).clamp(Duration::from_millis(20), Duration::from_secs(60));
            match inbox.recv_timeout(wait) {
                Ok(Message::Sealed(entry)) => self.handle(Input::Sealed(entry)),
                Ok(Message::Done(done)) => self.done(done),
                Ok(Message::Resend(id)) => self.handle(Input::OperatorResend { id }),
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// Asks the disk now and then: others may fill it or clear it.
    fn measure(&mut self) {
        let now = self.now();
        if now.since_start < self.measure_at {
            return;
        }
        self.measure_at = now.since_start + MEASURE;
        match self.store.spool().free() {
            Ok(free) => {
                let limit = self.budget.limit(free, self.outbox.load(now).bytes);
                self.handle(Input::Limit(limit));
            }
            Err(error) => tracing::warn!(%error, "the disk does not say what is free; the limit stays as it was"),
        }
    }

    /// Shows how full the outbox is, and tells when that has become worth telling.
    fn weigh(&self, now: Moment) {
        let load = self.outbox.load(now);
        let worth = |load: &Load| (load.nearly_full, load.full, load.too_old);
        let before = self.gauge.load().as_ref().map_or((false, false, false), worth);
        self.gauge.show(load);
        if before == worth(&load) {
            return;
        }
        let Load { items, bytes, limit, nearly_full, full, too_old } = load;
        if full || too_old {
            tracing::error!(items, bytes, limit, full, too_old, "the outbox takes no new visit");
        } else if nearly_full {
            tracing::warn!(items, bytes, limit, "the outbox is nearly full");
        } else {
            tracing::info!(items, bytes, limit, "the outbox has room again");
        }
        self.tell(Event::Filled(load));
    }

    fn now(&self) -> Moment {
        Moment { since_start: self.started.elapsed(), wall: ambient::now() }
    }

    fn holding(&self) -> Holding {
        let Load { items, bytes, limit, .. } = self.outbox.load(self.now());
        // Before the disk was asked there is no limit to tell.
        let outbox = (limit != u64::MAX).then(|| Fill { bytes, limit, oldest: self.outbox.oldest() });
        Holding { waiting: u32::try_from(items).unwrap_or(u32::MAX), keys: Some(self.keys), outbox }
    }

    fn tell(&self, event: Event) {
        // Nobody listens: the store knows it all the same.
        let _ = self.events.send(event);
    }

    fn probe(&mut self) {
        let now = self.started.elapsed();
        if !self.probing && now >= self.probe_at {
            self.probing = self.tasks.send(Task::Probe { holding: self.holding() }).is_ok();
        }
        if self.probing {
            self.probe_at = now + PROBE_ONLINE;
        }
    }

    fn done(&mut self, done: Done) {
        let came_up = done.reached.is_some_and(|reached| self.reached(reached));
        match done.input {
            Some(input) => self.handle(input),
            None => self.probing = false,
        }
        if let Some(admitted) = done.admitted {
            self.handle(if admitted { Input::Admitted } else { Input::Suspended });
            if self.admitted != admitted {
                self.admitted = admitted;
                if admitted {
                    tracing::warn!("the office accepts this kiosk again");
                } else {
                    tracing::warn!("the office does not accept this kiosk: nothing is sent, everything is kept");
                }
                self.tell(if admitted { Event::Admitted } else { Event::Suspended });
            }
        }
        if came_up {
            self.handle(Input::LinkUp);
        }
    }

    /// The office answered, or did not; whether it has just come up.
    fn reached(&mut self, reached: bool) -> bool {
        let came_up = reached && self.online != Some(true);
        if self.online != Some(reached) {
            self.online = Some(reached);
            self.tell(if reached { Event::Online } else { Event::Offline });
        }
        let now = self.started.elapsed();
        let gone = if reached { None } else { Some(now - *self.gone_since.get_or_insert(now)) };
        if reached {
            self.gone_since = None;
        }
        self.probe_at = now + gone.map_or(PROBE_ONLINE, |gone| offline_pause(gone, ambient::random_bytes()));
        came_up
    }

    fn handle(&mut self, input: Input) {
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let now = self.now();
            let effects = self.outbox.handle(input, now, ambient::random_bytes());
            inputs.extend(effects.into_iter().filter_map(|effect| self.carry_out(effect)));
        }
    }

    fn carry_out(&self, effect: Effect) -> Option<Input> {
        match effect {
            Effect::Persist { id, state, receipt, problem } => Some(self.persist(id, state, receipt, problem)),
            Effect::Erase { id } => Some(self.erase(id)),
            Effect::AskMissing { id, attempt, blobs } => self.ask(Task::Ask { id, attempt, blobs }),
            Effect::UploadBlob { id, attempt, blob } => self.ask(Task::Upload { id, attempt, blob }),
            Effect::PutManifest { id, attempt, alone } => self.ask(Task::Put { id, attempt, alone }),
            Effect::Alarm { id, alarm } => {
                tracing::error!(%id, ?alarm, "outbox");
                self.tell(Event::Alarm { id, alarm });
                None
            }
        }
    }

    fn ask(&self, task: Task) -> Option<Input> {
        if self.tasks.send(task).is_err() {
            tracing::error!("the uplink's workers are gone");
        }
        None
    }

    fn persist(&self, id: SubmissionId, state: State, receipt: Option<Vec<u8>>, problem: Option<String>) -> Input {
        let receipt = receipt.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        match self.store.persist(id, state, receipt.clone(), problem) {
            Ok(()) => {
                tracing::debug!(%id, state = state.name(), "outbox");
                self.tell(Event::Moved { id, state });
                if let Some(receipt) = receipt.and_then(|text| stated(&text)) {
                    self.tell(Event::Delivered { id, receipt });
                }
                Input::Persisted { id, state }
            }
            Err(error) => {
                tracing::error!(%id, state = state.name(), %error, "a transition is not durable");
                Input::NotPersisted { id, state }
            }
        }
    }

    fn erase(&self, id: SubmissionId) -> Input {
        match self.store.erase(id, ambient::now()) {
            Ok(()) => {
                self.tell(Event::Moved { id, state: State::Tombstone });
                Input::Persisted { id, state: State::Tombstone }
            }
            Err(error) => {
                tracing::error!(%id, %error, "an item could not be erased");
                Input::NotPersisted { id, state: State::Tombstone }
            }
        }
    }
}

/// The body of a receipt that the outbox has checked already.
fn stated(text: &str) -> Option<Receipt> {
    let signed: Signed = serde_json::from_str(text).ok()?;
    serde_json::from_str(&signed.body).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_moment_it_is_asked_soon_and_after_a_day_spread_over_a_minute() {
        let (low, high) = ([0; 4], [255; 4]);
        let moment = Duration::from_secs(10);
        assert!(offline_pause(moment, low) >= Duration::from_secs(1) && offline_pause(moment, high) <= PROBE_OFFLINE);
        let day = Duration::from_secs(24 * 3600);
        assert_eq!(offline_pause(day, high) - offline_pause(day, low), Duration::from_secs(60));
    }
}
