//! What the robot holds: the kiosk's process on its folder, and the line to it.

use super::journey::Kiosk;
use super::line::Line;
use crate::demo::children::Process;
use crate::demo::{Bureau, FULL_DISK, IMPATIENT, KioskPlan, UNREACHABLE, neighbour};
use anyhow::Context as _;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

/// A kiosk opens within this, also on a busy machine.
const OPENS: Duration = Duration::from_secs(40);

/// A disk of 3 MB in the place of the data folder, seen by this process alone, gone with it; then the program.
const SMALL_DISK: &str = "mount -t tmpfs -o size=3m none \"$1\" && shift && exec \"$@\"";

/// A command that sees mounts of its own; the process id stays the same.
fn private_mounts() -> Command {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount"]);
    command
}

/// Whether this machine lets a process have mounts of its own; else a full disk cannot be played here.
pub fn can_play_full_disk() -> bool {
    let tried = private_mounts().arg("true").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    tried.is_ok_and(|status| status.success())
}

/// The kiosk that a journey of this kind walks to in this lane.
pub fn plan_of(kind: Kiosk, lane: KioskPlan) -> KioskPlan {
    match kind {
        Kiosk::Plain | Kiosk::Landscape => lane,
        Kiosk::Unreachable => UNREACHABLE,
        Kiosk::Impatient => IMPATIENT,
        Kiosk::FullDisk => FULL_DISK,
    }
}

/// A running kiosk and the line to it.
#[derive(Debug)]
pub struct Hands {
    /// The line.
    pub line: Line,
    process: Process,
    bureau: Bureau,
    plan: KioskPlan,
    kind: Kiosk,
    /// How long the kiosk's log was when the journey began: what was said before belongs to another one.
    log_before: u64,
}

impl Hands {
    /// Starts the kiosk a journey needs; `lane` is the ordinary one of this lane.
    ///
    /// # Errors
    /// It does not open.
    pub fn start(bureau: &Bureau, kind: Kiosk, lane: KioskPlan) -> anyhow::Result<Self> {
        let plan = plan_of(kind, lane);
        let log_before = bureau.log(plan.id)?.metadata()?.len();
        let (process, line) = open(bureau, plan, kind)?;
        Ok(Self { line, process, bureau: bureau.clone(), plan, kind, log_before })
    }

    /// Pulls the plug: SIGKILL; then a new process on the same folder.
    ///
    /// # Errors
    /// The new one does not open.
    pub fn kill_and_restart(&mut self) -> anyhow::Result<()> {
        self.process.kill();
        (self.process, self.line) = open(&self.bureau, self.plan, self.kind)?;
        Ok(())
    }

    /// Leaves this kiosk and starts the one beside it.
    ///
    /// # Errors
    /// It does not open.
    pub fn walk_to_another(&mut self) -> anyhow::Result<()> {
        self.process.kill();
        self.plan = neighbour(self.plan);
        self.log_before = self.bureau.log(self.plan.id)?.metadata()?.len();
        (self.process, self.line) = open(&self.bureau, self.plan, self.kind)?;
        Ok(())
    }

    /// Whether the kiosk's log has these words since the journey came to it.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn has_said(&self, words: &str) -> anyhow::Result<bool> {
        let mut log = File::open(self.bureau.folder.join(format!("logs/{}.log", self.plan.id)))?;
        log.seek(SeekFrom::Start(self.log_before))?;
        let mut said = String::new();
        log.read_to_string(&mut said)?;
        Ok(said.contains(words))
    }

    /// The printer's tray.
    pub fn tray(&self) -> PathBuf {
        self.bureau.kiosk_folder(self.plan).join("data/tray")
    }

    /// The kiosk's number.
    pub fn number(&self) -> u32 {
        self.plan.number
    }
}

impl Drop for Hands {
    fn drop(&mut self) {
        self.process.kill();
    }
}

fn open(bureau: &Bureau, plan: KioskPlan, kind: Kiosk) -> anyhow::Result<(Process, Line)> {
    let folder = bureau.kiosk_folder(plan);
    // Socket paths are short by law of the system: 108 bytes.
    let socket = std::env::temp_dir().join(format!("yimen-{}-{}.sock", std::process::id(), plan.number));
    let _ = std::fs::remove_file(&socket);
    let program = bureau.tools.path("yimen-kiosk");
    let mut command = if kind == Kiosk::FullDisk {
        let mut command = private_mounts();
        command.args(["sh", "-c", SMALL_DISK, "sh"]).arg(folder.join("data")).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.arg("--folder").arg(&folder).arg("--catalogue").arg(&bureau.catalogue);
    command.arg("--headless").arg("--robot").arg(&socket);
    if kind == Kiosk::Landscape {
        command.arg("--landscape");
    }
    let log = bureau.log(plan.id)?;
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    let process = bureau.children.start(&mut command)?;
    let line = Line::connect(&socket, OPENS);
    let line = line.with_context(|| format!("its words are in {}/logs/{}.log", bureau.folder.display(), plan.id));
    match line {
        Ok(line) => Ok((process, line)),
        Err(error) => {
            process.kill();
            Err(error)
        }
    }
}
