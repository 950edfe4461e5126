//! The engine's behaviour as a visitor meets it, over the built-in lexicon.

mod behaviour;
mod phrases;
mod reach;
mod search;

use pinyin::{Engine, FieldHint, Key, LEXICON, Update};

fn engine(hint: FieldHint) -> Engine<'static> {
    let mut engine = Engine::new(LEXICON).expect("the built-in lexicon is sound");
    engine.field(hint);
    engine
}

/// Types letters and `'`; returns the last update.
fn typed(engine: &mut Engine<'_>, keys: &str) -> Update {
    keys.chars().fold(Update::default(), |_, ch| engine.key(if ch == '\'' { Key::Separator } else { Key::Letter(ch) }))
}
