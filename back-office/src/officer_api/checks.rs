//! The list of checks of a case: what the machine has looked at, and each open point that an officer must look at.
//! Invariants: every open code becomes one check, except those that are settled elsewhere (the person, papers that
//! follow later); a check is done only by an officer's mark. Codes: `back-office/README.md`.

use super::evidence::Evidence;
use super::form;
use super::papers::Done;
use super::shapes::Rows;
use crate::store::deciding::SUPPLEMENT_BACK;
use crate::store::marks::About;
use serde::Serialize;

/// A check as shown.
#[derive(Serialize)]
pub(super) struct Check {
    id: String,
    label: String,
    by: &'static str,
    done: Option<Done>,
}

/// The open points that are checks of an officer: code and label.
fn of_officer(evidence: &Evidence<'_>) -> Vec<(String, String)> {
    let settled_elsewhere = |code: &str| code == "confirm-person" || code.starts_with("later:");
    let open = evidence.case.open.iter().filter(|code| !settled_elsewhere(code));
    open.map(|code| (code.clone(), label(evidence, code))).collect()
}

/// Whether a check of an officer has this id.
pub(super) fn is_known(evidence: &Evidence<'_>, id: &str) -> bool {
    of_officer(evidence).iter().any(|(code, _)| code == id)
}

fn label(evidence: &Evidence<'_>, code: &str) -> String {
    let (kind, rest) = code.split_once(':').unwrap_or((code, ""));
    let field = |id: &str| evidence.field_name(id);
    match kind {
        "confirm-mandate" => "核对委托书和委托人身份".to_owned(),
        "cannot-sign" => "本人不能签名，当面见证".to_owned(),
        "own-record-unavailable" => "登记信息当时查不到，请核对".to_owned(),
        "unreadable" => "内容打不开，请本人当面说明".to_owned(),
        "unknown-service" => "目录里没有这项服务，请核对要办什么".to_owned(),
        "form-version" => "表单是旧的一版，请核对内容".to_owned(),
        "day" => "自助机的日期不对，请核对日期".to_owned(),
        "matter" => "核对是为谁办".to_owned(),
        "attachment-missing" => format!("“{}”的图片没有收到", field(rest)),
        "later-lapsed" => format!("容缺的“{}”过期没有补，请联系本人", evidence.text(&format!("material.{rest}"))),
        "rule" => {
            let words = evidence.text_if(&format!("rule.{rest}"));
            words.unwrap_or_else(|| "核对是否符合办理条件".to_owned())
        }
        "form" => {
            let (id, what) = rest.split_once(':').unwrap_or((rest, ""));
            let wrong = match what {
                "empty" => "没有填",
                "not-asked" => "本来不用填",
                _ => "填的和规则不符",
            };
            format!("“{}”{wrong}，请核对", field(id))
        }
        "supplement-of-ended" => "补正送来时原办件已办结，请联系本人".to_owned(),
        "supplement-of-another" => "补正的人和原办件的人不是同一人，请核对".to_owned(),
        "supplement-of-unknown" => "补正找不到原办件，请核对".to_owned(),
        "supplement-of-unreadable" => "补正送来，原办件打不开，请核对".to_owned(),
        _ if code == SUPPLEMENT_BACK => "补正的内容已经送来，请核对".to_owned(),
        _ => format!("核对：{code}"),
    }
}

/// What stands before accepting, in words.
pub(super) fn open_words(evidence: &Evidence<'_>) -> Vec<String> {
    let open = of_officer(evidence).into_iter().filter(|(id, _)| evidence.marks.get(About::Check, id).is_none());
    open.map(|(_, label)| format!("未核：{label}")).collect()
}

/// The list.
pub(super) fn shown(evidence: &Evidence<'_>, rows: &mut Rows<'_>) -> Vec<Check> {
    let by_machine = |id: &str, label: &str, done: bool| Check {
        id: id.to_owned(),
        label: label.to_owned(),
        by: "machine",
        done: done.then_some(Done { officer_name: None, at: None }),
    };
    let mut list = Vec::new();
    if let Some(payload) = evidence.payload {
        let steps = form::steps(evidence);
        let right = steps.iter().flat_map(|step| &step.fields).all(|field| field.error.is_none());
        list.push(by_machine("machine:form", "表单逐项核验", right));
        list.push(by_machine("machine:identity", "身份由机器比对", !payload.identified.needs_officer()));
    }
    for (id, label) in of_officer(evidence) {
        let done = evidence.marks.get(About::Check, &id);
        let done = done.map(|mark| Done { officer_name: Some(rows.officer(&mark.officer)), at: Some(mark.at) });
        list.push(Check { id, label, by: "officer", done });
    }
    list
}
