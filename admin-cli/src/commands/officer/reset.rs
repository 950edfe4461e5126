//! `yimenctl officer reset`: for an officer who lost the way in. A new one-time password in the officer's file, and a file
//! beside it by which the office takes second factor and passkeys away. Works also while the office is down.
//! Invariants: rights, token and claims are not touched; what is missing halfway is done by running it again.

use super::password;
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
    /// Write the one-time password to this new file instead of the terminal.
    #[arg(long)]
    password_file: Option<PathBuf>,
}

/// Runs it.
pub fn run(arguments: &Arguments, output: Output) -> Result<(), Failure> {
    let Arguments { folder, id, password_file } = arguments;
    let path = super::file_of(folder, id)?;
    let mut officer: toml::Table = toml::from_str(&files::read(&path)?).with_context(|| path.display().to_string())?;
    let secret = password::one_time();
    let kept = toml::Table::try_from(password::hashed(&secret)?).context("password")?;
    officer.insert("password".to_owned(), kept.into());
    let text = toml::to_string(&officer).context("officer")?;
    password::put_aside(password_file.as_deref(), Some(&secret))?;
    // First what takes away, then what lets in: an old device never goes with a new password.
    let marker = path.with_extension("reset");
    if !marker.exists() {
        files::write_new(&marker, &format!("at = \"{}\"\n", ambient::now()), true)?;
    }
    files::replace_secret(&path, &text)?;
    let shown = password_file.is_none().then_some(&secret);
    let json = serde_json::json!({ "ok": true, "officer": id, "password": shown, "password_file": password_file });
    output.show(&json, || {
        format!(
            "Second factor and passkeys of officer {id} end within ten seconds, open sessions too.\n{}",
            password::told(password_file.as_ref(), &secret)
        )
    });
    Ok(())
}
