//! Keys of the on-screen keyboard: which stand where, by layer.
//!
//! Invariants: the `id` of a character key is the character it types; ids of actions are the constants below. Key
//! labels that are words come from `Lang`. Deliberately not here: what a key does (the kiosk) and pinyin.

use slint::{ModelRc, SharedString, VecModel};

use crate::{KeyKind, KeyRow, KeyView, Lang, Layer};

/// Deletes before the caret (or the last letter being composed).
pub const BACKSPACE: &str = "backspace";
/// Types a space, or takes the first candidate.
pub const SPACE: &str = "space";
/// Closes the keyboard.
pub const DONE: &str = "done";
/// Pinyin: parts two syllables.
pub const SPLIT: &str = "split";
/// English: next letter in capitals.
pub const SHIFT: &str = "shift";
/// Switches between pinyin and English.
pub const TOGGLE: &str = "toggle";
/// Opens the digits.
pub const DIGITS: &str = "digits";
/// Opens the symbols.
pub const SYMBOLS: &str = "symbols";
/// Goes back to letters.
pub const LETTERS: &str = "letters";
/// Help with rare characters.
pub const RARE: &str = "rare";
/// Clears the whole field.
pub const CLEAR: &str = "clear";

/// One key before it becomes a model row.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// Character or action.
    pub id: String,
    /// What is written on it.
    pub label: String,
    /// Icon by lucide name, drawn in place of the label.
    pub icon: &'static str,
    /// How it is drawn.
    pub kind: KeyKind,
    /// Width in key widths.
    pub weight: f32,
    /// Drawn as switched on (shift).
    pub active: bool,
}

fn character(c: char) -> Key {
    Key { id: c.to_string(), label: c.to_string(), icon: "", kind: KeyKind::Character, weight: 1.0, active: false }
}

fn characters(text: &str) -> Vec<Key> {
    text.chars().map(character).collect()
}

fn action(lang: &Lang, id: &str, icon: &'static str, weight: f32) -> Key {
    let label = lang.text(&format!("key.{id}")).to_owned();
    let kind = if id == DONE { KeyKind::Done } else { KeyKind::Action };
    Key { id: id.to_owned(), label, icon, kind, weight, active: false }
}

fn space(lang: &Lang, weight: f32) -> Key {
    Key { kind: KeyKind::Character, ..action(lang, SPACE, "", weight) }
}

/// The rows of a layer. `capitals` raises the English letters; `rare` adds the rare-character key to pinyin.
#[must_use]
pub fn layout(layer: Layer, capitals: bool, lang: &Lang) -> Vec<(f32, Vec<Key>)> {
    match layer {
        Layer::Hidden => Vec::new(),
        Layer::Pinyin => {
            let mut third = vec![action(lang, SPLIT, "", 1.5)];
            third.extend(characters("zxcvbnm"));
            third.push(action(lang, BACKSPACE, "delete", 1.5));
            vec![
                (0.0, characters("qwertyuiop")),
                (0.5, characters("asdfghjkl")),
                (0.0, third),
                (
                    0.0,
                    vec![
                        action(lang, SYMBOLS, "", 1.35),
                        action(lang, DIGITS, "", 1.35),
                        space(lang, 3.0),
                        action(lang, RARE, "", 1.55),
                        action(lang, TOGGLE, "", 1.35),
                        action(lang, DONE, "", 1.75),
                    ],
                ),
            ]
        }
        Layer::English => {
            let letters = |text: &str| if capitals { characters(&text.to_uppercase()) } else { characters(text) };
            let mut third = vec![Key { active: capitals, ..action(lang, SHIFT, "arrow-up", 1.5) }];
            third.extend(letters("zxcvbnm"));
            third.push(action(lang, BACKSPACE, "delete", 1.5));
            vec![
                (0.0, letters("qwertyuiop")),
                (0.5, letters("asdfghjkl")),
                (0.0, third),
                (
                    0.0,
                    vec![
                        action(lang, SYMBOLS, "", 1.35),
                        action(lang, DIGITS, "", 1.35),
                        space(lang, 4.0),
                        action(lang, TOGGLE, "", 1.35),
                        action(lang, DONE, "", 1.95),
                    ],
                ),
            ]
        }
        Layer::Digits | Layer::Id => {
            let last = if matches!(layer, Layer::Id) { character('X') } else { action(lang, LETTERS, "", 1.0) };
            let mut rows = vec![(0.0, characters("123")), (0.0, characters("456")), (0.0, characters("789"))];
            rows[0].1.push(action(lang, BACKSPACE, "delete", 1.0));
            rows[1].1.push(action(lang, CLEAR, "", 1.0));
            rows[2].1.push(last);
            let mut bottom = if matches!(layer, Layer::Id) { Vec::new() } else { characters("-") };
            bottom.push(character('0'));
            if matches!(layer, Layer::Digits) {
                bottom.push(character('.'));
            }
            bottom.push(action(lang, DONE, "", if matches!(layer, Layer::Id) { 3.0 } else { 1.0 }));
            rows.push((0.0, bottom));
            rows
        }
        Layer::Code => {
            let mut last = characters("3479");
            last.push(action(lang, BACKSPACE, "delete", 1.0));
            last.push(action(lang, DONE, "", 1.0));
            vec![(0.0, characters("ACDEFG")), (0.0, characters("HJKMNP")), (0.0, characters("QRTWXY")), (0.0, last)]
        }
        Layer::Symbols => {
            let mut third = characters("·—…（）《》");
            third.push(action(lang, BACKSPACE, "delete", 1.5));
            vec![
                (0.0, characters("1234567890")),
                (0.0, characters("，。、；：？！“”#")),
                (0.75, third),
                (
                    0.0,
                    vec![
                        action(lang, LETTERS, "", 1.6),
                        character('-'),
                        character('/'),
                        space(lang, 3.6),
                        character('@'),
                        character('.'),
                        action(lang, DONE, "", 1.8),
                    ],
                ),
            ]
        }
    }
}

