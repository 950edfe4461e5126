//! The end of cases, step by step, with a disk, a database and a custody of its own.

use super::*;
use crate::custody::keys::Keys;
use crate::custody::split::{NewKey, Owner, split};
use crate::store::cases::{self, Case, Place};
use crate::store::submission_parts;
use crate::store::submissions::{self, Submission};
use domain::case::Status;
use domain::ids::KioskId;
use std::path::Path;
use wire::digest::Digest;
use wire::envelope::Sealed;
use wire::manifest::{Chain, Manifest, Part, Role, SUITE, VERSION};
use wire::signature::Signed;

const DAYS: u32 = 100;

fn at(day: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * day)
}

fn places(folder: &Path) -> Places {
    let (custody, keys) = crate::custody::open(&folder.join("custody")).unwrap();
    let store = Store::open(&folder.join("office.db"), keys, |_, _| Ok(()), 1, 64).unwrap();
    let blobs = Blobs::divided(&folder.join("data"), custody.clone(), store.clone(), 10_000).unwrap();
    std::fs::create_dir_all(folder.join("issued")).unwrap();
    Places { store, custody, blobs, issued: folder.join("issued") }
}

fn sealed(plain: &[u8]) -> Sealed {
    let key = age::x25519::Identity::generate().to_public().to_string();
    wire::envelope::seal(plain, &[key]).unwrap()
}

/// A closed case with answers in the database and a page among the blobs.
async fn closed(places: &Places, number: u128) -> (CaseId, Digest) {
    let (id, submission) = (CaseId(uuid::Uuid::from_u128(number)), SubmissionId(uuid::Uuid::from_u128(1000 + number)));
    let (answers, page) = (sealed(b"answers"), sealed(b"page"));
    let part = |role, sealed: &Sealed| Part {
        role,
        sha256: sealed.sha256.clone(),
        size: sealed.bytes.len() as u64,
        media_type: "x/y".into(),
    };
    let manifest = Manifest {
        v: VERSION,
        suite: SUITE.to_owned(),
        id: submission,
        chain: Chain::first(submission),
        service: "x".into(),
        form_version: 1,
        station: "s".into(),
        kiosk: KioskId::new("k"),
        sealed_at: at(0),
        recipients: Vec::new(),
        parts: vec![part(Role::Answers, &answers), part(Role::Attachment, &page)],
    };
    let signed = Signed::sign(&manifest, &ed25519_dalek::SigningKey::from_bytes(&[7; 32])).unwrap();
    let stored = Submission {
        id: submission,
        kiosk: KioskId::new("k"),
        digest: signed.digest().to_string(),
        manifest: serde_json::to_string(&signed).unwrap(),
        receipt: "the receipt".into(),
        received_at: at(0),
    };
    let case = Case {
        id,
        submission,
        service: "x".into(),
        title: "x".into(),
        branch: "b".into(),
        station: "s".into(),
        place: Place::Closed,
        status: Status::Rejected,
        priority: 5,
        received_at: at(0),
        due_on: None,
        promised_on: None,
        statutory_on: None,
        supplement_by: None,
        code: Some("ACDEFGHJ".into()),
        last_four: Some("9988".into()),
        ticket: None,
        open: Vec::new(),
        holder: None,
        lease_until: None,
        claim_epoch: 1,
        version: 1,
        clock: Default::default(),
        second: None,
        sticky: None,
        tombstone: false,
    };
    places.blobs.keep(&page).unwrap();
    let digest = page.sha256.clone();
    places
        .store
        .write_keyed::<_, StoreError>(move |c, keys| {
            submissions::insert(c, &stored, &manifest)?;
            cases::insert(c, &case)?;
            crate::store::retention::closed(c, id, at(0))?;
            let (header, payload) = split(&answers.bytes);
            submission_parts::insert(c, submission, &answers.sha256, payload)?;
            for (sealed, header, filed) in [(&answers, header, false), (&page, split(&page.bytes).0, true)] {
                let (owner, part) = (submission.into(), sealed.sha256.clone());
                keys.put(&NewKey { owner, part, header: header.to_vec(), filed })?;
            }
            Ok(())
        })
        .await
        .unwrap();
    (id, digest)
}

