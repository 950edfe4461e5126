//! The certificate: contents required by the rules on record queries, PDF/A, tags, fonts, code, demonstration mark.

use documents::BureauClass::{self, Demonstration, Production};
use documents::certificate::{CertificateError, issue};
use documents::facts::CertificateFacts;
use documents::verify::{Outcome, verify};
use domain::sensitive::Sensitive;

use crate::paper::{BASE, FONTS, Paper, facts, key, keys};

const LAYOUT: &str = "no-criminal-record";

fn printed(facts: &CertificateFacts, class: BureauClass) -> Vec<u8> {
    issue(LAYOUT, facts, &key(class), BASE, &FONTS).expect("a certificate").pdf
}

#[test]
fn shows_every_fact_the_rules_require() {
    let text = Paper::new(&printed(&facts("欧阳娜娜"), Production)).text();
    for required in [
        "无犯罪记录证明",
        "YQ20261122000318",
        "欧阳娜娜",
        "性别：女",
        "国籍：中国",
        "居民身份证",
        "330304200002291528",
        "2016年11月22日至2026年11月22日",
        "未发现有犯罪记录",
        "求职（云桥小学）",
        "云桥派出所",
        "出具日期：2026年11月22日",
        "只反映查询当时",
        "不限期间",
        "有效期至2027年2月22日",
        "以扫码核验为准",
        "0577-5550110",
    ] {
        assert!(text.contains(required), "{required} is not on the paper:\n{text}");
    }
    assert!(!text.contains("样张"), "a production paper is no sample");
}

#[test]
fn a_query_without_period_says_so() {
    let mut facts = facts("欧阳娜娜");
    facts.period = None;
    let text = Paper::new(&printed(&facts, Production)).text();
    assert!(text.contains("查询期间：不限期间"), "{text}");
    assert!(!text.contains("2016"), "{text}");
}

#[test]
fn a_demonstration_paper_is_void_in_words_and_across() {
    let pdf = printed(&facts("欧阳娜娜"), Demonstration);
    let text = Paper::new(&pdf).text();
    assert!(text.contains("演示样张无效"), "{text}");
    assert!(text.contains("没有任何效力"), "{text}");
    assert!(text.matches('样').count() >= 4, "the banner and three lines across the page:\n{text}");
}

#[test]
fn is_archival_tagged_chinese_and_embeds_its_fonts() {
    let pdf = printed(&facts("欧阳娜娜"), Production);
    let raw = String::from_utf8_lossy(&pdf).into_owned();
    for marker in ["pdfaid:part", "pdfaid:conformance", "pdfuaid:part", "GTS_PDFA1", "StructTreeRoot", "zh-CN"] {
        assert!(raw.contains(marker), "{marker}");
    }
    let paper = Paper::new(&pdf);
    let info = paper.info();
    assert!(info.contains("Title:           无犯罪记录证明"), "{info}");
    assert!(info.lines().any(|line| line.starts_with("Tagged:") && line.ends_with("yes")), "{info}");
    assert!(info.contains("A4"), "{info}");
    assert!(info.lines().any(|line| line.starts_with("Pages:") && line.ends_with(" 1")), "{info}");
    paper.assert_fonts_embedded();
    assert!(pdf.len() < 200_000, "{} bytes", pdf.len());
}

#[test]
fn the_printed_code_verifies_and_agrees_with_the_paper() {
    for (class, outcome) in [(Production, Outcome::Intact), (Demonstration, Outcome::IntactDemonstrationOnly)] {
        let name = "阿卜杜拉提普·阿卜杜热合曼阿吉";
        let paper = Paper::new(&printed(&facts(name), class));
        let code = paper.code(150);
        assert!(code.starts_with("https://verify.yimen.example/v#"), "{code}");
        let seen = verify(&code, &keys(class), &[]).expect("an intact code");
        assert_eq!(seen.outcome, outcome);
        assert_eq!(seen.number, "YQ20261122000318");
        assert_eq!(seen.name.expose(), name);
        assert_eq!(seen.last_four.expose(), "1528");
        if class == Production {
            // On a demonstration paper the words across the page run through the extracted text.
            let text = paper.text();
            assert!(text.contains(&seen.finding) && text.contains(seen.name.expose()), "{text}");
        }
    }
}