/// The rows of a layer as a model for the `Keyboard` global.
#[must_use]
pub fn rows(layer: Layer, capitals: bool, lang: &Lang) -> ModelRc<KeyRow> {
    let rows: Vec<KeyRow> = layout(layer, capitals, lang)
        .into_iter()
        .map(|(indent, keys)| {
            let keys: Vec<KeyView> = keys
                .into_iter()
                .map(|key| KeyView {
                    id: key.id.into(),
                    label: key.label.into(),
                    icon: SharedString::from(key.icon),
                    kind: key.kind,
                    weight: key.weight,
                    active: key.active,
                })
                .collect();
            KeyRow { keys: ModelRc::new(VecModel::from(keys)), indent }
        })
        .collect();
    ModelRc::new(VecModel::from(rows))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const LAYERS: [Layer; 6] = [Layer::Pinyin, Layer::English, Layer::Digits, Layer::Id, Layer::Code, Layer::Symbols];

    #[test]
    fn every_layer_has_four_rows_unique_ids_and_a_way_out() {
        for code in crate::lang::CODES {
            let lang = Lang::load(code).expect("built in");
            for layer in LAYERS {
                let rows = layout(layer, false, &lang);
                assert_eq!(rows.len(), 4, "{layer:?}");
                let keys: Vec<Key> = rows.into_iter().flat_map(|(_, keys)| keys).collect();
                let ids: BTreeSet<&str> = keys.iter().map(|key| key.id.as_str()).collect();
                assert_eq!(ids.len(), keys.len(), "{layer:?}: two keys with one id");
                assert!(ids.contains(DONE) && ids.contains(BACKSPACE), "{layer:?}");
                for key in &keys {
                    assert!(!key.label.starts_with("key."), "{code}: {} has no words", key.id);
                }
            }
        }
    }

    #[test]
    fn pinyin_has_all_letters_and_the_id_pad_has_x() {
        let lang = Lang::load("zh-CN").expect("built in");
        let ids = |layer| -> String {
            layout(layer, false, &lang)
                .into_iter()
                .flat_map(|(_, keys)| keys)
                .filter(|key| key.id.chars().count() == 1)
                .map(|key| key.id)
                .collect()
        };
        let mut letters: Vec<char> = ids(Layer::Pinyin).chars().collect();
        letters.sort_unstable();
        assert_eq!(letters, ('a'..='z').collect::<Vec<_>>());
        assert_eq!(ids(Layer::Id), "123456789X0");
        assert_eq!(ids(Layer::Code), "ACDEFGHJKMNPQRTWXY3479", "no letters that are confused in print");
        assert!(ids(Layer::Symbols).contains('·'));
        assert!(layout(Layer::English, true, &lang).iter().any(|(_, keys)| keys.iter().any(|key| key.id == "Q")));
    }
}
