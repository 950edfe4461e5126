//! How the person wants to see and hear the visit. Invariant: all of it goes back to the start at a wipe.

/// Contrast themes of the design.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Day.
    #[default]
    Day,
    /// High contrast.
    HighContrast,
    /// Dark.
    Dark,
    /// Safe for colour vision.
    ColourSafe,
}

/// Everything the person may set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preferences {
    /// Language, e.g. `zh-CN`.
    pub language: String,
    /// Text size, 1 to 4.
    pub text_size: u8,
    /// Contrast theme.
    pub theme: Theme,
    /// 关怀模式: fewer choices, bigger, timers doubled.
    pub elder: bool,
    /// Everything that can be pressed is low.
    pub low_reach: bool,
    /// Texts are spoken.
    pub speech: bool,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Preference {
    /// A language of the configuration; others are ignored.
    Language(String),
    /// 1 to 4; others are brought to the nearest.
    TextSize(u8),
    /// Contrast.
    Theme(Theme),
    /// 关怀模式 on or off; on also sets size 3 when smaller.
    Elder(bool),
    /// Low reach on or off.
    LowReach(bool),
    /// Speech on or off.
    Speech(bool),
}

impl Preferences {
    /// As every visit begins.
    pub fn start(language: &str) -> Self {
        Self {
            language: language.to_owned(),
            text_size: 1,
            theme: Theme::Day,
            elder: false,
            low_reach: false,
            speech: false,
        }
    }

    /// Takes one change over.
    pub fn set(&mut self, change: Preference, languages: &[String]) {
        match change {
            Preference::Language(language) => {
                if languages.contains(&language) {
                    self.language = language;
                }
            }
            Preference::TextSize(size) => self.text_size = size.clamp(1, 4),
            Preference::Theme(theme) => self.theme = theme,
            Preference::Elder(on) => {
                self.elder = on;
                self.text_size = if on { self.text_size.max(3) } else { 1 };
            }
            Preference::LowReach(on) => self.low_reach = on,
            Preference::Speech(on) => self.speech = on,
        }
    }
}
