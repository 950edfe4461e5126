//! `kill-check --kills N`: a real kiosk without a face and a real office, killed with SIGKILL again and again, at random and
//! at chosen moments; in the end every submission a person was told of must be one case in the office.
//! Invariant: the verdict comes from plain SQL (`faults/verify_kill_check.py`), not from the product's code.
//! Exit codes: 0 nothing lost, doubled or false and every state was hit often enough; 1 otherwise.
//! Not here: loss of power (killing does not lose what the system has not yet written to the disk).

#![expect(clippy::print_stdout, reason = "its report is its purpose; the last line is JSON")]

use anyhow::{Context as _, bail, ensure};
use clap::Parser;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// States that must each be hit.
const STATES: [&str; 4] = ["COLLECTING", "SEALED", "SENDING", "ACKED"];
/// How often, when the kills are enough for it.
const EACH: u32 = 20;
/// Longest wait for a chosen moment.
const PATIENCE: Duration = Duration::from_secs(5);
/// Longest wait for the office's first answer, and pause between two looks.
const OPENING: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(20);
/// The services of the repository: an office refuses to start without any.
const CATALOGUE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../services-catalog");

/// Kills kiosk and office at random times and counts what was lost.
#[derive(Parser)]
struct Arguments {
    /// How many kills.
    #[arg(long, default_value_t = 200)]
    kills: u32,
    /// Repeats a run's choices.
    #[arg(long, default_value_t = 20_261_122)]
    seed: u64,
    /// Folder with `yimen-office`, `yimenctl` and `yimen-outbox-driver`; default: where this program lies.
    #[arg(long)]
    bin: Option<PathBuf>,
    /// Where to work; default: a new folder that is deleted afterwards.
    #[arg(long)]
    work: Option<PathBuf>,
    /// The verifier.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/faults/verify_kill_check.py"))]
    verifier: PathBuf,
    /// Break a rule on purpose in the kiosk: the check must then fail.
    #[arg(long, hide = true)]
    plant: Option<String>,
}

/// xorshift64*.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) % bound
    }
}

/// What the kiosk's journal has said so far, over all its lives.
#[derive(Default)]
struct Journal {
    state: BTreeMap<String, String>,
    errand: BTreeMap<String, u64>,
    told: BTreeSet<String>,
    acked: BTreeSet<String>,
    collecting: Option<String>,
}

impl Journal {
    /// Takes a line; gives the id and its state now.
    fn take(&mut self, line: &str) -> Option<(String, String)> {
        let words: Vec<&str> = line.split(' ').collect();
        let (id, state) = match words.as_slice() {
            ["COLLECTING", id, errand] => {
                self.errand.insert((*id).to_owned(), errand.parse().ok()?);
                self.collecting = Some((*id).to_owned());
                (*id, "COLLECTING")
            }
            ["told", id] => {
                self.told.insert((*id).to_owned());
                // The uplink may have been quicker than this line.
                let known = self.state.get(*id).is_some_and(|state| state != "COLLECTING");
                if known {
                    return None;
                }
                (*id, "SEALED")
            }
            ["state", state, id] => {
                if *state == "ACKED" {
                    self.acked.insert((*id).to_owned());
                }
                (*id, *state)
            }
            _ => return None,
        };
        self.state.insert(id.to_owned(), state.to_owned());
        Some((id.to_owned(), state.to_owned()))
    }

    fn next_errand(&self) -> u64 {
        self.errand.values().max().map_or(0, |last| last + 1)
    }

    /// The submission whose person was not told yet.
    fn untold(&self) -> Option<(&String, u64)> {
        let id = self.collecting.as_ref().filter(|id| !self.told.contains(*id))?;
        Some((id, *self.errand.get(id)?))
    }
}

/// A started program. It does not outlive this check, however the check ends.
struct Running {
    name: &'static str,
    process: Child,
    log: PathBuf,
}

impl Running {
    fn start(name: &'static str, command: &mut Command, log: PathBuf) -> anyhow::Result<Self> {
        let file = std::fs::File::options().create(true).append(true).open(&log)?;
        // Without a trace the reason is among the last lines.
        let process = command.env("RUST_BACKTRACE", "0").stdin(Stdio::null()).stderr(file).spawn().context(name)?;
        Ok(Self { name, process, log })
    }

