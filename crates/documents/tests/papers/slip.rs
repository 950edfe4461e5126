//! The receipt slip: the contents a dated receipt and a one-time notice of missing papers must have.

use documents::BureauClass::{Demonstration, Production};
use documents::slip::{LadderStep, MissingMaterial, SlipError, SlipFacts, SlipLabels, SlipLayout, StepState, receipt};
use domain::sensitive::Sensitive;
use jiff::civil::date;

use crate::paper::{FONTS, Paper};

pub fn facts() -> SlipFacts {
    let step = |word: &str, detail: &str, state| LadderStep { word: word.into(), detail: detail.into(), state };
    SlipFacts {
        station: "云桥派出所".into(),
        machine: "1 号机".into(),
        errand: "身份证丢失补领".into(),
        code: "7KQ4M2XP".into(),
        link: "https://yimen.example/r/Zx81kQmT0vYw3nB5sD7fGh".into(),
        person_masked: Sensitive::new("欧***".into()),
        number_masked: Sensitive::new("330***********1528".into()),
        received_at: date(2026, 11, 22).at(14, 31, 0, 0),
        ladder: vec![
            step("已收件", "11 月 22 日 14:31，存在这台机器里，断电也不丢。", StepState::Now),
            step("已送达", "正在送往办公室，通常几秒钟。", StepState::Later),
            step("已受理或待补正", "今天下班前，会给 138****2046 发短信。", StepState::Later),
            step("已办结", "受理后 7 个工作日，到本所窗口领。", StepState::Later),
        ],
        missing: vec![MissingMaterial { what: "户口簿".into(), by: "12 月 4 日前补".into() }],
        missing_how: "带回执到任意一台机器或窗口，拍一下就行。".into(),
        next: vec!["等短信，不用再来问。".into(), "到窗口按一次指纹。".into()],
        contact: "0577-5550110（工作日 8:30–17:30）".into(),
        complaint: "0577-5550112".into(),
        fee: "工本费 40 元，受理后交。".into(),
        class: Production,
    }
}

fn printed(facts: &SlipFacts, labels: &SlipLabels) -> Result<Vec<u8>, SlipError> {
    receipt(facts, labels, &SlipLayout::default(), &FONTS)
}

#[test]
fn shows_what_a_receipt_must_show() {
    let paper = Paper::new(&printed(&facts(), &SlipLabels::chinese()).expect("a slip"));
    let text = paper.text();
    for required in [
        "业务回执",
        "云桥派出所",
        "1号机",
        "身份证丢失补领",
        "7KQ4M2XP",
        "欧***",
        "330***********1528",
        "2026-11-2214:31",
        "这不是受理决定",
        "已收件",
        "已送达",
        "已受理或待补正",
        "已办结",
        "还差的材料",
        "户口簿",
        "12月4日前补",
        "等短信，不用再来问。",
        "0577-5550110",
        "0577-5550112",
        "工本费40元",
    ] {
        assert!(text.contains(required), "{required} is not on the slip:\n{text}");
    }
    assert!(!text.contains("样张"), "{text}");
    paper.assert_fonts_embedded();
    assert_eq!(paper.code(150), facts().link);
}

#[test]
fn stays_small_and_on_one_page() {
    for labels in [SlipLabels::chinese(), SlipLabels::english()] {
        let pdf = printed(&facts(), &labels).expect("a slip");
        assert!(pdf.len() < 150_000, "{} bytes", pdf.len());
        let info = Paper::new(&pdf).info();
        assert!(info.lines().any(|line| line.starts_with("Pages:") && line.ends_with(" 1")), "{info}");
        // A5 is 148 mm by 210 mm (ISO 216): 419.53 by 595.28 points.
        assert!(info.contains("419.53 x 595.28 pts"), "{info}");
    }
}

#[test]
fn a_demonstration_slip_is_void_in_words_and_across() {
    let facts = SlipFacts { class: Demonstration, ..facts() };
    for labels in [SlipLabels::chinese(), SlipLabels::english()] {
        let paper = Paper::new(&printed(&facts, &labels).expect("a slip"));
        let text = paper.text();
        assert!(text.contains("演示样张无效"), "{text}");
        assert!(text.matches('样').count() >= 4, "the banner and three lines across the page:\n{text}");
        assert_eq!(paper.code(150), facts.link, "the mark does not spoil the code");
    }
}

#[test]
fn speaks_english_when_asked() {
    let text = Paper::new(&printed(&facts(), &SlipLabels::english()).expect("a slip")).text();
    assert!(text.contains("Receiptcode") && text.contains("Thisisnotadecisiontoaccept."), "{text}");
    assert!(!text.contains("业务回执"), "{text}");
}

#[test]
fn many_missing_papers_go_to_a_second_page() {
    let mut facts = facts();
    facts.next = (1..=30).map(|n| format!("第 {n} 件事，请您按顺序办。")).collect();
    let paper = Paper::new(&printed(&facts, &SlipLabels::chinese()).expect("a slip"));
    let text = paper.text();
    assert!((1..=30).all(|n| text.contains(&format!("第{n}件事"))), "{text}");
    assert!(text.matches("7KQ4M2XP").count() == 2, "every page can be found by its code:\n{text}");
}

#[test]
fn rare_characters_print_and_impossible_ones_are_refused() {
    let rare = SlipFacts { person_masked: Sensitive::new("䶮*𪚥".into()), ..facts() };
    let paper = Paper::new(&printed(&rare, &SlipLabels::chinese()).expect("a slip"));
    assert!(paper.text().contains("䶮*𪚥"), "{}", paper.text());
    let impossible = SlipFacts { errand: "补领\u{E0FFF}".into(), ..facts() };
    let error = printed(&impossible, &SlipLabels::chinese()).expect_err("no box on paper");
    assert!(matches!(error, SlipError::MissingGlyph(missing) if missing.character == '\u{E0FFF}'));
}

#[test]
fn unmasked_people_and_odd_codes_are_refused() {
    let open = SlipFacts { number_masked: Sensitive::new("330304200002291528".into()), ..facts() };
    assert!(matches!(printed(&open, &SlipLabels::chinese()), Err(SlipError::NotMasked(_))));
    let open = SlipFacts { person_masked: Sensitive::new("欧阳娜娜".into()), ..facts() };
    assert!(matches!(printed(&open, &SlipLabels::chinese()), Err(SlipError::NotMasked(_))));
    let odd = SlipFacts { code: "7KQ4".into(), ..facts() };
    assert!(matches!(printed(&odd, &SlipLabels::chinese()), Err(SlipError::BadCode(4))));
}
