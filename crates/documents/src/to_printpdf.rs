//! Draws a sheet as a plain PDF with printpdf, fonts embedded as subsets.
//!
//! Invariants: only runs that `fonts` checked reach the library, which by itself would print a box without a word;
//! any warning of the library above "info" is an error. Deliberately not here: PDF/A and tags (printpdf knows neither;
//! slips do not need them), words and places.

use printpdf::{
    Color, FontId, LinePoint, Mm, Op, PaintMode, ParsedFont, PdfDocument, PdfFontHandle, PdfPage,
    PdfParseErrorSeverity, PdfSaveOptions, Point, Polygon, PolygonRing, Pt, Rgb, TextItem, TextMatrix, WindingOrder,
};

use crate::fonts::{FontSet, Run};
use crate::sheet::{Colour, MARK, MM, Shape, Sheet, TextLine};
use crate::slip::SlipError;

pub(crate) fn render(sheet: &Sheet, fonts: &FontSet) -> Result<Vec<u8>, SlipError> {
    let mut document = PdfDocument::new(&sheet.title);
    let handles = embed(&mut document, sheet, fonts)?;
    let pen = Pen { height: sheet.height, handles };
    let mut pages = Vec::new();
    for blocks in &sheet.pages {
        let mut ops = pen.mark(sheet)?;
        for shape in blocks.iter().flat_map(|block| &block.shapes) {
            match shape {
                Shape::Text(line) => pen.line(line, &mut ops)?,
                Shape::Fill { x, y, width, height, colour } => {
                    ops.push(Op::SetFillColor { col: colour_of(*colour) });
                    ops.push(pen.rectangle(*x, *y, *width, *height));
                }
            }
        }
        pages.push(PdfPage::new(Mm(sheet.width / MM), Mm(sheet.height / MM), ops));
    }
    let mut warnings = Vec::new();
    let bytes = document.with_pages(pages).save(&PdfSaveOptions::default(), &mut warnings);
    match warnings.iter().find(|warning| warning.severity != PdfParseErrorSeverity::Info) {
        Some(warning) => Err(SlipError::Pdf(warning.msg.clone())),
        None => Ok(bytes),
    }
}

/// Embeds the faces this sheet uses, each at its position in the font set.
fn embed(document: &mut PdfDocument, sheet: &Sheet, fonts: &FontSet) -> Result<Vec<Option<FontId>>, SlipError> {
    let shapes = sheet.pages.iter().flatten().flat_map(|block| &block.shapes);
    let lines = shapes.filter_map(|shape| match shape {
        Shape::Text(line) => Some(&line.runs),
        Shape::Fill { .. } => None,
    });
    let mut handles: Vec<Option<FontId>> = Vec::new();
    for run in lines.chain(&sheet.mark).flatten() {
        if handles.len() <= run.face {
            handles.resize(run.face + 1, None);
        }
        if handles[run.face].is_none() {
            let face = fonts.face(run.face).ok_or(SlipError::Font(run.face))?;
            let parsed = ParsedFont::from_bytes(&face.bytes, face.index as usize, &mut Vec::new())
                .ok_or(SlipError::Font(run.face))?;
            handles[run.face] = Some(document.add_font(&parsed));
        }
    }
    Ok(handles)
}

struct Pen {
    height: f32,
    handles: Vec<Option<FontId>>,
}

impl Pen {
    fn line(&self, line: &TextLine, ops: &mut Vec<Op>) -> Result<(), SlipError> {
        ops.push(Op::SetFillColor { col: colour_of(line.colour) });
        self.runs(&line.runs, (line.x, line.baseline), line.size, 0.0, ops)
    }

    fn runs(
        &self,
        runs: &[Run],
        (x, baseline): (f32, f32),
        size: f32,
        angle_degrees: f32,
        ops: &mut Vec<Op>,
    ) -> Result<(), SlipError> {
        let (sin, cos) = angle_degrees.to_radians().sin_cos();
        let mut along = 0.0;
        for run in runs {
            let font = self.handles.get(run.face).cloned().flatten().ok_or(SlipError::Font(run.face))?;
            let (from_left, from_bottom) = (x + along * cos, self.height - baseline + along * sin);
            let matrix = TextMatrix::Raw([cos, sin, -sin, cos, from_left, from_bottom]);
            ops.push(Op::StartTextSection);
            ops.push(Op::SetFont { font: PdfFontHandle::External(font), size: Pt(size) });
            ops.push(Op::SetTextMatrix { matrix });
            ops.push(Op::ShowText { items: vec![TextItem::Text(run.text.clone())] });
            ops.push(Op::EndTextSection);
            along += run.width() * size;
        }
        Ok(())
    }

    fn rectangle(&self, x: f32, y: f32, width: f32, height: f32) -> Op {
        let (bottom, top) = (self.height - y - height, self.height - y);
        let corners = [(x, bottom), (x + width, bottom), (x + width, top), (x, top)];
        let points = corners.map(|(x, y)| LinePoint { p: Point { x: Pt(x), y: Pt(y) }, bezier: false }).to_vec();
        let rings = vec![PolygonRing { points }];
        Op::DrawPolygon { polygon: Polygon { rings, mode: PaintMode::Fill, winding_order: WindingOrder::NonZero } }
    }

    fn mark(&self, sheet: &Sheet) -> Result<Vec<Op>, SlipError> {
        let Some(runs) = &sheet.mark else { return Ok(Vec::new()) };
        let mut ops = vec![Op::SetFillColor { col: colour_of(MARK) }];
        for place in sheet.mark_lines() {
            self.runs(runs, (place.x, place.baseline), place.size, place.angle_degrees, &mut ops)?;
        }
        Ok(ops)
    }
}

fn colour_of(Colour(red, green, blue): Colour) -> Color {
    let part = |value: u8| f32::from(value) / 255.0;
    Color::Rgb(Rgb { r: part(red), g: part(green), b: part(blue), icc_profile: None })
}
