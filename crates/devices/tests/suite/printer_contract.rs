//! What every printer adapter must do, with and without trouble. Run over the simulator and over CUPS alike.

use std::time::{Duration, Instant};

use devices::{
    DeviceStatus, JobTicket, Media, PrintError, PrintJob, PrintState, ReceiptPrinter, Reconciled, WaitReason,
};

const LIMIT: Duration = Duration::from_secs(30);
const BREATH: Duration = Duration::from_millis(20);

/// The hands of the test on the device.
pub trait PrinterBench {
    /// Brings the trouble about, or ends every trouble with `None`.
    fn trouble(&mut self, reason: Option<WaitReason>);
    /// What lies in the tray under this job name.
    fn paper(&self, job_name: &str) -> Option<Vec<u8>>;
}

/// The smallest PDF that a filter chain accepts; `words` make it distinct.
pub fn small_pdf(words: &str) -> Vec<u8> {
    let content = format!("BT /F1 24 Tf 72 720 Td ({words}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut pdf = "%PDF-1.4\n".to_owned();
    let mut starts = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        starts.push(pdf.len());
        pdf += &format!("{} 0 obj\n{object}\nendobj\n", i + 1);
    }
    let table = pdf.len();
    pdf += &format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for start in starts {
        pdf += &format!("{start:010} 00000 n \n");
    }
    pdf += &format!("trailer << /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1);
    pdf.into_bytes()
}

pub fn job(document_id: &str) -> PrintJob {
    PrintJob { document_id: document_id.to_owned(), attempt: 1, pdf: small_pdf(document_id), media: Media::A4 }
}

/// Polls until the state is as wanted; a state that `allowed` refuses ends the test at once.
pub fn wait_for(
    printer: &mut dyn ReceiptPrinter,
    ticket: &JobTicket,
    wanted: PrintState,
    allowed: impl Fn(PrintState) -> bool,
) {
    let deadline = Instant::now() + LIMIT;
    loop {
        let state = printer.state(ticket);
        if state == wanted {
            return;
        }
        assert!(allowed(state), "{state:?} while waiting for {wanted:?}");
        assert!(Instant::now() < deadline, "still {state:?}, wanted {wanted:?}");
        std::thread::sleep(BREATH);
    }
}

pub fn wait_for_status(printer: &mut dyn ReceiptPrinter, wanted: DeviceStatus) {
    let deadline = Instant::now() + LIMIT;
    loop {
        let status = printer.status();
        if status == wanted {
            return;
        }
        assert!(Instant::now() < deadline, "still {status:?}, wanted {wanted:?}");
        std::thread::sleep(BREATH);
    }
}

/// The suite.
pub fn printer_contract(printer: &mut dyn ReceiptPrinter, bench: &mut dyn PrinterBench) {
    prints(printer, bench);
    knows_nothing_of_strangers(printer);
    refuses_bad_jobs(printer);
    for reason in
        [WaitReason::PaperOut, WaitReason::Jam, WaitReason::CoverOpen, WaitReason::Offline, WaitReason::Paused]
    {
        waits_and_prints_once(printer, bench, reason);
    }
}

fn prints(printer: &mut dyn ReceiptPrinter, bench: &dyn PrinterBench) {
    wait_for_status(printer, DeviceStatus::Ready);
    let ticket = printer.submit(&job("plain")).unwrap();
    assert_eq!(ticket.job_name, "plain-a1");
    wait_for(printer, &ticket, PrintState::Done, |s| s == PrintState::Printing);
    // A queue may wrap the PDF in printer job language.
    assert!(bench.paper("plain-a1").unwrap().windows(5).any(|bytes| bytes == b"%PDF-"));
    assert!(
        matches!(printer.reconcile("plain-a1"), Reconciled::Found(found, PrintState::Done) if found.job_name == "plain-a1")
    );
    assert!(!printer.label().is_empty());

    // Another name under the number of a printed job is another job.
    let stranger = JobTicket { job_name: "other-a1".to_owned(), job_id: ticket.job_id };
    assert_eq!(printer.state(&stranger), PrintState::Unknown);
}

fn knows_nothing_of_strangers(printer: &mut dyn ReceiptPrinter) {
    let stranger = JobTicket { job_name: "never-a1".to_owned(), job_id: 9_999 };
    assert_eq!(printer.state(&stranger), PrintState::Unknown);
    assert_eq!(printer.reconcile("never-a1"), Reconciled::NotFound);
}

fn refuses_bad_jobs(printer: &mut dyn ReceiptPrinter) {
    let wrong_name = PrintJob { document_id: "../王".to_owned(), ..job("x") };
    let not_pdf = PrintJob { pdf: b"hello".to_vec(), ..job("x") };
    assert!(matches!(printer.submit(&wrong_name), Err(PrintError::BadJob(_))));
    assert!(matches!(printer.submit(&not_pdf), Err(PrintError::BadJob(_))));
}

fn waits_and_prints_once(printer: &mut dyn ReceiptPrinter, bench: &mut dyn PrinterBench, reason: WaitReason) {
    bench.trouble(Some(reason));
    let document = format!("during-{reason:?}");
    let ticket = printer.submit(&job(&document)).unwrap();
    let waiting = PrintState::Waiting(reason);
    wait_for(printer, &ticket, waiting, |s| s == PrintState::Printing);
    wait_for_status(printer, reason.as_status());
    assert!(!printer.status().usable());
    assert_eq!(printer.reconcile(&ticket.job_name), Reconciled::Found(ticket.clone(), waiting));
    assert_eq!(bench.paper(&ticket.job_name), None, "{reason:?}");

    bench.trouble(None);
    wait_for(printer, &ticket, PrintState::Done, |s| s == PrintState::Printing || s == waiting);
    assert!(bench.paper(&ticket.job_name).is_some(), "{reason:?}");
    wait_for_status(printer, DeviceStatus::Ready);
}
