//! An officers' day at the counter: errands of every service are handed in at robot kiosks, then a command works through
//! them at the real office. The command is started with `YIMEN_WORKBENCH` (the workbench's address) and gets one JSON line
//! on its stdin: `{"officers": [{"id", "name", "password"}], "cases": [{"journey", "service", "title", "status", "code"}],
//! "lease_seconds", "pictures"}`. A line `{"walk": "<journey of journeys/counter/>", "code"}` that it prints sends a resident
//! to a kiosk, with the receipt of that code where one is named, and is answered by one line
//! `{"walk", "right", "outcome", "code"}`. Its last line is the result, one JSON object with `failed`, a list. Everything
//! else it prints is passed on.
//! Not here: what officers do; that is the command's (`back-office/web/tests/day`).

use crate::demo::residents::Resident;
use crate::demo::{Bureau, FIRST, OFFICERS};
use crate::plaintext::Searched;
use crate::robot::journey::{self, Journey};
use crate::robot::walk::{Walked, walk};
use anyhow::Context as _;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

/// One errand of each service of the catalogue.
pub const JOURNEYS: [&str; 12] = [
    "11-certificate-issued",
    "12-id-lost-with-later",
    "13-licence-renewed",
    "14-passport-for-a-child",
    "61-proof-for-the-train",
    "62-cancelled-hukou",
    "63-residence-printed",
    "64-permit-endorsed",
    "65-newborn",
    "66-record-by-mandate",
    "67-vehicle-licence",
    "68-hong-kong-tour",
];

/// A claim ends after so long: short enough to wait for once, long enough for work on a busy machine.
pub const LEASE_SECONDS: u32 = 90;

/// What the day needs.
#[derive(Clone, Copy, Debug)]
pub struct Day<'a> {
    /// The running bureau.
    pub bureau: &'a Bureau,
    /// Its residents.
    pub residents: &'a [Resident],
    /// The folder of journeys.
    pub journeys: &'a Path,
    /// Where pictures go.
    pub out: &'a Path,
}

/// How the day went.
#[derive(Clone, Debug)]
pub struct Outcome {
    line: Map<String, Value>,
    failed: Vec<String>,
}

/// A resident is asked to a kiosk.
#[derive(Deserialize)]
struct Asked {
    walk: String,
    code: Option<String>,
}

