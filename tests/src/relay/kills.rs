//! Kiosk, edge and core, each killed with SIGKILL at random moments, some staying dead for a while; in the end every submission a
//! person was told of must be in the core once, by way of the edge, and nothing of it left at the edge.
//! Invariant: the verdict is that of the other kill runs (`faults/verify.py`), which knows nothing of an edge.

use super::bench::{Relayed, until};
use crate::faults::bench::Kiosk;
use crate::faults::dice::Dice;
use crate::faults::journal::Journal;
use crate::faults::process::Running;
use crate::faults::verdict::Verdict;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Random moments lie within this.
const SPAN_MICROS: u64 = 900_000;
/// What the edge logs.
const LOG: &str = "error";

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// How many kills.
    pub kills: u32,
    /// Repeats a run's choices.
    pub seed: u64,
    /// Where the programs lie.
    pub bin: PathBuf,
}

struct World<'a> {
    relayed: &'a Relayed,
    journal: Journal,
    core: Option<Running>,
    edge: Option<Running>,
    kiosk: Option<Kiosk>,
    killed: [u32; 3],
    /// Most submissions that lay at the edge alone at one moment.
    lay_there: u64,
}

/// Kills, then judges. Gives the figures and whether they are as promised.
///
/// # Errors
/// Something else than what is looked for: a program that cannot start or ends by itself, an outbox that does not drain.
pub fn run(wish: &Wish, work: &Path) -> anyhow::Result<(Value, bool)> {
    let relayed = Relayed::prepare(wish.bin.clone(), work)?;
    let started = Instant::now();
    let mut dice = Dice::new(wish.seed);
    let mut world = World {
        core: Some(relayed.bench.open_office()?),
        edge: Some(relayed.open_edge(LOG)?),
        kiosk: None,
        journal: Journal::default(),
        killed: [0; 3],
        lay_there: 0,
        relayed: &relayed,
    };
    let mut again = 0;
    for _ in 0..wish.kills {
        world.all_up(&mut dice, &mut again)?;
        world.listen(Duration::from_micros(dice.below(SPAN_MICROS)));
        world.lay_there = world.lay_there.max(relayed.waiting()?);
        world.kill(dice.below(5))?;
    }
    world.settle()?;
    let verdict = Verdict::of(&relayed.bench, &world.journal)?;
    let (handed_on, left) = (relayed.handed_on()?, relayed.waiting()? + relayed.blobs()? as u64);
    let [core, edge, kiosk] = world.killed;
    let figures = json!({
        "kills": wish.kills, "core_killed": core, "edge_killed": edge, "kiosk_killed": kiosk,
        "lost": verdict.count("lost"),
        "duplicated": verdict.count("duplicated"),
        "false_success": verdict.count("false_success"),
        "without_data": verdict.count("without_data"),
        "told": verdict.count("told"),
        "cases": verdict.count("cases"),
        "receipts": verdict.count("receipts"),
        "handed_on": handed_on,
        "most_at_the_edge": world.lay_there,
        "left_at_the_edge": left,
        "seed": wish.seed,
        "seconds": started.elapsed().as_secs(),
    });
    let all_by_the_edge = handed_on == verdict.count("cases");
    let sound = verdict.clean() && verdict.count("told") > 0 && verdict.count("waiting") == 0;
    Ok((figures, sound && all_by_the_edge && left == 0 && world.lay_there > 0))
}

impl World<'_> {
    /// Starts what is dead; the core sometimes stays so for another round.
    fn all_up(&mut self, dice: &mut Dice, again: &mut u32) -> anyhow::Result<()> {
        let bench = &self.relayed.bench;
        if self.edge.is_none() {
            self.edge = Some(self.relayed.start_edge(LOG)?);
        }
        if self.core.is_none() && (dice.one_in(2) || *again == 2) {
            self.core = Some(bench.office()?);
            *again = 0;
        } else if self.core.is_none() {
            *again += 1;
        }
        if self.kiosk.is_none() {
            self.kiosk = Some(bench.kiosk_again(&self.journal, &[])?);
        }
        Ok(())
    }

    fn listen(&mut self, moment: Duration) {
        let deadline = Instant::now() + moment;
        let Some(kiosk) = &self.kiosk else { return };
        while let Ok(line) = kiosk.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            self.journal.take(&line);
        }
    }

    /// Core twice as often as edge and kiosk; now and then core and edge in the same moment.
    fn kill(&mut self, which: u64) -> anyhow::Result<()> {
        if matches!(which, 0 | 1 | 4)
            && let Some(mut core) = self.core.take()
        {
            core.kill()?;
            self.killed[0] += 1;
        }
        if matches!(which, 2 | 4)
            && let Some(mut edge) = self.edge.take()
        {
            edge.kill()?;
            self.killed[1] += 1;
        }
        if which == 3
            && let Some(mut kiosk) = self.kiosk.take()
        {
            kiosk.kill(&mut self.journal)?;
            self.killed[2] += 1;
        }
        Ok(())
    }

    /// Everything up; the kiosk hands in what it holds, the edge hands on what lies there.
    fn settle(&mut self) -> anyhow::Result<()> {
        if let Some(mut kiosk) = self.kiosk.take() {
            kiosk.kill(&mut self.journal)?;
        }
        // Neither may be half started: a door that is shut would look like one that never opens.
        for mut running in [self.core.take(), self.edge.take()].into_iter().flatten() {
            running.kill()?;
        }
        let mut core = self.relayed.bench.open_office()?;
        let mut edge = self.relayed.open_edge(LOG)?;
        self.relayed.bench.drain(&mut self.journal)?;
        let relayed = self.relayed;
        until("the edge is empty", Duration::from_secs(30), || Ok(relayed.waiting()? == 0 && relayed.blobs()? == 0))?;
        edge.kill()?;
        core.kill()
    }
}
