//! `yimenctl officer`: people at the counter.

mod add;
mod lock;
mod password;
mod reset;

use crate::failure::Failure;
use crate::files;
use crate::output::Output;
use clap::Subcommand;
use std::path::{Path, PathBuf};

/// Verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Add an officer and print a one-time password, once.
    Add(Box<add::Arguments>),
    /// Let nothing be opened for an officer from now on; open sessions end.
    Lock(lock::Arguments),
    /// Let an officer in again.
    Unlock(lock::Arguments),
    /// Give an officer who lost the way in a new one-time password, without second factor and passkeys.
    Reset(reset::Arguments),
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, output: Output) -> Result<(), Failure> {
        match self {
            Self::Add(arguments) => add::run(*arguments, output),
            Self::Lock(arguments) => lock::lock(&arguments, output),
            Self::Unlock(arguments) => lock::unlock(&arguments, output),
            Self::Reset(arguments) => reset::run(&arguments, output),
        }
    }
}

/// The file of an officer who is there.
fn file_of(bureau: &Path, id: &str) -> Result<PathBuf, Failure> {
    files::plain_id(id)?;
    let officer = bureau.join(format!("office/officers/{id}.toml"));
    if officer.exists() {
        return Ok(officer);
    }
    Err(Failure::Refused(format!("there is no officer {id}; nothing was changed")))
}
