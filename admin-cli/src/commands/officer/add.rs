//! `yimenctl officer add`: an officer's file in the office with rights and the hash of a token that is printed once.

use crate::failure::Failure;
use crate::files;
use crate::output::Output;
use anyhow::Context as _;
use domain::ids::StationId;
use serde::Serialize;
use std::path::PathBuf;
use wire::bureau::Bureau;
use wire::digest::Digest;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    /// The bureau's folder.
    folder: PathBuf,
    /// Id of the officer, e.g. `officer-7`.
    id: String,
    /// A branch whose cases the officer may see and decide; give it several times. `general` holds what no service claims.
    #[arg(long = "branch", required = true)]
    branches: Vec<String>,
    /// May also check the audit log.
    #[arg(long)]
    auditor: bool,
    /// Write the token to this new file instead of the terminal.
    #[arg(long)]
    token_file: Option<PathBuf>,
}

/// `office/officers/<id>.toml`, as the office reads it.
#[derive(Serialize)]
struct Officer<'a> {
    id: &'a str,
    station: StationId,
    branches: &'a [String],
    auditor: bool,
    token: Digest,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let Arguments { folder, id, branches, auditor, token_file } = arguments;
    files::plain_id(&id)?;
    let path = folder.join(format!("office/officers/{id}.toml"));
    if path.exists() {
        return Err(Failure::Refused(format!(
            "officer {id} exists already; nothing was changed. To give a new token, remove {} first",
            path.display()
        )));
    }
    let bureau: Bureau =
        toml::from_str(&files::read(&folder.join("office/bureau.toml"))?).context("office/bureau.toml")?;
    let token = format!("{id}.{}", hex::encode(ambient::random_bytes::<32>()));
    let officer =
        Officer { id: &id, station: bureau.station, branches: &branches, auditor, token: Digest::of(token.as_bytes()) };
    if let Some(file) = &token_file {
        files::write_new(file, &format!("{token}\n"), true)?;
    }
    files::write_new(&path, &toml::to_string(&officer).context("officer")?, true)?;
    let shown = if token_file.is_some() { None } else { Some(&token) };
    let json = serde_json::json!({ "ok": true, "officer": id, "branches": branches, "token": shown, "token_file": token_file });
    output.show(&json, || match &token_file {
        Some(file) => format!("Officer {id} is added. The token is in {}", file.display()),
        None => format!("Officer {id} is added. The token, shown this once:\n{token}"),
    });
    Ok(())
}
