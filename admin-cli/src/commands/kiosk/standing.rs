//! `yimenctl kiosk suspend|resume|accept|accept-former`: whether a kiosk, or what it sealed, may come in. Each counts within seconds.

use super::words::no_such;
use crate::failure::Failure;
use crate::files;
use crate::office_client::{Reach, text};
use crate::output::Output;
use serde_json::{Value, json};

/// Arguments of what needs no reason.
#[derive(clap::Args)]
pub struct Plain {
    #[command(flatten)]
    reach: Reach,
    /// Id of the kiosk.
    id: String,
}

/// Arguments of what needs one.
#[derive(clap::Args)]
pub struct WithReason {
    #[command(flatten)]
    plain: Plain,
    /// Why; for colleagues who check later. Kept sealed.
    #[arg(long)]
    reason: String,
}

/// What needs no reason.
#[derive(Clone, Copy)]
pub enum Act {
    /// Let it come again.
    Resume,
    /// Let it renew late.
    Accept,
}

fn send(plain: &Plain, verb: &str, body: &Value, words: &str, output: Output) -> Result<(), Failure> {
    files::plain_id(&plain.id)?;
    let asked = plain.reach.connect()?.post(&format!("/v1/kiosks/{}/{verb}", plain.id), body);
    let kiosk = asked.map_err(|failure| no_such(&plain.id, failure))?;
    output.show(&kiosk, || format!("Kiosk {} is {}. {words}", plain.id, text(&kiosk, "state")));
    Ok(())
}

/// Sends a kiosk away.
pub fn suspend(arguments: WithReason, output: Output) -> Result<(), Failure> {
    let words = "It sends nothing and keeps everything until it is resumed.";
    send(&arguments.plain, "suspend", &json!({ "reason": arguments.reason }), words, output)
}

/// Takes what its earlier machines sealed.
pub fn accept_former(arguments: WithReason, output: Output) -> Result<(), Failure> {
    let words = "What its earlier machines sealed is taken from now on: bring it with a stick (yimen-kiosk --import).";
    send(&arguments.plain, "accept-former", &json!({ "reason": arguments.reason }), words, output)
}

/// Runs the others.
pub fn run(arguments: Plain, act: Act, output: Output) -> Result<(), Failure> {
    let (verb, words) = match act {
        Act::Resume => ("resume", "It sends what it kept."),
        Act::Accept => ("accept", "It may renew its certificate once although that is out of date."),
    };
    send(&arguments, verb, &json!({}), words, output)
}
