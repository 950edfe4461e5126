//! Carries out what the visit asks for: each effect has its room here, runs off the loop's thread, and answers by signal.
//! Invariants: no effect blocks the loop; an answer names the request; nothing is reported that did not happen.
//! Not here: deciding what to do (the visit), drawing.

mod cameras;
mod cards;
mod drafts;
mod faces;
mod office;
mod own_cases;
mod papers;
mod ratings;
mod sealing;

#[cfg(test)]
mod tests;

pub use cameras::{CameraSource, FrameSink};
pub use sealing::code_of;

use crate::album::Album;
use crate::config::Folder;
use crate::signal::{PortraitOf, Signal};
use crate::store::{Sealing, Store};
use crate::uplink::{Gauge, Office};
use devices::sim::SimControl;
use devices::{CardReader, FaceMatcher, ReceiptPrinter};
use documents::fonts::FontSet;
use domain::sensitive::Sensitive;
use services_catalog::Catalogue;
use std::collections::BTreeMap;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};
use visit::{Ask, Effect, Event, Input};

/// Devices as the binary chose them.
pub struct Hardware {
    /// `None` = this kiosk has no reader.
    pub cards: Option<Box<dyn CardReader>>,
    /// Opens the camera; `None` = none.
    pub camera: Option<CameraSource>,
    /// `None` = none.
    pub printer: Option<Box<dyn ReceiptPrinter>>,
    /// `NotConfigured` when there is none.
    pub face: Box<dyn FaceMatcher>,
    /// Steers the simulated ones; `None` when none is simulated.
    pub control: Option<SimControl>,
}

/// Everything effects need.
pub struct Hands {
    pub(crate) signals: Sender<Signal>,
    pub(crate) store: Arc<Store>,
    pub(crate) office: Office,
    pub(crate) sealing: Sealing,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) fonts: Arc<FontSet>,
    pub(crate) folder: Arc<Folder>,
    pub(crate) cards: Option<Arc<Mutex<Box<dyn CardReader>>>>,
    pub(crate) camera: Option<CameraSource>,
    pub(crate) printer: Option<Arc<Mutex<Box<dyn ReceiptPrinter>>>>,
    pub(crate) face: Arc<Mutex<Box<dyn FaceMatcher>>>,
    pub(crate) control: Option<SimControl>,
    pub(crate) frames: Arc<dyn FrameSink>,
    pub(crate) gauge: Gauge,
    /// The office does not accept this kiosk at present.
    pub(crate) paused: bool,
    /// The running card reading.
    pub(crate) reading: Option<cards::Reading>,
    /// The running camera.
    pub(crate) running: Option<cameras::Running>,
    /// Portrait of the card read last in this visit.
    pub(crate) portrait: Option<PortraitOf>,
    /// The comparison under way.
    pub(crate) comparing: Option<Ask>,
    /// The face compared last in this visit, when it was not found the same.
    pub(crate) face_seen: Option<PortraitOf>,
    /// Certificates issued in this visit, by number.
    pub(crate) certificates: BTreeMap<String, Arc<Vec<u8>>>,
    /// Whose submission was sealed last in this visit.
    pub(crate) sealed_for: Option<Sensitive<String>>,
    /// Whose draft was looked for last in this visit.
    pub(crate) looked_for: Option<Sensitive<String>>,
    /// Pictures of the visit.
    pub album: Album,
}

/// What the hands are made of.
pub struct Parts {
    /// To the loop.
    pub signals: Sender<Signal>,
    /// The local store.
    pub store: Arc<Store>,
    /// The office's client.
    pub office: Office,
    /// Services and their words.
    pub catalogue: Arc<Catalogue>,
    /// Fonts for paper.
    pub fonts: Arc<FontSet>,
    /// The kiosk's folder.
    pub folder: Arc<Folder>,
    /// Devices.
    pub hardware: Hardware,
    /// Where live pictures go.
    pub frames: Arc<dyn FrameSink>,
    /// How full the outbox is.
    pub gauge: Gauge,
}

impl Hands {
    /// Whether new visits are refused because the office does not accept this kiosk.
    pub(crate) fn pause(&mut self, paused: bool) {
        self.paused = paused;
    }

