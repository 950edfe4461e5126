//! What is in an opening: a form that an officer fills with the person in front of them, new or from a half-done visit.
//! Invariants: the content is plain in memory only, for the length of a request; what is written is kept also when it is
//! wrong; what counts is always worked out anew from what is kept (`settle`), by the same rules as at the kiosk.
//! Not here: rows and files (`store::openings`), who may do what (`officer_api::openings`).

mod draft;
mod ending;
mod lookup;
mod settle;
mod whose;
mod written;

pub use draft::{Draft, Visited};
pub use ending::{erase_doomed, erase_unused, lapse};
pub use lookup::{Asking, look_up};
pub(crate) use settle::lacks;
pub use settle::{Settled, Standing, settle};
pub use written::{text_of, write};

/// Fields of the step that says who applies: they belong to every service, and no field of a form has a dot in its id.
pub mod person {
    /// Number of the one who applies.
    pub const NUMBER: &str = "person.id-number";
    /// Name of the one who applies.
    pub const NAME: &str = "person.name";
    /// Whose matter it is.
    pub const MATTER: &str = "person.matter";
    /// Number of the child, ward or principal.
    pub const SUBJECT: &str = "person.subject";
    /// The officer has looked: this is the person of the document.
    pub const SEEN: &str = "person.seen";
}
