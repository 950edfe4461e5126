//! Cuts the middle of a picture to a profile's shape and size, and writes a JPEG no longer than allowed, with the density that
//! gives the profile's size on paper.

use image::codecs::jpeg::{JpegEncoder, PixelDensity, PixelDensityUnit};
use image::imageops::{self, FilterType};
use image::{ExtendedColorType, RgbImage};

use super::PhotoProfile;
use crate::port::picture::Picture;

/// A rectangle inside a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Left edge.
    pub x: u32,
    /// Upper edge.
    pub y: u32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// Why no photo could be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CutError {
    /// An empty picture or profile.
    #[error("nothing to cut")]
    Empty,
    /// Not even the lowest quality fits the allowed length.
    #[error("{0} bytes is longer than the profile allows")]
    TooLong(usize),
    /// The encoder failed.
    #[error("JPEG: {0}")]
    Encode(String),
}

/// The largest part of the middle of a `width`x`height` picture with the shape `across`:`down`.
pub fn middle(width: u32, height: u32, across: u32, down: u32) -> Part {
    let (w, h, a, d) = (u64::from(width), u64::from(height), u64::from(across.max(1)), u64::from(down.max(1)));
    let (pw, ph) = if w * d > h * a { (h * a / d, h) } else { (w, w * d / a) };
    let (pw, ph) = (u32::try_from(pw).unwrap_or(width), u32::try_from(ph).unwrap_or(height));
    Part { x: (width - pw) / 2, y: (height - ph) / 2, width: pw, height: ph }
}

/// Cuts, scales and encodes. The best quality is taken whose file fits `profile.max_bytes`.
pub fn cut(picture: &Picture, profile: &PhotoProfile) -> Result<Vec<u8>, CutError> {
    let part = middle(picture.width(), picture.height(), profile.width_px, profile.height_px);
    if part.width == 0 || part.height == 0 || profile.width_px == 0 || profile.height_px == 0 {
        return Err(CutError::Empty);
    }
    let whole = RgbImage::from_raw(picture.width(), picture.height(), picture.pixels().to_vec());
    let whole = whole.ok_or(CutError::Empty)?;
    let part = imageops::crop_imm(&whole, part.x, part.y, part.width, part.height).to_image();
    let sized = imageops::resize(&part, profile.width_px, profile.height_px, FilterType::CatmullRom);
    let mut length = 0;
    for quality in [95, 90, 85, 80, 72, 64, 55, 45, 35] {
        let jpeg = encode(&sized, quality, profile)?;
        if jpeg.len() <= profile.max_bytes {
            return Ok(jpeg);
        }
        length = jpeg.len();
    }
    Err(CutError::TooLong(length))
}

fn encode(picture: &RgbImage, quality: u8, profile: &PhotoProfile) -> Result<Vec<u8>, CutError> {
    let mut jpeg = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, quality);
    encoder.set_pixel_density(density(profile));
    encoder
        .encode(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgb8)
        .map_err(|error| CutError::Encode(error.to_string()))?;
    Ok(jpeg)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range first")]
fn density(profile: &PhotoProfile) -> PixelDensity {
    let dots = |pixels: u32, millimetres: f32| {
        let pixels = u16::try_from(pixels).unwrap_or(u16::MAX);
        (f32::from(pixels) * 25.4 / millimetres.max(0.1)).round().clamp(1.0, 65535.0) as u16
    };
    PixelDensity {
        density: (dots(profile.width_px, profile.width_mm), dots(profile.height_px, profile.height_mm)),
        unit: PixelDensityUnit::Inches,
    }
}
