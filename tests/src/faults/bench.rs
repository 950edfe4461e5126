//! A bureau in a folder with one kiosk without a face: made, started, started again after a kill.

use super::journal::Journal;
use super::process::Running;
use crate::enrolment::{self, Enrolment};
use crate::free_ports;
use anyhow::{Context as _, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// Longest wait for the office's first answer, and pause between two looks.
const OPENING: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(20);
/// The services of the repository: an office refuses to start without any.
const CATALOGUE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../services-catalog");

/// A bureau that was just made.
#[derive(Clone, Debug)]
pub struct Bench {
    /// Where the programs lie.
    pub bin: PathBuf,
    /// The bureau's folder.
    pub bureau: PathBuf,
    /// The kiosks' door.
    pub port: u16,
    /// More arguments of each kiosk.
    pub kiosk_arguments: Vec<String>,
    /// The wall clock of what is started next, e.g. `+10y`; the true one unless set.
    pub clock: Clock,
}

/// A wall clock, through libfaketime (Debian package faketime). The monotonic clock stays true.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<(PathBuf, String)>);

impl Clock {
    /// A clock that is wrong by this much.
    ///
    /// # Errors
    /// libfaketime is not installed.
    pub fn wrong_by(offset: &str) -> anyhow::Result<Self> {
        let folders = std::fs::read_dir("/usr/lib")?.filter_map(Result::ok).map(|entry| entry.path());
        let library = folders.map(|folder| folder.join("faketime/libfaketime.so.1")).find(|path| path.exists());
        let library = library.context("libfaketime is not installed (Debian package faketime)")?;
        Ok(Self(Some((library, offset.to_owned()))))
    }

    fn set(&self, command: &mut Command) {
        if let Self(Some((library, offset))) = self {
            command.env("LD_PRELOAD", library).env("FAKETIME", offset).env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        }
    }
}

/// The kiosk without a face.
#[derive(Debug)]
pub struct Kiosk {
    /// Its process.
    pub program: Running,
    /// Its journal.
    pub lines: Receiver<String>,
}

impl Kiosk {
    /// Kills it; what it said before it died counts: a person could have read it.
    ///
    /// # Errors
    /// It had ended before.
    pub fn kill(&mut self, journal: &mut Journal) -> anyhow::Result<()> {
        self.program.kill()?;
        for line in self.lines.iter() {
            journal.take(&line);
        }
        Ok(())
    }
}

impl Bench {
    /// Makes bureau and kiosk.
    ///
    /// # Errors
    /// No free ports, or `yimenctl` refuses.
    pub fn prepare(bin: PathBuf, work: &Path) -> anyhow::Result<Self> {
        let bureau = work.join("bureau");
        let port = free_ports::neighbours(3)?;
        let bench = Self { bin, bureau, port, kiosk_arguments: Vec::new(), clock: Clock::default() };
        let (folder, first) = (bench.bureau.to_string_lossy().into_owned(), port.to_string());
        bench.yimenctl(&["bureau", "init", &folder, "--class", "demo", "--port", &first, "--catalogue", CATALOGUE])?;
        enrolment::add_administrator(&bench.bin, &bench.bureau)?;
        bench.add_kiosk("faults-1", 1)?;
        Ok(bench)
    }

    /// Enrols one more kiosk, while no office runs: one is started for it and killed.
    ///
    /// # Errors
    /// `yimenctl` refuses.
    pub fn add_kiosk(&self, id: &str, number: u32) -> anyhow::Result<PathBuf> {
        let folder = self.bureau.join("kiosks").join(id);
        let mut office = self.open_office()?;
        self.doors().enrol(id, number, &folder)?;
        office.kill()?;
        Ok(folder)
    }

    /// The doors of this bureau's office, for whoever enrols kiosks and sends them away.
    pub fn doors(&self) -> Enrolment<'_> {
        let [kiosks, officers] =
            [self.port, self.port.saturating_add(1)].map(|port| format!("https://127.0.0.1:{port}"));
        Enrolment { bin: &self.bin, bureau: &self.bureau, kiosks, officers }
    }

    /// Runs `yimenctl`.
    ///
    /// # Errors
    /// It refuses; with its words.
    pub fn yimenctl(&self, arguments: &[&str]) -> anyhow::Result<()> {
        let done = Command::new(self.bin.join("yimenctl")).args(arguments).output().context("yimenctl")?;
        ensure!(done.status.success(), "yimenctl {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        Ok(())
    }

    /// The folder of the kiosk.
    pub fn kiosk_folder(&self) -> PathBuf {
        self.bureau.join("kiosks/faults-1")
    }

    /// The command that starts the office, to be wrapped or started.
    pub fn office_command(&self) -> Command {
        let mut command = Command::new(self.bin.join("yimen-office"));
        command.arg("--folder").arg(self.bureau.join("office")).env("RUST_LOG", "error").stdout(Stdio::null());
        self.clock.set(&mut command);
        command
    }

    /// Starts the office; its door may still be shut.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn office(&self) -> anyhow::Result<Running> {
        Running::start("yimen-office", &mut self.office_command(), self.bureau.join("office.log"))
    }

    /// An office whose kiosks' door is open: what keeps it shut is told at once, and not as an outbox that never drains.
    ///
    /// # Errors
    /// The office ends, or does not open in time.
    pub fn open_office(&self) -> anyhow::Result<Running> {
        let mut office = self.office()?;
        let deadline = Instant::now() + OPENING;
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            office.must_run()?;
            ensure!(Instant::now() < deadline, "the office does not open its door: see {}", office.log.display());
            std::thread::park_timeout(LOOK);
        }
        Ok(office)
    }

    /// The command that starts the kiosk.
    pub fn kiosk_command(&self, arguments: &[String]) -> Command {
        let mut command = Command::new(self.bin.join("yimen-outbox-driver"));
        command.arg("--folder").arg(self.kiosk_folder()).args(arguments).args(&self.kiosk_arguments);
        command.env("RUST_LOG", "warn").stdout(Stdio::piped());
        self.clock.set(&mut command);
        command
    }

    /// Starts the kiosk.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn kiosk(&self, arguments: &[String]) -> anyhow::Result<Kiosk> {
        let mut command = self.kiosk_command(arguments);
        let mut program = Running::start("yimen-outbox-driver", &mut command, self.bureau.join("kiosk.log"))?;
        let lines = program.lines()?;
        Ok(Kiosk { program, lines })
    }

    /// Starts the kiosk after a kill: whoever was not told is looked up first.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn kiosk_again(&self, journal: &Journal, more: &[String]) -> anyhow::Result<Kiosk> {
        let mut arguments = vec!["--first".to_owned(), journal.next_errand().to_string()];
        if let Some((id, errand)) = journal.untold() {
            arguments.extend(["--resume".to_owned(), errand.to_string(), "--resume-id".to_owned(), id.clone()]);
        }
        arguments.extend_from_slice(more);
        self.kiosk(&arguments)
    }

    /// Lets the kiosk send what it holds.
    ///
    /// # Errors
    /// It does not become empty in time.
    pub fn drain(&self, journal: &mut Journal) -> anyhow::Result<()> {
        let mut last = self.kiosk(&["--drain".to_owned()])?;
        let mut drained = false;
        for line in last.lines.iter() {
            drained |= line == "drained";
            journal.take(&line);
        }
        let ended = last.program.wait()?;
        ensure!(drained && ended.success(), "the outbox did not drain ({ended}):\n{}", last.program.last_words());
        Ok(())
    }
}
