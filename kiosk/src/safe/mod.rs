//! Where the machine's keys lie: each in a file of its own, encrypted under one key that the system has sealed to this machine
//! (`keys/seal.cred`, by systemd-creds with the TPM or the host's key), or plain, which is then called a software key.
//! Invariants: what is told of the protection is read from the sealed file itself, never from a wish; a plain file goes only
//! after its sealed one was read back; what cannot be opened is said, and never replaced by something new; as long as one key
//! lies plain, all are called software keys; a seal made for an enrolment that the office has not granted lies aside and changes
//! nothing for the kiosk of before.
//! Not here: what the keys are for.

mod file;
mod system;
#[cfg(test)]
pub(crate) mod tests;

pub use file::KeyFile;

use anyhow::Context as _;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _, Nonce};
use serde::Deserialize;
use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wire::enrolment::Protection;

/// What the system holds for us, and the name in it that binds it to its use.
pub const CREDENTIAL: &str = "yimen.seal";
const SEALED: &str = "keys/seal.cred";
/// The seal of an enrolment under way.
const ASIDE: &str = "keys/enrolling/seal.cred";
/// Where keys of that enrolment lie.
const TRY: &str = "keys/enrolling";
/// Start of every file under the sealing key.
const START: &[u8] = b"yimen-sealed/1\n";
const NONCE: usize = 12;

/// Which protection is wished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Seal {
    /// The best that this machine has; a software key, said so, where it has none.
    #[default]
    Auto,
    /// The TPM, or nothing is done.
    Tpm2,
    /// The host's key (`/var/lib/systemd/credential.secret`), or nothing is done.
    Host,
    /// Plain files.
    None,
}

impl Seal {
    /// Whether a seal of this kind is what is wished.
    const fn is(self, kind: Protection) -> bool {
        match self {
            Self::Auto => true,
            Self::Tpm2 => matches!(kind, Protection::Tpm2),
            Self::Host => matches!(kind, Protection::Host),
            Self::None => false,
        }
    }
}

/// `[keys]` of `kiosk.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeysFile {
    /// What is wished when the machine enrols.
    pub seal: Seal,
    /// The program that seals.
    pub tool: PathBuf,
}

impl Default for KeysFile {
    fn default() -> Self {
        Self { seal: Seal::Auto, tool: PathBuf::from("systemd-creds") }
    }
}

/// Why keys cannot be sealed or opened; in words, with what to do.
#[derive(Debug, thiserror::Error)]
pub enum SafeError {
    /// The sealing key is not to be had: of which file, and why.
    #[error(
        "the keys of this kiosk are sealed, and {0} does not open here: {1}. It opens only on the machine that made it, as root or as \
         a service with LoadCredentialEncrypted={CREDENTIAL}:{0}. Nothing was changed. Where it can never open again, ask the \
         administrator for a new ticket and enrol this machine in a new folder (--folder), not in this one"
    )]
    Shut(PathBuf, String),
    /// As [`Self::Shut`], of an enrolment that did not end: in which folder its keys lie.
    #[error(
        "an earlier try to enrol sealed its keys, and {0}/seal.cred does not open here: {1}. It opens only on the machine that made \
         it, as root. Nothing was changed. Where it cannot be opened, remove {0} and try again; if the code is refused then, the \
         office had taken it for those keys: ask the administrator for a new ticket"
    )]
    ShutAside(PathBuf, String),
    /// An enrolment that did not end has sealed its keys in another way than is wished now: in which folder they lie.
    #[error(
        "an earlier try to enrol sealed its keys in another way than is wished now, and the office may have said yes to them. Nothing \
         was changed. `--seal auto` goes on with them; to begin anew, remove {0} and try again; if the code is refused then, the \
         office had taken it for those keys: ask the administrator for a new ticket"
    )]
    OtherwiseSealed(PathBuf),
    /// Sealing as wished is not possible.
    #[error("the keys cannot be sealed as wished: {0}. Nothing was changed; `--seal auto` takes what there is")]
    NotSealed(String),
    /// The disk.
    #[error("{0}: {1}")]
    Disk(PathBuf, io::Error),
}

/// The key over the key files.
struct Key([u8; 32]);

/// Where keys lie. Cheap to clone.
#[derive(Clone)]
pub struct Safe {
    key: Option<Arc<Key>>,
    sealed_by: Protection,
    /// Every key file of the folder, as it would lie plain.
    files: Arc<[PathBuf]>,
}

impl std::fmt::Debug for Safe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Safe({:?})", self.sealed_by)
    }
}

