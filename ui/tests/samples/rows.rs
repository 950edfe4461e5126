//! Short makers of the rows, pills and cards that samples are put together from, and the choice of language.

use slint::{ModelRc, VecModel};
use ui::*;

pub(super) fn model<T: Clone + 'static>(rows: Vec<T>) -> ModelRc<T> {
    ModelRc::new(VecModel::from(rows))
}

pub(super) fn row(id: &str, icon: &str, title: &str, line: &str) -> Row {
    Row { id: id.into(), icon: icon.into(), title: title.into(), line: line.into(), ..Row::default() }
}

pub(super) fn pill(row: Row, pill: &str, tone: Tone) -> Row {
    Row { pill: pill.into(), tone, ..row }
}

pub(super) fn stage(row: Row, stage: Stage) -> Row {
    Row { stage, ..row }
}

pub(super) fn card(title: &str, aside: &str, rows: Vec<Row>) -> CardView {
    CardView { title: title.into(), aside: aside.into(), rows: model(rows) }
}

pub(super) fn note(tone: Tone, icon: &str, title: &str, text: &str) -> NoteView {
    NoteView { tone, icon: icon.into(), title: title.into(), text: text.into() }
}

pub(super) fn option(id: &str, label: &str, line: &str, selected: bool) -> OptionView {
    OptionView { id: id.into(), label: label.into(), line: line.into(), selected, ..OptionView::default() }
}

pub(super) fn chinese(lang: &Lang) -> bool {
    lang.code() == "zh-CN"
}

pub(super) fn words<'a>(lang: &Lang, zh: &'a str, en: &'a str) -> &'a str {
    if chinese(lang) { zh } else { en }
}

pub(super) fn aids(lang: &Lang, elder: bool) -> ModelRc<AidView> {
    let aid = |key: &str, icon: &str, label: &str, prominent: bool| AidView {
        key: key.into(),
        icon: icon.into(),
        label: lang.text(label).into(),
        active: false,
        prominent,
    };
    if elder {
        return model(vec![
            aid("elder", "undo-2", "aid.elder-off", false),
            aid("size", "a-large-small", "aid.size-larger", false),
            aid("speak", "volume-2", "aid.speak", false),
        ]);
    }
    model(vec![
        aid("elder", "heart-handshake", "aid.elder", false),
        aid("size", "a-large-small", "aid.size", false),
        aid("contrast", "contrast", "aid.contrast", false),
        aid("speak", "volume-2", "aid.speak", false),
        aid("language", "languages", "aid.language", false),
        aid("call", "concierge-bell", "aid.call", true),
    ])
}
