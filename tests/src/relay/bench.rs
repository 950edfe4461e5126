//! A bureau with an edge before it: folders as `yimenctl` makes them, and the edge's process.

use crate::enrolment::Enrolment;
use crate::faults::bench::Bench;
use crate::faults::process::Running;
use crate::free_ports;
use anyhow::{Context as _, ensure};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Longest wait for an open door, and pause between two looks.
const OPENING: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(20);
/// Short times, so that a check need not wait.
const QUICK: &str = "\n[relay]\nask_seconds = 1\nanswer_ms = 400\nlongest_seconds = 1\n";

/// A bureau whose kiosk comes to an edge.
#[derive(Clone, Debug)]
pub struct Relayed {
    /// The bureau and its kiosk.
    pub bench: Bench,
    /// The edge's folder.
    pub edge: PathBuf,
    /// Port of the edge that takes in.
    pub intake: u16,
    /// Port of the edge that leads to the core.
    pub passage: u16,
}

impl Relayed {
    /// Makes bureau, kiosk and edge.
    ///
    /// # Errors
    /// No free ports, or `yimenctl` refuses.
    pub fn prepare(bin: PathBuf, work: &Path) -> anyhow::Result<Self> {
        let bench = Bench::prepare(bin, work)?;
        let intake = free_ports::neighbours(2)?;
        let own = Self { edge: work.join("edge"), intake, passage: intake.saturating_add(1), bench };
        let (bureau, edge) = (own.bench.bureau.to_string_lossy(), own.edge.to_string_lossy());
        let core = format!("https://127.0.0.1:{}", own.bench.port);
        let [doors_in, doors_on] = [own.intake, own.passage].map(|port| format!("127.0.0.1:{port}"));
        let named = ["bureau", "edge", &bureau, "dmz-1", "--out", &edge, "--core", &core];
        own.bench.yimenctl(&[&named[..], &["--intake", &doors_in, "--passage", &doors_on]].concat())?;
        let file = own.edge.join("edge.toml");
        std::fs::write(&file, std::fs::read_to_string(&file)? + QUICK)?;
        // As the command says for kiosks that were enrolled before there was an edge.
        own.point(&own.bench.kiosk_folder(), own.intake, own.passage)?;
        Ok(own)
    }

    /// Where this kiosk hands in, and where it finds the office.
    ///
    /// # Errors
    /// Its file.
    pub fn point(&self, kiosk: &Path, intake: u16, office: u16) -> anyhow::Result<()> {
        let path = kiosk.join("kiosk.toml");
        let mut table: toml::Table = std::fs::read_to_string(&path)?.parse()?;
        table.insert("intake".to_owned(), format!("https://127.0.0.1:{intake}").into());
        table.insert("office".to_owned(), format!("https://127.0.0.1:{office}").into());
        Ok(std::fs::write(&path, toml::to_string(&table)?)?)
    }

    /// The doors by which machines are enrolled: through the edge, unread.
    pub fn doors(&self) -> Enrolment<'_> {
        Enrolment { kiosks: format!("https://127.0.0.1:{}", self.passage), ..self.bench.doors() }
    }

    /// The command that starts the edge, to be wrapped or started. `log`: what it logs.
    pub fn edge_command(&self, log: &str) -> Command {
        let mut command = Command::new(self.bench.bin.join("yimen-office"));
        command.args(["--role", "edge", "--folder"]).arg(&self.edge);
        command.env("RUST_LOG", log).stdout(Stdio::null());
        command
    }

    /// Starts the edge; its doors may still be shut.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start_edge(&self, log: &str) -> anyhow::Result<Running> {
        Running::start("yimen-office --role edge", &mut self.edge_command(log), self.log())
    }

    /// What the edge logs.
    pub fn log(&self) -> PathBuf {
        self.edge.join("edge.log")
    }

    /// An edge whose doors are open.
    ///
    /// # Errors
    /// It ends, or does not open in time.
    pub fn open_edge(&self, log: &str) -> anyhow::Result<Running> {
        let mut edge = self.start_edge(log)?;
        let deadline = Instant::now() + OPENING;
        while std::net::TcpStream::connect(("127.0.0.1", self.intake)).is_err() {
            edge.must_run()?;
            ensure!(Instant::now() < deadline, "the edge does not open: see {}", self.log().display());
            std::thread::park_timeout(LOOK);
        }
        Ok(edge)
    }

    /// One number from the edge's database.
    ///
    /// # Errors
    /// The engine's.
    pub fn count(&self, sql: &str) -> anyhow::Result<u64> {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
        let database = rusqlite::Connection::open_with_flags(self.edge.join("data/edge.db"), flags)?;
        database.busy_timeout(Duration::from_secs(5))?;
        let count: i64 = database.query_row(sql, [], |row| row.get(0))?;
        u64::try_from(count).context("a count")
    }

    /// Submissions whose content lies at the edge.
    ///
    /// # Errors
    /// The engine's.
    pub fn waiting(&self) -> anyhow::Result<u64> {
        self.count("SELECT COUNT(*) FROM relayed WHERE receipt IS NULL AND refusal IS NULL")
    }

    /// Submissions for which the edge holds the core's receipt.
    ///
    /// # Errors
    /// The engine's.
    pub fn handed_on(&self) -> anyhow::Result<u64> {
        self.count("SELECT COUNT(*) FROM relayed WHERE receipt IS NOT NULL")
    }

    /// Files of ciphertext at the edge.
    ///
    /// # Errors
    /// The disk's.
    pub fn blobs(&self) -> anyhow::Result<usize> {
        let mut count = 0;
        for folder in std::fs::read_dir(self.edge.join("data/blobs"))? {
            count += std::fs::read_dir(folder?.path())?.count();
        }
        Ok(count)
    }
}

/// Looks until it is so.
///
/// # Errors
/// What the look says, or that it never became so.
pub fn until(what: &str, longest: Duration, mut so: impl FnMut() -> anyhow::Result<bool>) -> anyhow::Result<()> {
    let deadline = Instant::now() + longest;
    while !so()? {
        ensure!(Instant::now() < deadline, "it did not come to this: {what}");
        std::thread::park_timeout(LOOK);
    }
    Ok(())
}
