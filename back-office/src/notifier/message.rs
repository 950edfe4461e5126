//! The words of a message and whom it goes to, made when it is sent. Invariants: neither name nor identity number is in
//! the words; said first is what was kept or done, then what to do, then whom to ask.

use super::{Message, NotSent};
use crate::office::Office;
use crate::store::cases::{self, Case};
use crate::store::notices::{self, Notice};
use crate::store::{StoreError, decisions, submissions};
use crate::worker::opening::{self, Opened};
use domain::answers::Answer;
use domain::case::Decision;
use domain::case::letter::long_day;
use domain::ids::ReceiptCode;
use domain::sensitive::Sensitive;
use domain::service::{FieldKind, Service};
use std::sync::Arc;
use wire::payload::Payload;

/// The message of a notice.
///
/// # Errors
/// Nobody to send to, or the store's.
pub(super) async fn of(office: &Arc<Office>, notice: &Notice) -> Result<Message, NotSent> {
    let later = |error: &dyn std::fmt::Display| NotSent::Later(error.to_string());
    let id = notice.case;
    let (case, manifest, decided) = office
        .store
        .read::<_, StoreError>(move |c| {
            let case = cases::find(c, id)?.ok_or(StoreError::Damaged("case of a notice"))?;
            let stored = submissions::find(c, case.submission)?.ok_or(StoreError::Damaged("submission of a case"))?;
            Ok((case, stored.manifest()?, decisions::of_case(c, id)?))
        })
        .await
        .map_err(|error| later(&error))?;
    let opened = opening::open(office, &manifest).await.map_err(|error| later(&error))?;
    let Opened::Readable { payload, .. } = opened else {
        return Err(NotSent::Never("the submission cannot be opened".into()));
    };
    let service = office.services.service(&case.service);
    let Some(to) = phone(service, &payload) else { return Err(NotSent::Never("no number is known".into())) };
    let mut decisions =
        decided.iter().rev().filter_map(|decided| serde_json::from_value(decided.decision.clone()).ok());
    let last: Option<Decision> = decisions.find(|decision| matches!(decision, Decision::ReturnForSupplement { .. }));
    Ok(Message {
        key: notice.key(),
        kind: notice.kind.clone(),
        to,
        text: Sensitive::new(words(office, &case, notice, last.as_ref())),
    })
}

/// The number that the person gave, else the one that was known of them.
fn phone(service: Option<&Service>, payload: &Payload) -> Option<Sensitive<String>> {
    let fields = service.map(Service::fields).unwrap_or_default();
    let asked = fields.into_iter().filter(|field| matches!(field.kind, FieldKind::Phone { .. }));
    let answered = asked.filter_map(|field| payload.answers.get(&field.id)).find_map(|answer| match answer {
        Answer::Text(text) => Some(text.expose().clone()),
        Answer::Date(_)
        | Answer::Choice(_)
        | Answer::Address(_)
        | Answer::Photo(_)
        | Answer::Document(_)
        | Answer::Later
        | Answer::Signature(_)
        | Answer::CannotSign
        | Answer::AtCounter
        | Answer::Declared => None,
    });
    answered.or_else(|| payload.facts.text("person.phone", payload.day)).map(Sensitive::new)
}

fn words(office: &Office, case: &Case, notice: &Notice, decision: Option<&Decision>) -> String {
    let (bureau, window) = (&office.loaded.bureau, &office.loaded.config.counter.window);
    let what = format!("您申请的“{}”", case.title);
    let material = || {
        let known = office.services.text(&case.service, &format!("material.{}", notice.name));
        known.unwrap_or_else(|| "材料".to_owned())
    };
    let told = match notice.kind.as_str() {
        notices::SUPPLEMENT => {
            let (count, by) = match decision {
                Some(Decision::ReturnForSupplement { items, by }) => (items.len().to_string(), Some(*by)),
                Some(_) | None => ("几".to_owned(), case.supplement_by),
            };
            let until = by.map(|by| format!("，请在 {}前补上", long_day(by))).unwrap_or_default();
            format!(
                "{what}，已交的材料都保留着，还差 {count} 项{until}。带上回执或身份证，到任何一台自助机或窗口都可以补。"
            )
        }
        notices::READY => format!("{what}已经办好，请带身份证到{window}领取。"),
        notices::REJECTED => {
            format!("{what}有了结果：这次没有批准。原因和您可以怎么做，写在通知书上，请到{window}领取。")
        }
        notices::REFUSED => format!("{what}，这次不能受理，您交的材料可以取回。原因和您可以怎么做，请到{window}了解。"),
        notices::LATER_DUE => {
            let (material, day) = (material(), long_day(notice.on_day));
            format!("{what}正在办理。“{material}”还没有补，最后一天是 {day}。到任何一台自助机都可以补。")
        }
        notices::LATER_LAPSED => format!("{what}还保留着。“{}”过了补交的日子，请尽快到{window}。", material()),
        _ => format!("{what}有新的进展，请到{window}了解。"),
    };
    let code = case.code.as_deref().and_then(ReceiptCode::parse).map(|code| format!("回执编号 {}，", code.grouped()));
    format!("【{}】{told}{}电话 {}。", bureau.station_name, code.unwrap_or_default(), bureau.phone)
}
