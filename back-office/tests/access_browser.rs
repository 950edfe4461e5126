//! Officers' own access in Debian's Chromium, with a real OpenID Connect provider: the program of `web/tests/access`.
//! Needs the built workbench (`scripts/web`), as `make test` has it.

use crate::bureau::{Bureau, Settings};
use crate::parties::{CLEAN, Kiosk, Officer, payload};
use domain::answers::Answers;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use wire::payload::Identified;

const GRANT: (&str, &str, &str) = ("officer", "household", "yunqiao");

#[test]
fn passkeys_proofs_codes_and_the_provider_hold_in_a_browser() {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("web");
    assert!(web.join("dist/index.html").exists(), "run scripts/web first");
    let pictures = tempfile::tempdir().unwrap();
    let mut program = Command::new(web.join("node_modules/.bin/vite-node"))
        .arg("tests/access/main.ts")
        .current_dir(&web)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let first: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();

    let bureau = Bureau::new(&Settings { workbench: "prove_minutes = 0".into(), ..Settings::default() });
    let path = bureau.folder.path().join("office.toml");
    let text = std::fs::read_to_string(&path).unwrap().replace("[listen]\n", "[listen]\nofficers_tls = false\n");
    let oidc = format!(
        "[oidc]\nissuer = {}\nclient_id = \"yimen\"\nclient_secret_file = \"keys/oidc.secret\"\n",
        first["issuer"]
    );
    std::fs::write(&path, text + &oidc).unwrap();
    std::fs::write(bureau.folder.path().join("keys/oidc.secret"), "a secret of this office and its provider\n")
        .unwrap();
    let office = bureau.start();
    let password = "一句好记的话 031304";
    bureau.officer_with("officer-1", &[GRANT], Some((password, false)));
    bureau.officer_with("officer-2", &[GRANT], None);
    let file = bureau.folder.path().join("officers/officer-2.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("oidc_sub = \"police-4711\"\n{text}")).unwrap();

    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let handed_in = payload("id-replace-lost", CLEAN, Identified::CardAndFace, Answers::default());
    let ready = kiosk.ready(&handed_in, &[]);
    kiosk.send(&ready).unwrap();
    let seer = Officer::plain(&office, bureau.officer_with("officer-3", &[GRANT], None));
    let case = seer.case_of(ready.id);
    let told = json!({
        "workbench": format!("http://localhost:{}", office.ports.officers),
        "pictures": std::env::var("YIMEN_ACCESS_PICTURES").unwrap_or_else(|_| pictures.path().display().to_string()),
        "officer": { "id": "officer-1", "password": password },
        "subject": "police-4711",
        "case": { "code": case["code"] },
    });
    let mut to = program.stdin.take().unwrap();
    writeln!(to, "{told}").unwrap();
    let last = lines.map(Result::unwrap).last().unwrap_or_default();
    drop(to);
    let ended = program.wait().unwrap();
    assert!(ended.success(), "{ended} {last}");
    let result: Value = serde_json::from_str(&last).unwrap();
    assert_eq!((&result["failed"], &result["axe_serious"]), (&json!([]), &json!(0)), "{last}");
    assert!(result["access"].as_u64() >= Some(12), "{last}");

    let leaves = |action: &str| -> i64 {
        let sql = format!("SELECT COUNT(*) FROM audit WHERE leaf LIKE '%\"action\":\"{action}\"%'");
        bureau.database().query_row(&sql, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(["passkey-added", "passkey-copied", "second-factor-set"].map(leaves), [1, 1, 1]);
}
