//! `yimenctl` as a program: what it makes, what it refuses to make twice, what it says and with which exit code.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed, helpers included")]

mod certificates;
mod words;

use std::path::Path;
use std::process::{Command, Output};

fn yimenctl(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yimenctl"));
    command.args(arguments).env_remove("YIMEN_TOKEN").env_remove("YIMEN_TOKEN_FILE").output().unwrap()
}

/// The catalogue beside this package.
const CATALOGUE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../services-catalog");

/// Makes a bureau of a demonstration.
fn init(bureau: &Path) -> Output {
    yimenctl(&["--json", "bureau", "init", "--class", "demo", "--catalogue", CATALOGUE, path(bureau)])
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
fn an_officer_is_locked_and_unlocked_beside_their_file() {
    let place = tempfile::tempdir().unwrap();
    let bureau = place.path().join("bureau");
    assert!(init(&bureau).status.success());
    let add = ["officer", "add", path(&bureau), "officer-1", "--branch", "household", "--token", "--oidc-sub", "4711"];
    assert!(yimenctl(&add).status.success());
    let text = std::fs::read_to_string(bureau.join("office/officers/officer-1.toml")).unwrap();
    assert!(text.contains("oidc_sub = \"4711\"") && text.contains("token_at = "), "{text}");
    let file = bureau.join("office/officers/officer-1.locked");
    for (verb, changed) in [("lock", true), ("lock", false), ("unlock", true), ("unlock", false)] {
        let told = json(&yimenctl(&["--json", "officer", verb, path(&bureau), "officer-1"]));
        assert_eq!((&told["locked"], &told["changed"]), (&(verb == "lock").into(), &changed.into()), "{told}");
        assert_eq!(file.exists(), verb == "lock");
        assert_eq!(std::fs::read_to_string(bureau.join("office/officers/officer-1.toml")).unwrap(), text);
    }
    let nobody = yimenctl(&["officer", "lock", path(&bureau), "officer-2"]);
    assert_eq!(nobody.status.code(), Some(1));
}

#[test]
fn a_reset_changes_the_password_alone_and_asks_the_office_for_the_rest() {
    let place = tempfile::tempdir().unwrap();
    let bureau = place.path().join("bureau");
    assert!(init(&bureau).status.success());
    let add =
        ["--json", "officer", "add", path(&bureau), "officer-1", "--branch", "household", "--token", "--window", "3"];
    let first = json(&yimenctl(&add));
    let file = bureau.join("office/officers/officer-1.toml");
    let read = || toml::from_str::<toml::Table>(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let mut before = read();
    let told = json(&yimenctl(&["--json", "officer", "reset", path(&bureau), "officer-1"]));
    let mut after = read();
    let [old, new] = [before.remove("password"), after.remove("password")];
    assert!(old.is_some() && new.is_some() && old != new);
    assert_eq!(new.unwrap()["one_time"].as_bool(), Some(true));
    assert_eq!(before, after, "nothing else");
    assert!(told["password"].is_string() && told["password"] != first["password"], "{told}");
    assert!(bureau.join("office/officers/officer-1.reset").exists());
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    let nobody = yimenctl(&["officer", "reset", path(&bureau), "officer-2"]);
    assert_eq!(nobody.status.code(), Some(1));
}

#[test]
fn the_bureau_stands_for_a_catalogue_that_passes_and_for_no_other() {
    let place = tempfile::tempdir().unwrap();
    let (bureau, files) = (place.path().join("bureau"), place.path().join("catalogue"));
    assert!(init(&bureau).status.success());
    copy(CATALOGUE.as_ref(), &files);
    let branches = files.join("branches.toml");
    std::fs::write(&branches, format!("{}\n# of this bureau\n", std::fs::read_to_string(&branches).unwrap())).unwrap();
    let sign =
        |more: &[&str]| yimenctl(&[&["--json", "catalogue", "sign", path(&bureau), path(&files)], more].concat());
    let first = json(&sign(&["--only"]));
    assert_eq!((&first["changed"], first["catalogues"].as_array().unwrap().len()), (&true.into(), 1));
    assert_eq!(json(&sign(&[]))["changed"], false);
    let text = std::fs::read_to_string(&branches).unwrap();
    std::fs::write(&branches, format!("{text}\n# a word more\n")).unwrap();
    let second = json(&sign(&[]));
    assert_ne!(second["catalogue"], first["catalogue"]);
    assert_eq!(second["catalogues"].as_array().unwrap().len(), 2, "kiosks change over one by one");
    assert_eq!(json(&sign(&["--only"]))["catalogues"], serde_json::json!([second["catalogue"]]));
    std::fs::write(&branches, "nonsense").unwrap();
    let list = bureau.join("office/keys/recipients.json");
    let before = std::fs::read(&list).unwrap();
    assert_eq!(sign(&[]).status.code(), Some(1));
    assert_eq!(std::fs::read(&list).unwrap(), before);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), &to).unwrap();
        }
    }
}

