//! `yimenctl bureau`: making a bureau and edges of it, and their certificates anew.

mod certificate;
mod edge;
mod init;

use crate::failure::Failure;
use crate::output::Output;
use clap::Subcommand;

/// Verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Make the folders, keys and configuration of a new bureau.
    Init(init::Arguments),
    /// Make the folder of an edge, which takes submissions in where the office itself cannot be reached.
    Edge(edge::Arguments),
    /// Write the certificate of the office, of an edge or of the kiosks' authority anew: before it ends, or with a further name.
    Certificate(certificate::Arguments),
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, output: Output) -> Result<(), Failure> {
        match self {
            Self::Init(arguments) => init::run(arguments, output),
            Self::Edge(arguments) => edge::run(arguments, output),
            Self::Certificate(arguments) => certificate::run(&arguments, output),
        }
    }
}
