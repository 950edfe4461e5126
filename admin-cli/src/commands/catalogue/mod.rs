//! `yimenctl catalogue`: the services as data.

mod check;
pub mod sign;

use crate::failure::Failure;
use crate::output::Output;
use clap::Subcommand;

/// Verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Check every file of a catalogue and run every example; all findings at once.
    Check(check::Arguments),
    /// Let the bureau stand for a catalogue: kiosks and office take no other. Bring every kiosk up to date first: an older
    /// program cannot read a list that names catalogues.
    Sign(sign::Arguments),
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, output: Output) -> Result<(), Failure> {
        match self {
            Self::Check(arguments) => check::run(arguments, output),
            Self::Sign(arguments) => sign::run(&arguments, output),
        }
    }
}
