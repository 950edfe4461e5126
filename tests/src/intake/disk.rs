//! What a flush costs on the disk that is measured: the one thing that decides how much a group commit wins. And, when asked
//! for, a slower one: a small library that lets every flush of every party take longer, so that a run on a disk that answers
//! at once still tells what a disk does that has to wait.
//! Invariants: the real flush always happens; a party that did not load the library fails the bench.

use anyhow::{Context as _, ensure};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// What the library reads: microseconds that each flush takes more.
const MORE: &str = "YIMEN_FLUSH_US";
/// What the loader reads.
const LOADED: &str = "LD_PRELOAD";
/// The library's file.
const NAME: &str = "slow_disk.so";
/// Flushes in one measurement.
const FLUSHES: usize = 100;
/// Bytes before each.
const WRITTEN: [u8; 8192] = [0x5a; 8192];

/// Half of the flushes after a small write took less than this, milliseconds.
///
/// # Errors
/// The disk's.
pub fn flush_ms(folder: &Path) -> std::io::Result<f64> {
    let mut file = tempfile::tempfile_in(folder)?;
    let mut times = Vec::with_capacity(FLUSHES);
    for _ in 0..FLUSHES {
        file.write_all(&WRITTEN)?;
        let begun = Instant::now();
        file.sync_data()?;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    Ok(times[FLUSHES / 2].as_secs_f64() * 1000.0)
}

/// Builds the library in `folder`; gives a command's environment in which each flush takes `more`.
///
/// # Errors
/// No C compiler, or what it says.
pub fn slower(folder: &Path, more: Duration) -> anyhow::Result<Vec<(&'static str, String)>> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/intake/slow_disk.c");
    let library = folder.join(NAME);
    let built =
        Command::new("cc").args(["-shared", "-fPIC", "-O2", "-o"]).arg(&library).arg(source).arg("-ldl").output();
    let built = built.context("a C compiler is needed for --flush-ms: cc")?;
    ensure!(built.status.success(), "cc: {}", String::from_utf8_lossy(&built.stderr));
    Ok(vec![(LOADED, library.to_string_lossy().into_owned()), (MORE, more.as_micros().to_string())])
}

/// What of this process's environment slows flushes down, to be handed to a process whose environment is cleared.
pub fn inherited() -> impl Iterator<Item = (&'static str, String)> {
    [LOADED, MORE].into_iter().filter_map(|name| Some((name, std::env::var(name).ok()?)))
}

/// Whether this process's flushes are slowed down.
pub fn is_slower() -> bool {
    std::env::var_os(LOADED).is_some_and(|library| PathBuf::from(library).ends_with(NAME))
}

/// That process has the library when this one has it.
///
/// # Errors
/// It has not, or cannot be looked at.
pub fn same_as_here(process: u32) -> anyhow::Result<()> {
    let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).context("a party's memory map")?;
    ensure!(maps.contains(NAME) == is_slower(), "process {process} does not flush as this one does");
    Ok(())
}