impl Safe {
    /// Plain files.
    pub fn plain() -> Self {
        Self { key: None, sealed_by: Protection::Software, files: Arc::default() }
    }

    /// Opens the safe of a kiosk's folder: the credential that the service manager hands over, else through the tool, else plain.
    ///
    /// # Errors
    /// [`SafeError::Shut`] when there is a seal that does not open.
    pub fn open(folder: &Path, tool: &Path) -> Result<Self, SafeError> {
        Self::open_with(folder, tool, std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from).as_deref())
    }

    fn open_with(folder: &Path, tool: &Path, credentials: Option<&Path>) -> Result<Self, SafeError> {
        Self::open_at(folder, SEALED, tool, credentials)
    }

    fn open_at(folder: &Path, seal: &str, tool: &Path, credentials: Option<&Path>) -> Result<Self, SafeError> {
        let sealed = folder.join(seal);
        let text = match fs::read_to_string(&sealed) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(SafeError::Disk(sealed, error)),
        };
        let shut = |why| match seal {
            ASIDE => SafeError::ShutAside(named(folder, TRY), why),
            _ => SafeError::Shut(named(folder, seal), why),
        };
        // Without the sealed file nobody can say what protects it at rest.
        let sealed_by = text.as_deref().map_or(Protection::Software, system::protection);
        let given = credentials.and_then(|place| fs::read_to_string(place.join(CREDENTIAL)).ok());
        let opened = match (given, text) {
            (Some(given), _) => given,
            (None, Some(_)) => system::open(tool, &sealed).map_err(shut)?,
            (None, None) => return Ok(Self::plain()),
        };
        let key = read_key(&opened).ok_or_else(|| shut("what it holds is no key".to_owned()))?;
        Ok(Self { key: Some(Arc::new(key)), sealed_by, files: key_files(folder).into() })
    }

    /// Opens the safe, or makes one as wished. What it made was opened again before it counts.
    ///
    /// # Errors
    /// [`SafeError`]; with [`Seal::Auto`] a machine that cannot seal has plain files, and the reason is logged.
    pub fn make(folder: &Path, wish: Seal, tool: &Path) -> Result<Self, SafeError> {
        let open = Self::open(folder, tool)?;
        if open.key.is_some() || wish == Seal::None {
            return Ok(open);
        }
        let made = Self::make_aside(folder, wish, tool)?;
        made.settle(folder)?;
        Ok(made)
    }

    /// As [`Self::make`], but a seal that is new lies aside until [`Self::settle`]: the kiosk of before starts as it did. One that
    /// an earlier try left there is taken up again, as keys lie under it.
    ///
    /// # Errors
    /// As [`Self::make`]; [`SafeError::OtherwiseSealed`] when what an earlier try left is not what is wished.
    pub(crate) fn make_aside(folder: &Path, wish: Seal, tool: &Path) -> Result<Self, SafeError> {
        let open = Self::open(folder, tool)?;
        if open.key.is_some() {
            return Ok(open);
        }
        let before = Self::open_at(folder, ASIDE, tool, None)?;
        if before.key.is_some() && !wish.is(before.sealed_by) {
            return Err(SafeError::OtherwiseSealed(named(folder, TRY)));
        }
        if before.key.is_some() || wish == Seal::None {
            return Ok(before);
        }
        match seal_anew(&folder.join(ASIDE), wish, tool) {
            Ok(()) => Self::open_at(folder, ASIDE, tool, None),
            Err(why) if wish == Seal::Auto => {
                tracing::warn!(why, "the keys are not sealed to this machine: software key");
                Ok(open)
            }
            Err(why) => Err(SafeError::NotSealed(why)),
        }
    }

    /// A seal that lay aside is the machine's from now on. Does nothing when none does.
    ///
    /// # Errors
    /// The disk's; then it still lies aside.
    pub(crate) fn settle(&self, folder: &Path) -> Result<(), SafeError> {
        let (aside, place) = (folder.join(ASIDE), folder.join(SEALED));
        if self.key.is_none() || place.exists() || !aside.exists() {
            return Ok(());
        }
        let moved = fs::rename(&aside, &place).and_then(|()| file::sync_folder(&place));
        // Stays as long as keys of a try lie there.
        let _ = aside.parent().map(fs::remove_dir);
        moved.map_err(|error| SafeError::Disk(place.clone(), error))
    }

    /// What protects the machine's keys: what seals them, once none lies plain any more.
    pub fn kind(&self) -> Protection {
        if self.files.iter().any(|file| file.exists()) { Protection::Software } else { self.sealed_by }
    }

    /// What protects a key that is written into this safe.
    pub const fn sealed_by(&self) -> Protection {
        self.sealed_by
    }

    /// A key's file in this safe.
    pub fn file(&self, path: &Path) -> KeyFile {
        KeyFile::new(path, self.clone())
    }

    /// Takes plain key files of before into the safe. Plain files stay what they are where nothing is sealed.
    ///
    /// # Errors
    /// The disk's, or a plain and a sealed file that hold two keys; then both are still there.
    pub fn take_in(&self, files: &[PathBuf]) -> Result<usize, SafeError> {
        let mut taken = 0;
        for path in files {
            let moved = self.file(path).take_in().map_err(|error| SafeError::Disk(path.clone(), error))?;
            taken += usize::from(moved);
        }
        Ok(taken)
    }
}

