//! `yimenctl config check`: asks `yimen-office` itself, which alone knows its configuration, so that the two never differ.

use crate::failure::Failure;
use crate::output::Output;
use anyhow::Context as _;
use std::path::PathBuf;
use std::process::Command;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// The bureau's folder, or the office's in it.
    folder: PathBuf,
    /// The office's program; default: `yimen-office` beside this one, else on the path.
    #[arg(long)]
    program: Option<PathBuf>,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let program = arguments.program.unwrap_or_else(|| {
        let beside = std::env::current_exe().ok().map(|own| own.with_file_name("yimen-office"));
        beside.filter(|path| path.exists()).unwrap_or_else(|| "yimen-office".into())
    });
    let given = arguments.folder;
    let office = [given.join("office"), given.clone()].into_iter().find(|place| place.join("office.toml").exists());
    let office = office.ok_or_else(|| {
        Failure::Usage(format!("{} is no folder of a bureau: it holds no office/office.toml", given.display()))
    })?;
    let done = Command::new(&program)
        .arg("--folder")
        .arg(&office)
        .arg("--check")
        .output()
        .with_context(|| format!("cannot run {}", program.display()))?;
    let words = String::from_utf8_lossy(&done.stderr).trim().to_owned();
    if !done.status.success() {
        return Err(Failure::Refused(words));
    }
    output.show(&serde_json::json!({ "ok": true, "office": office }), || {
        format!("The configuration in {} is right.", office.display())
    });
    Ok(())
}
