//! What the resident will read after a decision, word for word; the same text for preview, paper and screen.
//! Invariants: says what was kept first and one idea a sentence; nothing internal is in it unless an officer wrote it,
//! and then `wording` finds it. Not here: sending and printing.

use super::deadline::weekday;
use super::decision::Decision;
use super::wording::{Finding, findings};
use crate::calendar::WorkCalendar;
use jiff::civil::Date;
use serde::Serialize;

/// What a letter needs to know.
#[derive(Clone, Debug)]
pub struct Sheet<'a> {
    /// The service's name.
    pub service: &'a str,
    /// Who is addressed; empty when unknown.
    pub person: &'a str,
    /// The code on the receipt, grouped.
    pub code: Option<String>,
    /// Name of the station.
    pub station: &'a str,
    /// Whom to call.
    pub phone: &'a str,
    /// What the person gets in the end.
    pub output: &'a str,
    /// The last day of law if accepted today.
    pub last_day: Option<Date>,
    /// Titles by key of what may be asked for; empty = unknown.
    pub titles: &'a [(String, String)],
    /// Name of the branch a transfer goes to; `None` = no such branch.
    pub branch_name: Option<&'a str>,
    /// Today.
    pub today: Date,
    /// Days off.
    pub calendar: &'a WorkCalendar,
}

/// One thing to do or to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LetterItem {
    /// What it is about.
    pub heading: String,
    /// What to do.
    pub text: String,
}

/// The letter, and what is wrong with its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Letter {
    /// Verdict in one line.
    pub title: String,
    /// First sentences.
    pub lead: String,
    /// What, point by point.
    pub items: Vec<LetterItem>,
    /// Last sentences.
    pub closing: Vec<String>,
    /// Who writes, and the day.
    pub signature: String,
    /// For the officer only.
    pub findings: Vec<Finding>,
}

/// `2026 年 12 月 4 日（周五）`.
pub fn long_day(day: Date) -> String {
    format!("{} 年 {} 月 {} 日（{}）", day.year(), day.month(), day.day(), weekday(day))
}

/// The title of a key, or the key itself when unknown (which `wording` reports).
fn title_of<'a>(sheet: &'a Sheet<'_>, key: &'a str) -> &'a str {
    sheet.titles.iter().find(|(known, _)| known == key).map_or(key, |(_, title)| title)
}

/// Writes the letter of a decision.
pub fn letter(sheet: &Sheet<'_>, decision: &Decision) -> Letter {
    let service = sheet.service;
    let greeting = if sheet.person.is_empty() { String::new() } else { format!("{}，您好。", sheet.person) };
    let item = |heading: &str, text: &str| LetterItem { heading: heading.to_owned(), text: text.trim().to_owned() };
    let (title, lead, items, mut closing) = match decision {
        Decision::Accept => {
            let by = sheet.last_day.map(|day| format!("最晚 {} 办结。", long_day(day)));
            let lead = format!("{greeting}您申请的“{service}”已经受理。");
            ("已受理".to_owned(), lead, Vec::new(), vec![by.unwrap_or_else(|| "办好了会通知您。".to_owned())])
        }
        Decision::Approve => {
            let lead = format!("{greeting}您申请的“{service}”已经办好。");
            let get = (!sheet.output.is_empty()).then(|| item("您将拿到", sheet.output));
            ("已办结".to_owned(), lead, get.into_iter().collect(), Vec::new())
        }
        Decision::ReturnForSupplement { items, by } => {
            let lead = format!("{greeting}您申请的“{service}”，已交的材料都保留着，还差下面 {} 项。", items.len());
            let items = items.iter().map(|asked| item(title_of(sheet, &asked.key), &asked.words)).collect();
            let closing = vec![
                format!("请在 {} 前补上。", long_day(*by)),
                "带上回执或身份证，到任何一台自助机或窗口都可以补，只补这几项。".to_owned(),
                "补正期间办理时限暂停计算。".to_owned(),
            ];
            ("请补充材料".to_owned(), lead, items, closing)
        }
        Decision::RefuseToAccept { reason, remedy } => {
            let lead = format!("{greeting}您申请的“{service}”，这次不能受理。您交的材料可以取回。");
            ("不予受理".to_owned(), lead, vec![item("原因", reason), item("您可以这样做", remedy)], Vec::new())
        }
        Decision::Reject { ground, reason, remedy } => {
            let lead = format!("{greeting}您申请的“{service}”，这次没有批准。");
            let items = vec![item("原因", reason), item("依据", ground), item("您可以这样做", remedy)];
            ("未予批准".to_owned(), lead, items, Vec::new())
        }
        Decision::Transfer { branch, .. } => {
            let to = sheet.branch_name.unwrap_or(branch);
            let lead = format!("{greeting}您申请的“{service}”已转给{to}窗口继续办，不用重新提交。");
            ("已转办".to_owned(), lead, Vec::new(), Vec::new())
        }
    };
    closing.push(match &sheet.code {
        Some(code) => format!("有疑问请打 {}，报回执编号 {code}。", sheet.phone),
        None => format!("有疑问请打 {}。", sheet.phone),
    });
    let today = sheet.today;
    let signature = format!("{} · {} 年 {} 月 {} 日", sheet.station, today.year(), today.month(), today.day());
    Letter { title, lead, items, closing, signature, findings: findings(sheet, decision) }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::case::decision::Item;
    use jiff::civil::date;

    pub(in crate::case) fn sheet<'a>(titles: &'a [(String, String)], calendar: &'a WorkCalendar) -> Sheet<'a> {
        Sheet {
            service: "身份证丢失补领",
            person: "陈雨桐",
            code: Some("ACDE FG79".into()),
            station: "云桥派出所",
            phone: "0577-88000000",
            output: "新身份证",
            last_day: Some(date(2027, 1, 21)),
            titles,
            branch_name: None,
            today: date(2026, 11, 20),
            calendar,
        }
    }

    #[test]
    fn a_return_says_what_was_kept_then_what_then_by_when() {
        let titles = [("household-book".to_owned(), "户口簿".to_owned())];
        let calendar = WorkCalendar::default();
        let items =
            vec![Item { key: "household-book".into(), code: None, words: "请带首页和本人页。".into() }];
        let decision = Decision::ReturnForSupplement { items, by: date(2026, 12, 4) };
        let letter = letter(&sheet(&titles, &calendar), &decision);
        assert!(letter.lead.contains("保留着") && letter.lead.contains("1 项"), "{}", letter.lead);
        assert_eq!(letter.items, [LetterItem { heading: "户口簿".into(), text: "请带首页和本人页。".into() }]);
        assert_eq!(letter.closing[0], "请在 2026 年 12 月 4 日（周五） 前补上。");
        assert!(letter.closing.last().is_some_and(|line| line.contains("ACDE FG79")));
    }
}
