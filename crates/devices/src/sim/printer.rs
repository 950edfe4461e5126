//! A printer without hardware: printed jobs appear as `<job name>.pdf` in a folder, which stands for the paper. Waiting jobs
//! live in memory only, as in a printer without a disk: after a restart `reconcile` knows what lies in the tray and no more.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::control::{PrinterMode, SimControl};
use crate::port::printer::{
    JobTicket, PrintError, PrintJob, PrintState, ReceiptPrinter, Reconciled, WaitReason, check_job,
};
use crate::port::status::DeviceStatus;

/// The simulated printer.
#[derive(Debug)]
pub struct SimPrinter {
    control: SimControl,
    tray: PathBuf,
    waiting: Vec<Waiting>,
    last_id: i32,
}

#[derive(Debug)]
struct Waiting {
    ticket: JobTicket,
    pdf: Vec<u8>,
    printing_since: Option<Instant>,
}

impl SimPrinter {
    /// A printer steered by `control` that lays its paper into the folder `tray` (created when needed).
    pub fn new(control: SimControl, tray: impl Into<PathBuf>) -> std::io::Result<Self> {
        let tray = tray.into();
        std::fs::create_dir_all(&tray)?;
        Ok(Self { control, tray, waiting: Vec::new(), last_id: 0 })
    }

    fn paper(&self, job_name: &str) -> PathBuf {
        self.tray.join(format!("{job_name}.pdf"))
    }

    fn trouble(&self) -> Option<WaitReason> {
        match self.control.state().printer {
            PrinterMode::Ready => None,
            PrinterMode::PaperOut => Some(WaitReason::PaperOut),
            PrinterMode::Jam => Some(WaitReason::Jam),
            PrinterMode::CoverOpen => Some(WaitReason::CoverOpen),
            PrinterMode::Paused => Some(WaitReason::Paused),
            PrinterMode::Off => Some(WaitReason::Offline),
        }
    }

    /// Prints what can be printed now, in order.
    fn advance(&mut self) {
        let print_time: Duration = self.control.state().print_time;
        while self.trouble().is_none() {
            let Some(job) = self.waiting.first_mut() else { return };
            let since = *job.printing_since.get_or_insert_with(Instant::now);
            if since.elapsed() < print_time {
                return;
            }
            let path = self.tray.join(format!("{}.pdf", job.ticket.job_name));
            if let Err(error) = std::fs::write(&path, &job.pdf) {
                tracing::warn!(job = %job.ticket.job_name, %error, "simulated printer cannot write its paper");
                return;
            }
            self.waiting.remove(0);
        }
    }

    fn known(&self, job_name: &str) -> Option<PrintState> {
        if self.waiting.iter().any(|job| job.ticket.job_name == job_name) {
            return Some(self.trouble().map_or(PrintState::Printing, PrintState::Waiting));
        }
        self.paper(job_name).is_file().then_some(PrintState::Done)
    }
}

impl ReceiptPrinter for SimPrinter {
    fn submit(&mut self, job: &PrintJob) -> Result<JobTicket, PrintError> {
        check_job(job)?;
        self.last_id += 1;
        let ticket = JobTicket { job_name: job.job_name(), job_id: self.last_id };
        self.waiting.push(Waiting { ticket: ticket.clone(), pdf: job.pdf.clone(), printing_since: None });
        self.advance();
        Ok(ticket)
    }

    fn state(&mut self, ticket: &JobTicket) -> PrintState {
        self.advance();
        self.known(&ticket.job_name).unwrap_or(PrintState::Unknown)
    }

    fn reconcile(&mut self, job_name: &str) -> Reconciled {
        self.advance();
        let waiting = self.waiting.iter().find(|job| job.ticket.job_name == job_name);
        let job_id = waiting.map_or(0, |job| job.ticket.job_id);
        match self.known(job_name) {
            Some(state) => Reconciled::Found(JobTicket { job_name: job_name.to_owned(), job_id }, state),
            None => Reconciled::NotFound,
        }
    }

    fn status(&mut self) -> DeviceStatus {
        self.advance();
        match self.trouble() {
            None => DeviceStatus::Ready,
            Some(reason) => reason.as_status(),
        }
    }

    fn simulated(&self) -> bool {
        true
    }

    fn label(&self) -> String {
        "sim-printer".to_owned()
    }
}
