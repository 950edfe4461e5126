//! What happened to a case, in words: the leaves of the audit log about it, so that the screen tells what the log tells.
//! Not here: reasons and other free words, which no leaf carries.

use super::shapes::Rows;
use crate::store::audit::Leaf;
use domain::case::Kind;
use domain::ids::OfficerId;
use jiff::Timestamp;
use serde::Serialize;

/// One line.
#[derive(Serialize)]
pub(super) struct Line {
    at: Timestamp,
    words: String,
    officer_name: Option<String>,
}

/// Renewing a claim is no event for a reader.
const SILENT: [&str; 1] = ["claim-renewed"];

fn words(leaf: &Leaf, rows: &mut Rows<'_>) -> String {
    let detail = |name: &str| leaf.details.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
    let decision = || Kind::parse(detail("decision")).map_or("决定", Kind::label);
    match leaf.action.as_str() {
        "submission-received" => "办件送达".to_owned(),
        "opened-at-counter" => match leaf.details.get("from_visit").and_then(serde_json::Value::as_bool) {
            Some(true) => "自助机填了一半，在窗口接着办".to_owned(),
            _ => "在窗口开办".to_owned(),
        },
        "case-queued" => "进入队列".to_owned(),
        "certificate-issued" => "证明已开具".to_owned(),
        "case-opened" => "查看".to_owned(),
        "closed-case-opened" => "查看已办结的办件（已写明理由）".to_owned(),
        "attachment-opened" => "查看材料图片".to_owned(),
        "full-number-shown" => "显示全号".to_owned(),
        "case-claimed" => "领办".to_owned(),
        "case-released" => "放回队列".to_owned(),
        "case-assigned" => format!("交给 {}", rows.officer(&OfficerId::new(detail("to")))),
        "case-decided" => decision().to_owned(),
        "decision-waits" => format!("{}，待第二人", decision()),
        "supplement-back" => "补正送来".to_owned(),
        "supplement-received" => match leaf.details.get("keys").and_then(serde_json::Value::as_array) {
            Some(keys) => format!("补正内容已放进办件，{} 项", keys.len()),
            None => "补正内容已放进办件".to_owned(),
        },
        "looked-by-person" => "本人在自助机查进度".to_owned(),
        "paper-checked" => "核对原件".to_owned(),
        "paper-unchecked" => "撤回核对原件".to_owned(),
        "check-done" => "核对一项".to_owned(),
        "check-undone" => "撤回一项核对".to_owned(),
        "person-found" => match detail("finding") {
            "same" => "核对本人：是同一人".to_owned(),
            "not-same" => "核对本人：不是同一人".to_owned(),
            _ => "核对本人：当面核过".to_owned(),
        },
        "ticket-drawn" => format!("取号 {}", detail("ticket")),
        "ticket-called" => format!("叫号 {}", detail("ticket")),
        "ticket-recalled" => format!("再叫号 {}", detail("ticket")),
        "ticket-no-show" => format!("叫号 {} 未到", detail("ticket")),
        "ticket-served" => format!("号 {} 已接待", detail("ticket")),
        "issued" => "制证出证，可以领取".to_owned(),
        "collected" => "已领取，本人身份已核".to_owned(),
        "posted" => "已寄出".to_owned(),
        "reprinted" => "重新打印（已写明理由）".to_owned(),
        "paper-opened" => "打开证明文件".to_owned(),
        "copy-aid-opened" => "打开录入辅助".to_owned(),
        "certificate-revoked" => "证明已撤销（已写明理由）".to_owned(),
        "rating-given" => "本人评价".to_owned(),
        "later-warned" => "容缺快到期，已列入提醒".to_owned(),
        "later-lapsed" => "容缺过期没有补".to_owned(),
        other => other.to_owned(),
    }
}

/// The lines, first to last; looking again without doing anything in between is told once.
pub(super) fn lines(leaves: &[Leaf], rows: &mut Rows<'_>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for leaf in leaves.iter().filter(|leaf| !SILENT.contains(&leaf.action.as_str())) {
        let line = Line {
            at: leaf.at,
            words: words(leaf, rows),
            officer_name: leaf.actor.strip_prefix("officer:").map(|id| rows.officer(&OfficerId::new(id))),
        };
        let looks = ["case-opened", "attachment-opened"].contains(&leaf.action.as_str());
        let again = looks
            && lines.last().is_some_and(|last| last.words == line.words && last.officer_name == line.officer_name);
        if !again {
            lines.push(line);
        }
    }
    lines
}