/// A file of the folder as words name it: a unit wants the whole path.
fn named(folder: &Path, file: &str) -> PathBuf {
    let path = folder.join(file);
    std::path::absolute(&path).unwrap_or(path)
}

/// Makes a new seal and writes it there, durable; the error is in words.
fn seal_anew(place: &Path, wish: Seal, tool: &Path) -> Result<(), String> {
    let fresh = hex::encode(ambient::random_bytes::<32>());
    let text = system::seal(tool, wish, &fresh)?;
    if system::protection(&text) == Protection::Software {
        return Err("the system has nothing to seal with: neither a TPM nor a key of the host".to_owned());
    }
    let words = |error: io::Error| error.to_string();
    let folder = place.parent().unwrap_or(place);
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(words)?;
    let beside = place.with_extension("new");
    file::write_durably(&beside, text.as_bytes()).map_err(words)?;
    if system::open(tool, &beside)?.trim() != fresh {
        return Err("what was sealed comes back as something else".to_owned());
    }
    fs::rename(&beside, place).and_then(|()| file::sync_folder(place)).map_err(words)
}

/// Every key file of a kiosk's folder, as it would lie plain.
pub(crate) fn key_files(folder: &Path) -> Vec<PathBuf> {
    let names =
        ["keys/device.key.pem", "keys/client.pem", "keys/enrolling/device.key.pem", "keys/enrolling/tls.key.pem"];
    let store = ["data/machine.key", "data/store.key"];
    names.into_iter().chain(store).map(|name| folder.join(name)).collect()
}

/// Seals the keys of a folder as wished: what protects them now, and how many plain files were taken in. Never beside a kiosk
/// that runs: it would go on to write plain keys, such as a renewed certificate, which the sealed ones then hide.
///
/// # Errors
/// A kiosk that runs, or [`SafeError`]; then every key that was there is still there.
pub fn seal_folder(folder: &Path, wish: Seal) -> anyhow::Result<(Protection, usize)> {
    let data = folder.join("data");
    let _lock = match data.exists() {
        true => Some(crate::store::lock(&data).context("stop the kiosk first; nothing was changed")?),
        false => None,
    };
    let tool = crate::enrol::keys_wished(folder)?.tool;
    let safe = Safe::make(folder, wish, &tool)?;
    let taken = safe.take_in(&key_files(folder))?;
    Ok((safe.kind(), taken))
}

fn read_key(text: &str) -> Option<Key> {
    let mut key = [0; 32];
    hex::decode_to_slice(text.trim(), &mut key).ok()?;
    Some(Key(key))
}

impl Key {
    /// `name` is what the file is called: one key's file never stands for another's.
    fn seal(&self, name: &str, plain: &[u8]) -> io::Result<Vec<u8>> {
        let nonce: [u8; NONCE] = ambient::random_bytes();
        let sealed = ChaCha20Poly1305::new((&self.0).into())
            .encrypt(Nonce::from_slice(&nonce), Payload { msg: plain, aad: name.as_bytes() })
            .map_err(|_| io::Error::other("the cipher failed"))?;
        Ok([START, &nonce, &sealed].concat())
    }

    fn open(&self, name: &str, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let wrong =
            || io::Error::new(io::ErrorKind::InvalidData, "it is not sealed by this machine's key, or was changed");
        let rest = bytes.strip_prefix(START).ok_or_else(wrong)?;
        let (nonce, sealed) = rest.split_at_checked(NONCE).ok_or_else(wrong)?;
        ChaCha20Poly1305::new((&self.0).into())
            .decrypt(Nonce::from_slice(nonce), Payload { msg: sealed, aad: name.as_bytes() })
            .map_err(|_| wrong())
    }
}
