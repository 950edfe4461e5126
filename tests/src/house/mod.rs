//! The house keeps its own rules: directions of dependencies, licences and bans, tidy sources, documents that are true.
//! Invariant: every check is a pure function over text, and is shown to find a fault that is planted in the text.
//! Deliberately not here: what the programs do (the other tests of this package).

mod directions;
mod documents;
mod licence_expression;
mod manifest;
mod packages;
mod purity;
mod tidy;
mod tree;
mod walk_through;
