//! Asks the verifier, a program of its own in another language, and reads its figures.

use super::bench::Bench;
use super::journal::Journal;
use anyhow::{Context as _, ensure};
use serde_json::Value;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The verifier of the repository.
pub const VERIFIER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/faults/verify.py");

/// Figures that must be zero.
const ZERO: [&str; 4] = ["lost", "duplicated", "false_success", "without_data"];

/// What the verifier found.
#[derive(Clone, Debug)]
pub struct Verdict(pub Value);

impl Verdict {
    /// Reads what both sides left on their disks. Neither runs now.
    ///
    /// # Errors
    /// The verifier cannot read it: a damaged database, a missing tool.
    pub fn of(bench: &Bench, journal: &Journal) -> anyhow::Result<Self> {
        let (kiosk, office) = (bench.kiosk_folder().join("data"), bench.bureau.join("office"));
        let question = serde_json::json!({
            "office_db": office_database(&office.join("data"))?,
            "office_blobs": office.join("data/blobs"),
            "custody_db": office.join("custody/keys.db"),
            "bureau": office.join("bureau.toml"),
            "branch_identity": office.join("keys/branch.age"),
            "kiosk_db": kiosk.join("kiosk.sqlite3"),
            "spool": kiosk.join("spool"),
            "told": journal.told,
            "acked": journal.acked,
        });
        let mut process = Command::new("python3")
            .arg(VERIFIER)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("python3")?;
        process.stdin.take().context("python3's stdin")?.write_all(question.to_string().as_bytes())?;
        let done = process.wait_with_output()?;
        ensure!(done.status.success(), "the verifier failed");
        Ok(Self(serde_json::from_slice(&done.stdout).context("the verifier's answer")?))
    }

    /// One figure; a missing one counts as the worst.
    pub fn count(&self, name: &str) -> u64 {
        self.0[name].as_u64().unwrap_or(u64::MAX)
    }

    /// Nothing lost, doubled, false or empty.
    pub fn clean(&self) -> bool {
        ZERO.iter().all(|name| self.count(name) == 0)
    }
}

fn office_database(data: &Path) -> anyhow::Result<PathBuf> {
    let path = data.join("office.db");
    ensure!(path.exists(), "no database in {}", data.display());
    Ok(path)
}