impl Day<'_> {
    /// Lets the command work, and walks what it asks for.
    ///
    /// # Errors
    /// The command cannot be started or spoken to.
    pub fn run(&self, command: &str, walked: &[(Journey, Walked)]) -> anyhow::Result<Outcome> {
        let mut failed: Vec<String> = walked
            .iter()
            .filter(|(_, walk)| !walk.right)
            .map(|(journey, walk)| format!("at the kiosk: {}: {}", journey.id, walk.outcome))
            .collect();
        let cases = self.cases(walked)?;
        let services: BTreeSet<&str> = cases.iter().filter_map(|case| case["service"].as_str()).collect();
        if services.len() != JOURNEYS.len() {
            failed.push(format!("errands of {} services were handed in, not of {}", services.len(), JOURNEYS.len()));
        }
        let mut process = Command::new("sh");
        process.args(["-c", command]).env("YIMEN_WORKBENCH", self.bureau.workbench());
        let process = self.bureau.children.start(process.stdin(Stdio::piped()).stdout(Stdio::piped()))?;
        let mut to = process.stdin().context("the command has no stdin")?;
        writeln!(to, "{}", self.told(&cases)?)?;
        let mut last = String::new();
        for line in BufReader::new(process.stdout().context("the command has no stdout")?).lines() {
            let line = line?;
            if let Ok(asked) = serde_json::from_str::<Asked>(&line) {
                // A command that ended meanwhile hears nothing; how it ended is told below.
                let _ = writeln!(to, "{}", self.walk(asked));
                continue;
            }
            eprintln!("{line}");
            last = line;
        }
        drop(to);
        let mut line: Map<String, Value> = serde_json::from_str(&last).unwrap_or_default();
        match line.remove("failed") {
            Some(Value::Array(more)) => {
                failed.extend(more.iter().map(|one| one.as_str().map_or_else(|| one.to_string(), str::to_owned)));
            }
            _ => failed.push(format!("the command told no result; its last words: {last}")),
        }
        Ok(Outcome { line, failed })
    }

    /// The office's view of what was handed in.
    fn cases(&self, walked: &[(Journey, Walked)]) -> anyhow::Result<Vec<Value>> {
        let mut cases = Vec::new();
        for (journey, walk) in walked.iter().filter(|(_, walk)| walk.right) {
            let code = walk.code.as_ref().with_context(|| format!("{} read no code", journey.id))?.replace(' ', "");
            for case in self.bureau.cases(&code)? {
                cases.push(json!({
                    "journey": journey.id, "service": case["service"], "title": case["title"], "status": case["status"], "code": code,
                }));
            }
        }
        Ok(cases)
    }

    fn told(&self, cases: &[Value]) -> anyhow::Result<Value> {
        let mut officers = Vec::new();
        for officer in OFFICERS {
            let password = self.bureau.first_password(officer)?;
            officers.push(json!({ "id": officer.id, "name": officer.name, "password": password }));
        }
        let pictures = self.out.join("pictures/counter");
        std::fs::create_dir_all(&pictures)?;
        Ok(json!({ "officers": officers, "cases": cases, "lease_seconds": LEASE_SECONDS, "pictures": pictures }))
    }

    fn walk(&self, asked: Asked) -> Value {
        let path = self.journeys.join("counter").join(format!("{}.toml", asked.walk));
        match journey::read(&path) {
            Err(error) => json!({ "walk": asked.walk, "right": false, "outcome": format!("{error:#}") }),
            Ok(mut journey) => {
                journey.code = asked.code;
                let walked = walk(&journey, self.bureau, self.residents, (FIRST, false), self.out);
                let code = walked.code.map(|code| code.replace(' ', ""));
                json!({ "walk": asked.walk, "right": walked.right, "outcome": walked.outcome, "code": code })
            }
        }
    }
}

impl Outcome {
    /// Takes in what was found in plain on the disks.
    pub fn add(&mut self, searched: &Searched) {
        self.failed.extend(searched.found.iter().map(|found| format!("readable on a disk: {}", found.display())));
        self.line.insert("searched_files".to_owned(), json!(searched.files));
    }

    /// Nothing failed.
    pub fn right(&self) -> bool {
        self.failed.is_empty()
    }

    /// The last line: the command's result, with the kiosks' failures.
    pub fn line(&self) -> Value {
        let mut line = self.line.clone();
        line.insert("failed".to_owned(), json!(self.failed));
        Value::Object(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_has_an_errand_of_each_service_among_the_houses_journeys() {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/journeys"));
        let ids: Vec<String> = journey::read_all(folder).unwrap().into_iter().map(|journey| journey.id).collect();
        assert!(JOURNEYS.iter().all(|wanted| ids.iter().any(|id| id == wanted)));
        let services = concat!(env!("CARGO_MANIFEST_DIR"), "/../services-catalog/services");
        assert_eq!(std::fs::read_dir(services).unwrap().count(), JOURNEYS.len());
    }

    #[test]
    fn a_file_readable_on_a_disk_makes_the_day_fail() {
        let mut outcome = Outcome { line: Map::new(), failed: Vec::new() };
        outcome.add(&Searched { files: 3, bytes: 9, found: Vec::new() });
        assert!(outcome.right());
        outcome.add(&Searched { files: 3, bytes: 9, found: vec!["office.db".into()] });
        assert!(!outcome.right());
        assert_eq!(outcome.line()["failed"], json!(["readable on a disk: office.db"]));
    }
}
