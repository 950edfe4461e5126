//! `yimenctl report …`: figures for those who answer for a station.

mod counts;
mod ratings;
mod volume;

use crate::failure::Failure;
use crate::output::Output;
use clap::Subcommand;

/// What to report.
#[derive(Subcommand)]
pub enum Verb {
    /// Volumes beside the year before: base, delta, percent, and how it is rounded.
    Volume(volume::Arguments),
    /// What people said of the service they got, one to five, by service.
    Ratings(ratings::Arguments),
}

impl Verb {
    /// Runs it.
    pub fn run(self, output: Output) -> Result<(), Failure> {
        match self {
            Self::Volume(arguments) => volume::run(arguments, output),
            Self::Ratings(arguments) => ratings::run(arguments, output),
        }
    }
}
