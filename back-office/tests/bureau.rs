//! A bureau made for one test: folder, keys, and the two processes, which end with the test.

use age::secrecy::ExposeSecret as _;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, SanType};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use wire::digest::Digest;
use wire::key_list::{KeyList, KeyRole, ListedKey};
use wire::signature::Signed;

/// Longest wait for a process or an outcome.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Settings that tests change.
pub struct Settings {
    pub class: &'static str,
    pub registry_kind: &'static str,
    pub floor_ms: u64,
    pub registry_timeout_ms: u64,
    pub random_share: f64,
    pub lease_seconds: i64,
    /// Further lines of `[limits]`.
    pub limits: String,
    /// Lines of `[workbench]`.
    pub workbench: String,
    /// Lines of `[enrolment]`.
    pub enrolment: &'static str,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            class: "demo",
            registry_kind: "demo",
            floor_ms: 2500,
            registry_timeout_ms: 1000,
            random_share: 0.0,
            lease_seconds: 900,
            limits: String::new(),
            workbench: String::new(),
            enrolment: "",
        }
    }
}

pub struct Bureau {
    pub folder: TempDir,
    pub recipients: Vec<String>,
    pub receipt_key: SigningKey,
    pub list_key: SigningKey,
    pub ca_pem: String,
    ca: Issuer<'static, KeyPair>,
    registry: Option<(Child, u16)>,
}

/// A client certificate with its key.
#[derive(Clone)]
pub struct Identity {
    pub certificate: String,
    pub key: String,
}

fn authority() -> (Issuer<'static, KeyPair>, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, "test authority");
    let key = KeyPair::generate().unwrap();
    let pem = params.self_signed(&key).unwrap().pem();
    (Issuer::new(params, key), pem)
}

fn signed_by(ca: &Issuer<'static, KeyPair>, name: &str, hosts: &[&str]) -> Identity {
    let hosts: Vec<String> = hosts.iter().map(|&host| host.to_owned()).collect();
    let mut params = CertificateParams::new(hosts).unwrap();
    if is_a_kiosk(&params) {
        let uri = format!("spiffe://yunqiao/kiosk/{name}");
        params.subject_alt_names.push(SanType::URI(uri.try_into().unwrap()));
    }
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    let key = KeyPair::generate().unwrap();
    Identity { certificate: params.signed_by(&key, ca).unwrap().pem(), key: key.serialize_pem() }
}

/// Key and certificate of the authority that signs kiosks.
fn online_authority(ca: &Issuer<'static, KeyPair>) -> (String, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.distinguished_name.push(DnType::CommonName, "test online authority");
    let key = KeyPair::generate().unwrap();
    let pem = params.signed_by(&key, ca).unwrap().pem();
    (key.serialize_pem(), pem)
}

/// Names no host: it is no server's.
fn is_a_kiosk(params: &CertificateParams) -> bool {
    params.subject_alt_names.is_empty()
}

/// A certificate that some other authority signed.
pub fn foreign_identity(name: &str) -> Identity {
    signed_by(&authority().0, name, &[])
}

fn age_key(path: &Path) -> String {
    let identity = age::x25519::Identity::generate();
    std::fs::write(path, identity.to_string().expose_secret()).unwrap();
    identity.to_public().to_string()
}

fn signing_key(path: &Path) -> SigningKey {
    let key = SigningKey::from_bytes(&ambient::random_bytes::<32>());
    std::fs::write(path, key.to_pkcs8_pem(LineEnding::LF).unwrap().as_bytes()).unwrap();
    key
}

