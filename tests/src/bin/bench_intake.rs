//! `bench-intake`: how many submissions of 4 KB an office takes in, durable before each answer, beside one SQLite transaction
//! for each and beside PostgreSQL with one `INSERT` for each; all on the same disk, in interleaved rounds, medians told.
//! Invariants: every receipt is verified and every acknowledged submission counted in the database afterwards, under a
//! checked audit log; the last line is one JSON object. Exit codes: 0 measured; 1 something was refused or lost.
//! Not here: an opinion about the figures (docs/benchmarks.md).

#![expect(clippy::print_stdout, reason = "its report is its purpose; the last line is JSON")]

use anyhow::{Context as _, ensure};
use clap::Parser;
use e2e::intake::bureau::{Bureau, Kiosk};
use e2e::intake::figures::{Round, median, rounded, told};
use e2e::intake::submission::{PLAIN, Prepared, prepare};
use e2e::intake::{disk, office_round, postgres, sqlite_single};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use wire::receipt::Receipt;
use wire::signature::Signed;

/// Measures the office's intake.
#[derive(Parser)]
struct Arguments {
    /// Rounds; each party once in each.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Longest time of one party in one round, seconds.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Clients at once.
    #[arg(long, default_value_t = 128)]
    clients: usize,
    /// Submissions prepared for one party in one round; when they are through, the round ends.
    #[arg(long, default_value_t = 15_000)]
    each: usize,
    /// Folder with `yimen-office` and `yimenctl`; default: where this program lies.
    #[arg(long)]
    bin: Option<PathBuf>,
    /// The office's program; default: the one in `--bin`. A figure that counts is of a release build.
    #[arg(long)]
    office: Option<PathBuf>,
    /// Where to work, on the disk to be measured; default: a new folder beside the programs.
    #[arg(long)]
    work: Option<PathBuf>,
    /// Leave PostgreSQL out.
    #[arg(long)]
    without_postgres: bool,
    /// Let every flush of every party take this much longer, milliseconds; needs a C compiler.
    #[arg(long, default_value_t = 0)]
    flush_ms: u64,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let own = std::env::current_exe()?;
    let bin = arguments.bin.clone().unwrap_or_else(|| own.parent().unwrap_or(Path::new(".")).to_owned());
    let new = tempfile::tempdir_in(arguments.work.as_ref().unwrap_or(&bin))?;
    // PostgreSQL runs under another account and has to get through.
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(new.path(), open)?;
    if arguments.flush_ms > 0 && !disk::is_slower() {
        let slower = disk::slower(new.path(), Duration::from_millis(arguments.flush_ms))?;
        let status = Command::new(own).args(std::env::args_os().skip(1)).envs(slower).status()?;
        ensure!(status.success(), "the bench on a slower disk ended with {status}");
        return Ok(());
    }
    let told = tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(bench(
        &arguments,
        &bin,
        new.path(),
    ))?;
    println!("{told}");
    Ok(())
}

/// One kiosk for each client; `all[n]` is of kiosk `n % kiosks.len()`.
fn prepared(kiosks: &[Kiosk], count: usize) -> anyhow::Result<Vec<Prepared>> {
    (0..count).map(|place| prepare(&kiosks[place % kiosks.len()])).collect()
}

