//! `yimenctl catalogue check [FOLDER]`: every finding with file, line and hint; exit code 1 when there is any.

use crate::failure::Failure;
use crate::output::Output;
use anyhow::Context as _;
use services_catalog::Catalogue;
use std::path::PathBuf;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// The catalogue's folder (holds services/).
    #[arg(default_value = "services-catalog")]
    folder: PathBuf,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let folder = arguments.folder;
    let source = ambient::read_tree(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    match Catalogue::load(&source) {
        Ok(catalogue) => {
            let services: Vec<&str> = catalogue.services().map(|service| service.id.as_str()).collect();
            let shown = serde_json::json!({ "ok": true, "services": services, "findings": [] });
            output.show(&shown, || format!("{} services, no findings: {}", services.len(), services.join(", ")));
            Ok(())
        }
        Err(findings) => {
            let listed: Vec<serde_json::Value> = findings
                .iter()
                .map(|found| {
                    serde_json::json!({ "file": found.file, "line": found.line, "what": found.what, "hint": found.hint })
                })
                .collect();
            let shown = serde_json::json!({ "ok": false, "findings": listed });
            output.show(&shown, || {
                let all: Vec<String> = findings.iter().map(ToString::to_string).collect();
                format!("{}\n{} findings", all.join("\n"), all.len())
            });
            Err(Failure::Told)
        }
    }
}
