//! One submission after another over a bad line: cut at every byte in both directions, half closed, delayed, trickled; idle
//! connections that hold the office's door; and a stand-in of the office that answers 429 and 503 in storms, repeats requests,
//! lets later ones overtake, and loses answers (`tests/faults/storm.py`).
//! Invariant: kiosk store and uplink are the real ones, the office is a real process; the verifier judges.

use super::bench::Bench;
use super::dice::Dice;
use super::journal::Journal;
use super::line::{Fault, Line, Way};
use super::person::{configuration, payload};
use super::process::Running;
use super::verdict::Verdict;
use anyhow::{Context as _, ensure};
use domain::ids::SubmissionId;
use kiosk::store::{Attachment, Sealing, Store};
use kiosk::uplink::{Event, Office, OfficeAddress, Uplink};
use outbox::{Pace, State};
use serde_json::{Value, json};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The stand-in.
const STORM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/faults/storm.py");
/// Longest time of one submission.
const PATIENCE: Duration = Duration::from_secs(60);
/// Connections that meet the fault: the probe's and the submission's own.
const CONNECTIONS: u32 = 2;
/// Offsets beyond this belong to no submission of this size: the office would never have answered.
const MOST: u64 = 200_000;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Cut at each so-many-th byte only, from 0.
    pub every: u64,
    /// Random rounds of the other faults.
    pub random: u64,
    /// Submissions through the storm.
    pub storm: u64,
    /// Repeats a run's choices.
    pub seed: u64,
    /// Where the programs lie.
    pub bin: PathBuf,
}

/// Sends and judges.
///
/// # Errors
/// A submission that does not arrive although the line is sound again.
pub fn run(wish: &Wish, work: &Path) -> anyhow::Result<(Value, bool)> {
    let started = Instant::now();
    let bench = Bench::prepare(wish.bin.clone(), work)?;
    let mut office = bench.open_office()?;
    let line = Line::to(bench.port)?;
    let mut kiosk = Sender::open(&bench)?;
    kiosk.through(line.port);
    let (up, down) = (kiosk.cut_each(&line, Way::Up, wish.every)?, kiosk.cut_each(&line, Way::Down, wish.every)?);
    let random = kiosk.random(&line, wish.random, &mut Dice::new(wish.seed))?;
    let idle = kiosk.beside_idle_connections(bench.port, &line)?;
    let storm = kiosk.storm(&bench, wish)?;
    let journal = kiosk.journal;
    drop(kiosk.store);
    office.kill()?;
    let verdict = Verdict::of(&bench, &journal)?;
    let figures = json!({
        "cuts_up": up,
        "cuts_down": down,
        "random": random,
        "idle_connections": idle,
        "storm": storm,
        "lost": verdict.count("lost"),
        "duplicated": verdict.count("duplicated"),
        "false_success": verdict.count("false_success"),
        "without_data": verdict.count("without_data"),
        "told": verdict.count("told"),
        "seed": wish.seed,
        "seconds": started.elapsed().as_secs(),
    });
    let sound = verdict.clean() && verdict.count("waiting") == 0 && up > 0 && down > 0;
    Ok((figures, sound && (wish.storm == 0 || storm["refused"].as_u64() > Some(0))))
}

struct Sender {
    store: Arc<Store>,
    sealing: Sealing,
    address: OfficeAddress,
    journal: Journal,
    errand: u64,
}

impl Sender {
    fn open(bench: &Bench) -> anyhow::Result<Self> {
        let folder = bench.kiosk_folder();
        let (sealing, address) = configuration(&folder)?;
        let store = Arc::new(Store::open(&folder.join("data"))?);
        Ok(Self { store, sealing, address, journal: Journal::default(), errand: 0 })
    }

    fn through(&mut self, port: u16) {
        self.address.url = format!("https://127.0.0.1:{port}");
    }

    /// Seals one submission with one picture of this size; then its person is told.
    fn seal(&mut self, bytes: usize) -> anyhow::Result<SubmissionId> {
        let id = SubmissionId(ambient::new_uuid());
        let (now, picture) = (ambient::now(), ambient::random_bytes::<64>().repeat(bytes / 64 + 1));
        let picture = Attachment { bytes: picture, media_type: "image/jpeg".to_owned() };
        self.store.seal(id, &payload(self.errand, &picture), &[picture], &self.sealing, now)?;
        self.errand += 1;
        self.journal.take(&format!("told {id}"));
        Ok(id)
    }

