//! Leaving, ending, timing out, wiping: how a visit comes to its end, and when it must be looked at again.
//! Invariants: every end wipes everything of the person; ending it oneself destroys the draft's key, a time-out keeps the
//! draft for its person (product rule 7); a deadline is always later than the last input.

use crate::Visit;
use crate::effect::Effect;
use crate::input::StoreFault;
use crate::place::{Memory, Place, Work};
use crate::preferences::Preferences;
use crate::view::{Dialog, EndedWhy, Ending, FacePhase, HeldWhy, Rating};
use jiff::{SignedDuration, Timestamp};

impl Visit {
    /// Leaving this errand would lose something.
    fn would_lose(&self) -> bool {
        self.memory.errand.as_ref().is_some_and(crate::errand::Errand::begun)
    }

    pub(crate) fn press_home(&mut self) {
        match self.memory.place {
            Place::Attract | Place::Ended { .. } | Place::Waiting { .. } => {}
            _ if self.would_lose() => self.memory.dialog = Some(Dialog::Leave { ends_visit: false }),
            _ => self.leave_to_home(),
        }
    }

    pub(crate) fn press_end(&mut self) {
        match self.memory.place {
            Place::Attract | Place::Ended { .. } => {}
            Place::Waiting { work: Work::Seal, .. } => {}
            _ if self.would_lose() => self.memory.dialog = Some(Dialog::Leave { ends_visit: true }),
            _ => {
                let half_done = self.memory.done.last().is_some_and(|done| done.ending == Ending::HandedOver);
                self.end(if half_done { EndedWhy::ToCounter } else { EndedWhy::ByPerson });
            }
        }
    }

    pub(crate) fn press_leave(&mut self) {
        match self.memory.dialog {
            Some(Dialog::Leave { ends_visit: true }) => self.end(EndedWhy::ByPerson),
            Some(Dialog::Leave { ends_visit: false }) => self.leave_to_home(),
            Some(Dialog::Help | Dialog::StaffCalled | Dialog::HandOver) | None => {}
        }
    }

    pub(crate) fn leave_to_home(&mut self) {
        self.abandon_errand();
        self.go_home();
    }

    pub(crate) fn abandon_errand(&mut self) {
        self.memory.identifying = crate::place::Identifying::default();
        if let Some(errand) = self.memory.errand.take() {
            self.drop_pictures(errand.pictures());
            if errand.saved {
                self.destroy_draft();
            }
        }
    }

    /// Only for a person whose face was compared: nobody destroys another's draft by typing a number.
    pub(crate) fn destroy_draft(&mut self) {
        let identity = self.memory.identity.as_ref().filter(|identity| identity.identified.confirmed());
        if let Some(identity) = identity {
            let id_number = identity.person.id_number.clone();
            self.effects.push(Effect::DestroyDraft { id_number });
        }
    }

    pub(crate) fn end(&mut self, why: EndedWhy) {
        match why {
            EndedWhy::ByPerson | EndedWhy::ToCounter => self.destroy_draft(),
            EndedWhy::TimedOut => self.save_draft(),
        }
        let rating = self.may_rate(why);
        let preferences = self.preferences.clone();
        self.wipe();
        // The farewell speaks as the visit did; whoever comes next begins anew.
        self.preferences = preferences;
        self.memory.place = Place::Ended { why, since: self.now, rating };
    }

    /// The last errand of this visit, when it came to its end here and the person is still there to be asked.
    fn may_rate(&self, why: EndedWhy) -> Option<Rating> {
        let done = self.memory.done.iter().rev().find(|done| done.ending != Ending::HandedOver);
        let asked = done.filter(|_| why != EndedWhy::TimedOut);
        asked.map(|done| Rating { submission: done.submission, given: None })
    }

    /// One press, once; the farewell then goes on as ever.
    pub(crate) fn rate(&mut self, stars: u8) {
        let Place::Ended { since, rating: Some(rating @ Rating { given: None, .. }), .. } = &mut self.memory.place
        else {
            return;
        };
        if (1..=5).contains(&stars) {
            rating.given = Some(stars);
            *since = self.now;
            self.effects.push(Effect::Rate { submission: rating.submission, stars });
        }
    }

    pub(crate) fn skip_rating(&mut self) {
        if let Place::Ended { since, rating, .. } = &mut self.memory.place
            && rating.take_if(|rating| rating.given.is_none()).is_some()
        {
            *since = self.now;
        }
    }

    fn wipe(&mut self) {
        // Puts reader and camera out.
        self.go(Place::Attract);
        self.memory = Memory::default();
        self.reset_preferences();
        self.effects.push(Effect::Wipe);
    }

    pub(crate) fn reset_preferences(&mut self) {
        self.preferences = Preferences::start(self.first_language());
    }

