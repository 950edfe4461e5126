//! `yimenctl catalogue`: the services as data.

mod check;

use crate::failure::Failure;
use crate::output::Output;
use clap::Subcommand;

/// Verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Check every file of a catalogue and run every example; all findings at once.
    Check(check::Arguments),
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, output: Output) -> Result<(), Failure> {
        match self {
            Self::Check(arguments) => check::run(arguments, output),
        }
    }
}
