//! Finds and loads the fonts of the papers, and knows which character needs which face.
//!
//! Invariants: Noto Sans CJK SC first (regular or bold), HanaMin for what it lacks; a text is split into runs of one
//! face each before any PDF library sees it, so that a library can never print a box for a missing glyph.
//! Deliberately not here: shaping (Chinese, Latin and digits need none), fonts shipped with the program.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ttf_parser::Face;

/// Index of the simplified-Chinese face in the Noto Sans CJK collections.
const SC_INDEX: u32 = 2;

/// Why no fonts could be loaded.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// None of the candidate files exists.
    #[error("no font file among {candidates:?}: install the package {package}")]
    NotFound {
        /// The files that were looked for.
        candidates: Vec<PathBuf>,
        /// The Debian package that brings one of them.
        package: &'static str,
    },
    /// A file exists but cannot be read.
    #[error("cannot read the font file {path}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A file is not a font that can be used; the packages fonts-noto-cjk and fonts-hanazono bring good ones.
    #[error("{path} is not a usable font: reinstall the packages fonts-noto-cjk and fonts-hanazono")]
    Unusable {
        /// The file.
        path: PathBuf,
    },
}

/// A character that no loaded font can print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no font can print the character {character:?} (U+{:04X})", u32::from(*.character))]
pub struct MissingGlyph {
    /// The character.
    pub character: char,
}

/// Where to look for fonts; in each list the first file that exists is taken (`fallback`: all that exist).
#[derive(Debug, Clone)]
pub struct FontPaths {
    /// Candidates for the regular face.
    pub regular: Vec<PathBuf>,
    /// Candidates for the bold face.
    pub bold: Vec<PathBuf>,
    /// Faces for rare characters, in the order of preference; at least one must exist.
    pub fallback: Vec<PathBuf>,
}

impl Default for FontPaths {
    /// The places of the Debian and Ubuntu packages fonts-noto-cjk and fonts-hanazono.
    fn default() -> Self {
        let noto = |name: &str| {
            ["/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk", "/usr/local/share/fonts"]
                .iter()
                .map(|folder| Path::new(folder).join(name))
                .collect()
        };
        let hana = |name: &str| Path::new("/usr/share/fonts/truetype/hanazono").join(name);
        Self {
            regular: noto("NotoSansCJK-Regular.ttc"),
            bold: noto("NotoSansCJK-Bold.ttc"),
            fallback: vec![hana("HanaMinA.ttf"), hana("HanaMinB.ttf")],
        }
    }
}

/// Regular or bold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Running text.
    Regular,
    /// Titles, names, codes.
    Bold,
}

/// One font file in memory.
#[derive(Clone)]
pub(crate) struct LoadedFace {
    pub(crate) bytes: Arc<Vec<u8>>,
    pub(crate) index: u32,
}

impl LoadedFace {
    fn load(path: &Path) -> Result<Self, FontError> {
        let bytes = std::fs::read(path).map_err(|source| FontError::Unreadable { path: path.to_path_buf(), source })?;
        let index = if ttf_parser::fonts_in_collection(&bytes).unwrap_or(1) > SC_INDEX { SC_INDEX } else { 0 };
        if Face::parse(&bytes, index).is_err() {
            return Err(FontError::Unusable { path: path.to_path_buf() });
        }
        Ok(Self { bytes: Arc::new(bytes), index })
    }

    /// The parsed face; `load` proved that it parses.
    fn parsed(&self) -> Option<Face<'_>> {
        Face::parse(&self.bytes, self.index).ok()
    }
}

/// A piece of text that one face can print.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Run {
    /// Position of the face in the set.
    pub(crate) face: usize,
    /// The characters.
    pub(crate) text: String,
    /// One glyph a character, in order.
    pub(crate) glyphs: Vec<RunGlyph>,
}

/// One glyph: its number in the face, its advance in ems, the bytes of its character in the run's text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RunGlyph {
    pub(crate) id: u16,
    pub(crate) advance: f32,
    pub(crate) bytes: std::ops::Range<usize>,
}

impl Run {
    /// Width in ems.
    pub(crate) fn width(&self) -> f32 {
        self.glyphs.iter().map(|glyph| glyph.advance).sum()
    }
}

