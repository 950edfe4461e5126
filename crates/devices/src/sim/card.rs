//! A card reader without hardware: tells each card once, as the real ones do (the card must be lifted before the next read).

use super::control::{CardSlot, SimControl};
use super::figure;
use crate::port::card::{CardData, CardEvent, CardReader};
use crate::port::status::{DeviceCode, DeviceStatus};
use crate::quality::{self, PhotoProfile};
use domain::sensitive::Sensitive;

/// Pixels of a drawn portrait.
const WIDTH: u32 = 204;
const HEIGHT: u32 = 252;

/// The simulated card reader.
#[derive(Debug)]
pub struct SimCardReader {
    control: SimControl,
    /// The count of the card already told, `None` when the slot was empty.
    told: Option<u64>,
}

impl SimCardReader {
    /// A reader steered by `control`.
    pub const fn new(control: SimControl) -> Self {
        Self { control, told: None }
    }
}

impl CardReader for SimCardReader {
    fn poll(&mut self) -> CardEvent {
        let state = self.control.state();
        let occupied = !matches!(state.card, CardSlot::Empty);
        match self.told {
            Some(laid) if !occupied || laid != state.card_laid => {
                self.told = None;
                return CardEvent::Removed;
            }
            Some(_) => return CardEvent::None,
            None => {}
        }
        if occupied {
            self.told = Some(state.card_laid);
        }
        match &state.card {
            CardSlot::Empty => CardEvent::None,
            CardSlot::Card(card) => CardEvent::Present(with_portrait(card.clone())),
            CardSlot::Unreadable => CardEvent::Unreadable,
        }
    }

    fn status(&mut self) -> DeviceStatus {
        match self.control.state().card {
            CardSlot::Unreadable => DeviceStatus::Warning(DeviceCode::Unreadable),
            CardSlot::Empty | CardSlot::Card(_) => DeviceStatus::Ready,
        }
    }

    fn simulated(&self) -> bool {
        true
    }

    fn label(&self) -> String {
        "sim-card-reader".to_owned()
    }
}

/// A card that was laid down without a portrait gets a drawn one, as a chip would hold: 102 x 126 pixels, twice as fine.
fn with_portrait(mut card: Box<CardData>) -> Box<CardData> {
    if card.photo.is_none() {
        let profile = PhotoProfile {
            width_px: WIDTH,
            height_px: HEIGHT,
            width_mm: 26.0,
            height_mm: 32.0,
            max_bytes: 60_000,
            white_background: true,
        };
        card.photo = quality::cut(&figure::card_portrait(WIDTH, HEIGHT), &profile).ok().map(Sensitive::new);
    }
    card
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::card::{CardData, CardKind, CardValidTo, Sex};
    use domain::sensitive::Sensitive;
    use jiff::civil::date;

    fn card(name: &str) -> CardData {
        CardData {
            kind: CardKind::Resident,
            name: Sensitive::new(name.to_owned()),
            sex: Sensitive::new(Sex::Female),
            nation: Sensitive::new("汉".to_owned()),
            birth: Sensitive::new(date(1990, 1, 2)),
            address: Sensitive::new("演示市演示区一号".to_owned()),
            id_number: Sensitive::new("110101199001021234".to_owned()),
            authority: Sensitive::new("演示市公安局".to_owned()),
            valid_from: Sensitive::new(date(2020, 1, 2)),
            valid_to: Sensitive::new(CardValidTo::Until(date(2040, 1, 2))),
            photo: None,
        }
    }

    fn name_of(event: CardEvent) -> String {
        match event {
            CardEvent::Present(card) => card.name.expose().clone(),
            other @ (CardEvent::None | CardEvent::Unreadable | CardEvent::Removed) => format!("{other:?}"),
        }
    }

    #[test]
    fn a_card_is_told_once_and_its_lifting_once() {
        let control = SimControl::new();
        let mut reader = SimCardReader::new(control.clone());
        assert_eq!(reader.poll(), CardEvent::None);
        control.insert_card(card("甲"));
        assert_eq!(name_of(reader.poll()), "甲");
        assert_eq!(reader.poll(), CardEvent::None);
        control.remove_card();
        assert_eq!(reader.poll(), CardEvent::Removed);
        assert_eq!(reader.poll(), CardEvent::None);
    }

    #[test]
    fn a_quick_change_of_cards_is_seen_as_lifting_and_a_new_card() {
        let control = SimControl::new();
        let mut reader = SimCardReader::new(control.clone());
        control.insert_card(card("甲"));
        assert_eq!(name_of(reader.poll()), "甲");
        control.remove_card();
        control.insert_card(card("乙"));
        assert_eq!(reader.poll(), CardEvent::Removed);
        assert_eq!(name_of(reader.poll()), "乙");
    }

    #[test]
    fn a_card_without_a_portrait_gets_a_drawn_one_and_another_keeps_its_own() {
        let control = SimControl::new();
        let mut reader = SimCardReader::new(control.clone());
        let photo = |reader: &mut SimCardReader| match reader.poll() {
            CardEvent::Present(card) => card.photo.map(Sensitive::into_inner),
            other @ (CardEvent::None | CardEvent::Unreadable | CardEvent::Removed) => panic!("{other:?}"),
        };
        control.insert_card(card("甲"));
        let drawn = photo(&mut reader).unwrap();
        let picture = crate::Picture::from_jpeg(&drawn).unwrap();
        assert_eq!((picture.width(), picture.height()), (WIDTH, HEIGHT));
        control.remove_card();
        assert_eq!(name_of(reader.poll()), format!("{:?}", CardEvent::Removed));
        control.insert_card(CardData { photo: Some(Sensitive::new(vec![1, 2, 3])), ..card("乙") });
        assert_eq!(photo(&mut reader), Some(vec![1, 2, 3]));
    }

    #[test]
    fn an_unreadable_card_is_told_once() {
        let control = SimControl::new();
        let mut reader = SimCardReader::new(control.clone());
        control.card_unreadable();
        assert_eq!(reader.poll(), CardEvent::Unreadable);
        assert_eq!(reader.poll(), CardEvent::None);
        assert_eq!(reader.status(), DeviceStatus::Warning(DeviceCode::Unreadable));
    }

    #[test]
    fn a_card_shows_nothing_personal_in_logs() {
        let shown = format!("{:?}", CardEvent::Present(Box::new(card("王小明"))));
        for secret in ["王小明", "1101", "1990", "Female", "汉", "演示", "2040"] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
    }

    #[test]
    fn the_last_day_of_validity_counts() {
        assert!(CardValidTo::Until(date(2026, 11, 22)).covers(date(2026, 11, 22)));
        assert!(!CardValidTo::Until(date(2026, 11, 22)).covers(date(2026, 11, 23)));
        assert!(CardValidTo::LongTerm.covers(date(2999, 1, 1)));
    }
}
