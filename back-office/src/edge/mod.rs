//! The edge: takes in what kiosks sealed where kiosks may come, keeps it durably, and hands it on to the office's core.
//! Invariants: it holds no key but its own for connections; it sees ciphertext and signed manifests only; what it said to keep it
//! keeps until the core's signed receipt, or a refusal for ever that the kiosk has heard, over any crash of either side.
//! Not here: opening anything, and deciding anything (the core does; see docs/edge.md).

mod config;
mod core;
mod intake;
mod line;
mod passage;
mod push;
mod shelf;
mod uploads;

pub use config::{Config, Limits, Listen, Loaded, load};

use crate::blobs::Blobs;
use crate::kiosk_api::pressure::Pressure;
use crate::kiosk_api::share::Shares;
use crate::listen::{self, Fit, Served};
use crate::office::StartError;
use crate::tls::{self, Clients};
use core::Core;
use line::Line;
use serde::{Deserialize, Serialize};
use shelf::Shelf;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use uploads::Suspended;

/// `run/ports.json` of an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ports {
    /// Takes in what kiosks sealed.
    pub intake: u16,
    /// Leads to the core's door, unread.
    pub passage: u16,
}

/// The edge's parts.
pub struct Edge {
    loaded: Loaded,
    blobs: Blobs,
    shelf: Shelf,
    line: Line,
    pressure: Arc<Pressure>,
    shares: Arc<Shares>,
    suspended: Suspended,
    core: Core,
    /// Something new lies here.
    work: Notify,
    /// The core did not answer when it was asked last.
    core_away: AtomicBool,
}

impl Edge {
    /// Opens everything the configuration names.
    ///
    /// # Errors
    /// The first thing that is missing or wrong.
    pub fn open(loaded: Loaded) -> Result<Self, StartError> {
        let data = loaded.folder.join("data");
        let disk = |error| StartError::Disk(data.clone(), error);
        std::fs::create_dir_all(&data).map_err(disk)?;
        let limits = &loaded.config.limits;
        Ok(Self {
            blobs: Blobs::open(&data, limits.blob_bytes).map_err(disk)?,
            shelf: Shelf::open(&data.join("edge.db"), limits.write_queue)?,
            pressure: Arc::new(Pressure::new(limits.measure(), vec![data.clone()])),
            shares: Arc::new(Shares::new(limits.kiosk_per_second)),
            suspended: Suspended::default(),
            core: Core::new(&loaded)?,
            work: Notify::new(),
            line: Line::default(),
            core_away: AtomicBool::new(false),
            loaded,
        })
    }

    /// The core answers, or does so no longer.
    fn core_answers(&self, answers: bool) {
        if self.core_away.swap(!answers, Ordering::Relaxed) == answers {
            tracing::warn!(answers, "the core answers, or does so no longer");
        }
    }

    fn core_is_away(&self) -> bool {
        self.core_away.load(Ordering::Relaxed)
    }
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, u16), StartError> {
    let failed = |error| StartError::Listen(address, error);
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let port = listener.local_addr().map_err(failed)?.port();
    Ok((listener, port))
}

/// Reads configuration, keys and certificates without opening a door or the database.
///
/// # Errors
/// The first that is missing or wrong.
pub fn check(loaded: &Loaded) -> Result<(), StartError> {
    tls::listener(&loaded.tls(), Clients::WithCertificate)?;
    Core::new(loaded).map(drop)
}

/// Runs until `stop` changes.
///
/// # Errors
/// What keeps a door shut at start.
pub async fn run(edge: Arc<Edge>, stop: watch::Receiver<bool>) -> Result<(), StartError> {
    let folder = edge.loaded.folder.clone();
    let tls = tls::listener(&edge.loaded.tls(), Clients::WithCertificate)?;
    let (doors, limits) = (&edge.loaded.config.listen, &edge.loaded.config.limits);
    let bounds = limits.bounds();
    // Through the passage each connection is two: the kiosk's and the core's.
    let all = bounds.known.saturating_add(bounds.strangers).saturating_add(limits.connections.saturating_mul(2));
    let fit = Fit::for_connections(all)?;
    let (intake, intake_port) = bind(doors.intake).await?;
    let (passage, passage_port) = bind(doors.passage).await?;
    let ports = Ports { intake: intake_port, passage: passage_port };
    let run = folder.join("run");
    let text = serde_json::to_vec(&ports).map_err(std::io::Error::other);
    let told =
        std::fs::create_dir_all(&run).and_then(|()| crate::blobs::write_durably(&run.join("ports.json"), &text?));
    told.map_err(|error| StartError::Disk(run, error))?;
    tracing::info!(?ports, edge = edge.loaded.config.name, "the edge is open");
    let served = Served { router: intake::router(&edge), strangers: Some(intake::strangers()), edges: None };
    tokio::join!(
        listen::serve(intake, Some(tls), served, bounds.within(fit), stop.clone()),
        passage::run(Arc::clone(&edge), passage, fit.of(limits.connections), stop.clone()),
        push::run(Arc::clone(&edge), stop),
    );
    Ok(())
}
