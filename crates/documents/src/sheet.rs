//! A paper as both PDF back ends understand it: pages of blocks, each with a role for screen readers and shapes with
//! fixed places. Units are points (1/72 inch) from the top left corner; text is placed by its baseline.
//!
//! Invariants: a `TextLine` was split into printable runs when it was made, so a back end cannot meet a missing glyph.
//! Deliberately not here: any word of any paper, PDF.

use crate::fonts::{FontSet, MissingGlyph, Run, Weight};
use crate::qr::{QUIET_MODULES, QrMatrix};

/// Points in a millimetre.
pub(crate) const MM: f32 = 72.0 / 25.4;

/// An RGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colour(pub(crate) u8, pub(crate) u8, pub(crate) u8);

/// Running text.
pub(crate) const INK: Colour = Colour(0x10, 0x23, 0x2C);
/// Labels and notes.
pub(crate) const SOFT: Colour = Colour(0x39, 0x4B, 0x55);
/// Hair lines.
pub(crate) const LINE: Colour = Colour(0xCC, 0xD6, 0xD9);
/// The lintel: strong rules.
pub(crate) const LINTEL: Colour = Colour(0x0A, 0x34, 0x42);
/// Modules of a QR code.
pub(crate) const BLACK: Colour = Colour(0, 0, 0);
/// Ground of a QR code.
pub(crate) const WHITE: Colour = Colour(255, 255, 255);
/// The words across a demonstration paper: seen at once, yet the text above stays readable.
pub(crate) const MARK: Colour = Colour(0xF3, 0xD2, 0xCE);
/// The demonstration banner.
pub(crate) const BAD: Colour = Colour(0x95, 0x17, 0x11);

/// How a line looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) size: f32,
    pub(crate) weight: Weight,
    pub(crate) colour: Colour,
    /// Distance between baselines, in sizes.
    pub(crate) leading: f32,
}

impl Style {
    pub(crate) const fn regular(size: f32, colour: Colour) -> Self {
        Self { size, weight: Weight::Regular, colour, leading: 1.5 }
    }

    pub(crate) const fn bold(size: f32, colour: Colour) -> Self {
        Self { size, weight: Weight::Bold, colour, leading: 1.5 }
    }

    pub(crate) fn line_height(&self) -> f32 {
        self.size * self.leading
    }

    /// From the top of a line box to its baseline: CJK faces stand 0.88 above and 0.12 below it.
    pub(crate) fn baseline(&self) -> f32 {
        (self.line_height() - self.size) / 2.0 + self.size * 0.88
    }
}

/// One line of text with its place.
#[derive(Debug, Clone)]
pub(crate) struct TextLine {
    pub(crate) x: f32,
    pub(crate) baseline: f32,
    pub(crate) size: f32,
    pub(crate) colour: Colour,
    pub(crate) runs: Vec<Run>,
}

/// Something to draw.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    /// Text.
    Text(TextLine),
    /// A filled rectangle: x, y of the top left corner, width, height.
    Fill { x: f32, y: f32, width: f32, height: f32, colour: Colour },
}

/// What a block is for somebody who listens to the paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Role {
    /// The one title.
    Title,
    /// A heading under it.
    Heading,
    /// Text.
    Paragraph,
    /// A picture, with the words that stand for it.
    Figure(String),
    /// Lines and grounds: not read.
    Decoration,
}

/// Shapes that belong together.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    #[cfg_attr(
        not(feature = "certificate"),
        expect(dead_code, reason = "only tagged PDF tells the role; slips are not tagged")
    )]
    pub(crate) role: Role,
    pub(crate) shapes: Vec<Shape>,
}

/// A whole paper.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) title: String,
    pub(crate) pages: Vec<Vec<Block>>,
    /// The words across every page, if any, with their runs at weight bold.
    pub(crate) mark: Option<Vec<Run>>,
}

/// A line of the demonstration mark: where it begins (baseline, from the top left) and its size; it rises to the right.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MarkLine {
    pub(crate) x: f32,
    pub(crate) baseline: f32,
    pub(crate) size: f32,
    pub(crate) angle_degrees: f32,
}

