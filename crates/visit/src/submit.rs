//! Check answers, submit, and what comes of it; the receipt and its paper.
//! Invariants: a receipt exists only for a submission the store has sealed; "printed" is said only after `Done`; a reprint
//! keeps the code; with anything open that an officer must look at, nothing is asked to be issued on the spot.

use crate::Visit;
use crate::effect::{Effect, Open, Slip, Submission};
use crate::errand::Errand;
use crate::input::{Ask, Event, Outcome, PrintProgress, PrintTrouble, StoreFault};
use crate::place::{Done, Place, Retry, Work};
use crate::view::{CheckLine, CheckPage, Ending, HeldWhy, Kept, Paper, ProblemKind, Progress, ReceiptPage};
use domain::ids::{ReceiptCode, SubmissionId};
use domain::service::{Applicant, Handling};

impl Visit {
    fn open_points(&self, errand: &Errand) -> Vec<Open> {
        let mut open = errand.open(self.today());
        if let Some(identity) = &self.memory.identity {
            if !identity.identified.confirmed() {
                open.push(Open::ConfirmPerson);
            }
            let missing = match errand.matter {
                Applicant::Own => identity.record_missing,
                Applicant::Guardian if !errand.service.ward_has_number => identity.record_missing,
                Applicant::Guardian | Applicant::Proxy => errand.record_missing,
            };
            // A supplement is not filled from the record.
            if missing && errand.supplement.is_none() {
                open.push(Open::OwnRecordUnavailable);
            }
        }
        open.sort();
        open
    }

    pub(crate) fn submit(&mut self) {
        if !matches!(self.memory.place, Place::Check) {
            return;
        }
        let today = self.today();
        let Some(errand) = &self.memory.errand else { return };
        if let Some(page) = errand.unfinished_page(today) {
            self.open_page(page, true);
        } else if let Some(rule) = errand.refusal(today) {
            self.go(Place::Refused { rule, back: None });
        } else {
            errand_is_whole(&mut self.memory.errand);
            self.seal();
        }
    }

    pub(crate) fn seal(&mut self) {
        let Some(errand) = &self.memory.errand else { return };
        let identity = self.memory.identity.as_ref();
        let submission = Submission {
            id: errand.submission,
            service: errand.service.id.clone(),
            form_version: errand.service.version,
            day: self.today(),
            language: self.preferences.language.clone(),
            applicant: identity.map(|identity| identity.person.clone()),
            identified: identity.map(|identity| identity.identified),
            matter: errand.matter,
            subject: errand.subject.clone(),
            facts: errand.facts.clone(),
            answers: errand.answers.clone(),
            open: self.open_points(errand),
            supplement_of: errand.supplement.as_ref().map(|supplement| supplement.of.clone()),
            unfinished: errand.unfinished.clone(),
        };
        let ask = self.next_ask();
        self.effects.push(Effect::Seal { ask, submission: Box::new(submission) });
        self.wait(Work::Seal, ask);
        self.memory.sealing = Some(ask);
    }

    pub(crate) fn seal_failed(&mut self, fault: StoreFault) {
        let half_done = self.memory.errand.as_ref().is_some_and(|errand| errand.unfinished.is_some());
        let retry = if half_done { Retry::HandOver } else { Retry::Seal };
        self.problem(ProblemKind::CannotAccept(fault), Kept::Entered, retry);
    }

    pub(crate) fn sealed(&mut self, code: ReceiptCode) {
        let today = self.today();
        let progress = self.progress();
        let Some(errand) = self.memory.errand.take() else { return };
        self.memory.sealing = None;
        if errand.saved {
            self.destroy_draft();
        }
        let sealed: Vec<_> = errand.answers.iter().flat_map(|(_, answer)| answer.attachments()).collect();
        self.drop_pictures(errand.pictures().into_iter().filter(|id| !sealed.contains(id)).collect());
        let open = self.open_points(&errand);
        let supplements = errand.supplement.as_ref().map(|supplement| supplement.of.submission);
        let half_done = errand.unfinished.is_some();
        let on_the_spot = errand.service.handling == Handling::Instant && supplements.is_none() && !half_done;
        let ask_office = on_the_spot && !open.iter().any(Open::needs_officer);
        let ending = match supplements {
            Some(_) => Ending::Supplement,
            None if half_done => Ending::HandedOver,
            None if on_the_spot => Ending::Counter { ticket: None },
            None => Ending::Acceptance,
        };
        let outcome = ask_office.then(|| self.next_ask());
        self.memory.done.push(Done {
            bring: errand.bring(today),
            service: errand.service,
            submission: errand.submission,
            code,
            received: self.now,
            delivered: false,
            ending,
            open,
            progress: progress.unwrap_or(Progress { step: 1, of: 1 }),
            outcome,
            slip: Paper::NotAsked,
            slip_job: None,
            certificate_job: None,
            supplements,
        });
        match outcome {
            Some(ask) => {
                self.effects.push(Effect::FetchOutcome { ask, submission: errand.submission });
                self.wait(Work::Outcome, ask);
            }
            None => self.go(Place::Receipt),
        }
        // It is the paper that the counter wants to see: nobody should have to ask for it.
        if half_done {
            self.print_receipt();
        }
    }

    pub(crate) fn outcome(&mut self, outcome: Outcome) {
        let Some(done) = self.memory.done.last_mut() else { return };
        done.outcome = None;
        match outcome {
            Outcome::Counter { ticket } => {
                done.ending = Ending::Counter { ticket };
                self.go(Place::Receipt);
            }
            Outcome::Issued { number } => {
                done.ending = Ending::Issued { number, paper: Paper::NotAsked };
                self.go(Place::Receipt);
                self.print_certificate();
            }
        }
    }

