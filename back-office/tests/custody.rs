//! Keys lie apart from what they open: an office of before is taken over, and a lost custody is said at start.

use crate::bureau::{Bureau, Settings};
use crate::openings::{desk, fill, path};
use crate::parties::{CLEAN, Kiosk, REFER, certificate_payload};
use back_office::custody::keys::Keys;
use back_office::custody::split::{NewKey, Owner};
use back_office::store::{Store, StoreError};
use domain::ids::SubmissionId;
use rusqlite::{Connection, params};
use serde_json::json;
use std::path::PathBuf;
use wire::outcome::Outcome;
use wire::payload::Identified;

/// Columns with sealed bytes that an older office kept whole.
const COLUMNS: [(&str, &str); 5] = [
    ("opening", "sealed"),
    ("closed_view", "reason"),
    ("collection", "sealed_number"),
    ("collection", "sealed_tracking"),
    ("sealed_reason", "reason"),
];

fn header(keys: &Connection, part: &str) -> Vec<u8> {
    let sql = "SELECT header FROM submission_key WHERE part = ?1";
    keys.query_row(sql, [part], |row| row.get(0)).unwrap()
}

/// Writes header and payload together again, everywhere, and takes the custody away: the folder as it was before there was one.
fn as_before(bureau: &Bureau) -> usize {
    let (office, keys) = (bureau.database(), bureau.custody());
    let mut whole = 0;
    let parts: Vec<(String, Vec<u8>)> = office
        .prepare("SELECT sha256, bytes FROM submission_part")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for (part, payload) in parts {
        let bytes = [header(&keys, &part), payload].concat();
        let sql = "UPDATE submission_part SET bytes = ?1 WHERE sha256 = ?2";
        whole += office.execute(sql, params![bytes, part]).unwrap();
    }
    let joined = |kept: &[u8]| {
        let end = kept.iter().position(|byte| *byte == b'\n').unwrap();
        let part = std::str::from_utf8(&kept[..end]).unwrap().rsplit(' ').next().unwrap();
        [header(&keys, part), kept[end + 1..].to_vec()].concat()
    };
    for (table, column) in COLUMNS {
        let rows: Vec<(i64, Vec<u8>)> = office
            .prepare(&format!("SELECT rowid, {column} FROM {table} WHERE {column} IS NOT NULL"))
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for (row, kept) in rows {
            let sql = format!("UPDATE {table} SET {column} = ?1 WHERE rowid = ?2");
            whole += office.execute(&sql, params![joined(&kept), row]).unwrap();
        }
    }
    for (path, bytes) in bureau.data() {
        let name = path.file_name().unwrap().to_str().unwrap();
        if name.len() == 64 {
            std::fs::write(&path, [header(&keys, name), bytes].concat()).unwrap();
            whole += 1;
        } else if let Some(number) = name.strip_suffix(".kept") {
            std::fs::write(path.with_file_name(format!("{number}.pdf.age")), joined(&bytes)).unwrap();
            std::fs::remove_file(&path).unwrap();
            whole += 1;
        }
    }
    office.execute("DELETE FROM custody", []).unwrap();
    drop(keys);
    std::fs::remove_dir_all(bureau.folder.path().join("custody")).unwrap();
    whole
}

#[test]
fn an_office_of_before_is_taken_over_and_everything_opens_still() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let officer = desk(&bureau, &office, "officer-1");
    let (payload, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    let issued = kiosk.ready(&payload, &[&signature]);
    kiosk.send(&issued).unwrap();
    let Outcome::Issued { pdf, .. } = kiosk.outcome(issued.id).0 else { panic!("issued") };
    let (payload, signature) = certificate_payload(REFER, Identified::CardAndFace);
    let along = kiosk.ready(&payload, &[&signature]);
    kiosk.upload(&along.blobs[1]).unwrap();
    assert_eq!(kiosk.put_inline(&along).unwrap().status().as_u16(), 201);
    let case = officer.case_of(along.id);
    let (_, opening) = officer.post("/v1/openings", &json!({ "service": "id-replace-lost" }));
    let opening = fill(&officer, opening, "id-replace-lost");
    let (_, before) = officer.get(&path(&opening, ""));
    bureau.holds_no_key();
    office.stop();

    let whole = as_before(&bureau);
    assert!(whole >= 6, "two answers, two signatures, a paper, a draft, and its pages: {whole}");
    let held = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| bureau.holds_no_key()));
    assert!(held.is_err(), "an office of before holds headers everywhere");
    let uploads = bureau.folder.path().join("data/uploads");
    std::fs::create_dir_all(&uploads).unwrap();
    std::fs::write(uploads.join("begun"), "half").unwrap();

    let office = bureau.start();
    bureau.holds_no_key();
    assert!(!uploads.exists() && bureau.folder.path().join("custody/uploads/begun").exists());
    let (kiosk, officer) = (kiosk.at(&office), desk(&bureau, &office, "officer-1"));
    let Outcome::Issued { pdf: again, .. } = kiosk.outcome_now(issued.id) else { panic!("issued") };
    assert_eq!(again, pdf);
    let (status, detail) = officer.get(&format!("/v1/cases/{}", case["id"].as_str().unwrap()));
    assert_eq!(status, 200);
    assert!(detail.to_string().contains(REFER.0), "the answers open");
    assert_eq!(officer.get(&path(&opening, "")).1["form"], before["form"]);
    // Taken over once: the next start finds its own.
    office.stop();
    drop(bureau.start());
}