#[test]
fn rare_characters_print() {
    // 䶮 and 㛃: extension A; 𬭊: extension E; 𪚥: extension B, not in Noto Sans CJK SC.
    let paper = Paper::new(&printed(&facts("䶮㛃𬭊𪚥"), Production));
    let text = paper.text();
    assert!(text.contains("䶮㛃𬭊𪚥"), "{text}");
    paper.assert_fonts_embedded();
}

#[test]
fn a_character_no_font_has_is_refused_by_name() {
    let error = issue(LAYOUT, &facts("王\u{E0FFF}"), &key(Production), BASE, &FONTS).expect_err("no box on paper");
    assert!(matches!(&error, CertificateError::MissingGlyph(missing) if missing.character == '\u{E0FFF}'));
    assert!(error.to_string().contains("U+E0FFF"), "{error}");
    assert_eq!(FONTS.missing_glyphs("王䶮\u{E0FFF}\u{10FFFF}王"), ['\u{E0FFF}', '\u{10FFFF}']);
}

#[test]
fn an_unknown_layout_is_refused() {
    let error = issue("driving-licence", &facts("王芳"), &key(Production), BASE, &FONTS).expect_err("no such paper");
    assert!(matches!(error, CertificateError::UnknownLayout(_)), "{error}");
}

#[test]
fn the_residence_paper_shows_its_facts_and_needs_them_all() {
    let mut facts = facts("欧阳娜娜");
    let error = issue("residence", &facts, &key(Production), BASE, &FONTS).expect_err("no address");
    assert!(matches!(error, CertificateError::MissingFact("present-address")), "{error}");
    for (key, value) in [
        ("home-address", "云南省昆明市五华区翠湖路 8 号"),
        ("present-address", "云桥镇学前街 21 号 3 幢 402 室"),
        ("house-code", "YQ-0021-3-402"),
        ("registered-on", "2026年3月1日"),
    ] {
        facts.more.insert(key.into(), Sensitive::new(value.into()));
    }
    let paper = Paper::new(&issue("residence", &facts, &key(Production), BASE, &FONTS).expect("a paper").pdf);
    let text = paper.text();
    for required in [
        "居住登记证明",
        "欧阳娜娜",
        "性别：女",
        "330304200002291528",
        "翠湖路8号",
        "学前街21号3幢402室",
        "YQ-0021-3-402",
        "2026年3月1日",
        "2016年11月22日至2026年11月22日",
        "求职（云桥小学）",
        "云桥派出所",
        "以扫码核验为准",
    ] {
        assert!(text.contains(required), "{required} is not on the paper:\n{text}");
    }
    assert!(verify(&paper.code(150), &keys(Production), &[]).is_ok());
}

#[test]
fn the_cancellation_paper_shows_before_and_after_and_needs_them_all() {
    let mut facts = facts("欧阳娜娜");
    for (name, value) in [
        ("former-address", "浙江省温州市瓯海区梧田街道老殿后路 5 号"),
        ("reason", "服现役"),
        ("basis", "《入伍通知书》（温征字第 0318 号）"),
        ("archive", "瓯梧户注〔2024〕第 0091 号"),
        ("cancelled-on", "2024年9月10日"),
    ] {
        let error = issue("hukou-cancellation", &facts, &key(Production), BASE, &FONTS).expect_err("not all is known");
        assert!(matches!(error, CertificateError::MissingFact(_)), "{error}");
        facts.more.insert(name.into(), Sensitive::new(value.into()));
    }
    let paper = Paper::new(&issue("hukou-cancellation", &facts, &key(Production), BASE, &FONTS).expect("a paper").pdf);
    let text = paper.text();
    for required in [
        "注销户口证明",
        "YQ20261122000318",
        "欧阳娜娜",
        "性别：女",
        "身份号码：330304200002291528",
        "原户口地址：浙江省温州市瓯海区梧田街道老殿后路5号",
        "注销日期：2024年9月10日",
        "注销原因：服现役",
        "《入伍通知书》（温征字第0318号）",
        "瓯梧户注〔2024〕第0091号",
        "用途：求职（云桥小学）",
        "因服现役，户口已于2024年9月10日注销。",
        "云桥派出所",
        "出具日期：2026年11月22日",
        "以扫码核验为准",
    ] {
        assert!(text.contains(required), "{required} is not on the paper:\n{text}");
    }
    let seen = verify(&paper.code(150), &keys(Production), &[]).expect("an intact code");
    assert_eq!((seen.layout.as_str(), seen.finding.as_str()), ("hukou-cancellation", "户口已于2024年9月10日注销"));
}
