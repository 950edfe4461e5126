//! `yimenctl audit prove`: fetches the proof of a submission, verifies it here, and says it in words.

use super::{Trust, checkpoint, there};
use crate::failure::Failure;
use crate::files;
use crate::office_client::{Office, Reach};
use crate::output::Output;
use anyhow::Context as _;
use audit_check::merkle::{self, Hash};
use audit_check::{Keys, note, proof};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    reach: Reach,
    #[command(flatten)]
    trust: Trust,
    /// Id of the submission.
    #[arg(required_unless_present = "receipt", value_parser = submission_id)]
    submission: Option<Uuid>,
    /// A receipt that somebody holds: the proof must be for exactly this one.
    #[arg(long, conflicts_with = "submission")]
    receipt: Option<PathBuf>,
    /// Also prove that the log of today only goes on from this checkpoint.
    #[arg(long)]
    against: Option<PathBuf>,
    /// Also prove that its case was erased at the end of its retention.
    #[arg(long)]
    erased: bool,
    /// Keep receipt and proof in a new file, for `yimenctl audit verify --proof`.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// A submission's id as people copy it.
fn submission_id(text: &str) -> Result<Uuid, &'static str> {
    text.parse().map_err(|_| {
        "an id of a submission is expected, 32 hex digits as in 019ab3c4-5d6e-7f80-91a2-b3c4d5e6f708; from a receipt: --receipt FILE"
    })
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    let keys = arguments.trust.keys()?;
    let refused = |why: String| Failure::Refused(format!("NOT CONFIRMED: {why}"));
    let held = match &arguments.receipt {
        None => None,
        Some(path) => {
            there(path)?;
            let file: Value = serde_json::from_str(&files::read(path)?).with_context(|| path.display().to_string())?;
            let signed = if file["receipt"].is_null() { &file } else { &file["receipt"] };
            Some(proof::receipt(signed, &keys).map_err(refused)?)
        }
    };
    let id = match (&held, arguments.submission) {
        (Some(receipt), _) => receipt["id"].as_str().unwrap_or_default().to_owned(),
        (None, Some(id)) => id.to_string(),
        (None, None) => return Err(Failure::Usage("name a submission, or give --receipt".into())),
    };
    let office = arguments.reach.connect()?;
    let fetch = || office.get("/v1/audit/proof", &[("submission", id.clone())]);
    let mut answer = fetch()?;
    let signed = |answer: &Value| !answer["proof"].is_null() && (!arguments.erased || !answer["erased"].is_null());
    if !signed(&answer) {
        office.post("/v1/audit/checkpoints", &json!({}))?;
        answer = fetch()?;
    }
    let receipt = match held {
        Some(receipt) => receipt,
        None => proof::receipt(&answer["receipt"], &keys).map_err(refused)?,
    };
    let mut proven = proof::verify(&answer["proof"], &receipt, &keys).map_err(refused)?;
    if proven.submission != id {
        return Err(refused("the office answered for another submission".into()));
    }
    if arguments.erased {
        if answer["erased"].is_null() {
            return Err(refused("the office has no leaf that says so: the case is kept, or on its way out".into()));
        }
        proven.erased = Some(proof::verify_erased(&answer["erased"], &proven, &keys).map_err(refused)?);
    }
    let since = match &arguments.against {
        None => String::new(),
        Some(path) => goes_on(&office, path, &keys, &proven.checkpoint)?,
    };
    if let Some(path) = &arguments.out {
        files::write_new(path, &format!("{answer}\n"), false)?;
    }
    output.show(&proven.json(), || format!("{}{since}", proven.words(&keys.origin)));
    Ok(())
}

/// The words that the log goes on from an old checkpoint, after that is verified.
fn goes_on(office: &Office, path: &Path, keys: &Keys, new: &note::Checkpoint) -> Result<String, Failure> {
    let old = checkpoint(path, keys)?;
    let no = |why: &str| Failure::Refused(format!("NOT CONFIRMED: {}: {why}", path.display()));
    if old.size > new.size {
        return Err(no("the office's log is shorter than when this was signed"));
    }
    let query = [("old", old.size.to_string()), ("size", new.size.to_string())];
    let answer = office.get("/v1/audit/consistency", &query)?;
    let hash = |digits: &Value| -> Option<Hash> { hex::decode(digits.as_str()?).ok()?.try_into().ok() };
    let path: Option<Vec<Hash>> = answer["hashes"].as_array().and_then(|all| all.iter().map(hash).collect());
    let path = path.ok_or_else(|| no("the office's proof is not of the right shape"))?;
    if !merkle::grew(old.size, old.root, new.size, new.root, &path) {
        return Err(no("the log of today is not a continuation of the one that was signed then"));
    }
    Ok(format!("\nThe log only grew since it had {} entries.", old.size))
}