impl Bureau {
    /// A bureau with its registry running.
    pub fn new(settings: &Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for sub in ["keys", "officers"] {
            std::fs::create_dir_all(root.join(sub)).unwrap();
        }
        let (ca, ca_pem) = authority();
        let server = signed_by(&ca, "office", &["127.0.0.1", "localhost"]);
        std::fs::write(root.join("keys/ca.pem"), &ca_pem).unwrap();
        let (online, online_pem) = online_authority(&ca);
        std::fs::write(root.join("keys/kiosk-ca.pem"), online_pem).unwrap();
        std::fs::write(root.join("keys/kiosk-ca.key.pem"), online).unwrap();
        std::fs::write(root.join("keys/server.pem"), server.certificate).unwrap();
        std::fs::write(root.join("keys/server.key.pem"), server.key).unwrap();
        let recipients = vec![age_key(&root.join("keys/branch.age")), age_key(&root.join("recovery.age"))];
        let receipt_key = signing_key(&root.join("keys/receipt.key.pem"));
        let certificate_key = signing_key(&root.join("keys/certificate.key.pem"));
        let list_key = SigningKey::from_bytes(&ambient::random_bytes::<32>());
        let audit_key = signing_key(&root.join("keys/audit.key.pem"));
        let (registry, port) = start_registry();
        let catalogue = Path::new(env!("CARGO_MANIFEST_DIR")).join("../services-catalog");
        let public = |key: &SigningKey| hex::encode(key.verifying_key().to_bytes());
        std::fs::write(
            root.join("bureau.toml"),
            format!(
                "class = {:?}\nname = \"云桥市公安局\"\nstation = \"yunqiao\"\nstation_name = \"云桥派出所\"\n\
                 phone = \"0577-88000000\"\nverify_url = \"https://127.0.0.1:8443/v\"\nlist_key = {:?}\n\
                 receipt_key = {:?}\ncertificate_key = {:?}\naudit_key = {:?}\n",
                settings.class,
                public(&list_key),
                public(&receipt_key),
                public(&certificate_key),
                public(&audit_key)
            ),
        )
        .unwrap();
        std::fs::write(
            root.join("office.toml"),
            format!(
                "[listen]\nkiosks = \"127.0.0.1:0\"\nofficers = \"127.0.0.1:0\"\npublic = \"127.0.0.1:0\"\n\
                 [registry]\nkind = {:?}\nurl = \"http://127.0.0.1:{port}\"\ntimeout_ms = {}\n\
                 [catalogue]\npath = {:?}\n[instant]\nfloor_ms = {}\nrandom_share = {:?}\n[limits]\nlease_seconds = {}\n{}\n\
                 [workbench]\n{}\n[enrolment]\n{}\n",
                settings.registry_kind,
                settings.registry_timeout_ms,
                catalogue,
                settings.floor_ms,
                settings.random_share,
                settings.lease_seconds,
                settings.limits,
                settings.workbench,
                settings.enrolment
            ),
        )
        .unwrap();
        let bureau = Self { folder, recipients, receipt_key, list_key, ca_pem, ca, registry: Some((registry, port)) };
        bureau.publish(&[(0, KeyRole::Branch, -1, 395), (1, KeyRole::Recovery, -1, 3650)], ambient::now());
        bureau
    }

    /// Makes a further branch key; gives its place among `recipients`.
    pub fn further_key(&mut self) -> usize {
        let former = self.folder.path().join("keys/branch");
        std::fs::create_dir_all(&former).unwrap();
        self.recipients.push(age_key(&former.join(format!("{}.age", self.recipients.len()))));
        self.recipients.len() - 1
    }

    /// Writes a key list: place among `recipients`, role, first and last day from today.
    pub fn publish(&self, keys: &[(usize, KeyRole, i64, i64)], issued_at: jiff::Timestamp) {
        self.publish_with(keys, issued_at, Vec::new());
    }

    /// The same, standing for these catalogues alone.
    pub fn publish_with(
        &self,
        keys: &[(usize, KeyRole, i64, i64)],
        issued_at: jiff::Timestamp,
        catalogues: Vec<Digest>,
    ) {
        let day = |count: i64| ambient::now() + jiff::SignedDuration::from_hours(24 * count);
        let key = |(place, role, from, until): &(usize, KeyRole, i64, i64)| ListedKey {
            recipient: self.recipients[*place].clone(),
            role: *role,
            not_before: day(*from),
            not_after: day(*until),
        };
        let list =
            KeyList { v: 1, station: "yunqiao".into(), issued_at, keys: keys.iter().map(key).collect(), catalogues };
        let signed = Signed::sign(&list, &self.list_key).unwrap();
        let path = self.folder.path().join("keys/recipients.json");
        let aside = path.with_extension("part");
        std::fs::write(&aside, serde_json::to_vec(&signed).unwrap()).unwrap();
        std::fs::rename(aside, path).unwrap();
    }

