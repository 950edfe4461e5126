//! `wire-trace`: records submissions by way of an edge on every wire, reads all of it and all that the edge stored and logged, and
//! counts what of the person can be read. The last line is one JSON object. Exit codes: 0 nothing can be read; 1 otherwise.

#![expect(clippy::print_stdout, reason = "its report is its purpose; the last line is JSON")]

use anyhow::Context as _;
use clap::Parser;
use e2e::relay::trace::{Wish, run};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Records and reads.
#[derive(Parser)]
struct Arguments {
    /// Folder with the programs; default: where this program lies.
    #[arg(long)]
    bin: Option<PathBuf>,
    /// Where to work; default: a new folder that is deleted afterwards.
    #[arg(long)]
    work: Option<PathBuf>,
    /// The trace for people: method, path, names of headers, sizes, first bytes.
    #[arg(long, default_value = "wire-trace.txt")]
    trace: PathBuf,
    /// The kiosk writes the person's name into the manifest: it must be found.
    #[arg(long, hide = true)]
    plant: bool,
}

fn main() -> anyhow::Result<ExitCode> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let Arguments { bin, work, trace, plant } = Arguments::parse();
    let own = std::env::current_exe()?;
    let bin = bin.unwrap_or_else(|| own.parent().unwrap_or(Path::new(".")).to_owned());
    let new = tempfile::tempdir()?;
    let work = work.unwrap_or_else(|| new.path().to_owned());
    let (figures, clean) = run(&Wish { bin, trace, plant }, &work).context("the check could not be carried out")?;
    println!("{figures}");
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
