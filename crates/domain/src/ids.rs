//! Identifiers as newtypes, so that a case id can never stand where a submission id belongs.
//! Not here: making them (that needs randomness: `ambient`), except parsing and the receipt code's alphabet.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps the text as it stands; the catalogue checker checks spelling.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
}

text_id!(
    /// A service (事项), e.g. `id-replace-lost`: the name of its folder in the catalogue.
    ServiceId
);
text_id!(
    /// A category of the home screen, e.g. `id-card`.
    CategoryId
);
text_id!(
    /// A police branch with its own rights, e.g. `household`, `traffic`: one dimension of a queue.
    BranchId
);
text_id!(
    /// A step of a form, unique inside its service.
    StepId
);
text_id!(
    /// A field of a form, unique inside its service.
    FieldId
);
text_id!(
    /// A material (材料) a service asks for, unique inside its service.
    MaterialId
);
text_id!(
    /// A police station, e.g. `yunqiao`.
    StationId
);
text_id!(
    /// One kiosk, e.g. `yunqiao-1`.
    KioskId
);
text_id!(
    /// An officer who may claim and decide.
    OfficerId
);

/// One service, sealed, sent. Minted at the first page of that service (UUID version 7), so that after a
/// crash the screen can say "we already have it".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SubmissionId(pub Uuid);

/// A case (办件) in the office's queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseId(pub Uuid);

impl fmt::Display for SubmissionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Eight characters on paper that find, and do not open, a case (product rule 6).
/// The alphabet has no characters that are confused in print: no 0 O, 1 I L, 2 Z, 5 S, 8 B, U V.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReceiptCode(String);

/// The text is no receipt code as machines write it: eight letters of the alphabet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a receipt code has eight letters and digits of its alphabet")]
pub struct NotAReceiptCode;

/// Letters and digits a receipt code may hold: 22 of them, 22^8 = 5.5e10 codes.
pub const RECEIPT_ALPHABET: &[u8; 22] = b"ACDEFGHJKMNPQRTWXY3479";

impl ReceiptCode {
    /// Makes a code from eight random numbers (each reduced to the alphabet without bias worth naming: 2^32 / 22).
    pub fn from_random(numbers: [u32; 8]) -> Self {
        let size = RECEIPT_ALPHABET.len() as u32;
        Self(numbers.iter().map(|n| char::from(RECEIPT_ALPHABET[(n % size) as usize])).collect())
    }

    /// Reads a code as a person types it: case, spaces and hyphens do not matter. `None` when it is no code.
    pub fn parse(text: &str) -> Option<Self> {
        let code: String =
            text.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
        let right = code.len() == 8 && code.bytes().all(|b| RECEIPT_ALPHABET.contains(&b));
        right.then_some(Self(code))
    }

    /// The eight characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As printed: two groups of four.
    pub fn grouped(&self) -> String {
        format!("{} {}", &self.0[..4], &self.0[4..])
    }
}

/// Machines write a code one way; what people type goes through [`ReceiptCode::parse`].
impl TryFrom<String> for ReceiptCode {
    type Error = NotAReceiptCode;

    fn try_from(text: String) -> Result<Self, NotAReceiptCode> {
        Self::parse(&text).filter(|code| code.0 == text).ok_or(NotAReceiptCode)
    }
}

impl From<ReceiptCode> for String {
    fn from(code: ReceiptCode) -> Self {
        code.0
    }
}

impl fmt::Display for ReceiptCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_back_as_a_person_types_it() {
        let code = ReceiptCode::from_random([0, 1, 2, 3, 4, 5, 20, 21]);
        assert_eq!(code.as_str(), "ACDEFG79");
        assert_eq!(ReceiptCode::parse(" acde-fg79 "), Some(code));
        for wrong in ["ACDEFG7", "ACDEFG7O", "ACDEFG799", ""] {
            assert_eq!(ReceiptCode::parse(wrong), None, "{wrong}");
            assert_eq!(ReceiptCode::try_from(wrong.to_owned()), Err(NotAReceiptCode), "{wrong}");
        }
        assert_eq!(ReceiptCode::try_from("acdefg79".to_owned()), Err(NotAReceiptCode));
    }
}