/// The loaded fonts. Loading reads about 80 MB from disk: do it once at start and share it.
#[derive(Clone)]
pub struct FontSet {
    /// 0 regular, 1 bold, then the faces for rare characters.
    faces: Vec<LoadedFace>,
}

impl std::fmt::Debug for FontSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FontSet({} faces)", self.faces.len())
    }
}

impl FontSet {
    /// Loads the fonts from the given places.
    ///
    /// # Errors
    /// [`FontError`] names the package to install when a file is missing.
    pub fn load(paths: &FontPaths) -> Result<Self, FontError> {
        let first = |candidates: &[PathBuf]| {
            candidates
                .iter()
                .find(|path| path.is_file())
                .cloned()
                .ok_or_else(|| FontError::NotFound { candidates: candidates.to_vec(), package: "fonts-noto-cjk" })
        };
        let mut faces = vec![LoadedFace::load(&first(&paths.regular)?)?, LoadedFace::load(&first(&paths.bold)?)?];
        for path in paths.fallback.iter().filter(|path| path.is_file()) {
            faces.push(LoadedFace::load(path)?);
        }
        if faces.len() == 2 {
            return Err(FontError::NotFound { candidates: paths.fallback.clone(), package: "fonts-hanazono" });
        }
        Ok(Self { faces })
    }

    /// Every character of `text` that no font can print, each once, in the order of the text.
    #[must_use]
    pub fn missing_glyphs(&self, text: &str) -> Vec<char> {
        let parsed = self.parsed();
        let mut missing = Vec::new();
        for character in text.chars() {
            let printable = parsed.iter().flatten().any(|face| glyph(face, character).is_some());
            if !printable && !missing.contains(&character) {
                missing.push(character);
            }
        }
        missing
    }

    /// Splits a line of text into runs of one face each.
    ///
    /// # Errors
    /// The first character no face has a glyph for (line breaks and other control characters among them).
    pub(crate) fn runs(&self, text: &str, weight: Weight) -> Result<Vec<Run>, MissingGlyph> {
        let parsed = self.parsed();
        let mut runs: Vec<Run> = Vec::new();
        for character in text.chars() {
            let (face, id, advance) = self
                .order(weight)
                .find_map(|index| {
                    let face = parsed.get(index)?.as_ref()?;
                    let id = glyph(face, character)?;
                    let advance = f32::from(face.glyph_hor_advance(id)?) / f32::from(face.units_per_em());
                    Some((index, id.0, advance))
                })
                .ok_or(MissingGlyph { character })?;
            let glyph = |start: usize| RunGlyph { id, advance, bytes: start..start + character.len_utf8() };
            match runs.last_mut() {
                Some(run) if run.face == face => {
                    run.glyphs.push(glyph(run.text.len()));
                    run.text.push(character);
                }
                Some(_) | None => {
                    runs.push(Run { face, text: character.to_string(), glyphs: vec![glyph(0)] });
                }
            }
        }
        Ok(runs)
    }

    /// Width of a line in points.
    ///
    /// # Errors
    /// The first character no face has a glyph for.
    pub(crate) fn width(&self, text: &str, weight: Weight, size: f32) -> Result<f32, MissingGlyph> {
        Ok(self.runs(text, weight)?.iter().map(Run::width).sum::<f32>() * size)
    }

    pub(crate) fn face(&self, index: usize) -> Option<&LoadedFace> {
        self.faces.get(index)
    }

    fn parsed(&self) -> Vec<Option<Face<'_>>> {
        self.faces.iter().map(LoadedFace::parsed).collect()
    }

    fn order(&self, weight: Weight) -> impl Iterator<Item = usize> + use<> {
        let main = match weight {
            Weight::Regular => 0,
            Weight::Bold => 1,
        };
        std::iter::once(main).chain(2..self.faces.len())
    }
}

/// The glyph of a character, if the face really draws it. Unassigned code points mapped to the box do not count.
fn glyph(face: &Face<'_>, character: char) -> Option<ttf_parser::GlyphId> {
    if character.is_control() {
        return None;
    }
    face.glyph_index(character).filter(|id| id.0 != 0)
}
