//! A journey as it lies in `journeys/<id>.toml`: what a person does and sees, in visible words only.
//! Words may hold `@name`, `@id`, `@phone` (of the resident), `@today` (eight digits), `@code` (the receipt code read off
//! the screen) and `@grouped` (the same as it stands on screens).

use anyhow::Context as _;
use serde::Deserialize;
use std::path::Path;

/// One journey.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Journey {
    /// File stem.
    #[serde(skip)]
    pub id: String,
    /// What a person does or what breaks, as a heading.
    pub title: String,
    /// One or two sentences for the reader of the report.
    pub about: String,
    /// The word for how it ends, told in `journeys.json` when it ended so.
    pub ends: String,
    /// Part of the report.
    #[serde(default)]
    pub chapter: Chapter,
    /// Name of the resident who stands there.
    #[serde(default)]
    pub resident: Option<String>,
    /// The receipt code the person comes with, when the errand began elsewhere.
    #[serde(skip)]
    pub code: Option<String>,
    /// Which kiosk.
    #[serde(default)]
    pub kiosk: Kiosk,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// What an officer must find afterwards.
    #[serde(default)]
    pub queue: Option<QueueCheck>,
    /// What must lie in the printer's tray afterwards.
    #[serde(default)]
    pub papers: Vec<PaperCheck>,
}

/// Parts of the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Chapter {
    /// An errand that ends as it should.
    #[default]
    Errand,
    /// Something breaks, and nothing is lost.
    Break,
    /// A bad day: one screen that says what happened.
    BadDay,
    /// How it looks for whom.
    Look,
}

/// Which kiosk the journey needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kiosk {
    /// An ordinary one.
    #[default]
    Plain,
    /// Its office is down.
    Unreachable,
    /// Asks soon whether anybody is there.
    Impatient,
    /// Wider than high.
    Landscape,
    /// Its disk is so small that no submission fits.
    FullDisk,
}

/// One step.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Step {
    /// Walk the steps of `journeys/parts/<name>.toml` here.
    Use(String),
    /// Press a visible button; `words#1` is the second of several with these words.
    Press(String),
    /// Press it if it is there now.
    PressIfSeen(String),
    /// Press each character's key.
    Keys(String),
    /// Press keys by the words on them.
    Taps(Vec<String>),
    /// Pinyin and the word to choose, word by word.
    Chinese(Vec<[String; 2]>),
    /// Sign on the pad with these words.
    Sign(String),
    /// These words come to be visible.
    See(String),
    /// These words are not visible.
    NotSee(String),
    /// This screen comes.
    Screen(String),
    /// A physical act.
    Act(String),
    /// Lay the resident's card on the reader.
    CardIn(String),
    /// Another person comes to the kiosk.
    Person(String),
    /// Read the receipt code.
    ReadCode(String),
    /// `kill` (SIGKILL) the kiosk and start it again on the same folder.
    Kiosk(Fate),
    /// The office's queue holds the case within some seconds (after the network is back).
    Arrives(u64),
    /// The office's queue does not hold the case.
    NotArrived(String),
    /// An officer elsewhere does this with the case of the code.
    Officer(OfficerAct),
    /// The open points of the case come to be just these, in any order.
    Stands {
        /// Status in Chinese.
        status: String,
        /// Open points that must be there.
        #[serde(default)]
        open: Vec<String>,
        /// Open points that must not be there.
        #[serde(default)]
        settled: Vec<String>,
    },
    /// A service has one rating more of so many stars than when the journey began.
    Rated {
        /// The service's name.
        service: String,
        /// One to five.
        stars: usize,
        /// False: it has not.
        #[serde(default = "yes")]
        given: bool,
    },
    /// Take a picture now, with this caption.
    Picture(String),
    /// Like `see`, with a longer patience.
    Await {
        /// Words.
        words: String,
        /// Longest wait.
        seconds: u64,
    },
}

fn yes() -> bool {
    true
}

/// What happens to the kiosk's process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// SIGKILL, then a new process on the same folder.
    KilledAndRestarted,
    /// The person walks to another kiosk of the station, which nobody else of this run uses.
    Another,
}

/// What an officer does, at a counter's command line.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum OfficerAct {
    /// Claims the case and returns it for supplement: items as `key=words`.
    Returns(Vec<String>),
    /// Claims the case and refuses to accept it: the reason, and what the person can do.
    Refuses(String, String),
    /// Scans the code at the counter and goes on with what was handed over half done: words that must be there already.
    TakesUp(Vec<String>),
}

/// What an officer must find.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct QueueCheck {
    /// How many cases with the code: 1, or 0.
    pub count: usize,
    /// Branch.
    #[serde(default)]
    pub branch: Option<String>,
    /// Status in Chinese.
    #[serde(default)]
    pub status: Option<String>,
    /// What an officer must still look at; each must be there.
    #[serde(default)]
    pub open: Vec<String>,
    /// Pictures of the person that an officer sees, just these: `card_photo`, `live_photo`.
    #[serde(default)]
    pub pictures: Option<Vec<String>>,
}

/// What a printed paper must say.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PaperCheck {
    /// Words by which the paper is found in the tray.
    pub titled: String,
    /// Words it must hold, spaces apart.
    #[serde(default)]
    pub says: Vec<String>,
    /// Its code must be confirmed by `yimenctl certificate verify`, and refused when a fact is changed.
    #[serde(default)]
    pub signed: bool,
}

/// Reads all journeys of a folder, by file name.
///
/// # Errors
/// A file that is no journey, named.
pub fn read_all(folder: &Path) -> anyhow::Result<Vec<Journey>> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut files: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files.iter().map(|path| read(path)).collect()
}

/// Reads one journey.
///
/// # Errors
/// It is no journey.
pub fn read(path: &Path) -> anyhow::Result<Journey> {
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let mut journey: Journey = toml::from_str(&text).with_context(|| path.display().to_string())?;
    journey.id = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    // Journeys of a folder of their own use the house's parts too.
    let folders = path.ancestors().skip(1).map(|folder| folder.join("parts"));
    let parts = folders.take(2).find(|parts| parts.is_dir()).unwrap_or_else(|| path.with_file_name("parts"));
    journey.steps = expand(journey.steps, &parts).with_context(|| path.display().to_string())?;
    Ok(journey)
}

/// Steps that many journeys share.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    steps: Vec<Step>,
}

/// Puts the parts in the place of `use`. Parts use no parts.
fn expand(steps: Vec<Step>, parts: &Path) -> anyhow::Result<Vec<Step>> {
    let mut expanded = Vec::new();
    for step in steps {
        if let Step::Use(name) = step {
            let path = parts.join(format!("{name}.toml"));
            let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let part: Part = toml::from_str(&text).with_context(|| path.display().to_string())?;
            anyhow::ensure!(!part.steps.iter().any(|step| matches!(step, Step::Use(_))), "{name} uses another part");
            expanded.extend(part.steps);
        } else {
            expanded.push(step);
        }
    }
    Ok(expanded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_journey_of_the_house_can_be_read() {
        let journeys = read_all(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/journeys"))).unwrap();
        assert!(journeys.iter().any(|journey| journey.chapter == Chapter::Errand));
        assert!(journeys.iter().all(|journey| !journey.steps.is_empty() && !journey.ends.is_empty()));
    }

    #[test]
    fn what_the_counter_asks_for_can_be_read_and_uses_the_same_parts() {
        let journeys = read_all(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/journeys/counter"))).unwrap();
        assert!(!journeys.is_empty());
        assert!(journeys.iter().all(|journey| !journey.steps.iter().any(|step| matches!(step, Step::Use(_)))));
    }
}
