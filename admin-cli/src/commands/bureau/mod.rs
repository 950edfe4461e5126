//! `yimenctl bureau`: making a bureau.

mod init;

use crate::failure::Failure;
use crate::output::Output;
use clap::Subcommand;

/// Verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Make the folders, keys and configuration of a new bureau.
    Init(init::Arguments),
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, output: Output) -> Result<(), Failure> {
        match self {
            Self::Init(arguments) => init::run(arguments, output),
        }
    }
}
