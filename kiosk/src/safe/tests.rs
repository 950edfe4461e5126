//! Sealing with the system's own tool where it may be used, and everywhere with a stand-in that is chosen by its path.

use super::*;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

/// A program that "seals" as `systemd-creds` would with the host's key: its header, then the secret.
const STAND_IN: &str = r#"#!/usr/bin/env python3
import base64, pathlib, sys
head = bytes.fromhex(@HEAD@)
words = [word for word in sys.argv[1:] if not word.startswith("--")]
assert "--name=yimen.seal" in sys.argv, sys.argv
if pathlib.Path(__file__).with_name("shut").exists():
    sys.exit("Failed to unseal secret using TPM2: another machine")
if words[0] == "encrypt":
    assert words[1:] == ["-", "-"], words
    print(base64.b64encode(head + sys.stdin.buffer.read()).decode())
else:
    sealed = base64.b64decode(pathlib.Path(words[1]).read_text())
    assert sealed.startswith(head)
    sys.stdout.buffer.write(sealed[len(head):])
"#;
pub(crate) const HOST: &str = "5a1c6a86df9d4096b1d5a65e0862f19a";
pub(crate) const TPM2: &str = "0c7cc07b117645919c4b0bea08bc20fe";
/// What stands where there is neither TPM nor host key: sealed with a key that everybody knows.
const NULL: &str = "058469daf6f54324800549da0f8ea2fb";

/// Puts the stand-in into a folder.
pub(crate) fn stand_in(folder: &Path, head: &str) -> PathBuf {
    let tool = folder.join("stand-in");
    fs::write(&tool, STAND_IN.replace("@HEAD@", &format!("{head:?}"))).unwrap();
    fs::set_permissions(&tool, fs::Permissions::from_mode(0o755)).unwrap();
    tool
}

struct Bench {
    folder: tempfile::TempDir,
    tool: PathBuf,
}

impl Bench {
    fn new(head: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("keys")).unwrap();
        let tool = stand_in(folder.path(), head);
        Self { folder, tool }
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn key(&self) -> PathBuf {
        self.root().join("keys/device.key.pem")
    }

    fn open(&self, credentials: Option<&Path>) -> Result<Safe, SafeError> {
        Safe::open_with(self.root(), &self.tool, credentials)
    }
}

fn holds_anywhere(folder: &Path, needle: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).any(|path| {
        if path.is_dir() {
            holds_anywhere(&path, needle)
        } else {
            fs::read(path).unwrap().windows(needle.len()).any(|window| window == needle)
        }
    })
}

#[test]
fn a_plain_key_goes_into_the_safe_and_comes_back_and_nowhere_else() {
    for (head, kind) in [(HOST, Protection::Host), (TPM2, Protection::Tpm2)] {
        let bench = Bench::new(head);
        KeyFile::from(bench.key()).write(b"SECRET-DEVICE-KEY").unwrap();
        let safe = Safe::make(bench.root(), Seal::Auto, &bench.tool).unwrap();
        assert_eq!((safe.kind(), safe.sealed_by()), (Protection::Software, kind), "one key is plain still");
        assert_eq!(safe.file(&bench.key()).read().unwrap(), b"SECRET-DEVICE-KEY", "before it is taken in");
        assert_eq!(safe.take_in(&[bench.key()]).unwrap(), 1);
        assert_eq!(safe.kind(), kind);
        assert!(!bench.key().exists() && !holds_anywhere(bench.root(), b"SECRET-DEVICE-KEY"));
        let again = bench.open(None).unwrap();
        assert_eq!(again.file(&bench.key()).read().unwrap(), b"SECRET-DEVICE-KEY");
        again.file(&bench.key()).write(b"RENEWED").unwrap();
        assert_eq!(bench.open(None).unwrap().file(&bench.key()).read().unwrap(), b"RENEWED");
        assert_eq!(again.take_in(&[bench.key()]).unwrap(), 0);
        for plain in key_files(bench.root()) {
            fs::create_dir_all(plain.parent().unwrap()).unwrap();
            fs::write(&plain, "").unwrap();
            assert_eq!((again.kind(), bench.open(None).unwrap().kind()), (Protection::Software, Protection::Software));
            fs::remove_file(&plain).unwrap();
            assert_eq!(again.kind(), kind);
        }
        // A file of one key does not stand for another's.
        let other = bench.root().join("keys/client.pem");
        fs::copy(bench.root().join("keys/device.key.pem.sealed"), bench.root().join("keys/client.pem.sealed")).unwrap();
        assert!(again.file(&other).read().is_err());
    }
}

/// A renewed certificate of a running kiosk would go into a plain file beside the sealed one of before, which then counts.
#[test]
fn nothing_is_sealed_beside_a_kiosk_that_runs() {
    let bench = Bench::new(HOST);
    fs::write(bench.root().join("kiosk.toml"), format!("[keys]\ntool = {:?}\n", bench.tool)).unwrap();
    let pair = bench.root().join("keys/client.pem");
    KeyFile::from(pair.clone()).write(b"PAIR").unwrap();
    let running = crate::store::Store::open(&bench.root().join("data")).unwrap();
    let words = format!("{:#}", seal_folder(bench.root(), Seal::Host).unwrap_err());
    assert!(words.contains("stop the kiosk"), "{words}");
    assert!(!bench.root().join(SEALED).exists() && fs::read(&pair).unwrap() == b"PAIR");
    drop(running);
    assert_eq!(seal_folder(bench.root(), Seal::Host).unwrap(), (Protection::Host, 2));
    assert_eq!(bench.open(None).unwrap().file(&pair).read().unwrap(), b"PAIR");
    assert!(
        matches!(bench.open(None).unwrap().file(&bench.root().join("data/machine.key")).read(), Ok(key) if !key.is_empty())
    );
}

