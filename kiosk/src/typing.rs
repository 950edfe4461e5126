//! The on-screen keyboard's state: where typing goes, which layer is shown, what is being composed.
//! Invariants: nothing is learnt; changing or leaving the field drops what was being composed; a text reaches the visit
//! only as an edit, one key at a time. Not here: where keys stand (`ui::keyboard`), what the field holds (the visit).

use crate::scene::Typing;
use domain::rules::RuleId;
use domain::sensitive::Sensitive;
use domain::service::{FieldKind, TextInput};
use pinyin::{DataError, Engine, FieldHint, Key, Update};
use ui::{Layer, keyboard};
use visit::{EditOp, Target};

/// Candidates on the bar, and in the open grid.
const ON_BAR: usize = 6;
const IN_GRID: usize = 40;

/// The keyboard.
pub struct Keyboard {
    engine: Engine<'static>,
    update: Update,
    target: Option<Target>,
    home_layer: Layer,
    layer: Layer,
    capitals: bool,
    expanded: bool,
    offset: usize,
}

impl Keyboard {
    /// A keyboard that is not shown.
    ///
    /// # Errors
    /// When the engine's data cannot be read.
    pub fn new() -> Result<Self, DataError> {
        Ok(Self {
            engine: Engine::new(pinyin::LEXICON)?,
            update: Update::default(),
            target: None,
            home_layer: Layer::Hidden,
            layer: Layer::Hidden,
            capitals: false,
            expanded: false,
            offset: 0,
        })
    }

    /// Where typing goes.
    pub fn target(&self) -> Option<&Target> {
        self.target.as_ref()
    }

    /// Opens for a target with the layer and the words that fit it.
    pub fn focus(&mut self, target: Target, layer: Layer, hint: FieldHint, latin: bool) {
        if self.target.as_ref() == Some(&target) && self.layer != Layer::Hidden {
            return;
        }
        self.drop_composition();
        self.engine.field(hint);
        let layer = if latin && layer == Layer::Pinyin { Layer::English } else { layer };
        self.target = Some(target);
        self.home_layer = layer;
        self.layer = layer;
        self.capitals = false;
    }

    /// Closes, and forgets what was being composed.
    pub fn hide(&mut self) {
        self.drop_composition();
        self.target = None;
        self.layer = Layer::Hidden;
    }

    fn drop_composition(&mut self) {
        self.engine.reset();
        self.update = Update::default();
        self.expanded = false;
        self.offset = 0;
    }

    /// A key was pressed; gives the edits that follow.
    pub fn key(&mut self, id: &str) -> Option<EditOp> {
        match id {
            keyboard::BACKSPACE => return self.backspace(),
            keyboard::SPACE => return self.space(),
            keyboard::SPLIT => return self.compose(Key::Separator),
            keyboard::CLEAR => {
                self.drop_composition();
                return Some(EditOp::Clear);
            }
            keyboard::DONE => {
                let first = self.candidate(0);
                self.hide();
                return first;
            }
            keyboard::SHIFT => self.capitals = !self.capitals,
            keyboard::TOGGLE => {
                self.drop_composition();
                self.layer = if self.layer == Layer::Pinyin { Layer::English } else { Layer::Pinyin };
            }
            keyboard::DIGITS => self.switch(Layer::Digits),
            keyboard::SYMBOLS => self.switch(Layer::Symbols),
            keyboard::LETTERS => {
                let letters = if self.home_layer == Layer::English { Layer::English } else { Layer::Pinyin };
                self.switch(letters);
            }
            character => return self.character(character),
        }
        None
    }

    fn switch(&mut self, layer: Layer) {
        self.drop_composition();
        self.layer = layer;
    }

    fn character(&mut self, text: &str) -> Option<EditOp> {
        let mut characters = text.chars();
        let (Some(first), None) = (characters.next(), characters.next()) else { return None };
        if self.layer == Layer::Pinyin && first.is_ascii_alphabetic() {
            return self.compose(Key::Letter(first));
        }
        self.capitals = false;
        Some(EditOp::Insert(Sensitive::new(first.to_string())))
    }

    fn backspace(&mut self) -> Option<EditOp> {
        if self.update.preedit.is_empty() { Some(EditOp::Backspace) } else { self.compose(Key::Backspace) }
    }

    fn space(&mut self) -> Option<EditOp> {
        if self.update.preedit.is_empty() {
            return Some(EditOp::Insert(Sensitive::new(" ".to_owned())));
        }
        self.candidate(0)
    }

    /// The candidate at a place of the shown page was chosen.
    pub fn candidate(&mut self, place: usize) -> Option<EditOp> {
        if self.update.preedit.is_empty() {
            return None;
        }
        self.compose(Key::Pick(self.offset + place))
    }

