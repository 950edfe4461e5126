//! `yimenctl certificate`: papers and their codes.

mod revoke;
mod verify;

use crate::failure::Failure;
use crate::output::Output;
use clap::Subcommand;

/// Verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Check the code of a certificate without any network.
    Verify(verify::Arguments),
    /// Revoke a certificate for good: from then on its code verifies as revoked.
    Revoke(revoke::Arguments),
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, output: Output) -> Result<(), Failure> {
        match self {
            Self::Verify(arguments) => verify::run(arguments, output),
            Self::Revoke(arguments) => revoke::run(arguments, output),
        }
    }
}
