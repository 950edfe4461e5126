//! `faults kills --kills N`: faults on purpose against a real kiosk without a face and a real office.
//! The last line is one JSON object. Exit codes: 0 nothing lost, doubled or false; 1 otherwise, then what is left is kept.

#![expect(clippy::print_stdout, reason = "its report is its purpose; the last line is JSON")]

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use e2e::faults::{kills, network, syscalls};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Breaks things on purpose and counts what is lost.
#[derive(Parser)]
struct Arguments {
    /// Folder with `yimen-office`, `yimenctl` and `yimen-outbox-driver`; default: where this program lies.
    #[arg(long, global = true)]
    bin: Option<PathBuf>,
    /// Where to work; default: a new folder that is deleted afterwards.
    #[arg(long, global = true)]
    work: Option<PathBuf>,
    /// Repeats a run's choices.
    #[arg(long, global = true, default_value_t = 20_261_122)]
    seed: u64,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// SIGKILL to kiosk and office at random times.
    Kills {
        /// How many.
        #[arg(long, default_value_t = 200)]
        kills: u32,
        /// Break a rule on purpose in the kiosk: the check must then fail.
        #[arg(long, hide = true)]
        plant: Option<String>,
    },
    /// A bad line: cuts at each byte, half closes, delays, trickles, storms.
    Network {
        /// Cut at each so-many-th byte only.
        #[arg(long, default_value_t = 1)]
        every: u64,
        /// Random rounds of the other faults.
        #[arg(long, default_value_t = 500)]
        random: u64,
        /// Submissions through a stand-in that refuses, repeats, reorders and loses answers.
        #[arg(long, default_value_t = 300)]
        storm: u64,
    },
    /// Each call that writes, broken in turn by strace.
    Syscalls {
        /// Break each so-many-th only.
        #[arg(long, default_value_t = 1)]
        every: u32,
        /// `kiosk` or `office`; both unless said.
        #[arg(long)]
        side: Option<String>,
    },
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let own = std::env::current_exe()?;
    let bin = arguments.bin.clone().unwrap_or_else(|| own.parent().unwrap_or(Path::new(".")).to_owned());
    let new = tempfile::tempdir()?;
    let work = arguments.work.clone().unwrap_or_else(|| new.path().to_owned());
    let seed = arguments.seed;
    let ended = match arguments.what {
        What::Network { every, random, storm } => {
            network::run(&network::Wish { every, random, storm, seed, bin }, &work)
        }
        What::Syscalls { every, side } => syscalls::run(&syscalls::Wish { every, side, bin }, &work),
        What::Kills { kills, plant } => kills::run(&kills::Wish { kills, seed, bin, plant }, &work),
    };
    let clean = matches!(ended, Ok((_, true)));
    if !clean {
        // What a fault is understood by must not be deleted.
        let _ = new.keep();
        eprintln!("what is left lies in {}", work.display());
    }
    let (figures, _) = ended.context("the check could not be carried out")?;
    println!("{figures}");
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
