//! `yimenctl config`: configuration.

mod check;

use crate::failure::Failure;
use crate::output::Output;
use clap::Subcommand;

/// Verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Check the configuration of an office and say what is wrong.
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
