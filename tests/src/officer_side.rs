//! The other side of an errand: what the officer sees of it. A command with a browser signs in as the demonstration's second
//! officer, opens each case as soon as its journey has ended, and takes pictures, while further journeys are walked.
//! It gets one JSON line first, `{"officer": {"id", "password"}, "workbench", "pictures"}`, then one line a case,
//! `{"journey", "code"}`, and answers each with `{"journey", "shots": [{"picture", "caption"}]}` or `{"journey", "error"}`; `{}` is the last line.
//! Not here: what an officer does with a case (`crate::counter`).

use crate::demo::children::Process;
use crate::demo::{Bureau, OFFICERS};
use crate::robot::journey::Journey;
use crate::robot::walk::{Shot, Walked};
use anyhow::{Context as _, bail};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{BufReader, Write as _};
use std::path::Path;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Where the pictures lie in the report's folder.
const PICTURES: &str = "pictures/officer";

/// How long the last pictures may take after the last journey: the officer's browser may be some journeys behind.
const PATIENCE: Duration = Duration::from_secs(300);

/// Pictures by journey.
pub type Seen = BTreeMap<String, Vec<Shot>>;

/// What the command answered: pictures, and what could not be seen.
#[derive(Debug, Default)]
struct Told {
    seen: Seen,
    refused: Vec<String>,
}

/// The running command.
#[derive(Debug)]
pub struct OfficerSide {
    to: Mutex<ChildStdin>,
    asked: Mutex<Vec<String>>,
    answers: Mutex<Receiver<anyhow::Result<Told>>>,
    process: Process,
}

#[derive(Deserialize)]
struct Answer {
    journey: String,
    #[serde(default)]
    shots: Vec<Taken>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Taken {
    picture: String,
    caption: String,
}

impl OfficerSide {
    /// Starts the command and lets the officer sign in.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(bureau: &Bureau, out: &Path, command: &str) -> anyhow::Result<Self> {
        let officer = OFFICERS[1];
        let pictures = out.join(PICTURES);
        std::fs::create_dir_all(&pictures)?;
        let mut process = Command::new("sh");
        process.args(["-c", command]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let process = bureau.children.start(&mut process)?;
        let mut to = process.stdin().context("the command has no stdin")?;
        let told = json!({
            "officer": { "id": officer.id, "password": bureau.first_password(officer)? },
            "workbench": bureau.workbench(), "pictures": pictures,
        });
        writeln!(to, "{told}")?;
        let from = BufReader::new(process.stdout().context("the command has no stdout")?);
        let (tell, answers) = sync_channel(1);
        std::thread::Builder::new().name("officer-side".to_owned()).spawn(move || {
            // Nobody listens any more when the whole run broke off before its end.
            let _ = tell.send(collect(from));
        })?;
        Ok(Self { to: Mutex::new(to), asked: Mutex::default(), answers: Mutex::new(answers), process })
    }

    /// Asks for pictures of what this journey left in the queue; nothing when it left nothing.
    ///
    /// # Errors
    /// The office does not answer, or the command is gone.
    pub fn show(&self, bureau: &Bureau, journey: &Journey, walked: &Walked) -> anyhow::Result<()> {
        let Some(code) = walked.code.as_ref().filter(|_| walked.right) else { return Ok(()) };
        let code = code.replace(' ', "");
        if bureau.cases(&code)?.is_empty() {
            return Ok(());
        }
        let mut to = self.to.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(to, "{}", json!({ "journey": journey.id, "code": code })).context("the officer's browser is gone")?;
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(journey.id.clone());
        Ok(())
    }

    /// Waits for the last picture, not for ever; gives pictures by journey, and what could not be seen, in words.
    pub fn seen(self) -> (Seen, Vec<String>) {
        // It stays open until the last answer: the command ends at once when nobody speaks to it any more.
        let to = self.to.into_inner().unwrap_or_else(PoisonError::into_inner);
        // One that has gone already is told of below.
        let _ = writeln!(&to, "{{}}");
        let asked = self.asked.into_inner().unwrap_or_else(PoisonError::into_inner);
        let answers = self.answers.into_inner().unwrap_or_else(PoisonError::into_inner);
        let told = last(&answers, PATIENCE);
        drop(to);
        self.process.kill();
        let broken = |error: anyhow::Error| Told { refused: vec![format!("{error:#}")], ..Told::default() };
        let Told { seen, mut refused } = told.unwrap_or_else(broken);
        refused.extend(without(&asked, &seen).into_iter().map(|id| format!("{id}: no picture")));
        (seen, refused)
    }
}

/// What the command told until it ended, when it ends within the patience.
fn last(answers: &Receiver<anyhow::Result<Told>>, patience: Duration) -> anyhow::Result<Told> {
    match answers.recv_timeout(patience) {
        Ok(told) => told,
        Err(RecvTimeoutError::Timeout) => bail!("the officer's side did not come to its end in {patience:?}"),
        Err(RecvTimeoutError::Disconnected) => bail!("the officer's side broke off"),
    }
}

fn collect(from: impl std::io::BufRead) -> anyhow::Result<Told> {
    let mut told = Told::default();
    for line in from.lines() {
        let line = line?;
        let Ok(answer) = serde_json::from_str::<Answer>(&line) else {
            eprintln!("{line}");
            continue;
        };
        told.refused.extend(answer.error.map(|error| format!("{}: {error}", answer.journey)));
        let shots = answer.shots.into_iter().map(|shot| Shot {
            screen: "workbench".to_owned(),
            picture: format!("{PICTURES}/{}", shot.picture),
            after: shot.caption,
        });
        told.seen.entry(answer.journey).or_default().extend(shots);
    }
    Ok(told)
}

/// Journeys that were asked for and have no picture.
fn without<'a>(asked: &'a [String], seen: &Seen) -> Vec<&'a str> {
    asked.iter().filter(|id| seen.get(*id).is_none_or(Vec::is_empty)).map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_sorted_by_journey_and_a_refusal_is_told() {
        let words = "hello\n{\"journey\":\"11\",\"shots\":[{\"picture\":\"a.png\",\"caption\":\"x\"}]}\n\
                     {\"journey\":\"12\",\"error\":\"no such case\"}\n";
        let told = collect(words.as_bytes()).unwrap();
        assert_eq!(told.seen["11"][0].picture, "pictures/officer/a.png");
        assert_eq!(told.refused, ["12: no such case"]);
    }

    #[test]
    fn one_that_never_ends_is_not_waited_for() {
        let (tell, answers) = sync_channel(1);
        let error = last(&answers, Duration::from_millis(20)).unwrap_err();
        assert!(error.to_string().contains("did not come to its end"), "{error}");
        tell.send(collect(&b"{\"journey\":\"11\",\"error\":\"x\"}\n"[..])).unwrap();
        assert_eq!(last(&answers, Duration::from_secs(5)).unwrap().refused, ["11: x"]);
        drop(tell);
        assert!(last(&answers, Duration::from_secs(5)).unwrap_err().to_string().contains("broke off"));
    }

    #[test]
    fn an_errand_without_its_other_side_is_told() {
        let asked = ["11".to_owned(), "12".to_owned(), "13".to_owned()];
        let shot = Shot { screen: String::new(), picture: "a.png".to_owned(), after: String::new() };
        let seen = Seen::from([("11".to_owned(), vec![shot]), ("12".to_owned(), Vec::new())]);
        assert_eq!(without(&asked, &seen), ["12", "13"]);
    }
}
