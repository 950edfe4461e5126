//! A kiosk without a face: seals fictional submissions with the kiosk's own store and uplink, to be killed at any time.
//! Journal on stdout, one line each: `COLLECTING <id> <errand>`, `told <id>` (here a person would see 已收件),
//! `state <STATE> <id>`, `drained`. Invariant: `told` is written only after `seal` has returned, or after the store answers
//! for the id that it is here already. `--plant` breaks exactly that, to show that the check sees it.

use clap::{Parser, ValueEnum};
use domain::ids::SubmissionId;
use domain::sensitive::Sensitive;
use e2e::faults::person::{ID_NUMBER, configuration, payload};
use ed25519_dalek::SigningKey;
use kiosk::store::{Attachment, Sealing, Store};
use kiosk::uplink::{Event, Office, Uplink};
use outbox::{Pace, State};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// A kiosk without a face.
#[derive(Parser)]
struct Arguments {
    /// The kiosk's folder, made by `yimen-kiosk --enrol`.
    #[arg(long)]
    folder: PathBuf,
    /// Number of the first errand.
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// An errand whose person was not told before the crash: its number.
    #[arg(long, requires = "resume_id")]
    resume: Option<u64>,
    /// The submission id of that errand.
    #[arg(long)]
    resume_id: Option<uuid::Uuid>,
    /// Seal nothing new; end when everything has arrived.
    #[arg(long)]
    drain: bool,
    /// End after so many errands, sent or not.
    #[arg(long)]
    count: Option<u64>,
    /// End only when everything has arrived.
    #[arg(long, requires = "count")]
    then_drain: bool,
    /// Every sixth submission is signed by a stranger: the office refuses it for ever.
    #[arg(long)]
    bad: bool,
    /// Break a rule on purpose.
    #[arg(long, hide = true)]
    plant: Option<Plant>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Plant {
    /// Tell the person before the submission is durable.
    TellEarly,
    /// Erase some submissions without the office's receipt.
    EraseEarly,
}

fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    let (sealing, address) = configuration(&arguments.folder)?;
    let store = Arc::new(Store::open(&arguments.folder.join("data"))?);
    let pace = Pace {
        first: Duration::from_millis(30),
        longest: Duration::from_millis(400),
        patient: Duration::from_millis(400),
        ..Pace::default()
    };
    let (uplink, events) = Uplink::start(&store, &Office::new(&address)?, pace)?;
    let refused = Arc::new(AtomicUsize::new(quarantined(&store)?));
    let counter = Arc::clone(&refused);
    let journal = std::thread::spawn(move || journal_of(&events, &counter));
    if arguments.drain {
        return drain(&store, uplink, journal);
    }
    let person = Person { store: &store, sealing, plant: arguments.plant, bad: arguments.bad };
    if let (Some(errand), Some(id)) = (arguments.resume, arguments.resume_id) {
        let id = SubmissionId(id);
        // After a crash the screen looks the id up: "we already have it".
        if store.find(id)?.is_some() {
            write(&format!("told {id}"))?;
        } else {
            person.submit(id, errand)?;
        }
    }
    let end = arguments.count.map_or(u64::MAX, |count| arguments.first.saturating_add(count));
    for errand in arguments.first..end {
        while uplink.load().is_some_and(|load| load.items > 40 + refused.load(Ordering::Relaxed)) {
            std::thread::park_timeout(Duration::from_millis(20));
        }
        person.submit(SubmissionId(ambient::new_uuid()), errand)?;
    }
    if arguments.then_drain { drain(&store, uplink, journal) } else { Ok(()) }
}

/// Waits until the office has everything that it takes.
fn drain(store: &Store, uplink: Uplink, journal: std::thread::JoinHandle<()>) -> anyhow::Result<()> {
    let deadline = Instant::now() + Duration::from_secs(60);
    while store.waiting()?.len() > quarantined(store)? {
        anyhow::ensure!(Instant::now() < deadline, "items still wait");
        std::thread::park_timeout(Duration::from_millis(20));
    }
    drop(uplink);
    journal.join().map_err(|_| anyhow::anyhow!("the journal's thread"))?;
    write("drained")
}

fn quarantined(store: &Store) -> anyhow::Result<usize> {
    Ok(store.waiting()?.iter().filter(|item| item.entry.state == State::Quarantined).count())
}

/// Whoever stands before the kiosk.
struct Person<'a> {
    store: &'a Store,
    sealing: Sealing,
    plant: Option<Plant>,
    bad: bool,
}

impl Person<'_> {
    /// One errand: fill in, save the draft, seal, be told.
    fn submit(&self, id: SubmissionId, errand: u64) -> anyhow::Result<()> {
        write(&format!("COLLECTING {id} {errand}"))?;
        let (store, now) = (self.store, ambient::now());
        store.save_draft(&Sensitive::new(ID_NUMBER.to_owned()), id, format!("errand {errand}").as_bytes(), now)?;
        let bytes = ambient::random_bytes::<20_000>().to_vec();
        let picture = Attachment { bytes, media_type: "image/jpeg".to_owned() };
        let payload = payload(errand, &picture);
        if self.plant == Some(Plant::TellEarly) {
            write(&format!("told {id}"))?;
        }
        let stranger = Sealing { device_key: SigningKey::from_bytes(&ambient::random_bytes()), ..self.sealing.clone() };
        let by = if self.bad && errand.is_multiple_of(6) { &stranger } else { &self.sealing };
        store.seal(id, &payload, &[picture], by, now)?;
        if self.plant == Some(Plant::EraseEarly) && errand.is_multiple_of(5) {
            // The uplink works on the same item: what it writes in between must not save it.
            let mark = || store.persist(id, State::Acked, Some("planted".to_owned()), None);
            while mark().is_ok() && store.erase(id, now).is_err() {}
        }
        if self.plant != Some(Plant::TellEarly) {
            write(&format!("told {id}"))?;
        }
        Ok(())
    }
}

fn journal_of(events: &Receiver<Event>, refused: &AtomicUsize) {
    loop {
        match events.recv_timeout(Duration::from_secs(1)) {
            Ok(Event::Moved { id, state }) => {
                if state == State::Quarantined {
                    refused.fetch_add(1, Ordering::Relaxed);
                }
                if write(&format!("state {} {id}", state.name())).is_err() {
                    return;
                }
            }
            Ok(
                Event::Delivered { .. }
                | Event::Alarm { .. }
                | Event::Filled(_)
                | Event::Offline
                | Event::Online
                | Event::Suspended
                | Event::Admitted,
            )
            | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// One whole line at once, so that a kill never leaves half of one behind another.
fn write(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("{line}\n").as_bytes())?;
    out.flush()?;
    Ok(())
}
