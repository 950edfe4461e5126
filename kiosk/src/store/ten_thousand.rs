//! Ten thousand waiting submissions in a real folder: opened again, read and moved on quickly, and none is lost.
//! Invariant: the bounds are far above what a disk needs for it and far below what a walk for each item would take.

use super::*;
use domain::ids::{KioskId, ServiceId, StationId, SubmissionId};
use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use outbox::{Input, Moment, Outbox, Pace, State};
use std::time::{Duration, Instant};
use wire::digest::Digest;
use wire::manifest::{Chain, Manifest, Part, Role, SUITE, VERSION};
use wire::signature::Signed;

const MANY: u128 = 10_000;

fn id(number: u128) -> SubmissionId {
    SubmissionId(uuid::Uuid::from_u128(number + 1))
}

/// Rows and files as `seal` leaves them, without its fsyncs: those are ten thousand times what one costs.
fn fill(folder: &Path) {
    let store = Store::open(folder).unwrap();
    let key = SigningKey::from_bytes(&[1; 32]);
    let mut rows = Vec::new();
    for number in 0..MANY {
        let bytes = number.to_le_bytes();
        let sha256 = Digest::of(&bytes);
        std::fs::write(store.spool().path(&sha256), bytes).unwrap();
        let manifest = Manifest {
            v: VERSION,
            suite: SUITE.to_owned(),
            id: id(number),
            chain: Chain::first(id(number)),
            service: ServiceId::new("id-replace-lost"),
            form_version: 1,
            station: StationId::new("yunqiao"),
            kiosk: KioskId::new("yunqiao-1"),
            sealed_at: Timestamp::from_second(1_795_000_000).unwrap(),
            recipients: vec!["a".to_owned()],
            parts: vec![Part { role: Role::Attachment, sha256, size: 16, media_type: "image/jpeg".to_owned() }],
        };
        let signed = Signed::sign(&manifest, &key).unwrap();
        rows.push((id(number).to_string(), signed.digest().to_string(), serde_json::to_string(&signed).unwrap()));
    }
    store
        .writer
        .call(move |db| {
            let mut insert = db.prepare(
                "INSERT INTO items (id, state, digest, manifest, sealed_at) VALUES ($1, 'SEALED', $2, $3, '2026-11-18T00:00:00Z')",
            )?;
            for row in rows {
                insert.execute(row)?;
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn they_are_there_after_a_restart_and_each_step_stays_quick() {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path());
    let started = Instant::now();
    let store = Store::open(folder.path()).unwrap();
    let waiting = store.waiting().unwrap();
    let took = started.elapsed();
    assert!(took < Duration::from_secs(20), "opening ten thousand items took {took:?}");
    assert!(waiting.iter().map(|item| item.entry.id).eq((0..MANY).map(id)), "each of them, oldest first");
    assert!(waiting.iter().all(|item| store.spool().path(&item.files().unwrap()[0]).exists()), "no file was swept");
    let started = Instant::now();
    for number in [0, 5_000, 9_999] {
        store.persist(id(number), State::Sending, None, None).unwrap();
        store.persist(id(number), State::Acked, Some("receipt".to_owned()), None).unwrap();
        store.erase(id(number), Timestamp::from_second(1_795_000_001).unwrap()).unwrap();
        assert_eq!(store.find(id(number)).unwrap().unwrap().state, State::Tombstone);
    }
    let took = started.elapsed();
    assert!(took < Duration::from_secs(5), "sending three of them took {took:?} of disk work");
    let mut outbox = Outbox::new(SigningKey::from_bytes(&[2; 32]).verifying_key(), Pace::default());
    let started = Instant::now();
    let wall = Timestamp::from_second(1_795_000_100).unwrap();
    let entries = waiting.into_iter().map(|item| item.entry).collect();
    outbox.handle(Input::Restarted(entries), Moment { since_start: Duration::ZERO, wall }, [0; 4]);
    for millis in 0..10_000 {
        // What each turn of the uplink's loop asks.
        let now = Moment { since_start: Duration::from_millis(millis), wall };
        outbox.handle(Input::Tick, now, [0; 4]);
        assert_eq!((outbox.load(now).items, outbox.next_due()), (10_000, None));
    }
    let took = started.elapsed();
    assert!(took < Duration::from_secs(5), "ten thousand turns over ten thousand items took {took:?}");
    assert_eq!(store.waiting().unwrap().len(), 9_997);
    assert!(store.spool().free().unwrap() > 0);
}
