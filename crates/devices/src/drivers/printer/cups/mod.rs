//! Printing through CUPS by IPP on loopback. Invariants: `Done` only at job-state 9 of a job that carries our name; a job is
//! found again by its name, never by its number alone, because a crashed CUPS gives the number to the next job. Reasons are
//! matched by prefix, since CUPS changes their severity suffix. Deliberately not here: setting up queues, TLS, retries.

mod reading;
mod wire;

use std::time::Duration;

use ipp::model::{JobState, Operation, PrinterState, StatusCode};
use ipp::prelude::{IppClient, IppValue, Uri};

use crate::port::printer::{
    JobTicket, PrintError, PrintFailure, PrintJob, PrintState, ReceiptPrinter, Reconciled, WaitReason, check_job,
};
use crate::port::status::{DeviceCode, DeviceStatus};
use wire::{Reply, WireError};

/// Time limit of a question.
const ASK: Duration = Duration::from_secs(5);
/// Time limit of handing over a document.
const HAND_OVER: Duration = Duration::from_secs(15);
/// Jobs looked through by name: more than CUPS keeps by default (`MaxJobs 500`).
const MOST_JOBS: i32 = 1000;
const JOB_ATTRIBUTES: [&str; 4] = ["job-id", "job-name", "job-state", "job-state-reasons"];
const PRINTER_ATTRIBUTES: [&str; 4] =
    ["printer-state", "printer-state-reasons", "printer-state-message", "printer-is-accepting-jobs"];

/// Where the queue is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CupsSettings {
    /// For example `ipp://127.0.0.1:631/printers/receipts`.
    pub queue: String,
    /// Owner of the jobs. CUPS shows a job's name to its owner only, so keep it the same over restarts.
    pub user: String,
}

/// Settings that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a printer address: {0}")]
pub struct BadQueueAddress(String);

/// A printer queue of CUPS.
#[derive(Debug)]
pub struct CupsPrinter {
    uri: Uri,
    user: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct SeenJob {
    id: i32,
    state: i32,
}

impl CupsPrinter {
    /// Prepares the driver; asks nobody yet.
    pub fn new(settings: &CupsSettings) -> Result<Self, BadQueueAddress> {
        let uri: Uri = settings.queue.parse().map_err(|_| BadQueueAddress(settings.queue.clone()))?;
        if !matches!(uri.scheme_str(), Some("ipp" | "http")) || uri.host().is_none() {
            return Err(BadQueueAddress(settings.queue.clone()));
        }
        Ok(Self { uri, user: settings.user.clone() })
    }

