//! One submission and what a visit asks, recorded on every wire and as the edge reads it; then some that lie at the edge while the core
//! is dead; and every byte of recordings, of the edge's folder and of its log at the finest level read for the person.
//! Invariants: the reader is `tests/relay/read.py`, which knows nothing of the product; it must find every value where they stand
//! readable, else its finding nothing elsewhere would prove nothing.

use super::bench::{Relayed, until};
use super::recorder::{Names, Recorder};
use super::resident::{Kiosk, PLANTED};
use super::tap::Tap;
use crate::enrolment::Enrolment;
use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The reader of the repository.
const READER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/relay/read.py");
/// Longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(60);
/// How many lie at the edge at once.
const LYING: u64 = 4;
/// What a manifest may say.
const SERVICE: &str = "relay-trace";

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Where the programs lie.
    pub bin: PathBuf,
    /// Where the trace for people goes.
    pub trace: PathBuf,
    /// The kiosk writes the person's name into the manifest: the reader must see it.
    pub plant: bool,
}

/// Records and reads. Gives the figures and whether nothing was found.
///
/// # Errors
/// Something else than what is looked for.
pub fn run(wish: &Wish, work: &Path) -> anyhow::Result<(Value, bool)> {
    let relayed = Relayed::prepare(wish.bin.clone(), work)?;
    let wires = work.join("wires");
    std::fs::create_dir(&wires)?;
    let wire = |name: &str| wires.join(name);
    let on = Tap::to(relayed.bench.port, &wire("edge-core"))?;
    let file = relayed.edge.join("edge.toml");
    let text = std::fs::read_to_string(&file)?;
    let [core, tapped] = [relayed.bench.port, on.port].map(|port| format!("https://127.0.0.1:{port}"));
    ensure!(text.contains(&core), "edge.toml does not name the core");
    std::fs::write(&file, text.replace(&core, &tapped))?;

    let mut core = relayed.bench.open_office()?;
    let mut edge = relayed.open_edge("trace")?;
    let kiosk_folder = relayed.bench.kiosk_folder();
    let names = Names { edge: relayed.edge.clone(), kiosk: kiosk_folder.clone() };
    let recorder = Recorder::before(relayed.intake, &names, &wire("http-at-the-edge"), &wish.trace)?;
    let intake = Tap::to(recorder.port, &wire("kiosk-edge"))?;
    let passage = Tap::to(relayed.passage, &wire("kiosk-passage"))?;
    relayed.point(&kiosk_folder, intake.port, passage.port)?;
    let mut kiosk = Kiosk::open(&kiosk_folder)?;

    // One submission, all the way.
    let service = if wish.plant { PLANTED } else { SERVICE };
    let id = kiosk.seal(service)?;
    let sending = kiosk.send()?;
    until("the receipt is here", PATIENCE, || kiosk.empty())?;
    let answered = kiosk.questions(id);
    let one = recorder.requests();

    // An edge that stands in the core's place with its own certificate, which is of the same authority and for the same host.
    let liar = Recorder::before(relayed.passage, &names, &wire("http-at-a-liar"), &wire("trace-of-a-liar"))?;
    let believed = kiosk.believes(liar.port)?;
    let doors = Enrolment { kiosks: format!("https://127.0.0.1:{}", liar.port), ..relayed.bench.doors() };
    let enrolled = doors.enrol("faults-8", 8, &work.join("kiosk-8")).is_ok();
    // The true passage does enrol.
    relayed.doors().enrol("faults-9", 9, &work.join("kiosk-9")).context("enrolling through the passage")?;

    // The core is dead, and what is handed in lies at the edge.
    core.kill()?;
    for _ in 0..LYING {
        kiosk.seal(service)?;
    }
    until("all of it lies at the edge", PATIENCE, || Ok(relayed.waiting()? == LYING))?;
    let lying = Reading { relayed: &relayed, wires: &wires, kiosk: &kiosk }.read()?;
    let blobs = relayed.blobs()?;

    // It comes back, and the edge hands on.
    let mut core = relayed.bench.open_office()?;
    until("the edge is empty", PATIENCE, || Ok(relayed.waiting()? == 0 && relayed.blobs()? == 0))?;
    until("every receipt is here", PATIENCE, || kiosk.empty())?;
    drop(sending);
    edge.kill()?;
    core.kill()?;
    let after = Reading { relayed: &relayed, wires: &wires, kiosk: &kiosk }.read()?;

    let found: Vec<Value> = [&lying, &after].iter().flat_map(|told| list(told, "found")).collect();
    let keys: Vec<Value> = [&lying, &after].iter().flat_map(|told| list(told, "keys")).collect();
    for finding in found.iter().chain(&keys) {
        eprintln!("readable: {finding}");
    }
    let unseen = list(&lying, "unseen").len() + list(&after, "unseen").len();
    let figures = json!({
        "bytes": after["bytes"], "files": after["files"], "bytes_lying_at_the_edge": lying["bytes"]["edge"],
        "requests": recorder.requests(), "requests_of_one_submission": one, "questions_answered": answered,
        "values_searched": after["values_searched"], "forms": after["forms"],
        "secrets_searched": after["secrets_searched"],
        "blobs_lying_at_the_edge": blobs, "handed_on": relayed.handed_on()?,
        "liar_believed": believed || enrolled, "requests_a_liar_read": liar.requests(),
        "found": found.len(), "keys": keys.len(), "unseen_in_the_clear": unseen,
    });
    let unread = !believed && !enrolled && liar.requests() == 0;
    let sound = unread && unseen == 0 && blobs as u64 == LYING && relayed.handed_on()? == LYING + 1 && answered >= 3;
    Ok((figures, sound && found.is_empty() && keys.is_empty()))
}

fn list(told: &Value, name: &str) -> Vec<Value> {
    told[name].as_array().cloned().unwrap_or_else(|| vec![json!(["the reader said nothing of", name])])
}

struct Reading<'a> {
    relayed: &'a Relayed,
    wires: &'a Path,
    kiosk: &'a Kiosk,
}

impl Reading<'_> {
    /// What the reader says.
    fn read(&self) -> anyhow::Result<Value> {
        let bureau = &self.relayed.bench.bureau;
        let control = self.wires.with_file_name("in-the-clear");
        std::fs::write(&control, &self.kiosk.plain)?;
        let mut secrets = Vec::new();
        for folder in [bureau.join("office/keys"), bureau.join("authority"), bureau.join("recovery")] {
            secrets.extend(private(&folder)?);
        }
        secrets.extend(private(&self.relayed.bench.kiosk_folder().join("keys"))?);
        let values: serde_json::Map<String, Value> =
            self.kiosk.values.iter().map(|(name, bytes)| (name.clone(), STANDARD.encode(bytes).into())).collect();
        let question = json!({
            "values": values, "secrets": secrets, "control": control,
            "places": { "edge": self.relayed.edge, "wires": self.wires },
            "own": self.relayed.edge.join("keys/edge.key.pem"),
        });
        let mut reader = Command::new("python3");
        let mut process = reader.arg(READER).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("python3")?;
        process.stdin.take().context("python3's stdin")?.write_all(question.to_string().as_bytes())?;
        let done = process.wait_with_output()?;
        ensure!(done.status.success(), "the reader failed");
        serde_json::from_slice(&done.stdout).context("the reader's answer")
    }
}

/// Files of a folder that hold a private key.
fn private(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_file() {
            let text = String::from_utf8_lossy(&std::fs::read(&path)?).into_owned();
            if text.contains("PRIVATE KEY") || text.contains("AGE-SECRET-KEY") {
                found.push(path);
            }
        }
    }
    Ok(found)
}