async fn actions(places: &Places, case: CaseId) -> Vec<String> {
    let leaves = places.store.read::<_, StoreError>(move |c| audit::about(c, &format!("case:{case}"))).await;
    leaves.unwrap().into_iter().map(|leaf| leaf.action).collect()
}

async fn standing(places: &Places, case: CaseId) -> Standing {
    places.store.read::<_, StoreError>(move |c| retention::standing(c, case)).await.unwrap()
}

async fn permit(places: &Places, day: i64, confirmed: bool) -> Permit {
    let confirmed_on = confirmed.then(|| crate::office::china_day(at(day)));
    places.look(Rule { days: DAYS, most_per_day: 3, confirmed_on }, at(day)).await.unwrap()
}

async fn sweep(places: &Places, day: i64) -> usize {
    places.sweep(&permit(places, day, false).await).await.unwrap().len()
}

/// As on a day on which somebody has looked at the clock.
async fn sweep_on(places: &Places, day: i64) -> usize {
    places.sweep(&permit(places, day, true).await).await.unwrap().len()
}

async fn strays_on(places: &Places, day: i64) -> usize {
    places.sweep_strays(&permit(places, day, true).await).await.unwrap()
}

fn today() -> i64 {
    ambient::now().as_second() / (24 * 3600)
}

fn keys_of(places: &Places, owner: impl Into<Owner>) -> usize {
    places.custody.count(&[owner.into()]).unwrap()
}

fn submission_of(number: u128) -> SubmissionId {
    SubmissionId(uuid::Uuid::from_u128(1000 + number))
}

/// Every byte of a folder.
fn bytes_of(folder: &Path) -> Vec<u8> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: std::path::PathBuf| if path.is_dir() { bytes_of(&path) } else { std::fs::read(path).unwrap() };
    entries.flat_map(read).collect()
}

fn holds(folder: &Path, words: &str) -> bool {
    bytes_of(folder).windows(words.len()).any(|window| window == words.as_bytes())
}

async fn put(places: &Places, owner: impl Into<Owner>, sealed: &Sealed, filed: bool) {
    let (owner, part, header) = (owner.into(), sealed.sha256.clone(), split(&sealed.bytes).0.to_vec());
    let key = NewKey { owner, part, header, filed };
    places.store.write_keyed::<_, StoreError>(move |_, keys| keys.put(&key)).await.unwrap();
}

async fn sql(places: &Places, statement: &'static str) -> usize {
    places.store.write::<_, StoreError>(move |c| Ok(c.execute(statement, [])?)).await.unwrap()
}

#[tokio::test]
async fn a_clock_that_jumped_erases_nothing_until_somebody_has_looked() {
    let folder = tempfile::tempdir().unwrap();
    let places = places(folder.path());
    let (case, page) = closed(&places, 1).await;
    assert_eq!(sweep_on(&places, 50).await, 0, "its time is not over");
    assert_eq!(sweep(&places, 50 + 1100).await, 0, "three years ahead");
    assert_eq!(sweep(&places, 51).await, 0, "and right again");
    assert_eq!((standing(&places, case).await, keys_of(&places, submission_of(1))), (Standing::Kept, 2));
    assert!(places.blobs.size(&page).unwrap().is_some());
    assert_eq!(sweep_on(&places, 1150).await, 1, "somebody has looked");
}

#[tokio::test]
async fn no_more_than_the_rule_allows_end_within_a_day() {
    let folder = tempfile::tempdir().unwrap();
    let places = places(folder.path());
    for number in 1..=5 {
        closed(&places, number).await;
    }
    let ended = [sweep_on(&places, 200).await, sweep_on(&places, 200).await, sweep_on(&places, 202).await];
    assert_eq!(ended, [3, 0, 2]);
}

