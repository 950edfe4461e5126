//! `yimen-demo`: the whole demonstration. With a display it opens the kiosk's window on a bureau in `demo-data/` and stays
//! until the window is closed; without one, or with YIMEN_HEADLESS=1, the robot walks the journeys on a fresh bureau and
//! writes its report. `--counter` walks one errand of every service and hands the counter to a command. The last line on stdout is one JSON object.
//! Exit codes: 0 all as it should be; 1 a journey ended otherwise, or something could not start; 130 interrupted.
//! Invariant: every process started here is ended here, by its id.

#![expect(clippy::print_stdout, reason = "its report is its purpose; the last line is JSON")]

use anyhow::{Context as _, bail};
use clap::Parser;
use e2e::counter;
use e2e::demo::children::Children;
use e2e::demo::tools::Tools;
use e2e::demo::{
    Bureau, FIRST, FULL_DISK, IMPATIENT, KioskPlan, NEIGHBOURS, OFFICERS, SECOND, Stay, THIRD, UNREACHABLE, WINDOW,
    residents,
};
use e2e::officer_side::{self, OfficerSide};
use e2e::plaintext::{Searched, search};
use e2e::report;
use e2e::robot::hands::plan_of;
use e2e::robot::journey::{self, Journey};
use e2e::robot::walk::{Walked, alone, walk};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::time::Instant;

/// Runs the demonstration.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    /// Never open a window.
    #[arg(long)]
    headless: bool,
    /// The window in landscape.
    #[arg(long)]
    landscape: bool,
    /// Folder of the window's bureau; kept between starts.
    #[arg(long, env = "YIMEN_DEMO_DATA", default_value = "demo-data")]
    data: PathBuf,
    /// Where the robot writes its report.
    #[arg(long, env = "YIMEN_OUT", default_value = "demo-out")]
    out: PathBuf,
    /// The services.
    #[arg(long, default_value = "services-catalog")]
    catalogue: PathBuf,
    /// The journeys.
    #[arg(long, default_value = "tests/journeys")]
    journeys: PathBuf,
    /// Only journeys whose id holds this.
    #[arg(long)]
    only: Option<String>,
    /// Walks one errand of every service, then lets this command work at the officers' counter.
    #[arg(long, value_name = "COMMAND")]
    counter: Option<String>,
    /// Opens each case that a journey left, with this command, and puts the officer's pictures beside the resident's.
    #[arg(long, value_name = "COMMAND")]
    officer_side: Option<String>,
    /// The residents of the demonstration registry.
    #[arg(long, default_value = "back-office/demo/residents.toml")]
    residents: PathBuf,
}

fn main() -> ExitCode {
    tracing_subscriber::fmt().with_writer(std::io::stderr).without_time().init();
    let arguments = Arguments::parse();
    let children = Children::default();
    let result = children
        .stop_on_signals()
        .and_then(|()| if headless(&arguments) { robot(&arguments, &children) } else { window(&arguments, &children) });
    children.stop_all();
    match result {
        Ok(right) => ExitCode::from(u8::from(!right)),
        Err(error) => {
            eprintln!("demo: {error:#}");
            println!("{}", serde_json::json!({ "ok": false, "error": format!("{error:#}") }));
            ExitCode::FAILURE
        }
    }
}

fn headless(arguments: &Arguments) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let asked = std::env::var("YIMEN_HEADLESS").is_ok_and(|value| value == "1");
    arguments.headless || arguments.counter.is_some() || asked || !(set("DISPLAY") || set("WAYLAND_DISPLAY"))
}

