//! The robot's eyes and finger: one line of JSON to the kiosk's test socket, one line back.

use crate::demo::poll::until;
use anyhow::{Context as _, bail};
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// A connection to a kiosk.
#[derive(Debug)]
pub struct Line(BufReader<UnixStream>);

/// What is visible.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Seen {
    /// Name of the screen.
    pub screen: String,
    /// Everything with words, in the order of drawing.
    pub elements: Vec<Thing>,
}

/// Something visible.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Thing {
    /// `button`, `text`, …
    pub role: String,
    /// Its words.
    pub label: String,
    /// Smaller words of the same button.
    #[serde(default)]
    pub more: String,
    /// What is entered in it.
    #[serde(default)]
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
    /// Ticked.
    #[serde(default)]
    pub checked: Option<bool>,
}

impl Seen {
    /// Some words on the screen hold `words`.
    pub fn shows(&self, words: &str) -> bool {
        self.elements
            .iter()
            .any(|thing| [&thing.label, &thing.more, &thing.value].into_iter().any(|text| text.contains(words)))
    }

    /// How many buttons have exactly these words and can be pressed.
    pub fn buttons(&self, label: &str) -> usize {
        self.elements.iter().filter(|thing| thing.role == "button" && thing.enabled && thing.label == label).count()
    }

    /// All words, one a line: for the report of a failure.
    pub fn words(&self) -> String {
        let words: Vec<&str> =
            self.elements.iter().map(|thing| thing.label.as_str()).filter(|label| !label.is_empty()).collect();
        format!("screen {}: {}", self.screen, words.join(" | "))
    }
}

impl Line {
    /// Connects as soon as the kiosk listens.
    ///
    /// # Errors
    /// It does not within the patience.
    pub fn connect(socket: &Path, patience: Duration) -> anyhow::Result<Self> {
        let stream = until(patience, || UnixStream::connect(socket).ok());
        let stream = stream.with_context(|| format!("the kiosk does not listen on {}", socket.display()))?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(Self(BufReader::new(stream)))
    }

    fn ask(&mut self, request: &Value) -> anyhow::Result<Value> {
        writeln!(self.0.get_mut(), "{request}").context("the kiosk is gone")?;
        let mut text = String::new();
        if self.0.read_line(&mut text).context("the kiosk does not answer")? == 0 {
            bail!("the kiosk is gone");
        }
        let answer: Value = serde_json::from_str(&text).context("the kiosk answered no JSON")?;
        match answer["error"].as_str() {
            Some(error) => bail!(error.to_owned()),
            None => Ok(answer),
        }
    }

    /// What is visible now.
    ///
    /// # Errors
    /// The kiosk is gone.
    pub fn look(&mut self) -> anyhow::Result<Seen> {
        Ok(serde_json::from_value(self.ask(&json!({ "do": "look" }))?)?)
    }

    /// Presses the `nth` visible button with these words.
    ///
    /// # Errors
    /// There is none.
    pub fn press(&mut self, label: &str, nth: usize) -> anyhow::Result<()> {
        self.ask(&json!({ "do": "press", "label": label, "nth": nth, "role": "button" })).map(drop)
    }

    /// Writes with a finger on an element: strokes in parts of its size.
    ///
    /// # Errors
    /// It is not visible.
    pub fn drag(&mut self, label: &str, strokes: &[Vec<[f32; 2]>]) -> anyhow::Result<()> {
        self.ask(&json!({ "do": "drag", "label": label, "strokes": strokes })).map(drop)
    }

    /// Writes the screen as a PNG.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn picture(&mut self, path: &Path) -> anyhow::Result<()> {
        self.ask(&json!({ "do": "picture", "path": path })).map(drop)
    }

    /// Does a physical act on a simulated device.
    ///
    /// # Errors
    /// There is no such act.
    pub fn act(&mut self, what: &str, card: Option<&crate::demo::residents::Card>) -> anyhow::Result<()> {
        self.ask(&json!({ "do": "sim", "what": what, "card": card })).map(drop)
    }
}
