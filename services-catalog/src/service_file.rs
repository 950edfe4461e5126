//! `service.toml` into a `Service`: everything but the form's fields (see `fields`).

use crate::expression;
use crate::fields;
use crate::reader::{File, Table};
use domain::calendar::Limit;
use domain::case::Kind;
use domain::condition::Condition;
use domain::ids::{BranchId, CategoryId, FieldId, MaterialId, ServiceId, StepId};
use domain::service::{
    Applicant, Assurance, COPY_NAMES, Capture, EligibilityEffect, EligibilityRule, Fee, Handling, Material, Output,
    ProxyRule, Service, Step,
};

/// Reads the file; `None` when something without which nothing works is missing (findings say what).
pub(crate) fn read(file: &File<'_>) -> Option<Service> {
    let parsed = file.parse();
    let top = Table::new(file, "service.toml", 0..0, parsed.get_ref());
    let id = top.text("id");
    let version = top.number("version");
    let category = top.text("category");
    let branch = top.text("branch");
    let icon = top.text("icon");
    let common = top.optional_number("common");
    let handling = top.word("handling", &[("instant", Handling::Instant), ("acceptance", Handling::Acceptance)]);
    let assurance = top.word(
        "assurance",
        &[("none", Assurance::None), ("face", Assurance::Face), ("card-and-face", Assurance::CardAndFace)],
    );
    let applicants = read_applicants(&top);
    let ward_has_number = top.flag_or("ward-has-number", true);
    let proxy = top.word_or("proxy", &[("no", ProxyRule::No), ("written", ProxyRule::Written)], ProxyRule::No);
    let law = top.texts("law").into_iter().map(|(text, _)| text).collect::<Vec<_>>();
    if law.is_empty() {
        file.find(0..0, "`law` is missing or empty", "cite law and article: law = [\"《…》第…条\"]");
    }
    let second_person = read_second_person(&top);
    let copy_order = top.texts("copy-order");
    let priority = top.optional_number("priority").unwrap_or(5_u8);
    if !(1..=9).contains(&priority) {
        file.find(0..0, "`priority` is not between 1 and 9", "1 is handled first, 9 last, 5 is usual");
    }
    let minutes = top.number("minutes");
    let statutory_limit = read_limit(&top, "statutory-limit");
    let promised_limit = read_limit(&top, "promised-limit");
    let fee = top.table("fee").and_then(read_fee);
    let output = top.table("output").and_then(read_output);
    if top.value("output").is_none() {
        file.find(
            0..0,
            "there is no [output]",
            "say what the person gets: [output] kind = \"certificate\" or \"collection\"",
        );
    }
    let eligibility = top.tables("rule").into_iter().filter_map(read_rule).collect();
    let materials = top.tables("material").into_iter().filter_map(read_material).collect();
    let steps: Vec<Step> = top.tables("step").into_iter().filter_map(read_step).collect();
    if steps.is_empty() {
        file.find(0..0, "there is no [[step]]", "a service asks at least one thing");
    }
    top.finish();
    let service = Service {
        id: ServiceId::new(id?.0),
        version: version?,
        category: CategoryId::new(category?.0),
        branch: BranchId::new(branch?.0),
        icon: icon?.0,
        common,
        handling: handling?,
        assurance: assurance?,
        applicants,
        ward_has_number,
        proxy,
        eligibility,
        materials,
        fee,
        statutory_limit,
        promised_limit,
        output: output?,
        priority,
        law,
        second_person,
        copy_order: copy_order.iter().map(|(name, _)| name.clone()).collect(),
        minutes: minutes?,
        steps,
    };
    for (name, span) in copy_order {
        if !COPY_NAMES.contains(&name.as_str()) && service.field(&FieldId::new(name.as_str())).is_none() {
            let hint = format!("name a field of the service, or one of {}", COPY_NAMES.join(", "));
            file.find(span, format!("no field is called `{name}`"), hint);
        }
    }
    Some(service)
}

const APPLICANTS: [(&str, Applicant); 3] =
    [("own", Applicant::Own), ("guardian", Applicant::Guardian), ("proxy", Applicant::Proxy)];

fn read_applicants(top: &Table<'_, '_>) -> Vec<Applicant> {
    let words = top.texts("applicants");
    if words.is_empty() {
        top.file().find(top.span(), "`applicants` is missing or empty", "say whose matter: applicants = [\"own\"]");
    }
    let names = APPLICANTS.map(|(name, _)| name);
    words
        .into_iter()
        .filter_map(|(word, span)| {
            let found = APPLICANTS.iter().find(|(name, _)| *name == word).map(|(_, applicant)| *applicant);
            if found.is_none() {
                let hint = crate::finding::one_of(&word, &names);
                top.file().find(span, format!("`{word}` is no applicant"), hint);
            }
            found
        })
        .collect()
}

