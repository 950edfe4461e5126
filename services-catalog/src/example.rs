//! Examples of a service: a person's facts and answers, and what the rule says must come of it. They run with every check.
//! The expected outcome is written down from the law by whoever writes the service, never copied from the program.
//!
//! ```toml
//! why = "91 days before expiry is one day too early (order 162, art. 63)"
//! day = "2026-11-21"
//! expect = "no"            # yes | no | officer | not-yet-known
//! rule = "too-early"       # for no and officer
//! missing = ["phone"]      # optional: asked, required, unanswered
//! [facts]
//! "licence.expires" = 2027-02-20
//! [answers]
//! phone = "13800000000"    # a text is checked as typed; a list = options; true = made by a device
//! home = { division = "330304", detail = "学前街 21 号" }   # an address
//! [refuses]                # optional: these inputs must be refused with this code
//! phone = { input = "12000000000", code = "mobile.FORMAT" }
//! ```

use crate::catalogue::{Source, read_file};
use crate::finding::Finding;
use crate::reader::{File, Table};
use domain::answers::{Address, Answer, Answers, AttachmentId};
use domain::condition::Context;
use domain::eligibility::{Eligibility, assess};
use domain::facts::{Facts, Value};
use domain::form::{self, Input};
use domain::ids::FieldId;
use domain::sensitive::Sensitive;
use domain::service::{FieldKind, Service};
use jiff::civil::Date;
use std::ops::Range;
use toml::de::DeValue;

/// Runs all examples of a service; a service without examples is a finding.
pub(crate) fn run_all(source: &Source, base: &str, service: &Service, findings: &mut Vec<Finding>) {
    let prefix = format!("{base}/examples/");
    let paths: Vec<&String> = source.keys().filter(|path| path.starts_with(&prefix)).collect();
    if paths.is_empty() {
        let what = "the service has no examples".to_owned();
        let hint = "add examples/<what-happens>.toml with the outcome the rule demands".to_owned();
        findings.push(Finding { file: prefix, line: 0, what, hint });
    }
    for path in paths {
        read_file(source, path, findings, |file| run(file, service));
    }
}

fn run(file: &File<'_>, service: &Service) {
    let parsed = file.parse();
    let top = Table::new(file, "the example", 0..0, parsed.get_ref());
    let _why = top.text("why");
    let day = read_day(&top);
    let expect = top.text("expect");
    let rule = top.optional_text("rule").map(|(rule, _)| rule);
    let missing = top.value("missing").map(|found| (top.texts("missing"), found.span()));
    let facts = top.table("facts").map(|table| read_facts(&table)).unwrap_or_default();
    let Some(day) = day else { return };
    let answers = top.table("answers").map(|table| read_answers(&table, service, day)).unwrap_or_default();
    if let Some(table) = top.table("refuses") {
        check_refusals(&table, service, day);
    }
    top.finish();
    let context = Context { facts: &facts, answers: &answers, today: day };
    if let Some((expected, span)) = expect {
        let found = assess(service, context);
        let (word, found_rule) = match &found {
            Eligibility::Yes => ("yes", None),
            Eligibility::No { rule } => ("no", Some(rule.clone())),
            Eligibility::Officer { rule } => ("officer", Some(rule.clone())),
            Eligibility::NotYetKnown { rule } => ("not-yet-known", Some(rule.clone())),
        };
        if word != expected || (rule.is_some() && rule != found_rule) {
            let wanted = rule.map(|rule| format!(" by `{rule}`")).unwrap_or_default();
            let by = found_rule.map(|rule| format!(" by `{rule}`")).unwrap_or_default();
            let what = format!("expected {expected}{wanted}, the service says {word}{by}");
            file.find(
                span,
                what,
                "the example comes from the law: mend the service, or show that the example is wrong",
            );
        }
    }
    if let Some((expected, span)) = missing {
        let expected: Vec<String> = expected.into_iter().map(|(id, _)| id).collect();
        let found: Vec<String> = form::missing(service, context).iter().map(ToString::to_string).collect();
        if expected != found {
            file.find(span, format!("missing answers are {found:?}"), "mend the form's conditions, or the example");
        }
    }
}

fn read_day(top: &Table<'_, '_>) -> Option<Date> {
    let (text, span) = top.text("day")?;
    let day = form::parse_day(&text);
    if day.is_none() {
        top.file().find(span, format!("`{text}` is no day"), "day = \"2026-11-22\"");
    }
    day
}

