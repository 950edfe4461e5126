//! `yimenctl` as a program: what it makes, what it refuses to make twice, what it says and with which exit code.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed, helpers included")]

use std::path::Path;
use std::process::{Command, Output};

fn yimenctl(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yimenctl"));
    command.args(arguments).env_remove("YIMEN_TOKEN").env_remove("YIMEN_TOKEN_FILE").output().unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

fn path(folder: &Path) -> &str {
    folder.to_str().unwrap()
}

/// All files below a folder with their bytes.
fn files(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut open = vec![folder.to_path_buf()];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                open.push(entry.path());
            } else {
                found.push((entry.path(), std::fs::read(entry.path()).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_bureau_a_kiosk_and_an_officer_are_made_once_and_never_overwritten() {
    let place = tempfile::tempdir().unwrap();
    let bureau = place.path().join("bureau");
    let made = yimenctl(&["--json", "bureau", "init", "--class", "demo", path(&bureau)]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert_eq!(json(&made)["bureau"]["class"], "demo");
    let kiosk = ["--json", "kiosk", "add", path(&bureau), "yunqiao-1", "--number", "1"];
    assert!(yimenctl(&kiosk).status.success());
    let officer = ["--json", "officer", "add", path(&bureau), "officer-1", "--branch", "household"];
    let added = yimenctl(&officer);
    let token = json(&added)["token"].as_str().unwrap().to_owned();
    assert!(token.starts_with("officer-1.") && token.len() > 64);

    let before = files(&bureau);
    for (path, bytes) in &before {
        let secret =
            String::from_utf8_lossy(bytes).contains("PRIVATE KEY") || bytes.windows(10).any(|w| w == b"AGE-SECRET");
        if secret {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", path.display());
        }
        assert!(!bytes.windows(token.len()).any(|window| window == token.as_bytes()), "the token is in a file");
    }
    for again in [&["bureau", "init", "--class", "production", path(&bureau)][..], &kiosk, &officer] {
        let refused = yimenctl(again);
        assert_eq!(refused.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&refused.stderr).contains("nothing was changed"));
    }
    assert_eq!(files(&bureau), before);
    let office: toml::Table =
        toml::from_str(&std::fs::read_to_string(bureau.join("office/office.toml")).unwrap()).unwrap();
    assert_eq!(office["listen"]["kiosks"].as_str(), Some("127.0.0.1:8441"));
    let kiosk: toml::Table =
        toml::from_str(&std::fs::read_to_string(bureau.join("kiosks/yunqiao-1/kiosk.toml")).unwrap()).unwrap();
    assert_eq!(kiosk["office"].as_str(), Some("https://127.0.0.1:8441"));
}

#[test]
fn a_code_is_confirmed_without_a_network_and_a_changed_one_is_not() {
    let place = tempfile::tempdir().unwrap();
    let bureau = place.path().join("bureau");
    assert!(yimenctl(&["bureau", "init", "--class", "demo", path(&bureau)]).status.success());
    let pem = std::fs::read_to_string(bureau.join("office/keys/certificate.key.pem")).unwrap();
    let class = documents::BureauClass::Demonstration;
    let key = documents::signing::IssuingKey::from_pem(&pem, class).unwrap();
    let facts = documents::signing::CanonicalFacts {
        layout: "no-criminal-record".into(),
        number: "2026-000001".into(),
        name: domain::sensitive::Sensitive::new("陈雨桐".into()),
        last_four: domain::sensitive::Sensitive::new("9988".into()),
        finding: "未发现有犯罪记录".into(),
        issued_on: jiff::civil::date(2026, 11, 22),
        from: None,
        to: None,
        valid_until: None,
        class,
    };
    let code = documents::signing::qr_url("https://127.0.0.1:8443/v", &facts, &key).unwrap();
    let public = bureau.join("office/bureau.toml");
    let verify = |code: &str| yimenctl(&["--json", "certificate", "verify", "--bureau", path(&public), code]);
    let confirmed = verify(&code);
    assert!(confirmed.status.success());
    assert_eq!(json(&confirmed)["outcome"], "intact-demonstration-only");
    assert_eq!(json(&confirmed)["name"], "陈雨桐");
    let changed = documents::signing::CanonicalFacts { number: "2026-000002".into(), ..facts };
    let other = documents::signing::IssuingKey::from_random(&[9; 32], class);
    let forged = documents::signing::qr_url("https://127.0.0.1:8443/v", &changed, &other).unwrap();
    for wrong in [forged.as_str(), &code[..code.len() - 8], "nothing"] {
        let refused = verify(wrong);
        assert_eq!((refused.status.code(), &json(&refused)["ok"]), (Some(1), &serde_json::json!(false)), "{wrong}");
    }
}

#[test]
fn exit_codes_tell_what_went_wrong() {
    assert_eq!(yimenctl(&["queue", "nonsense"]).status.code(), Some(2));
    assert_eq!(yimenctl(&["queue", "list"]).status.code(), Some(2), "no token");
    let place = tempfile::tempdir().unwrap();
    let token = place.path().join("token");
    std::fs::write(&token, "officer-1.x").unwrap();
    let closed = ["--json", "queue", "list", "--office", "http://127.0.0.1:1", "--token-file", path(&token)];
    let unreachable = yimenctl(&closed);
    assert_eq!(unreachable.status.code(), Some(3));
    assert_eq!(json(&unreachable)["exit_code"], 3);
}
