//! `yimen-kiosk --enrol`: this machine becomes a kiosk of a bureau. Keys are made here and never leave; the office is known
//! by the fingerprint in the ticket; the folder is written so that a crash at any point is mended by running it again.
//! Invariants: keys are durable before the code is used, so a lost answer is asked for again with the same key; a machine that
//! holds submissions of an earlier enrolment refuses until they have arrived; until the office has said yes a kiosk of before is
//! as it was, and starts as it did; no kiosk runs beside. Not here: renewing (`uplink::identity`).

mod folder;
mod keys;
mod pinned;
#[cfg(test)]
mod tests;

pub(crate) use folder::keys_wished;
pub use keys::{certificate_request, new_tls_key};

use crate::safe::{KeyFile, Safe, Seal, key_files};
use crate::store::{self, Store};
use anyhow::{Context as _, bail};
use keys::Keys;
use reqwest::blocking::Client;
use std::fs::File;
use std::path::Path;
use std::time::Duration;
use wire::digest::Digest;
use wire::enrolment::{Certificate, Enrol, Enrolled, Protection, Ticket};
use wire::manifest::VERSION;
use wire::problem::Problem;
use wire::signature::Signed;

/// Longest wait for the office.
const PATIENCE: Duration = Duration::from_secs(30);

/// Enrols; gives what the office said, and how the keys are kept. `wish` goes before `[keys]` of a `kiosk.toml` that is there.
///
/// # Errors
/// In words for whoever stands at the machine, saying what to do. Nothing is lost by trying again.
pub fn enrol(folder: &Path, ticket: &str, wish: Option<Seal>) -> anyhow::Result<(Enrolled, Protection)> {
    let ticket: Ticket = ticket.parse().context("the ticket")?;
    let wished = keys_wished(folder)?;
    folder::prepare(folder)?;
    let lock = store::lock(&folder.join("data")).context("stop the kiosk first; nothing was changed")?;
    refuse_while_it_holds_something(folder, &Safe::open(folder, &wished.tool).context("the keys")?, &lock)?;
    let safe = Safe::make_aside(folder, wish.unwrap_or(wished.seal), &wished.tool).context("the keys")?;
    let keys = Keys::of_this_try(folder, &safe)?;
    let enrol = Enrol {
        v: VERSION,
        kiosk: ticket.kiosk.clone(),
        code: ticket.code.as_str().to_owned(),
        request: certificate_request(&keys.tls)?,
        device_key: hex::encode(keys.device.verifying_key().to_bytes()),
        protection: safe.sealed_by(),
    };
    let signed = Signed::sign(&enrol, &keys.device).context("signing the request")?;
    let enrolled = ask(&ticket, &signed)?;
    if fingerprint(&enrolled.authority)?.as_str() != ticket.authority {
        bail!(
            "the office named another authority than the ticket; nothing was written. Ask the administrator for a new ticket"
        );
    }
    folder::verified(&enrolled)?;
    safe.settle(folder).context("the keys")?;
    // What a kiosk of before kept plain must not stay so beside a seal.
    safe.take_in(&key_files(folder)).context("the keys")?;
    folder::write(folder, &ticket, &enrolled, &keys, &safe)?;
    keys.settled(folder)?;
    Ok((enrolled, safe.kind()))
}

/// Keeps a renewed certificate with its key in `file`, in the place of the pair of before.
///
/// # Errors
/// The disk's; then the pair of before is still there.
pub fn keep_identity(file: &KeyFile, key: &rcgen::KeyPair, certificate: &Certificate) -> anyhow::Result<()> {
    let text = folder::identity(&key.serialize_pem(), &certificate.chain);
    file.write(text.as_bytes()).with_context(|| format!("cannot write {}", file.path().display()))
}

/// A kiosk that was enrolled before may hold what only its old certificate can send.
fn refuse_while_it_holds_something(folder: &Path, safe: &Safe, lock: &File) -> anyhow::Result<()> {
    let data = folder.join("data");
    if !data.join("kiosk.sqlite3").exists() {
        return Ok(());
    }
    let lock = lock.try_clone().context("the local store")?;
    let store = Store::open_under(lock, &data, safe).context("the local store")?;
    let waiting = store.waiting().context("the local store")?.len();
    if waiting > 0 {
        bail!(
            "this machine still holds {waiting} submissions that have not arrived. Start it and let it send them, or take them \
             along with --export; then enrol it again. Nothing was changed"
        );
    }
    Ok(())
}

fn fingerprint(authority_pem: &str) -> anyhow::Result<Digest> {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject as _;
    let der = CertificateDer::from_pem_slice(authority_pem.as_bytes()).context("the office's authority")?;
    Ok(Digest::of(&der))
}

fn ask(ticket: &Ticket, signed: &Signed) -> anyhow::Result<Enrolled> {
    let client = Client::builder()
        .tls_backend_preconfigured(pinned::tls(&ticket.authority)?)
        .https_only(true)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .build()
        .context("the network client")?;
    let answer = client.post(format!("{}/v1/enrol", ticket.office)).json(signed).send();
    let answer = answer.with_context(|| {
        format!(
            "{} does not answer as the office of this ticket. Check the cable, the address and this machine's clock, then run \
             the same again",
            ticket.office
        )
    })?;
    let status = answer.status();
    let body = answer.bytes().context("the office's answer broke off; run the same again")?;
    if status.is_success() {
        return serde_json::from_slice(&body).context("the office's answer cannot be read");
    }
    match serde_json::from_slice::<Problem>(&body) {
        Ok(problem) => bail!("{}. {}", problem.title, problem.detail.unwrap_or_default()),
        Err(_) => bail!("the office refuses (HTTP {status})"),
    }
}
