//! What must hold after every step: the wipe, the receipt's words, a way on from every screen.

use super::super::actions;
use super::super::samples::number;
use super::{MARKER, Walk};
use crate::{Ask, Effect, Identified, Paper, Press, PrintProgress, Screen, View};

impl Walk {
    pub(super) fn check(&mut self) {
        let view = self.rig.view();
        self.check_wipe(&view);
        self.check_receipt(&view);
        let deadline = self.rig.visit.deadline();
        assert!(deadline.is_none_or(|at| at > self.rig.now), "the deadline is past: {deadline:?}");
        let idle_free = matches!(view.screen, Screen::Attract);
        assert_eq!(deadline.is_none(), idle_free, "only the attract screen waits for ever");
        let offers = |press: &Press| actions(&view).iter().any(|action| action.press == *press);
        if matches!(view.screen, Screen::Refused { .. } | Screen::Problem(_)) {
            assert!(offers(&Press::CallStaff), "no person is offered: {view:?}");
        }
        let listed = matches!(
            view.screen,
            Screen::Home(_) | Screen::Category { .. } | Screen::Ways { .. } | Screen::Matter { .. } | Screen::Busy(_)
        );
        assert!(listed || view.frame.can_go_back || !actions(&view).is_empty(), "a dead end: {view:?}");
        if let Some(progress) = view.frame.progress {
            assert!((1..=progress.of).contains(&progress.step), "{progress:?}");
        }
        if matches!(view.screen, Screen::Cases(_) | Screen::Case(_)) {
            let identity = self.rig.visit.memory.identity.as_ref();
            assert!(identity.is_some_and(|identity| identity.identified.confirmed()), "cases of nobody: {view:?}");
        }
        for effect in &self.rig.last {
            if let Effect::FetchOutcome { submission, .. } = effect {
                assert!(!self.half_done.contains(submission), "a half-done errand is asked to be issued");
            }
            if let Effect::Rate { submission, stars } = effect {
                assert!((1..=5).contains(stars) && !self.half_done.contains(submission), "{effect:?}");
            }
            if let Effect::FetchOwnCases { identified, .. } = effect {
                assert!(identified.confirmed(), "cases are asked for a person nobody has confirmed");
            }
            if let Effect::Seal { submission, .. } = effect {
                let officer = submission
                    .identified
                    .is_some_and(|by| matches!(by, Identified::CardOfficer | Identified::NumberOfficer));
                assert_eq!(officer, submission.open.contains(&crate::Open::ConfirmPerson));
                let both = submission.unfinished.is_some() && submission.supplement_of.is_some();
                assert!(!both, "a half-done supplement");
                // A half-done one that could not be sealed may be finished after all, under its id.
                if submission.unfinished.is_some() {
                    self.half_done.insert(submission.id);
                } else {
                    self.half_done.remove(&submission.id);
                }
            }
        }
        *self.seen.entry(name(&view.screen)).or_default() += 1;
    }

    fn check_wipe(&mut self, view: &View) {
        let last_wipe = self.rig.last.iter().rposition(|effect| *effect == Effect::Wipe);
        // The machine's Debug shows the inner structure, but never a personal value, at any time.
        if last_wipe.is_some() {
            let codes = std::mem::take(&mut self.sealed);
            self.rig.all.clear();
            assert!(self.rig.visit.memory.identity.is_none() && self.rig.visit.memory.errand.is_none());
            assert!(self.rig.visit.memory.done.is_empty());
            assert!(matches!(view.screen, Screen::Ended { .. } | Screen::Attract | Screen::Home(_)), "{view:?}");
            let shown = format!("{:?} {view:?} {}", self.rig.visit, exposed(view));
            for personal in [MARKER, &number(1990), &number(2019), "林晓梅", "13800002046"] {
                assert!(!shown.contains(personal), "{personal} is left: {shown}");
            }
            assert!(codes.iter().all(|code| !shown.contains(code.as_str())), "a code is left: {shown}");
        }
        let shown = format!("{view:?}");
        for personal in [&number(1990), &number(2019), "林晓梅", "13800002046"] {
            assert!(!shown.contains(personal), "{personal} in Debug: {shown}");
        }
        let keep = self.rig.all.len().saturating_sub(40);
        self.rig.all.drain(..keep);
    }

    fn check_receipt(&mut self, view: &View) {
        let Screen::Receipt(page) = &view.screen else { return };
        assert!(self.sealed.contains(&page.code), "a receipt without a seal");
        let done = |ask: Option<Ask>| ask.is_some_and(|ask| self.printed.contains(&ask));
        let last = self.rig.visit.memory.done.last().unwrap();
        let half_done = self.half_done.contains(&page.submission);
        assert!(half_done || page.ending != crate::Ending::HandedOver, "a whole errand is said to be half done");
        if page.slip == Paper::Job(PrintProgress::Done) {
            assert!(done(last.slip_job), "the slip is not printed");
        }
        if let crate::Ending::Issued { paper: Paper::Job(PrintProgress::Done), .. } = page.ending {
            assert!(done(last.certificate_job), "the certificate is not printed");
        }
    }
}

/// Personal values of the screens that may follow a wipe.
fn exposed(view: &View) -> String {
    match &view.screen {
        Screen::Home(page) => page.query.expose().clone(),
        _ => String::new(),
    }
}

fn name(screen: &Screen) -> &'static str {
    match screen {
        Screen::Attract => "attract",
        Screen::Home(_) => "home",
        Screen::Category { .. } => "category",
        Screen::FindCode(_) => "find",
        Screen::Cases(_) => "cases",
        Screen::Case(_) => "case",
        Screen::Service(_) => "service",
        Screen::Notice { .. } => "notice",
        Screen::Ways { .. } => "ways",
        Screen::CardWait { .. } => "card",
        Screen::Number(_) => "number",
        Screen::Face(_) => "face",
        Screen::FoundDraft { .. } => "draft",
        Screen::Matter { .. } => "matter",
        Screen::Refused { .. } => "refused",
        Screen::Question(_) => "question",
        Screen::Photo(_) => "photo",
        Screen::Papers(_) => "papers",
        Screen::Signature(_) => "signature",
        Screen::Check(_) => "check",
        Screen::Busy(_) => "busy",
        Screen::Receipt(_) => "receipt",
        Screen::Problem(_) => "problem",
        Screen::Ended { .. } => "ended",
    }
}
