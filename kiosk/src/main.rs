//! `yimen-kiosk`: the terminal. Reads its folder, chooses adapters, opens the window, runs the loop.
//! Only here are devices chosen (direction 4). Exit codes: 0 the window was closed, or what was asked for is done, 1 it was not, or
//! the kiosk could not start (said on stderr) or is not ready (`--check`), 2 wrong usage.

mod carrying;
mod checking;

use anyhow::{Context as _, bail};
use clap::Parser;
use devices::drivers::face::http::{HttpMatcher, HttpMatcherSettings};
use devices::drivers::printer::cups::{CupsPrinter, CupsSettings};
use devices::sim::{SimCamera, SimCardReader, SimControl, SimMatcher, SimPrinter};
use devices::{FaceMatcher, FrameSource};
use documents::fonts::{FontPaths, FontSet};
use jiff::SignedDuration;
use jiff::tz::Offset;
use kiosk::bind;
use kiosk::config::{Camera, CardReader, Face, Folder, Printer, public_key};
use kiosk::dock::Dock;
use kiosk::effects::{CameraSource, Hands, Hardware, Parts};
use kiosk::keyring::Keyring;
use kiosk::safe::Seal;
use kiosk::scene::Machine;
use kiosk::screens::Words;
use kiosk::search::CatalogueSearch;
use kiosk::signal::Signal;
use kiosk::turn::{Turn, TurnParts};
use kiosk::typing::Keyboard;
use kiosk::uplink::{News, Office, OfficeAddress, Uplink};
use services_catalog::Catalogue;
use slint::ComponentHandle as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;
use ui::KioskWindow;
use visit::{Visit, VisitConfig};
use wire::bureau::BureauClass;
use wire::digest::Digest;
use wire::enrolment::Protection;
use wire::key_list::catalogue_digest;

/// Where the kiosks stand: China keeps one offset.
const OFFSET: Offset = Offset::constant(8);
/// Width of the dev dock beside the frame, as in `ui/ui/app.slint`.
#[cfg(feature = "window")]
const DOCK: u32 = 340;

/// The terminal of Yimen.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(flatten)]
    carry: carrying::Carry,
    /// The kiosk's folder; `--enrol` makes it.
    #[arg(long)]
    folder: PathBuf,
    /// Enrols this machine by the ticket that `yimenctl kiosk add` gave, and ends.
    #[arg(long)]
    enrol: Option<String>,
    /// How keys are kept: with `--enrol` from the start; alone it seals those of an enrolled kiosk, and ends. Without it: the best
    /// that this machine has, or what `[keys]` of kiosk.toml says.
    #[arg(long, value_enum)]
    seal: Option<Seal>,
    /// Says what this folder is, how its keys are kept and what keeps the kiosk from taking visits in (one JSON object), and ends: with 1 when it is not ready.
    #[arg(long)]
    check: bool,
    /// The catalogue's folder (holds services/).
    #[arg(long, default_value = "services-catalog")]
    catalogue: PathBuf,
    /// Landscape, 1920x1080.
    #[arg(long)]
    landscape: bool,
    /// Shows the dev dock, where devices are simulated.
    #[arg(long)]
    dock: bool,
    /// Draws into memory, without a display.
    #[cfg(feature = "robot")]
    #[arg(long)]
    headless: bool,
    /// Listens for the journey robot on this socket.
    #[cfg(feature = "robot")]
    #[arg(long)]
    robot: Option<PathBuf>,
}

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(tracing_subscriber::EnvFilter::try_from_env("YIMEN_LOG").unwrap_or_else(|_| "info".into()))
        .init();
    let arguments = Arguments::parse();
    if arguments.check {
        return checking::check(&arguments.folder, &arguments.catalogue);
    }
    let failed = arguments.failed();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{failed}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

