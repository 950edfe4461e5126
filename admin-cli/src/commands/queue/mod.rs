//! `yimenctl queue`: an officer's work.

mod claim;
mod decide;
mod list;
mod show;
mod take_up;

use crate::failure::Failure;
use crate::output::Output;
use clap::Subcommand;

/// Verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// List cases in the order of work.
    List(list::Arguments),
    /// Show one case with everything in it.
    Show(show::Arguments),
    /// Claim a case, or the next one.
    Claim(claim::Arguments),
    /// Go on with what a person began at a kiosk, by the code on their paper.
    TakeUp(take_up::Arguments),
    /// Decide a case that you hold.
    Decide(decide::Arguments),
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, output: Output) -> Result<(), Failure> {
        match self {
            Self::List(arguments) => list::run(arguments, output),
            Self::Show(arguments) => show::run(arguments, output),
            Self::Claim(arguments) => claim::run(arguments, output),
            Self::TakeUp(arguments) => take_up::run(arguments, output),
            Self::Decide(arguments) => decide::run(arguments, output),
        }
    }
}
