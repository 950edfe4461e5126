//! Every call that writes, in one cycle of sealing, sending, acknowledging and erasing, broken in turn by `strace`: the process
//! is killed at it, or it fails with a full disk or a failing one. Afterwards both sides start again without faults, and the
//! verifier judges.
//! Invariants: a call counts as broken only when strace's own log says so; where strace may not trace, this fails.
//! Not here: what a power cut loses that was not synced.

use super::bench::Bench;
use super::journal::Journal;
use super::process::Running;
use super::verdict::Verdict;
use crate::relay::bench::Relayed;
use anyhow::{Context as _, bail, ensure};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Calls that change a disk. Counted for each thread by itself, which is why each has runs of its own.
const CALLS: [&str; 8] = ["write", "pwrite64", "fsync", "fdatasync", "ftruncate", "unlink", "unlinkat", "rename"];
/// What happens at a call.
const FAULTS: [&str; 3] = ["signal=SIGKILL", "error=ENOSPC", "error=EIO"];
/// Longest time of one broken cycle; a process that hangs is killed like any other.
const CYCLE: Duration = Duration::from_secs(20);
/// Pause between two looks.
const LOOK: Duration = Duration::from_millis(10);

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Break each so-many-th call only, from 1.
    pub every: u32,
    /// `kiosk`, `office`, or both when empty; `edge`: that alone, with an edge before the office.
    pub side: Option<String>,
    /// Where the programs lie.
    pub bin: PathBuf,
}

/// Breaks and judges.
///
/// # Errors
/// strace may not trace; a side that does not recover.
pub fn run(wish: &Wish, work: &Path) -> anyhow::Result<(Value, bool)> {
    may_trace(work)?;
    let started = Instant::now();
    let (bench, relayed) = if wish.side.as_deref() == Some("edge") {
        let relayed = Relayed::prepare(wish.bin.clone(), work)?;
        (relayed.bench.clone(), Some(relayed))
    } else {
        (Bench::prepare(wish.bin.clone(), work)?, None)
    };
    let log = work.join("strace.log");
    let mut trial = Trial { bench, relayed, journal: Journal::default(), log, every: wish.every.max(1) };
    let wanted = |side: &str| wish.side.as_deref().is_none_or(|only| only == side);
    let mut broken = BTreeMap::new();
    if wanted("kiosk") {
        broken.insert("kiosk", trial.each("kiosk", Trial::break_kiosk)?);
    }
    if wanted("office") {
        broken.insert("office", trial.each("office", Trial::break_office)?);
    }
    if trial.relayed.is_some() {
        broken.insert("edge", trial.each("edge", Trial::break_edge)?);
    }
    // All sides once more without faults; then nothing may wait.
    let mut office = trial.bench.open_office()?;
    let edge = trial.relayed.as_ref().map(|relayed| relayed.open_edge("error")).transpose()?;
    trial.bench.drain(&mut trial.journal)?;
    drop(edge);
    office.kill()?;
    let verdict = Verdict::of(&trial.bench, &trial.journal)?;
    let sum: u32 = broken.values().flat_map(BTreeMap::values).flat_map(BTreeMap::values).sum();
    let figures = json!({
        "injected": sum,
        "every": trial.every,
        "lost": verdict.count("lost"),
        "duplicated": verdict.count("duplicated"),
        "false_success": verdict.count("false_success"),
        "without_data": verdict.count("without_data"),
        "told": verdict.count("told"),
        "by_call": broken,
        "seconds": started.elapsed().as_secs(),
    });
    Ok((figures, verdict.clean() && sum > 0 && verdict.count("told") > 0 && verdict.count("waiting") == 0))
}

fn may_trace(work: &Path) -> anyhow::Result<()> {
    let log = work.join("strace-trial.log");
    let tried = Command::new("strace").arg("-f").arg("-o").arg(&log).arg("true").output();
    let tried = tried.context("strace is not installed (Debian package strace)")?;
    ensure!(
        tried.status.success(),
        "strace may not trace here (ptrace is forbidden, as in some containers): {}",
        String::from_utf8_lossy(&tried.stderr)
    );
    Ok(())
}

/// Call, fault, how often it was broken.
type Broken = BTreeMap<&'static str, BTreeMap<&'static str, u32>>;

struct Trial {
    bench: Bench,
    /// The same bureau with an edge before it.
    relayed: Option<Relayed>,
    journal: Journal,
    log: PathBuf,
    every: u32,
}

impl Trial {
    /// Breaks the first call of a kind, then the next, until a cycle has no more of them.
    fn each(&mut self, side: &str, one: fn(&mut Self, &str) -> anyhow::Result<()>) -> anyhow::Result<Broken> {
        let mut broken = Broken::new();
        for call in CALLS {
            for fault in FAULTS {
                let mut number = 1;
                loop {
                    let _ = std::fs::remove_file(&self.log);
                    one(self, &format!("inject={call}:{fault}:when={number}"))
                        .with_context(|| format!("{call} number {number}, {fault}"))?;
                    let hit = std::fs::read_to_string(&self.log).unwrap_or_default();
                    // A killed process leaves no line of that call: strace tells how it ended.
                    if !hit.contains("(INJECTED)") && !hit.contains("+++ killed by SIGKILL +++") {
                        break;
                    }
                    *broken.entry(call).or_default().entry(fault).or_default() += 1;
                    // Almost all of the `write` calls of office and edge wake their own threads, hundreds in a cycle: each tenth is met.
                    number += if side != "kiosk" && call == "write" { self.every * 10 } else { self.every };
                }
                let count = broken.get(call).and_then(|faults| faults.get(fault)).copied().unwrap_or(0);
                eprintln!("{side}: {call} {fault}: {count} times, {} told", self.journal.told.len());
            }
        }
        Ok(broken)
    }

