//! Starting the office: listeners, worker, the file that tells the ports, and stopping.
//! Invariant: a door opens only after everything behind it is ready; `run/ports.json` appears after all doors are open.

use crate::config::Loaded;
use crate::office::{Office, StartError};
use crate::tls::{Clients, server as tls};
use crate::{checkpoints, kiosk_api, listen, notifier, officer_api, public_api, worker};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// `run/ports.json`: the ports really taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ports {
    /// Kiosks' door.
    pub kiosks: u16,
    /// Officers' door.
    pub officers: u16,
    /// Public door.
    pub public: u16,
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, u16), StartError> {
    let failed = |error| StartError::Listen(address, error);
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let port = listener.local_addr().map_err(failed)?.port();
    Ok((listener, port))
}

/// Writes `run/ports.json`.
///
/// # Errors
/// The disk's.
pub fn write_ports(folder: &Path, ports: Ports) -> std::io::Result<()> {
    let run = folder.join("run");
    std::fs::create_dir_all(&run)?;
    let text = serde_json::to_vec(&ports).map_err(std::io::Error::other)?;
    crate::blobs::write_durably(&run.join("ports.json"), &text)
}

/// Reads every key and certificate the configuration names, and in the database which key list was the newest; opens no door and
/// changes nothing.
///
/// # Errors
/// The first that is missing or wrong.
pub fn check(loaded: &Loaded, services: &dyn crate::catalogue::Services) -> Result<(), StartError> {
    tls(loaded, Clients::WithCertificate)?;
    crate::office::Keys::load(loaded)?;
    crate::office::check_list(loaded, &crate::office::signed_by_bureau(loaded, services)?)?;
    crate::authority::Authority::load(loaded)?;
    Ok(())
}

/// Runs until `stop` changes.
///
/// # Errors
/// What keeps a door shut at start.
pub async fn run(office: Arc<Office>, stop: watch::Receiver<bool>) -> Result<(), StartError> {
    let loaded: &Loaded = &office.loaded;
    if loaded.bureau.class == wire::bureau::BureauClass::Production && office.registry.is_demo().await == Ok(true) {
        return Err(StartError::DemoRegistry(loaded.config.registry.url.clone()));
    }
    office.kiosks.read_numbers(&office.store).await?;
    let for_kiosks = tls(loaded, Clients::WithCertificate)?;
    let for_all = tls(loaded, Clients::Anybody)?;
    let doors = &loaded.config.listen;
    let bounds = loaded.config.limits.bounds();
    // Each of the three doors has places for strangers.
    let bounds =
        bounds.within(listen::Fit::for_connections(bounds.known.saturating_add(bounds.strangers.saturating_mul(3)))?);
    let (kiosks, kiosk_port) = bind(doors.kiosks).await?;
    let (officers, officer_port) = bind(doors.officers).await?;
    let (public, public_port) = bind(doors.public).await?;
    let ports = Ports { kiosks: kiosk_port, officers: officer_port, public: public_port };
    office.take_origin(officer_port);
    write_ports(&loaded.folder, ports).map_err(|error| StartError::Disk(loaded.folder.clone(), error))?;
    tracing::info!(?ports, class = ?loaded.bureau.class, "the office is open");
    let officers_tls = doors.officers_tls.then(|| Arc::clone(&for_all));
    let kiosk_door = listen::Served {
        router: kiosk_api::router(Arc::clone(&office)),
        strangers: Some(kiosk_api::strangers(Arc::clone(&office))),
        edges: Some(kiosk_api::for_edges(Arc::clone(&office))),
    };
    tokio::join!(
        listen::serve(kiosks, Some(for_kiosks), kiosk_door, bounds, stop.clone()),
        listen::serve(officers, officers_tls, officer_api::router(Arc::clone(&office)), bounds, stop.clone()),
        listen::serve(public, Some(for_all), public_api::router(Arc::clone(&office)), bounds, stop.clone()),
        worker::run(Arc::clone(&office), stop.clone()),
        worker::access::run(Arc::clone(&office), stop.clone()),
        worker::sweep::run(Arc::clone(&office), stop.clone()),
        notifier::run(Arc::clone(&office), stop.clone()),
        checkpoints::run(Arc::clone(&office), stop.clone()),
    );
    // What came in while the doors were closing is signed, too.
    if let Err(error) = checkpoints::now(&office).await {
        tracing::error!(%error, "no last checkpoint was signed");
    }
    Ok(())
}