impl Arguments {
    /// What went wrong when it did: the wish, not always the start.
    const fn failed(&self) -> &'static str {
        if self.enrol.is_some() {
            "enrolling failed"
        } else if self.seal.is_some() {
            "sealing the keys failed"
        } else if let Some(failed) = self.carry.failed() {
            failed
        } else {
            "the kiosk cannot start"
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    if let Some(ticket) = &arguments.enrol {
        let (enrolled, keys) = kiosk::enrol::enrol(&arguments.folder, ticket, arguments.seal)?;
        say_how_keys_are_kept(keys);
        tracing::info!(number = enrolled.number, until = %enrolled.certificate.not_after, "enrolled");
        return Ok(());
    }
    if let Some(wish) = arguments.seal {
        let (keys, taken) = kiosk::safe::seal_folder(&arguments.folder, wish)?;
        say_how_keys_are_kept(keys);
        tracing::info!(taken, "key files that were plain are sealed now");
        return Ok(());
    }
    if arguments.carry.asked() {
        let folder = Folder::read(&arguments.folder)?;
        return arguments.carry.run(&folder, || Ok(Office::new(&address(&folder)?)?));
    }
    // Zero fonts would panic inside the toolkit, and a font without Chinese draws nothing: refuse first.
    ui::fonts::check().context("fonts")?;
    #[cfg(feature = "robot")]
    if arguments.headless {
        kiosk::robot::platform().context("headless drawing")?;
    }
    let folder = Arc::new(Folder::read(&arguments.folder)?);
    let (catalogue, keyring) = load_catalogue(&arguments.catalogue, &folder)?;
    let (catalogue, keyring) = (Arc::new(catalogue), Arc::new(keyring));
    let words = Words::load(Arc::clone(&catalogue))?
        .with_link_base(kiosk::slip::link_base(&folder.bureau.verify_url))
        .at_offset(OFFSET);
    let fonts = Arc::new(FontSet::load(&FontPaths::default()).context("fonts for paper")?);
    let store = Arc::new(folder.store().context("the local store")?);
    let office = Office::new(&address(&folder)?)?;
    let control = folder.kiosk.devices.any_simulated().then(SimControl::new);
    let hardware = hardware(&folder, control.as_ref())?;

    let window = KioskWindow::new().context("the window")?;
    let size = if arguments.landscape { (1920, 1080) } else { (1080, 1920) };
    window.window().set_size(slint::PhysicalSize::new(size.0, size.1));
    let docked = arguments.dock && control.is_some();
    #[cfg(feature = "window")]
    kiosk::fit::fit(&window, (size.0 + if docked { DOCK } else { 0 }, size.1)).context("the window's size")?;
    let (signals, inbox) = channel();
    bind::touches(&window, &signals);
    let face = bind::Face::new(&window, Arc::new(words));
    let pace = outbox::Pace { budget: folder.kiosk.store.budget()?, ..outbox::Pace::default() };
    let (uplink, told) = Uplink::start(&store, &office, pace).context("the uplink")?;
    if let Err(error) = keyring.may_begin(ambient::now()) {
        tracing::error!(%error, "no visit will begin");
    }
    let _news = News::start(&office, &keyring).context("asking the office for news")?;
    let forward = signals.clone();
    std::thread::Builder::new().name("uplink-events".to_owned()).spawn(move || {
        for event in told {
            if forward.send(Signal::Uplink(event)).is_err() {
                return;
            }
        }
    })?;
    let turn = Turn::new(TurnParts {
        make_visit: make_visit(&folder, &catalogue),
        hands: Hands::new(Parts {
            signals: signals.clone(),
            store,
            office: office.clone(),
            catalogue,
            fonts,
            folder: Arc::clone(&folder),
            hardware,
            frames: Arc::new(face.clone()),
            gauge: uplink.gauge(),
            keyring,
        }),
        machine: machine(&folder),
        keyboard: Keyboard::new().context("the keyboard's words")?,
        dock: control.clone().filter(|_| docked).map(|control| Dock::new(control, office.clone())),
        screen: Box::new(face),
        offset: OFFSET,
        countdown_seconds: folder.kiosk.times.countdown,
    });
    let looping = std::thread::Builder::new().name("turn".to_owned()).spawn(move || turn.run(&inbox))?;
    #[cfg(feature = "robot")]
    if let Some(socket) = &arguments.robot {
        let office = office.clone();
        let network = move |connected: bool| {
            if let Err(error) = office.set_network_cut(!connected) {
                tracing::warn!(%error, "the network switch");
            }
        };
        kiosk::robot::serve(window.as_weak(), control, network, socket).context("the robot's socket")?;
    }
    say_how_keys_are_kept(folder.safe.kind());
    tracing::info!(kiosk = %folder.kiosk.id, "open");
    window.run().context("the window")?;
    // The window is closed: the loop ends, the uplink's rest waits for the next start.
    let _ = signals.send(Signal::Stop);
    let _ = looping.join();
    Ok(())
}

fn say_how_keys_are_kept(keys: Protection) {
    match keys {
        Protection::Tpm2 => tracing::info!("the keys are sealed by this machine's TPM"),
        Protection::Host => tracing::info!(
            "the keys are sealed by a key of this host, which lies on its system disk: a copied folder opens nothing, a stolen \
             machine does. Encrypt the disk, or use a TPM"
        ),
        Protection::Software => {
            tracing::warn!(
                "the keys, or some of them, are plain files (software key): whoever has this disk has them. Encrypt the disk, or \
                 seal them (--seal auto)"
            );
        }
    }
}

/// The services, and the keys with what says whether the bureau stands for these very files.
fn load_catalogue(place: &Path, folder: &Folder) -> anyhow::Result<(Catalogue, Keyring)> {
    let source = ambient::read_tree(place)
        .with_context(|| format!("cannot read the catalogue in {}; give --catalogue", place.display()))?;
    let catalogue = Catalogue::load(&source).map_err(|findings| {
        let all: Vec<String> = findings.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("the catalogue has {} faults:\n{}", all.len(), all.join("\n"))
    })?;
    let keyring = keyring(folder, catalogue_digest(&source)?)?;
    Ok((catalogue, keyring))
}

fn make_visit(folder: &Folder, catalogue: &Arc<Catalogue>) -> kiosk::turn::MakeVisit {
    let times = &folder.kiosk.times;
    let mut config =
        VisitConfig::for_station(catalogue.categories().iter().map(|category| category.id.clone()).collect());
    config.offset = OFFSET;
    config.face_matcher = !matches!(folder.kiosk.devices.face, Face::ByClass | Face::NotConfigured);
    config.idle_after = SignedDuration::from_secs(i64::from(times.idle));
    config.idle_warning = SignedDuration::from_secs(i64::from(times.idle_warning));
    let services: Arc<[domain::service::Service]> = catalogue.services().cloned().collect();
    let search = Arc::new(CatalogueSearch::new(catalogue));
    Box::new(move || {
        let search: Arc<dyn visit::Search> = Arc::<CatalogueSearch>::clone(&search);
        Visit::new(config.clone(), Arc::clone(&services), search)
    })
}

fn machine(folder: &Folder) -> Machine {
    Machine {
        station: folder.bureau.station_name.clone(),
        number: folder.kiosk.number,
        phone: folder.bureau.phone.clone(),
        demo: folder.bureau.class == BureauClass::Demo,
        simulated: folder.kiosk.devices.any_simulated(),
        online: None,
        paused: false,
        full: false,
        overdue: false,
        idle_warning_seconds: folder.kiosk.times.idle_warning,
    }
}

fn keyring(folder: &Folder, catalogue: Digest) -> anyhow::Result<Keyring> {
    let key = public_key(&folder.bureau.list_key).context("bureau.toml: list_key")?;
    let station = folder.bureau.station.clone();
    Keyring::open(&folder.data, folder.recipients.clone(), key, station, catalogue).context("the key list")
}

fn address(folder: &Folder) -> anyhow::Result<OfficeAddress> {
    Ok(OfficeAddress {
        url: folder.kiosk.office.clone(),
        intake: folder.kiosk.intake.clone(),
        authority_pem: folder.authority.clone().into_bytes(),
        identity: folder.identity.clone(),
        receipt_key: public_key(&folder.bureau.receipt_key).context("bureau.toml: receipt_key")?,
        simulation_allowed: folder.bureau.class == BureauClass::Demo,
    })
}

/// The adapters, by configuration. A simulator without a control handle cannot come about: `any_simulated` made one.
fn hardware(folder: &Folder, control: Option<&SimControl>) -> anyhow::Result<Hardware> {
    let devices = &folder.kiosk.devices;
    let sim = || control.cloned().context("a simulated device without a control handle");
    let camera: Option<CameraSource> = match devices.camera {
        Camera::ByClass => None,
        Camera::Nokhwa { index } => Some(Arc::new(move || -> Box<dyn FrameSource> {
            Box::new(devices::drivers::camera::nokhwa::NokhwaCamera::new(index))
        })),
        Camera::Simulated => {
            let control = sim()?;
            Some(Arc::new(move || -> Box<dyn FrameSource> { Box::new(SimCamera::new(control.clone())) }))
        }
    };
    let printer: Option<Box<dyn devices::ReceiptPrinter>> = match &devices.printer {
        Printer::ByClass => None,
        Printer::Cups { queue } => {
            let settings = CupsSettings { queue: queue.clone(), user: "yimen".to_owned() };
            Some(Box::new(CupsPrinter::new(&settings)?))
        }
        Printer::Simulated => Some(Box::new(SimPrinter::new(sim()?, folder.data.join("tray"))?)),
    };
    let cards: Option<Box<dyn devices::CardReader>> = match devices.card_reader {
        CardReader::ByClass => None,
        CardReader::Simulated => Some(Box::new(SimCardReader::new(sim()?))),
    };
    let face: Box<dyn FaceMatcher> = match &devices.face {
        Face::ByClass | Face::NotConfigured => Box::new(devices::port::face::NotConfigured),
        Face::Http { url } => {
            let settings = HttpMatcherSettings { url: url.clone(), timeout: Duration::from_secs(8) };
            Box::new(HttpMatcher::new(&settings)?)
        }
        Face::Simulated => Box::new(SimMatcher::new(sim()?)),
    };
    if folder.bureau.class == BureauClass::Production && control.is_some() {
        bail!("simulated devices in a production bureau");
    }
    Ok(Hardware { cards, camera, printer, face, control: control.cloned() })
}
