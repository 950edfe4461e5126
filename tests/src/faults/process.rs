//! Programs that are started to be killed. Invariant: none outlives the check, however the check ends.

use anyhow::{Context as _, bail};
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Longest time for stopping.
const CLOSING: Duration = Duration::from_secs(12);

/// A started program.
#[derive(Debug)]
pub struct Running {
    name: &'static str,
    process: Child,
    /// Where its stderr goes.
    pub log: PathBuf,
}

impl Running {
    /// Starts it, with its stderr added to a log.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(name: &'static str, command: &mut Command, log: PathBuf) -> anyhow::Result<Self> {
        let file = std::fs::File::options().create(true).append(true).open(&log)?;
        // Without a trace the reason is among the last lines.
        let process = command.env("RUST_BACKTRACE", "0").stdin(Stdio::null()).stderr(file).spawn().context(name)?;
        Ok(Self { name, process, log })
    }

    /// SIGKILL.
    ///
    /// # Errors
    /// A program that had ended before by itself is a fault of its own, told with its last words.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.must_run()?;
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// Tells it to stop; one that does not is killed. A traced program that is killed from outside looks as if its tracer had done it.
    ///
    /// # Errors
    /// The system's.
    pub fn stop(&mut self) -> anyhow::Result<()> {
        if self.process.try_wait()?.is_none() {
            Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().context("kill")?;
        }
        let deadline = Instant::now() + CLOSING;
        while self.process.try_wait()?.is_none() {
            if Instant::now() > deadline {
                return self.kill();
            }
            std::thread::park_timeout(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Waits for its own end.
    ///
    /// # Errors
    /// The system's.
    pub fn wait(&mut self) -> anyhow::Result<ExitStatus> {
        Ok(self.process.wait()?)
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    /// The system's.
    pub fn ended(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        Ok(self.process.try_wait()?)
    }

    /// It has not ended by itself.
    ///
    /// # Errors
    /// It has: with its last words.
    pub fn must_run(&mut self) -> anyhow::Result<()> {
        let Some(status) = self.process.try_wait()? else { return Ok(()) };
        bail!("{} ended by itself ({status}); nobody had killed it. Its last words:\n{}", self.name, self.last_words())
    }

    /// The end of its log.
    pub fn last_words(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(12)..].join("\n")
    }

    /// Its stdout, line by line. The programs here write whole lines, so that a kill leaves none cut.
    ///
    /// # Errors
    /// Its stdout was not piped, or was taken before.
    pub fn lines(&mut self) -> anyhow::Result<Receiver<String>> {
        let out = self.process.stdout.take().context("no stdout to read")?;
        let (line, lines) = channel();
        std::thread::spawn(move || {
            for text in BufReader::new(out).lines().map_while(Result::ok) {
                if line.send(text).is_err() {
                    return;
                }
            }
        });
        Ok(lines)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail for a process that has ended, which is what is wanted.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
