//! Words of a service's page, of the notice and of the ways to be identified.

use super::rows::{card, model, pill, row, words};
use slint::ComponentHandle;
use ui::*;

pub(super) fn service(window: &KioskWindow, lang: &Lang) {
    let w = |zh, en| words(lang, zh, en);
    let service = window.global::<Service>();
    let fact =
        |label: &str, value: &str, line: &str| FactView { label: label.into(), value: value.into(), line: line.into() };
    service.set_facts(model(vec![
        fact(lang.text("service.fee"), w("40 元", "40 yuan"), w("扫码付，或到窗口付", "By code or at the counter")),
        fact(lang.text("service.time"), w("7 个工作日", "7 work days"), w("从受理那天算起", "From acceptance")),
    ]));
    service.set_cards(model(vec![
        card(
            lang.text("service.materials"),
            w("4 样，今天至少要 2 样", "4 items, 2 today"),
            vec![
                pill(
                    row("", "user", w("您本人", "Yourself"), w("拍照、核对是不是您本人", "Photo and identity")),
                    lang.text("pill.now"),
                    Tone::Info,
                ),
                pill(
                    row(
                        "",
                        "fingerprint-pattern",
                        w("指纹", "Fingerprints"),
                        w("本机不能采，到窗口按一下，约 2 分钟", "Taken at the counter, 2 min"),
                    ),
                    lang.text("pill.counter"),
                    Tone::Warn,
                ),
                pill(
                    row(
                        "",
                        "book-open",
                        w("户口簿", "Household book"),
                        w("没带也能办，12 月 4 日前补", "Go on without, bring it by 12/4"),
                    ),
                    lang.text("pill.later"),
                    Tone::Warn,
                ),
                pill(
                    row(
                        "",
                        "file-check",
                        w("居住证明", "Proof of residence"),
                        w("系统已有，不用您带", "On record already"),
                    ),
                    lang.text("pill.waived"),
                    Tone::Ok,
                ),
            ],
        ),
        card(
            lang.text("service.output"),
            "",
            vec![
                row(
                    "",
                    "receipt-text",
                    w("一张回执", "A receipt"),
                    w("上面有编号，可查进度、可补材料", "With a number to follow the case"),
                ),
                row(
                    "",
                    "id-card",
                    w("新身份证", "A new ID card"),
                    w("到窗口领，或寄到家", "At the counter or by post"),
                ),
            ],
        ),
    ]));
    service.set_law(
        w("依据：居民身份证法第十一条。捡到旧证请交回。", "Basis: Resident Identity Card Law, article 11.").into(),
    );

    let notice = window.global::<Notice>();
    notice.set_paragraphs(model(vec![
        row("", "file-text", lang.text("notice.purpose"), lang.text("notice.purpose-line")),
        row("", "lock", lang.text("notice.kept"), lang.text("notice.kept-line")),
        row("", "undo-2", lang.text("notice.rights"), lang.text("notice.rights-line")),
    ]));
    notice.set_consent_title(lang.text("notice.consent").into());
    let consent = |id: &str, checked| ConsentView {
        id: id.into(),
        text: lang.text(&format!("notice.consent-{id}")).into(),
        line: "".into(),
        checked,
    };
    notice.set_consents(model(vec![consent("notice", true), consent("sensitive", false)]));

    window.global::<Ways>().set_rows(model(vec![
        row("number-face", "scan-face", lang.text("identify.number-face"), lang.text("identify.number-face-line")),
        row("card-face", "id-card", lang.text("identify.card-face"), lang.text("identify.card-face-line")),
        row(
            "officer",
            "users",
            lang.text("identify.officer"),
            w("窗口现在有人，大约等 3 分钟", "Staff is here, about 3 min"),
        ),
    ]));
}
