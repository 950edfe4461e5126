//! `yimenctl kiosk`: the machines of a bureau, through the office. `add` and `code` give a ticket by which a machine enrols
//! itself (`yimen-kiosk --enrol`); the private keys are made there and never leave it.

mod add;
mod code;
mod list;
mod standing;
mod words;

use crate::failure::Failure;
use crate::output::Output;
use clap::Subcommand;
use standing::Act;

/// Verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Add a kiosk and get the ticket for its machine.
    Add(add::Arguments),
    /// Get a ticket for another machine in a kiosk's place.
    Code(code::Arguments),
    /// List kiosks with their certificates and what they hold.
    List(list::Arguments),
    /// Send a kiosk away; it keeps everything.
    Suspend(standing::WithReason),
    /// Let a suspended kiosk come again.
    Resume(standing::Plain),
    /// Let a kiosk renew although its certificate is out of date.
    Accept(standing::Plain),
    /// Take what a kiosk's earlier machines sealed, from a stick or by an edge.
    AcceptFormer(standing::WithReason),
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, output: Output) -> Result<(), Failure> {
        match self {
            Self::Add(arguments) => add::run(arguments, output),
            Self::Code(arguments) => code::run(arguments, output),
            Self::List(arguments) => list::run(arguments, output),
            Self::Suspend(arguments) => standing::suspend(arguments, output),
            Self::Resume(arguments) => standing::run(arguments, Act::Resume, output),
            Self::Accept(arguments) => standing::run(arguments, Act::Accept, output),
            Self::AcceptFormer(arguments) => standing::accept_former(arguments, output),
        }
    }
}