fn window(arguments: &Arguments, children: &Children) -> anyhow::Result<bool> {
    let tools = Tools::find()?;
    let bureau = Bureau::open(&arguments.data, &arguments.catalogue, tools, children.clone(), &[WINDOW], Stay::Kept)?;
    println!("The office is open. The kiosk's window opens now; close it to end the demonstration.");
    println!("Officers work at {} (the kiosk's submissions arrive there):", bureau.workbench());
    for officer in OFFICERS {
        let password = bureau.first_password(officer)?;
        println!("  {} {}  one-time password {password}", officer.id, officer.name);
    }
    println!("Everything lies in {}; remove that folder to begin anew.", bureau.folder.display());
    let mut command = Command::new(bureau.tools.path("yimen-kiosk"));
    command.arg("--folder").arg(bureau.kiosk_folder(WINDOW)).arg("--catalogue").arg(&bureau.catalogue).arg("--dock");
    if arguments.landscape {
        command.arg("--landscape");
    }
    let process = children.start(command.stdin(Stdio::null()).stdout(Stdio::null()))?;
    let status = loop {
        if let Some(status) = process.ended() {
            break status;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
    };
    if !status.success() {
        bail!("the kiosk ended with {status}");
    }
    println!("{}", serde_json::json!({ "ok": true, "data": bureau.folder }));
    Ok(true)
}

fn robot(arguments: &Arguments, children: &Children) -> anyhow::Result<bool> {
    let begun = Instant::now();
    let tools = Tools::find()?;
    let mut journeys = journey::read_all(&arguments.journeys)?;
    if arguments.counter.is_some() {
        journeys.retain(|journey| counter::JOURNEYS.contains(&journey.id.as_str()));
    }
    if let Some(only) = &arguments.only {
        journeys.retain(|journey| journey.id.contains(only.as_str()));
    }
    if journeys.is_empty() {
        bail!("there is no such journey in {}", arguments.journeys.display());
    }
    let text =
        std::fs::read_to_string(&arguments.residents).with_context(|| arguments.residents.display().to_string())?;
    let residents = residents::read(&text)?;
    let out = fresh(&arguments.out)?;
    let data = tempfile::Builder::new().prefix("yimen-demo-").tempdir()?;
    let kiosks = [[FIRST, SECOND, THIRD, UNREACHABLE, IMPATIENT, FULL_DISK].as_slice(), &NEIGHBOURS].concat();
    let stay = match arguments.counter {
        Some(_) => Stay::Counter { lease_seconds: counter::LEASE_SECONDS },
        None => Stay::OneRun,
    };
    let bureau = Bureau::open(data.path(), &arguments.catalogue, tools, children.clone(), &kiosks, stay)?;
    let side =
        arguments.officer_side.as_deref().map(|command| OfficerSide::start(&bureau, &out, command)).transpose()?;
    let mut walked = walk_all(journeys, &bureau, &residents, &out, side.as_ref());
    if let Some(command) = &arguments.counter {
        let day = counter::Day { bureau: &bureau, residents: &residents, journeys: &arguments.journeys, out: &out };
        let mut result = day.run(command, &walked)?;
        children.stop_all();
        let searched = left_in_plain(&bureau.folder, &residents)?;
        result.add(&searched);
        if !result.right() {
            keep_logs(&bureau.folder, &out)?;
        }
        println!("{}", result.line());
        return Ok(result.right());
    }
    let (seen, unseen) = side.map(OfficerSide::seen).unwrap_or_default();
    let officer_pictures = join(&mut walked, seen);
    children.stop_all();
    report::write(&out, &walked)?;
    let right = walked.iter().filter(|(_, walk)| walk.right).count();
    let wrong: Vec<&str> =
        walked.iter().filter(|(_, walk)| !walk.right).map(|(journey, _)| journey.id.as_str()).collect();
    let searched = left_in_plain(&bureau.folder, &residents)?;
    let ok = wrong.is_empty() && unseen.is_empty() && searched.found.is_empty() && searched.files > 0;
    if !ok {
        keep_logs(&bureau.folder, &out)?;
    }
    let pictures: usize = walked.iter().map(|(_, walk)| walk.steps.len()).sum();
    let documents: usize = walked.iter().map(|(_, walk)| walk.documents.len()).sum();
    println!(
        "{}",
        serde_json::json!({
            "ok": ok, "journeys": walked.len(), "right": right, "wrong": wrong, "pictures": pictures,
            "documents": documents, "officer_pictures": officer_pictures, "officer_side_missing": unseen,
            "searched_files": searched.files, "searched_bytes": searched.bytes,
            "plaintext": searched.found, "seconds": begun.elapsed().as_secs(), "report": out.join("report.html"),
        })
    );
    Ok(ok)
}

/// Puts the officer's pictures beside the resident's; says how many.
fn join(walked: &mut [(Journey, Walked)], mut seen: officer_side::Seen) -> usize {
    let mut pictures = 0;
    for (journey, walk) in walked {
        walk.office = seen.remove(&journey.id).unwrap_or_default();
        pictures += walk.office.len();
    }
    pictures
}

/// After the visits nothing on the disks of kiosks and office tells who was there; only the printer's tray, which stands
/// for paper, does.
fn left_in_plain(bureau: &Path, residents: &[residents::Resident]) -> anyhow::Result<Searched> {
    let words: Vec<String> = residents
        .iter()
        .flat_map(|r| [r.name.clone(), r.id_number.clone(), r.phone()])
        .filter(|w| !w.is_empty())
        .collect();
    let mut searched = Searched::default();
    search(bureau, &["tray"], &words, &mut searched)?;
    Ok(searched)
}

/// Three lanes, each with its own kiosk, because a journey is mostly waiting; journeys that need a special kiosk all go in the first lane.
fn walk_all(
    journeys: Vec<Journey>,
    bureau: &Bureau,
    residents: &[residents::Resident],
    out: &Path,
    side: Option<&OfficerSide>,
) -> Vec<(Journey, Walked)> {
    let order: Vec<String> = journeys.iter().map(|journey| journey.id.clone()).collect();
    let (special, ordinary): (Vec<Journey>, Vec<Journey>) =
        journeys.into_iter().partition(|journey| alone(journey.kiosk));
    let waiting = Mutex::new(ordinary.into_iter().rev().collect::<Vec<_>>());
    let done = Mutex::new(Vec::new());
    let broken = Mutex::new(BTreeSet::new());
    let go = |journey: Journey, lane: KioskPlan| {
        let broken = || broken.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let kiosk = plan_of(journey.kiosk, lane).id;
        let after_failure = broken().contains(kiosk);
        let mut walked = walk(&journey, bureau, residents, (lane, after_failure), out);
        if let Some(Err(error)) = side.map(|side| side.show(bureau, &journey, &walked)) {
            walked.outcome = format!("failed: {error:#}");
            walked.right = false;
        }
        if !walked.right {
            broken().insert(kiosk);
        }
        let mark = if walked.right { "ok" } else { "WRONG" };
        println!("{mark:5} {:28} {:5.1} s  {}", journey.id, walked.took.as_secs_f32(), walked.outcome);
        done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((journey, walked));
    };
    let next = || waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for journey in special {
                go(journey, FIRST);
            }
            while let Some(journey) = next() {
                go(journey, FIRST);
            }
        });
        for lane in [SECOND, THIRD] {
            let (go, next) = (&go, &next);
            scope.spawn(move || {
                while let Some(journey) = next() {
                    go(journey, lane);
                }
            });
        }
    });
    let mut walked = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    walked.sort_by_key(|(journey, _)| order.iter().position(|id| *id == journey.id));
    walked
}

/// An empty folder for the report: an older report in it is removed, anything else is left alone.
fn fresh(out: &Path) -> anyhow::Result<PathBuf> {
    std::fs::create_dir_all(out).with_context(|| out.display().to_string())?;
    for name in ["pictures", "documents", "logs"] {
        let path = out.join(name);
        if path.exists() {
            std::fs::remove_dir_all(&path).with_context(|| path.display().to_string())?;
        }
    }
    Ok(std::path::absolute(out)?)
}

fn keep_logs(bureau: &Path, out: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(out.join("logs"))?;
    for entry in std::fs::read_dir(bureau.join("logs"))? {
        let entry = entry?;
        std::fs::copy(entry.path(), out.join("logs").join(entry.file_name()))?;
    }
    Ok(())
}
