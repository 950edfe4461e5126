//! A demonstration bureau on this machine: made once, then started again quickly.
//! Invariants: nothing is overwritten; every process started here is ended by `Children`; ports stay the same over
//! starts, because the codes on printed papers name them.

pub mod children;
pub mod poll;
pub mod residents;
pub mod tools;

use crate::enrolment::{self, Enrolment};
use crate::free_ports::{are_free, neighbours};
use anyhow::{Context as _, bail};
use children::{Children, Process};
use poll::until;
use serde_json::Value;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tools::Tools;

/// A kiosk of the bureau.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KioskPlan {
    /// Its id.
    pub id: &'static str,
    /// Its number.
    pub number: u32,
    /// An office address where nobody answers.
    pub unreachable: bool,
    /// Lines of `[times]` in its configuration, where they differ from the defaults.
    pub times: Option<&'static str>,
}

/// The kiosk of the window.
pub const WINDOW: KioskPlan = KioskPlan { id: "yunqiao-1", number: 1, unreachable: false, times: None };
/// The robot's kiosk: as the window's, but the robot stands still at once and needs no long countdown.
pub const FIRST: KioskPlan = KioskPlan { times: Some("countdown = 1"), ..WINDOW };
/// A second one, for journeys beside those of the first.
pub const SECOND: KioskPlan = KioskPlan { id: "yunqiao-2", number: 2, ..FIRST };
/// A third one.
pub const THIRD: KioskPlan = KioskPlan { id: "yunqiao-6", number: 6, ..FIRST };
/// A kiosk whose office is down.
pub const UNREACHABLE: KioskPlan = KioskPlan { id: "yunqiao-3", number: 3, unreachable: true, ..FIRST };
/// A kiosk that asks soon whether anybody is there.
pub const IMPATIENT: KioskPlan =
    KioskPlan { id: "yunqiao-4", number: 4, unreachable: false, times: Some("idle = 4\nidle_warning = 4") };

/// A kiosk that is started with a tiny disk.
pub const FULL_DISK: KioskPlan = KioskPlan { id: "yunqiao-5", number: 5, ..FIRST };

/// The kiosks beside those of the lanes, for journeys that go on elsewhere.
pub const NEIGHBOURS: [KioskPlan; 3] = [
    KioskPlan { id: "yunqiao-7", number: 7, ..FIRST },
    KioskPlan { id: "yunqiao-8", number: 8, ..FIRST },
    KioskPlan { id: "yunqiao-9", number: 9, ..FIRST },
];

/// The kiosk beside another: each lane has its own.
pub fn neighbour(plan: KioskPlan) -> KioskPlan {
    match plan.number {
        2 => NEIGHBOURS[1],
        6 => NEIGHBOURS[2],
        _ => NEIGHBOURS[0],
    }
}
/// An officer of the demonstration; fictional.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfficerPlan {
    /// Id, to sign in with.
    pub id: &'static str,
    /// Name as colleagues read it.
    pub name: &'static str,
    /// Number of the badge.
    pub badge: &'static str,
    /// The window.
    pub window: &'static str,
    /// Roles.
    pub roles: &'static [&'static str],
}

/// One who works at the counter, and one who also sees to the others: enough for the two-person rule.
pub const OFFICERS: [OfficerPlan; 2] = [
    OfficerPlan { id: "officer-1", name: "王建国", badge: "031257", window: "3", roles: &["officer"] },
    OfficerPlan { id: "officer-2", name: "李敏", badge: "031304", window: "1", roles: &["officer", "supervisor"] },
];

/// Branches whose cases both see.
const BRANCHES: [&str; 7] =
    ["household", "criminal-record", "traffic", "exit-entry", "public-order", "residence", "general"];

/// How long a bureau lives, and for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stay {
    /// For the window: kept between starts, at the usual ports.
    Kept,
    /// For one run of the robot: at ports apart from the usual ones.
    OneRun,
    /// For one run with officers at the workbench, whose claims end after so many seconds.
    Counter {
        /// Length of a lease.
        lease_seconds: u32,
    },
}

/// A running bureau.
#[derive(Clone, Debug)]
pub struct Bureau {
    /// Its folder, absolute.
    pub folder: PathBuf,
    /// The catalogue, absolute.
    pub catalogue: PathBuf,
    /// The programs.
    pub tools: Tools,
    /// What runs.
    pub children: Children,
    ports: Ports,
}

#[derive(Clone, Copy, Debug, serde::Serialize, serde::Deserialize)]
struct Ports {
    kiosks: u16,
    officers: u16,
    public: u16,
    registry: u16,
}

