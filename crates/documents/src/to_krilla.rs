//! Draws a sheet as tagged PDF/A-2a and PDF/UA-1 with krilla: text as tagged spans in reading order, lines and grounds
//! as artifacts, pictures with alternate text, all fonts embedded as subsets.
//! Deliberately not here: words and places (`layouts`), the PDF's signature.

use std::num::NonZeroU16;

use jiff::civil::Date;
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, BBox, ContentTag, SpanTag, Tag, TagGroup, TagTree};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};

use crate::fonts::{FontSet, Run};
use crate::sheet::{Block, Colour, MARK, Role, Shape, Sheet, TextLine};

/// The PDF library refused the document.
#[derive(Debug, thiserror::Error)]
#[error("the certificate could not be written as PDF/A-2a and PDF/UA-1: {0}")]
pub struct PdfRefused(String);

/// Who, when and in which language, for the metadata.
pub(crate) struct About<'a> {
    pub(crate) author: &'a str,
    /// BCP 47 tag, for readers aloud.
    pub(crate) language: &'a str,
    pub(crate) created_on: Date,
    /// Makes the document id; the certificate's number.
    pub(crate) id: &'a str,
}

pub(crate) fn render(sheet: &Sheet, fonts: &FontSet, about: &About<'_>) -> Result<Vec<u8>, PdfRefused> {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| PdfRefused(format!("{error:?}")))?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    document.set_metadata(metadata(sheet, about)?);
    let pen = Pen { fonts: krilla_fonts(fonts) };
    let mut tree = TagTree::new().with_lang(Some(about.language.to_owned()));
    for (number, blocks) in sheet.pages.iter().enumerate() {
        let settings = PageSettings::from_wh(sheet.width, sheet.height)
            .ok_or_else(|| PdfRefused("the page has no size".to_owned()))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        pen.mark(&mut surface, sheet)?;
        for block in blocks {
            if let Some(group) = pen.block(&mut surface, block, number)? {
                tree.push(group);
            }
        }
        surface.finish();
        page.finish();
    }
    document.set_tag_tree(tree);
    let mut outline = Outline::new();
    outline.push_child(OutlineNode::new(sheet.title.clone(), XyzDestination::new(0, Point::from_xy(0.0, 0.0))));
    document.set_outline(outline);
    document.finish().map_err(|error| PdfRefused(format!("{error:?}")))
}

fn metadata(sheet: &Sheet, about: &About<'_>) -> Result<Metadata, PdfRefused> {
    let odd = |_| PdfRefused("the day of issue is outside of what PDF can say".to_owned());
    let part = |value: i8| u8::try_from(value).map_err(odd);
    let created = DateTime::new(u16::try_from(about.created_on.year()).map_err(odd)?)
        .month(part(about.created_on.month())?)
        .day(part(about.created_on.day())?);
    Ok(Metadata::new()
        .title(sheet.title.clone())
        .language(about.language.to_owned())
        .authors(vec![about.author.to_owned()])
        .creator("Yimen".to_owned())
        .creation_date(created)
        .document_id(about.id.to_owned()))
}

fn krilla_fonts(fonts: &FontSet) -> Vec<Option<Font>> {
    (0..).map_while(|index| fonts.face(index)).map(|face| Font::new(face.bytes.clone().into(), face.index)).collect()
}

struct Pen {
    fonts: Vec<Option<Font>>,
}

impl Pen {
    fn block(&self, surface: &mut Surface<'_>, block: &Block, page: usize) -> Result<Option<TagGroup>, PdfRefused> {
        let mut group = match &block.role {
            Role::Decoration => {
                surface.start_tagged(layout_artifact());
                self.shapes(surface, &block.shapes)?;
                surface.end_tagged();
                return Ok(None);
            }
            Role::Figure(words) => {
                let bounds = bounds(&block.shapes).map(|rect| BBox::new(page, rect));
                let mut group = TagGroup::new(Tag::Figure(Some(words.clone())).with_bbox(bounds));
                group.push(surface.start_tagged(ContentTag::Other));
                self.shapes(surface, &block.shapes)?;
                surface.end_tagged();
                return Ok(Some(group));
            }
            Role::Title => TagGroup::new(Tag::Hn(NonZeroU16::MIN, Some(words(block)))),
            Role::Heading => TagGroup::new(Tag::Hn(NonZeroU16::MIN.saturating_add(1), Some(words(block)))),
            Role::Paragraph => TagGroup::new(Tag::P),
        };
        for shape in &block.shapes {
            match shape {
                Shape::Text(line) => {
                    group.push(surface.start_tagged(ContentTag::Span(SpanTag::empty())));
                    self.line(surface, line)?;
                }
                Shape::Fill { .. } => {
                    surface.start_tagged(layout_artifact());
                    self.shapes(surface, std::slice::from_ref(shape))?;
                }
            }
            surface.end_tagged();
        }
        Ok(Some(group))
    }

