//! Check answers, and what an officer still looks at.

use super::rows::{self, model, note};
use super::words::Speech;
use super::{Heading, Sheet, ids, values};
use domain::ids::ServiceId;
use domain::mask;
use domain::service::{Applicant, EligibilityEffect};
use slint::ComponentHandle;
use ui::{AnswerGroup, AnswerView, Check, KioskWindow, Tone};
use visit::{CheckLine, CheckPage, Open};

pub(crate) fn present(sheet: &Sheet<'_>, page: &CheckPage) -> (ui::Screen, Heading) {
    let say = sheet.say;
    let check = sheet.window.global::<Check>();
    let Some(service) = &sheet.scene.view.frame.service else { return (ui::Screen::Check, Heading::default()) };
    let mut groups: Vec<AnswerGroup> = you(say, page).into_iter().collect();
    let mut lines = page.lines.as_slice();
    while let Some(first) = lines.first() {
        let many = lines.iter().take_while(|line| line.step == first.step).count();
        let (group, rest) = lines.split_at(many);
        let title = say.service(service, &format!("step.{}", first.step));
        groups.push(group_of(title, group.iter().map(|line| answer(say, service, line)).collect()));
        lines = rest;
    }
    rows::update(&check.get_groups(), groups, |rows| check.set_groups(rows));
    check.set_change_label(sheet.text("button.change"));
    let act = say.service(service, "submit");
    let statement = match &sheet.scene.view.frame.wanted {
        Some(wanted) => say.fill("check.statement-supplement", &[("code", &wanted.code.grouped())]),
        None => say.fill("check.statement-now", &[("act", &act)]),
    };
    check.set_statement(statement.into());
    let mut heading = Heading::new(say.text("check.title"), say.text("check.line"));
    if !page.open.is_empty() {
        heading.below.push(note(Tone::Warn, "users", say.text("check.officer"), open_words(say, service, &page.open)));
    }
    (ui::Screen::Check, heading)
}

fn group_of(title: String, rows: Vec<AnswerView>) -> AnswerGroup {
    AnswerGroup { title: title.into(), change_id: "".into(), rows: model(rows) }
}

fn line(label: String, value: String) -> AnswerView {
    AnswerView { label: label.into(), value: value.into(), change_id: "".into() }
}

fn you(say: Speech<'_>, page: &CheckPage) -> Option<AnswerGroup> {
    let mut rows = Vec::new();
    if let Some(person) = &page.applicant {
        if !person.name.expose().is_empty() {
            rows.push(line(say.text("identify.name-label"), person.name.expose().clone()));
        }
        rows.push(line(say.text("identify.number-label"), mask::id_number(person.id_number.expose())));
    }
    if page.matter != Applicant::Own {
        rows.push(line(say.text("check.matter"), say.text(&format!("matter.{}", ids::matter_id(page.matter)))));
    }
    if let Some(subject) = &page.subject {
        let key = if page.matter == Applicant::Proxy { "check.subject-proxy" } else { "check.subject-guardian" };
        rows.push(line(say.text(key), mask::id_number(subject.expose())));
    }
    (!rows.is_empty()).then(|| group_of(say.text("check.you"), rows))
}

fn answer(say: Speech<'_>, service: &ServiceId, line: &CheckLine) -> AnswerView {
    AnswerView {
        label: name(say, service, line.field.as_str()).into(),
        value: values::answer(say, service, &line.field, &line.kind, line.answer.as_ref()).into(),
        change_id: if line.changeable { line.field.as_str().into() } else { "".into() },
    }
}

/// What is checked has a name, where the page told what to do.
fn name(say: Speech<'_>, service: &ServiceId, field: &str) -> String {
    let name = say.service(service, &format!("field.{field}.paper"));
    if name.is_empty() { say.service(service, &format!("field.{field}")) } else { name }
}

/// What is open, in one sentence.
pub(crate) fn open_words(say: Speech<'_>, service: &ServiceId, open: &[Open]) -> String {
    let words: Vec<String> = open.iter().map(|open| one_open(say, service, open)).collect();
    words.join(&say.text("list.then"))
}

/// A rule that could say no, and was not or could not be decided here: its words would read as a refusal.
fn refuses(say: Speech<'_>, service: &ServiceId, rule: &str) -> bool {
    let rules = say.words().catalogue().service(service).map(|service| &service.eligibility);
    rules.is_some_and(|rules| rules.iter().any(|known| known.id == rule && known.then == EligibilityEffect::No))
}

fn one_open(say: Speech<'_>, service: &ServiceId, open: &Open) -> String {
    match open {
        Open::ConfirmPerson => say.text("open.confirm-person"),
        Open::ConfirmMandate => say.text("open.confirm-mandate"),
        Open::CannotSign => say.text("open.cannot-sign"),
        Open::OwnRecordUnavailable => say.text("open.own-record-unavailable"),
        Open::Rule(rule) if refuses(say, service, rule) => say.text("open.eligibility"),
        Open::Rule(rule) => say.service(service, &format!("rule.{rule}")),
        Open::Later { material, working_days } => {
            let name = say.service(service, &format!("material.{material}"));
            match working_days {
                None => say.fill("open.later", &[("material", &name)]),
                Some(days) => say.fill("open.later-days", &[("material", &name), ("n", &days.to_string())]),
            }
        }
    }
}

pub(crate) fn clear(window: &KioskWindow) {
    let check = window.global::<Check>();
    rows::update(&check.get_groups(), Vec::new(), |rows| check.set_groups(rows));
    check.set_statement("".into());
}
