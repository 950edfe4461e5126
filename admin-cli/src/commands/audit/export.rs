//! `yimenctl audit export`: all leaves and checkpoints through the officers' door, into a new folder. A fresh checkpoint is
//! asked for first, so that everything that is there now is signed.
//! Layout: `leaves.jsonl` (one leaf a line), `checkpoints/<size>.checkpoint` (signed notes).

use crate::failure::Failure;
use crate::files;
use crate::office_client::{Office, Reach};
use crate::output::{Output, shell};
use anyhow::Context as _;
use audit_check::log::Line;
use serde_json::{Value, json};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    reach: Reach,
    /// Where to; must not exist yet.
    folder: PathBuf,
}

/// The leaves' file in an export.
pub const LEAVES: &str = "leaves.jsonl";
/// The checkpoints' folder in an export.
pub const CHECKPOINTS: &str = "checkpoints";

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let folder = &arguments.folder;
    if folder.exists() {
        return Err(Failure::Refused(format!("{} exists; nothing was changed", folder.display())));
    }
    let office = arguments.reach.connect()?;
    office.post("/v1/audit/checkpoints", &json!({}))?;
    files::make_folder(&folder.join(CHECKPOINTS))?;
    let checkpoints = checkpoints(&office, &folder.join(CHECKPOINTS))?;
    let leaves = leaves(&office, &folder.join(LEAVES))?;
    let shown = json!({ "ok": true, "folder": folder, "leaves": leaves, "checkpoints": checkpoints });
    output.show(&shown, || {
        format!(
            "{leaves} leaves and {checkpoints} checkpoints are in {}.\nVerify them:  yimenctl audit verify {} --bureau {}",
            folder.display(),
            shell(folder),
            arguments.reach.bureau_toml().map_or("BUREAU.TOML".to_owned(), |path| shell(&path)),
        )
    });
    Ok(())
}

/// The rows of one page; an empty page is the end.
fn page(office: &Office, path: &str, member: &str, after: u64) -> Result<Vec<Value>, Failure> {
    let answer = office.get(path, &[("after", after.to_string())])?;
    match &answer[member] {
        Value::Array(rows) => Ok(rows.clone()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            Err(Failure::Refused(format!("the office's answer has no `{member}`")))
        }
    }
}

fn checkpoints(office: &Office, folder: &Path) -> Result<u64, Failure> {
    let (mut after, mut count) = (0, 0);
    loop {
        let rows = page(office, "/v1/audit/checkpoints", "checkpoints", after)?;
        for row in &rows {
            let (Some(size), Some(note)) = (row["size"].as_u64().filter(|size| *size > after), row["note"].as_str())
            else {
                return Err(Failure::Refused("the office sent a checkpoint that is none".into()));
            };
            files::write_new(&folder.join(format!("{size:020}.checkpoint")), note, false)?;
            (after, count) = (size, count + 1);
        }
        if rows.is_empty() {
            return Ok(count);
        }
    }
}

fn leaves(office: &Office, path: &Path) -> Result<u64, Failure> {
    let file = std::fs::File::create_new(path).with_context(|| path.display().to_string())?;
    let mut file = BufWriter::new(file);
    let (mut after, mut count) = (0, 0);
    loop {
        let rows = page(office, "/v1/audit/leaves", "leaves", after)?;
        for row in &rows {
            let line: Line = serde_json::from_value(row.clone()).context("a leaf from the office")?;
            if line.seq <= after {
                return Err(Failure::Refused("the office's leaves do not go forward".into()));
            }
            (after, count) = (line.seq, count + 1);
            writeln!(file, "{row}").with_context(|| path.display().to_string())?;
        }
        if rows.is_empty() {
            let file = file.into_inner().map_err(|error| error.into_error());
            file.and_then(|file| file.sync_all()).with_context(|| path.display().to_string())?;
            return Ok(count);
        }
    }
}
