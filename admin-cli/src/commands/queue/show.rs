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
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let answer = arguments.reach.connect()?.get(&format!("/v1/cases/{}", arguments.case), &[])?;
    output.show(&answer, || words(&answer));
    Ok(())
}

fn words(detail: &Value) -> String {
    let mut lines = case_words(&detail["case"]);
    if let Some(why) = detail["unreadable"].as_str() {
        lines.push_str(&format!("\nUnreadable: {why}"));
    }
    let payload = &detail["payload"];
    if payload.is_object() {
        let applicant = &payload["applicant"];
        lines.push_str(&format!(
            "\napplicant: {} {} ({}), matter: {}",
            text(applicant, "name"),
            text(applicant, "id_number"),
            text(payload, "identified"),
            text(payload, "matter"),
        ));
        for (field, answer) in payload["answers"].as_object().into_iter().flatten() {
            let value = match &answer["value"] {
                Value::Null => text(answer, "kind"),
                Value::String(value) => value.clone(),
                other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => other.to_string(),
            };
            lines.push_str(&format!("\n  {field}: {value}"));
        }
    }
    for attachment in detail["attachments"].as_array().into_iter().flatten() {
        lines.push_str(&format!("\nattachment {} {}", text(attachment, "media_type"), text(attachment, "id")));
    }
    for decided in detail["decisions"].as_array().into_iter().flatten() {
        lines.push_str(&format!(
            "\n{} {} {} -> {}",
            text(decided, "at"),
            text(decided, "officer"),
            decided["decision"],
            text(decided, "word"),
        ));
    }
    lines
}