    /// SIGKILL. A program that had ended before by itself is a fault of its own, told with its last words.
    fn kill(&mut self) -> anyhow::Result<()> {
        self.must_run()?;
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    fn must_run(&mut self) -> anyhow::Result<()> {
        let Some(status) = self.process.try_wait()? else { return Ok(()) };
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let last = lines[lines.len().saturating_sub(12)..].join("\n");
        bail!("{} ended by itself ({status}); nobody had killed it. Its last words:\n{last}", self.name)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail for a process that has ended, which is what is wanted.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

struct Kiosk {
    program: Running,
    lines: Receiver<String>,
}

impl Kiosk {
    /// Kills it; what it said before it died counts: a person could have read it.
    fn kill(&mut self, journal: &mut Journal) -> anyhow::Result<()> {
        self.program.kill()?;
        for line in self.lines.iter() {
            journal.take(&line);
        }
        Ok(())
    }
}

struct Bench {
    bin: PathBuf,
    bureau: PathBuf,
    port: u16,
    plant: Option<String>,
}

impl Bench {
    fn prepare(bin: PathBuf, work: &Path, plant: Option<String>) -> anyhow::Result<Self> {
        let bureau = work.join("bureau");
        let port = free_ports()?;
        let yimenctl = |arguments: &[&str]| -> anyhow::Result<()> {
            let done = Command::new(bin.join("yimenctl")).args(arguments).output().context("yimenctl")?;
            ensure!(done.status.success(), "yimenctl {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
            Ok(())
        };
        let (folder, first) = (bureau.to_string_lossy(), port.to_string());
        yimenctl(&["bureau", "init", &folder, "--class", "demo", "--port", &first, "--catalogue", CATALOGUE])?;
        yimenctl(&["kiosk", "add", &folder, "kill-1", "--number", "1"])?;
        Ok(Self { bin, bureau, port, plant })
    }

    fn office(&self) -> anyhow::Result<Running> {
        let mut command = Command::new(self.bin.join("yimen-office"));
        command.arg("--folder").arg(self.bureau.join("office")).env("RUST_LOG", "error").stdout(Stdio::null());
        Running::start("yimen-office", &mut command, self.bureau.join("office.log"))
    }

    /// An office whose kiosks' door is open: what keeps it shut is told at once, and not as an outbox that never drains.
    fn open_office(&self) -> anyhow::Result<Running> {
        let mut office = self.office()?;
        let deadline = Instant::now() + OPENING;
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            office.must_run()?;
            ensure!(Instant::now() < deadline, "the office does not open its door: see {}", office.log.display());
            std::thread::park_timeout(LOOK);
        }
        Ok(office)
    }

    fn kiosk(&self, arguments: &[String]) -> anyhow::Result<Kiosk> {
        let mut command = Command::new(self.bin.join("yimen-outbox-driver"));
        command.arg("--folder").arg(self.bureau.join("kiosks/kill-1")).args(arguments).env("RUST_LOG", "warn");
        if let Some(plant) = &self.plant {
            command.args(["--plant", plant]);
        }
        let log = self.bureau.join("kiosk.log");
        let mut program = Running::start("yimen-outbox-driver", command.stdout(Stdio::piped()), log)?;
        let out = program.process.stdout.take().context("the driver's stdout")?;
        let (line, lines) = channel();
        std::thread::spawn(move || {
            // The driver writes whole lines, so that a kill leaves none cut.
            for text in BufReader::new(out).lines().map_while(Result::ok) {
                if line.send(text).is_err() {
                    return;
                }
            }
        });
        Ok(Kiosk { program, lines })
    }

    fn kiosk_again(&self, journal: &Journal) -> anyhow::Result<Kiosk> {
        let mut arguments = vec!["--first".to_owned(), journal.next_errand().to_string()];
        if let Some((id, errand)) = journal.untold() {
            arguments.extend(["--resume".to_owned(), errand.to_string(), "--resume-id".to_owned(), id.clone()]);
        }
        self.kiosk(&arguments)
    }

    fn verdict(&self, verifier: &Path, journal: &Journal) -> anyhow::Result<serde_json::Value> {
        let data = self.bureau.join("kiosks/kill-1/data");
        let question = serde_json::json!({
            "office_db": office_database(&self.bureau.join("office/data"))?,
            "kiosk_db": data.join("kiosk.sqlite3"),
            "spool": data.join("spool"),
            "told": journal.told,
            "acked": journal.acked,
        });
        let mut process = Command::new("python3")
            .arg(verifier)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("python3")?;
        process.stdin.take().context("python3's stdin")?.write_all(question.to_string().as_bytes())?;
        let done = process.wait_with_output()?;
        ensure!(done.status.success(), "the verifier failed");
        serde_json::from_slice(&done.stdout).context("the verifier's answer")
    }
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let own = std::env::current_exe()?;
    let bin = arguments.bin.clone().unwrap_or_else(|| own.parent().unwrap_or(Path::new(".")).to_owned());
    let new = tempfile::tempdir()?;
    let work = arguments.work.clone().unwrap_or_else(|| new.path().to_owned());
    let ended = check(&arguments, bin, &work);
    if ended.is_err() {
        // What an error is understood by must not be deleted. The report's last line stays the last of stdout.
        let _ = new.keep();
    }
    ended.with_context(|| format!("what is left lies in {}", work.display()))
}

fn check(arguments: &Arguments, bin: PathBuf, work: &Path) -> anyhow::Result<()> {
    let bench = Bench::prepare(bin, work, arguments.plant.clone())?;
    let started = Instant::now();
    let mut journal = Journal::default();
    let mut by_state: BTreeMap<String, u32> = STATES.iter().map(|state| ((*state).to_owned(), 0)).collect();
    kill(arguments, &bench, &mut journal, &mut by_state)?;
    let verdict = bench.verdict(&arguments.verifier, &journal)?;
    let missed: Vec<&String> =
        by_state.iter().filter(|(_, count)| **count < EACH.min(arguments.kills / 8)).map(|(state, _)| state).collect();
    let count = |name: &str| verdict[name].as_u64().unwrap_or(u64::MAX);
    println!(
        "{} told, {} cases, {} left on the kiosk, {:.0} s",
        count("told"),
        count("cases"),
        count("left_in_spool"),
        started.elapsed().as_secs_f64()
    );
    println!(
        "{}",
        serde_json::json!({
            "kills": arguments.kills,
            "lost": count("lost"),
            "duplicated": count("duplicated"),
            "false_success": count("false_success"),
            "by_state": by_state,
            "told": count("told"),
        })
    );
    let clean = ["lost", "duplicated", "false_success"].iter().all(|name| count(name) == 0) && count("told") > 0;
    if !clean {
        bail!("submissions were lost, doubled or falsely reported");
    }
    if !missed.is_empty() {
        bail!("too few kills in {missed:?}");
    }
    Ok(())
}

fn kill(
    arguments: &Arguments,
    bench: &Bench,
    journal: &mut Journal,
    by_state: &mut BTreeMap<String, u32>,
) -> anyhow::Result<()> {
    let mut dice = Dice(arguments.seed | 1);
    let mut office = bench.open_office()?;
    let mut kiosk = bench.kiosk_again(journal)?;
    for number in 1..=arguments.kills {
        let aim = (dice.below(5) > 0).then(|| rarest(by_state, &mut dice));
        let moment = Duration::from_millis(dice.below(500));
        let focus = await_moment(&kiosk, journal, aim.as_deref(), moment);
        // The office dies in two of five; when aiming, the state is that of the item on the kiosk at that moment.
        let office_dies = dice.below(5) < 2;
        if office_dies {
            office.kill()?;
            for line in kiosk.lines.try_iter() {
                journal.take(&line);
            }
        } else {
            kiosk.kill(journal)?;
        }
        let state = focus.as_ref().and_then(|id| journal.state.get(id)).cloned();
        if let Some(count) = state.and_then(|state| by_state.get_mut(&state)) {
            *count += 1;
        }
        if office_dies {
            office = bench.office()?;
        } else {
            kiosk = bench.kiosk_again(journal)?;
        }
        if number % 20 == 0 {
            println!("{number} kills, {} told, {by_state:?}", journal.told.len());
        }
    }
    kiosk.kill(journal)?;
    let mut last = bench.kiosk(&["--drain".to_owned()])?;
    let mut drained = false;
    for line in last.lines.iter() {
        drained |= line == "drained";
        journal.take(&line);
    }
    let ended = last.program.process.wait()?;
    office.kill()?;
    ensure!(drained && ended.success(), "the outbox did not drain: see {}", bench.bureau.display());
    Ok(())
}

/// The state hit least often so far; any of them when there is a draw.
fn rarest(by_state: &BTreeMap<String, u32>, dice: &mut Dice) -> String {
    let least = by_state.values().min().copied().unwrap_or(0);
    let names: Vec<&String> = by_state.iter().filter(|(_, count)| **count == least).map(|(name, _)| name).collect();
    names[dice.below(names.len() as u64) as usize].clone()
}

/// Reads the journal until the wanted state appears, or, without one, until the time has passed. Gives the last item named.
fn await_moment(kiosk: &Kiosk, journal: &mut Journal, aim: Option<&str>, moment: Duration) -> Option<String> {
    let deadline = Instant::now() + if aim.is_some() { PATIENCE } else { moment };
    let mut focus = None;
    loop {
        match kiosk.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                let Some((id, state)) = journal.take(&line) else { continue };
                focus = Some(id);
                // Only a line that is the newest tells the present.
                if aim == Some(state.as_str()) {
                    return focus;
                }
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return focus,
        }
    }
}

/// The first of three neighbouring ports that are free now.
fn free_ports() -> anyhow::Result<u16> {
    for _ in 0..50 {
        let first = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let all =
            (0..3).map(|n| std::net::TcpListener::bind(("127.0.0.1", first.saturating_add(n)))).collect::<Vec<_>>();
        if all.iter().all(Result::is_ok) {
            return Ok(first);
        }
    }
    bail!("no three neighbouring ports are free")
}

fn office_database(data: &Path) -> anyhow::Result<PathBuf> {
    for entry in std::fs::read_dir(data)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "sqlite3" || ending == "sqlite" || ending == "db") {
            return Ok(path);
        }
    }
    bail!("no database in {}", data.display())
}