#[tokio::test]
async fn an_older_or_an_empty_database_ends_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let places = places(folder.path());
    let day = today();
    closed(&places, 1).await;
    for number in 0..30 {
        // Taken in after the backup of the database that is here now.
        put(&places, submission_of(100 + number), &sealed(b"answers"), false).await;
    }
    for later in [8, 9, 16, 17, 30] {
        assert_eq!(strays_on(&places, day + later).await, 0, "thirty unknown ones of thirty-one are no strays");
    }
    assert_eq!(keys_of(&places, submission_of(115)), 1);
    let told = places.store.read::<_, StoreError>(|c| audit::about(c, "custody")).await.unwrap();
    assert_eq!((told.len(), told[0].action.as_str(), &told[0].details["unknown"]), (5, "strays-kept", &30.into()));
    // What is still missing when a newer one is put back waits its week from then on.
    let some = (100..128).map(submission_of).collect::<Vec<_>>();
    let taken = move |c: &Connection| {
        some.iter().try_for_each(|id| {
            let sql = "INSERT INTO opening (id, code, service, branch, station, state, begun_at, touched_at, version)
                       VALUES ($1, 'c', 'x', 'b', 's', 'open', 0, 0, 1)";
            c.execute(sql, [id.to_string()]).map(drop)
        })?;
        Ok::<_, StoreError>(())
    };
    places.store.write(taken).await.unwrap();
    let gone =
        [strays_on(&places, day + 31).await, strays_on(&places, day + 36).await, strays_on(&places, day + 38).await];
    assert_eq!(gone, [0, 0, 2]);
    assert_eq!(keys_of(&places, submission_of(115)), 1);
    let told = places.store.read::<_, StoreError>(|c| audit::about(c, "custody")).await.unwrap();
    let last = told.last().unwrap();
    let named: Vec<String> = [128, 129].map(|number| submission_of(number).to_string()).into();
    assert_eq!((last.action.as_str(), &last.details["owners"]), ("strays-ended", &serde_json::json!(named)));
}

#[tokio::test]
async fn keys_of_the_unknown_are_named_in_a_leaf_before_they_go() {
    let folder = tempfile::tempdir().unwrap();
    let places = places(folder.path());
    let day = today();
    put(&places, submission_of(100), &sealed(b"answers"), false).await;
    assert_eq!(strays_on(&places, day).await, 0);
    // Custody commits, and then the database cannot, as in a crash between the two.
    for statement in [
        "CREATE TABLE whole (id INTEGER PRIMARY KEY)",
        "CREATE TABLE wanting (id REFERENCES whole (id) DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TRIGGER torn AFTER INSERT ON audit WHEN instr(NEW.leaf, 'strays-ended') > 0
             BEGIN INSERT INTO wanting (id) VALUES (1); END",
    ] {
        sql(&places, statement).await;
    }
    let torn = places.sweep_strays(&permit(&places, day + 8, true).await).await;
    assert!(torn.is_err(), "{torn:?}");
    assert_eq!(keys_of(&places, submission_of(100)), 0, "custody was first");
    let told = places.store.read::<_, StoreError>(|c| audit::about(c, "custody")).await.unwrap();
    let named = serde_json::json!([submission_of(100).to_string()]);
    let told: Vec<_> = told.iter().map(|leaf| (leaf.action.as_str(), &leaf.details["owners"])).collect();
    assert_eq!(told, [("strays-ending", &named)]);
}

#[tokio::test]
async fn what_was_erased_is_owed_to_the_log_until_it_was_emptied() {
    let folder = tempfile::tempdir().unwrap();
    let places = places(folder.path());
    let (case, _) = closed(&places, 1).await;
    places.settle().await.unwrap();
    assert!(!places.is_unsettled());
    places.begin(case, 100, ambient::now()).await.unwrap();
    places.end_keys(&[case]).await.unwrap();
    places.finish(case, ambient::now()).await.unwrap();
    assert!(places.is_unsettled(), "its words may be in the database's log");
    places.settle().await.unwrap();
    assert!(!places.is_unsettled());
}

