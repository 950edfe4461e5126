//! What is to be seen of a question: its fields as they are entered, not yet checked.
//! Invariant: what is typed is `Sensitive`. Not here: answers that passed the checks (`domain::answers`).

use domain::answers::Address;
use domain::form::FieldError;
use domain::ids::{FieldId, StepId};
use domain::sensitive::Sensitive;
use domain::service::FieldKind;

/// One question page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionPage {
    /// The step.
    pub step: StepId,
    /// The field, or the group.
    pub page: FieldId,
    /// The fields on it: one, or the group's.
    pub fields: Vec<FieldView>,
}

impl QuestionPage {
    /// For the error summary: fields with their errors, in order.
    pub fn errors(&self) -> impl Iterator<Item = (&FieldId, &FieldError)> {
        self.fields.iter().filter_map(|field| field.error.as_ref().map(|error| (&field.field, error)))
    }
}

/// One field of a question page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldView {
    /// Which.
    pub field: FieldId,
    /// Its kind, with options, bounds and keyboard.
    pub kind: FieldKind,
    /// Must be answered.
    pub required: bool,
    /// The registry's own datum: shown for confirmation, not to be changed here.
    pub locked: bool,
    /// Filled from what is known, and not changed since.
    pub prefilled: bool,
    /// What is entered.
    pub entry: Entry,
    /// What is wrong with it.
    pub error: Option<FieldError>,
}

/// What is entered in a field, not yet checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Typed.
    Text(Sensitive<String>),
    /// Chosen.
    Options(Vec<String>),
    /// An address.
    Address(AddressEntry),
    /// A declaration: agreed or not.
    Declared(bool),
}

/// An address as far as it is entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressEntry {
    /// Division (empty until the last level is picked), names so far, detail.
    pub address: Sensitive<Address>,
    /// Codes picked so far, from the province down, as many as names.
    pub picked: Sensitive<Vec<String>>,
}
