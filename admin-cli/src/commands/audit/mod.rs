//! `yimenctl audit`: take the office's log away, verify it offline, prove one submission.
//! Invariant: what verifies is the crate `audit-check`, which shares no code with the office that is verified. Exit codes: see `main.rs`; a log or proof that does not hold is 1.

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
    /// Verify an export, or a resident's proof, without any network. Exit code 0: it holds; 1: it does not, each fault named.
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
    fn keys(&self) -> Result<Keys, Failure> {
        let path = &self.bureau;
        let bureau: Bureau = toml::from_str(&files::read(path)?).with_context(|| path.display().to_string())?;
        let origin = format!("yimen/{}/audit", bureau.station);
        Ok(Keys {
            origin,
            audit: key(&bureau.audit_key, path, "audit_key")?,
            receipt: key(&bureau.receipt_key, path, "receipt_key")?,
        })
    }
}

fn key(digits: &str, path: &Path, name: &str) -> Result<VerifyingKey, Failure> {
    let bytes = hex::decode(digits).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    bytes
        .and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok())
        .ok_or_else(|| Failure::Usage(format!("{} holds no usable {name}", path.display())))
}

/// A note from a file, verified.
fn checkpoint(path: &Path, keys: &Keys) -> Result<note::Checkpoint, Failure> {
    note::verify(&files::read(path)?, &keys.origin, &keys.audit)
        .map_err(|why| Failure::Refused(format!("{}: {why}", path.display())))
}
