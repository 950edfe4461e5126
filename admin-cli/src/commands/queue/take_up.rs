//! `yimenctl queue take-up`: goes on with what was handed over half done, by the code on the person's paper.

use crate::failure::Failure;
use crate::office_client::{Reach, text};
use crate::output::Output;
use serde_json::json;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    reach: Reach,
    /// The code, or what a scanner read.
    code: String,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let opening = arguments.reach.connect()?.post("/v1/openings/by-code", &json!({ "code": arguments.code }))?;
    output.show(&opening, || {
        let missing = opening["missing"].as_array().into_iter().flatten().filter_map(|words| words.as_str());
        let missing: Vec<&str> = missing.collect();
        format!(
            "{} {}\n{}\n还差：{}",
            text(&opening, "code"),
            text(&opening["service"], "title"),
            text(&opening, "from_words"),
            missing.join("；")
        )
    });
    Ok(())
}