#[test]
fn a_bureau_and_an_officer_are_made_once_and_never_overwritten() {
    let place = tempfile::tempdir().unwrap();
    let bureau = place.path().join("bureau");
    let made = init(&bureau);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert_eq!(json(&made)["bureau"]["class"], "demo");
    let officer = ["--json", "officer", "add", path(&bureau), "officer-1", "--branch", "household", "--token"];
    let added = yimenctl(&officer);
    let token = json(&added)["token"].as_str().unwrap().to_owned();
    assert!(token.starts_with("officer-1.") && token.len() > 64);
    let password = json(&added)["password"].as_str().unwrap().to_owned();
    assert_eq!(password.len(), 14, "{password}");

    let before = files(&bureau);
    for (path, bytes) in &before {
        let secret =
            String::from_utf8_lossy(bytes).contains("PRIVATE KEY") || bytes.windows(10).any(|w| w == b"AGE-SECRET");
        if secret {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", path.display());
        }
        for secret in [&token, &password] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "a secret is in a file");
        }
    }
    for again in [&["bureau", "init", "--class", "production", "--catalogue", CATALOGUE, path(&bureau)][..], &officer] {
        let refused = yimenctl(again);
        assert_eq!(refused.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&refused.stderr).contains("nothing was changed"));
    }
    assert_eq!(files(&bureau), before);
    let office: toml::Table =
        toml::from_str(&std::fs::read_to_string(bureau.join("office/office.toml")).unwrap()).unwrap();
    assert_eq!(office["listen"]["kiosks"].as_str(), Some("127.0.0.1:8441"));
    assert_eq!(office["enrolment"]["office_url"].as_str(), Some("https://127.0.0.1:8441"));
}

#[test]
fn a_recovery_key_is_followed_by_the_next_one_and_the_branch_keeps_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let bureau = folder.path().join("bureau");
    assert!(init(&bureau).status.success());
    let keys = |list: &serde_json::Value, role: &str| -> Vec<serde_json::Value> {
        list["list"]["keys"].as_array().unwrap().iter().filter(|key| key["role"] == role).cloned().collect()
    };
    let before = json(&yimenctl(&["--json", "keys", "list", path(&bureau)]));
    assert_eq!(before["warnings"], serde_json::json!([]));
    let rotate = ["--json", "keys", "rotate", path(&bureau), "--recovery"];
    // A short one ends within the year: that is said at once, and by every list.
    let short = json(&yimenctl(&[&rotate[..], &["--valid-days", "100"]].concat()));
    assert!(short["warnings"][0].as_str().unwrap().contains("rotate --recovery"), "{short}");
    let listed = json(&yimenctl(&["--json", "keys", "list", path(&bureau)]));
    assert_eq!(listed["warnings"].as_array().unwrap().len(), 1);
    let words = yimenctl(&["keys", "list", path(&bureau)]);
    assert!(String::from_utf8(words.stdout).unwrap().contains("Warning: the last recovery key ends on"));
    let next = json(&yimenctl(&rotate));
    assert_eq!(next["warnings"], serde_json::json!([]));
    assert_eq!(keys(&next, "branch"), keys(&before, "branch"));
    let recovery = keys(&next, "recovery");
    assert_eq!((recovery.len(), &recovery[2]["recipient"]), (3, &next["recipient"]));
    let text = std::fs::read_to_string(next["identity"].as_str().unwrap()).unwrap();
    assert!(text.contains(next["recipient"].as_str().unwrap()) && text.contains("AGE-SECRET-KEY"));
    assert!(bureau.join("recovery/recovery.age").exists(), "what was sealed before opens with the one before");
    assert!(!bureau.join("office/keys/branch").exists());
}

