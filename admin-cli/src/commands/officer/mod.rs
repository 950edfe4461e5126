//! `yimenctl officer`: people at the counter.

mod add;
mod lock;

use crate::failure::Failure;
use crate::output::Output;
use clap::Subcommand;

/// Verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Add an officer and print a one-time password, once.
    Add(Box<add::Arguments>),
    /// Let nothing be opened for an officer from now on; open sessions end.
    Lock(lock::Arguments),
    /// Let an officer in again.
    Unlock(lock::Arguments),
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, output: Output) -> Result<(), Failure> {
        match self {
            Self::Add(arguments) => add::run(*arguments, output),
            Self::Lock(arguments) => lock::lock(&arguments, output),
            Self::Unlock(arguments) => lock::unlock(&arguments, output),
        }
    }
}
