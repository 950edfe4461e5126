//! QR codes: the matrix for vector squares on paper and the picture for the screen. Level M, as the codes on paper
//! must survive a fold and a bad printer. Deliberately not here: what the code says.

use qrcode::{Color, EcLevel, QrCode};

/// Modules of white a reader needs around the code (ISO/IEC 18004: four).
pub const QUIET_MODULES: usize = 4;

/// The text is too long for a QR code of level M (at most 2,331 bytes).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a text of {bytes} bytes is too long for a QR code")]
pub struct QrTooLong {
    /// Length of the text.
    pub bytes: usize,
}

/// A square of dark and light modules, without the quiet zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrMatrix {
    width: usize,
    dark: Vec<bool>,
}

impl QrMatrix {
    /// Encodes a text at error correction level M.
    ///
    /// # Errors
    /// [`QrTooLong`].
    pub fn encode(text: &str) -> Result<Self, QrTooLong> {
        let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M)
            .map_err(|_| QrTooLong { bytes: text.len() })?;
        let dark = code.to_colors().into_iter().map(|colour| colour == Color::Dark).collect();
        Ok(Self { width: code.width(), dark })
    }

    /// Modules on one side.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Whether the module in this column and row is dark; outside the code all is light.
    #[must_use]
    pub fn is_dark(&self, column: usize, row: usize) -> bool {
        column < self.width && self.dark.get(row * self.width + column).copied().unwrap_or(false)
    }

    /// Runs of dark modules, row by row: (column, row, length). Fewer shapes on paper than single modules, no hair lines.
    pub(crate) fn bars(&self) -> Vec<(usize, usize, usize)> {
        let mut bars = Vec::new();
        for row in 0..self.width {
            let mut column = 0;
            while column < self.width {
                let length = (column..self.width).take_while(|&at| self.is_dark(at, row)).count();
                if length > 0 {
                    bars.push((column, row, length));
                }
                column += length.max(1);
            }
        }
        bars
    }
}

/// The code as an 8-bit grey picture, one pixel a module, with the quiet zone: (side in pixels, pixels row by row,
/// 0 dark and 255 light). Show it enlarged by a whole factor without smoothing.
///
/// # Errors
/// [`QrTooLong`].
pub fn qr_luma(text: &str) -> Result<(usize, Vec<u8>), QrTooLong> {
    let matrix = QrMatrix::encode(text)?;
    let side = matrix.width() + 2 * QUIET_MODULES;
    let mut pixels = vec![255; side * side];
    for (column, row, length) in matrix.bars() {
        let start = (row + QUIET_MODULES) * side + column + QUIET_MODULES;
        pixels[start..start + length].fill(0);
    }
    Ok((side, pixels))
}
