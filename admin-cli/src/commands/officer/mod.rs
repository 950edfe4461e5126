//! `yimenctl officer`: people at the counter.

mod add;

use crate::failure::Failure;
use crate::output::Output;
use clap::Subcommand;

/// Verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Add an officer and print a one-time password, once.
    Add(add::Arguments),
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, output: Output) -> Result<(), Failure> {
        match self {
            Self::Add(arguments) => add::run(arguments, output),
        }
    }
}
