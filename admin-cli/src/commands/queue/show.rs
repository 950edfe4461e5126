//! `yimenctl queue show`: one case with what the person submitted. The office notes who opened it.

use crate::failure::Failure;
use crate::office_client::{Reach, case_words, text};
use crate::output::Output;
use serde_json::Value;
use uuid::Uuid;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    reach: Reach,
    /// Id of the case.
    case: Uuid,
    /// Why you open a case that has ended.
    #[arg(long)]
    reason: Option<String>,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let query: Vec<(&str, String)> = arguments.reason.map(|reason| ("reason", reason)).into_iter().collect();
    let answer = arguments.reach.connect()?.get(&format!("/v1/cases/{}", arguments.case), &query)?;
    output.show(&answer, || words(&answer));
    Ok(())
}

fn each<'a>(detail: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    detail[name].as_array().into_iter().flatten()
}

fn words(detail: &Value) -> String {
    let mut lines = vec![case_words(&detail["case"])];
    if let Some(why) = detail["unreadable"].as_str() {
        lines.push(format!("Unreadable: {why}"));
    }
    let (applicant, person) = (&detail["applicant"], &detail["person"]);
    lines.push(format!(
        "applicant: {} {} ({}), {}",
        text(applicant, "name"),
        text(applicant, "number_masked"),
        text(person, "identified_word"),
        text(applicant, "matter_word"),
    ));
    for step in each(detail, "form") {
        for field in each(step, "fields") {
            let error = field["error"].as_str().map(|error| format!("  ! {error}")).unwrap_or_default();
            lines.push(format!("  {}: {}{error}", text(field, "label"), text(field, "value")));
        }
    }
    for paper in each(detail, "papers") {
        let pages = paper["pages"].as_array().map_or(0, Vec::len);
        lines.push(format!(
            "paper {} {} {} ({}, {pages} pages)",
            text(paper, "level"),
            text(paper, "title"),
            text(paper, "key"),
            text(paper, "state"),
        ));
    }
    for check in each(detail, "checks") {
        let done = if check["done"].is_null() { "[ ]" } else { "[x]" };
        lines.push(format!("{done} {} {}", text(check, "label"), text(check, "id")));
    }
    for decision in each(detail, "decisions").filter(|decision| decision["allowed"] != true) {
        let why: Vec<&str> = each(decision, "why_not").filter_map(Value::as_str).collect();
        lines.push(format!("not yet {}: {}", text(decision, "decision"), why.join("; ")));
    }
    for line in each(detail, "history") {
        lines.push(format!("{} {} {}", text(line, "at"), text(line, "words"), text(line, "officer_name")));
    }
    lines.join("\n")
}
