//! `bench-return --kiosks N`: a real office, and N kiosks that come back together after a day without it, each with a few sealed
//! submissions. They speak HTTPS with certificates of their own and wait as the product's outbox does (`outbox::judge`, `Pace`).
//! The last line is one JSON object. Exit codes: 0 all arrived, no 5xx but "come later", accept p99 below two seconds; 1 otherwise.
//! Not here: the kiosks' disks; what a kiosk with thousands of items does (`faults`).

#![expect(clippy::print_stdout, reason = "its figures are its purpose; the last line is JSON")]

use anyhow::Context as _;
use clap::Parser;
use domain::ids::{KioskId, ServiceId, StationId, SubmissionId};
use e2e::faults::bench::Bench;
use ed25519_dalek::{SigningKey, VerifyingKey};
use kiosk::enrol::{certificate_request, new_tls_key};
use outbox::{Pace, Setback, Verdict, judge};
use rcgen::KeyPair;
use reqwest::{Client, Method, Response};
use rustls::client::WantsClientCert;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use wire::bureau::Bureau;
use wire::enrolment::{Code, Enrol, Enrolled, Protection};
use wire::envelope::{self, Sealed};
use wire::key_list::KeyList;
use wire::manifest::{Chain, Manifest, Part, Role, SUITE, VERSION};
use wire::problem::Problem;
use wire::receipt::Receipt;
use wire::signature::Signed;
use wire::submitted::{Inline, Submitted};

/// How many enrol at once.
const ENROLLING: usize = 16;

/// Simulates the return of many kiosks.
#[derive(Parser)]
struct Arguments {
    /// Folder with `yimen-office` and `yimenctl`; default: where this program lies.
    #[arg(long)]
    bin: Option<PathBuf>,
    /// How many kiosks.
    #[arg(long, default_value_t = 500)]
    kiosks: u32,
    /// Submissions of each; the first has an attachment to upload, the answers of all ride along.
    #[arg(long, default_value_t = 3)]
    items: u32,
    /// Seconds over which they notice that the office is back: the uplink asks every minute after a long time without it.
    #[arg(long, default_value_t = 60)]
    window: u32,
}

/// What happened, over all kiosks.
#[derive(Default)]
struct Tally {
    accepted_ms: Vec<u64>,
    later: u32,
    errors_5xx: u32,
    network: u32,
}

/// One submission ready to be sent.
struct Item {
    id: SubmissionId,
    manifest: Signed,
    answers: Sealed,
    attachment: Option<Sealed>,
}

struct Kiosk {
    client: Client,
    base: String,
    items: Vec<Item>,
    receipt_key: VerifyingKey,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .map_err(|_| anyhow::anyhow!("a second provider"))?;
    let own = std::env::current_exe()?;
    let bin = arguments.bin.clone().unwrap_or_else(|| own.parent().unwrap_or(Path::new(".")).to_owned());
    let work = tempfile::tempdir()?;
    let bench = Bench::prepare(bin, work.path())?;
    let mut office = bench.open_office()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let kiosks = runtime.block_on(enrol(&bench, &arguments))?;
    let begun = Instant::now();
    let tally = runtime.block_on(come_back(kiosks, &arguments))?;
    let seconds = begun.elapsed().as_secs();
    office.must_run()?;

    let mut accepted = tally.accepted_ms;
    accepted.sort_unstable();
    let share = |part: usize| accepted.get((accepted.len() * part / 100).min(accepted.len().saturating_sub(1)));
    let (p50, p99) = (share(50).copied().unwrap_or(0), share(99).copied().unwrap_or(0));
    let wanted = arguments.kiosks as usize * arguments.items as usize;
    let good = accepted.len() == wanted && tally.errors_5xx == 0 && p99 < 2000;
    let figures = serde_json::json!({
        "kiosks": arguments.kiosks, "items": accepted.len(), "p50_ms": p50, "p99_ms": p99,
        "errors_5xx": tally.errors_5xx, "later": tally.later, "network": tally.network, "seconds": seconds,
        "window_seconds": arguments.window, "ok": good,
    });
    println!("{figures}");
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Enrols all of them through the running office, and seals what each of them brings.
async fn enrol(bench: &Bench, arguments: &Arguments) -> anyhow::Result<Vec<Kiosk>> {
    let read = |path: &str| std::fs::read_to_string(bench.bureau.join(path)).with_context(|| path.to_owned());
    let ca_pem = read("office/keys/ca.pem")?;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca_pem.as_bytes())?)?;
    // One key for the connections and one for the manifests of all: what is measured is the office.
    let hall = Arc::new(Hall {
        bureau: toml::from_str(&read("office/bureau.toml")?)?,
        kiosks: bench.doors().kiosks,
        officers: bench.doors().officers,
        token: read("administrator-1.token")?.trim().to_owned(),
        nobody: client(&tls(&roots).with_no_client_auth())?,
        roots,
        tls_key: new_tls_key()?,
        device_key: SigningKey::from_bytes(&ambient::random_bytes::<32>()),
    });
    let items = arguments.items;
    let (mut running, mut kiosks) = (tokio::task::JoinSet::new(), Vec::new());
    for number in 0..arguments.kiosks {
        if running.len() >= ENROLLING {
            kiosks.push(running.join_next().await.context("somebody enrols")???);
        }
        let hall = Arc::clone(&hall);
        running.spawn(async move { hall.enrol(number, items).await });
    }
    while let Some(kiosk) = running.join_next().await {
        kiosks.push(kiosk??);
    }
    Ok(kiosks)
}