#[test]
fn a_code_is_confirmed_without_a_network_and_a_changed_one_is_not() {
    let place = tempfile::tempdir().unwrap();
    let bureau = place.path().join("bureau");
    assert!(init(&bureau).status.success());
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
    for verb in ["list", "show", "claim", "decide"] {
        assert_eq!(yimenctl(&["queue", verb, "--help"]).status.code(), Some(0), "{verb}");
    }
    assert_eq!(yimenctl(&["queue", "list"]).status.code(), Some(2), "no token");
    let place = tempfile::tempdir().unwrap();
    let token = place.path().join("token");
    std::fs::write(&token, "officer-1.x").unwrap();
    let closed = ["--json", "queue", "list", "--office", "http://127.0.0.1:1", "--token-file", path(&token)];
    let unreachable = yimenctl(&closed);
    assert_eq!(unreachable.status.code(), Some(3));
    assert_eq!(json(&unreachable)["exit_code"], 3);
}

/// Lines of JSON that `rule check` prints, and its exit code.
fn rule_check(arguments: &[&str], input: &str) -> (Vec<serde_json::Value>, Option<i32>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_yimenctl"))
        .args(["rule", "check"])
        .args(arguments)
        .args(["--on", "2026-11-22", "--json"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("yimenctl starts");
    std::io::Write::write_all(&mut child.stdin.take().expect("piped"), input.as_bytes()).expect("it reads its input");
    let output = child.wait_with_output().expect("it ends");
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    (lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect(), output.status.code())
}

#[test]
fn rule_check_gives_one_object_a_value() {
    let right = serde_json::json!({"ok": true, "code": null, "warnings": [], "value": "33028219991101997X"});
    assert_eq!(rule_check(&["resident-id", "33028219991101997x"], ""), (vec![right.clone()], Some(0)));
    let unknown =
        serde_json::json!({"ok": true, "code": null, "warnings": ["DIVISION"], "value": "330399200002299984"});
    let wrong = serde_json::json!({"ok": false, "code": "CHECKSUM", "warnings": [], "value": null});
    let lines = "33028219991101997x\n330399200002299984\n330304200002299980\n";
    assert_eq!(rule_check(&["resident-id", "-"], lines), (vec![right, unknown, wrong], Some(1)));
}

#[test]
fn catalogue_check_lists_every_finding_and_exits_with_one() {
    let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../services-catalog");
    let check = |folder: &std::path::Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yimenctl"));
        let output = command.args(["catalogue", "check", "--json"]).arg(folder).output().expect("yimenctl runs");
        let shown: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        (shown, output.status.code())
    };
    assert_eq!(check(&shipped).1, Some(0));
    let copy = tempfile::tempdir().expect("a folder");
    for (path, text) in ambient::read_tree(&shipped).expect("the catalogue") {
        let place = copy.path().join(&path);
        std::fs::create_dir_all(place.parent().expect("a folder")).expect("made");
        let text = text.replace("minutes = 8", "minuts = 8").replace("priority = 4", "priority = 40");
        std::fs::write(place, text).expect("written");
    }
    let (shown, code) = check(copy.path());
    assert_eq!(code, Some(1));
    let files: Vec<&str> =
        shown["findings"].as_array().expect("a list").iter().filter_map(|found| found["file"].as_str()).collect();
    assert!(files.contains(&"services/id-replace-lost/service.toml"), "{shown}");
    assert!(files.contains(&"services/no-criminal-record-self/service.toml"), "{shown}");
}

#[test]
fn volumes_say_base_delta_percent_and_rounding() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("counts.csv");
    // The figures as two stations published them: a count and how many more than the year before.
    std::fs::write(
        &file,
        "\u{feff}事项,办件量,同比增减\n自助办证,\"7,985\",2765\n无犯罪记录证明,2139,+1352\n新事项,12,12\n",
    )
    .unwrap();
    let told = yimenctl(&["--json", "report", "volume", "--counts", path(&file)]);
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let all = json(&told);
    let lines: Vec<String> = ["base", "delta", "percent"].iter().map(|name| all["rows"][0][name].to_string()).collect();
    assert_eq!(lines, ["5220", "2765", "52.97"]);
    assert_eq!((&all["rows"][1]["base"], &all["rows"][1]["percent"]), (&787.into(), &171.79.into()));
    assert_eq!(all["rows"][2]["percent"], serde_json::Value::Null);
    assert_eq!(all["total"]["count"], 7985 + 2139 + 12);
    assert!(all["rounding"].as_str().unwrap().contains("half away from zero"));

    let words = yimenctl(&["report", "volume", "--counts", path(&file)]);
    let words = String::from_utf8_lossy(&words.stdout).into_owned();
    assert!(words.contains("52.97 %") && words.contains("两位小数"), "{words}");
    let sheet = yimenctl(&["report", "volume", "--csv", "--counts", path(&file)]);
    assert!(String::from_utf8_lossy(&sheet.stdout).contains("自助办证,7985,5220,+2765,52.97 %"));

    std::fs::write(&file, "item,count,base\na,ten,3\nb,4,-1\n,5,5\n").unwrap();
    let refused = yimenctl(&["report", "volume", "--counts", path(&file)]);
    assert_eq!(refused.status.code(), Some(2));
    let words = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(["line 2", "line 3", "line 4"].iter().all(|line| words.contains(line)), "{words}");
}

