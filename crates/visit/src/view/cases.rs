//! What is to be seen while a person finds a case: the code, the list, one case with what is missing.
//! Invariant: cases are shown only for a person whose face was compared.

use crate::own_case::OwnCase;
use domain::ids::{FieldId, MaterialId, ReceiptCode};
use domain::sensitive::Sensitive;

/// Typing the code of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindPage {
    /// As typed, without the gap.
    pub code: Sensitive<String>,
    /// Why it is not taken.
    pub error: Option<CodeError>,
}

/// Why a code is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeError {
    /// Nothing typed.
    Empty,
    /// Fewer than eight characters.
    Short,
    /// Too many codes found nothing in this visit.
    NoTriesLeft,
}

/// The person's cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CasesPage {
    /// Newest first.
    pub cases: Vec<OwnCase>,
}

/// One case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CasePage {
    /// The case.
    pub case: OwnCase,
    /// How each missing item is brought, in the order of the case's items.
    pub how: Vec<Bring>,
    /// A supplement for it was handed in in this visit.
    pub handed_in: bool,
}

/// How a missing item is brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bring {
    /// Here, on this page.
    Here {
        /// The field, or the group.
        page: FieldId,
        /// The fields of it.
        fields: Vec<FieldId>,
    },
    /// At the counter.
    Counter {
        /// The material, when it is one.
        material: Option<MaterialId>,
    },
}

/// What was asked for on a page of a supplement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The code of the case.
    pub code: ReceiptCode,
    /// The officer's words for the page that is open; `None` on the other screens.
    pub words: Option<Sensitive<String>>,
}