    /// Enrols a kiosk as a machine does, by a code that an administrator asked for; gives its device key and certificate.
    pub fn enrol(&self, office: &Office, id: &str) -> (SigningKey, Identity) {
        let given = self.kiosk_code(office, id);
        let machine = Machine::new();
        let (status, answer) = machine.enrol(self, office, id, given["code"].as_str().unwrap());
        assert_eq!(status, 200, "{answer}");
        let certificate = answer["certificate"]["chain"].as_str().unwrap().to_owned();
        (machine.device.clone(), Identity { certificate, key: machine.tls.serialize_pem() })
    }

    /// Adds a kiosk; gives what the administrator was told.
    pub fn kiosk_code(&self, office: &Office, id: &str) -> serde_json::Value {
        // The first of a test is number 1; no two of a station have the same.
        static NUMBERS: AtomicU32 = AtomicU32::new(1);
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        let body = serde_json::json!({ "id": id, "number": number, "office_url": "https://127.0.0.1:1" });
        let (status, given) = self.administrator(office).post("/v1/kiosks", &body);
        assert_eq!(status, 200, "{given}");
        given
    }

    /// An administrator of the bureau's station.
    pub fn administrator(&self, office: &Office) -> crate::parties::Officer {
        let token = self.officer_with("administrator-1", &[("administrator", "general", "yunqiao")], None);
        let configured = std::fs::read_to_string(self.folder.path().join("office.toml")).unwrap();
        if configured.contains("officers_tls = false") {
            return crate::parties::Officer::plain(office, token);
        }
        crate::parties::Officer::new(self, office, token)
    }

    /// A certificate of this bureau's authority, whether the kiosk is enrolled or not.
    pub fn identity(&self, name: &str) -> Identity {
        signed_by(&self.ca, name, &[])
    }

    /// A certificate of an edge, and its SHA-256.
    pub fn edge_identity(&self, name: &str) -> (Identity, Digest) {
        let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let uri = format!("spiffe://yunqiao/edge/{name}");
        params.subject_alt_names.push(SanType::URI(uri.try_into().unwrap()));
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.ca).unwrap();
        let digest = Digest::of(certificate.der());
        (Identity { certificate: certificate.pem(), key: key.serialize_pem() }, digest)
    }

    /// Adds an officer; gives the token.
    pub fn officer(&self, id: &str, branches: &[&str], auditor: bool) -> String {
        let token = format!("{id}.{}", hex::encode(ambient::random_bytes::<32>()));
        let text = format!(
            "id = {id:?}\nstation = \"yunqiao\"\nbranches = {branches:?}\nauditor = {auditor}\ntoken = {:?}\n",
            Digest::of(token.as_bytes()).as_str()
        );
        std::fs::write(self.folder.path().join(format!("officers/{id}.toml")), text).unwrap();
        token
    }

    /// Adds an officer of the newer kind: grants as TOML tables, a password, and a token; gives the token.
    pub fn officer_with(&self, id: &str, grants: &[(&str, &str, &str)], password: Option<(&str, bool)>) -> String {
        let token = format!("{id}.{}", hex::encode(ambient::random_bytes::<32>()));
        let mut text = format!(
            "id = {id:?}\nname = \"李敏\"\nbadge = \"019\"\nwindow = \"3\"\nstation = \"yunqiao\"\ntoken = {:?}\n",
            Digest::of(token.as_bytes()).as_str()
        );
        if let Some((password, one_time)) = password {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let hash = runtime.block_on(back_office::passwords::hash(password.to_owned())).unwrap();
            text += &format!("[password]\nhash = {hash:?}\none_time = {one_time}\nset_at = \"2026-11-22T00:00:00Z\"\n");
        }
        for (role, branch, station) in grants {
            text += &format!("[[grant]]\nrole = {role:?}\nbranches = [{branch:?}]\nstations = [{station:?}]\n");
        }
        std::fs::write(self.folder.path().join(format!("officers/{id}.toml")), text).unwrap();
        token
    }

    /// The registry falls silent for good.
    pub fn stop_registry(&mut self) {
        if let Some((mut child, _)) = self.registry.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Starts the office and waits until its doors are open.
    pub fn start(&self) -> Office {
        self.start_as(self.command())
    }

    /// The same where the system lets it open so many files.
    pub fn start_with_files(&self, most: u32) -> Office {
        let program = self.command();
        let mut limited = Command::new("sh");
        limited.args(["-c", &format!("ulimit -n {most} && exec \"$0\" \"$@\"")]).arg(program.get_program());
        limited.args(program.get_args()).env("RUST_LOG", "warn").stdin(Stdio::null());
        self.start_as(limited)
    }

    /// The same by this command.
    pub fn start_as(&self, mut command: Command) -> Office {
        let ports = self.folder.path().join("run/ports.json");
        let _ = std::fs::remove_file(&ports);
        let mut child = command.spawn().unwrap();
        let until = Instant::now() + PATIENCE;
        loop {
            if let Ok(text) = std::fs::read(&ports) {
                let ports: back_office::server::Ports = serde_json::from_slice(&text).unwrap();
                return Office { child, ports };
            }
            assert!(child.try_wait().unwrap().is_none(), "the office ended at start");
            assert!(Instant::now() < until, "the office does not open");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The office's program with its folder.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yimen-office"));
        command.arg("--folder").arg(self.folder.path()).env("RUST_LOG", "warn").stdin(Stdio::null());
        command
    }

    /// Every file of the data folder with its bytes: what a backup of it holds.
    pub fn data(&self) -> Vec<(std::path::PathBuf, Vec<u8>)> {
        files(&self.folder.path().join("data"))
    }

    /// Asserts that no file of the data folder holds the header of anything sealed.
    pub fn holds_no_key(&self) {
        for (path, bytes) in self.data() {
            for start in ["age-encryption.org/v1\n", "\n-> X25519 "] {
                let found = bytes.windows(start.len()).any(|window| window == start.as_bytes());
                assert!(!found, "{} holds a header", path.display());
            }
        }
    }

    /// The keys in custody, opened beside the office.
    pub fn custody(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder.path().join("custody/keys.db")).unwrap()
    }

    /// The office's database, opened beside it.
    pub fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder.path().join("data/office.db")).unwrap()
    }
}