fn read_facts(table: &Table<'_, '_>) -> Facts {
    let mut facts = Facts::new();
    for (name, value, span) in table.entries() {
        let read = match value.get_ref() {
            DeValue::String(text) => Some(Value::Text(text.to_string())),
            DeValue::Integer(number) => number.as_str().parse().ok().map(Value::Number),
            DeValue::Boolean(flag) => Some(Value::Flag(*flag)),
            DeValue::Datetime(day) => form::parse_day(&day.to_string()).map(Value::Date),
            DeValue::Float(_) | DeValue::Array(_) | DeValue::Table(_) => None,
        };
        match read {
            Some(value) => facts.set(name, value),
            None => table.file().find(span, format!("`{name}` is no fact"), "a text, whole number, day, true or false"),
        }
    }
    facts
}

fn read_answers(table: &Table<'_, '_>, service: &Service, day: Date) -> Answers {
    let mut answers = Answers::default();
    for (name, value, span) in table.entries() {
        let id = FieldId::new(name.clone());
        let Some(field) = service.field(&id) else {
            table.file().find(span, format!("no field is called `{name}`"), "answer what is asked");
            continue;
        };
        let input = match value.get_ref() {
            DeValue::String(text) if text == "later" => Input::Made(Answer::Later),
            DeValue::String(text) => Input::Text(Sensitive::new(text.to_string())),
            DeValue::Array(items) => {
                Input::Options(items.iter().filter_map(|item| item.get_ref().as_str()).map(str::to_owned).collect())
            }
            DeValue::Boolean(true) => Input::Made(made(&field.kind)),
            DeValue::Table(inner) => read_address(Table::new(table.file(), name.clone(), value.span(), inner)),
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {
                let hint = "a text, a list of options, an address as a table, or true";
                table.file().find(span, format!("`{name}` is no answer"), hint);
                continue;
            }
        };
        match form::check(service, field, &input, day) {
            Ok(Some(answer)) => answers.set(id, answer),
            Ok(None) => {}
            Err(error) => {
                let what = format!("the answer to `{name}` is refused: {}", error.code());
                table.file().find(span, what, "give an answer that the field takes");
            }
        }
    }
    answers
}

/// An address by division and detail; the names of the division matter to no rule.
fn read_address(table: Table<'_, '_>) -> Input {
    let part = |key: &str| table.text(key).map(|(text, _)| text).unwrap_or_default();
    let address = Address { division: part("division"), names: Vec::new(), detail: part("detail") };
    table.finish();
    Input::Address(Sensitive::new(address))
}

/// A made answer of the right kind, with a picture that is named but not there: examples look at rules, not at pictures.
fn made(kind: &FieldKind) -> Answer {
    let picture = AttachmentId("0".repeat(64));
    match kind {
        FieldKind::Photo { .. } => Answer::Photo(picture),
        FieldKind::Document { .. } => Answer::Document(vec![picture]),
        FieldKind::Signature => Answer::Signature(picture),
        FieldKind::Text { .. }
        | FieldKind::PersonName
        | FieldKind::Number { .. }
        | FieldKind::Phone { .. }
        | FieldKind::Date { .. }
        | FieldKind::Choice { .. }
        | FieldKind::Address
        | FieldKind::Declaration
        | FieldKind::Group { .. } => Answer::Declared,
    }
}

fn check_refusals(table: &Table<'_, '_>, service: &Service, day: Date) {
    for (name, value, span) in table.entries() {
        let Some(inner) = value.get_ref().as_table() else {
            table.file().find(
                span,
                format!("`{name}` is no table"),
                "phone = { input = \"1\", code = \"mobile.FORMAT\" }",
            );
            continue;
        };
        let entry = Table::new(table.file(), name.clone(), value.span(), inner);
        let (input, code) = (entry.text("input"), entry.text("code"));
        entry.finish();
        let (Some((input, _)), Some((code, place))) = (input, code) else { continue };
        refuse(table.file(), service, (&name, span), &input, (&code, place), day);
    }
}

fn refuse(
    file: &File<'_>,
    service: &Service,
    (name, span): (&str, Range<usize>),
    input: &str,
    (code, place): (&str, Range<usize>),
    day: Date,
) {
    let Some(field) = service.field(&FieldId::new(name)) else {
        file.find(span, format!("no field is called `{name}`"), "name a field of the service");
        return;
    };
    let found = match form::check(service, field, &Input::Text(Sensitive::new(input.to_owned())), day) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.code(),
    };
    if found != code {
        file.find(place, format!("expected {code}, the form says {found}"), "mend the field, or the example");
    }
}
