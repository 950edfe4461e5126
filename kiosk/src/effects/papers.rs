//! Printing: the receipt slip made here, the certificate made by the office. Followed until the printer says it is complete.
//! Invariants: `Done` only when the printer said so; the job's name is the document and the attempt, and before anything is
//! sent the printer is asked whether it has that name already; attempts are counted durably (`store::prints`), so that a
//! reprint is a new job even after a wipe or a crash, and one that still waits is taken up again.

use super::Hands;
use crate::signal::Signal;
use crate::slip;
use devices::{Media, PrintError, PrintJob, PrintState, ReceiptPrinter, Reconciled, WaitReason};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use visit::{Ask, Event, Input, PrintProgress, PrintTrouble, Slip};

/// Between two looks at a job.
const PAUSE: Duration = Duration::from_millis(400);
/// How long a job that waits for a person is watched.
const WATCHED: Duration = Duration::from_secs(15 * 60);

impl Hands {
    pub(super) fn print_receipt(&mut self, ask: Ask, slip: Slip) {
        let (catalogue, folder, fonts) =
            (Arc::clone(&self.catalogue), Arc::clone(&self.folder), Arc::clone(&self.fonts));
        let document = format!("receipt-{}", slip.code.as_str());
        self.print(ask, document, Media::A5, move || {
            slip::pdf(&slip, &catalogue, &folder, &fonts).map_err(|error| error.to_string())
        });
    }

    pub(super) fn print_certificate(&mut self, ask: Ask, number: &str) {
        let Some(pdf) = self.certificates.get(number).cloned() else {
            self.answer(ask, Event::Print(PrintProgress::Failed(PrintTrouble::Other)));
            return;
        };
        let plain: String = number.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        self.print(ask, format!("certificate-{plain}"), Media::A4, move || Ok(pdf.to_vec()));
    }

    /// Keeps a certificate that the office issued, until the wipe.
    pub fn keep_certificate(&mut self, number: String, pdf: Vec<u8>) {
        self.certificates.insert(number, Arc::new(pdf));
    }

    fn print(
        &mut self,
        ask: Ask,
        document_id: String,
        media: Media,
        make: impl FnOnce() -> Result<Vec<u8>, String> + Send + 'static,
    ) {
        let Some(printer) = self.printer.clone() else {
            self.answer(ask, Event::Print(PrintProgress::Failed(PrintTrouble::Offline)));
            return;
        };
        let (signals, store) = (self.signals.clone(), Arc::clone(&self.store));
        self.spawn("print", move || {
            let teller = Teller { ask, signals };
            let attempt = store.begin_print(&document_id).unwrap_or_else(|error| {
                // A full disk must not keep the paper from the person: a name nobody used cannot be taken for an older job.
                tracing::error!(%error, "the print journal");
                u32::from_be_bytes(ambient::random_bytes())
            });
            let pdf = match make() {
                Ok(pdf) => pdf,
                Err(error) => {
                    tracing::error!(error, "a paper could not be made");
                    teller.tell(PrintProgress::Failed(PrintTrouble::Other));
                    return;
                }
            };
            let job = PrintJob { document_id, attempt, pdf, media };
            let Some(end) = follow(&printer, &job, &teller) else { return };
            // Noted before it is told: a reprint that the person asks for next is a new job whatever happens in between.
            if let Err(error) = store.end_print(&job.document_id, attempt) {
                tracing::error!(%error, "the end of a print was not noted");
            }
            teller.tell(end);
        });
    }
}

struct Teller {
    ask: Ask,
    signals: Sender<Signal>,
}

impl Teller {
    fn tell(&self, progress: PrintProgress) {
        // The loop is gone only when the process ends.
        let _ = self.signals.send(Signal::Answer(Input::Answer { ask: self.ask, event: Event::Print(progress) }));
    }
}

/// Prints and tells how it goes; gives the end, once the printer knows of one.
fn follow(printer: &Mutex<Box<dyn ReceiptPrinter>>, job: &PrintJob, teller: &Teller) -> Option<PrintProgress> {
    let locked = || printer.lock().unwrap_or_else(PoisonError::into_inner);
    let known = locked().reconcile(&job.job_name());
    let ticket = match known {
        Reconciled::Found(ticket, _) => ticket,
        Reconciled::NotFound | Reconciled::Unknown => match locked().submit(job) {
            Ok(ticket) => ticket,
            Err(error) => {
                tracing::warn!(%error, "the printer did not take a job");
                return Some(PrintProgress::Failed(trouble_of(&error)));
            }
        },
    };
    let started = Instant::now();
    let mut told = None;
    while started.elapsed() < WATCHED {
        let state = locked().state(&ticket);
        let progress = match state {
            PrintState::Printing => PrintProgress::Printing,
            PrintState::Waiting(reason) => PrintProgress::Waiting(waits_for(reason)),
            PrintState::Done => PrintProgress::Done,
            PrintState::Failed(_) => PrintProgress::Failed(PrintTrouble::Other),
            PrintState::Unknown => PrintProgress::Waiting(PrintTrouble::Offline),
        };
        if matches!(progress, PrintProgress::Done | PrintProgress::Failed(_)) {
            return Some(progress);
        }
        if told != Some(progress) {
            told = Some(progress);
            teller.tell(progress);
        }
        std::thread::sleep(PAUSE);
    }
    None
}

fn trouble_of(error: &PrintError) -> PrintTrouble {
    match error {
        PrintError::Offline(_) | PrintError::NotConfigured => PrintTrouble::Offline,
        PrintError::Refused(_) | PrintError::BadJob(_) => PrintTrouble::Other,
    }
}

fn waits_for(reason: WaitReason) -> PrintTrouble {
    match reason {
        WaitReason::PaperOut => PrintTrouble::PaperOut,
        WaitReason::Jam => PrintTrouble::Jam,
        WaitReason::CoverOpen => PrintTrouble::CoverOpen,
        WaitReason::Offline => PrintTrouble::Offline,
        WaitReason::Paused | WaitReason::Other => PrintTrouble::Other,
    }
}
