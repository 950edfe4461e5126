//! Looking over the words an officer wrote for a resident: empty, internal, blaming, or with a day that does not fit.
//! Invariants: findings are advice in words; what really forbids a decision is in `decision`. Pure text, no lists of
//! names: whether a text names a third person is for the officer to see.

use super::clock::days_between;
use super::decision::Decision;
use super::letter::Sheet;
use crate::calendar::LimitUnit;
use jiff::civil::Date;
use serde::Serialize;

/// How bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// Looked at and fine.
    Ok,
    /// Look again.
    Warn,
    /// Mend it first.
    Bad,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How bad.
    pub level: Weight,
    /// For the officer.
    pub text: String,
}

/// Words of the office that a resident need not know, and what to say in place.
const JARGON: [(&str, &str); 12] = [
    ("退件", "还差什么"),
    ("补件", "补上"),
    ("驳回", "没有批准"),
    ("系统", "直接说事情"),
    ("后台", "直接说事情"),
    ("字段", "这一栏"),
    ("节点", "这一步"),
    ("流程", "怎么办"),
    ("错误代码", "直接说哪里不对"),
    ("不合规", "哪里不对"),
    ("案件", "办件"),
    ("录入", "填写"),
];

/// Words that blame.
const BLAME: [&str; 5] = ["你", "乱填", "拒不", "明知", "弄虚作假"];

/// Fewest working days a person should have.
const SHORTEST: u32 = 3;

/// Everything worth a look, in order; one `ok` when there is nothing.
pub fn findings(sheet: &Sheet<'_>, decision: &Decision) -> Vec<Finding> {
    let mut found = Vec::new();
    match decision {
        Decision::Accept | Decision::Approve => {}
        Decision::RefuseToAccept { reason, remedy } => {
            look(&mut found, "原因", reason);
            look(&mut found, "您可以这样做", remedy);
        }
        Decision::Reject { ground, reason, remedy } => {
            look(&mut found, "原因", reason);
            look(&mut found, "您可以这样做", remedy);
            if ground.trim().is_empty() {
                bad(&mut found, "还没有写法律依据");
            } else if !(ground.contains('《') && ground.contains('条')) {
                warn(&mut found, "依据请写法律名称和条款，例如《……法》第……条");
            }
        }
        Decision::ReturnForSupplement { items, by } => {
            if items.is_empty() {
                bad(&mut found, "还没有选要补什么");
            }
            for item in items {
                let title = sheet.titles.iter().find(|(key, _)| *key == item.key).map(|(_, title)| title.as_str());
                if title.is_none() && !sheet.titles.is_empty() {
                    bad(&mut found, format!("“{}”不是这项服务的材料", item.key));
                }
                look(&mut found, title.unwrap_or("这一项"), &item.words);
            }
            look_day(&mut found, sheet, *by);
        }
        Decision::Transfer { branch, reason } => {
            if sheet.branch_name.is_none() {
                bad(&mut found, format!("不能转到“{branch}”"));
            }
            if reason.trim().is_empty() {
                bad(&mut found, "还没有写转办理由，那边的同事要看");
            }
        }
    }
    if found.is_empty() {
        found.push(Finding { level: Weight::Ok, text: "用语和日期都看过了".to_owned() });
    }
    found
}

fn bad(found: &mut Vec<Finding>, text: impl Into<String>) {
    found.push(Finding { level: Weight::Bad, text: text.into() });
}

fn warn(found: &mut Vec<Finding>, text: impl Into<String>) {
    found.push(Finding { level: Weight::Warn, text: text.into() });
}

fn look(found: &mut Vec<Finding>, heading: &str, text: &str) {
    if text.trim().is_empty() {
        bad(found, format!("“{heading}”还是空的"));
        return;
    }
    if let Some(code) = internal_code(text) {
        bad(found, format!("“{heading}”里有内部代码“{code}”，居民看不懂"));
    }
    if text.contains(['{', '}', '<', '>']) {
        bad(found, format!("“{heading}”里有没填的占位符号"));
    }
    if holds_number(text) {
        bad(found, format!("“{heading}”里有完整的证件号码，请去掉"));
    }
    for (word, better) in JARGON.iter().filter(|(word, _)| text.contains(word)) {
        warn(found, format!("“{heading}”里的“{word}”居民不一定懂，可以写“{better}”"));
    }
    for word in BLAME.iter().filter(|word| text.contains(**word)) {
        let better = if *word == "你" { "请用“您”" } else { "语气像在责怪" };
        warn(found, format!("“{heading}”里有“{word}”，{better}"));
    }
    if text.chars().count() > 120 {
        warn(found, format!("“{heading}”太长，一句只说一件事"));
    }
}

