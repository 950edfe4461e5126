//! Shapes of characters: folding what input methods produce, and small tests for ASCII patterns.
//! Every function is idempotent or a plain predicate. Not here: rules themselves.

/// Trims, turns full-width ASCII (U+FF01 to U+FF5E) and the ideographic space into their half-width forms.
pub(super) fn fold(input: &str) -> String {
    let folded: String = input
        .chars()
        .map(|c| match c {
            '\u{3000}' => ' ',
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            other => other,
        })
        .collect();
    folded.trim().to_owned()
}

/// [`fold`] and ASCII capitals.
pub(super) fn fold_upper(input: &str) -> String {
    fold(input).to_ascii_uppercase()
}

/// True when `text` is exactly `length` ASCII digits.
pub(super) fn is_digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
}

/// The value of an ASCII digit; anything else is 0, so callers test the shape first.
pub(super) fn digit(byte: u8) -> u32 {
    if byte.is_ascii_digit() { u32::from(byte - b'0') } else { 0 }
}

/// The number written by ASCII digits; callers test the shape and keep it below ten places.
pub(super) fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| sum * 10 + digit(*byte))
}

/// An ASCII capital that is neither I nor O.
pub(super) fn is_letter_without_io(byte: u8) -> bool {
    byte.is_ascii_uppercase() && byte != b'I' && byte != b'O'
}
