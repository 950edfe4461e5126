//! `yimenctl audit`: take the office's log away, verify it offline, prove one submission.
//! Invariant: what verifies is the crate `audit-check`, which shares no code with the office that is verified. Exit codes: see `main.rs`; a log or proof that does not hold is 1, a file that is not there is 2: nothing was looked at then.

mod export;
mod prove;
mod verify;

use crate::failure::Failure;
use crate::files;
use crate::output::Output;
use anyhow::Context as _;
use audit_check::{Keys, note};
use clap::Subcommand;
use ed25519_dalek::VerifyingKey;
use std::path::{Path, PathBuf};
use wire::bureau::Bureau;

/// Verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Download all leaves and checkpoints into a new folder.
    Export(export::Arguments),
    /// Verify an export, or a resident's proof, without any network. Exit code 0: it holds; 1: it does not, each fault named; 2: a file is not there, so nothing was looked at.
    Verify(verify::Arguments),
    /// Prove that the office's log holds a submission, and say it in words.
    Prove(prove::Arguments),
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, output: Output) -> Result<(), Failure> {
        match self {
            Self::Export(arguments) => export::run(arguments, output),
            Self::Verify(arguments) => verify::run(arguments, output),
            Self::Prove(arguments) => prove::run(arguments, output),
        }
    }
}

/// Whose signatures count: from the bureau's public file, which must have come another way than the log.
#[derive(clap::Args)]
struct Trust {
    /// The bureau's public file.
    #[arg(long, default_value = "office/bureau.toml", env = "YIMEN_BUREAU")]
    bureau: PathBuf,
}

impl Trust {
    /// Asked when everything is signed by one key that is not the bureau's.
    fn is_it_that_offices(&self) -> String {
        format!(
            "All checkpoints are signed by one key, and it is not the one in {}: is this the bureau.toml of that office? \
             Give the right one with --bureau. If it is, somebody else signed this log.",
            self.bureau.display()
        )
    }

    fn keys(&self) -> Result<Keys, Failure> {
        let path = &self.bureau;
        there(path)?;
        let bureau: Bureau = toml::from_str(&files::read(path)?).with_context(|| path.display().to_string())?;
        let origin = format!("yimen/{}/audit", bureau.station);
        Ok(Keys {
            origin,
            audit: key(&bureau.audit_key, path, "audit_key")?,
            receipt: key(&bureau.receipt_key, path, "receipt_key")?,
        })
    }
}

/// A file or folder that was named must be there: a slip of the pen is no fault of a log.
fn there(path: &Path) -> Result<(), Failure> {
    let missing = || Failure::Usage(format!("{} does not exist; nothing was verified", path.display()));
    if path.exists() { Ok(()) } else { Err(missing()) }
}

fn key(digits: &str, path: &Path, name: &str) -> Result<VerifyingKey, Failure> {
    let bytes = hex::decode(digits).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    bytes
        .and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok())
        .ok_or_else(|| Failure::Usage(format!("{} holds no usable {name}", path.display())))
}

/// A note from a file, verified.
fn checkpoint(path: &Path, keys: &Keys) -> Result<note::Checkpoint, Failure> {
    there(path)?;
    note::verify(&files::read(path)?, &keys.origin, &keys.audit)
        .map_err(|why| Failure::Refused(format!("{}: {why}", path.display())))
}
