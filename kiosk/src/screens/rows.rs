//! Rows for the globals, and their models brought up to date row by row.
//! Invariant: a model whose rows did not change is not touched, so that a button under a finger is not made anew.

use slint::{Model, ModelRc, SharedString, VecModel};
use ui::{
    AidView, AnswerGroup, AnswerView, CardView, ColumnView, ConsentView, DockView, FactView, FieldView, KeyRow,
    KeyView, NoteView, OptionView, Row, ShotView, Stage, Tone,
};

/// Two rows that look the same, their inner rows included.
pub(crate) trait Same {
    fn same(&self, other: &Self) -> bool;
}

macro_rules! plain {
    ($($name:ty),*) => { $(impl Same for $name { fn same(&self, other: &Self) -> bool { self == other } })* };
}
plain!(
    Row,
    AidView,
    AnswerView,
    ConsentView,
    DockView,
    FactView,
    KeyView,
    NoteView,
    OptionView,
    ShotView,
    SharedString
);

fn same_rows<T: Same + Clone + 'static>(a: &ModelRc<T>, b: &ModelRc<T>) -> bool {
    a.row_count() == b.row_count() && a.iter().zip(b.iter()).all(|(a, b)| a.same(&b))
}

impl Same for CardView {
    fn same(&self, other: &Self) -> bool {
        self.title == other.title && self.aside == other.aside && same_rows(&self.rows, &other.rows)
    }
}

impl Same for AnswerGroup {
    fn same(&self, other: &Self) -> bool {
        self.title == other.title && self.change_id == other.change_id && same_rows(&self.rows, &other.rows)
    }
}

impl Same for KeyRow {
    fn same(&self, other: &Self) -> bool {
        self.indent.to_bits() == other.indent.to_bits() && same_rows(&self.keys, &other.keys)
    }
}

impl Same for ColumnView {
    fn same(&self, other: &Self) -> bool {
        let plain = |view: &Self| Self { options: ModelRc::default(), ..view.clone() };
        let (a, b) = (plain(self), plain(other));
        (a.id, a.title, a.value, a.open) == (b.id, b.title, b.value, b.open) && same_rows(&self.options, &other.options)
    }
}

impl Same for FieldView {
    fn same(&self, other: &Self) -> bool {
        let words = |view: &Self| {
            let v = view.clone();
            [v.id, v.label, v.hint, v.text, v.preedit, v.tail, v.placeholder, v.unit, v.counter, v.error]
        };
        let flags = |view: &Self| (view.kind, view.focused, view.multiline, view.checked);
        words(self) == words(other)
            && flags(self) == flags(other)
            && same_rows(&self.options, &other.options)
            && same_rows(&self.columns, &other.columns)
    }
}

/// Brings a model up to date, row by row where the number of rows stays.
pub(crate) fn update<T: Same + Clone + 'static>(current: &ModelRc<T>, new: Vec<T>, set: impl FnOnce(ModelRc<T>)) {
    let ours = current.as_any().downcast_ref::<VecModel<T>>().is_some();
    if current.row_count() != new.len() || (!ours && !new.is_empty()) {
        return set(model(new));
    }
    for (place, row) in new.into_iter().enumerate() {
        if current.row_data(place).is_none_or(|old| !old.same(&row)) {
            current.set_row_data(place, row);
        }
    }
}

/// A model of rows.
pub(crate) fn model<T: Clone + 'static>(rows: Vec<T>) -> ModelRc<T> {
    ModelRc::new(VecModel::from(rows))
}

/// A row: id, icon, title, line.
pub(crate) fn row(id: &str, icon: &str, title: impl Into<SharedString>, line: impl Into<SharedString>) -> Row {
    Row { id: id.into(), icon: icon.into(), title: title.into(), line: line.into(), ..Row::default() }
}

/// The row with a pill.
pub(crate) fn pill(row: Row, pill: String, tone: Tone) -> Row {
    Row { pill: pill.into(), tone, ..row }
}

/// The row as a rung of the status ladder.
pub(crate) fn rung(row: Row, stage: Stage) -> Row {
    Row { stage, ..row }
}

/// A card of rows.
pub(crate) fn card(title: String, aside: String, rows: Vec<Row>) -> CardView {
    CardView { title: title.into(), aside: aside.into(), rows: model(rows) }
}

/// A note.
pub(crate) fn note(tone: Tone, icon: &str, title: impl Into<SharedString>, text: impl Into<SharedString>) -> NoteView {
    NoteView { tone, icon: icon.into(), title: title.into(), text: text.into() }
}
