//! Walking one journey: step after step, a picture of every new screen, and the checks at the end.

use super::hands::{Hands, can_play_full_disk};
use super::journey::{Fate, Journey, Kiosk, OfficerAct, PaperCheck, QueueCheck, Step};
use super::line::Seen;
use super::typing;
use crate::demo::poll::until;
use crate::demo::residents::Resident;
use crate::demo::{Bureau, KioskPlan};
use crate::papers;
use anyhow::{Context as _, bail, ensure};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a person waits for the next screen.
const PATIENCE: Duration = Duration::from_secs(12);
/// Leaves a draft, or what was handed in a while ago, and begins anew.
const START_AFRESH: &str = "重新填";
const PAGE_DOWN: [&str; 2] = ["下一页", "Next page"];

/// What a journey left behind.
#[derive(Clone, Debug, Serialize)]
pub struct Walked {
    /// Its id.
    pub journey: String,
    /// Its promised ending, or `failed: …`.
    pub outcome: String,
    /// The pictures, in order.
    pub steps: Vec<Shot>,
    /// PDFs, relative to the report.
    pub documents: Vec<String>,
    /// The officer's side, when it was looked at.
    #[serde(skip)]
    pub office: Vec<Shot>,
    /// The receipt code read last.
    #[serde(skip)]
    pub code: Option<String>,
    /// It ended as it should.
    #[serde(skip)]
    pub right: bool,
    /// How long it took.
    #[serde(skip)]
    pub took: Duration,
}

/// A picture of a screen.
#[derive(Clone, Debug, Serialize)]
pub struct Shot {
    /// Name of the screen.
    pub screen: String,
    /// PNG, relative to the report.
    pub picture: String,
    /// What was done to get there.
    #[serde(skip)]
    pub after: String,
}

struct Walk<'a> {
    bureau: &'a Bureau,
    residents: &'a [Resident],
    out: &'a Path,
    journey: &'a Journey,
    hands: Hands,
    person: Option<Resident>,
    code: Option<String>,
    shots: Vec<Shot>,
    last: Option<Seen>,
    documents: Vec<String>,
    tray_before: Vec<PathBuf>,
    after_failure: bool,
}

/// Walks a journey; pictures and papers go to `out`.
/// `after_failure`: a journey before it on this kiosk broke off, and may have left something half filled in.
pub fn walk(
    journey: &Journey,
    bureau: &Bureau,
    residents: &[Resident],
    (lane, after_failure): (KioskPlan, bool),
    out: &Path,
) -> Walked {
    let begun = Instant::now();
    if journey.kiosk == Kiosk::FullDisk && !can_play_full_disk() {
        let outcome = "skipped: this machine lets no process mount a small disk of its own".to_owned();
        return Walked {
            journey: journey.id.clone(),
            outcome,
            steps: Vec::new(),
            documents: Vec::new(),
            office: Vec::new(),
            code: None,
            right: true,
            took: begun.elapsed(),
        };
    }
    let mut shots = Vec::new();
    let mut documents = Vec::new();
    let mut code = None;
    let result = begin(journey, bureau, residents, lane, out).and_then(|mut walk| {
        walk.after_failure = after_failure;
        let result = walk.all();
        if result.is_err() {
            walk.last_look();
        }
        walk.collect();
        let result = result.and_then(|()| walk.checks());
        shots = std::mem::take(&mut walk.shots);
        documents = std::mem::take(&mut walk.documents);
        code = walk.code.take();
        result
    });
    let outcome = match &result {
        Ok(()) => journey.ends.clone(),
        Err(error) => format!("failed: {error:#}"),
    };
    Walked {
        journey: journey.id.clone(),
        outcome,
        steps: shots,
        documents,
        office: Vec::new(),
        code,
        right: result.is_ok(),
        took: begun.elapsed(),
    }
}

fn begin<'a>(
    journey: &'a Journey,
    bureau: &'a Bureau,
    residents: &'a [Resident],
    lane: KioskPlan,
    out: &'a Path,
) -> anyhow::Result<Walk<'a>> {
    std::fs::create_dir_all(out.join("pictures").join(&journey.id))?;
    std::fs::create_dir_all(out.join("documents").join(&journey.id))?;
    let hands = Hands::start(bureau, journey.kiosk, lane)?;
    let tray_before = papers::in_folder(&hands.tray());
    let mut walk = Walk {
        bureau,
        residents,
        out,
        journey,
        hands,
        person: None,
        code: journey.code.clone(),
        shots: Vec::new(),
        last: None,
        documents: Vec::new(),
        tray_before,
        after_failure: false,
    };
    if let Some(name) = &journey.resident {
        walk.person = Some(walk.resident(name)?);
    }
    walk.notice("开机")?;
    Ok(walk)
}

