//! Short questions to the office: a person's own record, and what became of an instant service.
//! Invariant: no answer is invented: silence is `OwnRecordUnavailable` or `OfficeUnreachable`, and the outbox goes on.

use super::Hands;
use crate::signal::{CertificateSignal, Signal};
use crate::uplink::UplinkError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as B64;
use domain::hours::Standing;
use domain::ids::SubmissionId;
use domain::sensitive::Sensitive;
use std::time::{Duration, Instant};
use visit::{Ask, Event, Identified, Input, Outcome, Person, Ticket};
use wire::registry::OwnRecordRequest;

/// Between two questions about an outcome.
const PAUSE: Duration = Duration::from_millis(400);
/// How long the office may be unreachable before the visit is told.
const PATIENCE: Duration = Duration::from_secs(6);
/// How long to ask at all; the visit's own limit is shorter.
const AT_MOST: Duration = Duration::from_secs(60);

impl Hands {
    pub(super) fn fetch_own_record(
        &self,
        ask: Ask,
        applicant: Person,
        identified: Identified,
        ward: Option<Sensitive<String>>,
    ) {
        let identified = super::sealing::identified(identified);
        let request = OwnRecordRequest { id_number: applicant.id_number, identified, ward };
        let office = self.office.clone();
        self.answer_later(ask, move || match office.own_record(&request) {
            Ok(record) if !record.facts.is_empty() => Event::OwnRecord(record.facts),
            Ok(_) => Event::OwnRecordUnavailable,
            Err(error) => {
                tracing::info!(%error, "no own record");
                Event::OwnRecordUnavailable
            }
        });
    }

    pub(super) fn fetch_outcome(&self, ask: Ask, submission: SubmissionId) {
        let (office, signals) = (self.office.clone(), self.signals.clone());
        self.spawn("outcome", move || {
            let started = Instant::now();
            let mut last_heard = started;
            while started.elapsed() < AT_MOST {
                match office.outcome(submission) {
                    Ok(wire::outcome::Outcome::Pending) => last_heard = Instant::now(),
                    Ok(outcome) => {
                        let _ = signals.send(signal(ask, outcome));
                        return;
                    }
                    // It answered: not arrived yet, or busy.
                    Err(UplinkError::Refused(_)) => last_heard = Instant::now(),
                    Err(error) => {
                        tracing::debug!(%error, "no outcome yet");
                        if last_heard.elapsed() > PATIENCE {
                            break;
                        }
                    }
                }
                std::thread::sleep(PAUSE);
            }
            let _ = signals.send(Signal::Answer(Input::Answer { ask, event: Event::OfficeUnreachable }));
        });
    }
}

fn signal(ask: Ask, outcome: wire::outcome::Outcome) -> Signal {
    let event = match outcome {
        wire::outcome::Outcome::Pending => Event::OfficeUnreachable,
        wire::outcome::Outcome::Counter { ticket, window, hours } => {
            let hours = hours.map(|hours| match hours {
                wire::outcome::CounterHours::Open { until } => Standing::Open { until },
                wire::outcome::CounterHours::Shut { opens } => Standing::Shut { opens: Some(opens) },
            });
            Event::Outcome(Outcome::Counter { ticket: Some(Ticket { number: ticket, window, hours }) })
        }
        wire::outcome::Outcome::Issued { number, pdf } => match B64.decode(pdf) {
            Ok(pdf) => {
                return Signal::Certificate(Box::new(CertificateSignal { ask, number, pdf: Sensitive::new(pdf) }));
            }
            Err(error) => {
                tracing::error!(%error, "a certificate came damaged; the counter prints it");
                Event::Outcome(Outcome::Counter { ticket: None })
            }
        },
    };
    Signal::Answer(Input::Answer { ask, event })
}
