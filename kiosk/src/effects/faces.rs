//! Comparing the face before the camera. Invariants: only `Same` from the matcher passes; every doubt is "unavailable", and an
//! officer takes over; the picture compared is not kept.

use super::Hands;
use super::cameras::whole;
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
        let reference = match reference {
            FaceReference::Number { id_number } => Reference::IdNumber(id_number),
            // A reader without a decoder gives no portrait: the matcher's side holds one under the card's number.
            FaceReference::Card { id_number } => match &self.portrait {
                Some(portrait) => Reference::CardPhoto(portrait.clone()),
                None => Reference::IdNumber(id_number),
            },
        };
        let matcher = Arc::clone(&self.face);
        self.answer_later(ask, move || {
            let Ok(probe) = quality::cut(&picture, &whole(&picture)) else { return Event::FaceUnavailable };
            let matcher = matcher.lock().unwrap_or_else(PoisonError::into_inner);
            match matcher.compare(&reference, &Sensitive::new(probe)) {
                Ok(MatchOutcome::Same { .. }) => Event::FaceSame,
                Ok(MatchOutcome::Different { .. }) => Event::FaceDifferent,
                Err(MatchError::NoFace) => Event::NoFace,
                Err(MatchError::NotConfigured | MatchError::Unavailable) => Event::FaceUnavailable,
            }
        });
    }
}