impl Walk<'_> {
    fn all(&mut self) -> anyhow::Result<()> {
        for (n, step) in self.journey.steps.iter().enumerate() {
            self.step(step).with_context(|| format!("step {} ({step:?})", n + 1))?;
        }
        Ok(())
    }

    fn step(&mut self, step: &Step) -> anyhow::Result<()> {
        match step {
            Step::Use(name) => bail!("the part {name} was not put in its place"),
            Step::Press(label) => {
                let label = self.fill(label)?;
                self.press(&label)?;
                self.notice(&format!("按“{label}”"))
            }
            Step::PressIfSeen(label) => {
                let label = self.fill(label)?;
                if self.hands.line.look()?.buttons(&label) > 0 {
                    self.press(&label)?;
                    self.notice(&format!("按“{label}”"))?;
                }
                Ok(())
            }
            Step::Keys(text) => {
                let text = self.fill(text)?;
                typing::keys(&mut self.hands.line, &text)?;
                self.notice("用键盘输入")
            }
            Step::Taps(keys) => {
                keys.iter().try_for_each(|key| typing::key_press(&mut self.hands.line, key))?;
                self.notice("用键盘输入")
            }
            Step::Chinese(words) => {
                for [pinyin, word] in words {
                    typing::chinese(&mut self.hands.line, pinyin, word)?;
                }
                let whole: String = words.iter().map(|[_, word]| word.as_str()).collect();
                let seen = self.see(&whole, PATIENCE)?;
                self.shoot(seen, &format!("用拼音打出“{whole}”"))
            }
            Step::Sign(pad) => {
                self.see(pad, PATIENCE)?;
                self.hands.line.drag(pad, &signature())?;
                let seen = self.hands.line.look()?;
                self.shoot(seen, "签名")
            }
            Step::See(words) => self.await_words(words, PATIENCE),
            Step::Await { words, seconds } => self.await_words(words, Duration::from_secs(*seconds)),
            Step::NotSee(words) => {
                let words = self.fill(words)?;
                let seen = self.hands.line.look()?;
                ensure!(!seen.shows(&words), "“{words}” is visible; {}", seen.words());
                Ok(())
            }
            Step::Screen(name) => {
                let reached = until(PATIENCE, || self.hands.line.look().ok().filter(|seen| seen.screen == *name));
                match reached {
                    Some(seen) => self.shoot_if_new(seen, "等到这一页"),
                    None => bail!("the screen {name} does not come; {}", self.hands.line.look()?.words()),
                }
            }
            Step::Act(what) => {
                self.hands.line.act(what, None)?;
                self.notice(&format!("动作：{what}"))
            }
            Step::CardIn(which) => {
                let card = self.person.as_ref().context("nobody has a card here")?.card(which == "expired");
                self.hands.line.act("card-in", Some(&card))?;
                self.notice("放上身份证")
            }
            Step::Person(name) => {
                self.person = Some(self.resident(name)?);
                Ok(())
            }
            Step::ReadCode(which) => self.read_code(which),
            Step::Kiosk(Fate::KilledAndRestarted) => {
                self.hands.kill_and_restart()?;
                self.last = None;
                self.notice("断电，重新开机")
            }
            Step::Kiosk(Fate::Another) => {
                self.collect();
                self.hands.walk_to_another()?;
                self.tray_before.extend(papers::in_folder(&self.hands.tray()));
                self.last = None;
                self.notice("走到另一台机器")
            }
            Step::Officer(act) => self.officer(act),
            Step::Rated { service, stars, given } => self.rated(service, *stars, *given),
            Step::Stands { status, open, settled } => self.stands(status, open, settled),
            Step::Arrives(seconds) => {
                let code = self.known_code()?;
                let arrived = until(Duration::from_secs(*seconds), || {
                    self.bureau.cases(&code).ok().filter(|cases| !cases.is_empty())
                });
                ensure!(arrived.is_some(), "the case {code} did not arrive in the office's queue");
                self.notice("办公室收到了")
            }
            Step::NotArrived(_) => {
                let code = self.known_code()?;
                ensure!(self.bureau.cases(&code)?.is_empty(), "the case {code} is in the office's queue already");
                Ok(())
            }
            Step::Picture(caption) => {
                let seen = self.hands.line.look()?;
                self.shoot(seen, caption)
            }
        }
    }

    /// One scan at the counter: what the person gave is there already.
    fn taken_up(&self, code: &str, words: &[String]) -> anyhow::Result<()> {
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
    fn rated(&self, service: &str, stars: usize, given: bool) -> anyhow::Result<()> {
        let count = || self.bureau.ratings(service).ok().map(|all| all.get(stars - 1).copied().unwrap_or_default());
        if given {
            let there = until(PATIENCE, || count().filter(|count| *count > 0));
            there.map(|_| ()).with_context(|| format!("the office has no {stars} stars for {service}"))
        } else {
            ensure!(count() == Some(0), "the office has {stars} stars for {service}");
            Ok(())
        }
    }

    fn officer(&self, act: &OfficerAct) -> anyhow::Result<()> {
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

    fn stands(&self, status: &str, wanted: &[String], settled: &[String]) -> anyhow::Result<()> {
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

    /// Presses a button as soon as it is there; turns the page of a screen that is longer than its opening.
    fn press(&mut self, words: &str) -> anyhow::Result<()> {
        let (label, nth) = match words.split_once('#') {
            Some((label, nth)) => (label, nth.parse().context("a number after #")?),
            None => (words, 0),
        };
        let deadline = Instant::now() + PATIENCE;
        let turn_at = Instant::now() + Duration::from_millis(600);
        loop {
            let seen = self.hands.line.look()?;
            if seen.buttons(label) > nth {
                // Between the look and the press the screen may change once more.
                match self.hands.line.press(label, nth) {
                    Ok(()) => return Ok(()),
                    Err(error) if Instant::now() >= deadline => return Err(error),
                    Err(_) => {}
                }
            } else if Instant::now() >= deadline {
                bail!("there is no button “{label}”; {}", seen.words());
            } else if Instant::now() >= turn_at && self.leaves_what_was_left(&seen)? {
                // The next look is at another screen.
            } else if Instant::now() >= turn_at
                && let Some(down) = PAGE_DOWN.into_iter().find(|down| seen.buttons(down) > 0)
            {
                self.hands.line.press(down, 0)?;
                self.notice(&format!("按“{down}”"))?;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// After a journey that broke off its person is asked about what was left here: as a person would, the robot begins
    /// anew. Only then: a journey that is about a draft looks for it first.
    fn leaves_what_was_left(&mut self, seen: &Seen) -> anyhow::Result<bool> {
        if !self.after_failure || seen.buttons(START_AFRESH) == 0 {
            return Ok(false);
        }
        self.hands.line.press(START_AFRESH, 0)?;
        self.notice(&format!("上一位没走完，按“{START_AFRESH}”"))?;
        Ok(true)
    }

    fn await_words(&mut self, words: &str, patience: Duration) -> anyhow::Result<()> {
        let words = self.fill(words)?;
        let seen = self.see(&words, patience)?;
        self.shoot_if_new(seen, &format!("看到“{words}”"))
    }

    /// Looks until the words are there; after a while turns the page, when the screen is longer than its opening.
    fn see(&mut self, words: &str, patience: Duration) -> anyhow::Result<Seen> {
        let (deadline, turn_at) = (Instant::now() + patience, Instant::now() + Duration::from_millis(1500));
        loop {
            let seen = self.hands.line.look()?;
            if seen.shows(words) {
                return Ok(seen);
            }
            let down = PAGE_DOWN.into_iter().find(|down| seen.buttons(down) > 0);
            if Instant::now() >= deadline {
                bail!("“{words}” does not come to be visible; {}", seen.words());
            } else if Instant::now() >= turn_at && self.leaves_what_was_left(&seen)? {
                // The next look is at another screen.
            } else if Instant::now() >= turn_at
                && let Some(down) = down
            {
                self.shoot_if_new(seen, "看这一页")?;
                // The screen may have changed since; then there is nothing to turn.
                let _ = self.hands.line.press(down, 0);
            }
            std::thread::sleep(Duration::from_millis(25));
        }
    }

    /// Looks, and takes a picture when another screen has come.
    fn notice(&mut self, after: &str) -> anyhow::Result<()> {
        let seen = self.hands.line.look()?;
        self.shoot_if_new(seen, after)
    }

    fn shoot_if_new(&mut self, seen: Seen, after: &str) -> anyhow::Result<()> {
        let words = |seen: &Seen| {
            let texts = seen.elements.iter().filter(|thing| thing.role != "text" || thing.label.chars().count() > 5);
            texts.map(|thing| (thing.label.clone(), thing.checked, thing.value.clone())).collect::<Vec<_>>()
        };
        let same = self.last.as_ref().is_some_and(|last| last.screen == seen.screen && words(last) == words(&seen));
        if same { Ok(()) } else { self.shoot(seen, after) }
    }

    fn shoot(&mut self, seen: Seen, after: &str) -> anyhow::Result<()> {
        let picture = format!("pictures/{}/{:02}-{}.png", self.journey.id, self.shots.len() + 1, seen.screen);
        self.hands.line.picture(&std::path::absolute(self.out.join(&picture))?)?;
        self.shots.push(Shot { screen: seen.screen.clone(), picture, after: after.to_owned() });
        self.last = Some(seen);
        Ok(())
    }

    /// For the report of a failure: how it looked then. A kiosk that is gone shows nothing.
    fn last_look(&mut self) {
        if let Ok(seen) = self.hands.line.look() {
            let _ = self.shoot(seen, "停在这里");
        }
    }

    fn read_code(&mut self, which: &str) -> anyhow::Result<()> {
        let found = until(PATIENCE, || {
            let seen = self.hands.line.look().ok()?;
            seen.elements.iter().find_map(|thing| papers::receipt_code(&thing.label))
        });
        let code = found.context("no receipt code is visible")?;
        match (which, &self.code) {
            ("same", Some(before)) => ensure!(*before == code, "the code was {before} and is {code} now"),
            ("new", Some(before)) => ensure!(*before != code, "a new errand has the old code {code}"),
            _ => {}
        }
        self.code = Some(code);
        Ok(())
    }

    fn known_code(&self) -> anyhow::Result<String> {
        self.code.clone().context("no receipt code was read before")
    }

    fn resident(&self, name: &str) -> anyhow::Result<Resident> {
        let found = self.residents.iter().find(|resident| resident.name == name);
        found.cloned().with_context(|| format!("no resident is called {name}"))
    }

    /// Puts what the person knows in the place of `@name`, `@id`, `@phone`, `@code`.
    fn fill(&self, text: &str) -> anyhow::Result<String> {
        let mut text = text.to_owned();
        if let Some(person) = &self.person {
            text = text
                .replace("@name", &person.name)
                .replace("@id", &person.id_number)
                .replace("@phone", &person.phone());
        }
        if text.contains("@today") {
            // The kiosk's day is China's.
            let today = jiff::tz::offset(8).to_datetime(ambient::now()).date();
            text = text.replace("@today", &today.strftime("%Y%m%d").to_string());
        }
        if text.contains("@grouped") {
            let code = self.known_code()?;
            text = text.replace("@grouped", &format!("{} {}", &code[..4], &code[4..]));
        }
        if text.contains("@code") {
            text = text.replace("@code", &self.known_code()?);
        }
        Ok(text)
    }

    /// Takes the new papers out of the tray.
    fn collect(&mut self) {
        for paper in papers::in_folder(&self.hands.tray()) {
            if self.tray_before.contains(&paper) {
                continue;
            }
            let name =
                format!("documents/{}/{}", self.journey.id, paper.file_name().unwrap_or_default().to_string_lossy());
            if std::fs::copy(&paper, self.out.join(&name)).is_ok() {
                self.documents.push(name);
            }
        }
    }

    fn checks(&self) -> anyhow::Result<()> {
        if let Some(check) = &self.journey.queue {
            self.check_queue(check).context("the office's queue")?;
        }
        for check in &self.journey.papers {
            self.check_paper(check).with_context(|| format!("the paper “{}”", check.titled))?;
        }
        Ok(())
    }

    fn check_queue(&self, check: &QueueCheck) -> anyhow::Result<()> {
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

    fn check_paper(&self, check: &PaperCheck) -> anyhow::Result<()> {
        let titled = self.fill(&check.titled)?;
        for name in &self.documents {
            let path = self.out.join(name);
            let text = papers::text(&path)?;
            if !papers::holds(&text, &titled) {
                continue;
            }
            for words in &check.says {
                let words = self.fill(words)?;
                ensure!(papers::holds(&text, &words), "it does not say “{words}”; it says: {text}");
            }
            if check.signed {
                let person = self.person.as_ref().context("whose paper?")?;
                papers::check_signed(&path, &person.name, self.bureau)?;
            }
            return Ok(());
        }
        bail!("it is not in the tray; there are {:?}", self.documents)
    }
}

/// A signature of three strokes.
fn signature() -> Vec<Vec<[f32; 2]>> {
    let curve = |from: f32, to: f32, height: f32, waves: f32| -> Vec<[f32; 2]> {
        (0..=24u8)
            .map(|n| {
                let t = f32::from(n) / 24.0;
                [from + (to - from) * t, 0.5 + height * (t * waves * std::f32::consts::TAU).sin()]
            })
            .collect()
    };
    vec![curve(0.14, 0.42, 0.2, 1.5), curve(0.38, 0.66, -0.16, 2.0), curve(0.6, 0.88, 0.12, 2.5)]
}

/// Which kiosks cannot be used by two journeys at once.
pub fn alone(kind: Kiosk) -> bool {
    match kind {
        Kiosk::Plain | Kiosk::Landscape => false,
        Kiosk::Unreachable | Kiosk::Impatient | Kiosk::FullDisk => true,
    }
}
