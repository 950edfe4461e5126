//! The commands: `yimenctl <noun> <verb>`, one file each. This list is the index.

mod audit;
mod bureau;
mod case;
mod catalogue;
mod certificate;
mod config;
mod keys;
mod kiosk;
mod officer;
mod queue;
mod report;
mod rule;

use crate::failure::Failure;
use crate::output::Output;
use clap::Subcommand;

/// Nouns.
#[derive(Subcommand)]
pub enum Command {
    /// Make a bureau: folders, keys, configuration.
    #[command(subcommand)]
    Bureau(bureau::Verb),
    /// The keys that kiosks seal to.
    #[command(subcommand)]
    Keys(keys::Verb),
    /// Enrol kiosks.
    #[command(subcommand)]
    Kiosk(kiosk::Verb),
    /// Give officers their tokens.
    #[command(subcommand)]
    Officer(officer::Verb),
    /// An officer's work: the queue of cases.
    #[command(subcommand)]
    Queue(queue::Verb),
    /// How long a case is kept.
    #[command(subcommand)]
    Case(case::Verb),
    /// Check certificates.
    #[command(subcommand)]
    Certificate(certificate::Verb),
    /// Check configuration.
    #[command(subcommand)]
    Config(config::Verb),
    /// Check the services' data.
    #[command(subcommand)]
    Catalogue(catalogue::Verb),
    /// Figures: volumes beside the year before.
    #[command(subcommand)]
    Report(report::Verb),
    /// The office's audit log: take it away, verify it, prove one submission.
    #[command(subcommand)]
    Audit(audit::Verb),
    /// Check values by the forms' rules.
    #[command(subcommand)]
    Rule(rule::Verb),
}

impl Command {
    /// Runs the command.
    ///
    /// # Errors
    /// [`Failure`] with its exit code.
    pub fn run(self, output: Output) -> Result<(), Failure> {
        match self {
            Self::Bureau(verb) => verb.run(output),
            Self::Keys(verb) => verb.run(output),
            Self::Kiosk(verb) => verb.run(output),
            Self::Officer(verb) => verb.run(output),
            Self::Queue(verb) => verb.run(output),
            Self::Case(verb) => verb.run(output),
            Self::Certificate(verb) => verb.run(output),
            Self::Config(verb) => verb.run(output),
            Self::Catalogue(verb) => verb.run(output),
            Self::Report(verb) => verb.run(output),
            Self::Audit(verb) => verb.run(output),
            Self::Rule(verb) => verb.run(output),
        }
    }
}
