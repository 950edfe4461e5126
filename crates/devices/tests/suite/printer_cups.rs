//! The CUPS driver against a real cupsd: the contract, and the bad days of the daemon itself. Never a false success.

use devices::drivers::printer::cups::{CupsPrinter, CupsSettings};
use devices::{DeviceStatus, PrintError, PrintState, ReceiptPrinter, Reconciled, WaitReason};

use crate::cupsd::{Cupsd, Durability};
use crate::printer_contract::{PrinterBench, job, printer_contract, wait_for};

fn printer_of(cupsd: &Cupsd) -> CupsPrinter {
    CupsPrinter::new(&cupsd.settings()).unwrap()
}

#[test]
fn the_cups_driver_keeps_the_contract() {
    let mut cupsd = Cupsd::start(Durability::AtOnce);
    let mut printer = printer_of(&cupsd);
    assert!(!printer.simulated());
    printer_contract(&mut printer, &mut cupsd);
}

#[test]
fn a_job_lost_in_a_crash_is_not_taken_for_the_next_job_with_its_number() {
    let mut cupsd = Cupsd::start(Durability::AsShipped);
    let mut printer = printer_of(&cupsd);
    cupsd.trouble(Some(WaitReason::Paused));
    let lost = printer.submit(&job("lost")).unwrap();
    cupsd.kill();
    assert_eq!(printer.state(&lost), PrintState::Unknown);
    assert_eq!(printer.reconcile(&lost.job_name), Reconciled::Unknown);
    assert_eq!(printer.status(), DeviceStatus::Offline);
    cupsd.launch();
    cupsd.trouble(None);

    let next = printer.submit(&job("next")).unwrap();
    assert_eq!(next.job_id, lost.job_id, "cupsd gives the lost job's number to the next job");
    wait_for(&mut printer, &next, PrintState::Done, |s| s == PrintState::Printing);
    assert_eq!(printer.state(&lost), PrintState::Unknown);
    assert_eq!(printer.reconcile(&lost.job_name), Reconciled::NotFound);
    assert_eq!(cupsd.paper(&lost.job_name), None);
}

#[test]
fn a_job_kept_over_a_crash_is_found_by_name_and_printed() {
    let mut cupsd = Cupsd::start(Durability::AtOnce);
    cupsd.trouble(Some(WaitReason::Paused));
    let kept = printer_of(&cupsd).submit(&job("kept")).unwrap();
    cupsd.kill();
    cupsd.launch();

    let mut printer = printer_of(&cupsd);
    let Reconciled::Found(found, state) = printer.reconcile(&kept.job_name) else { panic!("not found") };
    assert!(matches!(state, PrintState::Waiting(_) | PrintState::Printing), "{state:?}");
    assert_eq!(cupsd.paper(&kept.job_name), None);
    cupsd.trouble(None);
    wait_for(&mut printer, &found, PrintState::Done, |s| matches!(s, PrintState::Printing | PrintState::Waiting(_)));
    assert!(cupsd.paper(&kept.job_name).is_some());
}

#[test]
fn a_cancelled_job_has_failed() {
    let mut cupsd = Cupsd::start(Durability::AtOnce);
    let mut printer = printer_of(&cupsd);
    cupsd.trouble(Some(WaitReason::Paused));
    let ticket = printer.submit(&job("cancelled")).unwrap();
    cupsd.client("cancel", &["-u", "kiosk"]);
    let failed = PrintState::Failed(devices::PrintFailure::Cancelled);
    wait_for(&mut printer, &ticket, failed, |s| s == PrintState::Waiting(WaitReason::Paused));
}

#[test]
fn with_no_server_everything_says_so() {
    let mut cupsd = Cupsd::start(Durability::AtOnce);
    let mut printer = printer_of(&cupsd);
    cupsd.kill();
    assert!(matches!(printer.submit(&job("nobody")), Err(PrintError::Offline(_))));
    assert_eq!(printer.status(), DeviceStatus::Offline);
    assert_eq!(printer.reconcile("nobody-a1"), Reconciled::Unknown);
}

#[test]
fn a_queue_that_does_not_exist_is_not_configured() {
    let cupsd = Cupsd::start(Durability::AtOnce);
    let queue = cupsd.settings().queue.replace("receipts", "nowhere");
    let mut printer = CupsPrinter::new(&CupsSettings { queue, user: "kiosk".to_owned() }).unwrap();
    assert_eq!(printer.status(), DeviceStatus::NotConfigured);
    assert!(matches!(printer.submit(&job("nowhere")), Err(PrintError::Refused(_))));
}

#[test]
fn an_address_that_is_no_printer_is_refused_at_once() {
    for queue in ["", "receipts", "ftp://127.0.0.1/printers/x", "ipp://"] {
        let settings = CupsSettings { queue: queue.to_owned(), user: "kiosk".to_owned() };
        assert!(CupsPrinter::new(&settings).is_err(), "{queue}");
    }
}