impl Bureau {
    /// Makes the bureau when the folder holds none, enrols the kiosks that are missing, starts registry and office.
    ///
    /// # Errors
    /// In words for the person who runs the demonstration.
    pub fn open(
        folder: &Path,
        catalogue: &Path,
        tools: Tools,
        children: Children,
        kiosks: &[KioskPlan],
        stay: Stay,
    ) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let folder = std::path::absolute(folder)?;
        let catalogue = std::path::absolute(catalogue)?;
        if !catalogue.join("services").is_dir() {
            bail!("no services in {}: start this from the folder of the repository", catalogue.display());
        }
        let remembered = folder.join("ports.json");
        let ports = if folder.join("office").exists() {
            let text = std::fs::read(&remembered).with_context(|| {
                format!(
                    "{} holds a bureau that `make demo` did not make; choose another with YIMEN_DEMO_DATA",
                    folder.display()
                )
            })?;
            serde_json::from_slice(&text).with_context(|| remembered.display().to_string())?
        } else {
            Ports::free(stay != Stay::Kept)?
        };
        let bureau = Self { folder, catalogue, tools, children, ports };
        ports.check_free(&bureau.folder)?;
        if !bureau.folder.join("office").exists() {
            bureau.make(stay)?;
            std::fs::write(&remembered, serde_json::to_vec_pretty(&ports)?)?;
        }
        // Whoever tries a change of a service starts the same demonstration again.
        let (place, files) = (bureau.folder.display().to_string(), bureau.catalogue.display().to_string());
        bureau.tools.yimenctl(["catalogue", "sign", &place, &files, "--only"])?;
        bureau.start_registry()?;
        bureau.start_office()?;
        for kiosk in kiosks {
            bureau.enrol(*kiosk)?;
        }
        Ok(bureau)
    }

    fn make(&self, stay: Stay) -> anyhow::Result<()> {
        let registry = format!("http://127.0.0.1:{}", self.ports.registry);
        let port = self.ports.kiosks.to_string();
        let (folder, catalogue) = (self.folder.display().to_string(), self.catalogue.display().to_string());
        self.tools.yimenctl([
            "bureau",
            "init",
            &folder,
            "--class",
            "demo",
            "--port",
            &port,
            "--registry",
            &registry,
            "--catalogue",
            &catalogue,
        ])?;
        // A demonstration must end the same way every time: no clean answer is drawn for a second look.
        let path = self.folder.join("office/office.toml");
        let text = std::fs::read_to_string(&path)?;
        if !text.contains("random_share = 0.02") {
            bail!("{} names no random_share", path.display());
        }
        // A browser on this machine opens the workbench without a warning about a certificate it cannot know.
        let text = text.replace("random_share = 0.02", "random_share = 0.0");
        if !text.contains("[listen]\n") {
            bail!("{} names no listeners", path.display());
        }
        let mut text = text.replace("[listen]\n", "[listen]\nofficers_tls = false\n");
        if let Stay::Counter { lease_seconds } = stay {
            text.push_str(&format!("\n[limits]\nlease_seconds = {lease_seconds}\n"));
            // Numbers are called at any hour this is run, also on a Sunday night.
            text.push_str("\n[counter]\nhours = [{ days = \"mon-sun\", from = \"00:00\", until = \"23:59:59\" }]\n");
        }
        std::fs::write(&path, text)?;
        enrolment::add_administrator(self.tools.folder(), &self.folder)?;
        OFFICERS.iter().try_for_each(|officer| self.add_officer(*officer))
    }

    fn add_officer(&self, officer: OfficerPlan) -> anyhow::Result<()> {
        let file = |path: PathBuf| path.display().to_string();
        let (folder, password) = (file(self.folder.clone()), file(self.password_file(officer)));
        let token = file(self.token_file(officer));
        let mut arguments = vec!["officer", "add", &folder, officer.id, "--name", officer.name];
        arguments.extend(["--badge", officer.badge, "--window", officer.window]);
        arguments.extend(["--password-file", &password, "--token-file", &token]);
        arguments.extend(officer.roles.iter().flat_map(|role| ["--role", role]));
        arguments.extend(BRANCHES.iter().flat_map(|branch| ["--branch", branch]));
        self.tools.yimenctl(arguments)?;
        Ok(())
    }

    fn enrol(&self, kiosk: KioskPlan) -> anyhow::Result<()> {
        let place = self.kiosk_folder(kiosk);
        if place.exists() {
            return Ok(());
        }
        let office = format!("https://127.0.0.1:{}", self.ports.kiosks);
        let doors = Enrolment {
            bin: self.tools.folder(),
            bureau: &self.folder,
            kiosks: office.clone(),
            officers: self.workbench(),
        };
        doors.enrol(kiosk.id, kiosk.number, &place)?;
        let path = place.join("kiosk.toml");
        let mut text = std::fs::read_to_string(&path)?;
        if kiosk.unreachable {
            // Port 9 (discard): nobody listens there on a desktop machine.
            text = text.replace(&office, "https://127.0.0.1:9");
        }
        if let Some(times) = kiosk.times {
            text.push_str(&format!("\n[times]\n{times}\n"));
        }
        std::fs::write(&path, text)?;
        Ok(())
    }

    fn start_registry(&self) -> anyhow::Result<()> {
        let mut command = Command::new(self.tools.path("yimen-demo-registry"));
        command.arg("--listen").arg(format!("127.0.0.1:{}", self.ports.registry));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(self.log("registry")?);
        let process = self.children.start(&mut command)?;
        self.wait_for_port("the registry of fictional residents", self.ports.registry, &process, "registry")
    }

    fn start_office(&self) -> anyhow::Result<()> {
        let mut command = Command::new(self.tools.path("yimen-office"));
        command.arg("--folder").arg(self.folder.join("office"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(self.log("office")?);
        let process = self.children.start(&mut command)?;
        for port in [self.ports.kiosks, self.ports.officers, self.ports.public] {
            self.wait_for_port("the office", port, &process, "office")?;
        }
        Ok(())
    }

    fn wait_for_port(&self, what: &str, port: u16, process: &Process, log: &str) -> anyhow::Result<()> {
        let place = self.folder.join(format!("logs/{log}.log"));
        let opened = until(Duration::from_secs(30), || {
            if let Some(status) = process.ended() {
                return Some(Err(format!("{what} ended at once ({status}); its words are in {}", place.display())));
            }
            std::net::TcpStream::connect(("127.0.0.1", port)).is_ok().then_some(Ok(()))
        });
        match opened {
            Some(Ok(())) => Ok(()),
            Some(Err(words)) => bail!(words),
            None => bail!("{what} does not open its door (port {port}); its words are in {}", place.display()),
        }
    }

    /// A log file of the bureau's folder, open for appending.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn log(&self, name: &str) -> anyhow::Result<File> {
        let folder = self.folder.join("logs");
        std::fs::create_dir_all(&folder)?;
        Ok(File::options().create(true).append(true).open(folder.join(format!("{name}.log")))?)
    }

    /// The folder of a kiosk.
    pub fn kiosk_folder(&self, kiosk: KioskPlan) -> PathBuf {
        self.folder.join("kiosks").join(kiosk.id)
    }

    fn token_file(&self, officer: OfficerPlan) -> PathBuf {
        self.folder.join(format!("{}.token", officer.id))
    }

    fn password_file(&self, officer: OfficerPlan) -> PathBuf {
        self.folder.join(format!("{}.password", officer.id))
    }

    /// The password an officer was given; good for the first sign-in only.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn first_password(&self, officer: OfficerPlan) -> anyhow::Result<String> {
        let path = self.password_file(officer);
        Ok(std::fs::read_to_string(&path).with_context(|| path.display().to_string())?.trim().to_owned())
    }

    /// Where officers work: the workbench in a browser, and the API behind it.
    pub fn workbench(&self) -> String {
        format!("http://127.0.0.1:{}", self.ports.officers)
    }

    /// The bureau's public file.
    pub fn public_file(&self) -> PathBuf {
        self.folder.join("office/bureau.toml")
    }

    /// The cases in the office's queue with a receipt code, ended ones too: an officer's view.
    ///
    /// # Errors
    /// The office does not answer.
    pub fn cases(&self, code: &str) -> anyhow::Result<Vec<Value>> {
        let answer = self.officer(&["list", "--code", code, "--closed"])?;
        Ok(answer["cases"].as_array().cloned().unwrap_or_default())
    }

    /// How often each number of stars was given to a service, first one star, last five: a supervisor's view.
    ///
    /// # Errors
    /// The office does not answer.
    pub fn ratings(&self, service: &str) -> anyhow::Result<Vec<u64>> {
        let (office, token) = (self.workbench(), self.token_file(OFFICERS[1]).display().to_string());
        let answer = self.tools.yimenctl(["report", "ratings", "--office", &office, "--token-file", &token])?;
        let rows = answer["rows"].as_array().cloned().unwrap_or_default();
        let row = rows.iter().find(|row| row["item"] == service);
        let stars = row.and_then(|row| row["stars"].as_array().cloned()).unwrap_or_default();
        Ok(stars.iter().filter_map(Value::as_u64).collect())
    }

    /// `yimenctl queue …` as the demonstration's first officer.
    ///
    /// # Errors
    /// The office does not answer, or refuses.
    pub fn officer(&self, arguments: &[&str]) -> anyhow::Result<Value> {
        let (office, token) = (self.workbench(), self.token_file(OFFICERS[0]).display().to_string());
        let (verb, rest) = arguments.split_first().context("a verb")?;
        let reach = ["--office", &office, "--token-file", &token];
        self.tools.yimenctl(["queue", verb].into_iter().chain(reach).chain(rest.iter().copied()))
    }
}

impl Ports {
    /// Four neighbours that are free now: first the usual ones, then others.
    fn free(passing: bool) -> anyhow::Result<Self> {
        const USUAL: u16 = 8441;
        let base = if !passing && are_free(USUAL, 4) { USUAL } else { neighbours(4)? };
        Ok(Self { kiosks: base, officers: base + 1, public: base + 2, registry: base + 3 })
    }

    fn check_free(self, folder: &Path) -> anyhow::Result<()> {
        for port in [self.kiosks, self.officers, self.public, self.registry] {
            if !are_free(port, 1) {
                bail!(
                    "port {port} is in use: is another demonstration open? Close it, or set YIMEN_DEMO_DATA to another folder than {}",
                    folder.display()
                );
            }
        }
        Ok(())
    }
}
