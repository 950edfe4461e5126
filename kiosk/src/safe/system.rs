//! The system's own sealing: `systemd-creds encrypt` and `decrypt` (systemd 250 and newer), spoken to through pipes.
//! Invariant: the sealed text says itself what it is sealed with; no secret is ever an argument of a program.

use super::{CREDENTIAL, Seal};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::ffi::OsStr;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use wire::enrolment::Protection;

/// First bytes of a credential by what seals it (systemd, `CRED_AES256_GCM_BY_…`): the host's key, also for one user.
const BY_HOST: [&str; 2] = ["5a1c6a86df9d4096b1d5a65e0862f19a", "55b9ed1d38594d43a8319d2ebb332ac6"];
/// The TPM, alone or with the host's key, also for one user or with a signed policy.
const BY_TPM2: [&str; 6] = [
    "0c7cc07b117645919c4b0bea08bc20fe",
    "faf7eb9341e3412ca1a436f95a29362f",
    "93a894094874449090caf2fc93cab553",
    "ef4ac13679a9480ea7db68897f9f165d",
    "af4950a849134eb1a73846304ff30c05",
    "adbc4ca3efb64201ba881b6f2e4095ea",
];

/// What protects a sealed text. One that is not known protects nothing as far as we can say.
pub(super) fn protection(sealed: &str) -> Protection {
    let first: String = sealed.chars().filter(|c| !c.is_whitespace()).take(24).collect();
    let bytes = STANDARD.decode(first).unwrap_or_default();
    let kind = bytes.get(..16).map(hex::encode).unwrap_or_default();
    match kind.as_str() {
        kind if BY_TPM2.contains(&kind) => Protection::Tpm2,
        kind if BY_HOST.contains(&kind) => Protection::Host,
        _ => Protection::Software,
    }
}

/// Seals a secret; the error is in words.
pub(super) fn seal(tool: &Path, wish: Seal, secret: &str) -> Result<String, String> {
    let with = match wish {
        Seal::Auto | Seal::None => "auto",
        Seal::Tpm2 => "tpm2",
        Seal::Host => "host",
    };
    let arguments =
        ["encrypt", &format!("--with-key={with}"), &format!("--name={CREDENTIAL}"), "-", "-"].map(str::to_owned);
    run(tool, &arguments.each_ref().map(OsStr::new), secret)
}

/// Opens a sealed file; the error is in words.
pub(super) fn open(tool: &Path, file: &Path) -> Result<String, String> {
    let name = format!("--name={CREDENTIAL}");
    run(tool, &[OsStr::new("decrypt"), OsStr::new(&name), file.as_os_str(), OsStr::new("-")], "")
}

fn run(tool: &Path, arguments: &[&OsStr], input: &str) -> Result<String, String> {
    let words = |error: std::io::Error| format!("{}: {error}", tool.display());
    let mut child = Command::new(tool)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(words)?;
    // A tool that refuses at once does not read: what it says is told below.
    let _ = child.stdin.take().map(|mut pipe| pipe.write_all(input.as_bytes()));
    let output = child.wait_with_output().map_err(words)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{} says: {}", tool.display(), said.trim().lines().last().unwrap_or("nothing")));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{} answers no text", tool.display()))
}
