//! What goes over the socket. Not here: how it is done.

use serde::{Deserialize, Serialize};

/// A request: one line of JSON.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Request {
    /// What is on the screen?
    Look,
    /// Press a visible element by its label; `nth` counts from 0 among equal labels, top to bottom.
    Press {
        /// Its accessible label, whole.
        label: String,
        /// Which of several.
        #[serde(default)]
        nth: usize,
        /// Only elements of this role.
        #[serde(default)]
        role: Option<String>,
    },
    /// Move a finger over an element without lifting it.
    Drag {
        /// Its accessible label.
        label: String,
        /// Strokes: points as parts (0..1) of its width and height.
        strokes: Vec<Vec<[f32; 2]>>,
    },
    /// Write the screen as a PNG.
    Picture {
        /// Where.
        path: std::path::PathBuf,
    },
    /// A physical act on a simulated device or the network.
    Sim {
        /// Which act; see `acts`.
        what: String,
        /// For `card-in`: what the chip says.
        #[serde(default)]
        card: Option<CardText>,
    },
}

/// The text of a card that is laid on the simulated reader. Days are `YYYY-MM-DD`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CardText {
    /// Name.
    pub name: String,
    /// 男 or 女.
    pub sex: String,
    /// 民族.
    pub nation: String,
    /// Day of birth.
    pub birth: jiff::civil::Date,
    /// Address.
    pub address: String,
    /// Number.
    pub id_number: String,
    /// Who issued it.
    pub authority: String,
    /// First valid day.
    pub valid_from: jiff::civil::Date,
    /// Last valid day; absent = 长期.
    #[serde(default)]
    pub valid_to: Option<jiff::civil::Date>,
}

/// The answer: one line of JSON.
#[derive(Debug, Default, Serialize)]
pub struct Answer {
    /// It was done.
    pub ok: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// For `look`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub screen: Option<String>,
    /// For `look`, in the order of drawing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elements: Option<Vec<Element>>,
}

impl Answer {
    /// Done.
    pub fn done() -> Self {
        Self { ok: true, ..Self::default() }
    }

    /// Not done.
    pub fn refused(error: impl Into<String>) -> Self {
        Self { error: Some(error.into()), ..Self::default() }
    }
}

/// A visible element with a label. Places in logical px of the window.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Element {
    /// Role, in small letters.
    pub role: String,
    /// Accessible label.
    pub label: String,
    /// Accessible description.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub more: String,
    /// Accessible value.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
    /// Takes presses.
    pub enabled: bool,
    /// Ticked, where it can be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked: Option<bool>,
}
