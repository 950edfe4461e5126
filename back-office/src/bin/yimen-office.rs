//! `yimen-office`: the office's process. `yimen-office --folder bureau/office`; `yimen-office --role edge --folder bureau/edges/NAME`
//! runs an edge of it, which takes sealed submissions in and holds no key that opens anything; `yimen-office openapi` prints the
//! description of the officers' API (`--door kiosks`: of the kiosks' door) and needs no configuration.
//! Exit codes: 0 stopped as told, 1 cannot start (the reason is on stderr), 2 wrong arguments.
//! Not here: everything else, see the library.

use anyhow::Context as _;
use back_office::catalogue::CatalogueFolder;
use back_office::edge::{self, Edge};
use back_office::office::{Office, StartError};
use back_office::{certificate_ends, config, server, writable};
use clap::{CommandFactory as _, Parser, Subcommand};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Longest time for closing.
const CLOSING: std::time::Duration = std::time::Duration::from_secs(10);

/// The office of a bureau.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    /// What this process is: the office itself, or an edge that takes in for it.
    #[arg(long, value_enum, default_value_t = Role::Core)]
    role: Role,
    /// The office's folder, made by `yimenctl bureau init` (holds office.toml), or an edge's, made by `yimenctl bureau edge`.
    #[arg(long, env = "YIMEN_OFFICE_FOLDER")]
    folder: Option<PathBuf>,
    /// Only check the configuration, keys and services, then end.
    #[arg(long)]
    check: bool,
    #[command(subcommand)]
    print: Option<Print>,
}

#[derive(Subcommand)]
enum Print {
    /// Print the OpenAPI document of a door.
    Openapi {
        /// Which.
        #[arg(long, value_enum, default_value_t = Door::Officers)]
        door: Door,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Role {
    /// The office: keys, cases, officers.
    Core,
    /// Where kiosks may come: sees ciphertext only.
    Edge,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Door {
    Officers,
    Kiosks,
}

fn main() -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    if let Some(Print::Openapi { door }) = arguments.print {
        let document = match door {
            Door::Officers => back_office::officer_api::document(),
            Door::Kiosks => back_office::kiosk_api::openapi::document(),
        };
        let text = serde_json::to_string_pretty(&document)?;
        return writeln!(std::io::stdout(), "{text}").context("stdout");
    }
    let Some(folder) = arguments.folder else {
        let missing = clap::error::ErrorKind::MissingRequiredArgument;
        Arguments::command().error(missing, "give --folder, e.g. --folder bureau/office").exit();
    };
    // One provider for the process; a second call could only find the same one.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    match arguments.role {
        Role::Core => core(&folder, arguments.check),
        Role::Edge => at_the_edge(&folder, arguments.check),
    }
}

fn core(folder: &Path, only_check: bool) -> anyhow::Result<()> {
    let loaded = config::load(folder, |name| std::env::var(name).ok())?;
    let services = CatalogueFolder::read(&loaded.path(&loaded.config.catalogue.path)).map_err(StartError::Catalogue)?;
    let mut warnings = certificate_ends::of_office(&loaded, ambient::now());
    let places = writable::check(&loaded)?;
    warnings.extend(places.iter().map(|place| format!("no checkpoint can be laid down there: {place}")));
    warn(&warnings);
    if only_check {
        server::check(&loaded, &services)?;
        right(&warnings);
        return Ok(());
    }
    let office = Arc::new(Office::open(loaded, Arc::new(services))?);
    until_stopped(|stop| server::run(office, stop))
}

fn at_the_edge(folder: &Path, only_check: bool) -> anyhow::Result<()> {
    let loaded = edge::load(folder)?;
    let warnings = certificate_ends::of_edge(&loaded, ambient::now());
    warn(&warnings);
    if only_check {
        edge::check(&loaded)?;
        right(&warnings);
        return Ok(());
    }
    let edge = Arc::new(Edge::open(loaded)?);
    until_stopped(|stop| edge::run(edge, stop))
}

/// What keeps no door shut, and somebody must see to.
fn warn(warnings: &[String]) {
    for words in warnings {
        tracing::warn!("{words}");
    }
}

/// The end of a check.
fn right(warnings: &[String]) {
    let but = if warnings.is_empty() { "" } else { "; see the warnings before this" };
    tracing::info!("the configuration is right{but}");
}

/// Serves until a signal says stop.
fn until_stopped<F>(serve: impl FnOnce(watch::Receiver<bool>) -> F) -> anyhow::Result<()>
where
    F: Future<Output = Result<(), StartError>>,
{
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let (tell, stop) = watch::channel(false);
        let mut terminated = signal(SignalKind::terminate()).context("signals")?;
        let mut served = std::pin::pin!(serve(stop));
        tokio::select! {
            ended = &mut served => return Ok(ended?),
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated.recv() => {}
        }
        tell.send_replace(true);
        // The doors close, and the audit log is signed a last time.
        match tokio::time::timeout(CLOSING, served).await {
            Ok(ended) => ended?,
            Err(_) => tracing::warn!("something did not end in time"),
        }
        tracing::info!("closed");
        Ok(())
    })
}
