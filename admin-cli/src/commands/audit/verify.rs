//! `yimenctl audit verify`: offline. A folder or file of leaves with all checkpoints, or a resident's receipt with its proof.

use super::export::{CHECKPOINTS, LEAVES};
use super::{Trust, checkpoint, there};
use crate::failure::Failure;
use crate::files;
use crate::output::Output;
use anyhow::Context as _;
use audit_check::log::{self, Line, Verdict};
use audit_check::{proof, whose};
use serde_json::{Value, json};
use std::io::BufRead as _;
use std::path::{Path, PathBuf};

/// Arguments.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    trust: Trust,
    /// A folder made by `yimenctl audit export`, or a file of leaves (JSON lines).
    #[arg(required_unless_present = "proof")]
    log: Option<PathBuf>,
    /// More checkpoints: a file, or a folder that is searched for `*.checkpoint`, e.g. the copies on another machine.
    #[arg(long, conflicts_with = "proof")]
    checkpoints: Vec<PathBuf>,
    /// A checkpoint that somebody kept: the log must hold it and go on from it.
    #[arg(long, conflicts_with = "proof")]
    against: Vec<PathBuf>,
    /// A proof in place of a log: the office's answer, or its member `proof`.
    #[arg(long, conflicts_with = "log")]
    proof: Option<PathBuf>,
    /// The receipt that the proof is for; default: the one in the same file.
    #[arg(long, requires = "proof")]
    receipt: Option<PathBuf>,
}

/// Runs it.
pub fn run(arguments: Arguments, output: Output) -> Result<(), Failure> {
    match (&arguments.proof, &arguments.log) {
        (Some(file), _) => verify_proof(&arguments, file, output),
        (None, Some(log)) => verify_log(&arguments, log, output),
        (None, None) => Err(Failure::Usage("name a folder, or a proof with --proof".into())),
    }
}

fn verify_proof(arguments: &Arguments, file: &Path, output: Output) -> Result<(), Failure> {
    let keys = arguments.trust.keys()?;
    let given = json(file)?;
    let (signed, proof) = match &arguments.receipt {
        Some(path) => (json(path)?, &given),
        None => (Value::Null, &given),
    };
    // The office's whole answer, or only its proof; a receipt file may be the whole answer, too.
    let proof = if proof["proof"].is_null() { proof } else { &proof["proof"] };
    let signed = [&signed["receipt"], &signed, &given["receipt"]].into_iter().find(|it| it["body"].is_string());
    let signed = signed.ok_or_else(|| Failure::Usage("no receipt: give --receipt FILE".into()))?;
    if proof["leaf"].is_null() {
        return Err(Failure::Refused("there is no proof in this file yet: ask the office again in a minute".into()));
    }
    let refused = |why: String| Failure::Refused(format!("NOT CONFIRMED: {why}"));
    let receipt = proof::receipt(signed, &keys).map_err(refused)?;
    let mut proven = proof::verify(proof, &receipt, &keys).map_err(refused)?;
    if !given["erased"].is_null() {
        proven.erased = Some(proof::verify_erased(&given["erased"], &proven, &keys).map_err(refused)?);
    }
    output.show(&proven.json(), || proven.words(&keys.origin));
    Ok(())
}

fn json(path: &Path) -> Result<Value, Failure> {
    there(path)?;
    Ok(serde_json::from_str(&files::read(path)?).with_context(|| path.display().to_string())?)
}

fn verify_log(arguments: &Arguments, log: &Path, output: Output) -> Result<(), Failure> {
    let keys = arguments.trust.keys()?;
    there(log)?;
    let folder = log.is_dir();
    let leaves = if folder { log.join(LEAVES) } else { log.to_path_buf() };
    there(&leaves)?;
    let mut notes = Vec::new();
    let own = folder.then(|| log.join(CHECKPOINTS));
    for place in own.iter().chain(&arguments.checkpoints) {
        there(place)?;
        collect(place, &mut notes)?;
    }
    for path in &arguments.against {
        // One that is not the office's would prove nothing against it.
        checkpoint(path, &keys)?;
        notes.push((path.display().to_string(), files::read(path)?));
    }
    if notes.is_empty() {
        return Err(Failure::Usage("no checkpoint is at hand: give --checkpoints or --against".into()));
    }
    let mut verdict = Verdict::default();
    let signed = log::notes(&notes, &keys, &mut verdict);
    let strangers = whose::all_by_one_stranger(notes.iter().map(|(_, text)| text.as_str()), &keys.origin, &keys.audit);
    let file = std::fs::File::open(&leaves).with_context(|| leaves.display().to_string())?;
    let lines = std::io::BufReader::new(file).lines().enumerate().map(|(number, line)| -> Result<Line, Failure> {
        let place = || format!("{}, line {}", leaves.display(), number + 1);
        Ok(serde_json::from_str(&line.with_context(place)?).with_context(place)?)
    });
    log::walk(lines, &signed, &mut verdict)?;
    let ok = verdict.findings.is_empty();
    let mut shown = serde_json::to_value(&verdict).context("the verdict")?;
    shown["ok"] = json!(ok);
    shown["one_unknown_key"] = json!(strangers);
    output.show(&shown, || {
        let asked = if strangers { arguments.trust.is_it_that_offices() } else { String::new() };
        words(&verdict) + &asked
    });
    if ok { Ok(()) } else { Err(Failure::Told) }
}

fn words(verdict: &Verdict) -> String {
    let later = verdict.leaves.saturating_sub(verdict.signed);
    let mut text = if verdict.findings.is_empty() {
        format!(
            "The log holds: {} leaves, {} checkpoints. Signed: the first {} leaves; written since: {later}.\n",
            verdict.leaves, verdict.checkpoints, verdict.signed
        )
    } else {
        format!("THE LOG DOES NOT HOLD. The first {} leaves agree with a signature.\n", verdict.signed)
    };
    for finding in &verdict.findings {
        text.push_str(&format!("  {}: {}\n", finding.kind, finding.words));
    }
    text
}

/// Notes in a file, or in all `*.checkpoint` below a folder.
fn collect(place: &Path, notes: &mut Vec<(String, String)>) -> Result<(), Failure> {
    if !place.is_dir() {
        notes.push((place.display().to_string(), files::read(place)?));
        return Ok(());
    }
    let entries = std::fs::read_dir(place).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
    let mut paths: Vec<PathBuf> =
        entries.with_context(|| place.display().to_string())?.into_iter().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() || path.extension().is_some_and(|end| end == "checkpoint") {
            collect(&path, notes)?;
        }
    }
    Ok(())
}
