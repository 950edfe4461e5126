//! `yimenctl kiosk`: enrolling machines.

mod add;

use crate::failure::Failure;
use crate::output::Output;
use clap::Subcommand;

/// Verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Enrol a kiosk: make its folder with keys and tell the office.
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