#[tokio::test]
async fn what_a_backup_of_custody_brings_back_of_an_ended_case_or_opening_goes_again() {
    let folder = tempfile::tempdir().unwrap();
    let places = places(folder.path());
    let (case, _) = closed(&places, 1).await;
    let opening = crate::store::openings::OpeningId(uuid::Uuid::from_u128(77));
    sql(
        &places,
        "INSERT INTO opening (id, code, service, branch, station, state, begun_at, touched_at, version)
         VALUES ('00000000-0000-0000-0000-00000000004d', 'c', 'x', 'b', 's', 'lapsed', 0, 0, 1)",
    )
    .await;
    assert_eq!(sweep_on(&places, 200).await, 1);
    for owner in [Owner::from(case), submission_of(1).into(), opening.into()] {
        put(&places, owner, &sealed(b"from the backup"), false).await;
    }
    assert_eq!(strays_on(&places, today() + 8).await, 3);
    for owner in [Owner::from(case), submission_of(1).into(), opening.into()] {
        assert_eq!(keys_of(&places, owner), 0);
    }
}

#[tokio::test]
async fn a_header_that_a_crash_kept_from_going_with_its_content_goes() {
    let folder = tempfile::tempdir().unwrap();
    let places = places(folder.path());
    closed(&places, 1).await;
    sql(
        &places,
        "INSERT INTO opening (id, code, service, branch, station, state, begun_at, touched_at, version, case_id)
         VALUES ('00000000-0000-0000-0000-00000000004d', 'c', 'x', 'b', 's', 'submitted', 0, 0, 1,
             '00000000-0000-0000-0000-000000000001')",
    )
    .await;
    let opening = crate::store::openings::OpeningId(uuid::Uuid::from_u128(77));
    // The commit that emptied the column was durable, and then the power went.
    put(&places, opening, &sealed(b"the draft"), false).await;
    put(&places, opening, &sealed(b"a page of the case"), true).await;
    assert_eq!(strays_on(&places, today() + 8).await, 1);
    assert_eq!(keys_of(&places, opening), 1, "the page stays with its case");
}

#[tokio::test]
async fn a_case_that_cannot_go_keeps_no_other_from_going() {
    let folder = tempfile::tempdir().unwrap();
    let places = places(folder.path());
    let (damaged, _) = closed(&places, 1).await;
    let (other, _) = closed(&places, 2).await;
    let spoil = "UPDATE submission SET manifest = 'spoilt' WHERE id = '00000000-0000-0000-0000-0000000003e9'";
    assert_eq!(sql(&places, spoil).await, 1);
    assert_eq!(sweep_on(&places, 200).await, 1);
    assert_eq!((standing(&places, damaged).await, standing(&places, other).await), (Standing::Kept, Standing::Erased));
}

#[tokio::test]
async fn words_of_a_case_are_in_no_page_and_in_no_log_after_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let places = places(folder.path());
    let (_, _) = closed(&places, 1).await;
    sql(
        &places,
        "INSERT INTO decision (case_id, seq, at, officer, decision, status, note)
         VALUES ('00000000-0000-0000-0000-000000000001', 2, 0, 'o', '{\"decision\":\"reject\",\"reason\":\"words of an officer\"}',
             'rejected', 'a note of an officer')",
    )
    .await;
    let words = ["ACDEFGHJ", "words of an officer", "a note of an officer"];
    assert_eq!(words.map(|words| holds(folder.path(), words)), [true; 3]);
    assert_eq!(sweep_on(&places, 200).await, 1);
    assert_eq!(words.map(|words| holds(folder.path(), words)), [false; 3]);
}