#[test]
fn of_two_different_keys_none_is_thrown_away() {
    let bench = Bench::new(HOST);
    let safe = Safe::make(bench.root(), Seal::Host, &bench.tool).unwrap();
    safe.file(&bench.key()).write(b"BEFORE").unwrap();
    KeyFile::from(bench.key()).write(b"RENEWED").unwrap();
    let words = safe.take_in(&[bench.key()]).unwrap_err().to_string();
    assert!(words.contains("two different keys"), "{words}");
    assert_eq!(fs::read(bench.key()).unwrap(), b"RENEWED");
    assert_eq!(safe.file(&bench.key()).read().unwrap(), b"BEFORE");
    // What a crash left is the same key twice.
    KeyFile::from(bench.key()).write(b"BEFORE").unwrap();
    assert_eq!(safe.take_in(&[bench.key()]).unwrap(), 1);
    assert!(!bench.key().exists());
}

#[test]
fn a_seal_that_does_not_open_is_said_and_nothing_takes_its_place() {
    let bench = Bench::new(HOST);
    let safe = Safe::make(bench.root(), Seal::Host, &bench.tool).unwrap();
    safe.file(&bench.key()).write(b"KEY").unwrap();
    let before = fs::read(bench.root().join(SEALED)).unwrap();
    fs::write(bench.root().join("shut"), "").unwrap();
    for tried in [bench.open(None), Safe::make(bench.root(), Seal::Auto, &bench.tool)] {
        let words = tried.unwrap_err().to_string();
        assert!(words.contains("another machine") && words.contains("LoadCredentialEncrypted"), "{words}");
        assert!(words.contains(bench.root().join(SEALED).to_str().unwrap()), "{words}");
    }
    assert_eq!(fs::read(bench.root().join(SEALED)).unwrap(), before);
    // A seal that was taken away leaves sealed keys that say so.
    fs::remove_file(bench.root().join(SEALED)).unwrap();
    let words = bench.open(None).unwrap().file(&bench.key()).read().unwrap_err().to_string();
    assert!(words.contains("seal.cred"), "{words}");
}

#[test]
fn a_service_is_given_its_seal_by_the_manager_and_needs_no_tool() {
    let bench = Bench::new(HOST);
    let safe = Safe::make(bench.root(), Seal::Host, &bench.tool).unwrap();
    safe.file(&bench.key()).write(b"KEY").unwrap();
    let given = tempfile::tempdir().unwrap();
    let opened = system::open(&bench.tool, &bench.root().join(SEALED)).unwrap();
    fs::write(given.path().join(CREDENTIAL), opened).unwrap();
    fs::write(bench.root().join("shut"), "").unwrap();
    let service = bench.open(Some(given.path())).unwrap();
    assert_eq!((service.kind(), service.file(&bench.key()).read().unwrap()), (Protection::Host, b"KEY".to_vec()));
}

#[test]
fn what_protects_nothing_is_called_a_software_key() {
    let bench = Bench::new(NULL);
    let safe = Safe::make(bench.root(), Seal::Auto, &bench.tool).unwrap();
    assert_eq!(safe.kind(), Protection::Software);
    assert!(!bench.root().join(SEALED).exists());
    assert!(matches!(Safe::make(bench.root(), Seal::Tpm2, &bench.tool), Err(SafeError::NotSealed(_))));
    let missing = Safe::make(bench.root(), Seal::Auto, Path::new("/nowhere/systemd-creds")).unwrap();
    assert_eq!(missing.kind(), Protection::Software);
    safe.file(&bench.key()).write(b"KEY").unwrap();
    assert_eq!(fs::metadata(bench.key()).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(safe.take_in(&[bench.key()]).unwrap(), 0);
    assert_eq!(fs::read(bench.key()).unwrap(), b"KEY");
}

/// The real tool with the host's key needs root and a writable `/var/lib/systemd`. Where it refuses, what this test then holds is
/// that the refusal is said and nothing is changed; the stand-in above holds the rest.
#[test]
fn the_systems_own_tool_seals_with_the_hosts_key_where_it_may() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("keys")).unwrap();
    let tool = Path::new("systemd-creds");
    let permitted = Command::new(tool)
        .args(["encrypt", "--with-key=host", "--name=probe", "/dev/null", "-"])
        .output()
        .is_ok_and(|output| output.status.success());
    let made = Safe::make(folder.path(), Seal::Host, tool);
    if !permitted {
        assert!(matches!(made, Err(SafeError::NotSealed(_))) && !folder.path().join(SEALED).exists());
        return;
    }
    let safe = made.unwrap();
    assert_eq!(safe.kind(), Protection::Host);
    let path = folder.path().join("keys/client.pem");
    safe.file(&path).write(b"SECRET").unwrap();
    assert!(!holds_anywhere(folder.path(), b"SECRET"));
    let again = Safe::open_with(folder.path(), tool, None).unwrap();
    assert_eq!((again.kind(), again.file(&path).read().unwrap()), (Protection::Host, b"SECRET".to_vec()));
    // Another name in the credential is another use: the tool refuses it.
    let text = fs::read_to_string(folder.path().join(SEALED)).unwrap();
    let changed: String = text.chars().rev().collect();
    fs::write(folder.path().join(SEALED), changed).unwrap();
    assert!(matches!(Safe::open_with(folder.path(), tool, None), Err(SafeError::Shut(..))));
}
