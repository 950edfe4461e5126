//! Chrome strings: the words of buttons, titles and notes that belong to the kiosk itself, in `lang/*.toml`.
//!
//! Invariants: both languages have the same keys and the same `{placeholders}` (tested); a missing key shows itself.
//! Deliberately not here: the words of services (they live in the services catalogue).

use std::collections::BTreeMap;

use thiserror::Error;

const ZH_CN: &str = include_str!("../lang/zh-CN.toml");
const EN: &str = include_str!("../lang/en.toml");

/// Codes of the languages that are built in, the first being the default.
pub const CODES: [&str; 2] = ["zh-CN", "en"];

/// Why a language could not be loaded.
#[derive(Debug, Error)]
pub enum LoadError {
    /// No file for this code is built in.
    #[error("no chrome strings for language {0:?}; built in are zh-CN and en")]
    Unknown(String),
    /// The file is not a flat table of strings.
    #[error("chrome strings of {code}: {source}")]
    Malformed {
        /// Language code.
        code: String,
        /// What the TOML reader said.
        source: toml::de::Error,
    },
}

/// One language's chrome strings.
#[derive(Debug, Clone)]
pub struct Lang {
    code: String,
    words: BTreeMap<String, String>,
}

impl Lang {
    /// Loads a built-in language by code (`zh-CN`, `en`).
    pub fn load(code: &str) -> Result<Self, LoadError> {
        let source = match code {
            "zh-CN" => ZH_CN,
            "en" => EN,
            other => return Err(LoadError::Unknown(other.to_owned())),
        };
        let words = toml::from_str(source).map_err(|source| LoadError::Malformed { code: code.to_owned(), source })?;
        Ok(Self { code: code.to_owned(), words })
    }

    /// The code this language was loaded by.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The words of a key; an unknown key is shown as itself, so that a gap is seen and not hidden.
    #[must_use]
    pub fn text<'a>(&'a self, key: &'a str) -> &'a str {
        self.words.get(key).map_or(key, String::as_str)
    }

    /// The words of a key with `{name}` replaced by the given values.
    #[must_use]
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        values
            .iter()
            .fold(self.text(key).to_owned(), |words, (name, value)| words.replace(&format!("{{{name}}}"), value))
    }

    /// All keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.words.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placeholders(words: &str) -> Vec<String> {
        let mut found: Vec<String> =
            words.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect();
        found.sort();
        found
    }

    #[test]
    fn both_languages_have_the_same_keys_and_placeholders() {
        let zh = Lang::load("zh-CN").expect("zh-CN is well formed");
        let en = Lang::load("en").expect("en is well formed");
        let (a, b): (Vec<_>, Vec<_>) = (zh.keys().collect(), en.keys().collect());
        assert_eq!(a, b);
        for key in a {
            assert_eq!(placeholders(zh.text(key)), placeholders(en.text(key)), "{key}");
        }
    }

    #[test]
    fn chinese_uses_full_width_punctuation_and_never_says_error_code() {
        let zh = Lang::load("zh-CN").expect("zh-CN is well formed");
        let half = |c: char| matches!(c, ',' | ';' | '?' | '!');
        let wrong: Vec<&str> =
            zh.keys().filter(|key| zh.text(key).contains(half) || zh.text(key).contains("错误代码")).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn unknown_keys_are_visible_and_placeholders_are_filled() {
        let zh = Lang::load("zh-CN").expect("zh-CN is well formed");
        assert_eq!(zh.text("no.such.key"), "no.such.key");
        assert_eq!(zh.fill("step.of", &[("n", "3"), ("total", "7")]), "第 3 步，共 7 步");
        assert!(matches!(Lang::load("fr"), Err(LoadError::Unknown(code)) if code == "fr"));
    }
}
