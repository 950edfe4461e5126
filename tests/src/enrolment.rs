//! A machine becomes a kiosk as it does in a hall: an administrator asks the running office for a ticket, the machine's own
//! program shows it. Invariant: nothing here writes a kiosk's folder or the office's database.

use anyhow::{Context as _, ensure};
use serde_json::Value;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The administrator of every bureau that is made here.
const ADMINISTRATOR: &str = "administrator-1";

/// A bureau whose office runs.
#[derive(Clone, Debug)]
pub struct Enrolment<'a> {
    /// Where the programs lie.
    pub bin: &'a Path,
    /// The bureau's folder.
    pub bureau: &'a Path,
    /// Base address of the kiosks' door.
    pub kiosks: String,
    /// Base address of the officers' door.
    pub officers: String,
}

fn token_file(bureau: &Path) -> PathBuf {
    bureau.join("administrator-1.token")
}

fn run(program: &Path, arguments: &[&OsStr]) -> anyhow::Result<Output> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    let output = output.with_context(|| program.display().to_string())?;
    let words = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{}: {}", program.display(), words.trim());
    Ok(output)
}

/// Adds the one who may enrol kiosks; once for a bureau.
///
/// # Errors
/// `yimenctl` refuses.
pub fn add_administrator(bin: &Path, bureau: &Path) -> anyhow::Result<()> {
    let token = token_file(bureau);
    let mut arguments = vec![OsStr::new("officer"), OsStr::new("add"), bureau.as_os_str(), OsStr::new(ADMINISTRATOR)];
    arguments.extend(["--role", "administrator", "--branch", "general", "--token-file"].map(OsStr::new));
    arguments.push(token.as_os_str());
    run(&bin.join("yimenctl"), &arguments).map(|_| ())
}

impl Enrolment<'_> {
    /// `yimenctl --json kiosk …` as the administrator; gives what it printed.
    fn kiosk(&self, arguments: &[&str]) -> anyhow::Result<Value> {
        let (token, ca) = (token_file(self.bureau), self.bureau.join("office/keys/ca.pem"));
        let mut all = vec![OsStr::new("--json"), OsStr::new("kiosk")];
        all.extend(arguments.iter().map(OsStr::new));
        all.extend(["--office", &self.officers, "--ca"].map(OsStr::new));
        all.extend([ca.as_os_str(), OsStr::new("--token-file"), token.as_os_str()]);
        Ok(serde_json::from_slice(&run(&self.bin.join("yimenctl"), &all)?.stdout)?)
    }

    /// Sends a kiosk away, or lets it come again: `verb` with its further arguments.
    ///
    /// # Errors
    /// The office refuses; with its words.
    pub fn stand(&self, verb: &str, id: &str, more: &[&str]) -> anyhow::Result<()> {
        self.kiosk(&[&[verb, id], more].concat()).map(|_| ())
    }

    /// Makes `folder` the folder of this kiosk.
    ///
    /// # Errors
    /// The office or the machine's program refuses; with its words.
    pub fn enrol(&self, id: &str, number: u32, folder: &Path) -> anyhow::Result<()> {
        let given = self.kiosk(&["add", id, "--number", &number.to_string(), "--office-url", &self.kiosks])?;
        let ticket = given["ticket"].as_str().context("a ticket")?;
        // Plain keys: tests read them, and a demonstration needs no more.
        let mut enrol = vec![OsStr::new("--folder"), folder.as_os_str()];
        enrol.extend(["--enrol", ticket, "--seal", "none"].map(OsStr::new));
        run(&self.bin.join("yimen-kiosk"), &enrol).map(|_| ())
    }
}