    /// Draws shapes; neighbours of one colour become one path.
    fn shapes(&self, surface: &mut Surface<'_>, shapes: &[Shape]) -> Result<(), PdfRefused> {
        let mut path: Option<(Colour, PathBuilder)> = None;
        for shape in shapes {
            match shape {
                Shape::Fill { x, y, width, height, colour } => {
                    if path.as_ref().is_some_and(|(before, _)| before != colour) {
                        flush(surface, path.take());
                    }
                    let (_, builder) = path.get_or_insert_with(|| (*colour, PathBuilder::new()));
                    if let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) {
                        builder.push_rect(rect);
                    }
                }
                Shape::Text(line) => {
                    flush(surface, path.take());
                    self.line(surface, line)?;
                }
            }
        }
        flush(surface, path);
        Ok(())
    }

    fn line(&self, surface: &mut Surface<'_>, line: &TextLine) -> Result<(), PdfRefused> {
        surface.set_fill(Some(fill(line.colour)));
        self.runs(surface, &line.runs, line.x, line.baseline, line.size)
    }

    fn runs(&self, surface: &mut Surface<'_>, runs: &[Run], x: f32, y: f32, size: f32) -> Result<(), PdfRefused> {
        let mut x = x;
        for run in runs {
            let font = self.fonts.get(run.face).cloned().flatten();
            let font = font.ok_or_else(|| PdfRefused(format!("font {} cannot be embedded", run.face)))?;
            let glyphs: Vec<KrillaGlyph> = run
                .glyphs
                .iter()
                .map(|glyph| KrillaGlyph {
                    glyph_id: GlyphId::new(u32::from(glyph.id)),
                    text_range: glyph.bytes.clone(),
                    x_advance: glyph.advance,
                    x_offset: 0.0,
                    y_offset: 0.0,
                    y_advance: 0.0,
                    location: None,
                })
                .collect();
            surface.draw_glyphs(Point::from_xy(x, y), &glyphs, font, &run.text, size, false);
            x += run.width() * size;
        }
        Ok(())
    }

    fn mark(&self, surface: &mut Surface<'_>, sheet: &Sheet) -> Result<(), PdfRefused> {
        let Some(runs) = &sheet.mark else { return Ok(()) };
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Watermark)));
        surface.set_fill(Some(fill(MARK)));
        for place in sheet.mark_lines() {
            surface.push_transform(&Transform::from_rotate_at(-place.angle_degrees, place.x, place.baseline));
            self.runs(surface, runs, place.x, place.baseline, place.size)?;
            surface.pop();
        }
        surface.end_tagged();
        Ok(())
    }
}

/// All words of a block.
fn words(block: &Block) -> String {
    let lines = block.shapes.iter().filter_map(|shape| match shape {
        Shape::Text(line) => Some(&line.runs),
        Shape::Fill { .. } => None,
    });
    lines.flatten().map(|run| run.text.as_str()).collect()
}

fn layout_artifact() -> ContentTag<'static> {
    ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout))
}

fn fill(Colour(red, green, blue): Colour) -> Fill {
    Fill { paint: rgb::Color::new(red, green, blue).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

fn flush(surface: &mut Surface<'_>, path: Option<(Colour, PathBuilder)>) {
    let Some((colour, builder)) = path else { return };
    if let Some(path) = builder.finish() {
        surface.set_fill(Some(fill(colour)));
        surface.draw_path(&path);
    }
}

/// The rectangle around all filled shapes.
fn bounds(shapes: &[Shape]) -> Option<Rect> {
    let mut edges: Option<(f32, f32, f32, f32)> = None;
    for shape in shapes {
        if let Shape::Fill { x, y, width, height, .. } = shape {
            let (l, t, r, b) = edges.unwrap_or((*x, *y, *x, *y));
            edges = Some((l.min(*x), t.min(*y), r.max(x + width), b.max(y + height)));
        }
    }
    edges.and_then(|(left, top, right, bottom)| Rect::from_ltrb(left, top, right, bottom))
}