    pub(crate) fn held(&mut self, why: HeldWhy) {
        if let Some(done) = self.memory.done.last_mut() {
            done.ending = Ending::Held(why);
        }
        self.go(Place::Receipt);
    }

    /// The office's answer came after all, while the receipt is still shown.
    pub(crate) fn is_late_outcome(&self, ask: Ask) -> bool {
        let last = self.memory.done.last();
        matches!(self.memory.place, Place::Receipt)
            && last.is_some_and(|done| done.outcome == Some(ask) && matches!(done.ending, Ending::Held(_)))
    }

    pub(crate) fn delivered(&mut self, submission: SubmissionId) {
        for done in self.memory.done.iter_mut().filter(|done| done.submission == submission) {
            done.delivered = true;
        }
    }

    pub(crate) fn print_receipt(&mut self) {
        if !matches!(self.memory.place, Place::Receipt) {
            return;
        }
        let ask = self.next_ask();
        let identity = self.memory.identity.as_ref();
        let Some(done) = self.memory.done.last_mut().filter(|done| !under_way(done.slip)) else { return };
        let slip = Slip {
            code: done.code.clone(),
            submission: done.submission,
            service: done.service.id.clone(),
            received: done.received,
            delivered: done.delivered,
            applicant: identity.map(|identity| identity.person.clone()),
            open: done.open.clone(),
            bring: done.bring.clone(),
            ticket: match &done.ending {
                Ending::Counter { ticket } => ticket.clone(),
                Ending::Acceptance
                | Ending::Supplement
                | Ending::HandedOver
                | Ending::Issued { .. }
                | Ending::Held(_) => None,
            },
            supplement: done.supplements.is_some(),
            unfinished: done.ending == Ending::HandedOver,
            language: self.preferences.language.clone(),
        };
        done.slip = Paper::Job(PrintProgress::Printing);
        done.slip_job = Some(ask);
        self.effects.push(Effect::PrintReceipt { ask, slip: Box::new(slip) });
    }

    pub(crate) fn print_certificate(&mut self) {
        if !matches!(self.memory.place, Place::Receipt) {
            return;
        }
        let ask = self.next_ask();
        let Some(done) = self.memory.done.last_mut() else { return };
        let Ending::Issued { number, paper } = &mut done.ending else { return };
        if under_way(*paper) || *paper == Paper::Job(PrintProgress::Done) {
            return;
        }
        *paper = Paper::Job(PrintProgress::Printing);
        done.certificate_job = Some(ask);
        self.effects.push(Effect::PrintCertificate { ask, submission: done.submission, number: number.clone() });
    }

    pub(crate) fn print_event(&mut self, ask: Ask, event: &Event) {
        let Event::Print(progress) = event else { return };
        for done in &mut self.memory.done {
            if done.slip_job == Some(ask) && under_way(done.slip) {
                done.slip = Paper::Job(*progress);
                self.touched = self.now;
            }
            if let Ending::Issued { paper, .. } = &mut done.ending
                && done.certificate_job == Some(ask)
                && under_way(*paper)
            {
                *paper = Paper::Job(*progress);
                self.touched = self.now;
            }
        }
    }

    pub(crate) fn another_errand(&mut self) {
        if matches!(self.memory.place, Place::Receipt) {
            if let Some(done) = self.memory.done.last_mut() {
                done.outcome = None;
            }
            self.go_home();
        }
    }

    pub(crate) fn check_page(&self, errand: &Errand) -> CheckPage {
        let today = self.today();
        let lines = errand
            .asked_fields(today)
            .into_iter()
            .filter_map(|field| {
                let page = errand.page_of(&field.id)?;
                Some(CheckLine {
                    step: errand.step_of(&page)?.clone(),
                    field: field.id.clone(),
                    kind: field.kind.clone(),
                    answer: errand.answers.get(&field.id).cloned(),
                    changeable: !errand.is_locked(field, today),
                })
            })
            .collect();
        CheckPage {
            applicant: self.memory.identity.as_ref().map(|identity| identity.person.clone()),
            matter: errand.matter,
            subject: errand.subject.clone(),
            lines,
            open: self.open_points(errand),
        }
    }

    pub(crate) fn receipt_page(&self) -> Option<ReceiptPage> {
        let (done, earlier) = self.memory.done.split_last()?;
        let certificate = match &done.ending {
            Ending::Issued { paper, .. } => *paper,
            Ending::Acceptance | Ending::Supplement | Ending::HandedOver | Ending::Counter { .. } | Ending::Held(_) => {
                Paper::NotAsked
            }
        };
        Some(ReceiptPage {
            service: done.service.id.clone(),
            submission: done.submission,
            code: done.code.clone(),
            received: done.received,
            delivered: done.delivered,
            ending: done.ending.clone(),
            open: done.open.clone(),
            bring: done.bring.clone(),
            slip: done.slip,
            trouble: trouble(certificate).or_else(|| trouble(done.slip)),
            earlier: earlier.iter().map(|done| (done.service.id.clone(), done.code.clone())).collect(),
        })
    }
}

/// Submitted at its end, after a try to hand it over that failed, it is no half-done one.
fn errand_is_whole(errand: &mut Option<Errand>) {
    if let Some(errand) = errand {
        errand.unfinished = None;
    }
}

/// A job that has not come to its end; another would print twice.
pub(crate) fn under_way(paper: Paper) -> bool {
    matches!(paper, Paper::Job(PrintProgress::Printing | PrintProgress::Waiting(_)))
}

fn trouble(paper: Paper) -> Option<PrintTrouble> {
    match paper {
        Paper::Job(PrintProgress::Waiting(trouble) | PrintProgress::Failed(trouble)) => Some(trouble),
        Paper::NotAsked | Paper::Job(PrintProgress::Printing | PrintProgress::Done) => None,
    }
}