#[tokio::test]
async fn a_crash_between_any_two_steps_only_delays_the_end() {
    for steps in 0..=4 {
        let folder = tempfile::tempdir().unwrap();
        let first = places(folder.path());
        let (case, page) = closed(&first, 1).await;
        let (kept, other) = closed(&first, 2).await;
        first.store.write::<_, StoreError>(move |c| retention::hold(c, kept, true)).await.unwrap();
        if steps >= 1 {
            first.begin(case, DAYS, at(200)).await.unwrap();
        }
        if steps >= 2 {
            // The keys went, and then the power, before the log was emptied.
            let forget = move |c: &Connection, keys: &mut Keys| keys.forget_owners(&retention::estate(c, case)?.owners);
            assert_eq!(first.store.write_keyed::<_, StoreError>(forget).await.unwrap(), 2);
        }
        if steps >= 3 {
            first.end_keys(&[case]).await.unwrap();
        }
        if steps >= 4 {
            first.blobs.erase(&page).unwrap();
        }
        drop(first);
        let second = places(folder.path());
        assert_eq!(sweep_on(&second, 201).await, 1, "after {steps} steps");
        assert_eq!(standing(&second, case).await, Standing::Erased);
        assert_eq!(actions(&second, case).await, ["erasing", "erased"], "after {steps} steps: each once");
        assert!(second.blobs.payload(&page).is_err());
        assert_eq!((standing(&second, kept).await, actions(&second, kept).await.len()), (Standing::Held, 0));
        assert!(second.blobs.size(&other).unwrap().is_some(), "the held one is whole");
        assert_eq!(sweep_on(&second, 202).await, 0);
    }
}

#[tokio::test]
async fn before_its_time_nothing_ends_and_keys_go_only_of_what_was_begun() {
    let folder = tempfile::tempdir().unwrap();
    let places = places(folder.path());
    let (case, page) = closed(&places, 1).await;
    assert_eq!(sweep_on(&places, 99).await, 0);
    places.end_keys(&[case]).await.unwrap();
    assert!(places.blobs.size(&page).unwrap().is_some(), "it was never begun");
    assert!(places.finish(case, at(99)).await.is_err(), "while a key is there nothing is finished");
    assert_eq!(sweep_on(&places, 100).await, 1);
}

#[tokio::test]
async fn what_waits_for_an_owner_too_long_goes_and_what_has_one_stays() {
    let folder = tempfile::tempdir().unwrap();
    let places = places(folder.path());
    let (_, page) = closed(&places, 1).await;
    let (loose, orphan) = (sealed(b"loose"), sealed(b"orphan"));
    places.blobs.keep(&loose).unwrap();
    let (part, header) = (loose.sha256.clone(), split(&loose.bytes).0.to_vec());
    let stranger = NewKey {
        owner: SubmissionId(uuid::Uuid::from_u128(9)).into(),
        part: orphan.sha256.clone(),
        header: split(&orphan.bytes).0.to_vec(),
        filed: false,
    };
    let put = move |_: &Connection, keys: &mut Keys| keys.put_loose(&part, &header).and_then(|()| keys.put(&stranger));
    places.store.write_keyed::<_, StoreError>(put).await.unwrap();
    let day = today();
    assert_eq!(strays_on(&places, day).await, 0, "a week has not passed");
    assert!(places.blobs.size(&loose.sha256).unwrap().is_some());
    let unsure = permit(&places, day + 800, false).await;
    assert_eq!(places.sweep_strays(&unsure).await.unwrap(), 0, "whatever a clock says that jumped");
    assert_eq!(strays_on(&places, day + 6).await, 0);
    assert_eq!(strays_on(&places, day + 8).await, 2);
    assert_eq!(strays_on(&places, day + 9).await, 0);
    assert!(places.blobs.payload(&loose.sha256).is_err());
    assert!(places.blobs.size(&page).unwrap().is_some());
}
