//! What reaches the kiosk's loop: touches, answers of devices and office, steering of simulators.
//! Invariant: everything comes through one channel, so that the loop alone owns the visit.

use crate::uplink;
use domain::sensitive::Sensitive;
use visit::{Ask, Hint, Input};

/// One thing that happened.
#[derive(Debug)]
pub enum Signal {
    /// The person touched something.
    Touch(Touch),
    /// A device, the store or the office answers.
    Answer(Input),
    /// A picture was taken on behalf of the visit; keep it and answer.
    Shot(Box<ShotSignal>),
    /// Pictures of a reopened draft; keep them, its answers name them.
    Pictures(Vec<Sensitive<Vec<u8>>>),
    /// The office issued a certificate; keep it and answer.
    Certificate(Box<CertificateSignal>),
    /// A card's portrait, for comparing the face.
    CardFace(Box<CardFace>),
    /// The face that was compared, or that it is to be forgotten.
    Compared(Box<Compared>),
    /// The uplink tells.
    Uplink(uplink::Event),
    /// End the loop.
    Stop,
}

/// What a card says for comparing the face.
#[derive(Debug)]
pub struct CardFace {
    /// The reading it belongs to.
    pub ask: Ask,
    /// The portrait, JPEG; `None` when the reader gives none.
    pub portrait: Option<PortraitOf>,
}

/// A picture of a person, with their number, so that it never goes with somebody else's submission.
#[derive(Clone, Debug)]
pub struct PortraitOf {
    /// Whose.
    pub id_number: Sensitive<String>,
    /// JPEG.
    pub jpeg: Sensitive<Vec<u8>>,
}

/// What a comparison leaves behind.
#[derive(Debug)]
pub struct Compared {
    /// The comparison.
    pub ask: Ask,
    /// The face, where an officer will have to look at it; `None` = it was the same person, or there is no face in it.
    pub face: Option<PortraitOf>,
}

/// A picture taken.
#[derive(Debug)]
pub struct ShotSignal {
    /// Whose answer.
    pub ask: Ask,
    /// JPEG.
    pub jpeg: Sensitive<Vec<u8>>,
    /// What could be better.
    pub hints: Vec<Hint>,
}

/// A certificate issued.
#[derive(Debug)]
pub struct CertificateSignal {
    /// Whose answer.
    pub ask: Ask,
    /// Its number.
    pub number: String,
    /// The PDF.
    pub pdf: Sensitive<Vec<u8>>,
}

/// A touch, in the screen's words: ids are those the presenters gave out.
#[derive(Clone, Debug, PartialEq)]
pub enum Touch {
    /// The main button.
    Primary,
    /// The second button.
    Secondary,
    /// Back.
    Back,
    /// A key of the aid bar.
    Aid(String),
    /// First or second button of the dialog.
    Dialog(bool),
    /// A tile, row or way by id.
    Choose(String),
    /// A category.
    Category(String),
    /// A service.
    Service(String),
    /// "I have a receipt".
    HasReceipt,
    /// The search box.
    SearchFocus,
    /// Help of any kind.
    Help,
    /// A field was touched.
    Focus(String),
    /// An option of a choice.
    Pick(String, String),
    /// A level of an address was opened.
    OpenColumn(String, String),
    /// A division was picked.
    PickColumn(String, String, String),
    /// A consent or declaration.
    Toggle(String),
    /// A key of the keyboard.
    Key(String),
    /// A candidate by its place.
    Candidate(usize),
    /// Opens or closes the grid.
    MoreCandidates,
    /// Turns the page of candidates; true = forward.
    CandidatePage(bool),
    /// The material follows later.
    Later,
    /// A page of a material is taken out.
    Retake(String),
    /// A stroke begins, goes on, ends (pixels of the area).
    StrokeBegin(f32, f32),
    /// Goes on.
    StrokeMove(f32, f32),
    /// Ends; the area's size.
    StrokeEnd(f32, f32),
    /// Wipes the signature.
    ClearSignature,
    /// Cannot sign.
    CannotSign,
    /// Changes an answer.
    Change(String),
    /// Attract screen or any screen without buttons.
    Start,
    /// Anything: for the idle clock.
    Any,
    /// A toggle of the dev dock.
    Dock(String),
}
