//! The identity card reader port and what a card says. Everything a card says of its holder is `Sensitive`.
//! Deliberately not here: checks of the number or of the dates (crate `domain`), and fingerprints, which are never read.

use domain::sensitive::Sensitive;
use jiff::civil::Date;

use super::status::DeviceStatus;

/// Which of the three cards with a chip was read (type letter at offset 248 of the text block: blank, J, I or Y).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CardKind {
    /// 居民身份证.
    Resident,
    /// 港澳台居民居住证.
    HmtResident,
    /// 外国人永久居留身份证.
    Foreigner,
}

/// Sex as the card states it (GB/T 2261.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
    /// The card says unknown or unstated.
    Unstated,
}

/// The end of validity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CardValidTo {
    /// The last valid day.
    Until(Date),
    /// 长期.
    LongTerm,
}

impl CardValidTo {
    /// Whether the card is still valid on `day`. The last day counts.
    pub fn covers(self, day: Date) -> bool {
        match self {
            Self::Until(last) => day <= last,
            Self::LongTerm => true,
        }
    }
}

/// What the chip says. The photo is a JPEG; `None` when the reader has no decoder for the chip's own format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardData {
    /// Which card.
    pub kind: CardKind,
    /// Full name as on the card; may hold rare and private-use characters.
    pub name: Sensitive<String>,
    /// Sex.
    pub sex: Sensitive<Sex>,
    /// 民族 as a word (汉), or the country code on a foreigner's card; empty when the card has none.
    pub nation: Sensitive<String>,
    /// Day of birth.
    pub birth: Sensitive<Date>,
    /// Address as one line; empty on a foreigner's card.
    pub address: Sensitive<String>,
    /// The 18 (foreigner 2017: 15) characters.
    pub id_number: Sensitive<String>,
    /// 签发机关.
    pub authority: Sensitive<String>,
    /// First valid day.
    pub valid_from: Sensitive<Date>,
    /// Last valid day, or long term.
    pub valid_to: Sensitive<CardValidTo>,
    /// Portrait as JPEG. Keep it in memory only.
    pub photo: Option<Sensitive<Vec<u8>>>,
}

/// What happened since the last `poll`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CardEvent {
    /// Nothing new: no card, or the same card still lies there.
    None,
    /// A new card was read. Told once per card laid down.
    Present(Box<CardData>),
    /// A card lies there and cannot be read. Told once per card laid down.
    Unreadable,
    /// The card was lifted.
    Removed,
}

/// An identity card reader. Called from one thread only.
pub trait CardReader: Send {
    /// Asks once; returns within one second. A reader that cannot be reached gives `None` and says so in `status`.
    fn poll(&mut self) -> CardEvent;
    /// How the reader is.
    fn status(&mut self) -> DeviceStatus;
    /// True for a simulator: the screen shows 模拟设备.
    fn simulated(&self) -> bool;
    /// Name for the staff console, for example `sim-card-reader`.
    fn label(&self) -> String;
}