    /// Sends all that waits over connections of its own.
    fn send(&mut self) -> anyhow::Result<()> {
        let (least, most) = (Duration::from_millis(1), Duration::from_millis(20));
        let pace = Pace { first: least, longest: most, patient: most, ..Pace::default() };
        let (uplink, events) = Uplink::start(&self.store, &Office::new(&self.address)?, pace)?;
        let deadline = Instant::now() + PATIENCE;
        while !self.store.waiting()?.is_empty() {
            ensure!(Instant::now() < deadline, "a submission does not arrive although the line is sound");
            if let Ok(Event::Moved { id, state: State::Acked }) = events.recv_timeout(Duration::from_millis(2)) {
                self.journal.take(&format!("state ACKED {id}"));
            }
        }
        drop(uplink);
        for event in events.try_iter() {
            if let Event::Moved { id, state: State::Acked } = event {
                self.journal.take(&format!("state ACKED {id}"));
            }
        }
        Ok(())
    }

    /// Cuts at each byte until a submission ends before the cut.
    fn cut_each(&mut self, line: &Line, way: Way, every: u64) -> anyhow::Result<u64> {
        let (mut at, mut cuts) = (0, 0);
        loop {
            line.break_next(Fault::Cut(way, at), CONNECTIONS);
            self.seal(10)?;
            self.send().with_context(|| format!("cut after {at} bytes, {way:?}"))?;
            if line.broken() == 0 || at > MOST {
                return Ok(cuts);
            }
            cuts += 1;
            at += every.max(1);
            if cuts % 500 == 0 {
                eprintln!("{cuts} cuts {way:?}");
            }
        }
    }

    fn random(&mut self, line: &Line, rounds: u64, dice: &mut Dice) -> anyhow::Result<u64> {
        let mut met = 0;
        for round in 0..rounds {
            let way = if dice.one_in(2) { Way::Up } else { Way::Down };
            let fault = match dice.below(4) {
                0 => Fault::HalfClose(way, dice.below(6000)),
                1 => Fault::Delay(way, Duration::from_millis(dice.below(120))),
                2 => Fault::Trickle(way, dice.below(300) as usize + 1, Duration::from_millis(1)),
                _ => Fault::Cut(way, dice.below(30_000)),
            };
            line.break_next(fault, CONNECTIONS + dice.below(3) as u32);
            for _ in 0..=dice.below(4) {
                self.seal(dice.below(20_000) as usize)?;
            }
            self.send().with_context(|| format!("round {round}, {fault:?}"))?;
            met += u64::from(line.broken() > 0);
        }
        line.break_next(Fault::None, 0);
        Ok(met)
    }

    /// Connections that were opened and say nothing hold nobody up.
    fn beside_idle_connections(&mut self, office: u16, line: &Line) -> anyhow::Result<usize> {
        line.break_next(Fault::None, 0);
        let idle: Vec<TcpStream> = (0..100).map_while(|_| TcpStream::connect(("127.0.0.1", office)).ok()).collect();
        self.seal(1000)?;
        self.send().context("beside idle connections")?;
        Ok(idle.len())
    }

    fn storm(&mut self, bench: &Bench, wish: &Wish) -> anyhow::Result<Value> {
        if wish.storm == 0 {
            return Ok(Value::Null);
        }
        let mut command = Command::new("python3");
        command.arg(STORM).arg(bench.bureau.join("office/keys")).arg(bench.kiosk_folder().join("keys"));
        command.arg(bench.port.to_string()).arg(wish.seed.to_string()).stdout(Stdio::piped());
        let mut storm = Running::start("storm.py", &mut command, bench.bureau.join("storm.log"))?;
        let lines = storm.lines()?;
        let port: u16 = lines.recv_timeout(PATIENCE).context("the stand-in's port")?.parse()?;
        self.through(port);
        for _ in 0..wish.storm {
            self.seal(4000)?;
        }
        self.send().context("through the storm")?;
        storm.kill()?;
        let figures = lines.iter().last().context("the stand-in was not asked anything")?;
        serde_json::from_str(&figures).context("the stand-in's figures")
    }
}