/// An office that answers one request with this JSON; gives back what was asked.
fn office_once(answer: &'static str) -> (String, std::thread::JoinHandle<String>) {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut asked, mut piece) = (String::new(), [0; 4096]);
        let whole = |asked: &str| {
            let (head, body) = asked.split_once("\r\n\r\n")?;
            let length =
                head.to_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            Some(body.len() >= length.unwrap_or(0_usize))
        };
        while whole(&asked) != Some(true) {
            let count = stream.read(&mut piece).unwrap();
            assert!(count > 0);
            asked.push_str(&String::from_utf8_lossy(&piece[..count]));
        }
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
        write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n{answer}", answer.len()).unwrap();
        asked
    });
    (url, thread)
}

#[test]
fn volumes_come_from_the_office_and_a_certificate_is_revoked_there() {
    let place = tempfile::tempdir().unwrap();
    let token = place.path().join("token");
    std::fs::write(&token, "chief.secret\n").unwrap();
    let (url, asked) = office_once(
        r#"{"rows":[{"item":"自助办证","count":7985,"base":5220,"delta":2765,"percent":52.97}],"from":"2026-01-01",
            "until":"2026-06-30","base_from":"2025-01-01","base_until":"2025-06-30"}"#,
    );
    let reach = ["--office", &url, "--token-file", path(&token)];
    let mut all = vec!["--json", "report", "volume", "--from", "2026-01-01", "--until", "2026-06-30"];
    all.extend(reach);
    let told = yimenctl(&all);
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let asked = asked.join().unwrap();
    assert!(asked.starts_with("GET /v1/report/volume?from=2026-01-01&until=2026-06-30 "), "{asked}");
    assert!(asked.to_lowercase().contains("authorization: bearer chief.secret"), "{asked}");
    assert_eq!((&json(&told)["total"]["percent"], &json(&told)["base_from"]), (&52.97.into(), &"2025-01-01".into()));

    let (url, asked) = office_once(r#"{"number":"2026-000123","revoked_at":"2026-11-22T04:00:00Z"}"#);
    let reach = ["--office", &url, "--token-file", path(&token)];
    let mut all = vec!["certificate", "revoke", "2026-000123", "--reason", "误开"];
    all.extend(reach);
    let told = yimenctl(&all);
    assert!(String::from_utf8_lossy(&told.stdout).contains("Revoked 2026-000123"), "{told:?}");
    let asked = asked.join().unwrap();
    assert!(
        asked.starts_with("POST /v1/certificates/2026-000123/revoke ") && asked.contains(r#"{"reason":"误开"}"#),
        "{asked}"
    );
    assert_eq!(yimenctl(&["certificate", "revoke", "../x", "--reason", "x"]).status.code(), Some(2));
}
