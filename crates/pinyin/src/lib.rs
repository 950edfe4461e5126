//! Chinese input engine of the kiosk: pinyin keys in, candidates out. Pure: no I/O, no clock, no threads, and no learning:
//! a public machine forgets, so nothing typed outlives `Engine::reset`.
//! Deliberately not here: the keyboard's face, nine-key input, handwriting, the rare-character panel by radical and strokes.

mod engine;
mod index;
mod lattice;
mod lexicon;
mod names;
mod search;
mod syllables;

pub use engine::{Engine, FieldHint, Key, LONGEST_INPUT, PAGE, Update};
pub use index::WordIndex;
pub use lexicon::{DataError, Lexicon};
pub use search::{SearchKeys, readings, search_keys};

/// The built lexicon; sources and licences are in `data/README.md`.
pub static LEXICON: &[u8] = include_bytes!("../data/lexicon.bin");
