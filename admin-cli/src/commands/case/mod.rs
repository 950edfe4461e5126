//! `yimenctl case`: how long a case is kept.

use crate::failure::Failure;
use crate::office_client::Reach;
use crate::output::Output;
use clap::Subcommand;
use serde_json::json;
use uuid::Uuid;

/// Verbs.
#[derive(Subcommand)]
pub enum Verb {
    /// Hold a case back from the end of its retention, until it is released.
    Hold(Arguments),
    /// Let a case go again when its time is over.
    Release(Arguments),
}

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    reach: Reach,
    /// Id of the case.
    case: Uuid,
}

impl Verb {
    /// Runs the verb.
    pub fn run(self, output: Output) -> Result<(), Failure> {
        let (Arguments { reach, case }, held) = match self {
            Self::Hold(arguments) => (arguments, true),
            Self::Release(arguments) => (arguments, false),
        };
        let told = reach.connect()?.post(&format!("/v1/cases/{case}/retention"), &json!({ "held": held }))?;
        output.show(&told, || {
            if held {
                format!("Case {case} is kept until it is released.")
            } else {
                format!("Case {case} goes when its time is over.")
            }
        });
        Ok(())
    }
}
