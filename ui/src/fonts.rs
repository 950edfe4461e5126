//! Fonts: a check to run before the first window, and characters that no font here can draw.
//!
//! Invariants: with no font at all Slint panics, and a character no font has is drawn as nothing; so the kiosk checks
//! first and says which package to install, and every name is checked before it is shown or printed. Fonts are found
//! through fontconfig's directories. Deliberately not here: choosing faces (Slint and fontconfig do that).

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Characters that must be drawable before a window opens: common Chinese, Latin and digits.
const NEEDED: &str = "身份证办理您请门领户口Ag09，。";

/// Where fontconfig looks by default on Debian.
const FOLDERS: [&str; 3] = ["/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/texmf/fonts"];

/// Why the kiosk must not open a window yet.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum FontError {
    /// Nothing to draw with.
    #[error("no font was found; install the package fonts-noto-cjk")]
    NoFont,
    /// Fonts, but Chinese would be blank.
    #[error("no font draws Chinese (missing: {0}); install the package fonts-noto-cjk")]
    NoChinese(String),
}

/// Which characters the fonts of this machine can draw; the files themselves are not kept.
pub struct Fonts {
    count: usize,
    drawn: BTreeSet<u32>,
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fonts").field("count", &self.count).field("characters", &self.drawn.len()).finish()
    }
}

impl Fonts {
    /// Reads the system's fonts, the person's own (`~/.local/share/fonts`, `~/.fonts`) and those named by
    /// `SLINT_FONT_PATH`.
    #[must_use]
    pub fn system() -> Self {
        let mut roots: Vec<PathBuf> = FOLDERS.iter().map(PathBuf::from).collect();
        if let Some(home) = std::env::var_os("HOME") {
            roots.push(Path::new(&home).join(".local/share/fonts"));
            roots.push(Path::new(&home).join(".fonts"));
        }
        if let Some(list) = std::env::var_os("SLINT_FONT_PATH") {
            roots.extend(std::env::split_paths(&list));
        }
        Self::under(&roots)
    }

    /// Reads the fonts under some folders (or single files).
    #[must_use]
    pub fn under(roots: &[PathBuf]) -> Self {
        let mut paths = Vec::new();
        for root in roots {
            collect(root, 0, &mut paths);
        }
        let mut fonts = Self { count: 0, drawn: BTreeSet::new() };
        for path in paths {
            fonts.learn(&path);
        }
        fonts
    }

    fn learn(&mut self, path: &Path) {
        let Ok(bytes) = fs::read(path) else { return };
        let Ok(face) = ttf_parser::Face::parse(&bytes, 0) else { return };
        self.count += 1;
        for table in
            face.tables().cmap.iter().flat_map(|cmap| cmap.subtables).filter(ttf_parser::cmap::Subtable::is_unicode)
        {
            table.codepoints(|point| {
                if table.glyph_index(point).is_some_and(|glyph| glyph.0 != 0) {
                    self.drawn.insert(point);
                }
            });
        }
    }

    /// True when at least one font was found and Chinese can be drawn.
    pub fn check(&self) -> Result<(), FontError> {
        if self.count == 0 {
            return Err(FontError::NoFont);
        }
        let missing = self.missing_glyphs(NEEDED);
        if missing.is_empty() { Ok(()) } else { Err(FontError::NoChinese(missing.into_iter().collect())) }
    }

    /// The characters of a text that no font here has, in order, each once. White space counts as drawable.
    #[must_use]
    pub fn missing_glyphs(&self, text: &str) -> Vec<char> {
        let mut missing: Vec<char> = Vec::new();
        for c in text.chars().filter(|c| !c.is_whitespace()) {
            if !missing.contains(&c) && !self.draws(c) {
                missing.push(c);
            }
        }
        missing
    }

    fn draws(&self, c: char) -> bool {
        self.drawn.contains(&u32::from(c))
    }
}

fn collect(path: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    if depth > 6 {
        return;
    }
    if path.is_dir() {
        for entry in fs::read_dir(path).into_iter().flatten().flatten() {
            collect(&entry.path(), depth + 1, found);
        }
    } else if path
        .extension()
        .and_then(|end| end.to_str())
        .is_some_and(|end| ["ttf", "ttc", "otf", "otc"].contains(&end.to_ascii_lowercase().as_str()))
    {
        found.push(path.to_owned());
    }
}

/// Checks this machine's fonts; to be called before the first window.
pub fn check() -> Result<(), FontError> {
    Fonts::system().check()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_fonts_is_told_which_package_to_install() {
        let none = Fonts::under(&[]);
        assert_eq!(none.check(), Err(FontError::NoFont));
        assert!(FontError::NoFont.to_string().contains("fonts-noto-cjk"));
    }

    #[test]
    fn this_machine_draws_chinese_and_names_what_it_cannot() {
        let fonts = Fonts::system();
        assert_eq!(fonts.check(), Ok(()));
        assert!(fonts.missing_glyphs("王小明 娄桥").is_empty());
        // A private-use character is in no ordinary font.
        assert_eq!(fonts.missing_glyphs("王\u{F8FE0}明\u{F8FE0}"), vec!['\u{F8FE0}']);
    }
}