impl Sheet {
    pub(crate) fn new(
        (width, height): (f32, f32),
        title: &str,
        mark: Option<&str>,
        fonts: &FontSet,
    ) -> Result<Self, MissingGlyph> {
        let mark = mark.map(|words| fonts.runs(words, Weight::Bold)).transpose()?;
        Ok(Self { width, height, title: title.into(), pages: vec![Vec::new()], mark })
    }

    pub(crate) fn add(&mut self, role: Role, shapes: Vec<Shape>) {
        if let Some(page) = self.pages.last_mut() {
            page.push(Block { role, shapes });
        }
    }

    /// Three parallel lines of the mark from the lower left to the upper right, the middle one through the centre.
    pub(crate) fn mark_lines(&self) -> Vec<MarkLine> {
        let Some(runs) = &self.mark else { return Vec::new() };
        let angle_degrees = 38.0_f32;
        let (sin, cos) = angle_degrees.to_radians().sin_cos();
        let ems: f32 = runs.iter().map(Run::width).sum();
        let size = self.width * 0.66 / (ems * cos);
        let (half, drop) = (ems * size / 2.0, size * 0.38);
        [-0.28, 0.0, 0.28]
            .into_iter()
            .map(|shift| {
                let (centre_x, centre_y) = (self.width / 2.0, self.height * (0.5 + shift));
                MarkLine {
                    x: centre_x - half * cos + drop * sin,
                    baseline: centre_y + half * sin + drop * cos,
                    size,
                    angle_degrees,
                }
            })
            .collect()
    }
}

/// Where a line stands against its x.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    #[cfg(feature = "certificate")]
    Centre,
    Right,
}

/// One line of text whose line box begins at `top`; `x` is its left end, centre (certificates alone) or right end.
pub(crate) fn line(
    fonts: &FontSet,
    text: &str,
    style: Style,
    align: Align,
    x: f32,
    top: f32,
) -> Result<Shape, MissingGlyph> {
    let runs = fonts.runs(text, style.weight)?;
    let width = runs.iter().map(Run::width).sum::<f32>() * style.size;
    let x = match align {
        Align::Left => x,
        #[cfg(feature = "certificate")]
        Align::Centre => x - width / 2.0,
        Align::Right => x - width,
    };
    Ok(Shape::Text(TextLine { x, baseline: top + style.baseline(), size: style.size, colour: style.colour, runs }))
}

/// Wrapped text from `top` down: the shapes and the y below the last line.
pub(crate) fn paragraph(
    fonts: &FontSet,
    text: &str,
    style: Style,
    x: f32,
    top: f32,
    width: f32,
) -> Result<(Vec<Shape>, f32), MissingGlyph> {
    let mut y = top;
    let mut shapes = Vec::new();
    for words in wrap(fonts, text, style, width)? {
        shapes.push(line(fonts, &words, style, Align::Left, x, y)?);
        y += style.line_height();
    }
    Ok((shapes, y))
}

/// Characters that may not begin a line.
const NOT_FIRST: &str = "，。、；：？！）》」』】”’·…—%),.;:?!]}";
/// Characters that may not end a line.
const NOT_LAST: &str = "（《「『【“‘([{";

/// Breaks text into lines no wider than `width`: after any Chinese character, never inside a Latin word or number
/// that fits a line, never before closing or after opening punctuation; `\n` always breaks. The last line never holds
/// a single character if one can be brought down from the line above.
pub(crate) fn wrap(fonts: &FontSet, text: &str, style: Style, width: f32) -> Result<Vec<String>, MissingGlyph> {
    let mut lines = Vec::new();
    for part in text.split('\n') {
        lines.extend(wrap_part(fonts, part, style, width)?);
    }
    Ok(lines)
}