    fn compose(&mut self, key: Key) -> Option<EditOp> {
        self.update = self.engine.key(key);
        self.offset = 0;
        if self.update.preedit.is_empty() {
            self.expanded = false;
        }
        self.update.commit.take().map(|text| EditOp::Insert(Sensitive::new(text)))
    }

    /// Opens or closes the grid.
    pub fn more(&mut self) {
        self.expanded = !self.expanded && !self.update.preedit.is_empty();
        self.offset = 0;
    }

    /// Turns the page of candidates.
    pub fn page(&mut self, forward: bool) {
        let size = self.page_size();
        self.offset = match forward {
            true if !self.engine.more(self.offset + size, 1).is_empty() => self.offset + size,
            true => self.offset,
            false => self.offset.saturating_sub(size),
        };
    }

    fn page_size(&self) -> usize {
        if self.expanded { IN_GRID } else { ON_BAR }
    }

    /// As drawn.
    pub fn scene(&self) -> Typing {
        let size = self.page_size();
        let composing = !self.update.preedit.is_empty();
        let candidates = if composing { self.engine.more(self.offset, size) } else { Vec::new() };
        Typing {
            target: self.target.clone(),
            layer: self.layer,
            capitals: self.capitals,
            preedit: Sensitive::new(self.update.preedit.clone()),
            candidates: Sensitive::new(candidates),
            expanded: self.expanded,
            page_up: self.offset > 0,
            page_down: composing && !self.engine.more(self.offset + size, 1).is_empty(),
        }
    }
}

/// The layer and the engine's hint for a kind of field; `None` when nothing is typed into it.
pub fn keys_for(kind: &FieldKind) -> Option<(Layer, FieldHint)> {
    match kind {
        FieldKind::Text { input: TextInput::Reason, .. } => Some((Layer::Pinyin, FieldHint::Reason)),
        FieldKind::Text { input: TextInput::Place, .. } => Some((Layer::Pinyin, FieldHint::Address)),
        FieldKind::Text { input: TextInput::Latin, .. } => Some((Layer::English, FieldHint::Free)),
        FieldKind::Text { input: TextInput::Digits, .. } | FieldKind::Phone { .. } | FieldKind::Date { .. } => {
            Some((Layer::Digits, FieldHint::Free))
        }
        FieldKind::PersonName => Some((Layer::Pinyin, FieldHint::Name)),
        FieldKind::Number { rule } => Some((number_layer(*rule), FieldHint::Free)),
        FieldKind::Address => Some((Layer::Pinyin, FieldHint::Address)),
        FieldKind::Choice { .. }
        | FieldKind::Photo { .. }
        | FieldKind::Document { .. }
        | FieldKind::Signature
        | FieldKind::Declaration
        | FieldKind::Group { .. } => None,
    }
}

fn number_layer(rule: RuleId) -> Layer {
    match rule.as_str() {
        "resident-id" | "resident-id-15" | "hmt-residence-permit" | "foreigner-id" => Layer::Id,
        "licence-file-number" | "vin-tail" | "mobile" | "landline" | "post-code" | "division-code" => Layer::Digits,
        "plate" => Layer::Pinyin,
        _ => Layer::English,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::FieldId;

    fn keyboard() -> Keyboard {
        let mut keyboard = Keyboard::new().unwrap();
        keyboard.focus(Target::Field(FieldId::new("where")), Layer::Pinyin, FieldHint::Address, false);
        keyboard
    }

    fn text(edit: Option<EditOp>) -> String {
        match edit {
            Some(EditOp::Insert(text)) => text.into_inner(),
            other => panic!("an insert was expected: {other:?}"),
        }
    }

    #[test]
    fn pinyin_becomes_the_candidate_that_is_picked() {
        let mut keyboard = keyboard();
        for key in "wenzhou".chars() {
            assert_eq!(keyboard.key(&key.to_string()), None);
        }
        let scene = keyboard.scene();
        let place = scene.candidates.expose().iter().position(|word| word == "温州").expect("温州 is offered");
        assert_eq!(text(keyboard.candidate(place)), "温州");
        assert!(keyboard.scene().candidates.expose().is_empty());
    }

    #[test]
    fn another_field_drops_what_was_composed() {
        let mut keyboard = keyboard();
        keyboard.key("w");
        keyboard.focus(Target::Search, Layer::Pinyin, FieldHint::Free, false);
        assert!(keyboard.scene().preedit.expose().is_empty());
        assert_eq!(keyboard.key(keyboard::BACKSPACE), Some(EditOp::Backspace));
    }

    #[test]
    fn digits_and_the_x_of_the_id_pad_go_straight_in() {
        let mut keyboard = keyboard();
        keyboard.focus(Target::OwnNumber, Layer::Id, FieldHint::Free, false);
        assert_eq!(text(keyboard.key("3")), "3");
        assert_eq!(text(keyboard.key("X")), "X");
        keyboard.key(keyboard::DONE);
        assert_eq!(keyboard.scene().layer, Layer::Hidden);
    }
}