/// All files under a folder with their bytes.
pub fn files(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            found.push((path, bytes));
        }
    }
    found
}

impl Drop for Bureau {
    fn drop(&mut self) {
        self.stop_registry();
    }
}

/// A machine that is about to become a kiosk.
pub struct Machine {
    pub device: SigningKey,
    pub tls: KeyPair,
}

impl Machine {
    pub fn new() -> Self {
        Self { device: SigningKey::from_bytes(&ambient::random_bytes::<32>()), tls: KeyPair::generate().unwrap() }
    }

    /// A certificate request for this key.
    pub fn request(key: &KeyPair) -> String {
        CertificateParams::new(Vec::new()).unwrap().serialize_request(key).unwrap().pem().unwrap()
    }

    /// Shows a code; gives status and answer.
    pub fn enrol(&self, bureau: &Bureau, office: &Office, id: &str, code: &str) -> (u16, serde_json::Value) {
        self.enrol_at(bureau, office.ports.kiosks, id, code)
    }

    /// The same at another port that leads there.
    pub fn enrol_at(&self, bureau: &Bureau, port: u16, id: &str, code: &str) -> (u16, serde_json::Value) {
        let body = serde_json::json!({
            "v": 1, "kiosk": id, "code": code, "request": Self::request(&self.tls),
            "device_key": hex::encode(self.device.verifying_key().to_bytes()), "protection": "software-key",
        });
        let signed = wire::signature::Signed::sign(&body, &self.device).unwrap();
        let client = crate::parties::client(&bureau.ca_pem, None);
        let url = format!("https://127.0.0.1:{port}/v1/enrol");
        crate::parties::read(client.post(url).json(&signed).send().unwrap())
    }
}

fn start_registry() -> (Child, u16) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_yimen-demo-registry"))
        .args(["--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let open: serde_json::Value = serde_json::from_str(&line).unwrap();
    (child, u16::try_from(open["port"].as_u64().unwrap()).unwrap())
}

/// A running office.
pub struct Office {
    child: Child,
    pub ports: back_office::server::Ports,
}

impl Office {
    /// Tells it to stop, as the system does, and waits until it has.
    pub fn stop(mut self) -> std::process::ExitStatus {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        self.child.wait().unwrap()
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
