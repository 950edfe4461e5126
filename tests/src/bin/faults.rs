//! `faults kills --kills N`: faults on purpose against a real kiosk without a face and a real office.
//! The last line is one JSON object. Exit codes: 0 nothing lost, doubled or false; 1 otherwise, then what is left is kept.

#![expect(clippy::print_stdout, reason = "its report is its purpose; the last line is JSON")]

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use e2e::faults::{kills, network, simulation, syscalls};
use e2e::relay;
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
    /// Repeats a run's choices; the simulation takes new ones unless told.
    #[arg(long, global = true)]
    seed: Option<u64>,
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
        /// Each start has a wall clock of its own, half of them wrong by up to ten years.
        #[arg(long)]
        clocks: bool,
        /// Break a rule on purpose in the kiosk: the check must then fail.
        #[arg(long, hide = true)]
        plant: Option<String>,
    },
    /// SIGKILL to kiosk, edge and core at random times.
    Relay {
        /// How many.
        #[arg(long, default_value_t = 200)]
        kills: u32,
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
    /// Seeded worlds of kiosks, network, power and clocks in memory, with the real outbox machine.
    Simulate {
        /// How many steps, over all worlds.
        #[arg(long, default_value_t = 100_000)]
        steps: u64,
        /// Kiosks of a world.
        #[arg(long, default_value_t = 5)]
        kiosks: usize,
        /// Seeds that failed once: walked first; new ones are added.
        #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/faults/simulation_seeds.txt"))]
        regressions: PathBuf,
        /// Break a rule on purpose: the judge must see it.
        #[arg(long, hide = true)]
        plant: Option<simulation::Plant>,
    },
    /// Each call that writes, broken in turn by strace.
    Syscalls {
        /// Break each so-many-th only.
        #[arg(long, default_value_t = 1)]
        every: u32,
        /// `kiosk` or `office`; both unless said. `edge`: that alone, with an edge before the office.
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
    let seed = arguments.seed.unwrap_or(20_261_122);
    let ended = match arguments.what {
        What::Simulate { steps, kiosks, regressions, plant } => {
            let seed = arguments.seed.unwrap_or_else(|| u64::from_le_bytes(ambient::random_bytes()) >> 16);
            simulation::run(&simulation::Wish { steps, seed, kiosks, regressions, plant })
        }
        What::Network { every, random, storm } => {
            network::run(&network::Wish { every, random, storm, seed, bin }, &work)
        }
        What::Syscalls { every, side } => syscalls::run(&syscalls::Wish { every, side, bin }, &work),
        What::Relay { kills } => relay::kills::run(&relay::kills::Wish { kills, seed, bin }, &work),
        What::Kills { kills, plant, clocks } => kills::run(&kills::Wish { kills, seed, bin, plant, clocks }, &work),
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