fn wrap_part(fonts: &FontSet, text: &str, style: Style, width: f32) -> Result<Vec<String>, MissingGlyph> {
    let mut lines: Vec<Vec<String>> = vec![Vec::new()];
    let mut used = 0.0;
    for atom in atoms(text) {
        for piece in fitting(fonts, atom, style, width)? {
            let wide = fonts.width(&piece, style.weight, style.size)?;
            let printed = fonts.width(piece.trim_end(), style.weight, style.size)?;
            if used + printed > width && used > 0.0 {
                lines.push(Vec::new());
                used = 0.0;
            }
            if let Some(current) = lines.last_mut() {
                current.push(piece);
            }
            used += wide;
        }
    }
    if let [.., above, last] = lines.as_mut_slice() {
        let lonely = last.iter().flat_map(|atom| atom.chars()).filter(|c| !NOT_FIRST.contains(*c)).count() <= 1;
        if lonely
            && above.len() > 2
            && let Some(moved) = above.pop()
        {
            last.insert(0, moved);
        }
    }
    Ok(lines.into_iter().map(|atoms| atoms.concat().trim_end().to_owned()).collect())
}

/// The smallest pieces a line may be broken between.
fn atoms(text: &str) -> Vec<String> {
    let latin = |c: char| c.is_ascii_graphic() || (c.is_alphabetic() && c < '\u{2000}');
    let mut atoms: Vec<String> = Vec::new();
    for character in text.chars() {
        let joins = atoms.last().and_then(|atom| atom.chars().last()).is_some_and(|before| {
            character == ' '
                || NOT_FIRST.contains(character)
                || NOT_LAST.contains(before)
                || (latin(before) && latin(character))
        });
        match atoms.last_mut() {
            Some(atom) if joins => atom.push(character),
            Some(_) | None => atoms.push(character.to_string()),
        }
    }
    atoms
}

/// An atom wider than a line is cut by characters; any other stays whole.
fn fitting(fonts: &FontSet, atom: String, style: Style, width: f32) -> Result<Vec<String>, MissingGlyph> {
    if fonts.width(&atom, style.weight, style.size)? <= width {
        return Ok(vec![atom]);
    }
    Ok(atom.chars().map(String::from).collect())
}

/// A QR code with its white quiet zone, as filled rectangles in the square with this top left corner and side.
pub(crate) fn qr(matrix: &QrMatrix, x: f32, y: f32, side: f32) -> Vec<Shape> {
    let span = |count: usize| count as f32;
    let module = side / span(matrix.width() + 2 * QUIET_MODULES);
    let mut shapes = vec![Shape::Fill { x, y, width: side, height: side, colour: WHITE }];
    shapes.extend(matrix.bars().into_iter().map(|(column, row, length)| Shape::Fill {
        x: x + span(column + QUIET_MODULES) * module,
        y: y + span(row + QUIET_MODULES) * module,
        width: span(length) * module,
        height: module,
        colour: BLACK,
    }));
    shapes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::FontPaths;

    fn wrapped(text: &str, ems: f32) -> Vec<String> {
        let fonts = FontSet::load(&FontPaths::default()).expect("fonts; see scripts/setup");
        wrap(&fonts, text, Style::regular(10.0, INK), ems * 10.0).expect("printable text")
    }

    #[test]
    fn no_line_begins_with_closing_or_ends_with_opening_punctuation() {
        let text = "您带来的材料齐了，（原件和复印件）都收好。还有“户口簿”，下次再带；谢谢！".repeat(4);
        for ems in 5..30 {
            for line in wrapped(&text, ems as f32) {
                assert!(!line.starts_with(|c| NOT_FIRST.contains(c)), "{ems}: {line}");
                assert!(!line.ends_with(|c| NOT_LAST.contains(c)), "{ems}: {line}");
            }
        }
    }

    #[test]
    fn latin_words_and_numbers_stay_whole_and_nothing_is_lost() {
        let text = "号码 330304200002291528 的证件 certificate 已收";
        let lines = wrapped(text, 13.0);
        assert!(lines.iter().any(|line| line.contains("330304200002291528")), "{lines:?}");
        assert!(lines.iter().any(|line| line.contains("certificate")), "{lines:?}");
        let kept: String = lines.concat().replace(' ', "");
        assert_eq!(kept, text.replace(' ', ""));
    }

    #[test]
    fn the_last_line_is_not_one_lonely_character() {
        assert_eq!(wrapped("一二三四五六七八九十一", 10.0), ["一二三四五六七八九", "十一"]);
        assert_eq!(wrapped("一二\n三四", 10.0), ["一二", "三四"]);
    }
}
