//! Places the words of the receipt slip; starts a further page when one is full.
//! Deliberately not here: the words themselves (`slip`), PDF.

use crate::fonts::{FontSet, MissingGlyph};
use crate::qr::{QUIET_MODULES, QrMatrix};
use crate::sheet::{Align, BAD, Colour, INK, LINE, LINTEL, Role, SOFT, Shape, Sheet, Style, line, paragraph, qr};
use crate::slip::{LadderStep, SlipError, SlipFacts, SlipLabels, SlipLayout, StepState};

/// Ground and bar of a warning, as on the screens.
const WARN: (Colour, Colour) = (Colour(0xFF, 0xF0, 0xD2), Colour(0x73, 0x45, 0x00));
/// Ground and bar of an information.
const INFO: (Colour, Colour) = (Colour(0xE0, 0xEE, 0xF1), Colour(0x0A, 0x51, 0x65));

struct Slip<'a> {
    facts: &'a SlipFacts,
    labels: &'a SlipLabels,
    layout: &'a SlipLayout,
    fonts: &'a FontSet,
    sheet: Sheet,
    y: f32,
}

pub(crate) fn draw(
    facts: &SlipFacts,
    labels: &SlipLabels,
    layout: &SlipLayout,
    fonts: &FontSet,
) -> Result<Sheet, SlipError> {
    let size = (layout.width, layout.height);
    let sheet = Sheet::new(size, &labels.title, facts.class.mark(), fonts)?;
    let mut slip = Slip { facts, labels, layout, fonts, sheet, y: 0.0 };
    slip.head()?;
    slip.code()?;
    slip.note(INFO, &[&labels.not_a_decision], "")?;
    slip.ladder()?;
    slip.missing()?;
    slip.next()?;
    slip.foot()?;
    Ok(slip.sheet)
}