    /// The same command, traced. `-D` keeps the traced process our own child, so that killing it kills it.
    fn traced(&self, plain: &Command, inject: &str) -> Command {
        let mut command = Command::new("strace");
        command.args(["-D", "-f", "-qq", "-o"]).arg(&self.log).args(["-e", inject, "-e", "trace=none", "-e"]);
        // Only the broken calls are logged.
        command.arg(format!("trace={}", inject.split(['=', ':']).nth(1).unwrap_or_default()));
        command.arg(plain.get_program()).args(plain.get_args()).env("RUST_LOG", "error");
        command
    }

    fn cycle(&self) -> Vec<String> {
        let mut arguments: Vec<String> =
            ["--count", "1", "--then-drain", "--first"].iter().map(|text| (*text).to_owned()).collect();
        arguments.push(self.journal.next_errand().to_string());
        arguments
    }

    fn break_kiosk(&mut self, inject: &str) -> anyhow::Result<()> {
        let mut office = self.bench.open_office()?;
        let mut command = self.traced(&self.bench.kiosk_command(&self.cycle()), inject);
        let mut kiosk =
            Running::start("yimen-outbox-driver", command.stdout(Stdio::piped()), self.bench.bureau.join("kiosk.log"))?;
        let lines = kiosk.lines()?;
        self.until_ended(&mut kiosk)?;
        lines.iter().for_each(|line| drop(self.journal.take(&line)));
        self.recover()?;
        office.kill()
    }

    fn break_office(&mut self, inject: &str) -> anyhow::Result<()> {
        let mut command = self.traced(&self.bench.office_command(), inject);
        let log = self.bench.bureau.join("office.log");
        let mut office = Running::start("yimen-office", command.stdout(Stdio::null()), log)?;
        let deadline = Instant::now() + CYCLE;
        while office.ended()?.is_none() && Instant::now() < deadline {
            if std::net::TcpStream::connect(("127.0.0.1", self.bench.port)).is_ok() {
                break;
            }
            std::thread::park_timeout(LOOK);
        }
        let mut kiosk = self.bench.kiosk(&self.cycle())?;
        // Until the cycle is over, or the office is, or it answers no more.
        while kiosk.program.ended()?.is_none() && office.ended()?.is_none() && Instant::now() < deadline {
            std::thread::park_timeout(LOOK);
        }
        office.stop()?;
        let mut sound = self.bench.open_office()?;
        self.until_ended(&mut kiosk.program)?;
        kiosk.lines.iter().for_each(|line| drop(self.journal.take(&line)));
        self.recover()?;
        sound.kill()
    }

    fn break_edge(&mut self, inject: &str) -> anyhow::Result<()> {
        let relayed = self.relayed.clone().context("no edge")?;
        let mut office = self.bench.open_office()?;
        let mut command = self.traced(&relayed.edge_command("error"), inject);
        let mut edge = Running::start("yimen-office --role edge", command.stdout(Stdio::null()), relayed.log())?;
        let deadline = Instant::now() + CYCLE;
        while edge.ended()?.is_none() && Instant::now() < deadline {
            if std::net::TcpStream::connect(("127.0.0.1", relayed.intake)).is_ok() {
                break;
            }
            std::thread::park_timeout(LOOK);
        }
        let mut kiosk = self.bench.kiosk(&self.cycle())?;
        while kiosk.program.ended()?.is_none() && edge.ended()?.is_none() && Instant::now() < deadline {
            std::thread::park_timeout(LOOK);
        }
        edge.stop()?;
        let mut sound = relayed.open_edge("error")?;
        self.until_ended(&mut kiosk.program)?;
        kiosk.lines.iter().for_each(|line| drop(self.journal.take(&line)));
        self.recover()?;
        sound.kill()?;
        office.kill()
    }

    fn until_ended(&self, program: &mut Running) -> anyhow::Result<()> {
        let deadline = Instant::now() + CYCLE;
        while program.ended()?.is_none() {
            if Instant::now() > deadline {
                return program.kill();
            }
            std::thread::park_timeout(LOOK);
        }
        Ok(())
    }

    /// The kiosk starts again, without a fault: who was not told is looked up, what waits is sent.
    fn recover(&mut self) -> anyhow::Result<()> {
        let more = ["--count", "0", "--then-drain"].map(str::to_owned);
        let mut kiosk = self.bench.kiosk_again(&self.journal, &more)?;
        let mut drained = false;
        for line in kiosk.lines.iter() {
            drained |= line == "drained";
            self.journal.take(&line);
        }
        kiosk.program.wait()?;
        if !drained {
            bail!("the kiosk does not recover:\n{}", kiosk.program.last_words());
        }
        Ok(())
    }
}
