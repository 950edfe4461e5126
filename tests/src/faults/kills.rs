//! A real kiosk without a face and a real office, killed with SIGKILL again and again; in the end every submission a person was
//! told of must be one case in the office, or lie whole on the kiosk where the office refused it for ever.
//! Invariant: times are random over the whole cycle; a chosen moment is used only until each state was hit often enough.

use super::bench::{Bench, Clock, Kiosk};
use super::dice::Dice;
use super::journal::Journal;
use super::verdict::Verdict;
use anyhow::bail;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

/// States that must each be hit.
const STATES: [&str; 6] = ["COLLECTING", "SEALED", "SENDING", "ACKED", "TOMBSTONE", "QUARANTINED"];
/// How often, when the kills are enough for it.
const EACH: u32 = 20;
/// Wrong clocks.
const CLOCKS: [&str; 5] = ["+10y", "-10y", "-1h", "+31d", "+25h"];
/// Longest wait for a chosen moment.
const PATIENCE: Duration = Duration::from_secs(5);
/// Random times lie within this after the last start: several whole cycles.
const SPAN_MICROS: u64 = 700_000;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wish {
    /// How many kills.
    pub kills: u32,
    /// Repeats a run's choices.
    pub seed: u64,
    /// Where the programs lie.
    pub bin: PathBuf,
    /// Break a rule on purpose in the kiosk.
    pub plant: Option<String>,
    /// Each start has a wall clock of its own, half of them wrong by up to ten years.
    pub clocks: bool,
}

/// Kills, then judges. Gives the figures and whether they are as promised.
///
/// # Errors
/// Something else than what is looked for: a program that cannot start or ends by itself, an outbox that does not drain.
pub fn run(wish: &Wish, work: &Path) -> anyhow::Result<(Value, bool)> {
    let mut bench = Bench::prepare(wish.bin.clone(), work)?;
    if let Some(plant) = &wish.plant {
        bench.kiosk_arguments = vec!["--plant".to_owned(), plant.clone()];
    }
    let started = Instant::now();
    let mut journal = Journal::default();
    let mut by_state: BTreeMap<String, u32> = STATES.iter().map(|state| ((*state).to_owned(), 0)).collect();
    let wrong = kill(wish, &mut bench, &mut journal, &mut by_state)?;
    let verdict = Verdict::of(&bench, &journal)?;
    let enough = EACH.min(wish.kills / 12);
    let missed: Vec<&String> = by_state.iter().filter(|(_, count)| **count < enough).map(|(state, _)| state).collect();
    let figures = json!({
        "kills": wish.kills,
        "lost": verdict.count("lost"),
        "duplicated": verdict.count("duplicated"),
        "false_success": verdict.count("false_success"),
        "without_data": verdict.count("without_data"),
        "by_state": by_state,
        "told": verdict.count("told"),
        "receipts": verdict.count("receipts"),
        "quarantined": verdict.count("quarantined"),
        "wrong_clocks": wrong,
        "seed": wish.seed,
        "seconds": started.elapsed().as_secs(),
    });
    if !missed.is_empty() {
        eprintln!("too few kills in {missed:?}");
    }
    if verdict.count("waiting") != 0 {
        bail!("items wait on a kiosk that said it had drained: {}", verdict.0);
    }
    let told = verdict.count("told") > 0;
    Ok((figures, verdict.clean() && told && missed.is_empty()))
}

fn kill(
    wish: &Wish,
    bench: &mut Bench,
    journal: &mut Journal,
    by_state: &mut BTreeMap<String, u32>,
) -> anyhow::Result<u32> {
    let mut wrong = 0;
    let mut dice = Dice::new(wish.seed);
    let mut office = bench.open_office()?;
    let mut kiosk = bench.kiosk_again(journal, &bad(by_state))?;
    for number in 1..=wish.kills {
        let scarce = by_state.values().any(|count| *count < EACH + EACH / 4);
        let aim = (scarce && dice.below(5) > 0).then(|| rarest(by_state, &mut dice));
        let moment = Duration::from_micros(dice.below(SPAN_MICROS));
        let focus = await_moment(&kiosk, journal, aim.as_deref(), moment);
        // The office dies in two of five; when aiming, the state is that of the item on the kiosk at that moment.
        let office_dies = dice.below(5) < 2;
        if office_dies {
            office.kill()?;
            for line in kiosk.lines.try_iter() {
                journal.take(&line);
            }
        } else {
            kiosk.kill(journal)?;
        }
        let state = focus.as_ref().and_then(|id| journal.state.get(id)).cloned();
        if let Some(count) = state.and_then(|state| by_state.get_mut(&state)) {
            *count += 1;
        }
        bench.clock = Clock::default();
        if wish.clocks && dice.one_in(2) {
            wrong += 1;
            bench.clock = Clock::wrong_by(CLOCKS[dice.below(CLOCKS.len() as u64) as usize])?;
        }
        if office_dies {
            office = bench.office()?;
        } else {
            kiosk = bench.kiosk_again(journal, &bad(by_state))?;
        }
        if number % 100 == 0 {
            eprintln!("{number} kills, {} told, {by_state:?}", journal.told.len());
        }
    }
    kiosk.kill(journal)?;
    bench.clock = Clock::default();
    if wish.clocks {
        // An office whose clock is years off believes no certificate.
        office.kill()?;
        office = bench.open_office()?;
    }
    bench.drain(journal)?;
    office.kill()?;
    Ok(wrong)
}

/// While kills in QUARANTINED are wanted, some submissions are such as no office takes.
fn bad(by_state: &BTreeMap<String, u32>) -> Vec<String> {
    let wanted = by_state.get("QUARANTINED").is_some_and(|count| *count < EACH + EACH / 4);
    if wanted { vec!["--bad".to_owned()] } else { Vec::new() }
}

/// The state hit least often so far; any of them when there is a draw.
fn rarest(by_state: &BTreeMap<String, u32>, dice: &mut Dice) -> String {
    let least = by_state.values().min().copied().unwrap_or(0);
    let names: Vec<&String> = by_state.iter().filter(|(_, count)| **count == least).map(|(name, _)| name).collect();
    names[dice.below(names.len() as u64) as usize].clone()
}

/// Reads the journal until the wanted state appears, or, without one, until the time has passed. Gives the last item named.
fn await_moment(kiosk: &Kiosk, journal: &mut Journal, aim: Option<&str>, moment: Duration) -> Option<String> {
    let deadline = Instant::now() + if aim.is_some() { PATIENCE } else { moment };
    let mut focus = None;
    loop {
        match kiosk.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                let Some((id, state)) = journal.take(&line) else { continue };
                focus = Some(id);
                // Only a line that is the newest tells the present.
                if aim == Some(state.as_str()) {
                    return focus;
                }
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return focus,
        }
    }
}
