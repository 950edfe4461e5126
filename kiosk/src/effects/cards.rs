//! Reading cards while the visit asks for it. Invariant: the reading ends when its handle is dropped; a card that lay there
//! before is given once more to a new reading, because the new person may have laid it down early.

use super::Hands;
use crate::signal::{CardFace, PortraitOf, Signal};
use devices::{CardData, CardEvent, CardValidTo, DeviceStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use visit::{Ask, Card, Event, Input};

/// Pause between two looks at the reader.
const PAUSE: Duration = Duration::from_millis(150);

/// A running reading; dropping it ends it.
pub(crate) struct Reading {
    ask: Ask,
    ended: Arc<AtomicBool>,
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
    }
}

impl Hands {
    /// Keeps what comparing the face will need, and what goes with the submission; an answer to an earlier reading is dropped, it may be another person's.
    pub fn card_face(&mut self, face: CardFace) {
        if self.reading.as_ref().is_some_and(|reading| reading.ask == face.ask) {
            self.portrait = face.portrait;
        }
    }

    pub(super) fn start_card_reading(&mut self, ask: Ask) {
        let Some(reader) = self.cards.clone() else {
            self.answer(ask, Event::ReaderDown);
            return;
        };
        let ended = Arc::new(AtomicBool::new(false));
        self.reading = Some(Reading { ask, ended: Arc::clone(&ended) });
        let signals = self.signals.clone();
        self.spawn("cards", move || {
            let mut last = None;
            while !ended.load(Ordering::SeqCst) {
                let (event, status) = {
                    let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
                    let event = reader.poll();
                    (event, reader.status())
                };
                let told = tell(event, status);
                if let Some((event, face)) = told
                    && last.as_ref() != Some(&event)
                {
                    last = Some(event.clone());
                    if let Some(portrait) = face {
                        let _ = signals.send(Signal::CardFace(Box::new(CardFace { ask, portrait })));
                    }
                    if signals.send(Signal::Answer(Input::Answer { ask, event })).is_err() {
                        return;
                    }
                }
                std::thread::sleep(PAUSE);
            }
        });
    }
}

/// A card's portrait, when its reader gives one.
type Face = Option<PortraitOf>;

/// The visit's event, and with a card its portrait. `None` = nothing to tell.
fn tell(event: CardEvent, status: DeviceStatus) -> Option<(Event, Option<Face>)> {
    match event {
        CardEvent::Present(data) => {
            let portrait = |jpeg| PortraitOf { id_number: data.id_number.clone(), jpeg };
            Some((Event::CardRead(Box::new(card(&data))), Some(data.photo.clone().map(portrait))))
        }
        CardEvent::Unreadable => Some((Event::CardUnreadable, None)),
        CardEvent::Removed => Some((Event::CardRemoved, None)),
        CardEvent::None if matches!(status, DeviceStatus::Offline | DeviceStatus::NotConfigured) => {
            Some((Event::ReaderDown, None))
        }
        CardEvent::None => None,
    }
}

fn card(data: &CardData) -> Card {
    let valid_until = match data.valid_to.expose() {
        CardValidTo::Until(day) => Some(*day),
        CardValidTo::LongTerm => None,
    };
    Card {
        name: data.name.clone(),
        id_number: data.id_number.clone(),
        nation: data.nation.clone(),
        address: data.address.clone(),
        valid_until,
    }
}