    /// Takes everything over.
    pub fn new(parts: Parts) -> Self {
        let Parts { signals, store, office, catalogue, fonts, folder, hardware, frames, gauge } = parts;
        let sealing = Sealing {
            kiosk: folder.kiosk.id.clone(),
            station: folder.bureau.station.clone(),
            recipients: folder.bureau.recipients.clone(),
            device_key: folder.device_key.clone(),
        };
        let Hardware { cards, camera, printer, face, control } = hardware;
        Self {
            signals,
            store,
            office,
            sealing,
            catalogue,
            fonts,
            folder,
            cards: cards.map(|reader| Arc::new(Mutex::new(reader))),
            camera,
            printer: printer.map(|printer| Arc::new(Mutex::new(printer))),
            face: Arc::new(Mutex::new(face)),
            control,
            frames,
            gauge,
            paused: false,
            reading: None,
            running: None,
            portrait: None,
            comparing: None,
            face_seen: None,
            certificates: BTreeMap::new(),
            sealed_for: None,
            looked_for: None,
            album: Album::default(),
        }
    }

    /// Carries out one effect.
    pub fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::MintSubmission { ask, .. } => self.mint(ask),
            Effect::LookForDraft { ask, id_number } => self.look_for_draft(ask, id_number),
            Effect::SaveDraft(draft) => self.save_draft(*draft),
            Effect::DestroyDraft { id_number } => self.destroy_draft(id_number),
            Effect::Seal { ask, submission } => self.seal(ask, *submission),
            Effect::FetchOwnRecord { ask, applicant, identified, ward } => {
                self.fetch_own_record(ask, applicant, identified, ward);
            }
            Effect::FetchOwnCases { ask, applicant, identified, code } => {
                self.fetch_own_cases(ask, applicant, identified, code);
            }
            Effect::FetchOutcome { ask, submission } => self.fetch_outcome(ask, submission),
            Effect::StartCardReading { ask } => self.start_card_reading(ask),
            Effect::StopCardReading => self.reading = None,
            Effect::StartCamera { ask, purpose } => self.start_camera(ask, &purpose),
            Effect::TakeShot { ask } => self.take_shot(ask),
            Effect::StopCamera => self.stop_camera(),
            Effect::CompareFace { ask, reference } => self.compare_face(ask, reference),
            Effect::DropAttachments(ids) => ids.iter().for_each(|id| self.album.forget(id)),
            Effect::PrintReceipt { ask, slip } => self.print_receipt(ask, *slip),
            Effect::PrintCertificate { ask, number, .. } => self.print_certificate(ask, &number),
            Effect::Rate { submission, stars } => self.rate(submission, stars),
            Effect::CallStaff => tracing::info!(kiosk = %self.folder.kiosk.id, "a person asks for staff"),
            Effect::Wipe => self.wipe(),
        }
    }

    fn wipe(&mut self) {
        self.reading = None;
        self.stop_camera();
        self.portrait = None;
        self.comparing = None;
        self.face_seen = None;
        self.sealed_for = None;
        self.looked_for = None;
        self.certificates.clear();
        self.album.forget_all();
    }

    /// Runs something slow in a thread of its own and answers with what it gives.
    pub(crate) fn answer_later(&self, ask: Ask, work: impl FnOnce() -> Event + Send + 'static) {
        let signals = self.signals.clone();
        self.spawn("work", move || {
            // The loop is gone only when the process ends.
            let _ = signals.send(Signal::Answer(Input::Answer { ask, event: work() }));
        });
    }

    /// Answers at once.
    pub(crate) fn answer(&self, ask: Ask, event: Event) {
        let _ = self.signals.send(Signal::Answer(Input::Answer { ask, event }));
    }

    /// Starts a thread; when the system gives none, the visit's own time limits take over.
    pub(crate) fn spawn(&self, name: &str, work: impl FnOnce() + Send + 'static) {
        if let Err(error) = std::thread::Builder::new().name(name.to_owned()).spawn(work) {
            tracing::error!(%error, name, "no thread could be started");
        }
    }
}
