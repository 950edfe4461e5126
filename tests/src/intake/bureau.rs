//! A bureau made by `yimenctl` in a folder, its kiosks, and the office's process.

use crate::enrolment::{self, Enrolment};
use anyhow::{Context as _, ensure};
use ed25519_dalek::pkcs8::DecodePrivateKey as _;
use ed25519_dalek::{SigningKey, VerifyingKey};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use wire::bureau::Bureau as Public;
use wire::key_list::KeyList;
use wire::signature::Signed;

/// Longest wait for an open door.
const OPENING: Duration = Duration::from_secs(20);
/// Pause between two looks.
const LOOK: Duration = Duration::from_millis(20);
/// The services of the repository: an office refuses to start without any.
const CATALOGUE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../services-catalog");

/// A bureau's folder, and where the programs lie.
pub struct Bureau {
    bin: PathBuf,
    /// The office's program.
    office: PathBuf,
    folder: PathBuf,
}

/// A kiosk as its folder tells it.
pub struct Kiosk {
    /// Its id.
    pub id: String,
    /// Signs its manifests.
    pub key: SigningKey,
    /// The bureau's public file.
    pub bureau: Public,
    /// Whom it seals to.
    pub recipients: Vec<String>,
    /// The bureau's root; its own key and certificate: PEM.
    pub tls: [String; 2],
}

impl Bureau {
    /// Makes a bureau with so many kiosks, `bench-0` and on.
    ///
    /// # Errors
    /// What `yimenctl` refuses.
    pub fn init(bin: &Path, work: &Path, kiosks: usize) -> anyhow::Result<Self> {
        let (bin, office) = (bin.to_owned(), bin.join("yimen-office"));
        let bureau = Self { bin, office, folder: work.join("bureau") };
        let folder = bureau.folder.to_string_lossy().into_owned();
        bureau.yimenctl(&["bureau", "init", &folder, "--class", "demo", "--free-ports", "--catalogue", CATALOGUE])?;
        enrolment::add_administrator(&bureau.bin, &bureau.folder)?;
        let office = bureau.start()?;
        let [kiosks_door, officers] = [office.kiosks, office.officers].map(|port| format!("https://127.0.0.1:{port}"));
        let doors = Enrolment { bin: &bureau.bin, bureau: &bureau.folder, kiosks: kiosks_door, officers };
        for (number, shown) in (0..kiosks).zip(1..) {
            let id = format!("bench-{number}");
            doors.enrol(&id, shown, &bureau.folder.join("kiosks").join(&id))?;
        }
        office.stop()?;
        Ok(bureau)
    }

    /// Starts this program as its office.
    #[must_use]
    pub fn with_office(self, program: Option<PathBuf>) -> Self {
        match program {
            Some(office) => Self { office, ..self },
            None => self,
        }
    }

    /// Runs `yimenctl --json`; gives what it printed.
    ///
    /// # Errors
    /// An exit code that is not 0.
    pub fn yimenctl(&self, arguments: &[&str]) -> anyhow::Result<Value> {
        let (status, told) = self.try_yimenctl(arguments)?;
        ensure!(status.success(), "yimenctl {arguments:?}: {told}");
        Ok(told)
    }

    /// As [`Self::yimenctl`], with whatever exit code it ended.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn try_yimenctl(&self, arguments: &[&str]) -> anyhow::Result<(ExitStatus, Value)> {
        let done =
            Command::new(self.bin.join("yimenctl")).arg("--json").args(arguments).output().context("yimenctl")?;
        let told = serde_json::from_slice(&done.stdout)
            .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&done.stderr).into_owned()));
        Ok((done.status, told))
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The office's database.
    pub fn database(&self) -> PathBuf {
        self.folder.join("office/data/office.db")
    }

    /// A kiosk by number.
    ///
    /// # Errors
    /// Its files.
    pub fn kiosk(&self, number: usize) -> anyhow::Result<Kiosk> {
        let id = format!("bench-{number}");
        let folder = self.folder.join("kiosks").join(&id);
        let text = |name: &str| std::fs::read_to_string(folder.join(name)).with_context(|| name.to_owned());
        let bureau: Public = toml::from_str(&text("bureau.toml")?).context("bureau.toml")?;
        let mut list_key = [0; 32];
        hex::decode_to_slice(&bureau.list_key, &mut list_key).context("list_key")?;
        let list: Signed = serde_json::from_str(&text("keys/recipients.json")?).context("keys/recipients.json")?;
        let list = KeyList::open(&list, &VerifyingKey::from_bytes(&list_key)?, &bureau.station)?;
        Ok(Kiosk {
            recipients: list.recipients(ambient::now())?,
            key: SigningKey::from_pkcs8_pem(&text("keys/device.key.pem")?).context("the device's key")?,
            bureau,
            tls: [text("ca.pem")?, text("keys/client.pem")?],
            id,
        })
    }

    /// Starts the office and waits until its doors are open.
    ///
    /// # Errors
    /// It ends or does not open.
    pub fn start(&self) -> anyhow::Result<Office> {
        let ports = self.folder.join("office/run/ports.json");
        if ports.exists() {
            std::fs::remove_file(&ports)?;
        }
        let log = std::fs::File::options().create(true).append(true).open(self.folder.join("office.log"))?;
        let mut command = Command::new(&self.office);
        command.arg("--folder").arg(self.folder.join("office")).env("RUST_LOG", "warn");
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().context("yimen-office")?;
        let mut office = Office { process, kiosks: 0, officers: 0 };
        let deadline = Instant::now() + OPENING;
        loop {
            if let Ok(text) = std::fs::read(&ports) {
                let told: Value = serde_json::from_slice(&text)?;
                let port = |name: &str| told[name].as_u64().and_then(|port| u16::try_from(port).ok()).context("a port");
                (office.kiosks, office.officers) = (port("kiosks")?, port("officers")?);
                return Ok(office);
            }
            let ended = office.process.try_wait()?;
            ensure!(ended.is_none(), "the office ended: see {}", self.folder.join("office.log").display());
            ensure!(Instant::now() < deadline, "the office does not open");
            std::thread::park_timeout(LOOK);
        }
    }
}

/// A running office; killed when dropped.
pub struct Office {
    process: Child,
    /// Port of the kiosks' door.
    pub kiosks: u16,
    /// Port of the officers' door.
    pub officers: u16,
}

impl Office {
    /// Its process.
    pub fn process(&self) -> u32 {
        self.process.id()
    }

    /// Tells it to stop and waits until it has.
    ///
    /// # Errors
    /// It does not end well.
    pub fn stop(mut self) -> anyhow::Result<()> {
        Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().context("kill")?;
        let status = self.process.wait()?;
        ensure!(status.success(), "the office ended with {status}");
        Ok(())
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        // Both fail for a process that has ended, which is what is wanted.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
