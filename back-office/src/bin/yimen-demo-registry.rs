//! `yimen-demo-registry`: a registry of fictional residents, on loopback only. It prints `{"port":…}` when it is open.
//! Exit codes: 0 stopped as told, 1 cannot start, 2 wrong arguments.

use anyhow::{Context as _, bail};
use back_office::demo_registry::{Residents, router};
use back_office::office::china_day;
use clap::Parser;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

/// A registry of fictional residents for demonstrations.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    /// Where to listen; loopback only, port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8450", env = "YIMEN_DEMO_REGISTRY_LISTEN")]
    listen: SocketAddr,
    /// TOML file of residents; default: those that come with the program.
    #[arg(long)]
    residents: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if !arguments.listen.ip().is_loopback() {
        bail!("the demonstration registry listens on a loopback address only");
    }
    let text = match &arguments.residents {
        Some(path) => std::fs::read_to_string(path).with_context(|| path.display().to_string())?,
        None => include_str!("../../demo/residents.toml").to_owned(),
    };
    let residents = Residents::read(&text)?;
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::bind(arguments.listen).await.context("cannot listen")?;
        let port = listener.local_addr()?.port();
        writeln!(std::io::stdout(), "{}", serde_json::json!({ "port": port }))?;
        let mut terminated = signal(SignalKind::terminate())?;
        let today = Arc::new(|| china_day(ambient::now()));
        axum::serve(listener, router(residents, today))
            .with_graceful_shutdown(async move {
                tokio::select! {
                    _ = tokio::signal::ctrl_c() => {}
                    _ = terminated.recv() => {}
                }
            })
            .await?;
        Ok(())
    })
}
