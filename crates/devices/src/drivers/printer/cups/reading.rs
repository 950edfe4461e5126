//! What the state, reasons and message of a CUPS printer mean for us. Reasons are matched by prefix and never by severity
//! (CUPS turned a backend's `media-empty-error` into `-warning`). A printer that is switched off shows in the message alone.

use crate::port::printer::WaitReason;
use crate::port::status::{DeviceCode, DeviceStatus};

/// One reading of the printer's attributes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PrinterReading {
    pub stopped: bool,
    pub processing: bool,
    pub accepting: bool,
    pub reasons: Vec<String>,
    pub message: String,
}

/// Worst first: a jam is told before an empty tray that follows from it.
const REASONS: [(&str, WaitReason); 9] = [
    ("media-jam", WaitReason::Jam),
    ("cover-open", WaitReason::CoverOpen),
    ("door-open", WaitReason::CoverOpen),
    ("media-empty", WaitReason::PaperOut),
    ("media-needed", WaitReason::PaperOut),
    ("offline", WaitReason::Offline),
    ("shutdown", WaitReason::Offline),
    ("paused", WaitReason::Paused),
    ("moving-to-paused", WaitReason::Paused),
];

const SUPPLY: [&str; 2] = ["toner-", "marker-"];

/// Parts of the messages of the CUPS back ends (ipp, socket, usb, lpd) for a printer that does not answer.
const OFF_MESSAGES: [&str; 6] = [
    "may not exist or is unavailable",
    "not responding",
    "unable to locate printer",
    "is unreachable",
    "waiting for printer to become available",
    "no route to host",
];

impl PrinterReading {
    /// What a job waits for now, if anything.
    pub fn trouble(&self) -> Option<WaitReason> {
        let by_reason = REASONS
            .iter()
            .find(|(prefix, _)| self.reasons.iter().any(|reason| reason.starts_with(prefix)))
            .map(|(_, reason)| *reason);
        by_reason.or_else(|| self.off_by_message().then_some(WaitReason::Offline)).or_else(|| {
            let full = self.reasons.iter().any(|reason| reason.starts_with("output-area-full"));
            (full || self.stopped).then_some(WaitReason::Other)
        })
    }

    /// The device status.
    pub fn status(&self) -> DeviceStatus {
        if let Some(reason) = self.trouble() {
            return reason.as_status();
        }
        if !self.accepting {
            return DeviceStatus::NeedsHelp(DeviceCode::Paused);
        }
        let any = |prefix: &str| self.reasons.iter().any(|reason| reason.starts_with(prefix));
        if SUPPLY.iter().any(|prefix| any(prefix)) {
            DeviceStatus::Warning(DeviceCode::SupplyLow)
        } else if any("output-") {
            DeviceStatus::Warning(DeviceCode::OutputFull)
        } else if any("media-low") {
            DeviceStatus::Warning(DeviceCode::PaperOut)
        } else {
            DeviceStatus::Ready
        }
    }

    /// The message of an idle printer is that of an old job and says nothing.
    fn off_by_message(&self) -> bool {
        let message = self.message.to_ascii_lowercase();
        self.processing && OFF_MESSAGES.iter().any(|part| message.contains(part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(reasons: &[&str]) -> PrinterReading {
        let reasons = reasons.iter().map(|r| (*r).to_owned()).collect();
        PrinterReading { processing: true, accepting: true, reasons, ..PrinterReading::default() }
    }

    #[test]
    fn reasons_count_by_prefix_whatever_their_severity() {
        for suffix in ["", "-report", "-warning", "-error"] {
            for (prefix, expected) in [
                ("media-empty", WaitReason::PaperOut),
                ("media-jam", WaitReason::Jam),
                ("cover-open", WaitReason::CoverOpen),
                ("door-open", WaitReason::CoverOpen),
                ("offline", WaitReason::Offline),
                ("paused", WaitReason::Paused),
            ] {
                let reason = format!("{prefix}{suffix}");
                let seen = reading(&["cups-waiting-for-job-completed", &reason]);
                assert_eq!(seen.trouble(), Some(expected), "{reason}");
            }
        }
    }

    #[test]
    fn low_toner_is_a_warning_and_prints_on() {
        let seen = reading(&["toner-low-warning"]);
        assert_eq!(seen.trouble(), None);
        assert_eq!(seen.status(), DeviceStatus::Warning(DeviceCode::SupplyLow));
    }

    #[test]
    fn a_switched_off_printer_shows_in_the_message_only() {
        let mut seen = reading(&["none"]);
        seen.message = "The printer may not exist or is unavailable at this time.".to_owned();
        assert_eq!(seen.trouble(), Some(WaitReason::Offline));
        assert_eq!(seen.status(), DeviceStatus::Offline);
        seen.processing = false;
        assert_eq!(seen.status(), DeviceStatus::Ready, "an old message of an idle printer");
    }

    #[test]
    fn a_stopped_printer_without_a_reason_needs_a_person() {
        let seen = PrinterReading { stopped: true, ..reading(&["none"]) };
        assert_eq!(seen.trouble(), Some(WaitReason::Other));
    }

    #[test]
    fn a_jam_is_told_before_the_empty_tray() {
        assert_eq!(reading(&["media-empty-warning", "media-jam-error"]).trouble(), Some(WaitReason::Jam));
    }

    #[test]
    fn a_queue_that_takes_no_jobs_needs_a_person() {
        let seen = PrinterReading { accepting: false, ..reading(&["none"]) };
        assert_eq!(seen.status(), DeviceStatus::NeedsHelp(DeviceCode::Paused));
    }
}
