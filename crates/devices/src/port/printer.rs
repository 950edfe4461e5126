//! The printer port. Invariant: `Done` means that the printer (or, for a queue, its last hop) said the job is complete. A job
//! of which nothing is known is `Unknown`, never `Done`. Delivery is at least once: the caller writes document id and attempt
//! into its outbox before `submit`, and after any start asks `reconcile` by job name, because job ids are reused after a crash.

use std::fmt;

use super::status::{DeviceCode, DeviceStatus};

/// Paper size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Media {
    /// ISO A4.
    A4,
    /// ISO A5, the receipt slip.
    A5,
    /// Receipt roll, 80 mm wide.
    Roll80,
}

impl Media {
    /// The PWG 5101.1 self-describing name.
    pub const fn pwg_name(self) -> &'static str {
        match self {
            Self::A4 => "iso_a4_210x297mm",
            Self::A5 => "iso_a5_148x210mm",
            Self::Roll80 => "om_receipt_80x297mm",
        }
    }
}

/// One attempt at printing one document.
#[derive(Clone, PartialEq, Eq)]
pub struct PrintJob {
    /// Id of the document, ASCII letters, digits and hyphens, at most 100 characters. No personal data: it reaches the queue's logs.
    pub document_id: String,
    /// 1 for the first attempt.
    pub attempt: u32,
    /// The whole PDF.
    pub pdf: Vec<u8>,
    /// Paper.
    pub media: Media,
}

impl PrintJob {
    /// `document_id` and attempt as one name: the key for `reconcile`.
    pub fn job_name(&self) -> String {
        job_name(&self.document_id, self.attempt)
    }
}

impl fmt::Debug for PrintJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrintJob {{ {} {:?} {} bytes }}", self.job_name(), self.media, self.pdf.len())
    }
}

/// The job name of an attempt, for example `rcpt-01J8-a1`.
pub fn job_name(document_id: &str, attempt: u32) -> String {
    format!("{document_id}-a{attempt}")
}

/// A job the printer accepted. Keep the name; the id may be given to another job after a crash of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobTicket {
    /// The key.
    pub job_name: String,
    /// The queue's number, for a person looking at the queue.
    pub job_id: i32,
}

/// Why a job waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WaitReason {
    /// No paper.
    PaperOut,
    /// Paper stuck.
    Jam,
    /// Cover or door open.
    CoverOpen,
    /// Printer off, unplugged or out of reach.
    Offline,
    /// The queue or the job was paused by a person.
    Paused,
    /// Something else; a person must look.
    Other,
}

impl WaitReason {
    /// The device status that goes with the reason.
    pub const fn as_status(self) -> DeviceStatus {
        match self {
            Self::PaperOut => DeviceStatus::NeedsHelp(DeviceCode::PaperOut),
            Self::Jam => DeviceStatus::NeedsHelp(DeviceCode::Jam),
            Self::CoverOpen => DeviceStatus::NeedsHelp(DeviceCode::CoverOpen),
            Self::Paused => DeviceStatus::NeedsHelp(DeviceCode::Paused),
            Self::Other => DeviceStatus::NeedsHelp(DeviceCode::Other),
            Self::Offline => DeviceStatus::Offline,
        }
    }
}

/// Why a job will not be printed any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrintFailure {
    /// A person or a program cancelled it.
    Cancelled,
    /// The queue gave it up.
    Aborted,
}

/// Where a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrintState {
    /// On its way.
    Printing,
    /// Accepted, and waits for a person.
    Waiting(WaitReason),
    /// The printer says it is complete.
    Done,
    /// It will not come out.
    Failed(PrintFailure),
    /// The printer knows no such job, or cannot be asked. Says nothing about paper: ask the person.
    Unknown,
}

/// What `reconcile` found under a job name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reconciled {
    /// The job is known under this (perhaps new) ticket.
    Found(JobTicket, PrintState),
    /// The printer answers and has no such job: it was lost, or never arrived. Printing again is the caller's decision.
    NotFound,
    /// The printer cannot be asked now.
    Unknown,
}

/// Why a job was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// Nobody answers. The job may or may not have arrived: reconcile before another attempt.
    #[error("printer cannot be reached: {0}")]
    Offline(String),
    /// The printer answered no.
    #[error("printer refused the job: {0}")]
    Refused(String),
    /// The job itself is wrong (name, empty document, not a PDF).
    #[error("not a printable job: {0}")]
    BadJob(&'static str),
    /// This kiosk has no printer.
    #[error("no printer is configured")]
    NotConfigured,
}

/// A printer for receipts and slips.
pub trait ReceiptPrinter: Send {
    /// Hands a job over; returns when it was accepted, not when it was printed. At most 15 s.
    fn submit(&mut self, job: &PrintJob) -> Result<JobTicket, PrintError>;
    /// Where the job is now. At most 5 s.
    fn state(&mut self, ticket: &JobTicket) -> PrintState;
    /// Finds a job by its name after a start. At most 5 s.
    fn reconcile(&mut self, job_name: &str) -> Reconciled;
    /// How the printer is. At most 5 s.
    fn status(&mut self) -> DeviceStatus;
    /// True for a simulator: the screen shows 模拟设备.
    fn simulated(&self) -> bool;
    /// Name for the staff console.
    fn label(&self) -> String;
}

/// Refuses what no printer should be given, before it leaves the kiosk. Shared by every adapter.
pub(crate) fn check_job(job: &PrintJob) -> Result<(), PrintError> {
    let id = &job.document_id;
    if id.is_empty() || id.len() > 100 || !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return Err(PrintError::BadJob("document id"));
    }
    if !job.pdf.starts_with(b"%PDF-") {
        return Err(PrintError::BadJob("not a PDF"));
    }
    Ok(())
}
