//! The form as the office evaluates it: fields in order with values in words, where each value comes from, and what is
//! wrong with it (product rule 10). Invariant: the same functions as at the kiosk (`domain::form`) decide.

use super::evidence::Evidence;
use super::papers::{self, Page};
use crate::worker::checking::input;
use domain::answers::{Answer, Answers};
use domain::form::{self, FieldError};
use domain::ids::FieldId;
use domain::rules::{RuleCode, RuleId};
use domain::sensitive::Sensitive;
use domain::service::{Field, Step};
use serde::Serialize;
use wire::payload::Identified;

/// A field as shown.
#[derive(Serialize)]
pub(super) struct FieldRow {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) value: Sensitive<String>,
    source: &'static str,
    source_word: &'static str,
    pub(super) error: Option<String>,
    /// Key of the paper that shows it.
    paper: Option<String>,
}

/// A step as shown.
#[derive(Serialize)]
pub(super) struct StepRow {
    step: String,
    title: String,
    pub(super) fields: Vec<FieldRow>,
}

/// An answer that a supplement replaced.
#[derive(Serialize)]
pub(super) struct Was {
    id: String,
    label: String,
    value: Sensitive<String>,
    pages: Vec<Page>,
}

/// Answers that a supplement replaced, in words, with their pages.
pub(super) fn was(evidence: &Evidence<'_>, before: &Answers) -> Vec<Was> {
    let told = |(id, answer): (&FieldId, &Answer)| {
        let field = evidence.service?.field(id)?;
        Some(Was {
            id: id.to_string(),
            label: evidence.field_name(id.as_str()),
            value: Sensitive::new(value(evidence, field, answer)),
            pages: papers::pages(evidence, &answer.attachments()),
        })
    };
    before.iter().filter_map(told).collect()
}

/// The fields that are asked, groups opened.
pub(super) fn asked<'a>(evidence: &Evidence<'a>) -> Vec<&'a Field> {
    match (evidence.service, evidence.context()) {
        (Some(service), Some(context)) => form::asked_fields(service, context),
        (Some(_) | None, _) => Vec::new(),
    }
}

/// The form, evaluated.
pub(super) fn steps(evidence: &Evidence<'_>) -> Vec<StepRow> {
    let (Some(service), Some(context)) = (evidence.service, evidence.context()) else { return Vec::new() };
    let shown = |(step, fields): (&Step, Vec<&Field>)| {
        let fields: Vec<FieldRow> = fields.into_iter().map(|field| row(evidence, field)).collect();
        let title = evidence.text(&format!("step.{}", step.id));
        (!fields.is_empty()).then(|| StepRow { title, step: step.id.to_string(), fields })
    };
    form::asked_by_step(service, context).into_iter().filter_map(shown).collect()
}

fn row(evidence: &Evidence<'_>, field: &Field) -> FieldRow {
    let answer = evidence.payload.and_then(|payload| payload.answers.get(&field.id));
    let (source, source_word) = source(evidence, field, answer);
    FieldRow {
        id: field.id.to_string(),
        label: evidence.field_name(field.id.as_str()),
        value: Sensitive::new(answer.map(|answer| value(evidence, field, answer)).unwrap_or_default()),
        source,
        source_word,
        error: error(evidence, field, answer),
        paper: field.paper(),
    }
}

fn value(evidence: &Evidence<'_>, field: &Field, answer: &Answer) -> String {
    match answer {
        Answer::Text(text) => text.expose().clone(),
        Answer::Date(day) => day.expose().to_string(),
        Answer::Choice(options) => {
            let words = options.iter().map(|option| evidence.text(&format!("field.{}.{option}", field.id)));
            words.collect::<Vec<_>>().join("、")
        }
        Answer::Address(address) => format!("{}{}", address.expose().names.join(""), address.expose().detail),
        Answer::Photo(_) => "已拍照".to_owned(),
        Answer::Document(pages) => format!("已交 {} 页", pages.len()),
        Answer::Later => "容缺，以后补".to_owned(),
        Answer::Signature(_) => "已签名".to_owned(),
        Answer::CannotSign => "不能签名，须民警见证".to_owned(),
        Answer::AtCounter => "在窗口当面办理".to_owned(),
        Answer::Declared => "已阅读并同意".to_owned(),
    }
}

/// Facts that the card itself shows.
const ON_THE_CARD: [&str; 6] =
    ["person.name", "person.id-number", "person.birth", "person.sex", "person.nation", "person.address"];

fn source(evidence: &Evidence<'_>, field: &Field, answer: Option<&Answer>) -> (&'static str, &'static str) {
    let filled = || {
        let (name, payload) = (field.prefill.as_deref()?, evidence.payload?);
        let known = payload.facts.text(name, payload.day)?;
        let same = match answer? {
            Answer::Text(text) => *text.expose() == known,
            Answer::Date(day) => day.expose().to_string() == known,
            Answer::Choice(options) => options.as_slice() == [known],
            Answer::Address(_)
            | Answer::Photo(_)
            | Answer::Document(_)
            | Answer::Later
            | Answer::Signature(_)
            | Answer::CannotSign
            | Answer::AtCounter
            | Answer::Declared => false,
        };
        let card = matches!(payload.identified, Identified::CardAndFace | Identified::CardOfficer);
        same.then(|| card && ON_THE_CARD.contains(&name))
    };
    match filled() {
        Some(true) => ("card", "身份证读取"),
        Some(false) => ("registry", "登记信息"),
        None => ("person", "本人填写"),
    }
}

fn error(evidence: &Evidence<'_>, field: &Field, answer: Option<&Answer>) -> Option<String> {
    let (service, payload) = (evidence.service?, evidence.payload?);
    let Some(answer) = answer else { return field.required.then(|| words(&FieldError::Empty)) };
    form::check(service, field, &input(answer), payload.day).err().map(|error| words(&error))
}

/// What is wrong, in words for an officer.
pub(super) fn words(error: &FieldError) -> String {
    match error {
        FieldError::Empty => "还没有填".to_owned(),
        FieldError::TooShort { min } => format!("至少 {min} 个字"),
        FieldError::TooLong { max } => format!("最多 {max} 个字或页"),
        FieldError::Rule { rule, code } => rule_words(*rule, *code).to_owned(),
        FieldError::NotADay => "没有这一天".to_owned(),
        FieldError::TooEarly { earliest } => format!("不能早于 {earliest}"),
        FieldError::TooLate { latest } => format!("不能晚于 {latest}"),
        FieldError::NoSuchOption => "不在选项里".to_owned(),
        FieldError::WrongKind => "内容的种类不对".to_owned(),
        FieldError::NotDeferrable => "这份材料不能以后再补".to_owned(),
    }
}

fn rule_words(rule: RuleId, code: RuleCode) -> &'static str {
    match code {
        RuleCode::Checksum | RuleCode::OrgChecksum => "有一位不对，请对照证件",
        RuleCode::Date | RuleCode::DateFuture => "号码里的日期不对，请对照证件",
        RuleCode::Division | RuleCode::Province => "地区那几位不对，请对照证件",
        RuleCode::Format if rule == RuleId::ResidentId => "身份证号是 18 位，请对照证件",
        RuleCode::Format if rule == RuleId::Mobile => "手机号是 11 位，请再问一遍",
        RuleCode::Format if rule == RuleId::PersonName => "姓名只写汉字，中间的点写“·”",
        RuleCode::Format | RuleCode::YearChar | RuleCode::Nation => "号码或写法不对，请对照证件",
    }
}
