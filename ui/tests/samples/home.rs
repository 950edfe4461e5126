//! Words of the home screen: categories, common errands, search, elder mode, low reach.

use super::rows::{aids, chinese, model, row, words};
use slint::{ComponentHandle, SharedString};
use ui::*;

fn categories(lang: &Lang) -> Vec<Row> {
    let zh = [
        ("household", "house", "户口", "出生、迁移、户口簿"),
        ("id-card", "id-card", "身份证", "丢失补领、到期换领"),
        ("certificate", "file-badge", "证明", "无犯罪记录、亲属"),
        ("residence", "luggage", "流动人口", "居住登记、居住证"),
        ("rental", "key-round", "出租房", "登记、租客、二维码"),
        ("licence", "steering-wheel", "驾驶证", "换证、体检、审验"),
        ("vehicle", "car-front", "机动车", "行驶证、号牌、年检"),
        ("traffic", "traffic-cone", "交通", "违法处理、交罚款"),
        ("border", "plane", "出入境", "护照、港澳通行证"),
        ("order", "shield-check", "治安", "报失、养犬、求助"),
    ];
    let en = [
        ("Household", "Births, moves"),
        ("ID card", "Lost, renew"),
        ("Certificates", "No record, kin"),
        ("Residence", "Register, permit"),
        ("Rental", "Homes, tenants"),
        ("Driving", "Renew, medical"),
        ("Vehicles", "Plates, checks"),
        ("Traffic", "Fines, offences"),
        ("Exit and entry", "Passport, permits"),
        ("Safety", "Lost, dogs, help"),
    ];
    zh.iter()
        .zip(en)
        .map(|(z, e)| if chinese(lang) { row(z.0, z.1, z.2, z.3) } else { row(z.0, z.1, e.0, e.1) })
        .collect()
}

pub(super) fn home(window: &KioskWindow, lang: &Lang) {
    let s = |key: &str| SharedString::from(lang.text(key));
    let home = window.global::<Home>();
    home.set_title(s("home.title"));
    home.set_line(s("home.line-elder"));
    home.set_search_label(s("home.search"));
    home.set_search_placeholder(s("home.search-placeholder"));
    home.set_search_text("".into());
    home.set_search_focused(false);
    home.set_common_title(s("home.common"));
    home.set_common(model(vec![
        row(
            "id-replace-lost",
            "id-card",
            words(lang, "身份证丢失补领", "Lost ID card"),
            words(lang, "约 8 分钟・7 个工作日取", "8 min, 7 work days"),
        ),
        row(
            "no-criminal-record-self",
            "file-badge",
            words(lang, "无犯罪记录证明", "No criminal record"),
            words(lang, "约 3 分钟・当场取", "3 min, at once"),
        ),
        row(
            "passport-minor",
            "plane",
            words(lang, "儿童护照首次申请", "First child passport"),
            words(lang, "约 9 分钟・7 个工作日取", "9 min, 7 work days"),
        ),
        row(
            "dl-renew-expiry",
            "steering-wheel",
            words(lang, "驾驶证期满换证", "Renew driving licence"),
            words(lang, "约 9 分钟・窗口取", "9 min, at counter"),
        ),
    ]));
    home.set_categories_title(s("home.categories"));
    home.set_categories(model(categories(lang)));
    home.set_elder(model(vec![
        row(
            "id-card",
            "id-card",
            words(lang, "身份证", "ID card"),
            words(lang, "丢了补办、到期换证", "Lost or expired"),
        ),
        row(
            "certificate",
            "file-badge",
            words(lang, "开证明", "Certificate"),
            words(lang, "无犯罪记录等", "No record and more"),
        ),
        row("household", "house", words(lang, "户口", "Household"), words(lang, "小孩上户、迁户口", "Births, moves")),
        row("residence", "luggage", words(lang, "居住证", "Residence"), words(lang, "登记、签注", "Register, renew")),
        row("licence", "steering-wheel", words(lang, "驾驶证", "Driving"), words(lang, "到期换证", "Renew")),
        row(
            "receipt",
            "receipt-text",
            words(lang, "查我办的事", "My case"),
            words(lang, "有回执就能查", "With a receipt"),
        ),
    ]));
    home.set_receipt_label(s("home.receipt"));
    home.set_receipt_short(s("home.receipt-short"));
    home.set_receipt_line(s("home.receipt-line"));
    home.set_unsure_label(s("home.unsure"));
    home.set_unsure_short(s("home.unsure-short"));
    home.set_unsure_line(s("home.unsure-line"));
    home.set_others_label(s("home.others"));
    home.set_call_label(s("home.call"));
    home.set_no_results(s("home.no-results"));
    window.global::<Keyboard>().set_layer(Layer::Hidden);
}

/// The search on home, with a word typed.
pub fn search(window: &KioskWindow, lang: &Lang) {
    let home = window.global::<Home>();
    home.set_search_text("身份证".into());
    home.set_search_focused(true);
    home.set_results_title(lang.fill("home.results", &[("n", "2")]).into());
    home.set_results(model(vec![
        row("a", "id-card", "身份证丢失补领", "约 8 分钟・7 个工作日取"),
        row("b", "id-card", "身份证到期换领", "约 8 分钟・7 个工作日取"),
    ]));
    let keyboard = window.global::<Keyboard>();
    keyboard.set_layer(Layer::Pinyin);
    keyboard.set_rows(keyboard::rows(Layer::Pinyin, false, lang));
    keyboard.set_preedit("".into());
    keyboard.set_candidates(model(Vec::new()));
}

pub fn elder(window: &KioskWindow, lang: &Lang) {
    window.global::<Nav>().set_aids(aids(lang, true));
    window.global::<Nav>().set_machine_text("".into());
    window.global::<Nav>().set_state_text(lang.text("frame.state-elder").into());
}

pub fn low_reach(window: &KioskWindow, lang: &Lang) {
    window.global::<Home>().set_line(lang.text("home.line-low-reach").into());
}
