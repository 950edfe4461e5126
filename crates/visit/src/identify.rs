//! Who is it: equal ways, card, number, face, officer in place of the face (product rule 1).
//! Invariants: a card or a number alone identifies nobody; refusing the face costs nothing; own data and drafts are opened
//! only for a person whose face was compared; an expired card never passes as a card.

use crate::Visit;
use crate::effect::{CameraPurpose, Effect, FaceReference, Identified, Person};
use crate::input::{Card, Event, Way};
use crate::place::{Identifying, Identity, Place, Retry, Work};
use crate::view::{FacePhase, Kept, NumberError, ProblemKind, WayLine};
use domain::facts::{Facts, Value};
use domain::rules::{self, RuleCode, RuleId};
use domain::sensitive::Sensitive;
use domain::service::Assurance;

impl Visit {
    fn assurance(&self) -> Assurance {
        let errand = self.memory.errand.as_ref().map(|errand| errand.service.assurance);
        errand.or_else(|| self.supplement_assurance()).unwrap_or(Assurance::Face)
    }

    /// The person identified in this visit is sure enough for the errand.
    pub(crate) fn identity_suffices(&self) -> bool {
        let identity = self.memory.identity.as_ref();
        match self.assurance() {
            Assurance::None => true,
            Assurance::Face => identity.is_some(),
            Assurance::CardAndFace => identity.is_some_and(|identity| identity.identified.with_card()),
        }
    }

    pub(crate) fn ways(&self) -> Vec<WayLine> {
        let face = self.config.face_matcher && self.memory.face_tries < self.config.face_tries;
        let mut ways = Vec::new();
        if self.assurance() != Assurance::CardAndFace {
            ways.push(WayLine { way: Way::NumberAndFace, available: face });
        }
        ways.push(WayLine { way: Way::CardAndFace, available: face });
        ways.push(WayLine { way: Way::Officer, available: true });
        ways
    }

    pub(crate) fn choose_way(&mut self, way: Way) {
        if !matches!(self.memory.place, Place::Ways) {
            return;
        }
        match self.ways().into_iter().find(|line| line.way == way) {
            None => {}
            Some(line) if !line.available => self.face_unavailable(),
            Some(_) => self.open_way(way),
        }
    }

    pub(crate) fn open_way(&mut self, way: Way) {
        // Nothing would come of it: nobody's cases are shown before the person is confirmed.
        if way == Way::Officer && self.finding() {
            return self.at_window();
        }
        let number = match way {
            Way::NumberAndFace => true,
            Way::CardAndFace => false,
            Way::Officer => self.assurance() != Assurance::CardAndFace,
        };
        if number {
            self.go(Place::OwnNumber { way, error: None });
        } else {
            self.go(Place::CardWait { way });
        }
        if way != Way::NumberAndFace {
            let ask = self.next_ask();
            self.memory.reader = Some(ask);
            self.effects.push(Effect::StartCardReading { ask });
        }
    }

    pub(crate) fn reader_event(&mut self, event: Event) {
        let way = match &self.memory.place {
            Place::CardWait { way } | Place::OwnNumber { way, .. } => *way,
            _ => return,
        };
        match event {
            Event::CardRead(card) => self.card_read(way, *card),
            Event::CardUnreadable => self.problem(ProblemKind::CardUnreadable, Kept::NothingYet, Retry::Card(way)),
            // With the number pad open a missing reader is no obstacle.
            Event::ReaderDown if matches!(self.memory.place, Place::CardWait { .. }) => {
                self.problem(ProblemKind::ReaderDown, Kept::NothingYet, Retry::Card(way));
            }
            _ => {}
        }
    }

    fn card_read(&mut self, way: Way, card: Card) {
        let today = self.today();
        if let Err(code) = check_card_number(card.id_number.expose(), today) {
            self.problem(ProblemKind::CardNumber(code), Kept::NothingYet, Retry::Card(way));
            return;
        }
        let expired = card.valid_until.filter(|until| *until < today);
        self.memory.identifying.card = Some(card);
        if let Some(until) = expired {
            self.problem(ProblemKind::CardExpired { until }, Kept::NothingYet, Retry::Card(way));
        } else if way == Way::Officer {
            self.identified(Identified::CardOfficer);
        } else {
            self.open_face();
        }
    }

    pub(crate) fn leave_own_number(&mut self) {
        let Place::OwnNumber { way, error } = &mut self.memory.place else { return };
        let way = *way;
        match check_number(self.memory.identifying.number.expose(), crate::day(&self.config, self.now)) {
            Err(found) => *error = Some(found),
            Ok(number) => {
                self.memory.identifying.card = None;
                self.memory.identifying.checked_number = Some(Sensitive::new(number));
                if way == Way::Officer {
                    self.identified(Identified::NumberOfficer);
                } else {
                    self.open_face();
                }
            }
        }
    }

    pub(crate) fn open_face(&mut self) {
        self.go(Place::Face { phase: FacePhase::Consent, hints: Vec::new(), comparing: None });
    }

    pub(crate) fn agree_face(&mut self) {
        let Place::Face { phase: FacePhase::Consent, .. } = self.memory.place else { return };
        self.start_face();
    }

    pub(crate) fn start_face(&mut self) {
        self.go(Place::Face { phase: FacePhase::Starting, hints: Vec::new(), comparing: None });
        self.start_camera(CameraPurpose::Face);
    }

    pub(crate) fn compare_face(&mut self) {
        let Some(reference) = self.face_reference() else { return };
        let ask = self.next_ask();
        let now = self.now;
        if let Place::Face { phase: phase @ FacePhase::Aim, comparing, .. } = &mut self.memory.place {
            *phase = FacePhase::Comparing;
            *comparing = Some((ask, now));
            self.effects.push(Effect::CompareFace { ask, reference });
        }
    }

