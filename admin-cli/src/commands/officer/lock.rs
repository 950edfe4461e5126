//! `yimenctl officer lock|unlock`: a file beside the officer's, which the office looks for at every request. Works also while
//! the office is down. Invariants: the officer's own file is not touched, so nobody who writes it can undo a lock; what
//! the officer holds stays theirs until its lease ends, and a supervisor may give it away.

use crate::failure::Failure;
use crate::files;
use crate::output::Output;
use anyhow::Context as _;
use std::path::PathBuf;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// The bureau's folder.
    folder: PathBuf,
    /// Id of the officer.
    id: String,
}

impl Arguments {
    /// The lock's file; the officer must exist.
    fn file(&self) -> Result<PathBuf, Failure> {
        Ok(super::file_of(&self.folder, &self.id)?.with_extension("locked"))
    }

    fn tell(&self, locked: bool, changed: bool, output: Output) {
        let json = serde_json::json!({ "ok": true, "officer": self.id, "locked": locked, "changed": changed });
        output.show(&json, || {
            let word = if locked { "locked" } else { "not locked" };
            let since = if changed { "now" } else { "already" };
            format!("Officer {} is {since} {word}. Open sessions hear of it within 30 seconds.", self.id)
        });
    }
}

/// `yimenctl officer lock`.
pub fn lock(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let file = arguments.file()?;
    let changed = !file.exists();
    if changed {
        files::write_new(&file, &format!("at = \"{}\"\n", ambient::now()), true)?;
    }
    arguments.tell(true, changed, output);
    Ok(())
}

/// `yimenctl officer unlock`.
pub fn unlock(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let file = arguments.file()?;
    let changed = file.exists();
    if changed {
        std::fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
    }
    arguments.tell(false, changed, output);
    Ok(())
}
