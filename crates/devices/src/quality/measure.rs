//! The measures behind the hints. Brightness, clipping and sharpness look at the place of the face only (the wall is meant to
//! be bright and has no edges); the white share looks at a strip along the upper part of the sides and the upper edge.

use super::cut::Part;
use crate::port::picture::Picture;

/// What was measured in one part of a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measures {
    /// Mean luma of the middle, 0–255.
    pub brightness: f32,
    /// Share of pixels of the middle with luma of at least 250, 0–1.
    pub clipped: f32,
    /// Mean square of the Laplacian of the luma of the middle, at a scale of about 180 px.
    pub sharpness: f32,
    /// Share of white pixels in the border strip, 0–1.
    pub border_white: f32,
}

const CLIPPED_LUMA: f32 = 250.0;
/// White: every channel at least this, and no colour cast beyond `CAST`.
const WHITE_LEAST: u8 = 200;
const CAST: u8 = 24;
/// The middle is sampled at about this many points across, so that the measures depend little on the camera's resolution.
const SAMPLES: u32 = 180;

impl Measures {
    /// Measures one part.
    pub fn of(picture: &Picture, part: Part) -> Self {
        let face = Part {
            x: part.x + part.width / 4,
            y: part.y + part.height / 8,
            width: part.width / 2,
            height: part.height * 5 / 8,
        };
        let luma = Samples::take(picture, face);
        Self {
            brightness: mean(luma.values.iter().copied()),
            clipped: share(luma.values.iter().map(|luma| *luma >= CLIPPED_LUMA)),
            sharpness: luma.laplacian(),
            border_white: border_white(picture, part),
        }
    }
}

struct Samples {
    across: usize,
    values: Vec<f32>,
}

impl Samples {
    fn take(picture: &Picture, part: Part) -> Self {
        let step = (part.width / SAMPLES).max(1);
        let (across, down) = (part.width / step, part.height / step);
        let mut values = Vec::with_capacity(across as usize * down as usize);
        for row in 0..down {
            for column in 0..across {
                values.push(luma(picture.at(part.x + column * step, part.y + row * step)));
            }
        }
        Self { across: across as usize, values }
    }

    fn laplacian(&self) -> f32 {
        let w = self.across;
        let down = self.values.len().checked_div(w).unwrap_or(0);
        if w < 3 || down < 3 {
            return 0.0;
        }
        let inner = (1..down - 1).flat_map(|row| (1..w - 1).map(move |column| row * w + column));
        let v = &self.values;
        mean(inner.map(|i| (v[i - 1] + v[i + 1] + v[i - w] + v[i + w] - 4.0 * v[i]).powi(2)))
    }
}

fn border_white(picture: &Picture, part: Part) -> f32 {
    let strip = (part.width / 20).max(1);
    let upper_half = part.height / 2;
    let top = (0..strip / 2).flat_map(|row| (0..part.width).map(move |column| (column, row)));
    let sides = (0..upper_half).flat_map(|row| {
        (0..strip).flat_map(move |column| [(column, row), (part.width.saturating_sub(1 + column), row)])
    });
    share(top.chain(sides).map(|(x, y)| white(picture.at(part.x + x, part.y + y))))
}

fn white([r, g, b]: [u8; 3]) -> bool {
    let (least, most) = (r.min(g).min(b), r.max(g).max(b));
    least >= WHITE_LEAST && most - least <= CAST
}

/// BT.601 luma.
fn luma([r, g, b]: [u8; 3]) -> f32 {
    0.299 * f32::from(r) + 0.587 * f32::from(g) + 0.114 * f32::from(b)
}

fn mean(values: impl Iterator<Item = f32>) -> f32 {
    let (sum, count) = values.fold((0.0_f32, 0.0_f32), |(sum, count), value| (sum + value, count + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}

fn share(values: impl Iterator<Item = bool>) -> f32 {
    mean(values.map(|yes| if yes { 1.0 } else { 0.0 }))
}