/// A word like `later:book`, `form-version` or `E1042`: small Latin letters joined by marks, or letters with digits.
fn internal_code(text: &str) -> Option<&str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || "-_:.".contains(c)))
        .map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()))
        .find(|word| {
            let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
            let joined = word.contains(['-', '_', ':', '.']) && letters > 2;
            let numbered = letters > 0 && word.bytes().filter(u8::is_ascii_digit).count() >= 3;
            joined || numbered
        })
}

/// Fifteen or more digits in a row, or seventeen and X.
fn holds_number(text: &str) -> bool {
    let mut run = 0;
    text.chars().any(|c| {
        run = if c.is_ascii_digit() { run + 1 } else { 0 };
        run >= 15
    })
}

fn look_day(found: &mut Vec<Finding>, sheet: &Sheet<'_>, by: Date) {
    if by <= sheet.today {
        bad(found, "补正期限要在今天以后");
        return;
    }
    if !sheet.calendar.is_working_day(by) {
        warn(found, "期限那天不上班，窗口不开");
    }
    let days = days_between(sheet.calendar, sheet.today, by, LimitUnit::Working);
    if days < SHORTEST {
        warn(found, format!("只留了 {days} 个工作日，怕来不及"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::decision::Item;
    use super::super::letter::tests::sheet;
    use super::*;
    use crate::calendar::WorkCalendar;
    use jiff::civil::date;

    fn back(key: &str, words: &str, by: Date) -> Vec<(Weight, String)> {
        let titles = [("household-book".to_owned(), "户口簿".to_owned())];
        let calendar = WorkCalendar::default();
        let items = vec![Item { key: key.into(), code: None, words: words.into() }];
        let decision = Decision::ReturnForSupplement { items, by };
        findings(&sheet(&titles, &calendar), &decision).into_iter().map(|f| (f.level, f.text)).collect()
    }

    #[test]
    fn plain_words_and_a_good_day_are_fine() {
        let found = back("household-book", "请带户口簿首页和您本人那一页。", date(2026, 12, 4));
        assert_eq!(found, [(Weight::Ok, "用语和日期都看过了".to_owned())]);
    }

    #[test]
    fn each_planted_fault_is_found() {
        let far = date(2026, 12, 4);
        for (key, words, by, level, part) in [
            ("household-book", " ", far, Weight::Bad, "空的"),
            ("household-book", "later:household-book 未交", far, Weight::Bad, "内部代码"),
            ("household-book", "见 E1042", far, Weight::Bad, "内部代码"),
            ("household-book", "请带 330304200002299988 的证件", far, Weight::Bad, "证件号码"),
            ("household-book", "请补{title}", far, Weight::Bad, "占位"),
            ("household-book", "系统里看不到", far, Weight::Warn, "系统"),
            ("household-book", "请你带来", far, Weight::Warn, "您"),
            ("diploma", "请带来", far, Weight::Bad, "不是这项服务"),
            ("household-book", "请带来", date(2026, 12, 5), Weight::Warn, "不上班"),
            ("household-book", "请带来", date(2026, 11, 23), Weight::Warn, "怕来不及"),
            ("household-book", "请带来", date(2026, 11, 20), Weight::Bad, "今天以后"),
        ] {
            let found = back(key, words, by);
            assert!(found.iter().any(|(l, text)| *l == level && text.contains(part)), "{words}: {found:?}");
        }
    }

    #[test]
    fn a_phone_number_and_a_size_are_no_codes() {
        for plain in ["请打 0577-88000000", "A4 纸复印", "2 寸照片", "第 12 条"] {
            assert_eq!(internal_code(plain), None, "{plain}");
        }
    }
}
