//! Where the programs of Yimen are, and running one to its end.

use anyhow::{Context as _, bail};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The programs of Yimen, all in one folder: beside this program, or in `$YIMEN_BIN`.
#[derive(Clone, Debug)]
pub struct Tools {
    folder: PathBuf,
}

impl Tools {
    /// Finds the folder and checks that each program is there.
    ///
    /// # Errors
    /// Names what is missing and what to do.
    pub fn find() -> anyhow::Result<Self> {
        let folder = match std::env::var_os("YIMEN_BIN") {
            Some(folder) => PathBuf::from(folder),
            None => std::env::current_exe()?.parent().context("this program lies in no folder")?.to_owned(),
        };
        let tools = Self { folder };
        let missing: Vec<&str> = ["yimenctl", "yimen-demo-registry", "yimen-office", "yimen-kiosk"]
            .into_iter()
            .filter(|name| !tools.path(name).is_file())
            .collect();
        if !missing.is_empty() {
            bail!(
                "not built yet: {} (looked in {}). Run `make demo`, which builds them",
                missing.join(", "),
                tools.folder.display()
            );
        }
        Ok(tools)
    }

    /// Where the programs lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The path of a program.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Runs `yimenctl … --json` and gives what it printed.
    ///
    /// # Errors
    /// When it refuses; with its words.
    pub fn yimenctl<I: AsRef<std::ffi::OsStr>>(&self, arguments: impl IntoIterator<Item = I>) -> anyhow::Result<Value> {
        let output = self.yimenctl_output(arguments)?;
        if !output.status.success() {
            bail!("yimenctl: {}{}", text(&output.stderr), text(&output.stdout));
        }
        serde_json::from_slice(&output.stdout).context("yimenctl printed no JSON")
    }

    /// Runs `yimenctl … --json`, whatever comes of it.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn yimenctl_output<I: AsRef<std::ffi::OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = I>,
    ) -> anyhow::Result<Output> {
        let mut command = Command::new(self.path("yimenctl"));
        command.arg("--json").args(arguments).stdin(Stdio::null());
        command.output().context("cannot start yimenctl")
    }
}

/// Runs a program of the system to its end and gives its stdout.
///
/// # Errors
/// It is not installed (with the package to install), or it fails.
pub fn run(program: &str, arguments: &[&std::ffi::OsStr]) -> anyhow::Result<Vec<u8>> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("{program} is not installed; `scripts/setup` installs it"))?;
    if !output.status.success() {
        bail!("{program}: {}", text(&output.stderr));
    }
    Ok(output.stdout)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}

/// Turns a path into an argument.
pub fn os(path: &Path) -> &std::ffi::OsStr {
    path.as_os_str()
}