async fn bench(arguments: &Arguments, bin: &Path, work: &Path) -> anyhow::Result<Value> {
    ensure!(arguments.clients > 0 && arguments.rounds > 0, "at least one client and one round");
    let bureau = Bureau::init(bin, work, arguments.clients)?.with_office(arguments.office.clone());
    let kiosks: Vec<Kiosk> = (0..arguments.clients).map(|number| bureau.kiosk(number)).collect::<Result<_, _>>()?;
    let most = Duration::from_secs(arguments.seconds);
    let server = match postgres::programs().filter(|_| !arguments.without_postgres) {
        Some(programs) => Some(postgres::Server::start(&programs, &work.join("postgres")).await?),
        None => None,
    };
    let office = bureau.start()?;
    for process in [Some(office.process()), server.as_ref().map(postgres::Server::process)].into_iter().flatten() {
        disk::same_as_here(process)?;
    }
    let (mut by_office, mut by_sqlite, mut by_postgres) = (Vec::new(), Vec::new(), Vec::new());
    let (mut acknowledged, mut flushes) = (0, Vec::new());
    for round in 1..=arguments.rounds {
        flushes.push(disk::flush_ms(work)?);
        let all = prepared(&kiosks, arguments.each)?;
        let manifests: Vec<_> = all.iter().map(|one| (one.id, one.manifest.clone())).collect();
        let done = office_round::run(&office, &kiosks, all, most).await?;
        verify(&kiosks, &manifests, &done.receipts)?;
        acknowledged += done.receipts.len();
        by_office.push(done.round);
        let all = prepared(&kiosks, arguments.each)?;
        by_sqlite.push(sqlite_single::run(&work.join("single.db"), &all, most)?);
        if let Some(server) = &server {
            by_postgres.push(server.run(arguments.clients, all, most).await?);
        }
        say(round, by_office.last(), by_sqlite.last(), by_postgres.last());
    }
    office.stop()?;
    let kept = counted(&bureau.database())?;
    ensure!(kept == acknowledged, "{acknowledged} were acknowledged, {kept} are there");
    let settings = match &server {
        Some(server) => server.settings().await?,
        None => Value::Null,
    };
    Ok(report(arguments, [&by_office, &by_sqlite, &by_postgres], median(flushes), settings))
}

/// Every receipt is the office's, over the manifest that was sent.
fn verify(
    kiosks: &[Kiosk],
    manifests: &[(domain::ids::SubmissionId, String)],
    receipts: &[(usize, Vec<u8>)],
) -> anyhow::Result<()> {
    let mut key = [0; 32];
    hex::decode_to_slice(&kiosks[0].bureau.receipt_key, &mut key)?;
    let key = ed25519_dalek::VerifyingKey::from_bytes(&key)?;
    for (place, receipt) in receipts {
        let (id, manifest) = &manifests[*place];
        let receipt: Receipt = serde_json::from_slice::<Signed>(receipt)?.open(&key)?;
        let sent: Signed = serde_json::from_str(manifest)?;
        ensure!(receipt.id == *id && receipt.manifest == sent.digest(), "a receipt for something else");
    }
    Ok(())
}

/// Submissions in the office's database, each with its sealed answers, its case and its leaf.
fn counted(database: &Path) -> anyhow::Result<usize> {
    let sql = "SELECT COUNT(*) FROM submission s JOIN submission_part p ON p.submission = s.id
               JOIN office_case c ON c.submission = s.id JOIN audit a ON a.object = 'submission:' || s.id";
    let count: i64 = rusqlite::Connection::open(database)?.query_row(sql, [], |row| row.get(0))?;
    usize::try_from(count).context("a count")
}

fn say(round: usize, office: Option<&Round>, sqlite: Option<&Round>, postgres: Option<&Round>) {
    let one = |round: Option<&Round>| {
        round.map_or_else(
            || "left out".to_owned(),
            |it| format!("{:.0}/s, p99 {:.1} ms ({} of them)", it.per_s, it.p99_ms, it.count),
        )
    };
    println!("round {round}: office {}; sqlite single {}; postgres {}", one(office), one(sqlite), one(postgres));
}

fn report(arguments: &Arguments, [office, sqlite, postgres]: [&[Round]; 3], flush_ms: f64, settings: Value) -> Value {
    let (office, sqlite) = (told(office), told(sqlite));
    let postgres = if postgres.is_empty() { Value::Null } else { told(postgres) };
    let times = |other: &Value| match (office["per_s"].as_f64(), other["per_s"].as_f64()) {
        (Some(own), Some(other)) if other > 0.0 => json!((own / other * 100.0).round() / 100.0),
        _ => Value::Null,
    };
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    json!({
        "per_s": office["per_s"], "p99_ms": office["p99_ms"],
        "vs_sqlite_single": times(&sqlite), "vs_postgres": times(&postgres),
        "office": office, "sqlite_single": sqlite, "postgres": postgres,
        "rounds": arguments.rounds, "seconds": arguments.seconds, "clients": arguments.clients, "bytes": PLAIN,
        "disk": { "flush_ms": (flush_ms * 100.0).round() / 100.0, "slowed_by_ms": arguments.flush_ms },
        "cores": cores, "load_after": load.split(' ').next().and_then(|text| text.parse::<f64>().ok()).map(rounded),
        "versions": { "office": env!("CARGO_PKG_VERSION"), "sqlite": sqlite_single::version(), "postgres": settings },
    })
}
