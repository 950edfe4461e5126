//! The simulated printer keeps the printers' contract, and forgets waiting jobs when it is switched off and on.

use std::path::PathBuf;
use std::time::Duration;

use devices::sim::{PrinterMode, SimControl, SimPrinter};
use devices::{PrintState, ReceiptPrinter, Reconciled, WaitReason};

use crate::printer_contract::{PrinterBench, job, printer_contract};

struct Bench {
    control: SimControl,
    tray: PathBuf,
}

impl PrinterBench for Bench {
    fn trouble(&mut self, reason: Option<WaitReason>) {
        self.control.printer(match reason {
            None => PrinterMode::Ready,
            Some(WaitReason::PaperOut) => PrinterMode::PaperOut,
            Some(WaitReason::Jam) => PrinterMode::Jam,
            Some(WaitReason::CoverOpen) => PrinterMode::CoverOpen,
            Some(WaitReason::Offline) => PrinterMode::Off,
            Some(WaitReason::Paused | WaitReason::Other) => PrinterMode::Paused,
        });
    }

    fn paper(&self, job_name: &str) -> Option<Vec<u8>> {
        std::fs::read(self.tray.join(format!("{job_name}.pdf"))).ok()
    }
}

#[test]
fn the_simulated_printer_keeps_the_contract() {
    let tray = tempfile::tempdir().unwrap();
    let control = SimControl::new();
    let mut printer = SimPrinter::new(control.clone(), tray.path()).unwrap();
    assert!(printer.simulated());
    printer_contract(&mut printer, &mut Bench { control, tray: tray.path().to_owned() });
}

#[test]
fn a_slow_printer_is_printing_until_it_is_done() {
    let tray = tempfile::tempdir().unwrap();
    let control = SimControl::new();
    control.print_time(Duration::from_secs(3600));
    let mut printer = SimPrinter::new(control.clone(), tray.path()).unwrap();
    let ticket = printer.submit(&job("slow")).unwrap();
    assert_eq!(printer.state(&ticket), PrintState::Printing);
    control.print_time(Duration::ZERO);
    assert_eq!(printer.state(&ticket), PrintState::Done);
}

#[test]
fn after_a_restart_the_tray_is_known_and_waiting_jobs_are_not() {
    let tray = tempfile::tempdir().unwrap();
    let control = SimControl::new();
    let mut before = SimPrinter::new(control.clone(), tray.path()).unwrap();
    before.submit(&job("printed")).unwrap();
    control.printer(PrinterMode::PaperOut);
    let waiting = before.submit(&job("waiting")).unwrap();
    drop(before);
    control.printer(PrinterMode::Ready);
    let mut after = SimPrinter::new(control, tray.path()).unwrap();
    assert!(matches!(after.reconcile("printed-a1"), Reconciled::Found(_, PrintState::Done)));
    assert_eq!(after.reconcile("waiting-a1"), Reconciled::NotFound);
    assert_eq!(after.state(&waiting), PrintState::Unknown);
}
