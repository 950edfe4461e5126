//! Photo quality hints without a model, and the cut to a photo profile. Pure functions over pictures. These are hints for the
//! person before the camera (照片质量提示): an officer decides. Deliberately not here: faces, identity, liveness, open eyes.

mod cut;
mod measure;

pub use cut::{CutError, cut, middle};
pub use measure::Measures;

use crate::port::picture::Picture;

/// What a photo must be. The numbers come from the service's profile.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotoProfile {
    /// Pixels across of the file.
    pub width_px: u32,
    /// Pixels down of the file.
    pub height_px: u32,
    /// Width on paper in millimetres.
    pub width_mm: f32,
    /// Height on paper in millimetres.
    pub height_mm: f32,
    /// The longest allowed file in bytes.
    pub max_bytes: usize,
    /// Whether the wall behind the person must be white.
    pub white_background: bool,
}

impl PhotoProfile {
    /// Resident identity card, GA 461-2004: 358x441 px, 26x32 mm, white background, JPEG of about 14–20 KB.
    pub const ID_PHOTO: Self = Self {
        width_px: 358,
        height_px: 441,
        width_mm: 26.0,
        height_mm: 32.0,
        max_bytes: 20 * 1024,
        white_background: true,
    };
}

/// Limits between good and doubtful. The defaults lie between the values measured on good and bad pictures: border white
/// share 1.00 and 0.00, sharpness 39 and 1, mean brightness 148 and 66, clipped share 0.10 and 0.65.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QualityLimits {
    /// Mean brightness (0–255) of the middle below this is too dark.
    pub dark_below: f32,
    /// Share of clipped pixels in the middle above this is over-exposed.
    pub clipped_above: f32,
    /// Laplacian variance in the middle below this is blurred.
    pub sharpness_below: f32,
    /// White share of the border strip below this is not a white wall.
    pub white_below: f32,
}

impl Default for QualityLimits {
    fn default() -> Self {
        Self { dark_below: 95.0, clipped_above: 0.4, sharpness_below: 8.0, white_below: 0.85 }
    }
}

/// A hint about a photo. Each is a key for a screen text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhotoHint {
    /// The picture has fewer pixels than the profile wants.
    LowResolution,
    /// More light, please.
    TooDark,
    /// Less light, please.
    OverExposed,
    /// Please hold still.
    Blurred,
    /// The wall behind is not white.
    BackgroundNotWhite,
}

impl PhotoHint {
    /// A stable text key, for example `too-dark`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::LowResolution => "low-resolution",
            Self::TooDark => "too-dark",
            Self::OverExposed => "over-exposed",
            Self::Blurred => "blurred",
            Self::BackgroundNotWhite => "background-not-white",
        }
    }
}

/// All hints about the part of `picture` that the profile would cut out of its middle, most important first; empty when
/// nothing was noticed, which is no promise.
pub fn hints(picture: &Picture, profile: &PhotoProfile, limits: &QualityLimits) -> Vec<PhotoHint> {
    let part = middle(picture.width(), picture.height(), profile.width_px, profile.height_px);
    let mut hints = Vec::new();
    if part.width < profile.width_px || part.height < profile.height_px {
        hints.push(PhotoHint::LowResolution);
    }
    let measures = Measures::of(picture, part);
    if measures.brightness < limits.dark_below {
        hints.push(PhotoHint::TooDark);
    }
    if measures.clipped > limits.clipped_above {
        hints.push(PhotoHint::OverExposed);
    }
    if measures.sharpness < limits.sharpness_below {
        hints.push(PhotoHint::Blurred);
    }
    if profile.white_background && measures.border_white < limits.white_below {
        hints.push(PhotoHint::BackgroundNotWhite);
    }
    hints
}