#[test]
fn a_takeover_that_was_interrupted_goes_on_at_the_next_start() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let (payload, signature) = certificate_payload(REFER, Identified::CardAndFace);
    let sent = kiosk.ready(&payload, &[&signature]);
    kiosk.send(&sent).unwrap();
    let officer = desk(&bureau, &office, "officer-1");
    let case = officer.case_of(sent.id)["id"].as_str().unwrap().to_owned();
    office.stop();
    let aside = bureau.folder.path().join("custody-half");
    let folder = bureau.folder.path().join("custody");
    assert!(std::process::Command::new("cp").arg("-r").arg(&folder).arg(&aside).status().unwrap().success());
    // Some headers were durable in custody, nothing was divided yet, and the database had named no custody.
    as_before(&bureau);
    std::fs::rename(&aside, &folder).unwrap();
    let sql = "DELETE FROM submission_key WHERE filed = 1";
    assert!(bureau.custody().execute(sql, []).unwrap() > 0 && keys_in(&bureau) > 0);
    let office = bureau.start();
    bureau.holds_no_key();
    let officer = desk(&bureau, &office, "officer-1");
    let (status, detail) = officer.get(&format!("/v1/cases/{case}"));
    assert!(status == 200 && detail.to_string().contains(REFER.0), "{detail}");
}

#[test]
fn a_lost_custody_is_said_at_start() {
    let bureau = Bureau::new(&Settings::default());
    drop(bureau.start());
    let (custody, aside): (PathBuf, PathBuf) =
        (bureau.folder.path().join("custody"), bureau.folder.path().join("custody-of-yesterday"));
    std::fs::rename(&custody, &aside).unwrap();
    let told = bureau.command().stderr(std::process::Stdio::piped()).output().unwrap();
    assert_eq!(told.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&told.stderr).contains("docs/disaster.md"), "{told:?}");
    std::fs::remove_dir_all(&custody).unwrap();
    std::fs::rename(&aside, &custody).unwrap();
    drop(bureau.start());
}

fn keys_in(bureau: &Bureau) -> i64 {
    bureau.custody().query_row("SELECT COUNT(*) FROM submission_key", [], |row| row.get(0)).unwrap()
}

