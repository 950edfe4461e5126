//! The seeded simulation: several kiosks with the real outbox machine on disks that lose what was not synced, an office with
//! a disk of its own, a network that loses, repeats, delays and reorders, power cuts of either side, clocks that jump by years or
//! stand still, full disks, storms of refusals.
//! Invariants: a seed repeats a world step by step; the judge (`judge`) shares no code with the machine: it knows ids and what
//! lies where. A world that fails is named by its seed, kept in `tests/faults/simulation_seeds.txt`, and walked again first.
//! Not here: real disks and processes (`faults::kills`, `faults::syscalls`).

mod disk;
mod judge;
mod office;
mod world;

pub use world::Plant;

use anyhow::Context as _;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;
use world::World;

/// Steps of one world, before it is left in calm.
const STEPS: u64 = 5_000;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// How many steps, over all worlds.
    pub steps: u64,
    /// The first world's seed; the next worlds follow from it.
    pub seed: u64,
    /// Kiosks of a world.
    pub kiosks: usize,
    /// Seeds that failed once, one on a line; new ones are added.
    pub regressions: std::path::PathBuf,
    /// Break a rule on purpose.
    pub plant: Option<Plant>,
}

/// What happened in all worlds.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    sealed: u64,
    power_cuts: u64,
    clock_jumps: u64,
    refused: u64,
    disk_failures: u64,
    lost_messages: u64,
}

/// Walks known failing seeds, then new worlds.
///
/// # Errors
/// The file of seeds cannot be read or written.
pub fn run(wish: &Wish) -> anyhow::Result<(Value, bool)> {
    let started = Instant::now();
    let (mut sum, mut failing, mut kinds) = (Sum::default(), Vec::new(), [0_u64; 5]);
    let known = known(&wish.regressions)?;
    let new = (0..wish.steps.div_ceil(STEPS)).map(|world| wish.seed.wrapping_add(world.wrapping_mul(0x9E37_79B9)));
    let mut walked = 0;
    for seed in known.iter().copied().chain(new) {
        let mut world = World::new(seed, wish.kiosks, wish.plant);
        let fault = world.live(STEPS);
        walked += STEPS;
        sum.add(&world);
        if let Some(fault) = fault {
            eprintln!("seed {seed}: {fault}");
            kinds[fault.kind()] += 1;
            failing.push(seed);
        }
    }
    if wish.plant.is_none() {
        keep(&wish.regressions, &failing, &known)?;
    }
    let figures = json!({
        "steps": walked,
        "seed": wish.seed,
        "kiosks": wish.kiosks,
        "lost": kinds[0],
        "duplicated": kinds[1],
        "false_success": kinds[2],
        "out_of_order": kinds[3],
        "stuck": kinds[4],
        "failing_seeds": failing,
        "regressions_replayed": known.len(),
        "sealed": sum.sealed,
        "power_cuts": sum.power_cuts,
        "clock_jumps": sum.clock_jumps,
        "refused": sum.refused,
        "disk_failures": sum.disk_failures,
        "lost_messages": sum.lost_messages,
        "seconds": started.elapsed().as_secs_f64().round(),
    });
    let met = [sum.sealed, sum.power_cuts, sum.clock_jumps, sum.refused, sum.disk_failures, sum.lost_messages];
    Ok((figures, failing.is_empty() && met.iter().all(|count| *count > 0)))
}

impl Sum {
    const fn add(&mut self, world: &World) {
        self.sealed += world.sealed;
        self.power_cuts += world.power_cuts;
        self.clock_jumps += world.clock_jumps;
        self.refused += world.refused;
        self.disk_failures += world.disk_failures;
        self.lost_messages += world.lost_messages;
    }
}

fn known(path: &Path) -> anyhow::Result<Vec<u64>> {
    let Ok(text) = std::fs::read_to_string(path) else { return Ok(Vec::new()) };
    let seeds = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    seeds.filter(|line| !line.is_empty()).map(|line| line.parse().context("a seed that is no number")).collect()
}

fn keep(path: &Path, failing: &[u64], known: &[u64]) -> anyhow::Result<()> {
    let new: Vec<String> =
        failing.iter().filter(|seed| !known.contains(seed)).map(|seed| format!("{seed}\n")).collect();
    if new.is_empty() {
        return Ok(());
    }
    let text = std::fs::read_to_string(path).unwrap_or_default();
    std::fs::write(path, text + &new.concat()).context("the file of failing seeds")
}