    /// Nothing of a person is in here yet: time runs out without a warning.
    fn impersonal(&self) -> bool {
        let browsing = match &self.memory.place {
            Place::Home { query } => query.expose().is_empty(),
            Place::Category(_) | Place::Service { .. } => true,
            _ => false,
        };
        browsing && self.memory.identity.is_none() && self.memory.errand.is_none() && self.memory.done.is_empty()
    }

    fn elder_factor(&self) -> i32 {
        if self.preferences.elder { 2 } else { 1 }
    }

    fn warn_at(&self) -> Timestamp {
        later(self.touched, self.config.idle_after.saturating_mul(self.elder_factor()))
    }

    fn times_out_at(&self) -> Timestamp {
        if self.impersonal() {
            return self.warn_at();
        }
        later(self.warn_at(), self.config.idle_warning.saturating_mul(self.elder_factor()))
    }

    /// When what is waited for is given up.
    fn gives_up_at(&self) -> Option<Timestamp> {
        match &self.memory.place {
            Place::Ended { since, rating: Some(Rating { given: None, .. }), .. } => {
                Some(later(*since, self.config.rating_wait))
            }
            Place::Ended { since, .. } => Some(later(*since, self.config.farewell)),
            Place::Waiting { work, since, .. } => Some(later(*since, self.patience(work))),
            Place::Face { phase: FacePhase::Comparing, comparing: Some((_, since)), .. } => {
                Some(later(*since, self.config.face_wait))
            }
            _ => None,
        }
    }

    fn patience(&self, work: &Work) -> SignedDuration {
        match work {
            Work::Mint(_) | Work::MintSupplement(_) | Work::Draft | Work::Seal => self.config.store_wait,
            Work::OwnCases | Work::OwnRecord | Work::WardRecord => self.config.record_wait,
            Work::Outcome => self.config.outcome_wait,
        }
    }

    /// Whether the person's quiet counts here.
    fn counts_idle(&self) -> bool {
        !matches!(self.memory.place, Place::Attract | Place::Ended { .. } | Place::Waiting { .. })
    }

    /// Seconds left, while the warning is shown.
    pub(crate) fn idle_seconds(&self) -> Option<u32> {
        if !self.counts_idle() || self.impersonal() || self.now < self.warn_at() {
            return None;
        }
        let left = self.times_out_at().duration_since(self.now);
        let part = i64::from(left.subsec_nanos() > 0);
        u32::try_from(left.as_secs().saturating_add(part)).ok()
    }

    pub(crate) fn next_deadline(&self) -> Option<Timestamp> {
        let idle = self.counts_idle().then(|| match self.idle_seconds() {
            None => self.warn_at(),
            Some(left) => {
                let after = SignedDuration::from_secs(i64::from(left.saturating_sub(1)));
                self.times_out_at().checked_sub(after).unwrap_or(self.now)
            }
        });
        [idle, self.gives_up_at()].into_iter().flatten().min()
    }

    /// Does everything that is due.
    pub(crate) fn expire(&mut self) {
        if self.gives_up_at().is_some_and(|at| self.now >= at) {
            self.give_up();
        }
        if self.counts_idle() && self.now >= self.times_out_at() {
            if self.impersonal() {
                self.wipe();
            } else {
                self.end(EndedWhy::TimedOut);
            }
        }
    }

    fn give_up(&mut self) {
        match &self.memory.place {
            Place::Ended { .. } => {
                self.memory.place = Place::Attract;
                self.reset_preferences();
            }
            Place::Face { .. } => self.face_unavailable(),
            Place::Waiting { work, .. } => match work.clone() {
                Work::Mint(service) => self.mint_failed(service, StoreFault::Other),
                Work::MintSupplement(case) => self.supplement_mint_failed(case, StoreFault::Other),
                Work::OwnCases => self.own_cases_unavailable(),
                Work::Draft => self.no_draft(),
                Work::OwnRecord => self.own_record(None),
                Work::WardRecord => self.ward_record(None),
                Work::Seal => self.seal_failed(StoreFault::Other),
                Work::Outcome => self.held(HeldWhy::OfficeSlow),
            },
            _ => {}
        }
    }

    /// The wall clock was set back: times that lie in the future start anew, so that no visit stays open for an hour.
    pub(crate) fn clock_set_back(&mut self, now: Timestamp) {
        self.touched = self.touched.min(now);
        match &mut self.memory.place {
            Place::Ended { since, .. }
            | Place::Waiting { since, .. }
            | Place::Face { comparing: Some((_, since)), .. } => *since = (*since).min(now),
            _ => {}
        }
    }
}

/// `span` after `at`, at most the last timestamp there is.
fn later(at: Timestamp, span: SignedDuration) -> Timestamp {
    at.checked_add(span).unwrap_or(Timestamp::MAX)
}
