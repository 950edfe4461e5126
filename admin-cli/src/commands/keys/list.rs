//! `yimenctl keys list`: the keys of the signed list, and which of them are valid now.

use super::{bureau, day, read, recovery_warning};
use crate::failure::Failure;
use crate::output::Output;
use std::path::PathBuf;
use wire::envelope::recipient_id;
use wire::key_list::KeyRole;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// The bureau's folder.
    folder: PathBuf,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let list = read(&arguments.folder, &bureau(&arguments.folder)?)?;
    let now = ambient::now();
    let warnings: Vec<String> = recovery_warning(&list, now).into_iter().collect();
    let shown = serde_json::json!({ "ok": list.recipients(now).is_ok(), "list": list, "warnings": warnings });
    output.show(&shown, || {
        let row = |key: &wire::key_list::ListedKey| {
            let role = match key.role {
                KeyRole::Branch => "branch",
                KeyRole::Recovery => "recovery",
            };
            let state = if key.valid(now) { "valid" } else { "not valid" };
            let id = recipient_id(&key.recipient);
            format!("{id}  {role:<8}  {} to {}  {state}", day(key.not_before), day(key.not_after))
        };
        let warned = warnings.iter().map(|warning| format!("Warning: {warning}"));
        list.keys.iter().map(row).chain(warned).collect::<Vec<_>>().join("\n")
    });
    Ok(())
}