    fn face_reference(&self) -> Option<FaceReference> {
        let identifying = &self.memory.identifying;
        match (&identifying.card, &identifying.checked_number) {
            (Some(card), _) => Some(FaceReference::Card { id_number: card.id_number.clone() }),
            (None, Some(number)) => Some(FaceReference::Number { id_number: number.clone() }),
            (None, None) => None,
        }
    }

    pub(crate) fn face_event(&mut self, event: &Event) {
        match event {
            Event::FaceSame => {
                let card = self.memory.identifying.card.is_some();
                self.identified(if card { Identified::CardAndFace } else { Identified::NumberAndFace });
            }
            Event::FaceDifferent => {
                self.memory.face_tries = self.memory.face_tries.saturating_add(1);
                let tries_left = self.face_tries_left();
                self.problem(ProblemKind::FaceDifferent { tries_left }, Kept::NothingYet, Retry::Face);
            }
            Event::NoFace => self.problem(ProblemKind::NoFace, Kept::NothingYet, Retry::Face),
            Event::FaceUnavailable => self.face_unavailable(),
            _ => {}
        }
    }

    pub(crate) fn face_tries_left(&self) -> u32 {
        self.config.face_tries.saturating_sub(self.memory.face_tries)
    }

    pub(crate) fn face_unavailable(&mut self) {
        self.problem(ProblemKind::FaceUnavailable, Kept::NothingYet, Retry::Nothing);
    }

    /// An officer in place of the face, with what has been shown so far.
    pub(crate) fn officer_instead(&mut self) {
        if self.finding() {
            return self.at_window();
        }
        let number_does = self.assurance() != Assurance::CardAndFace;
        if self.memory.identifying.card.is_some() {
            self.identified(Identified::CardOfficer);
        } else if number_does && self.memory.identifying.checked_number.is_some() {
            self.identified(Identified::NumberOfficer);
        } else {
            self.open_way(Way::Officer);
        }
    }

    fn identified(&mut self, identified: Identified) {
        let identifying = std::mem::take(&mut self.memory.identifying);
        let Some((person, own)) = self.person_of(identifying, identified) else { return };
        let other = self.memory.identity.as_ref().is_some_and(|known| known.person.id_number != person.id_number);
        self.memory.identity = Some(Identity { person, identified, own, record_missing: false, record_asked: false });
        if other {
            self.memory.done.clear();
            self.memory.finding.cases.clear();
            // What the one before filled in is not for this person; its draft stays in the store for its own.
            if let Some(errand) = self.memory.errand.take_if(|errand| errand.begun()) {
                self.drop_pictures(errand.pictures());
                return self.start(errand.service);
            }
        }
        if self.finding() {
            self.back_to_cases(other);
        } else {
            self.look_for_draft();
        }
    }

    /// Identified once more for a supplement, or for the first time on the way to the cases.
    fn back_to_cases(&mut self, other: bool) {
        match self.memory.finding.starting {
            Some(submission) if !other => self.start_supplement(submission),
            Some(_) | None => {
                self.memory.finding.starting = None;
                self.fetch_own_cases();
            }
        }
    }

    /// The draft of last time, then the person's own record; nothing of both for a person whom nobody has confirmed yet.
    pub(crate) fn look_for_draft(&mut self) {
        let Some(identity) = &self.memory.identity else { return };
        if !self.memory.done.is_empty() {
            // What was handed in just now is no news, and a draft of before was looked for then.
            self.no_draft();
        } else if identity.identified.confirmed() {
            let id_number = identity.person.id_number.clone();
            let ask = self.next_ask();
            self.effects.push(Effect::LookForDraft { ask, id_number });
            self.wait(Work::Draft, ask);
        } else {
            self.enter_matter();
        }
    }

    fn person_of(&self, identifying: Identifying, identified: Identified) -> Option<(Person, Facts)> {
        let mut own = Facts::new();
        let person = match identifying.card {
            Some(card) if identified.with_card() => {
                own.set("person.name", Value::Text(card.name.expose().clone()));
                own.set("person.nation", Value::Text(card.nation.expose().clone()));
                own.set("person.address", Value::Text(card.address.expose().clone()));
                if let Some(until) = card.valid_until {
                    own.set("card.expires", Value::Date(until));
                }
                Person { name: card.name, id_number: card.id_number }
            }
            Some(_) | None => Person { name: Sensitive::default(), id_number: identifying.checked_number? },
        };
        own.set_number(person.id_number.expose(), self.today());
        Some((person, own))
    }
}

/// A typed number under the rule `resident-id`.
pub(crate) fn check_number(number: &str, today: jiff::civil::Date) -> Result<String, NumberError> {
    if number.trim().is_empty() {
        return Err(NumberError::Empty);
    }
    let verdict =
        rules::check(RuleId::ResidentId, number.trim(), today).map_err(|error| NumberError::Rule(error.code))?;
    Ok(verdict.value)
}

/// A card's number: resident card, or the residence cards of the same layout.
fn check_card_number(number: &str, today: jiff::civil::Date) -> Result<(), RuleCode> {
    let resident = rules::check(RuleId::ResidentId, number, today);
    let others = [RuleId::HmtResidencePermit, RuleId::ForeignerId];
    match resident {
        Ok(_) => Ok(()),
        Err(_) if others.into_iter().any(|rule| rules::check(rule, number, today).is_ok()) => Ok(()),
        Err(error) => Err(error.code),
    }
}
