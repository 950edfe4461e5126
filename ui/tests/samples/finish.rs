//! Words from the signature on: check page, progress, receipt, problem, farewell.

use super::pictures::qr;
use super::rows::{card, model, option, row, stage, words};
use slint::ComponentHandle;
use ui::*;

pub(super) fn finish(window: &KioskWindow, lang: &Lang) {
    let w = |zh, en| words(lang, zh, en);
    let signature = window.global::<Signature>();
    signature.set_here_text(lang.text("signature.here").into());
    signature.set_clear_label(lang.text("signature.clear").into());
    signature.set_cannot_label(lang.text("signature.cannot").into());
    signature.set_cannot_line(lang.text("signature.cannot-line").into());
    let check = window.global::<Check>();
    let answer = |label: &str, value: &str, id: &str| AnswerView {
        label: label.into(),
        value: value.into(),
        change_id: id.into(),
    };
    let group =
        |title: &str, id: &str, rows| AnswerGroup { title: title.into(), change_id: id.into(), rows: model(rows) };
    check.set_groups(model(vec![
        group(
            w("您的身份", "You"),
            "",
            vec![
                answer(w("姓名", "Name"), w("王小明", "Wang Xiaoming"), ""),
                answer(w("身份证号", "ID number"), "330***********1528", ""),
            ],
        ),
        group(
            w("怎么丢的", "The loss"),
            "loss",
            vec![
                answer(w("哪天丢的", "Date"), w("2026 年 11 月 20 日", "2026-11-20"), ""),
                answer(
                    w("在哪里丢的", "Place"),
                    w("温州市瓯海区娄桥街道公交站附近", "Near the bus stop, Louqiao, Ouhai, Wenzhou"),
                    "",
                ),
            ],
        ),
        group(
            w("怎么联系您", "Contact"),
            "",
            vec![
                answer(w("手机", "Phone"), "138****2046", "phone"),
                answer(w("怎么领证", "Collection"), w("到窗口领", "At the counter"), "collect"),
            ],
        ),
    ]));
    check.set_change_label(lang.text("button.change").into());
    check.set_statement(lang.fill("check.statement", &[("act", w("补领居民身份证", "replace an ID card"))]).into());
    window.global::<Progress>().set_rows(model(vec![
        stage(row("", "lock", lang.text("progress.sealed"), ""), Stage::Done),
        stage(row("", "send", lang.text("progress.sent"), ""), Stage::Now),
        stage(row("", "printer", lang.text("progress.printed"), ""), Stage::Todo),
    ]));
    let receipt = window.global::<Receipt>();
    receipt.set_code_label(lang.text("receipt.code").into());
    receipt.set_code("7KQ4 M2XP".into());
    receipt.set_code_line(
        lang.fill("receipt.where-when", &[("machine", "1"), ("when", w("11 月 22 日 14:31", "11/22 14:31"))]).into(),
    );
    receipt.set_qr(qr());
    receipt.set_print_text(lang.text("receipt.printing").into());
    receipt.set_cards(model(vec![card(
        lang.text("receipt.next"),
        "",
        vec![
            stage(
                row(
                    "",
                    "check",
                    lang.text("status.received"),
                    &lang.fill("status.received-line", &[("time", "14:31")]),
                ),
                Stage::Done,
            ),
            stage(row("", "send", lang.text("status.delivered"), lang.text("status.delivered-line")), Stage::Now),
            stage(
                row(
                    "",
                    "stamp",
                    lang.text("status.accepted-or-supplement"),
                    w("今天下班前，会给 138****2046 发短信", "Today, by text to 138****2046"),
                ),
                Stage::Todo,
            ),
            stage(
                row(
                    "",
                    "id-card",
                    lang.text("status.closed"),
                    w("受理后 7 个工作日，到本所窗口领", "7 work days later, at the counter"),
                ),
                Stage::Todo,
            ),
        ],
    )]));
    receipt.set_rating_question(lang.text("receipt.rating").into());
    receipt.set_ratings(model(vec![
        option("good", lang.text("receipt.rating-good"), "", false),
        option("fair", lang.text("receipt.rating-fair"), "", false),
        option("poor", lang.text("receipt.rating-poor"), "", false),
    ]));
    let problem = window.global::<Problem>();
    problem.set_rows(model(vec![
        row("", "circle-check", lang.text("problem.kept"), &lang.fill("problem.kept-code", &[("code", "7KQ4 M2XP")])),
        row("", "smartphone", lang.text("problem.now"), lang.text("problem.paper-out-now")),
        row("", "bell-ring", w("已经叫人来换纸", "Staff is bringing paper"), lang.text("problem.paper-out-called")),
    ]));
    problem.set_code_label(lang.text("receipt.code").into());
    problem.set_code("7KQ4 M2XP".into());
    problem.set_code_line(lang.text("problem.code-note").into());
    problem.set_qr(qr());
    window.global::<Ended>().set_wiped(model(vec![
        row("", "scan", lang.text("ended.wiped-screen"), ""),
        row("", "camera", lang.text("ended.wiped-camera"), ""),
        row("", "lock", lang.text("ended.wiped-sent"), ""),
    ]));
}