/// Decisions that need two people; left out = none.
fn read_second_person(top: &Table<'_, '_>) -> Vec<Kind> {
    let words = Kind::ALL.map(Kind::word);
    top.texts("second-person")
        .into_iter()
        .filter_map(|(word, span)| {
            let found = Kind::parse(&word);
            if found.is_none() {
                let hint = crate::finding::one_of(&word, &words);
                top.file().find(span, format!("`{word}` is no decision"), hint);
            }
            found
        })
        .collect()
}

fn read_limit(table: &Table<'_, '_>, key: &str) -> Option<Limit> {
    let (text, span) = table.optional_text(key)?;
    match text.parse() {
        Ok(limit) => Some(limit),
        Err(error) => {
            let error: domain::calendar::UnreadableLimit = error;
            table.file().find(span, error.to_string(), "\"20\" = 20 working days, \"60c\" = 60 calendar days");
            None
        }
    }
}

fn read_fee(table: Table<'_, '_>) -> Option<Fee> {
    let yuan = table.number("yuan");
    let most = table.optional_number("most");
    let basis = table.text("basis");
    if yuan.zip(most).is_some_and(|(yuan, most): (u32, u32)| most <= yuan) {
        table.file().find(table.span(), "`most` is not more than `yuan`", "`yuan` is the least; leave `most` out");
    }
    table.finish();
    Some(Fee { yuan: yuan?, most, basis: basis?.0 })
}

fn read_output(table: Table<'_, '_>) -> Option<Output> {
    let certificate = table.word("kind", &[("certificate", true), ("collection", false)]);
    let output = match certificate {
        Some(true) => {
            let layout = table.text("layout");
            let check = table.text("check");
            layout.zip(check).map(|((layout, _), (check, _))| Output::Certificate { layout, check })
        }
        Some(false) => table.text("credential").map(|(credential, _)| Output::Collection { credential }),
        None => None,
    };
    if certificate.is_some() {
        table.finish();
    }
    output
}

/// Reads a condition under a key; a wrong one is a finding.
pub(crate) fn read_condition(table: &Table<'_, '_>, key: &str) -> Option<Condition> {
    let (text, span) = table.optional_text(key)?;
    match expression::parse(&text) {
        Ok(condition) => Some(condition),
        Err((at, what)) => {
            let hint = format!("at character {} of the condition: {text}", text[..at].chars().count() + 1);
            table.file().find(span, what, hint);
            None
        }
    }
}

fn read_rule(table: Table<'_, '_>) -> Option<EligibilityRule> {
    let id = table.text("id");
    if table.value("when").is_none() {
        table.file().find(table.span(), "[[rule]] has no `when`", "add a condition: when = \"person.age < 16\"");
    }
    let when = read_condition(&table, "when");
    let then = table.word(
        "then",
        &[("yes", EligibilityEffect::Yes), ("no", EligibilityEffect::No), ("officer", EligibilityEffect::Officer)],
    );
    let law = table.text("law");
    table.finish();
    Some(EligibilityRule { id: id?.0, when: when?, then: then?, law: law?.0 })
}

fn read_material(table: Table<'_, '_>) -> Option<Material> {
    let id = table.text("id");
    let when = read_condition(&table, "when");
    let deferrable = table.flag_or("deferrable", false);
    let defer_days = table.optional_number("defer-days");
    if deferrable && defer_days.is_none() {
        table.file().find(table.span(), "a deferrable material has no `defer-days`", "say by when: defer-days = 10");
    }
    let capture = table.word(
        "capture",
        &[
            ("camera", Capture::Camera),
            ("counter", Capture::Counter),
            ("network", Capture::Network),
            ("card", Capture::Card),
        ],
    );
    table.finish();
    Some(Material { id: MaterialId::new(id?.0), when, deferrable, defer_days, capture: capture? })
}

fn read_step(table: Table<'_, '_>) -> Option<Step> {
    let id = table.text("id");
    let when = read_condition(&table, "when");
    let fields: Vec<_> = table.tables("field").into_iter().filter_map(|field| fields::read(field, true)).collect();
    if fields.is_empty() {
        table.file().find(table.span(), "a step without a field", "add [[step.field]], or take the step away");
    }
    table.finish();
    Some(Step { id: StepId::new(id?.0), when, fields })
}
