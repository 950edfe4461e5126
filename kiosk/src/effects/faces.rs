//! Comparing the face before the camera. Invariants: only `Same` from the matcher passes; every doubt is "unavailable", and an
//! officer takes over; of a comparison that found the same person no picture stays; another stays in memory until the wipe,
//! for the officer who must confirm the person (`sealing`).

use super::Hands;
use super::cameras::whole;
use crate::signal::{Compared, PortraitOf, Signal};
use devices::quality;
use devices::{FaceReference as Reference, MatchError, MatchOutcome};
use domain::sensitive::Sensitive;
use std::sync::{Arc, PoisonError};
use visit::{Ask, Event, FaceReference};

impl Hands {
    pub(super) fn compare_face(&mut self, ask: Ask, reference: FaceReference) {
        let picture = self.running.as_ref().and_then(super::cameras::Running::newest);
        let Some(picture) = picture else {
            self.answer(ask, Event::NoFace);
            return;
        };
        let (FaceReference::Number { id_number } | FaceReference::Card { id_number }) = &reference;
        let whose = id_number.clone();
        let reference = match reference {
            FaceReference::Number { id_number } => Reference::IdNumber(id_number),
            // A reader without a decoder gives no portrait: the matcher's side holds one under the card's number.
            FaceReference::Card { id_number } => match &self.portrait {
                Some(portrait) if portrait.id_number == id_number => Reference::CardPhoto(portrait.jpeg.clone()),
                Some(_) | None => Reference::IdNumber(id_number),
            },
        };
        self.comparing = Some(ask);
        let (matcher, signals) = (Arc::clone(&self.face), self.signals.clone());
        self.answer_later(ask, move || {
            let Ok(probe) = quality::cut(&picture, &whole(&picture)) else { return Event::FaceUnavailable };
            let probe = Sensitive::new(probe);
            let matcher = matcher.lock().unwrap_or_else(PoisonError::into_inner);
            let (event, seen) = match matcher.compare(&reference, &probe) {
                Ok(MatchOutcome::Same { .. }) => (Event::FaceSame, false),
                Ok(MatchOutcome::Different { .. }) => (Event::FaceDifferent, true),
                Err(MatchError::NoFace) => (Event::NoFace, false),
                Err(MatchError::NotConfigured | MatchError::Unavailable) => (Event::FaceUnavailable, true),
            };
            let face = seen.then_some(PortraitOf { id_number: whose, jpeg: probe });
            let _ = signals.send(Signal::Compared(Box::new(Compared { ask, face })));
            event
        });
    }

    /// Keeps or forgets the face; of a comparison of an earlier visit nothing is taken.
    pub fn compared(&mut self, compared: Compared) {
        if self.comparing == Some(compared.ask) {
            self.face_seen = compared.face;
        }
    }
}