impl Slip<'_> {
    fn left(&self) -> f32 {
        self.layout.margin
    }

    fn right(&self) -> f32 {
        self.layout.width - self.layout.margin
    }

    fn width(&self) -> f32 {
        self.right() - self.left()
    }

    fn body(&self) -> Style {
        Style { leading: 1.45, ..Style::regular(self.layout.body, INK) }
    }

    fn strong(&self) -> Style {
        Style { leading: 1.45, ..Style::bold(self.layout.body, INK) }
    }

    fn soft(&self) -> Style {
        Style::regular(self.layout.body - 1.0, SOFT)
    }

    /// Begins a page: banner of a demonstration bureau, title left, station right, strong rule.
    fn head(&mut self) -> Result<(), MissingGlyph> {
        self.y = self.layout.margin - 14.0;
        let (left, right) = (self.left(), self.right());
        if let Some(mark) = self.facts.class.mark() {
            let words = format!("{mark} · {}", self.labels.demonstration);
            let banner = line(self.fonts, &words, Style::bold(9.0, BAD), Align::Left, left, self.y)?;
            self.sheet.add(Role::Paragraph, vec![banner]);
        }
        self.y += 16.0;
        let title = Style::bold(20.0, LINTEL);
        let shape = line(self.fonts, &self.labels.title, title, Align::Left, left, self.y)?;
        self.sheet.add(Role::Title, vec![shape]);
        let station = Style { leading: 30.0 / 12.0, ..Style::bold(12.0, INK) };
        let shape = line(self.fonts, &self.facts.station, station, Align::Right, right, self.y + 2.0)?;
        self.sheet.add(Role::Paragraph, vec![shape]);
        self.y += title.line_height() + 4.0;
        self.rule(1.6, LINTEL);
        self.y += 9.0;
        Ok(())
    }

    fn rule(&mut self, thickness: f32, colour: Colour) {
        let shape = Shape::Fill { x: self.left(), y: self.y, width: self.width(), height: thickness, colour };
        self.sheet.add(Role::Decoration, vec![shape]);
        self.y += thickness;
    }

    /// Starts a further page if this height does not fit any more; it repeats head and code.
    fn need(&mut self, height: f32) -> Result<(), MissingGlyph> {
        if self.y + height <= self.layout.height - self.layout.margin + 8.0 {
            return Ok(());
        }
        self.sheet.pages.push(Vec::new());
        self.head()?;
        let words = format!("{} {}", self.labels.code, grouped(&self.facts.code));
        let shape = line(self.fonts, &words, self.strong(), Align::Left, self.left(), self.y)?;
        self.sheet.add(Role::Paragraph, vec![shape]);
        self.y += self.strong().line_height() + 6.0;
        Ok(())
    }

    /// Errand, QR code at the left, receipt code in two groups of four, the person masked.
    fn code(&mut self) -> Result<(), SlipError> {
        let errand = Style { leading: 1.35, ..Style::bold(15.0, INK) };
        let (shapes, end) = paragraph(self.fonts, &self.facts.errand, errand, self.left(), self.y, self.width())?;
        self.sheet.add(Role::Heading, shapes);
        self.y = end + 6.0;
        let (top, side) = (self.y, self.layout.qr_side);
        let matrix = QrMatrix::encode(&self.facts.link)?;
        let quiet = side * QUIET_MODULES as f32 / matrix.width() as f32;
        let picture = qr(&matrix, self.left() - quiet, top + 4.0 - quiet, side + 2.0 * quiet);
        self.sheet.add(Role::Figure(self.labels.scan.clone()), picture);
        let x = self.left() + side + 20.0;
        let width = self.right() - x;
        let mut y = top;
        self.put(&self.labels.code, self.soft(), x, y)?;
        y += self.soft().line_height();
        let code = Style { leading: 1.15, ..Style::bold(self.layout.code, INK) };
        self.put(&grouped(&self.facts.code), code, x, y)?;
        y += code.line_height() + 2.0;
        let (shapes, end) = paragraph(self.fonts, &self.labels.scan, self.soft(), x, y, width)?;
        self.sheet.add(Role::Paragraph, shapes);
        self.y = end.max(top + 4.0 + side) + 9.0;
        let pairs = [
            (&self.labels.person, self.facts.person_masked.expose().clone(), 0.0),
            (&self.labels.number, self.facts.number_masked.expose().clone(), 0.5),
        ];
        let time = self.facts.received_at.strftime("%Y-%m-%d %H:%M").to_string();
        let received = (&self.labels.received, format!("{time} · {}", self.facts.machine), 0.0);
        for (label, value, column) in &pairs {
            let x = self.left() + self.width() * column;
            self.pair(label, value, x, self.width() / 2.0 - 8.0)?;
        }
        self.y += self.body().line_height() + 1.0;
        self.pair(received.0, &received.1, self.left(), self.width())?;
        self.y += self.body().line_height() + 8.0;
        Ok(())
    }

    fn put(&mut self, text: &str, style: Style, x: f32, y: f32) -> Result<(), MissingGlyph> {
        let shape = line(self.fonts, text, style, Align::Left, x, y)?;
        self.sheet.add(Role::Paragraph, vec![shape]);
        Ok(())
    }

    /// A soft label and its value on one line; the value shrinks rather than leave its column.
    fn pair(&mut self, label: &str, value: &str, x: f32, width: f32) -> Result<(), MissingGlyph> {
        let gap = self.fonts.width(label, self.soft().weight, self.soft().size)? + 8.0;
        let mut style = self.body();
        let full = self.fonts.width(value, style.weight, style.size)?;
        style.size *= ((width - gap) / full).min(1.0);
        style.leading = self.body().line_height() / style.size;
        let soft = Style { leading: self.body().line_height() / self.soft().size, ..self.soft() };
        let shapes = vec![
            line(self.fonts, label, soft, Align::Left, x, self.y)?,
            line(self.fonts, value, style, Align::Left, x + gap, self.y)?,
        ];
        self.sheet.add(Role::Paragraph, shapes);
        Ok(())
    }

    /// A tinted ground with a bar at the left: bold sentences, then one of explanation.
    fn note(&mut self, (ground, bar): (Colour, Colour), bold: &[&str], more: &str) -> Result<(), MissingGlyph> {
        let x = self.left() + 14.0;
        let width = self.width() - 24.0;
        let mut lines = Vec::new();
        let texts = bold.iter().map(|text| (*text, self.strong())).chain([(more, self.body())]);
        let mut height = 0.0;
        for (text, style) in texts.filter(|(text, _)| !text.is_empty()) {
            let (shapes, end) = paragraph(self.fonts, text, style, x, height, width)?;
            lines.extend(shapes);
            height = end;
        }
        let padding = 6.0;
        self.need(height + 2.0 * padding + 8.0)?;
        let whole = height + 2.0 * padding;
        let (x, y) = (self.left(), self.y);
        let ground = Shape::Fill { x, y, width: self.width(), height: whole, colour: ground };
        self.sheet.add(Role::Decoration, vec![ground, Shape::Fill { x, y, width: 4.0, height: whole, colour: bar }]);
        shift(&mut lines, y + padding);
        self.sheet.add(Role::Paragraph, lines);
        self.y += whole + 8.0;
        Ok(())
    }

    fn heading(&mut self, text: &str) -> Result<(), MissingGlyph> {
        let style = Style::bold(self.layout.body + 1.0, LINTEL);
        self.need(style.line_height() + 20.0)?;
        let shape = line(self.fonts, text, style, Align::Left, self.left(), self.y)?;
        self.sheet.add(Role::Heading, vec![shape]);
        self.y += style.line_height() + 1.0;
        self.rule(0.6, LINE);
        self.y += 3.0;
        Ok(())
    }

    fn ladder(&mut self) -> Result<(), MissingGlyph> {
        if self.facts.ladder.is_empty() {
            return Ok(());
        }
        self.heading(&self.labels.ladder)?;
        let mut column = 0.0_f32;
        for step in &self.facts.ladder {
            column = column.max(self.fonts.width(&self.words(step), self.strong().weight, self.strong().size)?);
        }
        let column = column.min(self.width() * 0.42) + 28.0;
        for step in &self.facts.ladder {
            self.step(step, column)?;
        }
        self.y += 5.0;
        Ok(())
    }

    fn words(&self, step: &LadderStep) -> String {
        match step.state {
            StepState::Done | StepState::Later => step.word.clone(),
            StepState::Now => format!("{} · {}", step.word, self.labels.now),
        }
    }

    fn step(&mut self, step: &LadderStep, column: f32) -> Result<(), MissingGlyph> {
        let (sign, style) = match step.state {
            StepState::Done => ("●", self.strong()),
            StepState::Now => ("◉", self.strong()),
            StepState::Later => ("○", Style { colour: SOFT, ..self.body() }),
        };
        let x = self.left() + column;
        let (detail, end) = paragraph(self.fonts, &step.detail, self.body(), x, 0.0, self.right() - x)?;
        let height = end.max(style.line_height());
        self.need(height)?;
        let y = self.y;
        let mut shapes = vec![
            line(self.fonts, sign, style, Align::Left, self.left(), y)?,
            line(self.fonts, &self.words(step), style, Align::Left, self.left() + 16.0, y)?,
        ];
        let mut detail = detail;
        shift(&mut detail, y);
        shapes.extend(detail);
        self.sheet.add(Role::Paragraph, shapes);
        self.y += height + 1.0;
        Ok(())
    }

    fn missing(&mut self) -> Result<(), MissingGlyph> {
        if self.facts.missing.is_empty() {
            return Ok(());
        }
        let colon = if self.labels.language.starts_with("zh") { "：" } else { ": " };
        let lines: Vec<String> = std::iter::once(self.labels.missing.clone())
            .chain(self.facts.missing.iter().map(|item| format!("{}{colon}{}", item.what, item.by)))
            .collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        self.note(WARN, &lines, &self.facts.missing_how)
    }

    fn next(&mut self) -> Result<(), MissingGlyph> {
        if self.facts.next.is_empty() {
            return Ok(());
        }
        self.heading(&self.labels.next)?;
        for (number, sentence) in self.facts.next.iter().enumerate() {
            let x = self.left() + 16.0;
            let (mut shapes, end) = paragraph(self.fonts, sentence, self.body(), x, 0.0, self.right() - x)?;
            self.need(end)?;
            shift(&mut shapes, self.y);
            let sign = format!("{}.", number + 1);
            shapes.insert(0, line(self.fonts, &sign, self.body(), Align::Left, self.left(), self.y)?);
            self.sheet.add(Role::Paragraph, shapes);
            self.y += end;
        }
        self.y += 6.0;
        Ok(())
    }

    /// Fee and telephone numbers, at the foot of the last page.
    fn foot(&mut self) -> Result<(), MissingGlyph> {
        let rows = [
            (&self.labels.fee, &self.facts.fee),
            (&self.labels.contact, &self.facts.contact),
            (&self.labels.complaint, &self.facts.complaint),
        ];
        let rows: Vec<_> = rows.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let height = rows.len() as f32 * self.body().line_height() + 7.0;
        self.need(height)?;
        self.y = self.y.max(self.layout.height - self.layout.margin + 8.0 - height);
        self.rule(0.6, LINE);
        self.y += 5.0;
        for (label, value) in rows {
            self.pair(label, value, self.left(), self.width())?;
            self.y += self.body().line_height();
        }
        Ok(())
    }
}

/// Moves shapes down.
fn shift(shapes: &mut [Shape], by: f32) {
    for shape in shapes {
        match shape {
            Shape::Text(line) => line.baseline += by,
            Shape::Fill { y, .. } => *y += by,
        }
    }
}

/// `7KQ4M2XP` as `7KQ4 M2XP`.
fn grouped(code: &str) -> String {
    let first: String = code.chars().take(4).collect();
    let second: String = code.chars().skip(4).collect();
    format!("{first} {second}")
}