/// Starts an office that must say no; gives its words.
fn refused(bureau: &Bureau) -> String {
    use std::io::Read as _;
    let mut told = bureau.command().stderr(std::process::Stdio::piped()).spawn().unwrap();
    let until = std::time::Instant::now() + crate::bureau::PATIENCE;
    let ports = bureau.folder.path().join("run/ports.json");
    let _ = std::fs::remove_file(&ports);
    let status = loop {
        if let Some(status) = told.try_wait().unwrap() {
            break status;
        }
        if ports.exists() || std::time::Instant::now() > until {
            told.kill().unwrap();
            told.wait().unwrap();
            panic!("it started");
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    assert_eq!(status.code(), Some(1));
    let mut words = String::new();
    told.stderr.take().unwrap().read_to_string(&mut words).unwrap();
    words
}

#[test]
fn a_lost_database_beside_a_custody_is_said_at_start_and_no_key_ends() {
    let bureau = Bureau::new(&Settings::default());
    let office = bureau.start();
    let kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let (payload, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
    kiosk.send(&kiosk.ready(&payload, &[&signature])).unwrap();
    office.stop();
    let before = keys_in(&bureau);
    bureau.custody().execute("UPDATE submission_key SET at = 0", []).unwrap();
    let (data, aside): (PathBuf, PathBuf) =
        (bureau.folder.path().join("data"), bureau.folder.path().join("data-of-before"));
    std::fs::rename(&data, &aside).unwrap();
    for _ in 0..2 {
        let words = refused(&bureau);
        assert!(words.contains("office.db") && words.contains("docs/disaster.md"), "{words}");
    }
    std::fs::remove_dir_all(&data).unwrap();
    std::fs::rename(&aside, &data).unwrap();
    drop(bureau.start());
    assert!(before > 0 && keys_in(&bureau) == before);
}

/// Files that the engine made for itself and that are open in this process: `#<number>` where the disk makes files without a
/// name, else `etilqs_…`. No folder shows them.
fn nameless_files() -> Vec<PathBuf> {
    let open = std::fs::read_dir("/proc/self/fd").unwrap().filter_map(Result::ok);
    let files = open.filter_map(|one| std::fs::read_link(one.path()).ok());
    let own = |name: &str| name.starts_with('#') || name.starts_with("etilqs_");
    files.filter(|file| file.file_name().is_some_and(|name| own(&name.to_string_lossy()))).collect()
}

#[test]
fn pages_of_database_and_custody_are_written_nowhere_else() {
    const ROWS: u8 = 200;
    let folder = tempfile::tempdir().unwrap();
    let (_, keys) = back_office::custody::open(&folder.path().join("custody")).unwrap();
    let store = Store::open(&folder.path().join("office.db"), keys, |_, _| Ok(()), 1, 16).unwrap();
    let fill = |again: u8| {
        move |c: &Connection, keys: &mut Keys| {
            c.execute_batch("CREATE TEMP TABLE IF NOT EXISTS sorted (word TEXT)")?;
            for row in 0..ROWS {
                let words = "a case's words ".repeat(400);
                c.execute("INSERT OR REPLACE INTO note (id, words) VALUES (?1, ?2)", params![row, words])?;
                c.execute("INSERT INTO temp.sorted (word) VALUES (?1)", [words])?;
                let owner = Owner::from(SubmissionId(uuid::Uuid::from_u128(u128::from(row))));
                let part = wire::digest::Digest::of(&[row, again]);
                keys.put(&NewKey { owner, part, header: vec![again; 2000], filed: false })?;
            }
            Ok::<_, StoreError>(nameless_files())
        }
    };
    let table = "CREATE TABLE note (id INTEGER PRIMARY KEY, words TEXT)";
    store.write_keyed_blocking(move |c, _| Ok::<_, StoreError>(c.execute_batch(table)?)).unwrap();
    let before = nameless_files();
    for again in 0..2 {
        assert_eq!(store.write_keyed_blocking(fill(again)).unwrap(), before, "time {again}");
    }
}

#[test]
fn a_disk_that_is_full_within_a_group_leaves_no_row_without_its_header() {
    fn bring(row: u8) -> impl FnOnce(&Connection, &mut Keys) -> Result<(), StoreError> {
        move |c, keys| {
            c.execute_batch("PRAGMA max_page_count = 1000000")?;
            c.execute("INSERT INTO note (id, words) VALUES (?1, 'words')", [row])?;
            let part = wire::digest::Digest::of(&[row]);
            keys.put(&NewKey { owner: owner(row), part, header: vec![row], filed: false })
        }
    }
    fn owner(row: u8) -> Owner {
        Owner::from(SubmissionId(uuid::Uuid::from_u128(u128::from(row))))
    }
    let folder = tempfile::tempdir().unwrap();
    let (custody, keys) = back_office::custody::open(&folder.path().join("custody")).unwrap();
    let store = Store::open(&folder.path().join("office.db"), keys, |_, _| Ok(()), 1, 16).unwrap();
    let table = "CREATE TABLE note (id INTEGER PRIMARY KEY, words TEXT)";
    store.write_keyed_blocking(move |c, _| Ok::<_, StoreError>(c.execute_batch(table)?)).unwrap();
    // While one job holds the writer up, the others gather behind it, in its group.
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let (runs, running) = std::sync::mpsc::channel::<()>();
    let holding = {
        let store = store.clone();
        std::thread::spawn(move || {
            store.write_keyed_blocking(move |_, _| {
                runs.send(()).unwrap();
                wait.recv().unwrap();
                Ok::<_, StoreError>(())
            })
        })
    };
    running.recv().unwrap();
    let full = |c: &Connection, _: &mut Keys| {
        c.execute_batch("PRAGMA max_page_count = 1")?;
        Ok::<_, StoreError>(c.execute("INSERT INTO note (id, words) VALUES (2, zeroblob(900000))", [])?)
    };
    let (first, second, third, ()) = tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
        tokio::join!(store.write_keyed(bring(1)), store.write_keyed(full), store.write_keyed(bring(3)), async {
            go.send(()).unwrap()
        })
    });
    assert!(holding.join().unwrap().is_err(), "what was in a group with it is told");
    assert!(first.is_err(), "{first:?}");
    assert!(matches!(second, Err(StoreError::DiskFull)), "who met the full disk is told of it: {second:?}");
    let agree = |row: u8, told: &Result<(), StoreError>| {
        let kept = store.write_keyed_blocking(move |c, _| {
            Ok::<_, StoreError>(c.prepare("SELECT 1 FROM note WHERE id = ?1")?.exists([row])?)
        });
        let headers = custody.count(&[owner(row)]).unwrap();
        assert_eq!((kept.unwrap(), headers), (told.is_ok(), usize::from(told.is_ok())), "row {row}: {told:?}");
    };
    agree(1, &first);
    agree(3, &third);
    for row in [1, 3] {
        if [&first, &third][usize::from(row / 2)].is_err() {
            agree(row, &store.write_keyed_blocking(bring(row)));
        }
    }
}
