//! A decoded picture, 8-bit RGB, and the way from frames to pictures. A frame that cannot be decoded is an error value, never
//! a panic, whatever its bytes: the watchdog skips it.

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::camera::{FourCc, Frame};

/// RGB, three bytes a pixel, rows from the top, no padding: `pixels.len() == width * height * 3`.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture {{ {}x{} }}", self.width, self.height)
    }
}

/// Why bytes are not a picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Not a whole JPEG.
    #[error("not a whole JPEG: {0}")]
    Jpeg(String),
    /// Fewer or more bytes than the size says.
    #[error("{got} bytes where {expected} were expected")]
    Length {
        /// Bytes expected.
        expected: usize,
        /// Bytes there.
        got: usize,
    },
    /// Larger than any camera here gives; refused before memory is taken.
    #[error("{0}x{1} is larger than allowed")]
    TooLarge(u32, u32),
}

const MAX_SIDE: u32 = 8192;

impl Picture {
    /// Wraps pixels whose length fits the size.
    pub fn from_rgb(width: u32, height: u32, pixels: Vec<u8>) -> Result<Self, DecodeError> {
        check_length(width, height, 3, pixels.len())?;
        Ok(Self { width, height, pixels })
    }

    /// A picture of one colour.
    pub fn filled(width: u32, height: u32, rgb: [u8; 3]) -> Self {
        Self { width, height, pixels: rgb.repeat(width as usize * height as usize) }
    }

    /// Decodes one frame.
    pub fn from_frame(frame: &Frame) -> Result<Self, DecodeError> {
        match frame.fourcc {
            FourCc::Mjpeg => Self::from_jpeg(&frame.data),
            FourCc::Yuyv => Self::from_yuyv(frame.width, frame.height, &frame.data),
            FourCc::Rgb24 => Self::from_rgb(frame.width, frame.height, frame.data.clone()),
        }
    }

    /// Decodes a JPEG (colour or grey). Strict: a file cut short is refused.
    pub fn from_jpeg(bytes: &[u8]) -> Result<Self, DecodeError> {
        let options = DecoderOptions::default()
            .jpeg_set_out_colorspace(ColorSpace::RGB)
            .set_strict_mode(true)
            .set_max_width(MAX_SIDE as usize)
            .set_max_height(MAX_SIDE as usize);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
        let pixels = decoder.decode().map_err(|e| DecodeError::Jpeg(e.to_string()))?;
        let (width, height) = decoder.dimensions().ok_or_else(|| DecodeError::Jpeg("no size".to_owned()))?;
        let (width, height) = (u32::try_from(width).unwrap_or(u32::MAX), u32::try_from(height).unwrap_or(u32::MAX));
        Self::from_rgb(width, height, pixels)
    }

    /// Converts 4:2:2 packed video (BT.601 limited range, as UVC cameras give it).
    pub fn from_yuyv(width: u32, height: u32, bytes: &[u8]) -> Result<Self, DecodeError> {
        check_length(width, height, 2, bytes.len())?;
        let mut pixels = Vec::with_capacity(bytes.len() / 2 * 3);
        for pair in bytes.chunks_exact(4) {
            let (u, v) = (i32::from(pair[1]) - 128, i32::from(pair[3]) - 128);
            for luma in [pair[0], pair[2]] {
                let c = 298 * (i32::from(luma) - 16) + 128;
                pixels.push(clamp((c + 409 * v) >> 8));
                pixels.push(clamp((c - 100 * u - 208 * v) >> 8));
                pixels.push(clamp((c + 516 * u) >> 8));
            }
        }
        Self::from_rgb(width, height, pixels)
    }

    /// Pixels across.
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Pixels down.
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// The bytes.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The bytes, to draw on.
    pub fn pixels_mut(&mut self) -> &mut [u8] {
        &mut self.pixels
    }

    /// Unwraps the bytes.
    pub fn into_pixels(self) -> Vec<u8> {
        self.pixels
    }

    /// The pixel at a place inside the picture; black outside.
    pub fn at(&self, x: u32, y: u32) -> [u8; 3] {
        if x >= self.width || y >= self.height {
            return [0; 3];
        }
        let i = (y as usize * self.width as usize + x as usize) * 3;
        [self.pixels[i], self.pixels[i + 1], self.pixels[i + 2]]
    }
}

fn clamp(value: i32) -> u8 {
    u8::try_from(value.clamp(0, 255)).unwrap_or(0)
}

fn check_length(width: u32, height: u32, bytes_per_pixel: usize, got: usize) -> Result<(), DecodeError> {
    if width > MAX_SIDE || height > MAX_SIDE {
        return Err(DecodeError::TooLarge(width, height));
    }
    let expected = width as usize * height as usize * bytes_per_pixel;
    if got == expected { Ok(()) } else { Err(DecodeError::Length { expected, got }) }
}
