//! Papers of Yimen: the receipt slip a kiosk prints, the certificate the office issues, the signed code on it and
//! the check of that code.
//!
//! Invariants: no character is ever printed as an empty box (a missing glyph is an error that names the character); a
//! paper of a demonstration bureau always says 演示样张 无效; a licence, card, plate or mark is never a paper of this
//! crate (product rule 3). `verify` shares no code with `signing`.
//!
//! Deliberately not here: the clock and randomness (they come as arguments), the printer, the key store, the list of
//! revoked numbers, the PDF's own signature.

#[cfg(feature = "certificate")]
pub mod certificate;
pub mod class;
pub mod facts;
#[cfg(any(feature = "slip", feature = "certificate"))]
pub mod fonts;
#[cfg(feature = "certificate")]
pub mod layouts;
pub mod qr;
#[cfg(any(feature = "slip", feature = "certificate"))]
mod sheet;
pub mod signing;
#[cfg(feature = "slip")]
pub mod slip;
#[cfg(feature = "slip")]
mod slip_layout;
#[cfg(feature = "certificate")]
mod to_krilla;
#[cfg(feature = "slip")]
mod to_printpdf;
pub mod verify;

pub use class::BureauClass;
