//! The office's side of a journey: what an officer does elsewhere, and what the office must hold afterwards.
//! Invariant: asked through the office's own doors, as officers ask; nothing is read from its files.

use super::journey::{OfficerAct, QueueCheck};
use super::walk::{PATIENCE, Walk};
use crate::demo::poll::until;
use anyhow::{Context as _, ensure};

/// The kiosk's own words for a rating it does not try to send any more.
const RATING_DROPPED: &str = "a rating is dropped";

impl Walk<'_> {
    pub(super) fn officer(&self, act: &OfficerAct) -> anyhow::Result<()> {
        let code = self.known_code()?;
        if let OfficerAct::TakesUp(words) = act {
            return self.taken_up(&code, words);
        }
        let held = until(PATIENCE, || self.bureau.cases(&code).ok().filter(|cases| !cases.is_empty()));
        let id =
            held.context("the case is not in the queue")?[0]["id"].as_str().context("a case without id")?.to_owned();
        self.bureau.officer(&["claim", &id])?;
        match act {
            OfficerAct::Returns(items) => {
                let by = jiff::tz::Offset::constant(8).to_datetime(ambient::now()).date();
                let by = by.saturating_add(jiff::Span::new().days(14)).to_string();
                let mut arguments = vec!["decide", &id, "return", "--by", &by];
                arguments.extend(items.iter().flat_map(|item| ["--item", item.as_str()]));
                self.bureau.officer(&arguments)?;
            }
            OfficerAct::TakesUp(_) => {}
            OfficerAct::Refuses(reason, remedy) => {
                self.bureau.officer(&["decide", &id, "refuse", reason, "--remedy", remedy])?;
            }
        }
        Ok(())
    }

    /// One scan at the counter: what the person gave is there already.
    pub(super) fn taken_up(&self, code: &str, words: &[String]) -> anyhow::Result<()> {
        let opening = until(PATIENCE, || self.bureau.officer(&["take-up", code]).ok());
        let opening = opening.with_context(|| format!("the counter does not find what was handed over as {code}"))?;
        ensure!(opening["from"] == "kiosk" && opening["code"] == code, "it is another one: {opening}");
        let shown = opening.to_string();
        for words in words {
            let words = self.fill(words)?;
            ensure!(shown.contains(&words), "“{words}” is not there at the counter: {shown}");
        }
        Ok(())
    }

    /// Ratings of the office: nobody else of a run gives so many stars to this service.
    pub(super) fn rated(&self, service: &str, stars: usize, given: bool) -> anyhow::Result<()> {
        let count = || self.bureau.ratings(service).ok().map(|all| all.get(stars - 1).copied().unwrap_or_default());
        if given {
            let there = until(PATIENCE, || count().filter(|count| *count > 0));
            there.map(|_| ()).with_context(|| format!("the office has no {stars} stars for {service}"))
        } else {
            // Only when the kiosk has given it up can none come any more.
            let gone = until(PATIENCE, || self.hands.has_said(RATING_DROPPED).ok().filter(|said| *said));
            gone.context("the kiosk does not say that it gave the rating up")?;
            ensure!(count() == Some(0), "the office has {stars} stars for {service}");
            Ok(())
        }
    }

    pub(super) fn stands(&self, status: &str, wanted: &[String], settled: &[String]) -> anyhow::Result<()> {
        let code = self.known_code()?;
        let mut last = String::new();
        let stands = until(PATIENCE * 2, || {
            let cases = self.bureau.cases(&code).ok()?;
            last = format!("{cases:?}");
            let [case] = cases.as_slice() else { return None };
            let open: Vec<&str> = case["open"].as_array()?.iter().filter_map(|open| open.as_str()).collect();
            let there = wanted.iter().all(|wanted| open.contains(&wanted.as_str()));
            let gone = settled.iter().all(|settled| !open.contains(&settled.as_str()));
            (case["word"] == status && there && gone).then_some(())
        });
        stands.with_context(|| format!("one case that is {status} with {wanted:?} and without {settled:?}: {last}"))
    }

    pub(super) fn check_queue(&self, check: &QueueCheck) -> anyhow::Result<()> {
        let code = self.known_code()?.replace(' ', "");
        // Opening a case is the office's background work: give it a moment to come, none to come twice.
        let cases = until(PATIENCE, || self.bureau.cases(&code).ok().filter(|cases| cases.len() >= check.count));
        let cases = cases.with_context(|| format!("fewer than {} cases with the code {code}", check.count))?;
        ensure!(cases.len() == check.count, "{} cases with the code {code}", cases.len());
        for case in &cases {
            for (name, wanted) in [("branch", &check.branch), ("word", &check.status)] {
                if let Some(wanted) = wanted {
                    ensure!(case[name] == wanted.as_str(), "{name} is {} and not {wanted}", case[name]);
                }
            }
            let open: Vec<&str> =
                case["open"].as_array().into_iter().flatten().filter_map(|open| open.as_str()).collect();
            for wanted in &check.open {
                ensure!(open.contains(&wanted.as_str()), "an officer must see “{wanted}”, but sees {open:?}");
            }
            if let Some(wanted) = &check.pictures {
                let detail = self.bureau.officer(&["show", case["id"].as_str().context("a case without id")?])?;
                let there = |name: &&str| detail["person"][*name]["attachment"].is_string();
                let seen: Vec<&str> = ["card_photo", "live_photo"].into_iter().filter(there).collect();
                ensure!(seen == *wanted, "an officer sees the pictures {seen:?} and not {wanted:?}");
            }
        }
        Ok(())
    }
}
