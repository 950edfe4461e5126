//! `yimenctl rule check RULE VALUE|-`: one value, or one a line from standard input.
//! With `--json` one object a value: `{"ok":bool,"code":text|null,"warnings":[text],"value":text|null}`; `value` is normalised.
//! Exit code 1 when any value is refused. Nothing is stored or logged: values are personal.

use crate::failure::Failure;
use crate::output::Output;
use anyhow::Context as _;
use domain::rules::{self, RuleId};
use jiff::civil::Date;
use std::io::BufRead as _;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// The rule, e.g. `resident-id`; a wrong name lists all.
    rule: String,
    /// The value, or `-` to read one a line from standard input.
    #[arg(allow_hyphen_values = true)]
    value: String,
    /// The day to check on, e.g. `2026-11-22`; today when left out.
    #[arg(long)]
    on: Option<Date>,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let rule: RuleId = arguments.rule.parse().map_err(|error| {
        let known: Vec<&str> = RuleId::ALL.iter().map(|rule| rule.as_str()).collect();
        let error: domain::rules::UnknownRule = error;
        Failure::Usage(format!("{error}; the rules are: {}", known.join(", ")))
    })?;
    let today = || jiff::tz::offset(8).to_datetime(ambient::now()).date();
    let on = arguments.on.unwrap_or_else(today);
    let mut all_right = true;
    if arguments.value == "-" {
        for line in std::io::stdin().lock().lines() {
            all_right &= check_one(rule, &line.context("standard input is not UTF-8 text")?, on, output);
        }
    } else {
        all_right = check_one(rule, &arguments.value, on, output);
    }
    if all_right { Ok(()) } else { Err(Failure::Told) }
}

/// Checks and prints one value; true when it is right.
fn check_one(rule: RuleId, value: &str, on: Date, output: Output) -> bool {
    let checked = rules::check(rule, value, on);
    let shown = match &checked {
        Ok(verdict) => serde_json::json!({
            "ok": true, "code": null, "warnings": verdict.warnings, "value": verdict.value,
        }),
        Err(error) => serde_json::json!({
            "ok": false, "code": error.code.as_str(), "warnings": [], "value": null,
        }),
    };
    output.show(&shown, || match &checked {
        Ok(verdict) if verdict.warnings.is_empty() => format!("right: {}", verdict.value),
        Ok(verdict) => format!("right: {}, with warnings {}", verdict.value, shown["warnings"]),
        Err(error) => format!("refused by {rule}: {}", error.code),
    });
    checked.is_ok()
}