/// What all of them share.
struct Hall {
    bureau: Bureau,
    kiosks: String,
    officers: String,
    token: String,
    nobody: Client,
    roots: RootCertStore,
    tls_key: KeyPair,
    device_key: SigningKey,
}

impl Hall {
    /// As a machine does it: an administrator's code, the machine's keys, the office's certificate.
    async fn enrol(&self, number: u32, items: u32) -> anyhow::Result<Kiosk> {
        let id = KioskId::new(format!("return-{number}"));
        // The first number is that of the bureau's own kiosk.
        let asked = serde_json::json!({ "id": id, "number": number + 2, "office_url": self.kiosks });
        let add = self.nobody.post(format!("{}/v1/kiosks", self.officers)).bearer_auth(&self.token).json(&asked);
        let given: serde_json::Value = said(add).await?;
        let code: Code = given["code"].as_str().context("a code")?.parse()?;
        let enrol = Enrol {
            v: VERSION,
            kiosk: id.clone(),
            code: code.as_str().to_owned(),
            request: certificate_request(&self.tls_key)?,
            device_key: hex::encode(self.device_key.verifying_key().to_bytes()),
            protection: Protection::Software,
        };
        let signed = Signed::sign(&enrol, &self.device_key)?;
        let enrolled: Enrolled = said(self.nobody.post(format!("{}/v1/enrol", self.kiosks)).json(&signed)).await?;
        let list = KeyList::open(&enrolled.keys, &public(&self.bureau.list_key)?, &self.bureau.station)?;
        let recipients = list.recipients(ambient::now())?;
        let chain = CertificateDer::pem_slice_iter(enrolled.certificate.chain.as_bytes()).collect::<Result<_, _>>()?;
        let key = PrivateKeyDer::try_from(self.tls_key.serialize_der()).map_err(|error| anyhow::anyhow!("{error}"))?;
        let items = (0..items)
            .map(|item| sealed(&id, &self.bureau.station, item == 0, &recipients, &self.device_key))
            .collect::<anyhow::Result<_>>()?;
        Ok(Kiosk {
            client: client(&tls(&self.roots).with_client_auth_cert(chain, key)?)?,
            base: self.kiosks.clone(),
            items,
            receipt_key: public(&self.bureau.receipt_key)?,
        })
    }
}

async fn said<T: serde::de::DeserializeOwned>(request: reqwest::RequestBuilder) -> anyhow::Result<T> {
    let answer = request.send().await?;
    let (status, text) = (answer.status(), answer.text().await?);
    anyhow::ensure!(status.is_success(), "{status}: {text}");
    Ok(serde_json::from_str(&text)?)
}

fn tls(roots: &RootCertStore) -> ConfigBuilder<ClientConfig, WantsClientCert> {
    ClientConfig::builder().with_root_certificates(roots.clone())
}

fn client(tls: &ClientConfig) -> anyhow::Result<Client> {
    let client = Client::builder().tls_backend_preconfigured(tls.clone()).no_proxy();
    Ok(client.timeout(Duration::from_secs(30)).build()?)
}

fn public(text: &str) -> anyhow::Result<VerifyingKey> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes)?;
    Ok(VerifyingKey::from_bytes(&bytes)?)
}

fn sealed(
    kiosk: &KioskId,
    station: &StationId,
    with_picture: bool,
    to: &[String],
    key: &SigningKey,
) -> anyhow::Result<Item> {
    let part = |role, sealed: &Sealed| Part {
        role,
        sha256: sealed.sha256.clone(),
        size: sealed.bytes.len() as u64,
        media_type: "application/octet-stream".to_owned(),
    };
    let answers = envelope::seal(&[b'a'; 3500], to)?;
    let attachment = if with_picture { Some(envelope::seal(&[b'p'; 40_000], to)?) } else { None };
    let id = SubmissionId(ambient::new_uuid());
    let parts = std::iter::once(part(Role::Answers, &answers));
    let manifest = Manifest {
        v: VERSION,
        suite: SUITE.to_owned(),
        id,
        chain: Chain::first(id),
        service: ServiceId::new("bench-return"),
        form_version: 1,
        station: station.clone(),
        kiosk: kiosk.clone(),
        sealed_at: ambient::now(),
        recipients: to.iter().map(|text| envelope::recipient_id(text)).collect(),
        parts: parts.chain(attachment.iter().map(|sealed| part(Role::Attachment, sealed))).collect(),
    };
    Ok(Item { id, manifest: Signed::sign(&manifest, key)?, answers, attachment })
}

