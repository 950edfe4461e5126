//! How far a paper is trusted, A to D.
//! Source: technical guide for "Internet + government services", General Office of the State Council 2016 No.108.

use serde::Serialize;

/// Trust level of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Level {
    /// Issued by an authority and fetched from it.
    A,
    /// Counter staff compared it with the original.
    B,
    /// Uploaded by the person; the original must still be seen.
    C,
    /// The person's own statement.
    D,
}

impl Level {
    /// The words beside the letter (Chinese).
    pub fn word(self) -> &'static str {
        match self {
            Self::A => "机关签发",
            Self::B => "已核原件",
            Self::C => "上传·须核原件",
            Self::D => "本人自述",
        }
    }

    /// After an officer compared it with the original: C becomes B, nothing else changes.
    #[must_use]
    pub fn checked(self) -> Self {
        if self == Self::C { Self::B } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_upload_gains_by_being_checked() {
        assert_eq!(
            [Level::A, Level::B, Level::C, Level::D].map(Level::checked),
            [Level::A, Level::B, Level::B, Level::D]
        );
    }
}
