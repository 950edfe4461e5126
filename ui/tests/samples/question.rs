//! Words of the question pages, one for each kind of field.

use super::rows::{model, option, words};
use slint::ComponentHandle;
use ui::*;

/// Question pages by picture name and keyboard.
pub const QUESTIONS: [(&str, Layer); 7] = [
    ("06-question-keyboard-error", Layer::Pinyin),
    ("06b-question-candidates", Layer::Pinyin),
    ("06c-question-choice", Layer::Hidden),
    ("06d-question-address", Layer::Hidden),
    ("06e-question-id-number", Layer::Id),
    ("06f-question-english", Layer::English),
    ("06g-question-symbols", Layer::Symbols),
];

fn text_field(id: &str, label: &str) -> FieldView {
    FieldView { id: id.into(), label: label.into(), kind: FieldKind::Text, ..FieldView::default() }
}

/// One of the question pages of `QUESTIONS`.
pub fn question(window: &KioskWindow, name: &str, layer: Layer, lang: &Lang) {
    let w = |zh, en| words(lang, zh, en);
    let page = window.global::<Page>();
    let question = window.global::<Question>();
    let keyboard = window.global::<Keyboard>();
    keyboard.set_rows(keyboard::rows(layer, name.contains("english"), lang));
    keyboard.set_layer(layer);
    keyboard.set_expanded(name.contains("candidates"));
    question.set_error_title("".into());
    question.set_error_text("".into());
    page.set_line("".into());
    let fields = if name.contains("choice") {
        page.set_title(w("怎么领新证？", "How do you want to get it?").into());
        let mut tick = text_field("true", w("以上填写属实", "What I wrote is true"));
        tick.kind = FieldKind::Declaration;
        tick.text = w("写错了可以改，故意写假的要负责", "You can correct it later").into();
        tick.checked = true;
        let mut info = text_field("name", w("姓名（系统已有，不用填）", "Name (on record)"));
        info.kind = FieldKind::Info;
        info.text = w("王小明", "Wang Xiaoming").into();
        let mut choice = text_field("collect", w("选一种", "Choose one"));
        choice.kind = FieldKind::Choice;
        choice.options = model(vec![
            option("counter", w("到窗口领", "At the counter"), w("7 个工作日后，带回执来", "After 7 work days"), true),
            option("post", w("寄到家", "By post"), w("邮费到付", "Postage on delivery"), false),
        ]);
        vec![info, choice, tick]
    } else if name.contains("address") {
        page.set_title(w("您现在住在哪里？", "Where do you live now?").into());
        page.set_line(w("一级一级选，最后写门牌号", "Choose step by step").into());
        let mut address = text_field("address", w("街道、门牌号", "Street and number"));
        address.kind = FieldKind::Address;
        address.placeholder = w("例如：娄江路 12 号 3 幢 501 室", "For example: 12 Loujiang Road").into();
        let column = |id: &str, title: &str, value: &str, open, names: &[&str]| ColumnView {
            id: id.into(),
            title: title.into(),
            value: value.into(),
            open,
            options: model(names.iter().map(|name| option(name, name, "", *name == value)).collect()),
        };
        address.columns = model(vec![
            column("province", w("省", "Province"), "浙江省", false, &[]),
            column("city", w("市", "City"), "温州市", false, &[]),
            column(
                "district",
                w("区县", "District"),
                "瓯海区",
                true,
                &[
                    "鹿城区",
                    "龙湾区",
                    "瓯海区",
                    "洞头区",
                    "瑞安市",
                    "乐清市",
                    "龙港市",
                    "永嘉县",
                    "平阳县",
                    "苍南县",
                    "文成县",
                    "泰顺县",
                ],
            ),
            column("street", w("街道", "Street"), lang.text("question.choose"), false, &[]),
        ]);
        vec![address]
    } else if name.contains("id-number") {
        page.set_title(lang.text("identify.number-title").into());
        page.set_line(lang.text("identify.number-line").into());
        let mut number = text_field("number", lang.text("identify.number-label"));
        number.kind = FieldKind::IdNumber;
        number.text = "330304 1990".into();
        number.focused = true;
        number.counter = "10 / 18".into();
        let mut person = text_field("name", lang.text("identify.name-label"));
        person.placeholder = w("和身份证上一样", "As on the ID card").into();
        vec![number, person]
    } else {
        page.set_title(w("身份证大概在哪里丢的？", "Where was the card lost?").into());
        page.set_line(w("记不清就写最后一次用它的地方", "Or where you last used it").into());
        question.set_error_title(lang.text("question.one-missing").into());
        question.set_error_text(w("请写清在哪里丢的，写到街道就行", "write where it was lost").into());
        let mut place = text_field("place", w("丢失地点", "Place"));
        place.text = "温州市".into();
        place.preedit = "瓯海区".into();
        place.focused = true;
        place.error = w("写到街道或路名，例如“娄桥街道”", "Write the street, for example Louqiao").into();
        place.counter = "6 / 50".into();
        place.options = model(vec![
            option("home", w("家里", "Home"), "", false),
            option("station", w("车站", "Station"), "", false),
            option("bus", w("公交车上", "Bus"), "", false),
            option("unknown", w("记不清", "Not sure"), "", false),
        ]);
        vec![place]
    };
    question.set_fields(model(fields));
}