    fn ask(&self, operation: Operation, attributes: Vec<(&'static str, IppValue)>) -> Result<Reply, WireError> {
        let client = IppClient::builder(self.uri.clone()).request_timeout(ASK).build();
        wire::send(&client, wire::request(operation, &self.uri, &self.user, attributes, None)?)
    }

    /// The job that carries this name now. The highest number wins should a name occur twice.
    fn find(&self, job_name: &str) -> Result<Option<SeenJob>, WireError> {
        let reply = self.ask(
            Operation::GetJobs,
            vec![
                ("limit", IppValue::Integer(MOST_JOBS)),
                ("which-jobs", wire::keyword("all")?),
                ("requested-attributes", wire::keywords(&JOB_ATTRIBUTES)?),
            ],
        )?;
        let jobs = reply.jobs().filter(|job| job.text("job-name").as_deref() == Some(job_name));
        Ok(jobs
            .filter_map(|job| Some(SeenJob { id: job.number("job-id")?, state: job.number("job-state")? }))
            .max_by_key(|job| job.id))
    }

    /// The job of a ticket: asked by number, believed only when the name is ours, else searched by name.
    fn job_of(&self, ticket: &JobTicket) -> Result<Option<SeenJob>, WireError> {
        let asked = self.ask(
            Operation::GetJobAttributes,
            vec![
                ("job-id", IppValue::Integer(ticket.job_id)),
                ("requested-attributes", wire::keywords(&JOB_ATTRIBUTES)?),
            ],
        );
        match asked {
            Ok(reply) => {
                let ours = reply.jobs().find(|job| job.text("job-name").as_ref() == Some(&ticket.job_name));
                match ours.and_then(|job| job.number("job-state")) {
                    Some(state) => Ok(Some(SeenJob { id: ticket.job_id, state })),
                    None => self.find(&ticket.job_name),
                }
            }
            Err(WireError::Status(StatusCode::ClientErrorNotFound)) => self.find(&ticket.job_name),
            Err(error) => Err(error),
        }
    }

    fn printer(&self) -> Result<reading::PrinterReading, WireError> {
        let wanted = wire::keywords(&PRINTER_ATTRIBUTES)?;
        let reply = self.ask(Operation::GetPrinterAttributes, vec![("requested-attributes", wanted)])?;
        let state = reply.printer_number("printer-state").unwrap_or(0);
        Ok(reading::PrinterReading {
            stopped: state == PrinterState::Stopped as i32,
            processing: state == PrinterState::Processing as i32,
            accepting: reply.printer_text("printer-is-accepting-jobs").as_deref() != Some("false"),
            reasons: reply.printer_words("printer-state-reasons"),
            message: reply.printer_text("printer-state-message").unwrap_or_default(),
        })
    }

    fn judge(&self, job: SeenJob) -> PrintState {
        if job.state == JobState::Completed as i32 {
            return PrintState::Done;
        }
        if job.state == JobState::Canceled as i32 {
            return PrintState::Failed(PrintFailure::Cancelled);
        }
        if job.state == JobState::Aborted as i32 {
            return PrintState::Failed(PrintFailure::Aborted);
        }
        if job.state == JobState::PendingHeld as i32 {
            return PrintState::Waiting(WaitReason::Paused);
        }
        let trouble = match self.printer() {
            Ok(printer) => printer.trouble(),
            Err(_) => return PrintState::Unknown,
        };
        match trouble {
            Some(reason) => PrintState::Waiting(reason),
            None if job.state == JobState::ProcessingStopped as i32 => PrintState::Waiting(WaitReason::Other),
            None => PrintState::Printing,
        }
    }
}

impl ReceiptPrinter for CupsPrinter {
    fn submit(&mut self, job: &PrintJob) -> Result<JobTicket, PrintError> {
        check_job(job)?;
        let job_name = job.job_name();
        let attributes = vec![
            ("job-name", wire::name(&job_name).map_err(refused)?),
            ("document-format", wire::mime("application/pdf").map_err(refused)?),
        ];
        let mut request = wire::request(Operation::PrintJob, &self.uri, &self.user, attributes, Some(job.pdf.clone()))
            .map_err(refused)?;
        wire::add_job_attribute(&mut request, "media", wire::keyword(job.media.pwg_name()).map_err(refused)?)
            .map_err(refused)?;
        let client = IppClient::builder(self.uri.clone()).request_timeout(HAND_OVER).build();
        let reply = wire::send(&client, request).map_err(refused)?;
        let accepted = reply.jobs().find_map(|accepted| accepted.number("job-id"));
        match accepted {
            Some(job_id) => Ok(JobTicket { job_name, job_id }),
            None => Err(PrintError::Offline("no job number in the answer".to_owned())),
        }
    }

    fn state(&mut self, ticket: &JobTicket) -> PrintState {
        match self.job_of(ticket) {
            Ok(Some(job)) => self.judge(job),
            Ok(None) => PrintState::Unknown,
            Err(error) => {
                tracing::warn!(job = %ticket.job_name, %error, "print queue cannot be asked");
                PrintState::Unknown
            }
        }
    }

    fn reconcile(&mut self, job_name: &str) -> Reconciled {
        match self.find(job_name) {
            Ok(Some(job)) => {
                Reconciled::Found(JobTicket { job_name: job_name.to_owned(), job_id: job.id }, self.judge(job))
            }
            Ok(None) => Reconciled::NotFound,
            Err(error) => {
                tracing::warn!(job = %job_name, %error, "print queue cannot be asked");
                Reconciled::Unknown
            }
        }
    }

    fn status(&mut self) -> DeviceStatus {
        match self.printer() {
            Ok(printer) => printer.status(),
            Err(WireError::Status(StatusCode::ClientErrorNotFound)) => DeviceStatus::NotConfigured,
            Err(WireError::Status(_) | WireError::Malformed(_)) => DeviceStatus::NeedsHelp(DeviceCode::Other),
            Err(WireError::Unreachable(_)) => DeviceStatus::Offline,
        }
    }

    fn simulated(&self) -> bool {
        false
    }

    fn label(&self) -> String {
        format!("cups {}", self.uri)
    }
}

fn refused(error: WireError) -> PrintError {
    match error {
        WireError::Unreachable(why) => PrintError::Offline(why),
        WireError::Status(status) => PrintError::Refused(status.to_string()),
        WireError::Malformed(why) => PrintError::Refused(why),
    }
}
