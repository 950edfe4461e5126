//! Printing: the receipt slip made here, the certificate made by the office. Followed until the printer says it is complete.
//! Invariants: `Done` only when the printer said so; the job's name is the document and the attempt, and before anything is
//! sent the printer is asked whether it has that name already; a reprint is a new attempt under the same code.

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
        let attempt = self.attempts.entry(document_id.clone()).and_modify(|attempt| *attempt += 1).or_insert(1);
        let attempt = *attempt;
        let signals = self.signals.clone();
        self.spawn("print", move || {
            let teller = Teller { ask, signals };
            let pdf = match make() {
                Ok(pdf) => pdf,
                Err(error) => {
                    tracing::error!(error, "a paper could not be made");
                    teller.tell(PrintProgress::Failed(PrintTrouble::Other));
                    return;
                }
            };
            follow(&printer, &PrintJob { document_id, attempt, pdf, media }, &teller);
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

fn follow(printer: &Mutex<Box<dyn ReceiptPrinter>>, job: &PrintJob, teller: &Teller) {
    let locked = || printer.lock().unwrap_or_else(PoisonError::into_inner);
    let known = locked().reconcile(&job.job_name());
    let ticket = match known {
        Reconciled::Found(ticket, _) => ticket,
        Reconciled::NotFound | Reconciled::Unknown => match locked().submit(job) {
            Ok(ticket) => ticket,
            Err(error) => {
                tracing::warn!(%error, "the printer did not take a job");
                teller.tell(PrintProgress::Failed(trouble_of(&error)));
                return;
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
        if told != Some(progress) {
            told = Some(progress);
            teller.tell(progress);
        }
        if matches!(progress, PrintProgress::Done | PrintProgress::Failed(_)) {
            return;
        }
        std::thread::sleep(PAUSE);
    }
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
