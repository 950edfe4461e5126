//! Services as data: a pure loader and checker. Text files come in as a [`Source`], a [`Catalogue`] or all findings come out.
//! Invariants: no file system, no clock; every error is reported at once with file, line and a hint; nothing that did
//! not pass every check is ever a `Catalogue`.
//! Not here: reading the folder from disk (`ambient::read_tree`), search (the kiosk), deciding anything about a person.

mod catalogue;
mod check;
mod example;
mod expression;
mod fields;
mod finding;
mod listing;
mod reader;
mod service_file;
mod supplement_reasons;
mod texts;

pub use catalogue::{Catalogue, Source};
pub use finding::Finding;
pub use listing::{Branch, Category, PhotoProfile};
pub use supplement_reasons::{About, SupplementReason};
pub use texts::{LANGUAGES, Texts};
