//! The kiosk's face: Slint screens, the globals the kiosk's presenters fill, chrome strings and a font check.
//!
//! Invariants: no words and no logic beyond layout live in `.slint`; every string arrives as a property; every
//! colour and size comes from `Tokens`. Deliberately not here: the visit, translation of services, text editing,
//! pinyin, image capture. This crate depends on no other crate of the workspace.

pub mod fonts;
pub mod keyboard;
pub mod lang;

/// What the Slint compiler wrote from `ui/app.slint`.
mod generated {
    #![expect(
        missing_docs,
        clippy::unwrap_used,
        clippy::todo,
        reason = "written by the Slint compiler; its documentation is the comments in ui/*.slint"
    )]
    slint::include_modules!();
}
pub use generated::*;

pub use lang::Lang;
