//! `yimenctl rule`: the field rules, as forms use them.

mod check;

use crate::failure::Failure;
use crate::output::Output;
use clap::Subcommand;

/// Verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Check a value, or each line of standard input, by a rule.
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