async fn come_back(kiosks: Vec<Kiosk>, arguments: &Arguments) -> anyhow::Result<Tally> {
    let tally = Arc::new(Mutex::new(Tally::default()));
    let mut running = Vec::new();
    for kiosk in kiosks {
        let (tally, window) = (Arc::clone(&tally), f64::from(arguments.window));
        running.push(tokio::spawn(async move {
            let share = f64::from(u32::from_le_bytes(ambient::random_bytes())) / f64::from(u32::MAX);
            tokio::time::sleep(Duration::from_secs_f64(window * share)).await;
            for item in &kiosk.items {
                kiosk.deliver(item, &tally).await?;
            }
            anyhow::Ok(())
        }));
    }
    for kiosk in running {
        kiosk.await??;
    }
    let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(std::mem::take(&mut *tally))
}

impl Kiosk {
    /// Tries until it is accepted, with the outbox's patience.
    async fn deliver(&self, item: &Item, tally: &Mutex<Tally>) -> anyhow::Result<()> {
        let pace = Pace::default();
        for failures in 1..=100 {
            let why = match self.once(item, tally).await {
                Ok(()) => return Ok(()),
                Err(Verdict::Transient(why)) => why,
                Err(Verdict::Permanent(problem)) => anyhow::bail!("{} was refused for ever: {problem}", item.id),
            };
            let after = match why {
                Setback::Later { after } => after,
                Setback::Network | Setback::Again | Setback::Suspended => None,
            };
            if why == Setback::Network {
                count(tally, |tally| tally.network += 1);
            }
            tokio::time::sleep(pace.wait(failures, after, ambient::random_bytes())).await;
        }
        anyhow::bail!("{} never arrived", item.id)
    }

    async fn once(&self, item: &Item, tally: &Mutex<Tally>) -> Result<(), Verdict> {
        if let Some(blob) = &item.attachment {
            self.upload(blob, tally).await?;
        }
        let inline = [(item.answers.sha256.clone(), Inline(item.answers.bytes.clone()))].into_iter().collect();
        let body = Submitted { signed: item.manifest.clone(), inline };
        let begun = Instant::now();
        let request = self.client.put(format!("{}/v1/submissions/{}", self.base, item.id)).json(&body);
        let answer = self.answered(request, tally).await?;
        let bytes = answer.bytes().await.map_err(|_| network())?;
        let took = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let signed: Signed = serde_json::from_slice(&bytes).map_err(|_| network())?;
        let receipt: Receipt = signed.open(&self.receipt_key).map_err(|_| network())?;
        if receipt.id != item.id || receipt.manifest != item.manifest.digest() {
            return Err(Verdict::Permanent("a false receipt".to_owned()));
        }
        count(tally, |tally| tally.accepted_ms.push(took));
        Ok(())
    }

    async fn upload(&self, blob: &Sealed, tally: &Mutex<Tally>) -> Result<(), Verdict> {
        use base64::Engine as _;
        let promised = base64::engine::general_purpose::STANDARD.encode(blob.sha256.as_str());
        let open = self.tus(Method::POST, "/v1/blobs").header("upload-length", blob.bytes.len());
        let open = self.answered(open.header("upload-metadata", format!("sha256 {promised}")), tally).await?;
        let address = open.headers().get("location").and_then(|address| address.to_str().ok()).ok_or_else(network)?;
        let head = self.answered(self.tus(Method::HEAD, address), tally).await?;
        let at = head.headers().get("upload-offset").and_then(|at| at.to_str().ok()?.parse::<usize>().ok());
        let rest = at.and_then(|at| Some((at, blob.bytes.get(at..)?))).ok_or_else(network)?;
        if rest.1.is_empty() {
            return Ok(());
        }
        let piece = self.tus(Method::PATCH, address).header("content-type", "application/offset+octet-stream");
        let piece = piece.header("upload-offset", rest.0).body(rest.1.to_vec());
        self.answered(piece, tally).await.map(|_| ())
    }

    fn tus(&self, method: Method, address: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{address}", self.base)).header("tus-resumable", "1.0.0")
    }

    /// A success, or what the refusal means; each 5xx that is not "come later" is counted.
    async fn answered(&self, request: reqwest::RequestBuilder, tally: &Mutex<Tally>) -> Result<Response, Verdict> {
        let answer = request.send().await.map_err(|_| network())?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        let after = answer.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
        let problem: Option<Problem> = serde_json::from_slice(&answer.bytes().await.map_err(|_| network())?).ok();
        let shed = matches!(status.as_u16(), 429 | 503 | 507) && after.is_some();
        count(tally, |tally| match (shed, status.is_server_error()) {
            (true, _) => tally.later += 1,
            (false, true) => tally.errors_5xx += 1,
            (false, false) => {}
        });
        Err(judge(status.as_u16(), problem.as_ref(), after.map(Duration::from_secs)))
    }
}

fn network() -> Verdict {
    Verdict::Transient(Setback::Network)
}

fn count(tally: &Mutex<Tally>, change: impl FnOnce(&mut Tally)) {
    change(&mut tally.lock().unwrap_or_else(PoisonError::into_inner));
}
